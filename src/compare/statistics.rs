//! What the runs of each column add up to.
//!
//! Percentiles are by nearest rank: the p-th is the smallest value that at least p % of the values
//! are not above, so every one is a value that was measured. The median is the 50th; of four values it
//! is the second. Costs are means, since bills add up.

use rust_decimal::Decimal;

use super::{ColumnId, Comparison, Run, Verdicts};
use crate::catalog::ModelId;
use crate::chat::InvocationStatus;
use crate::pricing::{Prices, Usd};

/// The median and the 95th percentile of some values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// The median.
    pub p50: Option<u64>,
    /// What one in twenty is above.
    pub p95: Option<u64>,
}

impl Spread {
    fn of(values: impl Iterator<Item = u64>) -> Self {
        let mut values: Vec<u64> = values.collect();
        values.sort_unstable();
        Self {
            p50: percentile(&values, 50),
            p95: percentile(&values, 95),
        }
    }
}

/// The percentile of sorted values by nearest rank; `None` when there are none.
#[must_use]
pub fn percentile(sorted: &[u64], percent: usize) -> Option<u64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

/// What the runs of one column add up to. Medians and costs are of complete answers alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The column.
    pub column: ColumnId,
    /// Its model.
    pub model_id: ModelId,
    /// How many answers are whole.
    pub complete: usize,
    /// How many failed.
    pub failed: usize,
    /// How many were stopped.
    pub stopped: usize,
    /// Time to first token, in milliseconds.
    pub first_token: Spread,
    /// Latency, in milliseconds.
    pub latency: Spread,
    /// Tokens a second, median.
    pub tokens_per_second: Option<u64>,
    /// Tokens of the prompt, median; cached ones counted in.
    pub tokens_in: Option<u64>,
    /// Tokens of the answer, median.
    pub tokens_out: Option<u64>,
    /// All costs; `None` when one is not known, or when there are none.
    pub cost: Option<Usd>,
    /// What a thousand such calls cost.
    pub cost_per_thousand: Option<Usd>,
    /// Whether the embedded endpoint gave any of the answers: then nothing was charged.
    pub simulated: bool,
    /// How often it was picked.
    pub wins: usize,
    /// The mean of a person's ratings.
    pub rating: Option<Decimal>,
    /// The mean of a judge's scores.
    pub score: Option<Decimal>,
    /// What judging its answers cost; `None` when that is not known, or when none was judged.
    pub judge_cost: Option<Usd>,
}

impl Summary {
    /// How many answers there are, in words: the whole ones, and those that failed or were stopped where
    /// there are any.
    #[must_use]
    pub fn answers(&self) -> String {
        let mut words = self.complete.to_string();
        if self.failed > 0 {
            words = format!("{words}, {} failed", self.failed);
        }
        if self.stopped > 0 {
            words = format!("{words}, {} stopped", self.stopped);
        }
        words
    }
}

/// The columns' summaries, in their order.
#[must_use]
pub fn summaries(comparison: &Comparison, prices: &Prices) -> Vec<Summary> {
    let columns = comparison.columns().iter();
    columns
        .map(|column| {
            let runs: Vec<Run<'_>> = comparison.runs(column.id).collect();
            summary(
                column.id,
                &column.model_id,
                &runs,
                comparison.verdicts(),
                prices,
            )
        })
        .collect()
}

