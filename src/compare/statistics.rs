//! What the runs of each column add up to.
//!
//! Percentiles are by nearest rank: the p-th is the smallest value that at least p % of the values
//! are not above, so every one is a value that was measured. The median is the 50th; of four values it
//! is the second. Costs are means, since bills add up.

mod tally;

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use self::tally::{Figures, Tally};
use super::{Column, ColumnId, Comparison};
use crate::catalog::ModelId;
use crate::pricing::{Prices, Usd};

/// The median and the 95th percentile of some values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// The median.
    pub p50: Option<u64>,
    /// What one in twenty is above.
    pub p95: Option<u64>,
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
    /// How many whole answers have a judge's score.
    pub scored: usize,
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
    let mut statistics = Statistics::default();
    statistics.update(comparison, prices);
    statistics.summaries(comparison)
}

/// What all runs add up to, brought up to date by what has changed: the figures of a row that has are taken out
/// and those it has now added, and no other row is looked into. Of one comparison, at one time's prices.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    columns: BTreeMap<ColumnId, Tally>,
    rows: Vec<RowFigures>,
}

/// What one row has added.
#[derive(Clone, Debug, Default)]
struct RowFigures {
    /// How often the row, and what was said of it, had changed by then.
    of: Option<(u64, u64)>,
    runs: Vec<(ColumnId, Figures)>,
    wins: Vec<ColumnId>,
}

impl Statistics {
    /// Takes in what has changed.
    pub fn update(&mut self, comparison: &Comparison, prices: &Prices) {
        let verdicts = comparison.verdicts();
        if comparison.rows().len() < self.rows.len() {
            *self = Self::default();
        }
        self.rows
            .resize_with(comparison.rows().len(), RowFigures::default);
        for (at, (row, figures)) in comparison.rows().iter().zip(&mut self.rows).enumerate() {
            let now = Some((row.changes, verdicts.changes(at)));
            if figures.of == now {
                continue;
            }
            for (column, figures) in figures.runs.drain(..) {
                self.columns.entry(column).or_default().take_out(&figures);
            }
            for column in figures.wins.drain(..) {
                self.columns.entry(column).or_default().wins -= 1;
            }
            figures.of = now;
            for column in comparison.columns() {
                let runs = comparison.runs_at(at, column.id);
                let of_runs = runs.map(|run| (column.id, Figures::of(&run, verdicts, prices)));
                figures.runs.extend(of_runs);
            }
            figures.wins.extend(verdicts.winners_of(at));
            for (column, figures) in &figures.runs {
                self.columns.entry(*column).or_default().add(figures);
            }
            for column in &figures.wins {
                self.columns.entry(*column).or_default().wins += 1;
            }
        }
    }

    /// The columns' summaries, in their order.
    #[must_use]
    pub fn summaries(&self, comparison: &Comparison) -> Vec<Summary> {
        let none = Tally::default();
        let columns = comparison.columns().iter();
        columns
            .map(|column| summary(column, self.columns.get(&column.id).unwrap_or(&none)))
            .collect()
    }
}

fn summary(column: &Column, tally: &Tally) -> Summary {
    let cost = tally.cost.total();
    Summary {
        column: column.id,
        model_id: column.model_id.clone(),
        complete: tally.complete,
        failed: tally.failed,
        stopped: tally.stopped,
        first_token: tally.first_token.spread(),
        latency: tally.latency.spread(),
        tokens_per_second: tally.tokens_per_second.spread().p50,
        tokens_in: tally.tokens_in.spread().p50,
        tokens_out: tally.tokens_out.spread().p50,
        cost,
        cost_per_thousand: cost.and_then(|cost| {
            let runs = u64::try_from(tally.complete).ok()?;
            cost.times(1_000, runs)
        }),
        simulated: tally.simulated > 0,
        scored: tally.scored,
        wins: tally.wins,
        rating: tally.ratings.mean(),
        score: tally.scores.mean(),
        judge_cost: tally.judge_cost.total(),
    }
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
