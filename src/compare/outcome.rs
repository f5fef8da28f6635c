//! What came of a comparison, for reading and as files.

mod csv;
mod html;
mod json;
mod markdown;
mod table;

use super::{Comparison, Leaders, Run, RunRef, Summary, leaders, summaries};
use crate::chat::{ContentBlock, InvocationStatus, Message};
use crate::pricing::{Prices, Usd};

/// A form of an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeFormat {
    /// Answers and a table of figures, for a terminal.
    Table,
    /// A line an answer, with a head.
    Csv,
    /// One object with everything.
    Json,
    /// One object an answer, a line each.
    JsonLines,
    /// A document.
    Markdown,
    /// A page that needs nothing else.
    Html,
}

impl OutcomeFormat {
    /// The usual extension of such a file.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Table => "txt",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::JsonLines => "jsonl",
            Self::Markdown => "md",
            Self::Html => "html",
        }
    }
}

/// A comparison on its way out.
#[derive(Clone, Copy, Debug)]
pub struct Outcome<'a> {
    /// What it is called.
    pub title: &'a str,
    /// When, as RFC 3339; this module has no clock.
    pub date: &'a str,
    /// The comparison.
    pub comparison: &'a Comparison,
    /// What it is billed by.
    pub prices: &'a Prices,
}

impl<'a> Outcome<'a> {
    /// Writes it.
    #[must_use]
    pub fn write(&self, format: OutcomeFormat) -> String {
        match format {
            OutcomeFormat::Table => table::write(self),
            OutcomeFormat::Csv => csv::write(self),
            OutcomeFormat::Json => format!("{:#}\n", json::whole(self)),
            OutcomeFormat::JsonLines => json::lines(self),
            OutcomeFormat::Markdown => markdown::write(self),
            OutcomeFormat::Html => html::write(self),
        }
    }

    /// One answer as JSON Lines have it, its end of line with it.
    #[must_use]
    pub fn line(&self, at: RunRef) -> Option<String> {
        let run = self.comparison.run(at)?;
        Some(json::line(self, &run))
    }

    fn summaries(&self) -> Vec<Summary> {
        summaries(self.comparison, self.prices)
    }

    /// Every answer: row by row, round by round, in each the columns in their order.
    fn runs(&self) -> Vec<Run<'a>> {
        let mut runs = Vec::new();
        for row in 0..self.comparison.rows().len() {
            let first = runs.len();
            for column in self.comparison.columns() {
                runs.extend(self.comparison.runs_at(row, column.id));
            }
            runs[first..].sort_by_key(|run: &Run<'_>| run.round);
        }
        runs
    }

    /// The columns' figures as a table, its head first.
    fn figures(&self) -> Vec<Vec<String>> {
        let summaries = self.summaries();
        let ahead = leaders(&summaries);
        let mut rows = vec![HEAD.map(str::to_owned).to_vec()];
        rows.extend(
            summaries
                .iter()
                .map(|summary| self.figures_of(summary, &ahead)),
        );
        rows
    }

    fn figures_of(&self, summary: &Summary, ahead: &Leaders) -> Vec<String> {
        let number = |value: Option<u64>| value.map_or_else(none, |value| value.to_string());
        let price =
            |cost: Option<Usd>| cost.map_or_else(|| "unknown".to_owned(), |cost| cost.to_string());
        let mean = |value: Option<rust_decimal::Decimal>| {
            value.map_or_else(none, |value| value.to_string())
        };
        let mut notes: Vec<&str> = Vec::new();
        for (columns, word) in [
            (&ahead.fastest, "fastest"),
            (&ahead.cheapest, "cheapest"),
            (&ahead.longest, "longest"),
        ] {
            if columns.contains(&summary.column) {
                notes.push(word);
            }
        }
        if summary.simulated {
            notes.push("simulated, not charged");
        }
        vec![
            self.comparison.label(summary.column),
            summary.answers(),
            number(summary.first_token.p50),
            number(summary.latency.p50),
            number(summary.latency.p95),
            number(summary.tokens_per_second),
            number(summary.tokens_in),
            number(summary.tokens_out),
            price(summary.cost_per_thousand),
            summary.wins.to_string(),
            mean(summary.rating),
            mean(summary.score),
            notes.join(", "),
        ]
    }

