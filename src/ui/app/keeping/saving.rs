//! What is on its way to the disk: each thing by itself, so that one which cannot be saved keeps no other.
//!
//! Must not know whether what failed is still shown.

use crate::store::{ConversationDraft, ConversationId, SpendRow, Store, StoreError};
use crate::ui::app::in_parts::{InParts, save_one};
use crate::ui::screens::alt_text::JobToSave;
use crate::ui::screens::compare::ComparisonToSave;
use crate::ui::screens::embeddings::CollectionToSave;
use crate::ui::screens::images::GalleryToSave;

/// What is not on the disk.
#[derive(Default)]
pub struct Unsaved {
    pub jobs: Vec<JobToSave>,
    pub collections: Vec<CollectionToSave>,
    pub galleries: Vec<GalleryToSave>,
    pub conversations: Vec<ConversationDraft>,
    pub comparisons: Vec<ComparisonToSave>,
}

impl Unsaved {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.jobs.is_empty()
            && self.collections.is_empty()
            && self.galleries.is_empty()
            && self.conversations.is_empty()
            && self.comparisons.is_empty()
    }
}

/// How a save went.
#[derive(Default)]
pub struct Saved {
    /// Calls that are in the ledger now.
    pub recorded: usize,
    /// What another window has changed, and the copies this one goes on with.
    pub copies: Vec<(ConversationId, ConversationId)>,
    /// What is not on the disk.
    pub failed: Unsaved,
    /// Why, of the last of it.
    pub problem: Option<String>,
}

/// Saves all of it, as far as the disk takes it. Blocks.
pub fn save(store: &Store, unsaved: Unsaved, spend: &[SpendRow]) -> Saved {
    let mut saving = Saving {
        store,
        saved: Saved::default(),
        refuses_all: false,
    };
    let jobs = saving.all(unsaved.jobs, InParts::id, save_one);
    let collections = saving.all(unsaved.collections, InParts::id, save_one);
    let galleries = saving.all(unsaved.galleries, InParts::id, save_one);
    let id = |draft: &ConversationDraft| draft.id;
    let conversations = saving.all(unsaved.conversations, id, save_conversation);
    let comparisons = saving.all(unsaved.comparisons, |it| it.id, save_comparison);
    saving.saved.failed = Unsaved {
        jobs,
        collections,
        galleries,
        conversations,
        comparisons,
    };
    // Behind the conversations that they belong to.
    for row in spend {
        if let Err(error) = store.record_spend(row) {
            saving.saved.problem = Some(error.to_string());
            break;
        }
        saving.saved.recorded += 1;
    }
    saving.saved
}

struct Saving<'a> {
    store: &'a Store,
    saved: Saved,
    /// Whether it is not for one thing's sake that the disk refuses: then no other is tried.
    refuses_all: bool,
}

impl Saving<'_> {
    /// Saves these; those that are not on the disk afterwards.
    fn all<T>(
        &mut self,
        all: Vec<T>,
        id: impl Fn(&T) -> ConversationId,
        save: impl Fn(&Store, &T) -> Result<Option<ConversationId>, StoreError>,
    ) -> Vec<T> {
        let mut failed = Vec::new();
        for one in all {
            if self.refuses_all {
                failed.push(one);
                continue;
            }
            match save(self.store, &one) {
                Ok(copy) => self.saved.copies.extend(copy.map(|copy| (id(&one), copy))),
                Err(error) => {
                    self.refuses_all = matches!(
                        error,
                        StoreError::Locked
                            | StoreError::Full
                            | StoreError::ReadOnly
                            | StoreError::Corrupt
                    );
                    self.saved.problem = Some(error.to_string());
                    failed.push(one);
                }
            }
        }
        failed
    }
}

fn save_comparison(
    store: &Store,
    comparison: &ComparisonToSave,
) -> Result<Option<ConversationId>, StoreError> {
    match comparison.draft() {
        Some(draft) => save_conversation(store, &draft),
        None => Ok(None),
    }
}

fn save_conversation(
    store: &Store,
    draft: &ConversationDraft,
) -> Result<Option<ConversationId>, StoreError> {
    match store.save_conversation(draft) {
        Err(StoreError::ChangedElsewhere(_)) => {
            let copy = ConversationDraft {
                id: ConversationId::new(),
                ..draft.clone()
            };
            store.save_conversation(&copy).map(|_| Some(copy.id))
        }
        result => result.map(|_| None),
    }
}
