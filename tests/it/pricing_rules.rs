//! What changes the price of one call, and what public readers of AWS's price files have stumbled
//! over: `pricing/NOTES`, sections 4 and 3.3, point by point.

use std::path::Path;

use bedrock_playground::catalog::ModelId;
use bedrock_playground::chat::{
    CacheDetail, CacheTtl, Invocation, InvocationId, Latency, ServiceTier, Usage,
};
use bedrock_playground::pricing::price_list::{self, RejectReason};
use bedrock_playground::pricing::{
    CostBreakdown, Day, GuardrailPolicy, Meter, Offer, PriceQuery, Prices, Tier, Usd,
};
use serde_json::{Value, json};

use crate::price_list::{Row, file, nova, row, sonnet};

const NOVA_LITE: &str = "amazon.nova-lite-v1:0";
const SONNET_4: &str = "anthropic.claude-sonnet-4-20250514-v1:0";

fn tokens(input: u64, output: u64) -> Usage {
    Usage {
        input_tokens: input,
        output_tokens: output,
        total_tokens: input + output,
        ..Usage::default()
    }
}

/// A call that is over, for a million tokens in and as many out.
fn call(model: &str) -> Invocation {
    let mut call = Invocation::new(InvocationId(1), model.into(), "us-east-1");
    call.usage = Some(tokens(100_000, 100_000));
    call
}

fn bill(call: &Invocation) -> CostBreakdown {
    Prices::default().of_invocation(call).expect("usage")
}

fn total(call: &Invocation) -> String {
    let total = bill(call).total();
    total.map_or_else(
        || "unknown".to_owned(),
        |usd| usd.amount().normalize().to_string(),
    )
}

#[test]
fn the_id_says_where_a_call_goes_and_that_sets_its_rate() {
    // 0.1 × (3.30 + 16.50), globally 0.1 × (3 + 15)
    let sonnet = "anthropic.claude-sonnet-4-5-20250929-v1:0";
    assert_eq!(total(&call(sonnet)), "1.98");
    assert_eq!(total(&call(&format!("us.{sonnet}"))), "1.98");
    assert_eq!(total(&call(&format!("global.{sonnet}"))), "1.8");
    // 0.1 × (0.33 + 2.75), globally 0.1 × (0.30 + 2.50): not the same factor.
    assert_eq!(total(&call("amazon.nova-2-lite-v1:0")), "0.308");
    assert_eq!(total(&call("global.amazon.nova-2-lite-v1:0")), "0.28");
    // Version 2 and version 1 of a model are two models: 0.1 × 0.02 and nothing out.
    let mut embedding = call("amazon.titan-embed-text-v2:0");
    embedding.usage = Some(tokens(100_000, 0));
    assert_eq!(total(&embedding), "0.002");
}

#[test]
fn an_arn_is_priced_by_the_resource_it_names() {
    let arn = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0";
    // 0.1 × (0.06 + 0.24)
    assert_eq!(total(&call(arn)), "0.03");
    let own = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123";
    assert_eq!(
        total(&call(own)),
        "unknown",
        "what it stands for is not known"
    );
}

#[test]
fn a_router_is_billed_as_the_model_it_chose() {
    let router = "arn:aws:bedrock:us-east-1:123456789012:default-prompt-router/anthropic.claude:1";
    let mut call = call(router);
    assert_eq!(total(&call), "unknown");
    call.trace = Some(json!({"promptRouter": {"invokedModelId":
        "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0"}}));
    assert_eq!(total(&call), "0.03");
}

#[test]
fn what_the_response_says_served_a_call_sets_its_tier() {
    let mut fast = call("amazon.nova-pro-v1:0");
    // 0.1 × (0.80 + 3.20)
    assert_eq!(total(&fast), "0.4");
    fast.latency = Some(Latency::Optimized);
    // 0.1 × (1 + 4)
    assert_eq!(total(&fast), "0.5");
    fast.latency = Some(Latency::Standard);
    assert_eq!(total(&fast), "0.4");
    fast.service_tier = Some(ServiceTier::Reserved);
    assert_eq!(
        total(&fast),
        "unknown",
        "bought capacity is paid by the hour"
    );
}

