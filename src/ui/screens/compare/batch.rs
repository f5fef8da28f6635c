//! Tables of prompts: each row is asked of every column.

use super::CompareScreen;
use crate::compare::Prompt;
use crate::tasks::Job;

impl CompareScreen {
    /// Reads a table of prompts, once it is chosen; then asks every column all of them.
    pub fn open_batch(&mut self, batch: Job<Result<Option<Vec<Prompt>>, String>>) {
        self.batch = Some(batch);
    }

    /// What rows of a table without a prompt are asked.
    pub fn template(&self) -> Option<String> {
        let text = self.composer.text();
        (!text.trim().is_empty()).then(|| text.to_owned())
    }

    pub(super) fn begin_batch(&mut self, prompts: Vec<Prompt>) {
        let first = self.comparison.rows().len();
        for prompt in prompts {
            let row = self.comparison.add_row();
            self.comparison.ask(row, prompt);
        }
        self.calls.ask_rows(first..self.comparison.rows().len());
        self.as_grid = true;
        // A grid has no columns whose heads could say them.
        self.shows_figures = true;
        self.row = first;
    }
}
