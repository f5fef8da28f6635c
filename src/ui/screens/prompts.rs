//! Prompts: a library of prompts with places for values, run over tables, with versions.
//!
//! The screen owns the library and the run under way. What is written is saved as it is written; what needs
//! the disk, a file dialog or the connection is a [`PromptsCommand`].

mod editor;
mod library;
mod list;
mod run;
mod versions;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::PathBuf;

use egui::Ui;

use self::editor::{Editor, Tab};
use self::library::{Library, Which};
use self::list::ListView;
use crate::catalog::ModelId;
use crate::chat::Configuration;
use crate::pricing::{Prices, Usd};
use crate::prompts::{Form, RunFormat, SavedPrompt, Table, write};
use crate::store::{ConversationId, SpendRow, StoredPrompt};
use crate::tasks::{Session, Tasks};
use crate::ui::icons;
use crate::ui::shared::Shared;
use crate::ui::theme::space;
use crate::ui::widgets::{
    Alert, AlertKind, empty_state, library_list, loading_state, page, secondary_button,
};
use crate::ui::{Command, Commands};

/// What runs a prompt that names no model.
const FIRST_CHOICE: &str = "amazon.nova-lite-v1:0";

/// What this screen asks of the app.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PromptsCommand {
    /// Begins an empty prompt.
    New,
    /// Keeps what is in the chat's composer as a prompt.
    SaveFromChat,
    /// Goes on with the open prompt in the chat.
    UseInChat,
    /// Adds prompts from a file.
    Import,
    /// Writes the open prompt, or all of the library.
    Export {
        /// Whether all are written.
        all: bool,
        /// How.
        form: Form,
    },
    /// Deletes a prompt of the library; it can be brought back.
    Delete(ConversationId),
    /// Brings the one back that was deleted last.
    Undelete,
    /// Opens a table of values.
    PickTable,
    /// Runs the open prompt over its table.
    Run {
        /// Whether rows with a whole answer are left alone.
        missing_only: bool,
    },
    /// Awaits no more answers.
    StopRun,
    /// Saves the answers.
    ExportRun(RunFormat),
}

/// The endings of files that are tables.
const TABLES: [&str; 5] = ["csv", "tsv", "tab", "jsonl", "ndjson"];

/// Whether the library is here.
#[derive(Default)]
enum State {
    #[default]
    Loading,
    Ready,
    /// Nothing can be kept, and why.
    Unkept(String),
}

/// A prompt that can be brought back.
struct Deleted {
    id: ConversationId,
    prompt: SavedPrompt,
    editor: Option<Editor>,
}

/// The screen's own state.
#[derive(Default)]
pub struct PromptsScreen {
    state: State,
    library: Library,
    list: ListView,
    open: Option<Editor>,
    /// Prompts that are not shown and have a table, answers or a run.
    parked: Vec<Editor>,
    deleted: Option<Deleted>,
    prices: Prices,
    ask_above: Option<Usd>,
    spend: Vec<SpendRow>,
}

impl PromptsScreen {
    /// The library is here.
    pub fn show_library(&mut self, prompts: Vec<StoredPrompt>) {
        self.library.load(prompts);
        self.state = State::Ready;
    }

    /// The library cannot be kept, and why; what is made lives as long as the window.
    pub fn unavailable(&mut self, problem: String) {
        self.state = State::Unkept(problem);
    }

    /// Asks before calls that may cost more than this.
    pub fn set_ask_above(&mut self, limit: Option<Usd>) {
        self.ask_above = limit;
    }

    /// Everything costs this from now on.
    pub fn set_prices(&mut self, prices: &Prices) {
        self.prices = prices.clone();
        for editor in self.open.iter_mut().chain(&mut self.parked) {
            editor.run.set_prices(prices);
        }
    }

    /// Takes in what has come, also to prompts that are not shown.
    pub fn collect(&mut self) {
        let deleted = self.deleted.iter_mut();
        let deleted = deleted.filter_map(|deleted| deleted.editor.as_mut());
        for editor in self.open.iter_mut().chain(&mut self.parked).chain(deleted) {
            self.spend.extend(editor.run.collect(&self.prices));
        }
    }

    /// Whether answers are awaited, by any prompt.
    pub fn is_running(&self) -> bool {
        let mut editors = self.open.iter().chain(&self.parked);
        editors.any(|editor| editor.run.is_running())
    }

