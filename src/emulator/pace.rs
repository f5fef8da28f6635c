//! How fast answers come.

use std::time::Duration;

/// Tokens a second at the believable pace.
const TOKENS_PER_SECOND: f64 = 80.0;
/// Time to the first token of a short prompt.
const FIRST_TOKEN: Duration = Duration::from_millis(280);
/// What each token of the prompt adds to that.
const PER_INPUT_TOKEN: Duration = Duration::from_micros(40);

/// How fast answers come.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Pace {
    /// At once; for tests and measurements.
    Instant,
    /// As a quick model does.
    #[default]
    Believable,
    /// So many times the believable pace.
    Times(f64),
}

impl Pace {
    /// A pace from a factor: 0 is at once, 1 is believable, 2 twice as fast.
    #[must_use]
    pub fn from_factor(factor: f64) -> Self {
        if factor == 0.0 || !factor.is_finite() {
            Self::Instant
        } else {
            Self::Times(factor.abs())
        }
    }

    /// The pace of a model, by its id: those that are sold as quick are quicker than those that are sold
    /// as thorough.
    pub(super) fn of_model(self, id: &str) -> Self {
        let has = |words: &[&str]| words.iter().any(|word| id.contains(word));
        let factor = if has(&["micro", "nano", "flash", "8b", "3b", "1b"]) {
            1.8
        } else if has(&["lite", "haiku", "mini", "small", "scout"]) {
            1.0
        } else if has(&["opus", "premier", "405b", "large", "r1"]) {
            0.4
        } else {
            0.7
        };
        match self {
            Self::Instant => Self::Instant,
            Self::Believable => Self::Times(factor),
            Self::Times(times) => Self::Times(times * factor),
        }
    }

    /// The pace of so many tokens a second.
    pub(super) fn of_tokens_per_second(tokens: f64) -> Self {
        Self::from_factor(tokens / TOKENS_PER_SECOND)
    }

    /// From the request to the first token.
    pub(super) fn first_token(self, input_tokens: u64) -> Duration {
        let input = u32::try_from(input_tokens).unwrap_or(u32::MAX);
        self.scaled(FIRST_TOKEN + PER_INPUT_TOKEN * input)
    }

    /// What so many tokens of output take.
    pub(super) fn tokens(self, count: u64) -> Duration {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        self.scaled(Duration::from_secs_f64(
            f64::from(count) / TOKENS_PER_SECOND,
        ))
    }

    fn scaled(self, duration: Duration) -> Duration {
        match self {
            Self::Instant => Duration::ZERO,
            Self::Believable => duration,
            Self::Times(factor) => duration.div_f64(factor),
        }
    }
}
