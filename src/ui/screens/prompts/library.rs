//! The prompts there are, and which of them are not on the disk as they are.

use std::collections::BTreeSet;

use crate::prompts::{SavedPrompt, Starter, starters};
use crate::store::{ConversationId, StoredPrompt};

/// Which prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// One of the library.
    Own(ConversationId),
    /// One to begin with, by its place.
    Starter(usize),
}

/// The library.
#[derive(Default)]
pub struct Library {
    prompts: Vec<StoredPrompt>,
    unsaved: BTreeSet<ConversationId>,
}

impl Library {
    /// Takes in what the disk has. What was made meanwhile stays.
    pub fn load(&mut self, loaded: Vec<StoredPrompt>) {
        for stored in loaded {
            if self.get(stored.id).is_none() {
                self.prompts.push(stored);
            }
        }
    }

    /// All, in no order.
    pub fn all(&self) -> &[StoredPrompt] {
        &self.prompts
    }

    /// One of them.
    pub fn get(&self, id: ConversationId) -> Option<&SavedPrompt> {
        let found = self.prompts.iter().find(|stored| stored.id == id);
        found.map(|stored| &stored.prompt)
    }

    /// A prompt of either kind.
    pub fn prompt(&self, which: Which) -> Option<SavedPrompt> {
        match which {
            Which::Own(id) => self.get(id).cloned(),
            Which::Starter(at) => starters().get(at).map(Starter::prompt),
        }
    }

    /// Adds one.
    pub fn add(&mut self, prompt: SavedPrompt) -> ConversationId {
        let id = ConversationId::new();
        self.prompts.push(StoredPrompt { id, prompt });
        self.unsaved.insert(id);
        id
    }

    /// Puts another state in the place of one; a prompt to begin with becomes one's own.
    pub fn put(&mut self, which: Which, prompt: SavedPrompt) -> ConversationId {
        match which {
            Which::Starter(_) => self.add(prompt),
            Which::Own(id) => {
                if let Some(stored) = self.prompts.iter_mut().find(|stored| stored.id == id) {
                    stored.prompt = prompt;
                    self.unsaved.insert(id);
                }
                id
            }
        }
    }

    /// Takes one out.
    pub fn remove(&mut self, id: ConversationId) -> Option<SavedPrompt> {
        self.unsaved.remove(&id);
        let at = self.prompts.iter().position(|stored| stored.id == id)?;
        Some(self.prompts.remove(at).prompt)
    }

    /// Brings one back that was taken out, with all it had.
    pub fn restore(&mut self, id: ConversationId, prompt: SavedPrompt) {
        if self.get(id).is_none() {
            self.prompts.push(StoredPrompt { id, prompt });
        }
    }

    /// A name that no prompt has yet.
    pub fn free_name(&self, wanted: &str) -> String {
        let is_free = |name: &str| self.prompts.iter().all(|stored| stored.prompt.name != name);
        if is_free(wanted) {
            return wanted.to_owned();
        }
        // One more than there are prompts: one of these is free.
        (2..=self.prompts.len() + 2)
            .map(|number| format!("{wanted} {number}"))
            .find(|name| is_free(name))
            .unwrap_or_else(|| wanted.to_owned())
    }

    /// Every tag, each once.
    pub fn tags(&self) -> BTreeSet<String> {
        let own = self
            .prompts
            .iter()
            .flat_map(|stored| stored.prompt.tags.clone());
        let starters = starters().iter().flat_map(|starter| starter.prompt().tags);
        own.chain(starters).collect()
    }

    /// Whether anything is not on the disk.
    pub fn has_unsaved(&self) -> bool {
        !self.unsaved.is_empty()
    }

    /// What is not on the disk; it counts as saved from now on.
    pub fn take_unsaved(&mut self) -> Vec<StoredPrompt> {
        let unsaved = std::mem::take(&mut self.unsaved);
        let all = self.prompts.iter();
        all.filter(|stored| unsaved.contains(&stored.id))
            .cloned()
            .collect()
    }

    /// A save did not succeed.
    pub fn not_saved(&mut self, ids: impl IntoIterator<Item = ConversationId>) {
        for id in ids {
            if self.get(id).is_some() {
                self.unsaved.insert(id);
            }
        }
    }

    /// Another window has changed one; here it goes on under another id.
    pub fn now_a_copy(&mut self, from: ConversationId, to: ConversationId) {
        if let Some(stored) = self.prompts.iter_mut().find(|stored| stored.id == from) {
            stored.id = to;
        }
        if self.unsaved.remove(&from) {
            self.unsaved.insert(to);
        }
    }
}
