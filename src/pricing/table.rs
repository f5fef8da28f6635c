//! The bundled prices: compiled from `assets/models.json`.

use rust_decimal::Decimal;

use super::{Meter, Tier};

/// Where a row of the dataset was read.
#[derive(Debug)]
pub(super) struct DatasetSource {
    pub what: &'static str,
    pub as_of: &'static str,
}

/// Prices of one id for a million tokens.
#[derive(Debug)]
pub(super) struct TokenPrices {
    pub id: &'static str,
    /// `None`: us-east-1, or the geography of a profile.
    pub region: Option<&'static str>,
    pub tier: Tier,
    /// For requests with more input tokens than this, cached ones counted in.
    pub above_input_tokens: Option<u64>,
    pub caveat: Option<&'static str>,
    /// Meter, price, short name of the source.
    pub per_million: &'static [(Meter, Decimal, &'static str)],
}

/// The rows of an id, or of the id whose price list it shares.
pub(super) fn rows(id: &str) -> &'static [TokenPrices] {
    let id = PRICED_AS
        .iter()
        .find(|(from, _)| *from == id)
        .map_or(id, |(_, to)| *to);
    let start = TOKEN_PRICES.partition_point(|row| row.id < id);
    let end = TOKEN_PRICES.partition_point(|row| row.id <= id);
    &TOKEN_PRICES[start..end]
}

/// A source by its short name.
pub(super) fn source(name: &str) -> Option<&'static DatasetSource> {
    SOURCES
        .iter()
        .find(|(short, _)| *short == name)
        .map(|(_, source)| source)
}

include!(concat!(env!("OUT_DIR"), "/prices.rs"));
