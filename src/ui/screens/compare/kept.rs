//! What goes to disk, and what comes back from it.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::CompareScreen;
use super::calls::Ended;
use super::judging::Judged;
use crate::chat::{Invocation, Message};
use crate::compare::{Call, ColumnId, Comparison, Outcome, OutcomeFormat};
use crate::pricing::{Prices, Usd};
use crate::store::{
    ConversationDraft, ConversationId, ConversationTotals, Screen, SpendRow, StoredConversation,
};

/// Characters of a title.
const TITLE_CHARS: usize = 60;

/// The changes that are saved or on their way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Saved(u64, u64);

/// A comparison that is to be saved, as it was. To take it costs little: what a person sees and what is saved
/// share their rows.
pub struct ComparisonToSave {
    pub id: ConversationId,
    comparison: Comparison,
    prices: Prices,
    region: String,
    connection: String,
}

impl ComparisonToSave {
    /// As the store takes it; every answer is looked at.
    pub fn draft(&self) -> Option<ConversationDraft> {
        let (sheet, transcript) = self.comparison.save().ok()?;
        Some(ConversationDraft {
            id: self.id,
            title: title(&self.comparison),
            screen: Screen::compare(),
            model: None,
            region: self.region.clone(),
            connection: self.connection.clone(),
            configuration: self.comparison.shared.clone(),
            transcript,
            totals: totals(&self.comparison, &self.prices),
            sheet: Some(sheet),
        })
    }
}

/// A comparison that was left before it was saved.
pub struct Leaving {
    id: ConversationId,
    comparison: Comparison,
}

/// A comparison on its way into a file.
pub struct Written {
    pub title: String,
    comparison: Comparison,
    prices: Prices,
}

impl Written {
    /// As a file has it.
    pub fn text(&self, format: OutcomeFormat) -> String {
        let date = OffsetDateTime::now_utc()
            .format(&Rfc3339)
            .unwrap_or_default();
        Outcome {
            title: &self.title,
            date: &date,
            comparison: &self.comparison,
            prices: &self.prices,
        }
        .write(format)
    }
}

impl CompareScreen {
    /// Which comparison is shown.
    pub fn id(&self) -> ConversationId {
        self.id
    }

    /// What came of it, for a file; `None` when nothing was asked.
    pub fn written(&self) -> Option<Written> {
        (!self.comparison.rows().is_empty()).then(|| Written {
            title: title(&self.comparison),
            comparison: self.comparison.clone(),
            prices: self.prices.clone(),
        })
    }

    /// Whether something came that is not on its way to the disk.
    pub fn has_unsaved(&self) -> bool {
        !self.leaving.is_empty()
            || (!self.comparison.rows().is_empty() && self.saved != changes(&self.comparison))
    }

    /// What is new, to be kept.
    pub fn unsaved(&mut self, region: &str, connection: &str) -> Vec<ComparisonToSave> {
        let mut left = std::mem::take(&mut self.leaving);
        let now = changes(&self.comparison);
        if !self.comparison.rows().is_empty() && self.saved != now {
            self.saved = now;
            left.push(Leaving {
                id: self.id,
                comparison: self.comparison.clone(),
            });
        }
        let to_save = left.into_iter().map(|left| ComparisonToSave {
            id: left.id,
            comparison: left.comparison,
            prices: self.prices.clone(),
            region: region.to_owned(),
            connection: connection.to_owned(),
        });
        to_save.collect()
    }

    /// What was taken did not reach the disk.
    pub fn forget_saved(&mut self) {
        self.saved = Saved(u64::MAX, u64::MAX);
    }

    /// The same for one comparison; false when it is another that is shown.
    pub fn forget_saved_of(&mut self, id: ConversationId) -> bool {
        if self.id == id {
            self.forget_saved();
        }
        self.id == id
    }

    /// It goes on under another id.
    pub fn now_a_copy(&mut self, from: ConversationId, to: ConversationId) {
        if self.id == from {
            self.id = to;
        }
    }

    /// What calls that have ended took, each once.
    pub fn take_spend(&mut self) -> Vec<SpendRow> {
        std::mem::take(&mut self.spend)
    }

    /// Opens a comparison of the history where it was left.
    ///
    /// # Errors
    /// When its sheet cannot be read.
    pub fn open_stored(&mut self, stored: &StoredConversation) -> Result<(), String> {
        let sheet = stored.sheet.as_deref().unwrap_or_default();
        let configuration = stored.configuration.clone();
        let comparison = Comparison::restore(configuration, sheet, &stored.transcript)
            .map_err(|error| error.to_string())?;
        self.leave();
        self.show(stored.id, comparison);
        self.saved = changes(&self.comparison);
        self.as_grid = self.comparison.rows().len() > 1;
        Ok(())
    }