fn summary(
    column: ColumnId,
    model_id: &ModelId,
    runs: &[Run<'_>],
    verdicts: &Verdicts,
    prices: &Prices,
) -> Summary {
    let complete: Vec<Run<'_>> = runs.iter().copied().filter(Run::is_complete).collect();
    let count = |is: fn(&InvocationStatus) -> bool| {
        let statuses = runs.iter().map(|run| &run.invocation.status);
        statuses.filter(|status| is(status)).count()
    };
    let cost = total(complete.iter().map(|run| run.cost(prices)));
    let judged = || {
        let judgements = runs.iter().filter_map(|run| verdicts.judgement(run.at));
        judgements.collect::<Vec<_>>()
    };
    let ratings = runs.iter().filter_map(|run| verdicts.rating(run.at));
    let scores = judged().into_iter().filter_map(|judgement| {
        let score = judgement.score.as_ref().ok()?;
        Some(score.points)
    });
    Summary {
        column,
        model_id: model_id.clone(),
        complete: complete.len(),
        failed: count(|status| matches!(status, InvocationStatus::Failed(_))),
        stopped: count(|status| *status == InvocationStatus::Stopped),
        first_token: spread(&complete, Run::first_token_ms),
        latency: spread(&complete, Run::latency_ms),
        tokens_per_second: spread(&complete, Run::tokens_per_second).p50,
        tokens_in: spread(&complete, tokens_in).p50,
        tokens_out: spread(&complete, |run| {
            run.usage().map(|usage| usage.output_tokens)
        })
        .p50,
        cost,
        cost_per_thousand: cost.and_then(|cost| {
            let runs = u64::try_from(complete.len()).ok()?;
            cost.times(1_000, runs)
        }),
        simulated: runs.iter().any(|run| run.invocation.simulated),
        wins: verdicts
            .winners()
            .filter(|(_, _, winner)| *winner == column)
            .count(),
        rating: mean(ratings),
        score: mean(scores),
        judge_cost: total(judged().iter().map(|judgement| judgement.cost(prices))),
    }
}

fn spread<'a>(runs: &[Run<'a>], value: impl Fn(&Run<'a>) -> Option<u64>) -> Spread {
    Spread::of(runs.iter().filter_map(value))
}

fn tokens_in(run: &Run<'_>) -> Option<u64> {
    let usage = run.usage()?;
    let cached = usage
        .cache_read_input_tokens
        .saturating_add(usage.cache_write_input_tokens);
    Some(usage.input_tokens.saturating_add(cached))
}

/// The sum, when there is something to add up and all of it is known.
fn total(mut costs: impl Iterator<Item = Option<Usd>>) -> Option<Usd> {
    let first = costs.next()??;
    costs.try_fold(first, |sum, cost| Some(sum + cost?))
}

fn mean(values: impl Iterator<Item = u8>) -> Option<Decimal> {
    let values: Vec<u8> = values.collect();
    let sum: u64 = values.iter().map(|value| u64::from(*value)).sum();
    Decimal::from(sum)
        .checked_div(Decimal::from(values.len()))
        .map(|mean| mean.round_dp(2).normalize())
}

/// Who is ahead in what; more than one where they are equal, none where only one is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaders {
    /// Least median latency.
    pub fastest: Vec<ColumnId>,
    /// Least cost for a call.
    pub cheapest: Vec<ColumnId>,
    /// Longest answers by their median tokens.
    pub longest: Vec<ColumnId>,
}

/// Who is ahead. A cost that is not known is not the least.
#[must_use]
pub fn leaders(summaries: &[Summary]) -> Leaders {
    Leaders {
        fastest: best(summaries, |summary| {
            summary.latency.p50.map(std::cmp::Reverse)
        }),
        cheapest: best(summaries, |summary| {
            summary.cost_per_thousand.map(std::cmp::Reverse)
        }),
        longest: best(summaries, |summary| summary.tokens_out),
    }
}

fn best<V: Ord>(summaries: &[Summary], value: impl Fn(&Summary) -> Option<V>) -> Vec<ColumnId> {
    let known: Vec<_> = summaries
        .iter()
        .filter_map(|summary| Some((value(summary)?, summary.column)))
        .collect();
    if known.len() < 2 {
        return Vec::new();
    }
    let best = known.iter().map(|(value, _)| value).max();
    let ahead = known.iter().filter(|(value, _)| Some(value) == best);
    ahead.map(|(_, column)| *column).collect()
}

#[cfg(test)]
mod tests;
