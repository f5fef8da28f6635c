//! Reading a usage type: which meter, tier and scope a row of a price file is for.
//!
//! The grammar is closed: a word that is not known makes the row something else (training, reserved
//! capacity, a customised model) and it is left alone, since a guess here is a wrong bill.

use serde::{Deserialize, Serialize};

use crate::pricing::{Meter, Offer, Tier};

/// Which requests a rate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Scope {
    /// In a region, or within a geography.
    Regional,
    /// Through a global profile.
    Global,
}

/// What a usage type says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UsageType {
    /// What stands for the model; empty in AWS Marketplace's rows, which name it elsewhere.
    pub segment: String,
    pub meter: Meter,
    /// `None` where it names no tier.
    pub tier: Option<Tier>,
    pub scope: Scope,
    pub long_context: bool,
}

/// Reads a usage type; `None` for one that is no price of a call.
pub(super) fn parse(offer: Offer, text: &str) -> Option<UsageType> {
    // `USE1-…`: a short name of the region.
    let (_, rest) = text.split_once('-')?;
    if offer == Offer::FoundationModels {
        // `MP:USE1_InputTokenCount_Global-Units`
        let (_, words) = rest.strip_prefix("MP:")?.split_once('_')?;
        let words = words.strip_suffix("-Units").unwrap_or(words);
        return meaning(String::new(), &split_words(words));
    }
    let starts = ["-input-", "-output-", "-cache-"];
    let at = starts.iter().filter_map(|start| rest.find(start)).min()?;
    meaning(rest[..at].to_owned(), &split_words(&rest[at..]))
}

/// Words in lower case, also out of `CacheWrite1hInputTokenCount`.
fn split_words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut previous = ' ';
    for c in text.chars() {
        let begins =
            c.is_ascii_uppercase() || (c.is_ascii_digit() && previous.is_ascii_lowercase());
        if !c.is_ascii_alphanumeric() || begins {
            words.push(String::new());
        }
        if c.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(c.to_ascii_lowercase());
        }
        previous = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

fn meaning(segment: String, words: &[String]) -> Option<UsageType> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (meter, mut rest): (Meter, &[&str]) = match words.as_slice() {
        ["search", "units", rest @ ..] => (Meter::SearchUnit, rest),
        ["cache", "read", rest @ ..] => (Meter::CacheRead, rest),
        ["cache", "write", rest @ ..] => (Meter::CacheWrite5m, rest),
        ["input", rest @ ..] => (Meter::Input, rest),
        ["output", rest @ ..] => (Meter::Output, rest),
        _ => return None,
    };
    let mut usage = UsageType {
        segment,
        meter,
        tier: None,
        scope: Scope::Regional,
        long_context: false,
    };
    let is_write = meter == Meter::CacheWrite5m;
    while !rest.is_empty() {
        rest = match rest {
            ["5m", rest @ ..] if is_write => rest,
            ["30m", rest @ ..] if is_write => {
                usage.meter = Meter::CacheWrite30m;
                rest
            }
            ["1h", rest @ ..] | ["1", "hour", rest @ ..] if is_write => {
                usage.meter = Meter::CacheWrite1h;
                rest
            }
            ["input", rest @ ..] if matches!(meter, Meter::CacheRead) || is_write => rest,
            ["token" | "tokens" | "count", rest @ ..] => rest,
            ["cross", "region", "global", rest @ ..] | ["global", rest @ ..] => {
                usage.scope = Scope::Global;
                rest
            }
            ["long", "context" | "ctx", rest @ ..] => {
                usage.long_context = true;
                rest
            }
            _ => {
                let (tier, rest) = tier_words(rest)?;
                if usage.tier.is_some_and(|other| other != tier) {
                    return None;
                }
                usage.tier = Some(tier);
                rest
            }
        };
    }
    Some(usage)
}

fn tier_words<'a, 'b>(words: &'a [&'b str]) -> Option<(Tier, &'a [&'b str])> {
    match words {
        ["standard", rest @ ..] => Some((Tier::Standard, rest)),
        ["batch", rest @ ..] => Some((Tier::Batch, rest)),
        ["flex", rest @ ..] => Some((Tier::Flex, rest)),
        ["priority", rest @ ..] => Some((Tier::Priority, rest)),
        ["latency", "optimized", rest @ ..] => Some((Tier::LatencyOptimized, rest)),
        _ => None,
    }
}

