//! Amounts of US dollars.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// Decimals that are always written, so that cents of a cent stay visible.
const MIN_DECIMALS: u32 = 8;

/// An exact amount of US dollars.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Usd(Decimal);

impl Usd {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// An amount.
    #[must_use]
    pub const fn new(amount: Decimal) -> Self {
        Self(amount)
    }

    /// The exact amount.
    #[must_use]
    pub fn amount(self) -> Decimal {
        self.0
    }

    /// This price for `per` things, times `quantity`; `None` for a sum too large to write, which no
    /// bill reaches. Exact: the dataset's prices have at most nine decimals and quantities at most
    /// twenty digits, which 28 digits hold for any real bill.
    #[must_use]
    pub fn times(self, quantity: u64, per: u64) -> Option<Self> {
        let all = self.0.checked_mul(Decimal::from(quantity))?;
        all.checked_div(Decimal::from(per)).map(Self)
    }

    /// The difference, below zero when the other is more.
    #[must_use]
    pub fn less(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// The difference; `None` when the other is more.
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        let difference = self.0.checked_sub(other.0)?;
        (!difference.is_sign_negative()).then_some(Self(difference))
    }

    /// The amount as data: at least eight decimals, more where they are needed to be exact.
    #[must_use]
    pub fn to_decimal_string(self) -> String {
        let mut exact = self.0.normalize();
        if exact.scale() < MIN_DECIMALS {
            exact.rescale(MIN_DECIMALS);
        }
        exact.to_string()
    }
}

impl fmt::Display for Usd {
    /// For people: cents from a dollar on, six decimals below a cent, more for less than that.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.abs();
        let decimals = if size.is_zero() || size >= Decimal::new(1, 2) {
            // A price such as 0.0625 for a million tokens keeps its digits.
            self.0.round_dp(4).normalize().scale().clamp(2, 4)
        } else {
            let leading = size.normalize().scale().saturating_sub(digits(size));
            (leading + 3).clamp(6, 12)
        };
        let rounded = self
            .0
            .round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
        let sign = if rounded.is_sign_negative() { "-" } else { "" };
        let decimals = decimals as usize;
        write!(f, "{sign}${:.decimals$}", rounded.abs())
    }
}

/// Significant digits of a number.
fn digits(number: Decimal) -> u32 {
    let text = number.normalize().mantissa().unsigned_abs().to_string();
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

impl Add for Usd {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for Usd {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(text: &str) -> Usd {
        Usd::new(text.parse().unwrap())
    }

    #[test]
    fn people_see_what_matters() {
        for (amount, shown) in [
            ("0", "$0.00"),
            ("12.5", "$12.50"),
            ("0.06", "$0.06"),
            ("0.0625", "$0.0625"),
            ("0.30000000000072", "$0.30"),
            ("0.00036", "$0.000360"),
            ("0.0000024", "$0.00000240"),
            ("0.00000072", "$0.000000720"),
            ("-0.5", "-$0.50"),
        ] {
            assert_eq!(usd(amount).to_string(), shown, "{amount}");
        }
    }

    #[test]
    fn data_is_exact_with_eight_decimals_or_more() {
        assert_eq!(usd("0.0000024").to_decimal_string(), "0.00000240");
        assert_eq!(usd("0.00000000875").to_decimal_string(), "0.00000000875");
        assert_eq!(usd("3").to_decimal_string(), "3.00000000");
    }

    #[test]
    fn a_quantity_times_a_price_for_a_million() {
        // 7 × 0.24 / 1,000,000 = 0.00000168
        assert_eq!(usd("0.24").times(7, 1_000_000), Some(usd("0.00000168")));
    }
}
