//! The figures are worked out by hand.

use super::*;
use crate::chat::{
    Configuration, Failure, Invocation, InvocationId, Metadata, Metrics, StreamEvent, Usage,
};
use crate::compare::Prompt;

/// One finished call of a column: milliseconds, tokens in, tokens out.
fn finish(
    comparison: &mut Comparison,
    call: u64,
    column: ColumnId,
    (latency, input, output): (u64, u64, u64),
) {
    let model = comparison.column(column).unwrap().model_id.clone();
    comparison.prepare(0, column).unwrap();
    let id = InvocationId(call);
    comparison.begin(0, column, Invocation::new(id, model, "us-east-1"));
    let metadata = Metadata {
        usage: Some(Usage {
            input_tokens: input,
            output_tokens: output,
            total_tokens: input + output,
            ..Usage::default()
        }),
        metrics: Metrics {
            latency_ms: Some(latency),
            time_to_first_token_ms: None,
        },
        ..Metadata::default()
    };
    comparison.apply(id, StreamEvent::Metadata(Box::new(metadata)));
    comparison.complete(id);
}

fn asked(models: &[&str]) -> (Comparison, Vec<ColumnId>) {
    let models = models.iter().map(|model| ModelId::from(*model));
    let mut comparison = Comparison::new(Configuration::default(), models);
    let row = comparison.add_row();
    comparison.ask(row, Prompt::typed("Why?", Vec::new()));
    let columns = comparison
        .columns()
        .iter()
        .map(|column| column.id)
        .collect();
    (comparison, columns)
}

const LITE: &str = "amazon.nova-lite-v1:0";
const MICRO: &str = "amazon.nova-micro-v1:0";

#[test]
fn percentiles_are_by_nearest_rank() {
    assert_eq!(percentile(&[], 50), None);
    assert_eq!(percentile(&[7], 95), Some(7));
    // Half of four are not above the second.
    assert_eq!(percentile(&[1, 2, 3, 4], 50), Some(2));
    assert_eq!(percentile(&[1, 2, 3, 4, 5], 50), Some(3));
    // 95 % of 20 is 19, of 21 it is 19.95.
    let values: Vec<u64> = (1..=21).collect();
    assert_eq!(percentile(&values[..20], 95), Some(19));
    assert_eq!(percentile(&values, 95), Some(20));
    assert_eq!(percentile(&values, 0), Some(1));
    assert_eq!(percentile(&values, 100), Some(21));
}

#[test]
fn repeats_give_medians_and_exact_costs() {
    let (mut comparison, columns) = asked(&[LITE, MICRO]);
    for (at, latency) in [900, 100, 500].into_iter().enumerate() {
        let call = 1 + at as u64;
        finish(&mut comparison, call, columns[0], (latency, 1_000, 500));
    }
    finish(&mut comparison, 9, columns[1], (400, 2_000, 1_000));
    let summaries = summaries(&comparison, &Prices::default());
    let lite = &summaries[0];
    assert_eq!(lite.complete, 3);
    assert_eq!(lite.latency.p50, Some(500));
    assert_eq!(lite.latency.p95, Some(900));
    // 500 tokens in 0.5 s; the others are 555 and 5,000.
    assert_eq!(lite.tokens_per_second, Some(1_000));
    // 1,000 × 0.06 / 1M + 500 × 0.24 / 1M = 0.00018 a call.
    let text = |cost: Option<Usd>| cost.map(Usd::to_decimal_string).unwrap();
    assert_eq!(text(lite.cost), "0.00054000");
    assert_eq!(text(lite.cost_per_thousand), "0.18000000");
    // 2,000 × 0.035 / 1M + 1,000 × 0.14 / 1M = 0.00021
    assert_eq!(text(summaries[1].cost_per_thousand), "0.21000000");
    let ahead = leaders(&summaries);
    assert_eq!(ahead.fastest, [columns[1]], "400 before 500");
    assert_eq!(ahead.cheapest, [columns[0]]);
    assert_eq!(ahead.longest, [columns[1]]);
}

