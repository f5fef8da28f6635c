//! An outcome for spreadsheets: a line an answer.

use super::{Outcome, asked, error, status};
use crate::chat::{StopReason, Usage};
use crate::compare::Run;
use crate::export::guarded_cell as guarded;
use crate::pricing::Usd;

const HEAD: [&str; 24] = [
    "row",
    "round",
    "column",
    "model",
    "prompt",
    "answer",
    "status",
    "stop_reason",
    "first_token_ms",
    "latency_ms",
    "tokens_per_second",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "cost_usd",
    "simulated",
    "winner",
    "rating",
    "score",
    "score_reason",
    "judge",
    "request_id",
    "error",
];

pub(super) fn write(outcome: &Outcome<'_>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut records = vec![HEAD.map(str::to_owned)];
    records.extend(outcome.runs().iter().map(|run| record(outcome, run)));
    for record in records {
        // Writing to memory cannot fail, and every line has as many cells as the head.
        writer.write_record(record).ok();
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn record(outcome: &Outcome<'_>, run: &Run<'_>) -> [String; 24] {
    let number = |value: Option<u64>| value.map(|value| value.to_string()).unwrap_or_default();
    let tokens = |count: fn(&Usage) -> u64| number(run.usage().map(count));
    let verdicts = outcome.comparison.verdicts();
    let judgement = verdicts.judgement(run.at);
    let score = judgement.and_then(|judgement| judgement.score.as_ref().ok());
    let stop = run.invocation.stop_reason.as_ref();
    [
        (run.at.row + 1).to_string(),
        (run.round + 1).to_string(),
        guarded(&outcome.comparison.label(run.at.column)),
        guarded(run.invocation.model_id.as_str()),
        guarded(&asked(run.prompt)),
        guarded(&run.message.text()),
        status(run).to_owned(),
        guarded(stop.map(StopReason::as_str).unwrap_or_default()),
        number(run.first_token_ms()),
        number(run.latency_ms()),
        number(run.tokens_per_second()),
        tokens(|usage| usage.input_tokens),
        tokens(|usage| usage.output_tokens),
        tokens(|usage| usage.cache_read_input_tokens),
        tokens(|usage| usage.cache_write_input_tokens),
        run.cost(outcome.prices)
            .map(Usd::to_decimal_string)
            .unwrap_or_default(),
        run.invocation.simulated.to_string(),
        outcome.is_winner(run).to_string(),
        number(verdicts.rating(run.at).map(u64::from)),
        number(score.map(|score| u64::from(score.points))),
        guarded(score.map(|score| score.reason.as_str()).unwrap_or_default()),
        guarded(judgement.map_or("", |judgement| judgement.invocation.model_id.as_str())),
        guarded(run.invocation.request_id.as_deref().unwrap_or_default()),
        guarded(&error(run).unwrap_or_default()),
    ]
}
