//! An outcome as a Markdown document.

use std::fmt::Write as _;

use super::{Outcome, RULE, asked, error};
use crate::export::{escaped_markdown, fenced, whole_markdown};

pub(super) fn write(outcome: &Outcome<'_>) -> String {
    let mut text = format!(
        "# {}\n\n{}\n\n",
        escaped_markdown(outcome.title),
        outcome.date
    );
    if outcome.is_simulated() {
        text.push_str("> **Simulated**: the embedded endpoint made these answers up.\n\n");
    }
    for (at, row) in outcome.figures().iter().enumerate() {
        let cells: Vec<String> = row.iter().map(|cell| escaped_markdown(cell)).collect();
        // Writing to a text cannot fail.
        let _ = writeln!(text, "| {} |", cells.join(" | "));
        if at == 0 {
            let _ = writeln!(text, "|{}", "---|".repeat(row.len()));
        }
    }
    let _ = writeln!(text, "\n{RULE}");
    let mut place = None;
    for run in outcome.runs() {
        if place != Some((run.at.row, run.round)) {
            place = Some((run.at.row, run.round));
            let (row, prompt) = (run.at.row + 1, asked(run.prompt));
            let _ = write!(text, "\n## Prompt {row}\n\n{}\n", fenced(&prompt, "text"));
        }
        let label = escaped_markdown(&outcome.comparison.label(run.at.column));
        let winner = if outcome.is_winner(&run) {
            " (winner)"
        } else {
            ""
        };
        let _ = write!(text, "\n### {label}{winner}\n\n");
        let answer = run.message.text();
        if !answer.is_empty() {
            let _ = writeln!(text, "{}\n", whole_markdown(answer.trim_end()));
        }
        if let Some(error) = error(&run) {
            let _ = writeln!(text, "> **Failed**: {}\n", escaped_markdown(&error));
        }
        let rating = outcome.comparison.verdicts().rating(run.at);
        let facts = [
            Some(outcome.took(&run)),
            rating.map(|stars| format!("Rated {stars} of {}", crate::compare::MOST_STARS)),
            outcome.judged(run.at),
        ];
        for fact in facts.into_iter().flatten().filter(|fact| !fact.is_empty()) {
            let _ = writeln!(text, "- {}", escaped_markdown(&fact));
        }
    }
    text
}
