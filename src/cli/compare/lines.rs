//! JSON Lines, each written as soon as its answer is there.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Write as _};

use crate::catalog::ModelId;
use crate::cli::output::Output;
use crate::compare::{ColumnId, Comparison, Outcome, RunRef};
use crate::pricing::Prices;

/// Where lines go, and which are written.
pub struct Lines {
    file: Option<File>,
    prices: Prices,
    written: HashSet<RunRef>,
    /// Why no more can be written.
    failed: Option<io::Error>,
}

impl Lines {
    /// Lines for a file, or for whoever reads the results.
    pub fn new(file: Option<File>, prices: Prices) -> Self {
        Self {
            file,
            prices,
            written: HashSet::new(),
            failed: None,
        }
    }

    /// Whether nothing more can be written: what is still to be asked had better wait.
    pub fn has_failed(&self) -> bool {
        self.failed.is_some()
    }

    /// Writes the answers of one place that have ended and are not written yet; whole ones only when their judge
    /// has spoken, if one is to.
    pub fn write(
        &mut self,
        comparison: &Comparison,
        (row, column): (usize, ColumnId),
        judge: Option<&ModelId>,
        output: &mut Output,
    ) {
        let verdicts = comparison.verdicts();
        let ended: Vec<RunRef> = comparison
            .runs_at(row, column)
            .filter(|run| !run.invocation.status.is_running())
            .filter(|run| {
                judge.is_none() || !run.is_complete() || verdicts.judgement(run.at).is_some()
            })
            .map(|run| run.at)
            .collect();
        let outcome = Outcome {
            title: "",
            date: "",
            comparison,
            prices: &self.prices,
        };
        for at in ended {
            if self.failed.is_some() || !self.written.insert(at) {
                continue;
            }
            let line = outcome.line(at).unwrap_or_default();
            let written = match &mut self.file {
                Some(file) => file.write_all(line.as_bytes()),
                None => output.piece(&line),
            };
            self.failed = written.err();
        }
    }

    /// Writes what is left, row by row.
    ///
    /// # Errors
    /// When a line could not be written, now or before.
    pub fn end(mut self, comparison: &Comparison, output: &mut Output) -> io::Result<()> {
        for row in 0..comparison.rows().len() {
            for column in comparison.columns() {
                self.write(comparison, (row, column.id), None, output);
            }
        }
        self.failed.map_or(Ok(()), Err)
    }
}
