//! The question before a call of a comparison that may cost more than the person's limit.

use egui::Ui;

use super::CompareScreen;
use crate::pricing::Usd;
use crate::ui::screens::limit::Word;

impl CompareScreen {
    /// Asks before calls that may cost more than this.
    pub fn set_ask_above(&mut self, limit: Option<Usd>) {
        self.limit.set(limit);
    }

    /// Draws the question about a call that may cost too much, and does what is said to it.
    pub(super) fn limit_ui(&mut self, ui: &mut Ui) {
        match self.limit.ui(ui) {
            Some(Word::Yes) => self.limit.allow(),
            Some(Word::No) => self.stop(),
            None => {}
        }
    }
}
