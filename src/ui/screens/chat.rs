//! Chat playground: conversations beside each other, each with a model of its own.
//!
//! The screen owns the conversations and the calls that are running; [`ChatScreen::collect`] takes
//! in what has come, [`ChatScreen::ui`] draws. Whatever needs the connection is a [`Command`] that
//! the app hands back.

pub mod composer;
pub mod configuration_panel;
mod conversation;
mod find;
pub mod forecast;
pub mod intake;
mod kept;
pub mod metrics;
mod pictures;
mod playground;
pub mod s3;
mod tabs;
mod totals;
pub mod turn;

use std::path::PathBuf;

use egui::{Context, Ui};

pub use self::configuration_panel::PresetCommand;
pub use self::conversation::Height;
use self::intake::Intake;
pub use self::kept::OpenRevision;
pub use self::pictures::texture;
pub use self::playground::Exportable;
use self::playground::Playground;
use crate::catalog::{Catalog, ModelId};
use crate::chat::{
    Configuration, ConfigurationError, Exchange, GuardrailConfig, Request, Transcript, TurnId,
};
use crate::export::Import;
use crate::media::Limits;
use crate::pricing::{Prices, Usd};
use crate::store::{Preset, Settings, SpendRow};
use crate::tasks::{Session, Tasks};
use crate::ui::Commands;
use crate::ui::command::TurnCommand;
use crate::ui::screens::close_up::Subject;
use crate::ui::shared::Shared;

/// The chat playground's own state: one conversation at least.
pub struct ChatScreen {
    open: Vec<Playground>,
    /// Closed, and not known to be on the disk.
    closed: Vec<Playground>,
    /// What calls of conversations took that were closed.
    spend: Vec<SpendRow>,
    current: usize,
    next_number: u64,
    /// The answer that the model being chosen shall give, when it is one answer only.
    answer_with: Option<TurnId>,
    presets: Vec<Preset>,
    prices: Prices,
    /// The limit of one call in conversations that set none themselves.
    ask_above: Option<Usd>,
}

impl Default for ChatScreen {
    fn default() -> Self {
        Self {
            open: vec![Playground::new(1)],
            closed: Vec::new(),
            spend: Vec::new(),
            current: 0,
            next_number: 2,
            answer_with: None,
            presets: Vec::new(),
            prices: Prices::default(),
            ask_above: None,
        }
    }
}

impl ChatScreen {
    /// Takes in what background work has brought, for every conversation.
    pub fn collect(&mut self, ctx: &Context, tasks: &Tasks) {
        for playground in &mut self.open {
            playground.collect(ctx);
        }
        self.current_mut().open_pictures(ctx, tasks);
    }

    /// Takes the folders that were dropped among files: they are for many images, not for a prompt.
    pub fn take_folders(&mut self) -> Vec<PathBuf> {
        self.current_mut().intake.take_folders()
    }

    /// Chooses models to begin with, once it is known what there is.
    pub fn offer_models(&mut self, catalog: &Catalog, region: &str) {
        for playground in &mut self.open {
            playground.offer_models(catalog, region);
        }
    }

    /// Talks to this model from now on; or lets it give the one answer it was chosen for.
    pub fn use_model(&mut self, tasks: &mut Tasks, session: Option<&Session>, id: ModelId) {
        match (self.answer_with.take(), session) {
            (Some(turn), Some(session)) => {
                let playground = self.current_mut();
                playground.regenerate(tasks, session, turn, Some(id));
            }
            _ => self.current_mut().configuration.use_model(id),
        }
    }

    /// Whether the model chosen next is for one answer.
    #[must_use]
    pub fn awaits_model(&self) -> bool {
        self.answer_with.is_some()
    }

    /// The model chosen next is no longer for one answer only.
    pub fn forget_answer_with(&mut self) {
        self.answer_with = None;
    }

    /// The model that is talked to.
    #[must_use]
    pub fn model(&self) -> Option<&ModelId> {
        self.current().configuration.model()
    }

    /// Takes files in.
    pub fn attach(&mut self, tasks: &Tasks, paths: Vec<PathBuf>) {
        self.current_mut().intake.open(tasks, paths);
    }

    /// Takes a pasted picture in.
    pub fn paste_image(&mut self, tasks: &Tasks, image: &egui::ColorImage) {
        self.current_mut().intake.paste(tasks, image);
    }

    /// Keeps the estimate of the next call up to date.
    pub fn estimate(&mut self, tasks: &Tasks, session: &Session) {
        self.current_mut().estimate(tasks, session);
    }

    /// Takes a pasted text in that is too long for the composer.
    pub fn attach_text(&mut self, text: String) {
        self.current_mut().intake.attach_text(text);
    }

    /// Whether the caret is in the composer.
    #[must_use]
    pub fn composer_has_focus(&self, ctx: &Context) -> bool {
        self.current().composer.has_focus(ctx)
    }