#[test]
fn tokens_of_the_cache_without_a_price_make_the_cost_unknown() {
    let mut call = call("mistral.mistral-large-2402-v1:0");
    // 0.1 × (4 + 12)
    assert_eq!(total(&call), "1.6");
    call.usage = Some(Usage {
        cache_read_input_tokens: 1,
        ..tokens(100_000, 100_000)
    });
    assert_eq!(total(&call), "unknown", "never the input price");
}

#[test]
fn writes_to_the_cache_cost_by_how_long_they_are_kept() {
    let mut call = call("anthropic.claude-sonnet-4-6");
    let written = |details: Vec<CacheDetail>| Usage {
        cache_write_input_tokens: 100_000,
        cache_details: details,
        ..Usage::default()
    };
    // 0.1 × 4.125: five minutes where nothing is said.
    call.usage = Some(written(Vec::new()));
    assert_eq!(total(&call), "0.4125");
    // 0.1 × 6.60
    call.usage = Some(written(vec![CacheDetail {
        ttl: CacheTtl::OneHour,
        input_tokens: 100_000,
    }]));
    assert_eq!(total(&call), "0.66");
}

#[test]
fn a_long_context_counts_what_is_cached_and_prices_everything() {
    let mut call = call(SONNET_4);
    let usage = |read| Usage {
        cache_read_input_tokens: read,
        ..tokens(100_000, 100_000)
    };
    // At the threshold: 0.1 × 3 + 0.1 × 15 + 0.1 × 0.30
    call.usage = Some(usage(100_000));
    assert_eq!(total(&call), "1.83");
    // One token beyond it: 0.1 × 6 + 0.1 × 22.50 + 100,001 × 0.60 ÷ 1M
    call.usage = Some(usage(100_001));
    assert_eq!(total(&call), "2.9100006");
}

#[test]
fn a_guardrail_is_billed_by_the_units_its_trace_tells() {
    let mut call = call(NOVA_LITE);
    let assessed = |usage: Value| json!({"invocationMetrics": {"usage": usage}});
    call.trace = Some(json!({"guardrail": {
        "inputAssessment": {"g": assessed(json!({"topicPolicyUnits": 2, "contentPolicyUnits": 1,
            "wordPolicyUnits": 5, "contentPolicyImageUnits": 1}))},
        "outputAssessments": {"g": [assessed(json!({"topicPolicyUnits": 1,
            "sensitiveInformationPolicyUnits": 3, "contextualGroundingPolicyUnits": 0}))]},
    }}));
    // 0.03 for tokens; 3 × 0.00015 + 1 × 0.00015 + 5 × 0 + 1 × 0.00075 + 3 × 0.0001
    assert_eq!(total(&call), "0.03165");
    let topics = Meter::GuardrailUnit(GuardrailPolicy::Topic);
    let lines = bill(&call).lines;
    let line = lines.iter().find(|line| line.meter == topics);
    assert_eq!(line.map(|line| line.quantity), Some(3), "prompt and answer");
}

/// A response that the service gave: one topic unit for the prompt, one for the answer.
#[test]
fn a_recorded_guardrail_trace_is_billed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/traffic/Converse__us.nova-micro__guardrail+guardrail-trace.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("skipped: no recordings beside this checkout");
        return;
    };
    let recording: Value = serde_json::from_str(&text).unwrap();
    let body = recording["response"]["body_utf8"].as_str().unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    let mut call = call("us.amazon.nova-micro-v1:0");
    call.usage = Some(serde_json::from_value(body["usage"].clone()).unwrap());
    call.trace = Some(body["trace"].clone());
    // 13 × 0.035 ÷ 1M + 67 × 0.14 ÷ 1M + 2 × 0.00015
    assert_eq!(total(&call), "0.000309835");
}

#[test]
fn searches_are_billed_by_the_query() {
    for (id, usd) in [
        ("amazon.rerank-v1:0", "0.001"),
        ("cohere.rerank-v3-5:0", "0.002"),
    ] {
        let id = ModelId::from(id);
        let query = PriceQuery::on_demand(&id, "us-west-2");
        let bill = Prices::default().bill([(Meter::SearchUnit, 1)], &query);
        assert_eq!(bill.total(), Some(Usd::new(usd.parse().unwrap())), "{id}");
    }
}

#[test]
fn a_call_that_told_no_usage_has_no_cost_at_all() {
    let mut call = call(NOVA_LITE);
    call.usage = None;
    assert!(Prices::default().of_invocation(&call).is_none());
}

