//! The bundled prices: compiled from `assets/models.json`, and looked up here.

use rust_decimal::Decimal;

use super::{
    GuardrailPolicy, ImageQuality, Meter, PixelSize, PriceOrigin, PriceQuery, PriceSource, Tier,
    UnitPrice, Usd,
};
use crate::catalog::{Geography, ModelId, facts};

/// Where a row of the dataset was read.
#[derive(Debug)]
struct DatasetSource {
    what: &'static str,
    as_of: &'static str,
}

/// Prices of one id for a million tokens.
#[derive(Debug)]
struct TokenPrices {
    id: &'static str,
    /// `None`: us-east-1, or the geography of a profile.
    region: Option<&'static str>,
    tier: Tier,
    /// For requests with more input tokens than this, cached ones counted in.
    above_input_tokens: Option<u64>,
    caveat: Option<&'static str>,
    /// Meter, price, short name of the source.
    per_million: &'static [(Meter, Decimal, &'static str)],
}

/// What [`UnitPriceRow`] counts: a meter without its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Image,
    VideoSecond,
    Search,
    InputImage,
    InputVideoSecond,
    InputAudioSecond,
}

/// The price of one image, second or search.
#[derive(Debug)]
struct UnitPriceRow {
    id: &'static str,
    unit: Unit,
    /// Largest width and height; `None` for every size.
    up_to: Option<(u32, u32)>,
    /// `None` for every quality.
    quality: Option<ImageQuality>,
    usd: Decimal,
    source: &'static str,
}

/// The regions the dataset's plain rows speak of; for these two, pricing pages name one price.
const LIST_REGIONS: [&str; 2] = ["us-east-1", "us-west-2"];

/// The price of a meter; `None` when no source has one.
pub(super) fn unit_price(meter: Meter, query: &PriceQuery<'_>) -> Option<UnitPrice> {
    match meter {
        Meter::GuardrailUnit(policy) => guardrail_price(policy, query),
        _ if meter.counts_tokens() => token_price(meter, query),
        _ => row_price(meter, query),
    }
}

/// The threshold a request has passed, where its model has long-context rates.
pub(super) fn passed_threshold(query: &PriceQuery<'_>) -> Option<u64> {
    let own = rows(query.model_id.resource_id());
    let base = rows(query.model_id.foundation_model_id());
    own.iter()
        .chain(base)
        .filter_map(|row| row.above_input_tokens)
        .filter(|above| query.context_tokens > *above)
        .max()
}

/// The fewest input tokens beyond which any model has long-context rates.
pub(super) fn lowest_threshold() -> Option<u64> {
    TOKEN_PRICES
        .iter()
        .filter_map(|row| row.above_input_tokens)
        .min()
}

/// A profile with rows of its own has those prices. One that is seen to cost what its model costs
/// does so; so does one that keeps to a geography, since the region a request comes from sets the
/// price. Nothing follows for a global profile, whose rate is apart.
fn token_price(meter: Meter, query: &PriceQuery<'_>) -> Option<UnitPrice> {
    let tier = query.tier?;
    let own = query.model_id.resource_id();
    let base = query.model_id.foundation_model_id();
    let geography = query.model_id.geography();
    let own_rows = if own == base { &[] } else { rows(own) };
    let above = passed_threshold(query);
    let find = |rows: &'static [TokenPrices], region: Option<&str>| {
        rows.iter()
            .find(|row| row.tier == tier && row.region == region && row.above_input_tokens == above)
    };
    let (row, geography_rate) = if own_rows.is_empty() {
        (base_row(query, base, find)?, None)
    } else if let Some(row) = find(own_rows, Some(query.region)) {
        (row, None)
    } else {
        let one_rate =
            geography.filter(|of| !matches!(of, Geography::Global | Geography::UnitedStates));
        (find(own_rows, None)?, one_rate)
    };
    let (_, amount, source) = row.per_million.iter().find(|(of, ..)| *of == meter)?;
    priced(*amount, meter, source, row.caveat, geography_rate)
}

/// The row of the model itself that holds for a request with its id or a profile's.
fn base_row(
    query: &PriceQuery<'_>,
    base: &str,
    find: impl Fn(&'static [TokenPrices], Option<&str>) -> Option<&'static TokenPrices>,
) -> Option<&'static TokenPrices> {
    let all = rows(base);
    let own = query.model_id.resource_id();
    let as_model = own == base || is_priced_as_model(own);
    if query.model_id.geography() == Some(Geography::Global) {
        return if as_model { find(all, None) } else { None };
    }
    if let Some(row) = find(all, Some(query.region)) {
        return Some(row);
    }
    let listed = LIST_REGIONS.contains(&query.region);
    let has_rates_of_its_own = all.iter().any(|row| row.region == Some(query.region));
    let holds = listed
        || (!has_rates_of_its_own
            && ((own != base && as_model) || costs_as_listed(base, query.region)));
    if holds { find(all, None) } else { None }
}

