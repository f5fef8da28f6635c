//! What is said goes to disk as it is said, and comes back when it is asked for: all of it in the
//! background.

mod opening;

use std::time::Duration;

use egui::Context;

use super::App;
use super::changes::Changes;
use super::in_parts::save_all;
use crate::store::{
    ConversationDraft, ConversationId, HistoryPage, HistoryQuery, Opened, Screen as MadeIn,
    SpendRow, Store, StoreError, StoredConversation, Tidied, UnixMs,
};
use crate::tasks::{Job, JobDied, Session, Tasks, finished};
use crate::ui::command::{HistoryCommand, Screen};
use crate::ui::numbers::{bytes, thousands};
use crate::ui::screens::alt_text::JobToSave;
use crate::ui::screens::embeddings::CollectionToSave;
use crate::ui::screens::images::GalleryToSave;

/// How long the text of an answer may be on screen before it is on its way to the disk: with the
/// writing itself, less than a second.
const SAVE_EVERY: Duration = Duration::from_millis(500);

/// How long to wait with another try when the disk said no.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(5);

type Outcome<T> = Job<Result<T, String>>;

/// The history and the work under way on it.
#[derive(Default)]
pub struct Keeping {
    opening: Option<Outcome<Opened>>,
    /// Why it could not be opened.
    refused: Option<String>,
    store: Option<Store>,
    saving: Option<Job<Saved>>,
    /// Jobs of alt text that were closed and are not on the disk yet.
    closed_jobs: Vec<JobToSave>,
    /// Lists of embeddings that were closed and are not on the disk yet.
    closed_collections: Vec<CollectionToSave>,
    /// Galleries that were closed and are not on the disk yet.
    closed_galleries: Vec<GalleryToSave>,
    /// Calls that are not in the ledger yet.
    spend: Vec<SpendRow>,
    /// Seconds since the start at which the last save began.
    last_save: f64,
    /// Whether the last save failed; it is tried again, and said once.
    failing: bool,
    loading: Option<Outcome<StoredConversation>>,
    listing: Option<Outcome<HistoryPage>>,
    changes: Changes,
    tidying: Option<Outcome<()>>,
    /// Whether that was begun.
    is_tidy: bool,
    reporting: Option<Outcome<String>>,
}

impl Keeping {
    /// The history, where there is one.
    pub fn store(&self) -> Option<Store> {
        self.store.clone()
    }

    /// Calls that are not in the ledger yet.
    pub fn pending_spend(&self) -> &[SpendRow] {
        &self.spend
    }

    /// Adds calls to the ledger.
    pub fn add_spend(&mut self, rows: Vec<SpendRow>) {
        self.spend.extend(rows);
    }

    fn save(&mut self, tasks: &Tasks, unsaved: Unsaved) {
        if let Some(store) = self.store.clone() {
            let spend = self.spend.clone();
            self.saving = Some(tasks.spawn_blocking(move || save(&store, &unsaved, &spend)));
        }
    }
}

impl App {
    /// Takes in what the disk brought, and sends to it what is new.
    pub(super) fn keep(&mut self, ctx: &Context) {
        self.collect_opening();
        self.collect_history();
        match finished(&mut self.keeping.reporting) {
            Some(Ok(report)) => {
                self.notices.done(report);
                self.history_screen.refresh();
                self.add_up_folder();
            }
            Some(Err(error)) => self.notices.failed(error),
            None => {}
        }
        if let Some(Err(error)) = finished(&mut self.keeping.tidying) {
            self.notices
                .failed(format!("The history could not be backed up. {error}"));
        }
        self.tidy_once();
        let saved = self.keeping.saving.as_mut().and_then(Job::take);
        if let Some(saved) = saved {
            self.keeping.saving = None;
            self.collect_save(saved);
        }
        self.save_what_is_new(ctx);
    }

    /// Takes in how a save went; what went wrong is said once.
    fn collect_save(&mut self, saved: Result<Saved, JobDied>) {
        let saved = saved.unwrap_or_else(|died| Saved {
            problem: Some(died.to_string()),
            ..Saved::default()
        });
        self.keeping.spend.drain(..saved.recorded);
        if saved.recorded > 0 {
            self.usage.changed(&self.tasks, self.keeping.store());
        }
        // A list that is on show may lack what has just come to the disk.
        self.history_screen.refresh();
        // Before anything is saved again, or there would be another copy.
        for (from, to) in saved.copies {
            self.chat.now_a_copy(from, to);
            self.alt_text.now_a_copy(from, to);
            self.embeddings.now_a_copy(from, to);
            self.images.now_a_copy(from, to);
            self.compare.now_a_copy(from, to);
            self.notices
                .failed("Another window has changed this conversation; here it goes on as a copy");
        }
        let was_failing = std::mem::replace(&mut self.keeping.failing, saved.problem.is_some());
        if let Some(problem) = saved.problem {
            self.chat.forget_saved();
            self.alt_text.job_mut().forget_saved();
            self.embeddings.open_mut().forget_saved();
            self.images.gallery_mut().forget_saved();
            self.compare.forget_saved();
            if !was_failing {
                self.notices.failed(format!("Not saved. {problem}"));
            }
        }
    }

