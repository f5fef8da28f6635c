//! What calls took and cost, added up: by day, model, connection, screen and tag; what caching saved;
//! how good the estimates were; what another model would have cost.
//!
//! Made of the ledger's rows, which hold the prices of their time. What the embedded endpoint made up
//! is apart from money in every sum. Arithmetic on plain values; it must not know egui, the AWS SDK,
//! tokio or the database.

mod budgets;
mod csv;
mod effects;
mod other_models;
mod sums;

pub use budgets::spent;
pub use csv::write_csv;
pub use effects::{AltTexts, CacheSavings, EstimateQuality, alt_texts, cache_savings, estimates};
pub use other_models::{OtherModel, other_models};
pub use sums::{By, Group, Half, Sum, half};

use crate::pricing::{Day, Prices};
use crate::store::{LedgerRow, UnixMs};

/// The day of a moment, in UTC.
#[must_use]
pub fn day_of(moment: UnixMs) -> Option<Day> {
    Day::of_unix_seconds(moment.0.div_euclid(1_000))
}

/// The moments from one day to another, both included.
#[must_use]
pub fn moments(from: Day, to: Day) -> std::ops::Range<UnixMs> {
    let at = |day: Day| UnixMs(day.midnight().saturating_mul(1_000));
    at(from)..at(to.plus_days(1))
}

/// Everything the usage of some time has to tell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// What AWS bills.
    pub charged: Half,
    /// What the embedded endpoint made up, at AWS's prices.
    pub simulated: Half,
    /// What prompt caching saved, of what AWS bills.
    pub savings: CacheSavings,
    /// What alt texts cost, of what AWS bills; of what was made up where there is nothing else.
    pub alt_texts: AltTexts,
    /// How good the estimates were.
    pub estimates: EstimateQuality,
    /// What the same usage would have cost on other models, the cheapest first.
    pub other_models: Vec<OtherModel>,
}

/// Adds everything up. Takes a moment for many calls.
#[must_use]
pub fn report(rows: &[LedgerRow], by: By, prices: &Prices) -> Report {
    let charged = || rows.iter().filter(|row| !row.spend.simulated);
    let simulated = || rows.iter().filter(|row| row.spend.simulated);
    let has_charged = charged().next().is_some();
    let (alt_texts, other_models) = if has_charged {
        (alt_texts(charged()), other_models(charged(), prices))
    } else {
        (alt_texts(simulated()), other_models(simulated(), prices))
    };
    Report {
        charged: half(charged(), by),
        simulated: half(simulated(), by),
        savings: cache_savings(charged()),
        alt_texts,
        estimates: estimates(rows),
        other_models,
    }
}
