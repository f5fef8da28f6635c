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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// What would change.
    pub changes: Vec<Change>,
    /// What is held back.
    pub rejects: Vec<Reject>,
    /// What may be taken: the changes, and what AWS confirms.
    pub(super) prices: BTreeMap<Key, (Usd, Offer, Day)>,
}

impl Review {
    /// How many prices may be taken, those that stay what they are included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.prices.len()
    }

    /// Whether there is no price to take.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.prices.is_empty()
    }
}

/// Compares what files say with one another and with the prices known so far. One model's rates
/// stand in several offers, so all files of a region are looked at together.
#[must_use]
pub fn review(readings: impl IntoIterator<Item = Reading>, known: &Prices) -> Review {
    let mut review = Review::default();
    let read = merged(readings, &mut review.rejects);
    for (key, (price, offer, published)) in &read {
        let before = public_price(key, known);
        if let Some(reason) = doubt(key, *price, before, &read, known) {
            let name = key.to_string();
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
        review
            .prices
            .insert(key.clone(), (*price, *offer, *published));
    }
    review
}

type Read = BTreeMap<Key, (Usd, Offer, Day)>;

/// The prices of all files; where two files contradict each other, neither counts.
fn merged(readings: impl IntoIterator<Item = Reading>, rejects: &mut Vec<Reject>) -> Read {
    let mut read: BTreeMap<Key, Option<(Usd, Offer, Day)>> = BTreeMap::new();
    for reading in readings {
        rejects.extend(reading.rejects);
        for (key, price) in reading.prices {
            let row = (price, reading.offer, reading.published);
            let known = read.entry(key.clone()).or_insert(Some(row));
            if known.is_some_and(|(other, ..)| other != price) {
                *known = None;
                rejects.push(Reject {
                    name: key.to_string(),
                    reason: RejectReason::TwoPrices,
                });
            }
        }
    }
    read.into_iter()
        .filter_map(|(key, row)| Some((key, row?)))
        .collect()
}

fn doubt(
    key: &Key,
    price: Usd,
    before: Option<Usd>,
    read: &Read,
    known: &Prices,
) -> Option<RejectReason> {
    // Beside what stands in the files, else beside what was known.
    let beside = |key: &Key| {
        let fresh = read.get(key).map(|(price, ..)| *price);
        fresh.or_else(|| public_price(key, known))
    };
    let regional = Key {
        scope: Scope::Regional,
        ..key.clone()
    };
    let short = Key {
        long_context: false,
        ..key.clone()
    };
    if key.scope == Scope::Global && beside(&regional).is_some_and(|regional| price > regional) {
        return Some(RejectReason::GlobalAboveRegional);
    }
    if key.long_context && beside(&short).is_some_and(|short| price < short) {
        return Some(RejectReason::LongBelowShort);
    }
    let from = before.filter(|from| moved_by_more_than_half(*from, price))?;
    Some(RejectReason::Moved { from, to: price })
}

fn moved_by_more_than_half(from: Usd, to: Usd) -> bool {
    let (from, to) = (from.amount(), to.amount());
    (to - from).abs() * Decimal::TWO > from
}

/// The public price known so far, without the account's own prices and discount.
fn public_price(key: &Key, known: &Prices) -> Option<Usd> {
    let id = match key.scope {
        Scope::Regional => ModelId::from(key.model_id.as_str()),
        Scope::Global => ModelId::from(format!("global.{}", key.model_id)),
    };
    let query = PriceQuery {
        tier: Some(key.tier),
        // The file does not say where a long context begins; the longest is beyond any threshold.
        context_tokens: if key.long_context { u64::MAX } else { 0 },
        ..PriceQuery::on_demand(&id, &key.region)
    };
    if key.long_context && !Prices::has_long_context_rates(&query) {
        return None;
    }
    known
        .public_price(key.meter, &query)
        .map(|price| price.amount)
}