    /// Saves everything before the program ends; the one place that waits for the disk.
    pub(super) fn save_at_once(&mut self) {
        self.save_prompts_at_once();
        self.keeping.changes.finish_at_once();
        // What is under way counts as saved, and its calls must not be in the ledger twice.
        if let Some(saving) = self.keeping.saving.take() {
            self.collect_save(saving.wait());
        }
        let unsaved = self.take_unsaved();
        let Some(store) = &self.keeping.store else {
            return;
        };
        if let Some(problem) = save(store, &unsaved, &self.keeping.spend).problem {
            tracing::error!("the last words could not be saved: {problem}");
        }
    }

    pub(super) fn history(&mut self, command: HistoryCommand) {
        let Some(store) = self.keeping.store.clone() else {
            return;
        };
        let tasks = &self.tasks;
        match command {
            HistoryCommand::List(query) => {
                self.keeping.listing = Some(tasks.spawn_blocking(move || list(&store, &query)));
            }
            HistoryCommand::Open(id, screen) if screen == MadeIn::alt_text() => self.load_job(id),
            HistoryCommand::Open(id, screen) if screen == MadeIn::embeddings() => {
                self.load_collection(id);
            }
            HistoryCommand::Open(id, screen) if screen == MadeIn::images() => self.load_gallery(id),
            HistoryCommand::Open(id, _) => {
                if self.chat.show_stored(id) {
                    self.screen = Screen::Chat;
                } else if self.compare.id() == id {
                    self.screen = Screen::Compare;
                } else {
                    self.keeping.loading = Some(tasks.spawn_blocking(move || {
                        store
                            .load_conversation(id)
                            .map_err(|error| error.to_string())
                    }));
                }
            }
            HistoryCommand::Delete(id) => {
                self.chat.close_stored(id);
                self.compare.close_stored(id);
                self.change(move || store.delete(id));
            }
            HistoryCommand::Restore(id) => {
                self.change(move || store.restore(id));
            }
            HistoryCommand::Pin(id, pinned) => {
                self.change(move || store.set_pinned(id, pinned));
            }
            HistoryCommand::Archive(id, archived) => {
                self.change(move || store.set_archived(id, archived));
            }
            HistoryCommand::Rename(id, title) => {
                self.change(move || store.rename(id, &title));
            }
            HistoryCommand::AddTag(id, tag) => {
                self.change(move || store.add_tag(id, &tag));
            }
            HistoryCommand::RemoveTag(id, tag) => {
                self.change(move || store.remove_tag(id, &tag));
            }
            HistoryCommand::Duplicate(id) => {
                self.change(move || store.duplicate(id).map(|_| ()));
            }
        }
    }

    /// Removes what is past its time, and gives the room back to the disk.
    pub(super) fn tidy_up(&mut self, trash_days: u32) {
        let Some(store) = self.keeping.store.clone() else {
            return;
        };
        let keep = self.keep_days();
        self.keeping.reporting = Some(self.tasks.spawn_blocking(move || {
            let tidied = store
                .tidy(keep, trash_days)
                .map_err(|error| error.to_string())?;
            Ok(in_words(tidied))
        }));
        self.history_screen.refresh();
    }

    /// Copies the history now.
    pub(super) fn back_up(&mut self) {
        if let Some(store) = self.keeping.store.clone() {
            self.keeping.reporting = Some(self.tasks.spawn_blocking(move || {
                store
                    .backup()
                    .map(|path| format!("The history is copied to {}", path.display()))
                    .map_err(|error| error.to_string())
            }));
        }
    }

    /// Looks whether all that is kept is whole.
    pub(super) fn check_history(&mut self) {
        if let Some(store) = self.keeping.store.clone() {
            self.keeping.reporting = Some(self.tasks.spawn_blocking(move || checked(&store)));
        }
    }

    fn change(&mut self, act: impl FnOnce() -> Result<(), StoreError> + Send + 'static) {
        self.keeping.changes.push(&self.tasks, act);
    }