// Section 3.3.

fn today() -> Day {
    Day::parse("2026-11-21").unwrap()
}

/// What is read of rows: the prices as `meter tier scope usd`, and the reasons of what is not taken.
fn read(offer: Offer, rows: &[Row]) -> (Vec<String>, Vec<RejectReason>) {
    let reading = price_list::read(file(offer, rows).as_bytes(), offer, today()).unwrap();
    let prices = reading.prices.iter().map(|(key, usd)| {
        format!(
            "{} {} {:?} {}",
            key.meter.as_str(),
            key.tier.as_str(),
            key.scope,
            usd.amount()
        )
    });
    let reasons = reading.rejects.into_iter().map(|reject| reject.reason);
    (prices.collect(), reasons.collect())
}

fn unit(mut row: Row, unit: &'static str) -> Row {
    row.unit = unit;
    row
}

fn with(mut row: Row, attribute: &str, value: &str) -> Row {
    row.attributes[attribute] = json!(value);
    row
}

#[test]
fn pitfall_1_the_unit_is_read_and_an_unknown_one_is_refused() {
    let (prices, _) = read(Offer::Bedrock, &[nova("input-tokens", "0.00006")]);
    assert_eq!(prices, ["input standard Regional 0.06"]);
    let million = unit(nova("input-tokens", "0.06"), "1M tokens");
    assert_eq!(
        read(Offer::Bedrock, &[million]).0,
        ["input standard Regional 0.06"]
    );
    for other in ["tokens", "10K tokens", "Units", "hour", ""] {
        let row = unit(nova("input-tokens", "0.06"), other);
        let (prices, reasons) = read(Offer::Bedrock, &[row]);
        assert!(prices.is_empty(), "{other}");
        assert_eq!(reasons, [RejectReason::Unit(other.to_owned())]);
    }
}

#[test]
fn pitfall_2_every_way_of_naming_a_tier_is_seen() {
    let base = || nova("input-tokens", "0.00003");
    for row in [
        nova("input-tokens-batch", "0.00003"),
        with(base(), "feature", "BatchInference"),
        with(base(), "feature", "Batch Inference"),
        with(base(), "inferenceType", "Input tokens batch"),
        with(base(), "service_tier", "batch"),
        with(base(), "batch", "True"),
    ] {
        let attributes = row.attributes.to_string();
        let (prices, _) = read(Offer::Bedrock, &[row]);
        assert_eq!(prices, ["input batch Regional 0.03"], "{attributes}");
    }
}

#[test]
fn pitfall_3_what_looks_like_tokens_and_is_not_is_left_alone() {
    let rows = [
        nova("input-tokens-custom-model", "0.00006"),
        nova("Customization-Training", "0.002"),
        nova("ProvisionedThroughput-NoCommit", "20"),
        nova("prompt-optimization-input-tokens", "0.00003"),
        with(
            nova("x", "0.15"),
            "usagetype",
            "USE1-Guardrail-ContentPolicyUnitsConsumed",
        ),
    ];
    assert_eq!(read(Offer::Bedrock, &rows), (Vec::new(), Vec::new()));
    let reserved = unit(sonnet("Reserved_1Month_InputTPM", "0.3"), "1M TPM Hour");
    assert_eq!(
        read(Offer::FoundationModels, &[reserved]),
        (Vec::new(), Vec::new())
    );
}

#[test]
fn pitfall_4_global_has_three_spellings() {
    let of = |words| read(Offer::FoundationModels, &[sonnet(words, "3")]).0;
    assert_eq!(of("InputTokenCount_Global"), ["input standard Global 3"]);
    assert_eq!(
        of("input_tokens_global_standard"),
        ["input standard Global 3"]
    );
    let (prices, _) = read(
        Offer::Bedrock,
        &[nova("input-tokens-cross-region-global", "0.00005")],
    );
    assert_eq!(prices, ["input standard Global 0.05"]);
}

#[test]
fn pitfall_5_two_endpoints_of_one_model_that_differ_are_both_held_back() {
    let grok = |usagetype: &str, usd| {
        let attributes = json!({"regionCode": "us-east-1", "usagetype": usagetype});
        row(attributes, "1K tokens", usd)
    };
    let rows = [
        grok(
            "USE1-qwen.qwen3-32b-v1:0-mantle-input-tokens-standard",
            "0.00015",
        ),
        grok("USE1-qwen.qwen3-32b-v1:0-mantle-input-tokens", "0.00016"),
    ];
    let (prices, reasons) = read(Offer::Bedrock, &rows);
    assert!(prices.is_empty(), "{prices:?}");
    assert_eq!(reasons, [RejectReason::TwoPrices]);
}

