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

/// Refreshed prices: a plain value; the store keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Stored>", into = "Vec<Stored>")]
pub struct PriceList {
    prices: BTreeMap<Key, (Usd, Offer, Day)>,
}

/// One price, as the store keeps it.
#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(flatten)]
    key: Key,
    usd: Decimal,
    offer: Offer,
    published: Day,
}

impl From<Vec<Stored>> for PriceList {
    fn from(rows: Vec<Stored>) -> Self {
        let prices = rows.into_iter().map(|row| {
            let price = Usd::new(row.usd);
            (row.key, (price, row.offer, row.published))
        });
        Self {
            prices: prices.collect(),
        }
    }
}

impl From<PriceList> for Vec<Stored> {
    fn from(list: PriceList) -> Self {
        let rows = list.prices.into_iter();
        rows.map(|(key, (price, offer, published))| Stored {
            key,
            usd: price.amount(),
            offer,
            published,
        })
        .collect()
    }
}

impl PriceList {
    /// Takes the prices a person has seen and accepted.
    pub fn accept(&mut self, review: Review) {
        for (key, price) in review.prices {
            self.prices
                .insert(key, (price, review.offer, review.published));
        }
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
