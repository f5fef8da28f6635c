//! The question before a run one of whose calls may cost more than the person's limit.

use egui::Ui;

use super::forecast::ESTIMATED_ROWS;
use super::{Command, Commands, Run};
use crate::catalog::ModelId;
use crate::chat::{ContentBlock, Message};
use crate::pricing::{Prices, Usd};
use crate::prompts::Content;
use crate::tasks::Session;
use crate::ui::screens::limit::{Limit, Word};
use crate::ui::screens::prompts::PromptsCommand;

/// The limit, and the run that waits for a word.
#[derive(Default)]
pub(super) struct RunLimit {
    limit: Limit,
    missing_only: bool,
}

impl Run {
    /// Asks before a call that may cost more than this.
    pub fn set_ask_above(&mut self, above: Option<Usd>) {
        self.limit.limit.set(above);
    }

    /// Whether the run has to wait for a yes. Files are not opened to be counted, and of a long table the first
    /// rows are looked at, as for what it is expected to cost.
    pub(super) fn is_held_back(
        &mut self,
        content: &Content,
        model: &ModelId,
        session: &Session,
        prices: &Prices,
        missing_only: bool,
    ) -> bool {
        let variables = content.variables();
        let region = session.connection().region();
        let rows = (0..self.table.rows.len())
            .filter(|row| !missing_only || !self.answers.is_whole(*row))
            .take(ESTIMATED_ROWS);
        self.limit.missing_only = missing_only;
        for row in rows {
            let given = self.table.row(row, &variables, &self.folder);
            let Ok((text, configuration)) = content.filled(&given.values) else {
                continue;
            };
            let messages = vec![Message::user(vec![ContentBlock::Text(text)])];
            let request = configuration.request(model.clone(), messages);
            if request.is_ok_and(|request| self.limit.limit.holds(&request, region, prices)) {
                return true;
            }
        }
        // The next run is asked about again.
        self.limit.limit.begin_anew();
        false
    }

    /// Draws the question, and does what is said to it.
    pub(super) fn limit_ui(&mut self, ui: &mut Ui, commands: &mut Commands) {
        match self.limit.limit.ui(ui) {
            Some(Word::Yes) => {
                self.limit.limit.allow();
                let missing_only = self.limit.missing_only;
                commands.push(Command::Prompts(PromptsCommand::Run { missing_only }));
            }
            Some(Word::No) => self.limit.limit.begin_anew(),
            None => {}
        }
    }
}
