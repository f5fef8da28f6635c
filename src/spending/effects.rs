//! What single practices brought: caching, alt text, estimating.

use rust_decimal::Decimal;

use crate::pricing::{Meter, Usd};
use crate::store::{Expected, LedgerRow, Screen};

/// What prompt caching saved and what it cost more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheSavings {
    /// What reading from the cache saved against reading the same tokens anew.
    pub saved: Usd,
    /// What writing to the cache cost more than reading the same tokens once.
    pub extra: Usd,
    /// Tokens read from the cache.
    pub tokens_read: u64,
    /// Tokens written to it.
    pub tokens_written: u64,
}

impl CacheSavings {
    /// What remains; below zero where more was written than read back.
    #[must_use]
    pub fn net(&self) -> Usd {
        self.saved.less(self.extra)
    }
}

/// By the unit prices of each call's own bill; calls whose bill is not known are left out.
pub fn cache_savings<'a>(rows: impl IntoIterator<Item = &'a LedgerRow>) -> CacheSavings {
    let mut savings = CacheSavings::default();
    for row in rows {
        let Some(input) = row
            .spend
            .line(Meter::Input)
            .and_then(|line| line.unit_price)
        else {
            continue;
        };
        for line in &row.spend.lines {
            let Some(amount) = line.amount() else {
                continue;
            };
            let Some(anew) = input.times(line.quantity, Meter::Input.per()) else {
                continue;
            };
            match line.meter {
                Meter::CacheRead => {
                    savings.saved = savings.saved + anew.less(amount);
                    savings.tokens_read += line.quantity;
                }
                Meter::CacheWrite5m | Meter::CacheWrite30m | Meter::CacheWrite1h => {
                    savings.extra = savings.extra + amount.less(anew);
                    savings.tokens_written += line.quantity;
                }
                _ => {}
            }
        }
    }
    savings
}

/// What alt texts cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AltTexts {
    /// How many calls there were whose cost is known.
    pub calls: u64,
    /// What they cost together.
    pub cost: Usd,
    /// How many there were whose cost is not known.
    pub unknown: u64,
    /// Whether the embedded endpoint wrote them.
    pub simulated: bool,
}

impl AltTexts {
    /// What one costs on the average; `None` without one.
    #[must_use]
    pub fn average(&self) -> Option<Usd> {
        (self.calls > 0).then(|| self.cost.times(1, self.calls))?
    }
}

/// Adds the alt texts up.
pub fn alt_texts<'a>(rows: impl IntoIterator<Item = &'a LedgerRow>) -> AltTexts {
    let mut sum = AltTexts::default();
    let screen = Screen::alt_text();
    for row in rows.into_iter().filter(|row| row.spend.screen == screen) {
        sum.simulated = row.spend.simulated;
        match row.spend.cost {
            Some(cost) => {
                sum.calls += 1;
                sum.cost = sum.cost + cost;
            }
            None => sum.unknown += 1,
        }
    }
    sum
}

/// How good the estimates were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EstimateQuality {
    /// Calls that were estimated and have ended.
    pub calls: u64,
    /// Those whose cost was within the range that was shown.
    pub cost_within: u64,
    /// Those whose input tokens were within the range that was shown.
    pub input_within: u64,
    /// How far the middle of the range was from the input tokens, on the average, in percent.
    pub input_error_percent: Option<Decimal>,
}

/// Compares what was expected with what came.
#[must_use]
pub fn estimates(rows: &[LedgerRow]) -> EstimateQuality {
    let mut quality = EstimateQuality::default();
    let mut errors = Decimal::ZERO;
    for row in rows {
        let (Some(expected), Some(cost)) = (row.spend.estimate, row.spend.cost) else {
            continue;
        };
        let usage = &row.spend.usage;
        let input = [
            usage.input_tokens,
            usage.cache_read_input_tokens,
            usage.cache_write_input_tokens,
        ];
        let input = input.into_iter().fold(0, u64::saturating_add);
        if input == 0 {
            continue;
        }
        quality.calls += 1;
        quality.cost_within += u64::from((expected.low..=expected.high).contains(&cost));
        quality.input_within +=
            u64::from((expected.input_low..=expected.input_high).contains(&input));
        errors = errors.saturating_add(error_percent(&expected, input));
    }
    if quality.calls > 0 {
        let average = errors.checked_div(Decimal::from(quality.calls));
        quality.input_error_percent = average.map(|percent| percent.round_dp(1).normalize());
    }
    quality
}

fn error_percent(expected: &Expected, input: u64) -> Decimal {
    let ends = Decimal::from(expected.input_low) + Decimal::from(expected.input_high);
    let (middle, input) = (ends / Decimal::TWO, Decimal::from(input));
    (middle - input).abs() / input * Decimal::ONE_HUNDRED
}
