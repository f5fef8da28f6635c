//! The prompt library: a prompt is an entry with parts, its versions; the history does not list it.

use super::conversation::ConversationTotals;
use super::{ConversationId, HistoryQuery, Part, PartsDraft, Screen, Shelf, Store, StoreError};
use crate::prompts::{SavedPrompt, Version};

/// Prompts that are asked for at once.
const PAGE: usize = 500;

/// A prompt of the library.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredPrompt {
    /// Which one.
    pub id: ConversationId,
    /// The prompt.
    pub prompt: SavedPrompt,
}

impl Store {
    /// Keeps a prompt with its versions.
    ///
    /// # Errors
    /// When the disk refuses, or another window saved it since it was loaded or saved here.
    pub fn save_prompt(&self, id: ConversationId, prompt: &SavedPrompt) -> Result<(), StoreError> {
        let unwritable = |error: serde_json::Error| StoreError::unreadable("A prompt", &error);
        let head = SavedPrompt {
            versions: Vec::new(),
            ..prompt.clone()
        };
        let draft = PartsDraft {
            id,
            title: prompt.name.clone(),
            screen: Screen::prompts(),
            model: prompt.draft.model.clone(),
            region: String::new(),
            connection: String::new(),
            settings: serde_json::to_string(&head).map_err(unwritable)?,
            count: prompt.versions.len(),
            totals: ConversationTotals::default(),
        };
        let parts = prompt.versions.iter().enumerate().map(|(place, version)| {
            Ok(Part {
                place,
                record: serde_json::to_string(version).map_err(unwritable)?,
                text: version.content.text.clone(),
                files: Vec::new(),
            })
        });
        let parts = parts.collect::<Result<Vec<_>, StoreError>>()?;
        self.save_parts(&draft, &parts)
    }

    /// Every prompt of the library, by name. Those that cannot be read are left out and counted.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn prompts(&self) -> Result<(Vec<StoredPrompt>, usize), StoreError> {
        let mut query = HistoryQuery {
            screen: Some(Screen::prompts()),
            shelf: Shelf::All,
            limit: PAGE,
            ..HistoryQuery::default()
        };
        let (mut prompts, mut unreadable) = (Vec::new(), 0);
        loop {
            let page = self.history(&query)?;
            for row in &page.rows {
                match self.load_prompt(row.id) {
                    Ok(prompt) => prompts.push(prompt),
                    Err(StoreError::Unreadable { .. }) => unreadable += 1,
                    Err(error) => return Err(error),
                }
            }
            if !page.more {
                break;
            }
            query.offset += PAGE;
        }
        prompts.sort_by_cached_key(|stored| stored.prompt.name.to_lowercase());
        Ok((prompts, unreadable))
    }

    fn load_prompt(&self, id: ConversationId) -> Result<StoredPrompt, StoreError> {
        let unreadable = |error: serde_json::Error| StoreError::unreadable("A prompt", &error);
        let stored = self.load_parts(id)?;
        let mut prompt: SavedPrompt = serde_json::from_str(&stored.settings).map_err(unreadable)?;
        prompt.versions = stored
            .parts
            .iter()
            .map(|part| serde_json::from_str::<Version>(&part.record).map_err(unreadable))
            .collect::<Result<_, _>>()?;
        Ok(StoredPrompt { id, prompt })
    }
}
