//! The prompt screen's part of the app: the library on the disk, files in and out, runs, the chat.

use std::path::PathBuf;
use std::time::Duration;

use egui::Context;

use super::App;
use super::files::stem;
use crate::chat::Transcript;
use crate::prompts::{Content, Form, ReadPrompts, RunFormat, SavedPrompt, Table, read};
use crate::store::{ConversationId, Store, StoreError, StoredPrompt};
use crate::tasks::{Job, all_finished, finished};
use crate::ui::command::{Command, Screen};
use crate::ui::numbers::thousands;
use crate::ui::screens::model_picker::ModelPicker;
use crate::ui::screens::prompts::PromptsCommand;

/// How long what was written may wait before it is on its way to the disk.
const SAVE_EVERY: Duration = Duration::from_millis(500);
/// How long to wait with another try when the disk said no.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(5);
/// The largest file that is read as a table or as prompts, in bytes.
const LARGEST_FILE: u64 = 64 * 1024 * 1024;

/// A table, and the folder its paths are seen from.
type OpenedTable = (Table, PathBuf);

/// The library, and how many prompts of it cannot be read.
type Loaded = (Vec<StoredPrompt>, usize);

/// Work under way for the screen.
#[derive(Default)]
pub struct PromptWork {
    /// Whether the library was asked for.
    asked: bool,
    loading: Option<Job<Result<Loaded, String>>>,
    saving: Option<Job<Saved>>,
    importing: Option<Job<Result<Option<ReadPrompts>, String>>>,
    table: Option<Job<Result<Option<OpenedTable>, String>>>,
    changing: Vec<Job<Result<(), String>>>,
    last_save: f64,
    failing: bool,
}

/// How a save went.
#[derive(Default)]
struct Saved {
    /// Prompts that another window has changed, and the copies this one goes on with.
    copies: Vec<(ConversationId, ConversationId)>,
    failed: Vec<ConversationId>,
    problem: Option<String>,
}

impl App {
    /// Takes in what the disk and the service brought.
    pub(super) fn collect_prompts(&mut self, ctx: &Context) {
        self.load_prompts();
        match finished(&mut self.prompt_work.loading) {
            Some(Ok((prompts, unreadable))) => {
                if unreadable > 0 {
                    self.notices.failed(format!(
                        "{} prompts were written by another version and cannot be read",
                        thousands(unreadable as u64)
                    ));
                }
                self.prompts.show_library(prompts);
            }
            Some(Err(problem)) => self.prompts.unavailable(problem),
            None => {}
        }
        let saved = self.prompt_work.saving.as_mut().and_then(Job::take);
        if let Some(saved) = saved {
            self.prompt_work.saving = None;
            self.collect_saved_prompts(saved.unwrap_or_default());
        }
        match finished(&mut self.prompt_work.importing) {
            Some(Ok(Some(read))) => {
                if !read.left_out.is_empty() {
                    let names = read.left_out.join(", ");
                    self.notices
                        .failed(format!("Left out, as there is no place for it: {names}"));
                }
                self.prompts.add(read.prompts);
                self.screen = Screen::Prompts;
            }
            Some(Err(problem)) => self.notices.failed(problem),
            Some(Ok(None)) | None => {}
        }
        match finished(&mut self.prompt_work.table) {
            Some(Ok(Some(table))) => self.prompts.take_table(Ok(table)),
            Some(Err(problem)) => self.prompts.take_table(Err(problem)),
            Some(Ok(None)) | None => {}
        }
        for result in all_finished(&mut self.prompt_work.changing) {
            if let Err(problem) = result {
                self.notices.failed(problem);
            }
        }
        self.collect_run();
        self.save_prompts(ctx);
    }

    fn load_prompts(&mut self) {
        if self.prompt_work.asked || self.keeping.is_opening() {
            return;
        }
        self.prompt_work.asked = true;
        match self.keeping.store() {
            Some(store) => {
                self.prompt_work.loading =
                    Some(self.tasks.spawn_blocking(move || {
                        store.prompts().map_err(|error| error.to_string())
                    }));
            }
            None => self.prompts.unavailable(
                "There is no data folder, or the history in it cannot be opened".to_owned(),
            ),
        }
    }

    fn collect_run(&mut self) {
        self.prompts.collect();
        let spend = self.prompts.take_spend();
        if spend.is_empty() {
            return;
        }
        self.keeping.add_spend(spend);
        // A budget that is spent ends a run that is under way.
        if self.prompts.is_running() && !self.may_spend() {
            self.prompts.stop_all();
        }
    }