#[test]
fn what_is_unknown_is_neither_nothing_nor_the_least() {
    let (mut comparison, columns) = asked(&[LITE, "example.model-v1:0"]);
    finish(&mut comparison, 1, columns[0], (100, 10, 10));
    finish(&mut comparison, 2, columns[1], (200, 10, 10));
    let summaries = summaries(&comparison, &Prices::default());
    assert_eq!(summaries[1].cost, None);
    assert_eq!(summaries[1].cost_per_thousand, None);
    let ahead = leaders(&summaries);
    assert!(
        ahead.cheapest.is_empty(),
        "there is nothing to compare with"
    );
    assert_eq!(ahead.longest, columns, "equal ones are both the longest");
}

#[test]
fn failed_calls_are_counted_and_not_measured() {
    let (mut comparison, columns) = asked(&[LITE, MICRO]);
    finish(&mut comparison, 1, columns[0], (100, 10, 10));
    comparison.refuse(0, columns[1], Failure::local("X", "no", "wait"));
    let summaries = summaries(&comparison, &Prices::default());
    assert_eq!((summaries[1].complete, summaries[1].failed), (0, 1));
    assert_eq!(summaries[1].latency, Spread::default());
    assert_eq!(summaries[1].cost, None);
}

#[test]
fn ratings_and_wins_are_counted_by_column() {
    let (mut comparison, columns) = asked(&[LITE, MICRO]);
    for call in 1..=3 {
        finish(&mut comparison, call, columns[0], (100, 10, 10));
    }
    let runs: Vec<_> = comparison.runs(columns[0]).map(|run| run.at).collect();
    let verdicts = comparison.verdicts_mut();
    verdicts.rate(runs[0], 5);
    verdicts.rate(runs[1], 4);
    verdicts.rate(runs[2], 4);
    verdicts.pick(0, 0, Some(columns[0]));
    let first = &summaries(&comparison, &Prices::default())[0];
    // 13 / 3 = 4.33…
    assert_eq!(
        first.rating.map(|mean| mean.to_string()).as_deref(),
        Some("4.33")
    );
    assert_eq!(first.wins, 1);
    comparison.verdicts_mut().rate(runs[0], 0);
    let first = &summaries(&comparison, &Prices::default())[0];
    assert_eq!(
        first.rating.map(|mean| mean.to_string()).as_deref(),
        Some("4")
    );
}

#[test]
fn what_is_brought_up_to_date_is_what_is_worked_out_anew() {
    let prices = Prices::default();
    let (mut comparison, columns) = asked(&[LITE, MICRO]);
    let mut statistics = Statistics::default();
    let mut check = |comparison: &Comparison, when: &str| {
        statistics.update(comparison, &prices);
        let kept = statistics.summaries(comparison);
        assert_eq!(kept, summaries(comparison, &prices), "{when}");
        kept
    };
    check(&comparison, "before anything came");
    finish(&mut comparison, 1, columns[0], (300, 10, 10));
    finish(&mut comparison, 2, columns[1], (100, 20, 20));
    check(&comparison, "after a first answer of each");
    finish(&mut comparison, 3, columns[0], (100, 30, 30));
    let last = check(&comparison, "after one more");
    // Of 100 and 300 the median is the first, and the 95th percentile the second.
    let (p50, p95) = (Some(100), Some(300));
    assert_eq!(last[0].latency, Spread { p50, p95 });
    let row = comparison.add_row();
    comparison.ask(row, Prompt::typed("And?", Vec::new()));
    comparison.refuse(row, columns[0], Failure::local("X", "no", "wait"));
    check(&comparison, "after another row, where one failed");
    let best = comparison.runs(columns[0]).next().unwrap().at;
    comparison.verdicts_mut().rate(best, 2);
    comparison.verdicts_mut().pick(0, 0, Some(columns[0]));
    check(&comparison, "after a word of praise");
    comparison.verdicts_mut().rate(best, 5);
    comparison.verdicts_mut().pick(0, 0, Some(columns[1]));
    let last = check(&comparison, "after a change of mind");
    assert_eq!((last[0].wins, last[1].wins), (0, 1));
    assert_eq!(last[0].rating, Some(Decimal::from(5)));
    comparison.remove_column(columns[1]);
    check(&comparison, "after a column has gone");
}