    fn is_simulated(&self) -> bool {
        self.runs().iter().any(|run| run.invocation.simulated)
    }

    fn is_winner(&self, run: &Run<'_>) -> bool {
        let winner = self.comparison.verdicts().winner(run.at.row, run.round);
        winner == Some(run.at.column)
    }

    /// What a judge said of an answer, in one line.
    fn judged(&self, at: RunRef) -> Option<String> {
        let judgement = self.comparison.verdicts().judgement(at)?;
        let judge = &judgement.invocation.model_id;
        Some(match &judgement.score {
            Ok(score) => format!(
                "{} of {}: {} ({judge})",
                score.points,
                super::HIGHEST_SCORE,
                score.reason
            ),
            Err(failure) => format!("No score: {} ({judge})", failure.message),
        })
    }

    /// What an answer took, in one line.
    fn took(&self, run: &Run<'_>) -> String {
        let mut parts = Vec::new();
        if let Some(usage) = run.usage() {
            parts.push(format!(
                "{} tokens in, {} out",
                usage.input_tokens, usage.output_tokens
            ));
        }
        parts.extend(run.latency_ms().map(|latency| format!("{latency} ms")));
        let first = run.first_token_ms();
        parts.extend(first.map(|first| format!("first token after {first} ms")));
        match run.cost(self.prices) {
            Some(_) if run.invocation.model_id.is_local() => {
                parts.push("local model, not charged".to_owned());
            }
            Some(cost) if run.invocation.simulated => {
                parts.push(format!("simulated, not charged ({cost} on AWS)"));
            }
            Some(cost) => parts.push(cost.to_string()),
            None if run.usage().is_some() => parts.push("cost unknown".to_owned()),
            None => {}
        }
        parts.join(", ")
    }
}

/// What the columns of [`Outcome::figures`] are.
const HEAD: [&str; 13] = [
    "Model",
    "Answers",
    "First token ms",
    "Latency ms",
    "p95 ms",
    "Tokens/s",
    "Tokens in",
    "Tokens out",
    "1,000 calls",
    "Wins",
    "Rating",
    "Score",
    "",
];

/// What stands below the figures.
const RULE: &str = "Times and tokens are medians by nearest rank over complete answers; latency is the \
                    service's own. The cost of 1,000 calls is the mean times 1,000.";

fn none() -> String {
    "–".to_owned()
}

/// How a call ended, in a word.
fn status(run: &Run<'_>) -> &'static str {
    match run.invocation.status {
        InvocationStatus::Complete => "complete",
        InvocationStatus::Failed(_) => "failed",
        _ => "stopped",
    }
}

/// Why a call failed, in one line.
fn error(run: &Run<'_>) -> Option<String> {
    match &run.invocation.status {
        InvocationStatus::Failed(failure) => Some(format!("{}: {}", failure.code, failure.message)),
        _ => None,
    }
}

/// What was asked, with a word for each image and document.
fn asked(message: Option<&Message>) -> String {
    let Some(message) = message else {
        return String::new();
    };
    let mut parts: Vec<String> = Vec::new();
    for block in &message.content {
        match block {
            ContentBlock::Text(text) => parts.push(text.clone()),
            ContentBlock::Image(_) => parts.push("[image]".to_owned()),
            ContentBlock::Document(document) => parts.push(format!("[{}]", document.name)),
            ContentBlock::Video(_) => parts.push("[video]".to_owned()),
            _ => {}
        }
    }
    parts.join("\n")
}

#[cfg(test)]
mod tests;
