//! What an invocation used and how long it took.

use serde::{Deserialize, Serialize};

use super::CacheTtl;

/// `TokenUsage`. Input does not count cached tokens; output counts reasoning.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Usage {
    /// Tokens of the prompt that were neither read from nor written to the cache.
    pub input_tokens: u64,
    /// Tokens of the answer, reasoning included.
    pub output_tokens: u64,
    /// As the service adds them up.
    pub total_tokens: u64,
    /// Tokens read from the cache.
    pub cache_read_input_tokens: u64,
    /// Tokens written to the cache.
    pub cache_write_input_tokens: u64,
    /// Written tokens by how long they are kept; empty when the service does not say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cache_details: Vec<CacheDetail>,
}

/// One entry of `cacheDetails`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CacheDetail {
    /// How long these tokens are kept.
    pub ttl: CacheTtl,
    /// How many.
    pub input_tokens: u64,
}

/// How long an invocation took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metrics {
    /// As the service measured it, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<u64>,
    /// From sending to the first piece of content, measured here, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_to_first_token_ms: Option<u64>,
}
