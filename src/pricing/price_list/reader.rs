//! Reading a price file of AWS piece by piece: only rows that price calls are kept.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{BufReader, Read};

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};

use super::id_map::IdMap;
use super::usagetype::{self, Scope, UsageType};
use super::{Key, Reject, RejectReason};
use crate::pricing::{Day, Meter, Offer, Tier, Usd};

/// Why a price file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is cut short, or no price file.
    #[error("The price file cannot be read: {0}")]
    Format(#[from] serde_json::Error),
    /// It is another offer's file.
    #[error("The price file is of the offer {0:?}, which was not asked for")]
    OtherOffer(String),
    /// It says not when it was published.
    #[error("The price file does not say when it was published")]
    NoPublicationDate,
}

/// What a price file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The offer it is of.
    pub offer: Offer,
    /// The day AWS published it.
    pub published: Day,
    /// The file's own version.
    pub version: String,
    /// Its prices.
    pub prices: BTreeMap<Key, Usd>,
    /// Rows that price calls, but are not taken.
    pub rejects: Vec<Reject>,
    /// The first day after this one from which another price holds.
    pub next_terms: Option<Day>,
}

/// Reads the price file of one offer, as of a day. Rows for training, reserved capacity and
/// models the program has no reviewed name for are passed over.
///
/// # Errors
///
/// When it is no price file of this offer. Nothing of it should then be taken.
pub fn read(source: impl Read, offer: Offer, today: Day) -> Result<Reading, ReadError> {
    let mut file = File {
        offer,
        today,
        ids: IdMap::bundled()?,
        offer_code: String::new(),
        publication_date: String::new(),
        version: String::new(),
        rows: BTreeMap::new(),
        prices: BTreeMap::new(),
        rejects: Vec::new(),
        next_terms: None,
    };
    let mut json = serde_json::Deserializer::from_reader(BufReader::new(source));
    Whole(&mut file).deserialize(&mut json)?;
    json.end()?;
    if file.offer_code != offer.code() {
        return Err(ReadError::OtherOffer(file.offer_code));
    }
    let published = Day::parse(&file.publication_date).ok_or(ReadError::NoPublicationDate)?;
    let prices = file.prices.into_iter();
    Ok(Reading {
        offer,
        published,
        version: file.version,
        prices: prices
            .filter_map(|(key, price)| Some((key, price?)))
            .collect(),
        rejects: file.rejects,
        next_terms: file.next_terms,
    })
}

struct File {
    offer: Offer,
    today: Day,
    ids: IdMap,
    offer_code: String,
    publication_date: String,
    version: String,
    /// What each product prices, by its SKU.
    rows: BTreeMap<String, Row>,
    /// `None` where rows contradict each other.
    prices: BTreeMap<Key, Option<Usd>>,
    rejects: Vec<Reject>,
    next_terms: Option<Day>,
}

struct Row {
    key: Key,
    /// The usage type, for the list of rejects.
    name: String,
}