    fn save_prompts(&mut self, ctx: &Context) {
        if self.prompt_work.saving.is_some() || !self.prompts.has_unsaved() {
            return;
        }
        let Some(store) = self.keeping.store() else {
            return;
        };
        let now = ctx.input(|input| input.time);
        let pause = if self.prompt_work.failing {
            TRY_AGAIN_AFTER
        } else {
            SAVE_EVERY
        };
        let due = self.prompt_work.last_save + pause.as_secs_f64() - now;
        if due > 0.0 {
            ctx.request_repaint_after(Duration::from_secs_f64(due));
            return;
        }
        self.prompt_work.last_save = now;
        let unsaved = self.prompts.take_unsaved();
        let work = move || save(&store, &unsaved);
        self.prompt_work.saving = Some(self.tasks.spawn_blocking(work));
    }

    fn collect_saved_prompts(&mut self, saved: Saved) {
        for (from, to) in saved.copies {
            self.prompts.now_a_copy(from, to);
            self.notices
                .failed("Another window has changed this prompt; here it goes on as a copy");
        }
        self.prompts.not_saved(saved.failed);
        let was_failing = std::mem::replace(&mut self.prompt_work.failing, saved.problem.is_some());
        if let Some(problem) = saved.problem.filter(|_| !was_failing) {
            self.notices.failed(format!("Not saved. {problem}"));
        }
    }

    /// Saves everything before the program ends; waits for the disk.
    pub(super) fn save_prompts_at_once(&mut self) {
        if let Some(saving) = self.prompt_work.saving.take() {
            self.collect_saved_prompts(saving.wait().unwrap_or_default());
        }
        if let Some(store) = self.keeping.store()
            && let Some(problem) = save(&store, &self.prompts.take_unsaved()).problem
        {
            tracing::error!("the last prompts could not be saved: {problem}");
        }
    }

    /// What a command of every screen means here; gives it back when it means what it always does.
    pub(super) fn on_prompts(&mut self, command: Command) -> Option<Command> {
        match command {
            Command::ChooseModel => {
                if let Some(catalog) = self.shared.catalog.ready() {
                    self.picker = Some(ModelPicker::open(self.prompts.model(), catalog));
                }
            }
            Command::UseModel(id) => self.prompts.use_model(id),
            Command::Stop => self.prompts.stop(),
            // What was paid for is only asked again by the button that says so.
            Command::Send => self.prompts(PromptsCommand::Run { missing_only: true }),
            Command::NewConversation => self.prompts(PromptsCommand::New),
            Command::Attach(files) if self.prompts.takes_as_table(&files) => {
                self.read_table(std::future::ready(files.into_iter().next()));
            }
            other => return Some(other),
        }
        None
    }

    pub(super) fn prompts(&mut self, command: PromptsCommand) {
        match command {
            PromptsCommand::New => {
                self.prompts.begin(SavedPrompt {
                    name: "New prompt".to_owned(),
                    ..SavedPrompt::default()
                });
                self.screen = Screen::Prompts;
            }
            PromptsCommand::SaveFromChat => self.save_from_chat(),
            PromptsCommand::UseInChat => {
                if let Some((model, configuration, text)) = self.prompts.for_chat() {
                    self.chat
                        .go_on_with(model, configuration, Transcript::default());
                    self.chat.write(text);
                    self.offer_models_to_chat();
                    self.screen = Screen::Chat;
                }
            }
            PromptsCommand::Import => self.import_prompts(),
            PromptsCommand::Export { all, form } => self.export_prompts(all, form),
            PromptsCommand::Delete(id) => {
                if self.prompts.delete(id) {
                    self.change_prompt(move |store| match store.delete(id) {
                        // It was never on the disk.
                        Err(StoreError::NotThere(_)) => Ok(()),
                        result => result,
                    });
                }
            }
            PromptsCommand::Undelete => {
                if let Some(id) = self.prompts.undelete() {
                    self.prompts.not_saved([id]);
                    self.change_prompt(move |store| match store.restore(id) {
                        Err(StoreError::NotThere(_)) => Ok(()),
                        result => result,
                    });
                }
            }
            PromptsCommand::PickTable => self.pick_table(),
            PromptsCommand::Run { missing_only } => {
                if missing_only && self.prompts.missing() == 0 {
                    self.notices.done(
                        "Every row has its answer; the button above the table asks them again",
                    );
                } else if !self.prompts.is_open_running()
                    && self.may_spend()
                    && let Some(session) = self.shared.session.ready()
                {
                    self.prompts.run(&self.tasks, session, missing_only);
                }
            }
            PromptsCommand::StopRun => self.prompts.stop(),
            PromptsCommand::ExportRun(format) => self.export_run(format),
        }
    }