    /// Backs up and tidies after the start, once it is known how long things are kept.
    fn tidy_once(&mut self) {
        let Some(store) = self.keeping.store.clone() else {
            return;
        };
        if self.keeping.is_tidy || self.preferences.is_loading() {
            return;
        }
        self.keeping.is_tidy = true;
        let (keep, trash) = (self.keep_days(), self.retention_days());
        self.keeping.tidying =
            Some(self.tasks.spawn_blocking(move || {
                tidy(&store, keep, trash).map_err(|error| error.to_string())
            }));
    }

    fn collect_history(&mut self) {
        match finished(&mut self.keeping.listing) {
            Some(Ok(page)) => self.history_screen.show_page(page),
            Some(Err(error)) => self.history_screen.unavailable(error),
            None => {}
        }
        match self.keeping.changes.collect(&self.tasks) {
            Some(Ok(())) => self.history_screen.refresh(),
            Some(Err(error)) => self.notices.failed(error),
            None => {}
        }
        match finished(&mut self.keeping.loading) {
            Some(Ok(stored)) => {
                if stored.missing_attachments > 0 {
                    self.notices.failed(format!(
                        "{} attachments of this conversation are gone from the data folder",
                        thousands(stored.missing_attachments as u64)
                    ));
                }
                self.show_loaded(stored);
            }
            Some(Err(error)) => self.notices.failed(error),
            None => {}
        }
    }

    fn save_what_is_new(&mut self, ctx: &Context) {
        if !self.keeping.is_open() || self.keeping.saving.is_some() || !self.has_unsaved() {
            return;
        }
        let now = ctx.input(|input| input.time);
        let pause = if self.keeping.failing {
            TRY_AGAIN_AFTER
        } else {
            SAVE_EVERY
        };
        let due = self.keeping.last_save + pause.as_secs_f64() - now;
        if due > 0.0 && (self.is_any_running() || self.keeping.failing) {
            ctx.request_repaint_after(Duration::from_secs_f64(due));
            return;
        }
        let unsaved = self.take_unsaved();
        self.keeping.last_save = now;
        self.keeping.save(&self.tasks, unsaved);
    }

    /// Takes all that is not on its way to the disk.
    fn take_unsaved(&mut self) -> Unsaved {
        let connection = self.connection_label();
        let region = self.shared.region();
        let mut jobs = std::mem::take(&mut self.keeping.closed_jobs);
        let job = self.alt_text.job_mut();
        if job.has_unsaved() {
            jobs.extend(job.take_unsaved(region, &connection));
        }
        self.keeping.spend.extend(job.take_spend());
        let mut galleries = std::mem::take(&mut self.keeping.closed_galleries);
        let gallery = self.images.gallery_mut();
        if gallery.has_unsaved() {
            galleries.extend(gallery.take_unsaved(region, &connection));
        }
        self.keeping.spend.extend(gallery.take_spend());
        self.keeping.spend.extend(self.videos.take_spend());
        let mut conversations = self.chat.unsaved(region, &connection);
        conversations.extend(self.compare.unsaved(region, &connection));
        self.keeping.spend.extend(self.chat.take_spend());
        let compared = self.compare.take_spend().into_iter().map(|row| SpendRow {
            connection: connection.clone(),
            ..row
        });
        self.keeping.spend.extend(compared);
        let mut collections = std::mem::take(&mut self.keeping.closed_collections);
        collections.extend(self.unsaved_collection(&connection));
        let spent = self.embeddings.open_mut().take_spend();
        self.keeping.spend.extend(spent);
        Unsaved {
            conversations,
            jobs,
            collections,
            galleries,
        }
    }

    /// Keeps a job of alt text that is about to be closed.
    pub(super) fn keep_job(&mut self) {
        let connection = self.connection_label();
        let job = self.alt_text.job_mut();
        self.keeping.spend.extend(job.take_spend());
        if job.has_unsaved() {
            let job = job.take_unsaved(self.shared.region(), &connection);
            self.keeping.closed_jobs.extend(job);
        }
    }

    /// Keeps a list of embeddings that is about to be closed.
    pub(super) fn keep_collection(&mut self) {
        let connection = self.connection_label();
        let spent = self.embeddings.open_mut().take_spend();
        self.keeping.spend.extend(spent);
        let collection = self.unsaved_collection(&connection);
        self.keeping.closed_collections.extend(collection);
    }

    /// Keeps a gallery that is about to be closed.
    pub(super) fn keep_gallery(&mut self) {
        let connection = self.connection_label();
        let gallery = self.images.gallery_mut();
        self.keeping.spend.extend(gallery.take_spend());
        if gallery.has_unsaved() {
            let gallery = gallery.take_unsaved(self.shared.region(), &connection);
            self.keeping.closed_galleries.extend(gallery);
        }
    }

