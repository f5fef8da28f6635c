//! Tokens, times and tiers on their way in, from the SDK's types and from JSON.

use aws_sdk_bedrockruntime::types as sdk;
use serde::Deserialize;

use crate::chat::{CacheDetail, CacheTtl, Latency, ServiceTier, Usage};

/// `TokenUsage` as it stands in JSON. What is absent was not counted, as the SDK reads it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TokenUsage {
    input_tokens: Option<i32>,
    output_tokens: Option<i32>,
    total_tokens: Option<i32>,
    cache_read_input_tokens: Option<i32>,
    cache_write_input_tokens: Option<i32>,
    cache_details: Option<Vec<TokensOfCache>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokensOfCache {
    ttl: Option<String>,
    input_tokens: Option<i32>,
}

impl From<TokenUsage> for Usage {
    fn from(usage: TokenUsage) -> Self {
        let counted = |tokens: Option<i32>| tokens.map_or(0, count);
        let details = usage.cache_details.into_iter().flatten();
        Self {
            input_tokens: counted(usage.input_tokens),
            output_tokens: counted(usage.output_tokens),
            total_tokens: counted(usage.total_tokens),
            cache_read_input_tokens: counted(usage.cache_read_input_tokens),
            cache_write_input_tokens: counted(usage.cache_write_input_tokens),
            cache_details: details
                .filter_map(|detail| cache_detail(&detail.ttl?, detail.input_tokens?))
                .collect(),
        }
    }
}

pub(super) fn usage(usage: &sdk::TokenUsage) -> Usage {
    Usage {
        input_tokens: count(usage.input_tokens),
        output_tokens: count(usage.output_tokens),
        total_tokens: count(usage.total_tokens),
        cache_read_input_tokens: usage.cache_read_input_tokens.map_or(0, count),
        cache_write_input_tokens: usage.cache_write_input_tokens.map_or(0, count),
        cache_details: usage
            .cache_details
            .iter()
            .flatten()
            .filter_map(|detail| cache_detail(detail.ttl.as_str(), detail.input_tokens))
            .collect(),
    }
}

fn cache_detail(ttl: &str, input_tokens: i32) -> Option<CacheDetail> {
    let ttl = match ttl {
        "5m" => CacheTtl::FiveMinutes,
        "1h" => CacheTtl::OneHour,
        other => {
            tracing::warn!(ttl = other, "a cache lifetime this version does not know");
            return None;
        }
    };
    Some(CacheDetail {
        ttl,
        input_tokens: count(input_tokens),
    })
}

pub(super) fn latency(name: &str) -> Option<Latency> {
    match name {
        "standard" => Some(Latency::Standard),
        "optimized" => Some(Latency::Optimized),
        other => {
            tracing::warn!(latency = other, "a latency mode this version does not know");
            None
        }
    }
}

pub(super) fn service_tier(name: &str) -> Option<ServiceTier> {
    match name {
        "priority" => Some(ServiceTier::Priority),
        "default" => Some(ServiceTier::Default),
        "flex" => Some(ServiceTier::Flex),
        "reserved" => Some(ServiceTier::Reserved),
        other => {
            tracing::warn!(tier = other, "a service tier this version does not know");
            None
        }
    }
}

/// Milliseconds, when they were really measured: an answer without metrics reads as 0.
pub(super) fn latency_ms(latency_ms: i64) -> Option<u64> {
    u64::try_from(latency_ms)
        .ok()
        .filter(|latency| *latency > 0)
}

fn count(tokens: i32) -> u64 {
    u64::try_from(tokens).unwrap_or_default()
}
