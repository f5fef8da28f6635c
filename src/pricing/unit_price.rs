//! Looking up what one token costs.

use std::fmt;

use super::table::{self, TokenPrices};
use super::{Meter, Usd};
use crate::catalog::{Geography, ModelId};
use crate::chat::{Latency, ServiceTier};

/// Token prices are given for this many.
const MILLION: u64 = 1_000_000;

/// The regions the dataset's plain rows speak of; for the US they are the same (pricing pages of
/// both name one price).
const LIST_REGIONS: [&str; 2] = ["us-east-1", "us-west-2"];

/// What is paid for how a request is served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tier {
    /// On demand.
    #[default]
    Standard,
    /// In a batch job.
    Batch,
    /// Cheaper, when there is room.
    Flex,
    /// Dearer, before others.
    Priority,
    /// Latency-optimised.
    LatencyOptimized,
    /// The fastest some models offer.
    Ultrafast,
}

impl Tier {
    /// The tier that bills what a response says served it; `None` for bought capacity, which is
    /// paid by the hour and not by the token.
    #[must_use]
    pub fn served_by(tier: Option<ServiceTier>, latency: Option<Latency>) -> Option<Self> {
        match (tier, latency) {
            (Some(ServiceTier::Reserved), _) => None,
            (Some(ServiceTier::Priority), _) => Some(Self::Priority),
            (Some(ServiceTier::Flex), _) => Some(Self::Flex),
            (_, Some(Latency::Optimized)) => Some(Self::LatencyOptimized),
            (Some(ServiceTier::Default) | None, _) => Some(Self::Standard),
        }
    }
}

/// What a price depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceQuery<'a> {
    /// The id a request is sent with.
    pub model_id: &'a ModelId,
    /// The region it is sent to.
    pub region: &'a str,
    /// How it is served; `None` when it is not paid by the token.
    pub tier: Option<Tier>,
    /// Input tokens of the request, cached ones counted in: long contexts cost more.
    pub context_tokens: u64,
}

impl<'a> PriceQuery<'a> {
    /// A short request on demand.
    #[must_use]
    pub fn on_demand(model_id: &'a ModelId, region: &'a str) -> Self {
        Self {
            model_id,
            region,
            tier: Some(Tier::Standard),
            context_tokens: 0,
        }
    }
}

/// Where a unit price comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceSource {
    /// The day of the bundled table.
    as_of: &'static str,
    /// Where the table's row was read, and how old that is.
    pub origin: &'static str,
    /// When the origin was read.
    pub origin_as_of: &'static str,
    /// Whether the row speaks of another region than the one asked for.
    pub other_region: bool,
    /// Why the row deserves doubt.
    pub caveat: Option<&'static str>,
}

impl fmt::Display for PriceSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bundled {}", self.as_of)?;
        if self.other_region {
            f.write_str(", us-east-1 rate")?;
        }
        Ok(())
    }
}

/// What a number of things costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitPrice {
    /// The price.
    pub amount: Usd,
    /// For how many.
    pub per: u64,
    /// Where it comes from.
    pub source: PriceSource,
}

/// The price of a meter; `None` when no source has one.
///
/// An inference profile with a price of its own has that one; any other costs what its model costs
/// in the region the request comes from. A row for the region wins over the plain row.
#[must_use]
pub fn unit_price(meter: Meter, query: &PriceQuery<'_>) -> Option<UnitPrice> {
    let tier = query.tier?;
    let own = query.model_id.resource_id();
    let base = query.model_id.foundation_model_id();
    let has_own = own != base && !table::rows(own).is_empty();
    let rows = table::rows(if has_own { own } else { base });
    let fits = |row: &&TokenPrices| row.tier == tier;
    let regional: Vec<_> = rows
        .iter()
        .filter(fits)
        .filter(|row| row.region == Some(query.region))
        .collect();
    let plain: Vec<_> = rows
        .iter()
        .filter(fits)
        .filter(|row| row.region.is_none())
        .collect();
    let candidates = if regional.is_empty() {
        &plain
    } else {
        &regional
    };
    let row = for_context(candidates, query.context_tokens)?;
    let (_, amount, source) = row.per_million.iter().find(|(of, ..)| *of == meter)?;
    let origin = table::source(source)?;
    Some(UnitPrice {
        amount: Usd::new(*amount),
        per: MILLION,
        source: PriceSource {
            as_of: table::AS_OF,
            origin: origin.what,
            origin_as_of: origin.as_of,
            other_region: row.region.is_none() && !has_own && !is_list_region(query),
            caveat: row.caveat,
        },
    })
}

/// Plain rows hold for the US, and for what is billed alike everywhere.
fn is_list_region(query: &PriceQuery<'_>) -> bool {
    LIST_REGIONS.contains(&query.region)
        || matches!(
            query.model_id.geography(),
            Some(Geography::UnitedStates | Geography::Global)
        )
}

/// The row with the highest threshold that the request passes; the whole request is billed by it.
fn for_context<'a>(rows: &[&'a TokenPrices], tokens: u64) -> Option<&'a TokenPrices> {
    rows.iter()
        .filter(|row| row.above_input_tokens.is_none_or(|above| tokens > above))
        .max_by_key(|row| row.above_input_tokens)
        .copied()
}
