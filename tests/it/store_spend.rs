//! The ledger: sums are exact, what was made up is never money, and what was written never changes.

use std::collections::BTreeSet;

use bedrock_playground::catalog::ModelId;
use bedrock_playground::chat::{CacheDetail, CacheTtl, Usage};
use bedrock_playground::pricing::{Day, Meter, PriceQuery, Prices, Tier, Usd};
use bedrock_playground::spending::{By, Half, half, moments, spent};
use bedrock_playground::store::{
    BilledLine, ConversationId, Expected, LedgerRow, Screen, SpendRow, Store, UnixMs,
};

use crate::store::{Place, place, usd};

/// 2026-11-21T23:30:00Z.
const LATE: i64 = 1_795_303_800_000;

pub fn row(at: i64, cost: Option<&str>) -> SpendRow {
    SpendRow {
        at: UnixMs(at),
        model: "amazon.nova-lite-v1:0".into(),
        region: "us-east-1".into(),
        connection: "work".into(),
        tier: Some(Tier::LatencyOptimized),
        usage: Usage {
            input_tokens: 10,
            output_tokens: 20,
            total_tokens: 35,
            cache_read_input_tokens: 4,
            cache_write_input_tokens: 1,
            cache_details: vec![CacheDetail {
                ttl: CacheTtl::FiveMinutes,
                input_tokens: 1,
            }],
        },
        cost: cost.map(usd),
        lines: Vec::new(),
        simulated: false,
        screen: Screen::chat(),
        conversation: Some(ConversationId::new()),
        project: None,
        estimate: None,
    }
}

fn all(store: &Store) -> Vec<LedgerRow> {
    store.ledger(UnixMs(0)..UnixMs(i64::MAX)).unwrap()
}

fn charged(rows: &[LedgerRow], by: By) -> Half {
    half(rows.iter().filter(|row| !row.spend.simulated), by)
}

#[test]
fn a_call_comes_back_as_it_was() {
    let Place { store, .. } = &place();
    let id = ModelId::from("anthropic.claude-sonnet-4-5-20250929-v1:0");
    let query = PriceQuery::on_demand(&id, "us-east-1");
    let usage = Usage {
        input_tokens: 1_000,
        output_tokens: 100,
        total_tokens: 1_600,
        cache_read_input_tokens: 200,
        cache_write_input_tokens: 300,
        cache_details: vec![
            CacheDetail {
                ttl: CacheTtl::FiveMinutes,
                input_tokens: 200,
            },
            CacheDetail {
                ttl: CacheTtl::OneHour,
                input_tokens: 100,
            },
        ],
    };
    let bill = Prices::default().breakdown(&usage, &query);
    let written = SpendRow {
        model: id,
        tier: None,
        usage,
        cost: bill.total(),
        lines: BilledLine::of(&bill),
        project: Some("Atlas".into()),
        estimate: Some(Expected {
            input_low: 900,
            input_high: 1_700,
            low: usd("0.003"),
            high: usd("0.01"),
            counted: true,
        }),
        ..row(LATE, None)
    };
    store.record_spend(&written).unwrap();
    let rows = all(store);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].spend, written);
    assert_eq!(rows[0].tags, BTreeSet::from(["Atlas".to_owned()]));
    // 1,000 × 3.30 / 1M, as it was when it was written.
    let input = rows[0].spend.line(Meter::Input).unwrap();
    assert_eq!(input.amount(), Some(usd("0.0033")));
    assert_eq!(input.source.as_deref(), Some("bundled 2026-11-21"));
}

#[test]
fn sums_are_exact_and_unknown_is_not_nothing() {
    let Place { store, .. } = &place();
    for cost in [Some("0.1"), Some("0.2"), Some("0.00000000000072"), None] {
        store.record_spend(&row(LATE, cost)).unwrap();
    }
    let total = charged(&all(store), By::Day).total;
    assert_eq!(total.cost, usd("0.30000000000072"));
    assert_eq!((total.calls, total.unknown), (4, 1));
    assert_eq!((total.input, total.output), (40, 80));
    assert_eq!((total.cache_read, total.cache_write), (16, 4));
    assert_eq!(total.tokens(), 140);
    assert_eq!(total.cost_in_words(), "$0.30 and 1 call of unknown cost");
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
    let rows = all(store);
    assert_eq!(charged(&rows, By::Day).total.cost, usd("0.5"));
    assert_eq!(charged(&rows, By::Day).total.calls, 1);
    let today = Day::parse("2026-11-21").unwrap();
    assert_eq!(spent(&rows, today).month, usd("0.5"));
    assert!(store.ledger(UnixMs(0)..UnixMs(LATE)).unwrap().is_empty());
}

#[test]
fn days_are_those_of_utc_as_the_bill_has_them() {
    let Place { store, .. } = &place();
    store.record_spend(&row(LATE, Some("1"))).unwrap();
    let next = SpendRow {
        connection: "home".into(),
        ..row(LATE + 60 * 60 * 1_000, Some("2"))
    };
    store.record_spend(&next).unwrap();
    let rows = all(store);
    let days: Vec<_> = charged(&rows, By::Day)
        .groups
        .into_iter()
        .map(|group| (group.name, group.sum.cost))
        .collect();
    assert_eq!(
        days,
        [
            ("2026-11-21".to_owned(), usd("1")),
            ("2026-11-22".to_owned(), usd("2")),
        ]
    );
    let day = |text| Day::parse(text).unwrap();
    let of = |from, to| store.ledger(moments(day(from), day(to))).unwrap().len();
    assert_eq!(of("2026-11-21", "2026-11-21"), 1);
    assert_eq!(of("2026-11-20", "2026-11-22"), 2);
    let so_far = spent(&rows, day("2026-11-22"));
    assert_eq!((so_far.day, so_far.month), (usd("2"), usd("3")));
    assert_eq!(so_far.connections.get("home"), Some(&usd("2")));
    assert_eq!(spent(&rows, day("2026-12-01")).month, Usd::ZERO);
}

#[test]
fn calls_are_added_up_by_what_a_person_asks_for() {
    let Place { store, .. } = &place();
    let alt = SpendRow {
        screen: Screen::alt_text(),
        project: Some("Atlas".into()),
        ..row(LATE, Some("3"))
    };
    let picture = SpendRow {
        screen: Screen::images(),
        project: Some("Atlas".into()),
        ..row(LATE, Some("2"))
    };
    for row in [row(LATE, Some("1")), alt, picture] {
        store.record_spend(&row).unwrap();
    }
    let rows = all(store);
    let names = |by| -> Vec<String> {
        let groups = charged(&rows, by).groups.into_iter();
        groups.map(|group| group.name).collect()
    };
    assert_eq!(
        names(By::Screen),
        ["Alt text", "Image playground", "Chat playground"],
        "the dearest first"
    );
    assert_eq!(names(By::Tag), ["Atlas", "no tag"]);
    assert_eq!(names(By::Connection), ["work"]);
    assert_eq!(names(By::Model), ["amazon.nova-lite-v1:0"]);
}
