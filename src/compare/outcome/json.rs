//! An outcome for scripts.

use serde_json::{Map, Value, json};

use super::{Outcome, status};
use crate::chat::{InvocationRecord, Message};
use crate::compare::{Judgement, Run, Spread, Summary, leaders};
use crate::pricing::Usd;

/// What a file of ours says of itself.
const FORMAT: &str = "bedrock-playground/comparison";
/// The form of such a file.
const VERSION: u64 = 1;

pub(super) fn whole(outcome: &Outcome<'_>) -> Value {
    let summaries = outcome.summaries();
    let ahead = leaders(&summaries);
    let labels = |columns: &[crate::compare::ColumnId]| -> Value {
        columns
            .iter()
            .map(|column| outcome.comparison.label(*column))
            .collect()
    };
    let runs: Vec<Value> = outcome
        .runs()
        .iter()
        .map(|run| record(outcome, run))
        .collect();
    json!({
        "format": FORMAT,
        "version": VERSION,
        "title": outcome.title,
        "date": outcome.date,
        "simulated": outcome.is_simulated(),
        "columns": columns(outcome, &summaries),
        "fastest": labels(&ahead.fastest),
        "cheapest": labels(&ahead.cheapest),
        "longest": labels(&ahead.longest),
        "runs": runs,
    })
}

pub(super) fn lines(outcome: &Outcome<'_>) -> String {
    let runs = outcome.runs();
    runs.iter().map(|run| line(outcome, run)).collect()
}

pub(super) fn line(outcome: &Outcome<'_>, run: &Run<'_>) -> String {
    format!("{}\n", record(outcome, run))
}

fn columns(outcome: &Outcome<'_>, summaries: &[Summary]) -> Value {
    let shared = &outcome.comparison.shared;
    let columns = outcome.comparison.columns().iter().zip(summaries);
    columns
        .map(|(column, summary)| {
            json!({
                "column": outcome.comparison.label(column.id),
                "modelId": column.model_id.as_str(),
                "configuration": column.configuration(shared),
                "prompt": column.prompt,
                "summary": figures(summary),
            })
        })
        .collect()
}

fn figures(summary: &Summary) -> Value {
    let amount = |cost: Option<Usd>| cost.map(Usd::to_decimal_string);
    let spread = |spread: Spread| json!({ "p50": spread.p50, "p95": spread.p95 });
    json!({
        "complete": summary.complete,
        "failed": summary.failed,
        "stopped": summary.stopped,
        "firstTokenMs": spread(summary.first_token),
        "latencyMs": spread(summary.latency),
        "tokensPerSecond": summary.tokens_per_second,
        "inputTokens": summary.tokens_in,
        "outputTokens": summary.tokens_out,
        "cost": amount(summary.cost),
        "costPerThousandCalls": amount(summary.cost_per_thousand),
        "simulated": summary.simulated,
        "wins": summary.wins,
        "rating": summary.rating.map(|mean| mean.to_string()),
        "score": summary.score.map(|mean| mean.to_string()),
        "judgeCost": amount(summary.judge_cost),
    })
}

fn record(outcome: &Outcome<'_>, run: &Run<'_>) -> Value {
    let mut record = Map::new();
    let verdicts = outcome.comparison.verdicts();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            record.insert(name.to_owned(), value);
        }
    };
    put("row", (run.at.row + 1).into());
    put("round", (run.round + 1).into());
    put("column", outcome.comparison.label(run.at.column).into());
    put("prompt", run.prompt.map(Message::text).into());
    put("text", run.message.text().into());
    put("status", status(run).into());
    if let Ok(Value::Object(members)) = serde_json::to_value(InvocationRecord::of(run.invocation)) {
        for (name, value) in members {
            put(&name, value);
        }
    }
    let cost = run.breakdown(outcome.prices);
    put("cost", serde_json::to_value(cost).unwrap_or_default());
    put("tokensPerSecond", run.tokens_per_second().into());
    if outcome.is_winner(run) {
        put("winner", true.into());
    }
    put("rating", verdicts.rating(run.at).into());
    let judgement = verdicts.judgement(run.at);
    put(
        "judge",
        judgement.map(|judgement| judged(outcome, judgement)).into(),
    );
    record.into()
}

fn judged(outcome: &Outcome<'_>, judgement: &Judgement) -> Value {
    let (score, error) = match &judgement.score {
        Ok(score) => (Some(score), None),
        Err(failure) => (None, Some(failure)),
    };
    json!({
        "modelId": judgement.invocation.model_id.as_str(),
        "score": score.map(|score| score.points),
        "reason": score.map(|score| score.reason.as_str()),
        "error": error,
        "cost": judgement.cost(outcome.prices).map(Usd::to_decimal_string),
        "simulated": judgement.invocation.simulated,
    })
}
