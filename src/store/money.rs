//! Money in columns: exact as text, and as an integer to look for a range.

use rust_decimal::prelude::ToPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};

use super::StoreError;
use crate::pricing::Usd;

pub(super) fn to_text(amount: Usd) -> String {
    amount.amount().normalize().to_string()
}

pub(super) fn from_text(text: &str) -> Result<Usd, StoreError> {
    text.parse()
        .map(Usd::new)
        .map_err(|error| StoreError::unreadable(format!("The amount {text:?}"), &error))
}

/// Millionths of a millionth of a dollar. Rounding keeps the order, so that a range found by them
/// leaves nothing out.
pub(super) fn to_pico(amount: Usd) -> i64 {
    amount
        .amount()
        .checked_mul(Decimal::new(1_000_000_000_000, 0))
        .map(|pico| pico.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero))
        .and_then(|pico| pico.to_i64())
        .unwrap_or(i64::MAX)
}
