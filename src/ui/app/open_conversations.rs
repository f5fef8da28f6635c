//! Which conversations are open, and what is written in them and not sent, goes to disk as it changes, and all is in
//! its place again at the next start.

use std::time::Duration;

use egui::Context;

use super::App;
use crate::store::{
    AtStart, DataFolder, OpenConversation, Store, StoredConversation, load_open_conversations,
    save_open_conversations,
};
use crate::tasks::{Job, finished};
use crate::ui::screens::chat::OpenRevision;

/// How long what is written may wait before it is on its way to the disk.
const SAVE_EVERY: Duration = Duration::from_secs(1);

/// Most conversations that are opened again without a text that waits in them: each is held whole.
const MOST_AGAIN: usize = 8;

/// What was open, and what the history has of it.
type Found = (OpenConversation, Option<StoredConversation>);

/// What is open on its way from the disk and to it.
#[derive(Default)]
pub struct OpenConversationsWork {
    /// Whether another window keeps what is open there.
    is_second: bool,
    asked: bool,
    loading: Option<Job<Result<Vec<Found>, String>>>,
    saving: Option<Job<Result<(), String>>>,
    /// What is on the disk or on its way; none before it was read.
    saved: Option<Vec<OpenRevision>>,
    last_save: f64,
}

impl OpenConversationsWork {
    pub fn new(is_second: bool) -> Self {
        Self {
            is_second,
            ..Self::default()
        }
    }
}

impl App {
    /// Opens what was open, and keeps what is.
    pub(super) fn keep_open_conversations(&mut self, ctx: &Context) {
        let Some(folder) = self.data_folder.clone() else {
            return;
        };
        if self.open_work.is_second {
            return;
        }
        self.load_open_conversations(&folder);
        if let Some(Err(error)) = finished(&mut self.open_work.saving) {
            self.notices
                .failed(format!("What you are writing is not kept. {error}"));
        }
        let Some(saved) = &self.open_work.saved else {
            return;
        };
        let now = self.chat.open_revisions();
        if *saved == now || self.open_work.saving.is_some() {
            return;
        }
        let time = ctx.input(|input| input.time);
        let due = self.open_work.last_save + SAVE_EVERY.as_secs_f64() - time;
        if due > 0.0 {
            ctx.request_repaint_after(Duration::from_secs_f64(due));
            return;
        }
        self.open_work.last_save = time;
        self.open_work.saved = Some(now);
        let open = self.chat.open_conversations();
        self.open_work.saving = Some(self.tasks.spawn_blocking(move || {
            save_open_conversations(&folder, &open).map_err(|error| error.to_string())
        }));
    }

    fn load_open_conversations(&mut self, folder: &DataFolder) {
        if !self.open_work.asked && !self.keeping.is_opening() && !self.preferences.is_loading() {
            self.open_work.asked = true;
            let at_start = self
                .preferences
                .settings()
                .map(|settings| settings.at_start);
            let (folder, store) = (folder.clone(), self.keeping.store());
            let work = move || find(&folder, store.as_ref(), at_start.unwrap_or_default());
            self.open_work.loading = Some(self.tasks.spawn_blocking(work));
        }
        match finished(&mut self.open_work.loading) {
            Some(Ok(found)) => {
                // What was written meanwhile is not on the disk.
                let is_new = !self.chat.open_revisions().is_empty();
                self.chat.restore(found);
                self.offer_models_to_chat();
                let kept = self.chat.open_revisions();
                self.open_work.saved = Some(if is_new { Vec::new() } else { kept });
            }
            Some(Err(error)) => {
                self.notices.failed(error);
                self.open_work.saved = Some(Vec::new());
            }
            None => {}
        }
    }

    /// Keeps what is open before the program ends; waits for the disk.
    pub(super) fn save_open_conversations_at_once(&mut self) {
        if let Some(saving) = self.open_work.saving.take() {
            saving.wait().ok();
        }
        let (Some(folder), Some(_)) = (&self.data_folder, &self.open_work.saved) else {
            return;
        };
        if let Err(error) = save_open_conversations(folder, &self.chat.open_conversations()) {
            tracing::error!("what was open could not be saved: {error}");
        }
    }
}

fn find(
    folder: &DataFolder,
    store: Option<&Store>,
    at_start: AtStart,
) -> Result<Vec<Found>, String> {
    let mut open = load_open_conversations(folder).map_err(|error| error.to_string())?;
    let mut room = match at_start {
        AtStart::OpenAgain => MOST_AGAIN,
        AtStart::BeginAnew => 0,
    };
    // The last ones, and every text.
    open.reverse();
    let last = open.into_iter().filter_map(|open| {
        let has_room = room > 0;
        room = room.saturating_sub(1);
        if !has_room && open.text.is_empty() && open.unkept.is_none() {
            return None;
        }
        // One that was deleted or is damaged does not keep the text.
        let stored = store.and_then(|store| store.load_conversation(open.conversation).ok());
        let wanted = match stored {
            Some(_) => has_room || !open.text.is_empty(),
            None => open.unkept.is_some() || !open.text.is_empty(),
        };
        wanted.then_some((open, stored))
    });
    let mut found: Vec<_> = last.collect();
    found.reverse();
    Ok(found)
}