    fn has_unsaved(&self) -> bool {
        self.chat.has_unsaved()
            || self.compare.has_unsaved()
            || self.alt_text.job().has_unsaved()
            || self.images.gallery().has_unsaved()
            || self.videos.has_spend()
            || !self.keeping.closed_jobs.is_empty()
            || self.embeddings.open().has_unsaved()
            || !self.keeping.closed_collections.is_empty()
            || !self.keeping.spend.is_empty()
            || !self.keeping.closed_galleries.is_empty()
    }

    fn is_any_running(&self) -> bool {
        self.chat.is_any_running()
            || self.compare.is_running()
            || self.alt_text.job().is_running()
            || self.embeddings.open().is_running()
            || self.images.gallery().is_running()
    }

    /// Shows what came from the history, in the screen it was made in.
    fn show_loaded(&mut self, stored: StoredConversation) {
        if stored.screen != crate::store::Screen::compare() {
            self.chat.open_stored(stored);
            self.screen = Screen::Chat;
            return;
        }
        match self.compare.open_stored(&stored) {
            Ok(()) => self.screen = Screen::Compare,
            Err(error) => self.notices.failed(error),
        }
    }

    /// What a person calls the connection; never a credential.
    pub(super) fn connection_label(&self) -> String {
        self.shared
            .session
            .ready()
            .map_or_else(String::new, Session::label)
    }
}

/// How a save went.
#[derive(Default)]
struct Saved {
    /// Calls that are in the ledger now.
    recorded: usize,
    /// Conversations that another window has changed, and the copies this one goes on with.
    copies: Vec<(ConversationId, ConversationId)>,
    problem: Option<String>,
}

/// What is not on the disk.
struct Unsaved {
    conversations: Vec<ConversationDraft>,
    jobs: Vec<JobToSave>,
    collections: Vec<CollectionToSave>,
    galleries: Vec<GalleryToSave>,
}

fn save(store: &Store, unsaved: &Unsaved, spend: &[SpendRow]) -> Saved {
    let mut saved = Saved::default();
    let in_parts = save_all(store, &unsaved.jobs, &mut saved.copies)
        .and_then(|()| save_all(store, &unsaved.collections, &mut saved.copies))
        .and_then(|()| save_all(store, &unsaved.galleries, &mut saved.copies));
    if let Err(problem) = in_parts {
        saved.problem = Some(problem);
        return saved;
    }
    for draft in &unsaved.conversations {
        let result = match store.save_conversation(draft) {
            Err(StoreError::ChangedElsewhere(_)) => {
                let copy = ConversationDraft {
                    id: ConversationId::new(),
                    ..draft.clone()
                };
                saved.copies.push((draft.id, copy.id));
                store.save_conversation(&copy)
            }
            result => result,
        };
        if let Err(error) = result {
            saved.problem = Some(error.to_string());
            return saved;
        }
    }
    // Behind the conversations that they belong to.
    for row in spend {
        if let Err(error) = store.record_spend(row) {
            saved.problem = Some(error.to_string());
            return saved;
        }
        saved.recorded += 1;
    }
    saved
}

/// What is done once at each start: a backup a day, and what was deleted long ago goes for good.
fn tidy(store: &Store, keep_days: Option<u32>, trash_days: u32) -> Result<(), StoreError> {
    let day = 24 * 60 * 60 * 1_000;
    let due = store
        .last_backup()?
        .is_none_or(|last| UnixMs::now().0 - last.0 > day);
    if due {
        store.backup()?;
    }
    if let Some(days) = keep_days {
        store.retire(days)?;
    }
    store.purge(trash_days)?;
    store.collect_attachments()?;
    Ok(())
}

fn in_words(tidied: Tidied) -> String {
    format!(
        "Cleaned up: {} given back, {} conversations and {} files removed, {} moved to \
         the trash",
        bytes(tidied.bytes),
        thousands(tidied.purged as u64),
        thousands(tidied.files as u64),
        thousands(tidied.retired as u64)
    )
}

fn checked(store: &Store) -> Result<String, String> {
    let checked = store.check().map_err(|error| error.to_string())?;
    if checked.is_sound() {
        return Ok("The history is whole".to_owned());
    }
    Err(format!(
        "The history has damage: {} problems of the database, {} attachments gone, {} changed. \
         A damaged database is set aside at the next start and the last backup takes its place",
        checked.problems.len(),
        checked.missing.len(),
        checked.damaged.len()
    ))
}

fn list(store: &Store, query: &HistoryQuery) -> Result<HistoryPage, String> {
    store.history(query).map_err(|error| error.to_string())
}
