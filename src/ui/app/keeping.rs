//! What is said goes to disk as it is said, and comes back when it is asked for: all of it in the
//! background.

mod opening;
mod saving;

use std::collections::HashSet;
use std::time::Duration;

use egui::Context;

use self::saving::{Saved, Unsaved, save};
use super::App;
use super::changes::Changes;
use super::in_parts::InParts;
use crate::store::{
    ConversationId, HistoryPage, HistoryQuery, Opened, Screen as MadeIn, SpendRow, Store,
    StoreError, StoredConversation, Tidied, UnixMs,
};
use crate::tasks::{Job, JobDied, Session, Tasks, finished};
use crate::ui::command::{HistoryCommand, Screen};
use crate::ui::numbers::{bytes, thousands};

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
    /// What was closed and is not on the disk yet, what was left first in front.
    closed: Unsaved,
    /// Calls that are not in the ledger yet.
    spend: Vec<SpendRow>,
    /// Seconds since the start at which the last save began.
    last_save: f64,
    /// Whether the last save failed; it is tried again, and said once.
    failing: bool,
    loading: Option<Outcome<StoredConversation>>,
    /// What is to be found in a conversation that is being loaded.
    looks_for: Option<(ConversationId, String)>,
    listing: Option<Outcome<HistoryPage>>,
    selecting: Option<Outcome<(HistoryQuery, HashSet<ConversationId>)>>,
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

    /// Whether every call that is over is in the ledger.
    pub fn has_recorded_all(&self) -> bool {
        self.store.is_some() && self.spend.is_empty()
    }

    /// Adds calls to the ledger.
    pub fn add_spend(&mut self, rows: Vec<SpendRow>) {
        self.spend.extend(rows);
    }

    fn save(&mut self, tasks: &Tasks, unsaved: Unsaved) {
        if let Some(store) = self.store.clone() {
            let spend = self.spend.clone();
            self.saving = Some(tasks.spawn_blocking(move || save(&store, unsaved, &spend)));
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
        let saved = saved.unwrap_or_else(|died| {
            self.save_all_again();
            Saved {
                problem: Some(died.to_string()),
                ..Saved::default()
            }
        });
        let recorded: Vec<_> = self.keeping.spend.drain(..saved.recorded).collect();
        self.usage.recorded(&recorded);
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
        self.put_back(saved.failed);
        if let Some(problem) = saved.problem.filter(|_| !was_failing) {
            self.notices.failed(format!("Not saved. {problem}"));
        }
    }

    /// What did not reach the disk is tried again: as it is by then where it is still open, else as it was left.
    fn put_back(&mut self, failed: Unsaved) {
        let closed = &mut self.keeping.closed;
        let job = self.alt_text.job_mut();
        if put_aside(failed.jobs, job.id(), &mut closed.jobs) {
            job.forget_saved();
        }
        let list = self.embeddings.open_mut();
        if put_aside(failed.collections, list.id(), &mut closed.collections) {
            list.forget_saved();
        }
        let gallery = self.images.gallery_mut();
        if put_aside(failed.galleries, gallery.id(), &mut closed.galleries) {
            gallery.forget_saved();
        }
        let kept = failed.conversations.into_iter();
        let left = kept.filter(|draft| !self.chat.forget_saved_of(draft.id));
        closed.conversations.splice(0..0, left);
        let kept = failed.comparisons.into_iter();
        let left = kept.filter(|comparison| !self.compare.forget_saved_of(comparison.id));
        closed.comparisons.splice(0..0, left);
    }

    /// Saves anew what is open: it is not known what of it is on the disk.
    fn save_all_again(&mut self) {
        self.chat.forget_saved();
        self.alt_text.job_mut().forget_saved();
        self.embeddings.open_mut().forget_saved();
        self.images.gallery_mut().forget_saved();
        self.compare.forget_saved();
    }

    /// Saves everything before the program ends; the one place that waits for the disk.
    pub(super) fn save_at_once(&mut self) {
        self.save_prompts_at_once();
        self.keeping.changes.finish_at_once();
        self.files.finish_at_once();
        self.save_open_conversations_at_once();
        // What is under way counts as saved, and its calls must not be in the ledger twice.
        if let Some(saving) = self.keeping.saving.take() {
            self.collect_save(saving.wait());
        }
        if self.has_unsaved() {
            self.finish_opening_at_once();
        }
        let unsaved = self.take_unsaved();
        let Some(store) = &self.keeping.store else {
            return;
        };
        let saved = save(store, unsaved, &self.keeping.spend);
        if let Some(problem) = saved.problem {
            tracing::error!("the last words could not be saved: {problem}");
        }
        self.keeping.spend.drain(..saved.recorded);
        self.settle_billed_at_once();
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
            HistoryCommand::OpenAt(id, words) => {
                if self.chat.show_stored(id) {
                    self.screen = Screen::Chat;
                    self.chat.find(Some(words));
                } else {
                    self.keeping.looks_for = Some((id, words));
                    self.history(HistoryCommand::Open(id, MadeIn::chat()));
                }
            }
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
            HistoryCommand::SelectAll(query) => {
                self.keeping.selecting = Some(tasks.spawn_blocking(move || {
                    let ids = store.history_ids(&query);
                    ids.map(|ids| (*query, ids.into_iter().collect()))
                        .map_err(|error| error.to_string())
                }));
            }
            HistoryCommand::Delete(ids) => {
                for id in &ids {
                    self.chat.close_stored(*id);
                    self.compare.close_stored(*id);
                }
                self.change(move || store.delete_all(&ids).map(|_| ()));
            }
            HistoryCommand::Restore(ids) => {
                self.change(move || store.restore_all(&ids).map(|_| ()));
            }
            HistoryCommand::Pin(id, pinned) => {
                self.change(move || store.set_pinned(id, pinned));
            }
            HistoryCommand::Archive(ids, archived) => {
                self.change(move || store.set_all_archived(&ids, archived).map(|_| ()));
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
        match finished(&mut self.keeping.selecting) {
            Some(Ok((query, ids))) => self.history_screen.select_all(&query, ids),
            Some(Err(error)) => self.notices.failed(error),
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

    /// Takes the calls that are over, so that budgets count them at once and the ledger gets them.
    pub(super) fn collect_spend(&mut self) {
        let spend = &mut self.keeping.spend;
        spend.extend(self.compare.take_spend());
        spend.extend(self.alt_text.job_mut().take_spend());
        spend.extend(self.images.gallery_mut().take_spend());
        spend.extend(self.videos.take_spend());
        spend.extend(self.chat.take_spend());
        spend.extend(self.embeddings.open_mut().take_spend());
    }

    /// Takes all that is not on its way to the disk.
    fn take_unsaved(&mut self) -> Unsaved {
        self.collect_spend();
        let connection = self.connection_label();
        let region = self.shared.region();
        let mut unsaved = std::mem::take(&mut self.keeping.closed);
        let job = self.alt_text.job_mut();
        if job.has_unsaved() {
            unsaved.jobs.extend(job.take_unsaved(region, &connection));
        }
        let gallery = self.images.gallery_mut();
        if gallery.has_unsaved() {
            let gallery = gallery.take_unsaved(region, &connection);
            unsaved.galleries.extend(gallery);
        }
        let conversations = &mut unsaved.conversations;
        conversations.extend(self.chat.unsaved(region, &connection));
        let compared = self.compare.unsaved(region, &connection);
        unsaved.comparisons.extend(compared);
        let collection = self.unsaved_collection(&connection);
        unsaved.collections.extend(collection);
        unsaved
    }

    /// Keeps a job of alt text that is about to be closed.
    pub(super) fn keep_job(&mut self) {
        let connection = self.connection_label();
        let job = self.alt_text.job_mut();
        self.keeping.spend.extend(job.take_spend());
        if job.has_unsaved() {
            let job = job.take_unsaved(self.shared.region(), &connection);
            self.keeping.closed.jobs.extend(job);
        }
    }

    /// Keeps a list of embeddings that is about to be closed.
    pub(super) fn keep_collection(&mut self) {
        let connection = self.connection_label();
        let spent = self.embeddings.open_mut().take_spend();
        self.keeping.spend.extend(spent);
        let collection = self.unsaved_collection(&connection);
        self.keeping.closed.collections.extend(collection);
    }

    /// Keeps a gallery that is about to be closed.
    pub(super) fn keep_gallery(&mut self) {
        let connection = self.connection_label();
        let gallery = self.images.gallery_mut();
        self.keeping.spend.extend(gallery.take_spend());
        if gallery.has_unsaved() {
            let gallery = gallery.take_unsaved(self.shared.region(), &connection);
            self.keeping.closed.galleries.extend(gallery);
        }
    }

    fn has_unsaved(&self) -> bool {
        self.chat.has_unsaved()
            || self.compare.has_unsaved()
            || self.alt_text.job().has_unsaved()
            || self.images.gallery().has_unsaved()
            || self.embeddings.open().has_unsaved()
            || !self.keeping.spend.is_empty()
            || !self.keeping.closed.is_empty()
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
            let id = stored.id;
            self.chat.open_stored(stored);
            self.offer_models_to_chat();
            self.screen = Screen::Chat;
            if let Some((_, words)) = self.keeping.looks_for.take_if(|(of, _)| *of == id) {
                self.chat.find(Some(words));
            }
            return;
        }
        match self.compare.open_stored(&stored) {
            Ok(()) => {
                if let Some(catalog) = self.shared.catalog.ready() {
                    self.compare.offer_models(catalog, self.shared.region());
                }
                self.screen = Screen::Compare;
            }
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

/// Puts what failed and is closed before what else is to be saved; true when what is open failed too.
fn put_aside<T: InParts>(failed: Vec<T>, open: ConversationId, closed: &mut Vec<T>) -> bool {
    let (of_open, left): (Vec<_>, Vec<_>) = failed.into_iter().partition(|kept| kept.id() == open);
    closed.splice(0..0, left);
    !of_open.is_empty()
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
    let held_back = if tidied.held_back {
        ". No file is removed while a damaged history is beside this one: remove it when nothing in \
         it is missed"
    } else {
        ""
    };
    format!(
        "Cleaned up: {} given back, {} conversations and {} files removed, {} moved to \
         the trash{held_back}",
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
