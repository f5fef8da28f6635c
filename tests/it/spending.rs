//! What the ledger has to tell, worked out by hand beside it.

use std::collections::BTreeSet;

use bedrock_playground::catalog::ModelId;
use bedrock_playground::chat::{CacheDetail, CacheTtl, Usage};
use bedrock_playground::pricing::{PriceQuery, Prices, Tier};
use bedrock_playground::spending::{By, alt_texts, cache_savings, estimates, other_models, report};
use bedrock_playground::store::{BilledLine, Expected, LedgerRow, Screen, SpendRow};

use crate::store::usd;
use crate::store_spend::row;

const SONNET: &str = "anthropic.claude-sonnet-4-5-20250929-v1:0";

fn call(model: &str, usage: Usage) -> LedgerRow {
    let id = ModelId::from(model);
    let bill = Prices::default().breakdown(&usage, &PriceQuery::on_demand(&id, "us-east-1"));
    LedgerRow {
        spend: SpendRow {
            model: id,
            tier: Some(Tier::Standard),
            cost: bill.total(),
            lines: BilledLine::of(&bill),
            usage,
            ..row(1_795_303_800_000, None)
        },
        tags: BTreeSet::new(),
    }
}

fn tokens(input: u64, output: u64) -> Usage {
    Usage {
        input_tokens: input,
        output_tokens: output,
        total_tokens: input + output,
        ..Usage::default()
    }
}

#[test]
fn caching_is_weighed_against_reading_anew() {
    let row = call(
        SONNET,
        Usage {
            cache_read_input_tokens: 10_000,
            cache_write_input_tokens: 3_000,
            cache_details: vec![
                CacheDetail {
                    ttl: CacheTtl::FiveMinutes,
                    input_tokens: 1_000,
                },
                CacheDetail {
                    ttl: CacheTtl::OneHour,
                    input_tokens: 2_000,
                },
            ],
            ..tokens(100, 10)
        },
    );
    let savings = cache_savings([&row]);
    // 10,000 × (3.30 − 0.33) ÷ 1M
    assert_eq!(savings.saved, usd("0.0297"));
    // 1,000 × (4.125 − 3.30) ÷ 1M + 2,000 × (6.60 − 3.30) ÷ 1M
    assert_eq!(savings.extra, usd("0.007425"));
    assert_eq!(savings.net(), usd("0.022275"));
    assert_eq!(
        (savings.tokens_read, savings.tokens_written),
        (10_000, 3_000)
    );
}

#[test]
fn an_alt_text_costs_so_much_on_the_average() {
    let mut first = call("amazon.nova-lite-v1:0", tokens(2_000, 1_000));
    first.spend.screen = Screen::alt_text();
    let mut second = call("amazon.nova-lite-v1:0", tokens(1_000, 500));
    second.spend.screen = Screen::alt_text();
    let mut unknown = second.clone();
    unknown.spend.cost = None;
    let chat = call("amazon.nova-lite-v1:0", tokens(9_000, 9_000));
    let sum = alt_texts([&first, &second, &unknown, &chat]);
    // (0.00036 + 0.00018) ÷ 2
    assert_eq!(sum.average(), Some(usd("0.00027")));
    assert_eq!(sum.unknown, 1);
    assert_eq!(alt_texts([&chat]).average(), None);
}

#[test]
fn estimates_are_held_against_what_came() {
    let expected = |low, high| {
        Some(Expected {
            input_low: low,
            input_high: high,
            low: usd("0.0001"),
            high: usd("0.001"),
            counted: false,
        })
    };
    let mut right = call("amazon.nova-lite-v1:0", tokens(2_000, 1_000));
    right.spend.estimate = expected(1_800, 2_200);
    let mut low = call("amazon.nova-lite-v1:0", tokens(1_000, 9_000));
    low.spend.estimate = expected(700, 900);
    let none = call("amazon.nova-lite-v1:0", tokens(1, 1));
    let quality = estimates(&[right, low, none]);
    assert_eq!(quality.calls, 2);
    // 9,000 × 0.24 ÷ 1M is above 0.001.
    assert_eq!((quality.cost_within, quality.input_within), (1, 1));
    // 0 % and 20 % off the middle
    assert_eq!(
        quality
            .input_error_percent
            .map(|share| share.to_string())
            .as_deref(),
        Some("10")
    );
}

#[test]
fn the_same_usage_on_other_models() {
    let rows = [
        call(SONNET, tokens(2_000, 1_000)),
        call(SONNET, tokens(2_000, 1_000)),
    ];
    let models = other_models(&rows, &Prices::default());
    let cost = |id: &str| {
        models
            .iter()
            .find(|model| model.id.as_str() == id)
            .map(|model| model.cost)
    };
    // Twice the worked examples.
    assert_eq!(cost("amazon.nova-micro-v1:0"), Some(usd("0.00042")));
    assert_eq!(cost("amazon.nova-lite-v1:0"), Some(usd("0.00072")));
    assert_eq!(cost("amazon.nova-pro-v1:0"), Some(usd("0.0096")));
    // 4,000 × 3.30 ÷ 1M + 2,000 × 16.50 ÷ 1M
    assert_eq!(cost(SONNET), Some(usd("0.0462")));
    assert!(models.is_sorted_by_key(|model| model.cost));
    assert_eq!(cost("zai.glm-4.6"), None, "no source has its price");
}

/// Many short requests are not one long one, and a long one is.
#[test]
fn the_length_of_each_request_sets_its_price_on_other_models() {
    let of = |rows: &[LedgerRow]| {
        let models = other_models(rows, &Prices::default());
        let found = models
            .iter()
            .find(|model| model.id.as_str() == "anthropic.claude-sonnet-4-20250514-v1:0");
        found.map(|model| model.cost)
    };
    let short: Vec<_> = (0..3).map(|_| call(SONNET, tokens(100_000, 0))).collect();
    // 300,000 × 3 ÷ 1M, each below the threshold of 200,000
    assert_eq!(of(&short), Some(usd("0.9")));
    // 300,000 × 6 ÷ 1M
    assert_eq!(of(&[call(SONNET, tokens(300_000, 0))]), Some(usd("1.8")));
}

#[test]
fn a_model_without_a_cache_reads_everything_anew() {
    let cached = call(
        SONNET,
        Usage {
            cache_read_input_tokens: 1_000,
            ..tokens(1_000, 0)
        },
    );
    let models = other_models([&cached], &Prices::default());
    let model = models
        .iter()
        .find(|model| model.id.as_str() == "mistral.mistral-large-2402-v1:0");
    let id = ModelId::from("mistral.mistral-large-2402-v1:0");
    let query = PriceQuery::on_demand(&id, "us-east-1");
    let anew = Prices::default().breakdown(&tokens(2_000, 0), &query);
    assert_eq!(model.map(|model| model.cost), anew.total());
}

#[test]
fn a_report_keeps_what_was_made_up_apart() {
    let paid = call("amazon.nova-lite-v1:0", tokens(2_000, 1_000));
    let mut made_up = paid.clone();
    made_up.spend.simulated = true;
    let report = report(
        &[paid, made_up.clone(), made_up],
        By::Model,
        &Prices::default(),
    );
    assert_eq!(report.charged.total.cost, usd("0.00036"));
    assert_eq!(report.simulated.total.cost, usd("0.00072"));
    assert_eq!(
        (report.charged.total.calls, report.simulated.total.calls),
        (1, 2)
    );
}
