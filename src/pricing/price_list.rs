//! Prices refreshed from the public files AWS publishes them in.
//!
//! Reading is defensive: a row is taken by its exact, reviewed name, unit and tier, or not at all;
//! what looks wrong beside the prices already known is held back and listed. Fetching and caching
//! the files is not done here.

mod id_map;
mod reader;
mod review;
mod usagetype;

use std::collections::BTreeMap;
use std::fmt;

pub use reader::{ReadError, Reading, read};
pub use review::{Change, Review, review};
pub use usagetype::Scope;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Day, Meter, Offer, PriceOrigin, PriceQuery, PriceSource, Tier, UnitPrice, Usd};
use crate::catalog::Geography;

/// What one price is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Key {
    /// The foundation model.
    pub model_id: String,
    /// The region requests are sent to.
    pub region: String,
    /// Which requests it is for.
    pub scope: Scope,
    /// How they are served.
    pub tier: Tier,
    /// Whether it is for requests beyond the model's long-context threshold.
    pub long_context: bool,
    /// What it prices.
    pub meter: Meter,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}, {}, {}",
            self.model_id,
            self.region,
            self.meter.key()
        )?;
        if self.scope == Scope::Global {
            f.write_str(", global")?;
        }
        if self.tier != Tier::Standard {
            write!(f, ", {}", self.tier.as_str())?;
        }
        if self.long_context {
            f.write_str(", long context")?;
        }
        Ok(())
    }
}

/// Why a row is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RejectReason {
    /// Its unit is not known.
    #[error("its unit {0:?} is not known")]
    Unit(String),
    /// It names two tiers.
    #[error("it names two tiers")]
    Tiers,
    /// Another row has another price for the same.
    #[error("another row has another price for the same")]
    TwoPrices,
    /// It has several prices by volume, or none.
    #[error("it has not just one price")]
    Bands,
    /// Its price is no amount.
    #[error("its price is no amount of dollars")]
    Amount,
    /// It moved by more than half.
    #[error("it moved by more than half, from {from} to {to}")]
    Moved {
        /// The price known so far.
        from: Usd,
        /// The one read.
        to: Usd,
    },
    /// The global rate is above the regional one.
    #[error("the global rate is above the regional one")]
    GlobalAboveRegional,
    /// The long-context rate is below the short one.
    #[error("the long-context rate is below the short one")]
    LongBelowShort,
}

/// A row that is not taken; the price known so far stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The row, as the file names it.
    pub name: String,
    /// Why.
    pub reason: RejectReason,
}

/// A price file that was read, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PriceFile {
    /// Whose prices.
    pub offer: Offer,
    /// The region it is for.
    pub region: String,
    /// The day AWS published it.
    pub published: Day,
    /// The file's own version.
    pub version: String,
    /// The day it was fetched.
    pub fetched: Day,
    /// What the server calls this state of the file, to ask whether there is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// When the next of its prices begins to hold: the same file then says something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_terms: Option<Day>,
}

/// Refreshed prices: a plain value; the store keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct PriceList {
    files: Vec<PriceFile>,
    prices: BTreeMap<Key, (Usd, Offer, Day)>,
}

/// Refreshed prices, as the store keeps them.
#[derive(Default, Serialize, Deserialize)]
struct Stored {
    #[serde(default)]
    files: Vec<PriceFile>,
    prices: Vec<StoredPrice>,
}

/// One price, as the store keeps it.
#[derive(Serialize, Deserialize)]
struct StoredPrice {
    #[serde(flatten)]
    key: Key,
    usd: Decimal,
    offer: Offer,
    published: Day,
}

impl From<Stored> for PriceList {
    fn from(stored: Stored) -> Self {
        let prices = stored.prices.into_iter().map(|row| {
            let price = Usd::new(row.usd);
            (row.key, (price, row.offer, row.published))
        });
        Self {
            files: stored.files,
            prices: prices.collect(),
        }
    }
}

impl From<PriceList> for Stored {
    fn from(list: PriceList) -> Self {
        let rows = list.prices.into_iter();
        Self {
            files: list.files,
            prices: rows
                .map(|(key, (price, offer, published))| StoredPrice {
                    key,
                    usd: price.amount(),
                    offer,
                    published,
                })
                .collect(),
        }
    }
}

impl PriceList {
    /// Takes the prices a person has seen and accepted, and remembers the files they are from.
    pub fn accept(&mut self, review: Review, files: impl IntoIterator<Item = PriceFile>) {
        self.prices.extend(review.prices);
        for file in files {
            self.files
                .retain(|old| (old.offer, &old.region) != (file.offer, &file.region));
            self.files.push(file);
        }
    }

    /// The files that were read, in the order they were.
    #[must_use]
    pub fn files(&self) -> &[PriceFile] {
        &self.files
    }

    /// The file of an offer and a region that was read last.
    #[must_use]
    pub fn file(&self, offer: Offer, region: &str) -> Option<&PriceFile> {
        self.files
            .iter()
            .find(|file| file.offer == offer && file.region == region)
    }

    /// Every price, with its offer and the day it was published.
    pub fn iter(&self) -> impl Iterator<Item = (&Key, Usd, Offer, Day)> {
        self.prices
            .iter()
            .map(|(key, (price, offer, published))| (key, *price, *offer, *published))
    }

    /// How many prices there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.prices.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.prices.is_empty()
    }

    /// The price of a meter, for a request that has passed its model's long-context threshold or
    /// not.
    pub(super) fn unit_price(
        &self,
        meter: Meter,
        query: &PriceQuery<'_>,
        long_context: bool,
    ) -> Option<UnitPrice> {
        let is_global = query.model_id.geography() == Some(Geography::Global);
        let key = Key {
            model_id: query.model_id.foundation_model_id().to_owned(),
            region: query.region.to_owned(),
            scope: reader::scope_of(is_global),
            tier: query.tier?,
            long_context,
            meter,
        };
        let (amount, offer, published) = *self.prices.get(&key)?;
        Some(UnitPrice {
            amount,
            per: meter.per(),
            source: PriceSource {
                origin: PriceOrigin::PriceList { offer, published },
                discount_percent: None,
            },
        })
    }
}
