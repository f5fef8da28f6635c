//! What is kept part by part (`store::parts`) is saved in one way, whichever screen it belongs to.

use crate::store::{ConversationId, Part, PartsDraft, Store, StoreError};
use crate::ui::screens::alt_text::JobToSave;
use crate::ui::screens::embeddings::CollectionToSave;
use crate::ui::screens::images::GalleryToSave;

/// Something to be kept part by part.
pub trait InParts: Clone {
    /// Which one.
    fn id(&self) -> ConversationId;
    /// The same as another one, all of it.
    #[must_use]
    fn into_copy(self) -> Self;
    /// In the store's form.
    fn to_parts(&self) -> Result<(PartsDraft, Vec<Part>), serde_json::Error>;
}

/// The types have these methods; the trait only says so.
macro_rules! in_parts {
    ($($kept:ty),*) => {$(
        impl InParts for $kept {
            fn id(&self) -> ConversationId {
                self.id()
            }

            fn into_copy(self) -> Self {
                self.into_copy()
            }

            fn to_parts(&self) -> Result<(PartsDraft, Vec<Part>), serde_json::Error> {
                self.to_parts()
            }
        }
    )*};
}

in_parts!(JobToSave, CollectionToSave, GalleryToSave);

/// Saves one. When another window has changed it, it goes on as a copy, whose id is given.
///
/// # Errors
/// When the disk refuses.
pub fn save_one<T: InParts>(store: &Store, one: &T) -> Result<Option<ConversationId>, StoreError> {
    match save(store, one) {
        Err(StoreError::ChangedElsewhere(_)) => {
            let copy = one.clone().into_copy();
            save(store, &copy).map(|()| Some(copy.id()))
        }
        result => result.map(|()| None),
    }
}

fn save<T: InParts>(store: &Store, one: &T) -> Result<(), StoreError> {
    let (draft, parts) = one
        .to_parts()
        .map_err(|error| StoreError::unreadable("What is kept in parts", &error))?;
    store.save_parts(&draft, &parts)
}