    /// Whether the open prompt awaits answers.
    pub fn is_open_running(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.run.is_running())
    }

    /// How many rows of the open prompt's table have no whole answer to what is written.
    pub fn missing(&self) -> usize {
        self.open.as_ref().map_or(0, |open| open.run.missing())
    }

    /// All prompts of the library.
    pub fn all(&self) -> impl Iterator<Item = &SavedPrompt> {
        self.library.all().iter().map(|stored| &stored.prompt)
    }

    /// Calls that are over and not in the ledger.
    pub fn take_spend(&mut self) -> Vec<SpendRow> {
        std::mem::take(&mut self.spend)
    }

    /// Whether anything is not on the disk.
    pub fn has_unsaved(&self) -> bool {
        self.library.has_unsaved()
    }

    /// What is not on the disk; it counts as saved from now on.
    pub fn take_unsaved(&mut self) -> Vec<StoredPrompt> {
        self.library.take_unsaved()
    }

    /// A save did not succeed; it is tried again.
    pub fn not_saved(&mut self, ids: impl IntoIterator<Item = ConversationId>) {
        self.library.not_saved(ids);
    }

    /// Another window has changed a prompt; here it goes on as a copy.
    pub fn now_a_copy(&mut self, from: ConversationId, to: ConversationId) {
        self.library.now_a_copy(from, to);
        for editor in self.open.iter_mut().chain(&mut self.parked) {
            if editor.which == Which::Own(from) {
                editor.which = Which::Own(to);
            }
        }
    }

    /// Opens a new prompt.
    pub fn begin(&mut self, mut prompt: SavedPrompt) {
        prompt.name = self.library.free_name(&prompt.name);
        let id = self.library.add(prompt);
        self.show(Which::Own(id));
    }

    /// Adds prompts of a file and shows the first.
    pub fn add(&mut self, prompts: Vec<SavedPrompt>) {
        let mut first = None;
        for mut prompt in prompts {
            prompt.name = self.library.free_name(&prompt.name);
            let id = self.library.add(prompt);
            first.get_or_insert(id);
        }
        if let Some(id) = first {
            self.show(Which::Own(id));
        }
    }

    /// Takes a prompt out of the library; true when it was there.
    pub fn delete(&mut self, id: ConversationId) -> bool {
        let Some(prompt) = self.library.remove(id) else {
            return false;
        };
        let mut editor = self.take_parked(Which::Own(id));
        if let Some(open) = self.open.take_if(|open| open.which == Which::Own(id)) {
            editor = Some(open);
        }
        if let Some(editor) = &mut editor {
            editor.run.stop();
        }
        self.deleted = Some(Deleted { id, prompt, editor });
        true
    }

    /// Brings the last deleted one back; its id.
    pub fn undelete(&mut self) -> Option<ConversationId> {
        let Deleted { id, prompt, editor } = self.deleted.take()?;
        self.library.restore(id, prompt);
        self.parked.extend(editor);
        self.show(Which::Own(id));
        Some(id)
    }

    /// Another model for the open prompt.
    pub fn use_model(&mut self, model: ModelId) {
        if let Some(open) = &mut self.open
            && !open.run.is_running()
        {
            open.prompt.draft.model = Some(model.clone());
            open.panel.use_model(model);
            open.content_changed();
            let prompt = open.prompt.clone();
            let id = self.library.put(open.which, prompt);
            open.which = Which::Own(id);
        }
    }

    /// The model of the open prompt.
    pub fn model(&self) -> Option<&ModelId> {
        self.open.as_ref()?.prompt.draft.model.as_ref()
    }

    /// The open prompt for a conversation: who is asked, how, and what, with the values of the first row
    /// in their places as far as there are any.
    pub fn for_chat(&self) -> Option<(ModelId, Configuration, String)> {
        let open = self.open.as_ref()?;
        let content = &open.prompt.draft;
        let variables = content.variables();
        let mut values: BTreeMap<String, String> = variables
            .iter()
            .map(|name| (name.clone(), format!("{{{{{name}}}}}")))
            .collect();
        let given = open.run.table.row(0, &variables, &PathBuf::new()).values;
        values.extend(given.into_iter().filter(|(_, value)| !value.is_empty()));
        // Every place has been given something.
        let (text, configuration) = content.filled(&values).ok()?;
        Some((open.model(), configuration, text))
    }

    /// Prompts as a file, and what it is to be called.
    pub fn written(&self, all: bool, form: Form) -> Option<(String, String)> {
        if all {
            let prompts: Vec<SavedPrompt> = self
                .library
                .all()
                .iter()
                .map(|stored| stored.prompt.clone())
                .collect();
            return (!prompts.is_empty()).then(|| ("prompts".to_owned(), write(&prompts, form)));
        }
        let prompt = &self.open.as_ref()?.prompt;
        Some((
            prompt.name.clone(),
            write(std::slice::from_ref(prompt), form),
        ))
    }

    /// Whether these files, dropped here, are a table of values for the open prompt.
    pub fn takes_as_table(&self, files: &[PathBuf]) -> bool {
        let [file] = files else { return false };
        let ending = file.extension().and_then(OsStr::to_str);
        self.open
            .as_ref()
            .is_some_and(|open| !open.run.is_running())
            && ending.is_some_and(|ending| {
                TABLES
                    .iter()
                    .any(|table| ending.eq_ignore_ascii_case(table))
            })
    }

    /// Takes a table of values for the open prompt, and shows it.
    pub fn take_table(&mut self, table: Result<(Table, PathBuf), String>) {
        if let Some(open) = &mut self.open {
            open.run.take_table(table);
            open.show_run();
        }
    }

    /// Runs the open prompt over its table.
    pub fn run(&mut self, tasks: &Tasks, session: &Session, missing_only: bool) {
        if let Some(open) = &mut self.open {
            let model = open.model();
            open.run.set_ask_above(self.ask_above);
            open.run.start(
                tasks,
                session,
                &self.prices,
                &open.prompt.draft,
                &model,
                missing_only,
            );
        }
    }

    /// Awaits no more answers to the open prompt.
    pub fn stop(&mut self) {
        if let Some(open) = &mut self.open {
            open.run.stop();
        }
    }

    /// Awaits no more answers to any prompt.
    pub fn stop_all(&mut self) {
        for editor in self.open.iter_mut().chain(&mut self.parked) {
            editor.run.stop();
        }
    }

    /// The answers as a file, and what it is to be called.
    pub fn answers(&self, format: RunFormat) -> Option<(String, String)> {
        let open = self.open.as_ref()?;
        let text = open.run.written(format, &self.prices)?;
        Some((open.prompt.name.clone(), text))
    }

    fn show(&mut self, which: Which) {
        if self.open.as_ref().is_some_and(|open| open.which == which) {
            return;
        }
        let parked = self.take_parked(which);
        let next = parked.or_else(|| Some(Editor::open(which, self.library.prompt(which)?)));
        let before = std::mem::replace(&mut self.open, next);
        self.parked
            .extend(before.filter(|editor| !editor.run.is_untouched()));
    }

    fn take_parked(&mut self, which: Which) -> Option<Editor> {
        let at = self
            .parked
            .iter()
            .position(|editor| editor.which == which)?;
        Some(self.parked.swap_remove(at))
    }

    /// Draws the screen.
    pub fn ui(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        let editors = self.open.iter().chain(&self.parked);
        let running: Vec<Which> = editors
            .filter(|editor| editor.run.is_running())
            .map(|editor| editor.which)
            .collect();
        library_list(ui, "prompt list", |ui| {
            let open = self.open.as_ref().map(|open| open.which);
            let chosen = self.list.ui(ui, &self.library, open, &running, commands);
            if let Some(which) = chosen {
                self.show(which);
            }
        });
        if let Some(open) = &mut self.open {
            if open.ui(ui, shared, commands) {
                let id = self.library.put(open.which, open.prompt.clone());
                open.which = Which::Own(id);
            }
            return;
        }
        page(ui, "Prompts", |_| {}, |ui| self.nothing_open(ui, commands));
    }

    fn nothing_open(&mut self, ui: &mut Ui, commands: &mut Commands) {
        match &self.state {
            State::Loading => {
                loading_state(ui, "Opening the library…");
                return;
            }
            State::Unkept(problem) => {
                Alert::new(AlertKind::Warning, "Prompts are not kept")
                    .line(problem)
                    .show(ui, |_| {});
            }
            State::Ready => {}
        }
        if let Some(Deleted { prompt, .. }) = &self.deleted {
            ui.horizontal(|ui| {
                ui.label(format!("{} is deleted", prompt.name));
                if secondary_button(ui, icons::UNDO, "Undo").clicked() {
                    commands.push(Command::Prompts(PromptsCommand::Undelete));
                }
            });
            ui.add_space(space::S);
        }
        let text = "Choose a prompt on the left: one of your own, or one to begin with. Places in double \
                    braces, as in {{city}}, take values when it runs, from a form or a whole table.";
        empty_state(ui, icons::PROMPTS, "Prompts to use again", text, |ui| {
            if secondary_button(ui, icons::ADD, "Write a prompt").clicked() {
                commands.push(Command::Prompts(PromptsCommand::New));
            }
        });
    }
}

/// The tab a prompt opens on.
impl Editor {
    fn open(which: Which, prompt: SavedPrompt) -> Self {
        Self::new(which, prompt, Tab::Write)
    }
}
