//! Tokens, times and tiers on their way in.

use aws_sdk_bedrockruntime::types as sdk;

use crate::chat::{CacheDetail, CacheTtl, Latency, ServiceTier, Usage};

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
            .filter_map(cache_detail)
            .collect(),
    }
}

fn cache_detail(detail: &sdk::CacheDetail) -> Option<CacheDetail> {
    let ttl = match detail.ttl.as_str() {
        "5m" => CacheTtl::FiveMinutes,
        "1h" => CacheTtl::OneHour,
        other => {
            tracing::warn!(ttl = other, "a cache lifetime this version does not know");
            return None;
        }
    };
    Some(CacheDetail {
        ttl,
        input_tokens: count(detail.input_tokens),
    })
}

pub(super) fn latency(config: Option<&sdk::PerformanceConfiguration>) -> Option<Latency> {
    match config?.latency.as_str() {
        "standard" => Some(Latency::Standard),
        "optimized" => Some(Latency::Optimized),
        other => {
            tracing::warn!(latency = other, "a latency mode this version does not know");
            None
        }
    }
}

pub(super) fn service_tier(tier: Option<&sdk::ServiceTier>) -> Option<ServiceTier> {
    match tier?.r#type.as_str() {
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