#[test]
fn pitfall_6_an_hour_of_cache_has_several_spellings() {
    for words in [
        "CacheWrite1hInputTokenCount",
        "cache_write_tokens_1h_standard",
    ] {
        let (prices, _) = read(Offer::FoundationModels, &[sonnet(words, "6")]);
        assert_eq!(prices, ["cacheWrite1h standard Regional 6"], "{words}");
    }
    for words in [
        "cache-write-1-hour-input-token-count",
        "cache-write-1h-input-token-count",
    ] {
        let (prices, _) = read(Offer::Bedrock, &[nova(words, "0.006")]);
        assert_eq!(prices, ["cacheWrite1h standard Regional 6"], "{words}");
    }
    let thirty = [sonnet("cache_write_tokens_30m_standard", "4")];
    let (prices, _) = read(Offer::FoundationModels, &thirty);
    assert_eq!(prices, ["cacheWrite30m standard Regional 4"]);
}

#[test]
fn pitfall_7_pictures_sound_and_video_are_no_text() {
    for kind in [
        "Input Image Token Count",
        "Output Speech Token Count",
        "Video",
    ] {
        let row = with(nova("input-tokens", "9"), "inferenceType", kind);
        assert_eq!(
            read(Offer::Bedrock, &[row]).0,
            Vec::<String>::new(),
            "{kind}"
        );
    }
    for words in ["T2I-1024-Standard", "Custom-T2I-1024-Premium", "T2V-HD"] {
        let picture = unit(nova(words, "0.04"), "image");
        let nothing = (Vec::new(), Vec::new());
        assert_eq!(read(Offer::Bedrock, &[picture]), nothing, "{words}");
    }
}

#[test]
fn pitfall_8_products_of_the_marketplace_share_usage_types() {
    let other = with(
        sonnet("InputTokenCount", "9"),
        "servicename",
        "Some Other Model (Amazon Bedrock Edition)",
    );
    let legacy = with(
        sonnet("InputTokenCount", "8"),
        "servicename",
        "Claude Sonnet 4 (100K) (Amazon Bedrock Edition)",
    );
    let rows = [sonnet("InputTokenCount", "3"), other, legacy];
    let (prices, reasons) = read(Offer::FoundationModels, &rows);
    assert_eq!(prices, ["input standard Regional 3"]);
    assert!(reasons.is_empty(), "{reasons:?}");
}

#[test]
fn pitfall_9_volume_bands_are_no_context_lengths() {
    let whole: Value =
        serde_json::from_str(&file(Offer::Bedrock, &[nova("input-tokens", "0.00006")])).unwrap();
    let mut terms = whole["terms"].clone();
    let band = |from: &str, to: &str, usd: &str| {
        json!({"unit": "1K tokens", "beginRange": from, "endRange": to,
            "pricePerUnit": {"USD": usd}})
    };
    terms["OnDemand"]["SKU0"]["SKU0.T"]["priceDimensions"] = json!({
        "A": band("0", "200000", "0.00006"),
        "B": band("200000", "Inf", "0.00012"),
    });
    let text = format!(
        r#"{{"offerCode":"AmazonBedrock","publicationDate":"2026-11-20T08:00:00Z","products":{},"terms":{terms}}}"#,
        whole["products"]
    );
    let reading = price_list::read(text.as_bytes(), Offer::Bedrock, today()).unwrap();
    assert!(reading.prices.is_empty());
    assert_eq!(reading.rejects[0].reason, RejectReason::Bands);
}

/// A tier that no source prices is not guessed from another by its usual ratio.
#[test]
fn a_tier_without_a_row_is_unknown() {
    let id = ModelId::from(NOVA_LITE);
    let of = |tier| {
        let query = PriceQuery {
            tier: Some(tier),
            ..PriceQuery::on_demand(&id, "us-east-1")
        };
        Prices::default()
            .breakdown(&tokens(2_000, 1_000), &query)
            .total()
    };
    assert!(of(Tier::Standard).is_some());
    assert!(of(Tier::Flex).is_none());
}
