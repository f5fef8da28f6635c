//! The question before calls of a comparison that may cost more than the person's limit. What the composer holds
//! stays there until it is answered; what waits in the queue (a table, another try, a judge) stays in the queue.

use egui::Ui;

use super::CompareScreen;
use crate::chat::ALT_TEXT_PROMPT;
use crate::compare::{ColumnId, Prompt};
use crate::pricing::Usd;
use crate::ui::screens::limit::Word;

/// What of the composer waits for a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asking {
    /// Its words, with what is attached.
    Prompt,
    /// What is attached, with the prompt for alt text.
    AltText,
}

impl CompareScreen {
    /// Asks before calls that may cost more than this.
    pub fn set_ask_above(&mut self, limit: Option<Usd>) {
        self.limit.set(limit);
    }

    /// Asks every column what the composer holds.
    pub fn send(&mut self, region: &str) {
        self.ask_unless_held_back(Asking::Prompt, region);
    }

    /// Asks every column for alt text; the composer keeps its text.
    pub fn write_alt_text(&mut self, region: &str) {
        self.ask_unless_held_back(Asking::AltText, region);
    }

    fn ask_unless_held_back(&mut self, asking: Asking, region: &str) {
        if !self.is_ready_for(asking) {
            return;
        }
        let text = match asking {
            Asking::Prompt => self.composer.text(),
            Asking::AltText => ALT_TEXT_PROMPT,
        };
        let prompt = Prompt::typed(text, self.intake.content().collect());
        let columns: Vec<ColumnId> = self.columns().collect();
        for column in columns {
            if let Ok(request) = self.comparison.outlook(self.row, column, &prompt) {
                self.limit.holds(&request, region, &self.prices);
            }
        }
        if self.limit.is_holding() {
            self.asking = Some(asking);
        } else {
            self.ask_now(asking);
        }
    }

    fn is_ready_for(&self, asking: Asking) -> bool {
        let reason = match asking {
            Asking::Prompt => self.unready_reason(),
            Asking::AltText => self.alt_text_unready_reason(),
        };
        reason.is_none()
    }

    fn ask_now(&mut self, asking: Asking) {
        let text = match asking {
            Asking::Prompt => self.composer.take(),
            Asking::AltText => ALT_TEXT_PROMPT.to_owned(),
        };
        self.ask(text);
    }

    /// Draws the question about a call that may cost too much, and does what is said to it.
    pub(super) fn limit_ui(&mut self, ui: &mut Ui) {
        match (self.limit.ui(ui), self.asking) {
            (Some(Word::Yes), asking) => {
                self.limit.allow();
                self.asking = None;
                // The composer may have been emptied meanwhile.
                if let Some(asking) = asking.filter(|asking| self.is_ready_for(*asking)) {
                    self.ask_now(asking);
                }
            }
            (Some(Word::No), Some(_)) => {
                self.asking = None;
                self.limit.begin_anew();
                self.composer.focus();
            }
            (Some(Word::No), None) => self.stop(),
            (None, _) => {}
        }
    }
}
