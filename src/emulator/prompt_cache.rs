//! Prompt caching as an account sees it: what stands before a cache point is written once and read
//! until its time is over.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::answer::{count_input, fingerprint};
use super::api_error::ApiError;
use super::request::ConverseRequest;
use crate::catalog::ModelFacts;

/// Most cache points of one request.
const MAX_CACHE_POINTS: usize = 4;
/// Prefixes remembered; the oldest give way.
const MAX_PREFIXES: usize = 10_000;
/// The shortest prefix that is cached where no source says, in tokens: what most models ask for.
const MIN_TOKENS_UNKNOWN: u64 = 1_024;

/// How long a prefix is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ttl {
    FiveMinutes,
    OneHour,
}

impl Ttl {
    fn as_str(self) -> &'static str {
        match self {
            Self::FiveMinutes => "5m",
            Self::OneHour => "1h",
        }
    }

    fn duration(self) -> Duration {
        match self {
            Self::FiveMinutes => Duration::from_secs(5 * 60),
            Self::OneHour => Duration::from_secs(60 * 60),
        }
    }
}

/// What stands before a cache point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefix {
    fingerprint: u64,
    tokens: u64,
    ttl: Ttl,
}

/// What one request took from the cache and put into it, in tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CacheUse {
    pub read: u64,
    pub written: Vec<(Ttl, u64)>,
}

impl CacheUse {
    pub fn write(&self) -> u64 {
        self.written.iter().map(|(_, tokens)| tokens).sum()
    }

    pub fn details(&self) -> Value {
        self.written
            .iter()
            .map(|(ttl, tokens)| json!({ "ttl": ttl.as_str(), "inputTokens": tokens }))
            .collect()
    }
}

/// The prefixes of this endpoint's one account.
#[derive(Clone, Debug, Default)]
pub struct PromptCache(Arc<Mutex<HashMap<u64, Instant>>>);

impl PromptCache {
    /// Looks the prefixes up, shortest first, and keeps those that were not there.
    pub fn take(&self, prefixes: &[Prefix], now: Instant) -> CacheUse {
        // Whoever panicked while holding it left a whole map behind.
        let mut ends = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ends.retain(|_, end| *end > now);
        let mut taken = CacheUse::default();
        let mut so_far = 0;
        for prefix in prefixes {
            if ends.contains_key(&prefix.fingerprint) {
                taken.read = prefix.tokens;
                taken.written.clear();
            } else {
                taken
                    .written
                    .push((prefix.ttl, prefix.tokens.saturating_sub(so_far)));
            }
            so_far = prefix.tokens;
            ends.insert(prefix.fingerprint, now + prefix.ttl.duration());
        }
        while ends.len() > MAX_PREFIXES {
            let first = ends.iter().min_by_key(|(_, end)| **end).map(|(id, _)| *id);
            if let Some(first) = first {
                ends.remove(&first);
            }
        }
        taken
    }
}

/// The prefixes that a Converse body asks to cache, shortest first, without those too short to be.
pub fn prefixes(body: &Value, model: &ModelFacts) -> Result<Vec<Prefix>, ApiError> {
    let mut points = Vec::new();
    let mut before = json!({});
    for (path, list) in [
        ("/toolConfig/tools", "tools"),
        ("/system", "system"),
        ("/messages", "messages"),
    ] {
        let items = body.pointer(path).and_then(Value::as_array);
        let mut kept = Vec::new();
        for item in items.into_iter().flatten() {
            if list == "messages" {
                messages_until_points(item, &mut kept, &before, &mut points);
            } else if let Some(ttl) = cache_point(item) {
                points.push((ttl, with(&before, list, &kept)));
            } else {
                kept.push(item.clone());
            }
        }
        before = with(&before, list, &kept);
    }
    if points.is_empty() {
        return Ok(Vec::new());
    }
    if model.supports.prompt_caching == Some(false) {
        return Err(ApiError::forbidden(
            "AccessDeniedException",
            "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.",
        ));
    }
    if points.len() > MAX_CACHE_POINTS {
        return Err(ApiError::validation(format!(
            "A maximum of {MAX_CACHE_POINTS} blocks with cache_control may be provided. Found {}.",
            points.len()
        )));
    }
    let least = model
        .prompt_cache_min_tokens
        .map_or(MIN_TOKENS_UNKNOWN, u64::from);
    let mut prefixes = Vec::new();
    for (ttl, prefix) in points {
        let tokens = count_input(&ConverseRequest::from_json(&prefix)?, model)?;
        if tokens >= least {
            prefixes.push(Prefix {
                fingerprint: fingerprint(&[model.id, &prefix.to_string()], 0),
                tokens,
                ttl,
            });
        }
    }
    Ok(prefixes)
}

fn cache_point(block: &Value) -> Option<Ttl> {
    let point = block.get("cachePoint")?;
    Some(match point["ttl"].as_str() {
        Some("1h") => Ttl::OneHour,
        _ => Ttl::FiveMinutes,
    })
}

fn messages_until_points(
    message: &Value,
    kept: &mut Vec<Value>,
    before: &Value,
    points: &mut Vec<(Ttl, Value)>,
) {
    let mut content = Vec::new();
    for block in message["content"].as_array().into_iter().flatten() {
        if let Some(ttl) = cache_point(block) {
            let mut messages = kept.clone();
            messages.push(json!({ "role": message["role"], "content": content }));
            points.push((ttl, with(before, "messages", &messages)));
        } else {
            content.push(block.clone());
        }
    }
    kept.push(json!({ "role": message["role"], "content": content }));
}

fn with(before: &Value, list: &str, items: &[Value]) -> Value {
    let mut body = before.clone();
    match list {
        "tools" => body["toolConfig"]["tools"] = json!(items),
        _ => body[list] = json!(items),
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefix(fingerprint: u64, tokens: u64) -> Prefix {
        Prefix {
            fingerprint,
            tokens,
            ttl: Ttl::FiveMinutes,
        }
    }

    #[test]
    fn what_was_written_is_read_until_its_time_is_over() {
        let cache = PromptCache::default();
        let now = Instant::now();
        let both = [prefix(1, 2_000), prefix(2, 3_000)];
        let first = cache.take(&both[..1], now);
        assert_eq!((first.read, first.write()), (0, 2_000));
        let second = cache.take(&both, now);
        assert_eq!((second.read, second.write()), (2_000, 1_000));
        let third = cache.take(&both, now);
        assert_eq!((third.read, third.write()), (3_000, 0));
        let late = cache.take(&both, now + Duration::from_secs(301));
        assert_eq!((late.read, late.write()), (0, 3_000));
    }

    #[test]
    fn the_cache_has_an_end() {
        let cache = PromptCache::default();
        let now = Instant::now();
        for fingerprint in 0..=MAX_PREFIXES as u64 {
            cache.take(&[prefix(fingerprint, 2_000)], now);
        }
        assert_eq!(cache.0.lock().unwrap().len(), MAX_PREFIXES);
    }
}