/// The tier that other attributes of a row name, however they spell it.
pub(super) fn tier_in(text: &str) -> Option<Tier> {
    let words = split_words(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    (0..words.len())
        .filter_map(|at| tier_words(&words[at..]))
        .map(|(tier, _)| tier)
        .find(|tier| *tier != Tier::Standard)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(offer: Offer, text: &str) -> Option<String> {
        let usage = parse(offer, text)?;
        let mut words = vec![usage.segment, usage.meter.as_str().to_owned()];
        words.extend(usage.tier.map(|tier| format!("{tier:?}")));
        words.extend((usage.scope == Scope::Global).then(|| "global".to_owned()));
        words.extend(usage.long_context.then(|| "long".to_owned()));
        Some(words.join(" ").trim().to_owned())
    }

    /// The usage types that `pricing/NOTES`, section 3, and the examples beside it name.
    #[test]
    fn every_known_spelling_is_read() {
        for (text, meaning) in [
            ("NovaLite-input-tokens", "NovaLite input"),
            ("NovaLite-input-tokens-batch", "NovaLite input Batch"),
            ("NovaLite-input-tokens-flex", "NovaLite input Flex"),
            ("NovaLite-input-tokens-priority", "NovaLite input Priority"),
            (
                "NovaLite-input-tokens-cross-region-global",
                "NovaLite input global",
            ),
            (
                "NovaLite-cache-read-input-token-count",
                "NovaLite cacheRead",
            ),
            (
                "qwen.qwen3-32b-mantle-input-tokens-standard",
                "qwen.qwen3-32b-mantle input Standard",
            ),
            ("Claude2.0-input-tokens", "Claude2.0 input"),
            (
                "Claude4Sonnet-input-tokens-long-context-cross-region-global",
                "Claude4Sonnet input global long",
            ),
        ] {
            let text = format!("USE1-{text}");
            for offer in [Offer::Bedrock, Offer::Service] {
                assert_eq!(described(offer, &text).as_deref(), Some(meaning), "{text}");
            }
        }
    }

    #[test]
    fn every_known_spelling_of_the_marketplace_is_read() {
        for (text, meaning) in [
            ("InputTokenCount", "input"),
            ("InputTokenCount_Global", "input global"),
            ("InputTokenCount_Global_Batch", "input Batch global"),
            ("CacheReadInputTokenCount", "cacheRead"),
            ("CacheWrite1hInputTokenCount", "cacheWrite1h"),
            ("input_tokens_global_standard", "input Standard global"),
            ("cache_write_tokens_1h_standard", "cacheWrite1h Standard"),
            ("cache_write_tokens_30m_standard", "cacheWrite30m Standard"),
            (
                "input_tokens_long_ctx_global_standard",
                "input Standard global long",
            ),
            ("search_units", "searchUnit"),
        ] {
            let text = format!("USE1-MP:USE1_{text}-Units");
            let found = described(Offer::FoundationModels, &text);
            assert_eq!(found.as_deref(), Some(meaning), "{text}");
        }
    }

    #[test]
    fn what_is_no_price_of_a_call_is_left_alone() {
        for (offer, text) in [
            (Offer::Bedrock, "USE1-NovaLite-input-tokens-custom-model"),
            (Offer::Bedrock, "USE1-NovaPro-Customization-Training"),
            (Offer::Bedrock, "USE1-NovaLite-output-tokens-batch-flex"),
            (
                Offer::FoundationModels,
                "USE1-MP:USE1_Reserved_1Month_InputTPM-Units",
            ),
            (Offer::FoundationModels, "USE1-Other"),
            (Offer::Bedrock, ""),
        ] {
            assert_eq!(parse(offer, text), None, "{text}");
        }
    }

    #[test]
    fn attributes_name_tiers_too() {
        for (text, tier) in [
            ("Batch Inference", Some(Tier::Batch)),
            ("BatchInference", Some(Tier::Batch)),
            ("On-demand Inference", None),
            ("Input tokens flex", Some(Tier::Flex)),
            ("standard", None),
            ("Nova Pro Latency Optimized", Some(Tier::LatencyOptimized)),
            ("Nova Pro_LatencyOptimized", Some(Tier::LatencyOptimized)),
        ] {
            assert_eq!(tier_in(text), tier, "{text}");
        }
    }
}
