//! What is counted for a bill.

/// What a line of a bill counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Meter {
    /// Tokens of the prompt, cached ones not counted.
    Input,
    /// Tokens of the answer, reasoning counted.
    Output,
    /// Tokens read from the cache.
    CacheRead,
    /// Tokens written to the cache for five minutes.
    CacheWrite5m,
    /// Tokens written to the cache for half an hour: some models' only choice.
    CacheWrite30m,
    /// Tokens written to the cache for an hour.
    CacheWrite1h,
}

impl Meter {
    /// Its name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Output => "output",
            Self::CacheRead => "cacheRead",
            Self::CacheWrite5m => "cacheWrite5m",
            Self::CacheWrite30m => "cacheWrite30m",
            Self::CacheWrite1h => "cacheWrite1h",
        }
    }

    /// How a person would write it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Input => "Input tokens",
            Self::Output => "Output tokens",
            Self::CacheRead => "Cache read tokens",
            Self::CacheWrite5m => "Cache write tokens, 5 min",
            Self::CacheWrite30m => "Cache write tokens, 30 min",
            Self::CacheWrite1h => "Cache write tokens, 1 h",
        }
    }
}
