//! What a refresh would change, and what of it is held back.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Key, Reading, Reject, RejectReason, Scope};
use crate::catalog::ModelId;
use crate::pricing::{Day, Offer, PriceQuery, Prices, Usd};

/// A price that a refresh would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it is for.
    pub key: Key,
    /// The public price known so far.
    pub from: Option<Usd>,
    /// The one read.
    pub to: Usd,
}

/// A refresh, before it is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// The file it was read from.
    pub offer: Offer,
    /// The day AWS published it.
    pub published: Day,
    /// What would change.
    pub changes: Vec<Change>,
    /// What is held back.
    pub rejects: Vec<Reject>,
    /// What may be taken.
    pub(super) prices: BTreeMap<Key, Usd>,
}

/// Compares what a file says with the prices known so far.
#[must_use]
pub fn review(reading: Reading, known: &Prices) -> Review {
    let mut review = Review {
        offer: reading.offer,
        published: reading.published,
        changes: Vec::new(),
        rejects: reading.rejects,
        prices: BTreeMap::new(),
    };
    for (key, price) in &reading.prices {
        let before = public_price(key, known);
        if let Some(reason) = doubt(key, *price, before, &reading.prices) {
            let name = format!("{} {} {}", key.model_id, key.region, key.meter.key());
            review.rejects.push(Reject { name, reason });
            continue;
        }
        if before != Some(*price) {
            review.changes.push(Change {
                key: key.clone(),
                from: before,
                to: *price,
            });
        }
        review.prices.insert(key.clone(), *price);
    }
    review
}

fn doubt(
    key: &Key,
    price: Usd,
    before: Option<Usd>,
    all: &BTreeMap<Key, Usd>,
) -> Option<RejectReason> {
    let regional = Key {
        scope: Scope::Regional,
        ..key.clone()
    };
    let short = Key {
        long_context: false,
        ..key.clone()
    };
    if all.get(&regional).is_some_and(|regional| price > *regional) {
        return Some(RejectReason::GlobalAboveRegional);
    }
    if all.get(&short).is_some_and(|short| price < *short) {
        return Some(RejectReason::LongBelowShort);
    }
    let from = before.filter(|from| moved_by_more_than_half(*from, price))?;
    Some(RejectReason::Moved { from, to: price })
}

fn moved_by_more_than_half(from: Usd, to: Usd) -> bool {
    let (from, to) = (from.amount(), to.amount());
    (to - from).abs() * Decimal::TWO > from
}

/// The public price known so far, without the account's own prices and discount. Long-context
/// prices are compared in the same file only: the threshold is not in it.
fn public_price(key: &Key, known: &Prices) -> Option<Usd> {
    if key.long_context {
        return None;
    }
    let id = match key.scope {
        Scope::Regional => ModelId::from(key.model_id.as_str()),
        Scope::Global => ModelId::from(format!("global.{}", key.model_id)),
    };
    let query = PriceQuery {
        tier: Some(key.tier),
        ..PriceQuery::on_demand(&id, &key.region)
    };
    known
        .public_price(key.meter, &query)
        .map(|price| price.amount)
}