    fn save_from_chat(&mut self) {
        let text = self.chat.prompt().trim().to_owned();
        if text.is_empty() {
            self.notices
                .failed("There is no prompt to save: write one first");
            return;
        }
        let first: Vec<&str> = text.split_whitespace().take(6).collect();
        let name = first.join(" ");
        self.prompts.begin(SavedPrompt {
            name,
            draft: Content {
                text,
                model: self.chat.model().cloned(),
                configuration: self.chat.configuration().clone(),
            },
            ..SavedPrompt::default()
        });
        self.screen = Screen::Prompts;
    }

    fn change_prompt(
        &mut self,
        act: impl FnOnce(&Store) -> Result<(), StoreError> + Send + 'static,
    ) {
        if let Some(store) = self.keeping.store() {
            let work = move || act(&store).map_err(|error| error.to_string());
            self.prompt_work
                .changing
                .push(self.tasks.spawn_blocking(work));
        }
    }

    fn import_prompts(&mut self) {
        let chosen = self.file_picker.pick_files();
        self.prompt_work.importing = Some(self.tasks.spawn(async move {
            let Some(path) = chosen.await.into_iter().next() else {
                return Ok(None);
            };
            read_file(path, |text| read(text).map_err(|error| error.to_string()))
                .await
                .map(|(read, _)| Some(read))
        }));
    }

    fn pick_table(&mut self) {
        let chosen = self.file_picker.pick_files();
        self.read_table(async move { chosen.await.into_iter().next() });
    }

    fn read_table(&mut self, path: impl Future<Output = Option<PathBuf>> + Send + 'static) {
        self.prompt_work.table = Some(self.tasks.spawn(async move {
            let Some(path) = path.await else {
                return Ok(None);
            };
            read_file(path, |text| {
                Table::parse(text).map_err(|error| error.to_string())
            })
            .await
            .map(Some)
        }));
    }

    fn export_prompts(&mut self, all: bool, form: Form) {
        let Some((name, text)) = self.prompts.written(all, form) else {
            self.notices.failed("There are no prompts to export yet");
            return;
        };
        let chosen = self
            .file_picker
            .save_as(&format!("{}.json", stem(&name)), "json");
        self.files
            .write(&self.tasks, chosen, move || Ok(text.into_bytes()));
    }

    fn export_run(&mut self, format: RunFormat) {
        let Some((name, text)) = self.prompts.answers(format) else {
            self.notices.failed("There are no answers to export yet");
            return;
        };
        let extension = format.extension();
        let chosen = self
            .file_picker
            .save_as(&format!("{}.{extension}", stem(&name)), extension);
        self.files
            .write(&self.tasks, chosen, move || Ok(text.into_bytes()));
    }
}

/// Reads a file where it keeps nobody waiting; gives its folder, too.
async fn read_file<T: Send + 'static>(
    path: PathBuf,
    parse: impl FnOnce(&str) -> Result<T, String> + Send + 'static,
) -> Result<(T, PathBuf), String> {
    let work = move || {
        let name = path.display().to_string();
        let unread = |error: std::io::Error| format!("{name}: {error}");
        if std::fs::metadata(&path).map_err(unread)?.len() > LARGEST_FILE {
            return Err(format!("{name} is too large"));
        }
        let text = std::fs::read_to_string(&path).map_err(unread)?;
        let parsed = parse(&text).map_err(|problem| format!("{name}: {problem}"))?;
        let folder = path.parent().map(PathBuf::from).unwrap_or_default();
        Ok((parsed, folder))
    };
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|died| Err(died.to_string()))
}

fn save(store: &Store, prompts: &[StoredPrompt]) -> Saved {
    let mut saved = Saved::default();
    for stored in prompts {
        let result = match store.save_prompt(stored.id, &stored.prompt) {
            Err(StoreError::ChangedElsewhere(_)) => {
                let copy = ConversationId::new();
                saved.copies.push((stored.id, copy));
                store.save_prompt(copy, &stored.prompt)
            }
            result => result,
        };
        if let Err(error) = result {
            saved.failed.push(stored.id);
            saved.problem = Some(error.to_string());
        }
    }
    saved
}
