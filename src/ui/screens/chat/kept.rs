//! What of the open conversations is kept, and what is opened again of what was kept.

use super::{ChatScreen, Playground};
use crate::store::{
    ConversationDraft, ConversationId, OpenConversation, SpendRow, StoredConversation,
};

/// An open conversation, how often what is written and what is set there was changed, and whether it is in front.
pub type OpenRevision = (ConversationId, u64, u64, bool);

impl ChatScreen {
    /// Whether anything was said that is not on its way to the disk.
    #[must_use]
    pub fn has_unsaved(&self) -> bool {
        let mut kept = self.open.iter().chain(&self.closed);
        kept.any(Playground::is_unsaved) || !self.spend.is_empty()
    }

    /// What was said since it was last taken here, conversation by conversation.
    pub fn unsaved(&mut self, region: &str, connection: &str) -> Vec<ConversationDraft> {
        // What was taken before and not given back is on the disk.
        self.closed.retain(Playground::is_unsaved);
        self.open
            .iter_mut()
            .chain(&mut self.closed)
            .filter(|playground| playground.is_unsaved())
            .map(|playground| playground.draft(region, connection))
            .collect()
    }

    /// What calls that have ended took, each once.
    pub fn take_spend(&mut self) -> Vec<SpendRow> {
        let open = self.open.iter_mut().flat_map(Playground::take_spend);
        self.spend.drain(..).chain(open).collect()
    }

    /// A conversation goes on under another id.
    pub fn now_a_copy(&mut self, from: ConversationId, to: ConversationId) {
        let kept = self.open.iter_mut().chain(&mut self.closed);
        for playground in kept.filter(|kept| kept.id == from) {
            playground.id = to;
        }
    }

    /// What was taken did not reach the disk.
    pub fn forget_saved(&mut self) {
        for playground in self.open.iter_mut().chain(&mut self.closed) {
            playground.forget_saved();
        }
    }

    /// The same for one conversation; false when it is none of these.
    pub fn forget_saved_of(&mut self, id: ConversationId) -> bool {
        let mut kept = self.open.iter_mut().chain(&mut self.closed);
        let found = kept.find(|kept| kept.id == id);
        found.map(Playground::forget_saved).is_some()
    }

    /// The open conversations that can be opened again: something was said, is written or set there.
    pub fn open_conversations(&self) -> Vec<OpenConversation> {
        let open = self.open.iter().enumerate();
        open.filter(|(_, playground)| playground.is_worth_keeping())
            .map(|(index, playground)| OpenConversation {
                conversation: playground.id,
                text: playground.composer.text().to_owned(),
                is_shown: index == self.current,
                unkept: playground.configuration.unkept(),
            })
            .collect()
    }

    /// Which these are, and how often what is written and set there was changed.
    pub fn open_revisions(&mut self) -> Vec<OpenRevision> {
        let open = self.open.iter_mut().enumerate();
        open.filter(|(_, playground)| playground.is_worth_keeping())
            .map(|(index, playground)| {
                let written = playground.composer.revision();
                let set = playground.configuration.revision();
                (playground.id, written, set, index == self.current)
            })
            .collect()
    }

    /// Opens again what was open, with what was being written there. What came with the start stays in front.
    pub fn restore(&mut self, found: Vec<(OpenConversation, Option<StoredConversation>)>) {
        let came = self.open.iter().any(|open| !open.is_as_begun());
        let mut in_front = came.then(|| self.current().id);
        for (open, stored) in found {
            if open.is_shown && !came {
                in_front = Some(open.conversation);
            }
            self.restore_one(open, stored);
        }
        let place = self.open.iter().position(|open| Some(open.id) == in_front);
        self.current = place.unwrap_or(self.current);
    }

    fn restore_one(&mut self, open: OpenConversation, stored: Option<StoredConversation>) {
        let id = open.conversation;
        if self.open.iter().any(|open| open.id == id) {
            return;
        }
        let mut playground = if let Some(stored) = stored {
            Playground::of_stored(self.next_number, stored, self.prices.clone())
        } else {
            let mut fresh = self.current().another(self.next_number);
            fresh.id = id;
            fresh
        };
        if let Some(unkept) = open.unkept {
            playground.configuration.set_unkept(unkept);
        }
        playground.composer.set(open.text);
        // The empty one that every start begins with gives way.
        if let [only] = &self.open[..]
            && only.is_as_begun()
        {
            self.open.clear();
        }
        self.show_brought(playground);
    }

    /// Shows a conversation of the history if it is open already, or was closed just now.
    pub fn show_stored(&mut self, id: ConversationId) -> bool {
        if let Some(index) = self.closed.iter().position(|closed| closed.id == id) {
            self.open.push(self.closed.remove(index));
        }
        let found = self.open.iter().position(|open| open.id == id);
        if let Some(index) = found {
            self.current = index;
        }
        found.is_some()
    }

    /// Opens a conversation of the history where it was left.
    pub fn open_stored(&mut self, stored: StoredConversation) {
        let playground = Playground::of_stored(self.next_number, stored, self.prices.clone());
        self.show_brought(playground);
    }

    /// Closes a conversation that is deleted from the history.
    pub fn close_stored(&mut self, id: ConversationId) {
        if let Some(index) = self.open.iter().position(|open| open.id == id) {
            self.close(index);
        }
        self.closed.retain(|closed| closed.id != id);
    }
}
