//! The ledger: sums are exact, and what was made up is never money.

use bedrock_playground::chat::Usage;
use bedrock_playground::pricing::{Day, Tier, Usd};
use bedrock_playground::store::{ConversationId, Screen, SpendRow, UnixMs};

use crate::store::{Place, place, usd};

/// 2026-11-21T23:30:00Z.
const LATE: i64 = 1_795_303_800_000;

fn row(at: i64, cost: Option<&str>) -> SpendRow {
    SpendRow {
        at: UnixMs(at),
        model: "amazon.nova-lite-v1:0".into(),
        region: "us-east-1".into(),
        tier: Some(Tier::LatencyOptimized),
        usage: Usage {
            input_tokens: 10,
            output_tokens: 20,
            total_tokens: 35,
            cache_read_input_tokens: 4,
            cache_write_input_tokens: 1,
            cache_details: Vec::new(),
        },
        cost: cost.map(usd),
        price_source: Some("AWS price list".into()),
        simulated: false,
        screen: Screen::chat(),
        conversation: Some(ConversationId::new()),
    }
}

fn all() -> std::ops::Range<UnixMs> {
    UnixMs(0)..UnixMs(i64::MAX)
}

#[test]
fn sums_are_exact_and_unknown_is_not_nothing() {
    let Place { store, .. } = &place();
    for cost in [Some("0.1"), Some("0.2"), Some("0.00000000000072"), None] {
        store.record_spend(&row(LATE, cost)).unwrap();
    }
    let spend = store.spend(all(), 0).unwrap();
    assert_eq!(spend.charged.len(), 1);
    let total = spend.charged_total();
    assert_eq!(total.cost, usd("0.30000000000072"));
    assert_eq!((total.calls, total.unknown), (4, 1));
    assert_eq!(
        total.usage,
        Usage {
            input_tokens: 40,
            output_tokens: 80,
            total_tokens: 140,
            cache_read_input_tokens: 16,
            cache_write_input_tokens: 4,
            cache_details: Vec::new(),
        }
    );
}

#[test]
fn what_was_made_up_is_apart() {
    let Place { store, .. } = &place();
    store.record_spend(&row(LATE, Some("0.5"))).unwrap();
    let made_up = SpendRow {
        simulated: true,
        ..row(LATE, Some("100"))
    };
    store.record_spend(&made_up).unwrap();
    let spend = store.spend(all(), 0).unwrap();
    assert_eq!(spend.charged_total().cost, usd("0.5"));
    assert_eq!(spend.charged_total().calls, 1);
    assert_eq!(spend.simulated_total().cost, usd("100"));
    let nothing = store.spend(UnixMs(0)..UnixMs(LATE), 0).unwrap();
    assert_eq!(nothing.charged_total().cost, Usd::ZERO);
    assert!(nothing.charged.is_empty() && nothing.simulated.is_empty());
}

#[test]
fn days_are_those_where_the_person_is() {
    let Place { store, .. } = &place();
    store.record_spend(&row(LATE, Some("1"))).unwrap();
    let other = SpendRow {
        region: "eu-west-1".into(),
        tier: None,
        ..row(LATE + 60 * 60 * 1_000, Some("2"))
    };
    store.record_spend(&other).unwrap();
    let days = |minutes| -> Vec<(String, String, Usd)> {
        let spend = store.spend(all(), minutes).unwrap();
        spend
            .charged
            .iter()
            .map(|(key, sum)| (key.day.to_string(), key.region.clone(), sum.cost))
            .collect()
    };
    let row = |day: &str, region: &str, cost| (day.to_owned(), region.to_owned(), usd(cost));
    assert_eq!(
        days(0),
        [
            row("2026-11-21", "us-east-1", "1"),
            row("2026-11-22", "eu-west-1", "2"),
        ]
    );
    assert_eq!(days(60)[1], row("2026-11-22", "us-east-1", "1"));
    assert_eq!(days(-480)[1], row("2026-11-21", "us-east-1", "1"));
    assert!(Day::parse(&days(-480)[0].0).is_some());
}