    /// Whether an answer is coming into the conversation that is shown.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.current().is_running()
    }

    /// Whether an answer is coming in, in any of the conversations.
    pub fn has_running(&self) -> bool {
        self.open.iter().any(Playground::is_running)
    }

    /// Sends what the composer holds.
    pub fn send(&mut self, tasks: &mut Tasks, session: &Session) {
        self.current_mut().send(tasks, session);
    }

    /// Sends the attached pictures with the alt-text prompt; the composer keeps its text.
    pub fn write_alt_text(&mut self, tasks: &mut Tasks, session: &Session) {
        self.current_mut().write_alt_text(tasks, session);
    }

    /// Why alt text cannot be asked for now, in words; `None` when it can.
    pub fn alt_text_unready_reason(&self) -> Option<&'static str> {
        self.current().alt_text_unready_reason()
    }

    /// Sends what the composer holds, whatever it may cost.
    pub fn send_anyway(&mut self, tasks: &mut Tasks, session: &Session) {
        self.current_mut().send_anyway(tasks, session);
    }

    /// Keeps the prompt that may cost too much where it is.
    pub fn do_not_send(&mut self) {
        self.current_mut().do_not_send();
    }

    /// Fits pictures otherwise from now on.
    pub fn fit_images(&mut self, tasks: &Tasks, max_edge: Option<u32>, keep_metadata: bool) {
        let intake = &mut self.current_mut().intake;
        let limits = Limits {
            max_edge,
            keep_metadata,
            ..intake.limits().clone()
        };
        intake.set_limits(tasks, limits);
    }

    /// Opens the dialog for an object in S3.
    pub fn show_s3(&mut self) {
        self.current_mut().show_s3();
    }

    /// How the model of the conversation that is shown answers.
    #[must_use]
    pub fn configuration(&self) -> &Configuration {
        &self.current().configuration.settings
    }

    /// What new conversations begin with. One that nobody has used yet takes what has changed since
    /// `before`, and keeps what was set in it.
    pub fn set_defaults(&mut self, settings: &Settings, before: Option<&Settings>) {
        let mut changed = settings.clone();
        if let Some(before) = before {
            if before.default_model == settings.default_model {
                changed.default_model = None;
            }
            if before.default_configuration == settings.default_configuration {
                changed.default_configuration = None;
            }
        }
        let limit = std::mem::replace(&mut self.ask_above, settings.ask_above);
        for playground in &mut self.open {
            if playground.is_unused() {
                playground.configuration.set_defaults(&changed);
            } else if playground.configuration.ask_above == limit {
                playground.configuration.ask_above = settings.ask_above;
            }
        }
    }

    /// Reckons with these prices from now on, in every conversation.
    pub fn set_prices(&mut self, prices: &Prices) {
        self.prices = prices.clone();
        for playground in &mut self.open {
            playground.set_prices(prices.clone());
        }
    }

    /// The named configurations.
    #[must_use]
    pub fn presets(&self) -> &[Preset] {
        &self.presets
    }

    /// Takes in what was saved before.
    pub fn set_presets(&mut self, presets: Vec<Preset>) {
        self.presets = presets;
    }

    /// Does something with the presets.
    pub fn preset(&mut self, command: PresetCommand) {
        command.carry_out(&mut self.presets);
    }

    /// What went over the wire for an answer of the conversation that is shown.
    #[must_use]
    pub fn exchange(&self, turn: Option<TurnId>) -> Option<(ModelId, String, Exchange)> {
        self.current().exchange(turn)
    }

    /// What the conversation that is shown would send now; `None` without a model.
    #[must_use]
    pub fn next_request(&self) -> Option<Result<Request, ConfigurationError>> {
        self.current().next_request()
    }

    /// The conversation that is shown, to be saved.
    #[must_use]
    pub fn to_export(&self) -> Option<Exportable> {
        self.current().to_export()
    }

    /// Opens a conversation that was saved.
    pub fn open_import(&mut self, imported: Import) {
        let playground = Playground::of_import(self.next_number, imported, self.prices.clone());
        self.show_brought(playground);
    }

    /// Whether an answer is coming in anywhere.
    #[must_use]
    pub fn is_any_running(&self) -> bool {
        self.open.iter().any(Playground::is_running)
    }

    /// Goes on with what was said elsewhere, in a conversation of its own.
    pub fn go_on_with(&mut self, model: ModelId, configuration: Configuration, said: Transcript) {
        let prices = self.prices.clone();
        let playground =
            Playground::of_transcript(self.next_number, model, configuration, said, prices);
        self.show_brought(playground);
    }

    /// What is being written.
    pub fn prompt(&self) -> &str {
        self.current().composer.text()
    }

    /// Puts a prompt in the place of what is being written.
    pub fn write(&mut self, prompt: String) {
        let composer = &mut self.current_mut().composer;
        composer.set(prompt);
        composer.focus();
    }

    /// Lets a guardrail look at prompts and answers from now on.
    pub fn use_guardrail(&mut self, guardrail: GuardrailConfig) {
        self.current_mut().configuration.settings.guardrail = Some(guardrail);
    }

    /// Takes out what is being written, with all that is attached.
    pub fn take_composer(&mut self) -> (Intake, String) {
        let playground = self.current_mut();
        let intake = std::mem::take(&mut playground.intake);
        (intake, playground.composer.take())
    }

    /// Asks again for the last answer.
    pub fn regenerate(&mut self, tasks: &mut Tasks, session: &Session) {
        self.current_mut().regenerate_last(tasks, session);
    }

    /// Does something with one turn that needs no connection; true when done.
    pub fn turn(&mut self, id: TurnId, command: &TurnCommand) -> bool {
        match command {
            TurnCommand::AnswerWith => self.answer_with = Some(id),
            TurnCommand::BranchOff => {
                let branch = self.current().branch_off(self.next_number, id);
                self.show_new(branch);
            }
            other => return self.current_mut().turn(id, other),
        }
        true
    }

    /// Does something with one turn that asks the model.
    pub fn ask_about(
        &mut self,
        tasks: &mut Tasks,
        session: &Session,
        id: TurnId,
        command: TurnCommand,
    ) {
        self.current_mut().ask_about(tasks, session, id, command);
    }

    /// Looks for words in the conversation that is shown; for none yet where none are given.
    pub fn find(&mut self, words: Option<String>) {
        self.current_mut().find(words);
    }

    /// A picture of a turn of the conversation that is shown, by its place among what is shown as tiles.
    pub fn picture(&self, turn: TurnId, place: usize) -> Option<Subject> {
        self.current().picture(turn, place)
    }

    /// Whether Escape closes something here.
    pub fn closes_something(&self) -> bool {
        self.current().closes_something()
    }

    /// Opens the last prompt for editing.
    pub fn edit_last_prompt(&mut self) {
        self.current_mut().edit_last_prompt();
    }

    /// Stops the answer; what has come stays.
    pub fn stop(&mut self) {
        self.current_mut().stop();
    }

    /// Begins a conversation beside the others, configured as the one that is shown. An empty one
    /// is used instead of another.
    pub fn new_conversation(&mut self) {
        if let Some(empty) = self.open.iter().position(Playground::is_unused) {
            self.current = empty;
        } else {
            let fresh = self.current().another(self.next_number);
            self.show_new(fresh);
        }
        self.current_mut().composer.focus();
    }

    /// Shows one of the open conversations.
    pub fn show(&mut self, index: usize) {
        self.current = index.min(self.open.len() - 1);
    }

    /// Shows the conversation after this one, or the first.
    pub fn show_next(&mut self) {
        self.current = (self.current + 1) % self.open.len();
    }

    /// Shows the open conversation before this one.
    pub fn show_previous(&mut self) {
        self.current = (self.current + self.open.len() - 1) % self.open.len();
    }

    /// Closes a conversation; its answer, if one is coming in, is stopped. What was said and what it
    /// took is kept.
    pub fn close(&mut self, index: usize) {
        if self.open.len() == 1 {
            let fresh = self.current().another(self.next_number);
            self.show_new(fresh);
        }
        let mut closed = self.open.remove(index);
        closed.stop();
        self.spend.extend(closed.take_spend());
        if closed.is_unsaved() {
            self.closed.push(closed);
        }
        if self.current > index || self.current == self.open.len() {
            self.current -= 1;
        }
    }

    /// Closes the one that is shown.
    pub fn close_shown(&mut self) {
        self.close(self.current);
    }

    /// Puts the caret into the composer.
    pub fn focus_composer(&mut self) {
        self.current_mut().composer.focus();
    }

    /// Draws the screen.
    pub fn ui(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        let tabs = self.tabs();
        let number = self.current().number;
        ui.push_id(number, |ui| {
            self.open[self.current].ui(ui, shared, &tabs, &self.presets, commands);
        });
    }

    fn tabs(&self) -> tabs::Tabs {
        tabs::Tabs {
            titles: self
                .open
                .iter()
                .map(|playground| tabs::Tab {
                    title: playground.title(),
                    running: playground.is_running(),
                })
                .collect(),
            current: self.current,
        }
    }

    /// Shows a conversation that began elsewhere, with the limit that holds for all.
    fn show_brought(&mut self, mut playground: Playground) {
        playground.configuration.ask_above = self.ask_above;
        self.show_new(playground);
    }

    fn show_new(&mut self, playground: Playground) {
        self.next_number += 1;
        self.open.push(playground);
        self.current = self.open.len() - 1;
    }

    fn current(&self) -> &Playground {
        &self.open[self.current]
    }

    fn current_mut(&mut self) -> &mut Playground {
        &mut self.open[self.current]
    }
}