/// Whether a source gives a profile that serves this region the price the model is listed with: a
/// geography's profile costs what its source Region costs.
fn costs_as_listed(base: &str, region: &str) -> bool {
    facts(&ModelId::from(base)).is_some_and(|facts| {
        facts.profiles.iter().any(|profile| {
            ModelId::from(profile.id).geography() != Some(Geography::Global)
                && profile.source_regions.contains(&region)
                && is_priced_as_model(profile.id)
        })
    })
}

fn is_priced_as_model(profile: &str) -> bool {
    PRICED_AS_MODEL.binary_search(&profile).is_ok()
}

/// The rows of an id, or of the id whose price list it shares.
fn rows(id: &str) -> &'static [TokenPrices] {
    let id = PRICED_AS
        .iter()
        .find(|(from, _)| *from == id)
        .map_or(id, |(_, to)| *to);
    let start = TOKEN_PRICES.partition_point(|row| row.id < id);
    let end = TOKEN_PRICES.partition_point(|row| row.id <= id);
    &TOKEN_PRICES[start..end]
}

fn guardrail_price(policy: GuardrailPolicy, query: &PriceQuery<'_>) -> Option<UnitPrice> {
    if !LIST_REGIONS.contains(&query.region) {
        return None;
    }
    let (_, amount, source) = GUARDRAIL_PRICES.iter().find(|(of, ..)| *of == policy)?;
    priced(*amount, Meter::GuardrailUnit(policy), source, None, None)
}

fn row_price(meter: Meter, query: &PriceQuery<'_>) -> Option<UnitPrice> {
    let base = query.model_id.foundation_model_id();
    let as_listed = LIST_REGIONS.contains(&query.region)
        && query.model_id.geography() != Some(Geography::Global);
    if query.tier != Some(Tier::Standard) || !as_listed {
        return None;
    }
    let (unit, size, quality) = match meter {
        Meter::Image { size, quality } => (Unit::Image, Some(size), Some(quality)),
        Meter::VideoSecond { size } => (Unit::VideoSecond, Some(size), None),
        Meter::SearchUnit => (Unit::Search, None, None),
        Meter::InputImage => (Unit::InputImage, None, None),
        Meter::InputVideoSecond => (Unit::InputVideoSecond, None, None),
        Meter::InputAudioSecond => (Unit::InputAudioSecond, None, None),
        _ => return None,
    };
    let rows = UNIT_PRICES.iter().filter(|row| {
        row.id == base
            && row.unit == unit
            && (row.quality.is_none() || quality.is_none() || row.quality == quality)
    });
    let row = for_size(rows, size)?;
    priced(row.usd, meter, row.source, None, None)
}

/// The smallest row a picture fits in. Price lists say "up to 1024 x 1024" and leave open whether
/// that means its sides or its area; where the two readings differ, the price is unknown.
fn for_size<'a>(
    rows: impl Iterator<Item = &'a UnitPriceRow>,
    size: Option<PixelSize>,
) -> Option<&'a UnitPriceRow> {
    let mut rows: Vec<_> = rows.collect();
    let area = |(width, height): (u32, u32)| u64::from(width) * u64::from(height);
    rows.sort_by_key(|row| row.up_to.map_or(u64::MAX, area));
    let Some(size) = size else {
        return rows.into_iter().find(|row| row.up_to.is_none());
    };
    let by_sides = rows.iter().position(|row| {
        row.up_to
            .is_none_or(|(width, height)| size.width <= width && size.height <= height)
    })?;
    let by_area = rows.iter().position(|row| {
        row.up_to
            .is_none_or(|limit| area((size.width, size.height)) <= area(limit))
    })?;
    (by_sides == by_area).then(|| rows[by_sides])
}

fn priced(
    amount: Decimal,
    meter: Meter,
    source: &str,
    caveat: Option<&'static str>,
    geography_rate: Option<Geography>,
) -> Option<UnitPrice> {
    let (_, source) = SOURCES.iter().find(|(short, _)| *short == source)?;
    Some(UnitPrice {
        amount: Usd::new(amount),
        per: meter.per(),
        source: PriceSource {
            origin: PriceOrigin::Bundled {
                as_of: AS_OF,
                read_from: source.what,
                read_on: source.as_of,
                caveat,
                geography_rate,
            },
            discount_percent: None,
        },
    })
}

include!(concat!(env!("OUT_DIR"), "/prices.rs"));