    /// Closes a comparison that is deleted from the history.
    pub fn close_stored(&mut self, id: ConversationId) {
        if self.id == id {
            self.begin_anew();
            self.leaving.retain(|left| left.id != id);
        }
    }

    pub(super) fn leave(&mut self) {
        self.stop();
        if !self.comparison.rows().is_empty() && self.saved != changes(&self.comparison) {
            self.leaving.push(Leaving {
                id: self.id,
                comparison: self.comparison.clone(),
            });
        }
    }

    pub(super) fn show(&mut self, id: ConversationId, comparison: Comparison) {
        self.id = id;
        self.comparison = comparison;
        self.saved = Saved::default();
        self.views.clear();
        self.figures = super::Figures::default();
        self.row = 0;
        self.as_grid = false;
        self.blind = None;
        self.parameters = None;
        self.difference = None;
        self.problem = None;
        self.work_figures_out();
    }

    pub(super) fn spend_of(&mut self, over: &[Ended]) {
        for ended in over {
            let Call { row, column } = ended.call;
            let mut runs = self.comparison.runs_at(row, column);
            let run = runs.find(|run| run.invocation.id == ended.id);
            self.spend.extend(run.and_then(|run| {
                let row = row_of(run.message, run.invocation, &self.prices)?;
                Some(SpendRow {
                    connection: ended.connection.clone(),
                    conversation: Some(self.id),
                    ..row
                })
            }));
        }
    }

    /// The same for what the judge has said.
    pub(super) fn spend_of_judge(&mut self, over: &[Judged]) {
        for judged in over {
            let row = row_of(&judged.said, &judged.invocation, &self.prices);
            self.spend.extend(row.map(|row| SpendRow {
                connection: judged.connection.clone(),
                conversation: Some(self.id),
                ..row
            }));
        }
    }
}

fn row_of(answer: &Message, invocation: &Invocation, prices: &Prices) -> Option<SpendRow> {
    SpendRow::of_call(answer, invocation, prices, Screen::compare())
}

fn changes(comparison: &Comparison) -> Saved {
    // Pieces of answers count too, or a crash would lose what was on the screen.
    let pieces = comparison.running().map(|(_, row, column)| {
        let cell = comparison.cell(row, column);
        cell.map_or(0, crate::chat::Transcript::changes)
    });
    Saved(comparison.revision(), pieces.sum())
}

fn title(comparison: &Comparison) -> String {
    let rounds = comparison.rows().iter().flat_map(|row| &row.rounds);
    let first = rounds
        .map(|round| round.text.trim())
        .find(|text| !text.is_empty());
    let words = first.unwrap_or("Images").lines().next().unwrap_or_default();
    let words = match words.char_indices().nth(TITLE_CHARS) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words.to_owned(),
    };
    format!("{} models: {words}", comparison.columns().len())
}

/// What all answers took, the judge's among them; simulated ones cost nothing.
fn totals(comparison: &Comparison, prices: &Prices) -> ConversationTotals {
    let mut totals = ConversationTotals {
        cost: Some(Usd::ZERO),
        ..ConversationTotals::default()
    };
    let columns: Vec<ColumnId> = comparison
        .columns()
        .iter()
        .map(|column| column.id)
        .collect();
    let runs = columns.iter().flat_map(|column| comparison.runs(*column));
    for run in runs {
        if let Some(usage) = run.usage() {
            totals.tokens_in += usage.input_tokens;
            totals.tokens_in += usage.cache_read_input_tokens + usage.cache_write_input_tokens;
            totals.tokens_out += usage.output_tokens;
        }
        let is_running = run.invocation.status.is_running();
        if is_running || !run.invocation.may_be_charged(run.message) {
            continue;
        }
        if run.invocation.simulated {
            totals.simulated = true;
        } else {
            let cost = run.cost(prices);
            totals.cost = totals.cost.zip(cost).map(|(sum, cost)| sum + cost);
        }
    }
    for (_, judgement) in comparison.verdicts().judgements() {
        if judgement.invocation.simulated {
            totals.simulated = true;
        } else {
            let cost = judgement.cost(prices);
            totals.cost = totals.cost.zip(cost).map(|(sum, cost)| sum + cost);
        }
    }
    totals
}
