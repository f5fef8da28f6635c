//! What is written in the chat and not sent goes to disk while it is written, and stands in its place again at the
//! next start.

use std::time::Duration;

use egui::Context;

use super::App;
use crate::store::{
    ConversationId, DataFolder, Draft, Store, StoredConversation, load_drafts, save_drafts,
};
use crate::tasks::{Job, finished};

/// How long what is written may wait before it is on its way to the disk.
const SAVE_EVERY: Duration = Duration::from_secs(1);

/// A draft, and the conversation it was written in where the history has it.
type Found = (Draft, Option<StoredConversation>);

/// Drafts on their way from the disk and to it.
#[derive(Default)]
pub struct DraftWork {
    asked: bool,
    loading: Option<Job<Result<Vec<Found>, String>>>,
    saving: Option<Job<Result<(), String>>>,
    /// Which drafts are on the disk or on their way, and how often each was changed; none before they were read.
    saved: Option<Vec<(ConversationId, u64)>>,
    last_save: f64,
}

impl App {
    /// Takes in what was being written, and keeps what is.
    pub(super) fn keep_drafts(&mut self, ctx: &Context) {
        let Some(folder) = self.data_folder.clone() else {
            return;
        };
        self.load_drafts(&folder);
        if let Some(Err(error)) = finished(&mut self.draft_work.saving) {
            self.notices
                .failed(format!("What you are writing is not kept. {error}"));
        }
        let Some(saved) = &self.draft_work.saved else {
            return;
        };
        let now = self.chat.draft_revisions();
        if *saved == now || self.draft_work.saving.is_some() {
            return;
        }
        let time = ctx.input(|input| input.time);
        let due = self.draft_work.last_save + SAVE_EVERY.as_secs_f64() - time;
        if due > 0.0 {
            ctx.request_repaint_after(Duration::from_secs_f64(due));
            return;
        }
        self.draft_work.last_save = time;
        self.draft_work.saved = Some(now);
        let drafts = self.chat.drafts();
        self.draft_work.saving = Some(self.tasks.spawn_blocking(move || {
            save_drafts(&folder, &drafts).map_err(|error| error.to_string())
        }));
    }

    fn load_drafts(&mut self, folder: &DataFolder) {
        if !self.draft_work.asked && !self.keeping.is_opening() && !self.preferences.is_loading() {
            self.draft_work.asked = true;
            let (folder, store) = (folder.clone(), self.keeping.store());
            let work = move || find(&folder, store.as_ref());
            self.draft_work.loading = Some(self.tasks.spawn_blocking(work));
        }
        match finished(&mut self.draft_work.loading) {
            Some(Ok(found)) => {
                // What was written meanwhile is not on the disk.
                let is_new = !self.chat.draft_revisions().is_empty();
                self.chat.restore_drafts(found);
                self.offer_models_to_chat();
                let kept = self.chat.draft_revisions();
                self.draft_work.saved = Some(if is_new { Vec::new() } else { kept });
            }
            Some(Err(error)) => {
                self.notices.failed(error);
                self.draft_work.saved = Some(Vec::new());
            }
            None => {}
        }
    }

    /// Keeps what is being written before the program ends; waits for the disk.
    pub(super) fn save_drafts_at_once(&mut self) {
        if let Some(saving) = self.draft_work.saving.take() {
            saving.wait().ok();
        }
        let (Some(folder), Some(_)) = (&self.data_folder, &self.draft_work.saved) else {
            return;
        };
        if let Err(error) = save_drafts(folder, &self.chat.drafts()) {
            tracing::error!("what was being written could not be saved: {error}");
        }
    }
}

fn find(folder: &DataFolder, store: Option<&Store>) -> Result<Vec<Found>, String> {
    let drafts = load_drafts(folder).map_err(|error| error.to_string())?;
    let with_conversation = |draft: Draft| {
        // One that was deleted or is damaged does not keep the text.
        let stored = store.and_then(|store| store.load_conversation(draft.conversation).ok());
        (draft, stored)
    };
    Ok(drafts.into_iter().map(with_conversation).collect())
}