#[derive(Deserialize)]
struct Product {
    #[serde(default)]
    attributes: Attributes,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Attributes {
    #[serde(rename = "regionCode")]
    region_code: String,
    usagetype: String,
    servicename: String,
    model: String,
    feature: String,
    service_tier: String,
    #[serde(rename = "inferenceType")]
    inference_type: String,
    modality: String,
    batch: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Term {
    effective_date: String,
    #[serde(default)]
    price_dimensions: BTreeMap<String, Dimension>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dimension {
    unit: String,
    #[serde(default)]
    price_per_unit: BTreeMap<String, String>,
}

impl File {
    fn add_product(&mut self, sku: String, product: &Product) {
        let attributes = &product.attributes;
        let Some(usage) = usagetype::parse(self.offer, &attributes.usagetype) else {
            return;
        };
        let name = match self.offer {
            Offer::FoundationModels => &attributes.servicename,
            Offer::Bedrock | Offer::Service => &usage.segment,
        };
        let Some(model_id) = self.ids.id(self.offer, name).map(str::to_owned) else {
            return;
        };
        let name = format!("{name}: {}", attributes.usagetype);
        if !counts_text(attributes) {
            return;
        }
        match tier(&usage, attributes) {
            Some(tier) => {
                let key = Key {
                    model_id,
                    region: attributes.region_code.clone(),
                    scope: usage.scope,
                    tier,
                    long_context: usage.long_context,
                    meter: usage.meter,
                };
                self.rows.insert(sku, Row { key, name });
            }
            None => self.reject(name, RejectReason::Tiers),
        }
    }

    fn add_terms(&mut self, sku: &str, terms: &BTreeMap<String, Term>) {
        let Some(row) = self.rows.get(sku) else {
            return;
        };
        let by_day = || {
            let terms = terms.values();
            terms.filter_map(|term| Some((Day::parse(&term.effective_date)?, term)))
        };
        let to_come = by_day().map(|(day, _)| day).filter(|day| *day > self.today);
        self.next_terms = self.next_terms.into_iter().chain(to_come).min();
        let newest = by_day()
            .filter(|(day, _)| *day <= self.today)
            .max_by_key(|(day, _)| *day);
        let Some((_, term)) = newest else { return };
        let (key, name) = (row.key.clone(), row.name.clone());
        match price(self.offer, key.meter, term) {
            Ok(price) => {
                let known = self.prices.entry(key).or_insert(Some(price));
                if *known != Some(price) {
                    *known = None;
                    self.reject(name, RejectReason::TwoPrices);
                }
            }
            Err(reason) => self.reject(name, reason),
        }
    }

    fn reject(&mut self, name: String, reason: RejectReason) {
        self.rejects.push(Reject { name, reason });
    }
}

/// Rows for pixels and sound are quoted by the token too, under their model's name.
fn counts_text(attributes: &Attributes) -> bool {
    let other = ["image", "audio", "video", "speech"];
    [&attributes.inference_type, &attributes.modality]
        .iter()
        .map(|text| text.to_ascii_lowercase())
        .all(|text| other.iter().all(|word| !text.contains(word)))
}

/// The one tier a row names; `None` when it names two.
fn tier(usage: &UsageType, attributes: &Attributes) -> Option<Tier> {
    let batch = attributes
        .batch
        .eq_ignore_ascii_case("true")
        .then_some(Tier::Batch);
    let named = [
        usage.tier.filter(|tier| *tier != Tier::Standard),
        usagetype::tier_in(&attributes.service_tier),
        usagetype::tier_in(&attributes.inference_type),
        usagetype::tier_in(&attributes.feature),
        usagetype::tier_in(&attributes.model),
        batch,
    ];
    let mut tiers = named.into_iter().flatten();
    let first = tiers.next().unwrap_or_default();
    tiers.all(|tier| tier == first).then_some(first)
}

/// The price in dollars for what its meter is quoted for.
fn price(offer: Offer, meter: Meter, term: &Term) -> Result<Usd, RejectReason> {
    let mut dimensions = term.price_dimensions.values();
    let (Some(dimension), None) = (dimensions.next(), dimensions.next()) else {
        return Err(RejectReason::Bands);
    };
    let amount = dimension
        .price_per_unit
        .get("USD")
        .and_then(|text| text.parse::<Decimal>().ok())
        .filter(|amount| !amount.is_sign_negative())
        .ok_or(RejectReason::Amount)?;
    let factor = match (dimension.unit.as_str(), meter.counts_tokens()) {
        ("1K tokens", true) => 1_000,
        ("1M tokens", true) | ("Search Units", false) => 1,
        // AWS Marketplace's opaque unit: a million tokens, or one search.
        ("Units", _) if offer == Offer::FoundationModels => 1,
        (unit, _) => return Err(RejectReason::Unit(unit.to_owned())),
    };
    let amount = amount.checked_mul(Decimal::from(factor));
    amount
        .map(|amount| Usd::new(amount.normalize()))
        .ok_or(RejectReason::Amount)
}

/// The whole file.
struct Whole<'a>(&'a mut File);

impl<'de> DeserializeSeed<'de> for Whole<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a price file")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut has_products = false;
        while let Some(name) = members.next_key::<String>()? {
            match name.as_str() {
                "offerCode" => self.0.offer_code = members.next_value()?,
                "publicationDate" => self.0.publication_date = members.next_value()?,
                "version" => self.0.version = members.next_value()?,
                "products" => {
                    has_products = true;
                    members.next_value_seed(Entries(
                        |sku, product: Product| {
                            self.0.add_product(sku, &product);
                        },
                        std::marker::PhantomData,
                    ))?;
                }
                "terms" if has_products => members.next_value_seed(Terms(self.0))?,
                "terms" => return Err(A::Error::custom("its terms stand before its products")),
                _ => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// `{"OnDemand": {…}, "Reserved": {…}}`
struct Terms<'a>(&'a mut File);

impl<'de> DeserializeSeed<'de> for Terms<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Terms<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("terms by kind")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(kind) = members.next_key::<String>()? {
            if kind == "OnDemand" {
                members.next_value_seed(Entries(
                    |sku: String, terms| {
                        self.0.add_terms(&sku, &terms);
                    },
                    std::marker::PhantomData,
                ))?;
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// A map of which each entry is handed on and forgotten.
struct Entries<T, F: FnMut(String, T)>(F, std::marker::PhantomData<T>);

impl<'de, T: Deserialize<'de>, F: FnMut(String, T)> DeserializeSeed<'de> for Entries<T, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(String, T)> Visitor<'de> for Entries<T, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("entries by SKU")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        while let Some((sku, entry)) = members.next_entry()? {
            (self.0)(sku, entry);
        }
        Ok(())
    }
}

/// Which side of a geography a rate is on, for a request.
pub(super) fn scope_of(is_global: bool) -> Scope {
    if is_global {
        Scope::Global
    } else {
        Scope::Regional
    }
}
