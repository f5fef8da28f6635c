//! An outcome for a terminal.

use std::fmt::Write as _;

use super::{Outcome, RULE, asked, error};

/// The longest prompt that is repeated above its answers, in characters.
const LONGEST_PROMPT: usize = 200;

pub(super) fn write(outcome: &Outcome<'_>) -> String {
    let mut text = String::new();
    let runs = outcome.runs();
    let many = outcome.comparison.rows().len() > 1;
    let mut place = None;
    for run in &runs {
        // Writing to a text cannot fail.
        if many && place != Some((run.at.row, run.round)) {
            place = Some((run.at.row, run.round));
            let _ = writeln!(
                text,
                "# {}: {}\n",
                run.at.row + 1,
                short(&asked(run.prompt))
            );
        }
        let label = outcome.comparison.label(run.at.column);
        let winner = if outcome.is_winner(run) {
            " (winner)"
        } else {
            ""
        };
        let _ = writeln!(text, "== {label}{winner}");
        let answer = run.message.text();
        if !answer.is_empty() {
            let _ = writeln!(text, "{}", answer.trim_end());
        }
        if let Some(error) = error(run) {
            let _ = writeln!(text, "FAILED: {error}");
        }
        for line in [Some(outcome.took(run)), outcome.judged(run.at)] {
            if let Some(line) = line.filter(|line| !line.is_empty()) {
                let _ = writeln!(text, "-- {line}");
            }
        }
        text.push('\n');
    }
    for line in aligned(&outcome.figures()) {
        text.push_str(&line);
        text.push('\n');
    }
    let _ = writeln!(text, "\n{RULE}");
    text
}

fn short(prompt: &str) -> String {
    let line = prompt.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST_PROMPT {
        return line;
    }
    let kept: String = line.chars().take(LONGEST_PROMPT).collect();
    format!("{kept}…")
}

/// Columns under one another; those without any value are left out.
fn aligned(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.first().map_or(0, Vec::len);
    let is_empty = |cell: &str| ["", "–", "0"].contains(&cell);
    let shown: Vec<(usize, usize)> = (0..columns)
        .filter(|column| rows.iter().skip(1).any(|row| !is_empty(&row[*column])))
        .map(|column| {
            let widths = rows.iter().map(|row| row[column].chars().count());
            (column, widths.max().unwrap_or_default())
        })
        .collect();
    let line = |row: &Vec<String>| {
        let cells = shown
            .iter()
            .map(|(column, width)| format!("{:width$}", row[*column]));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}
