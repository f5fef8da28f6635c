//! What is ticked in the list, to be moved at once: entry by entry, from one to another, or all there are.

use std::collections::HashSet;

use crate::store::{ConversationId, ConversationSummary, HistoryQuery};

/// The entries that are ticked.
#[derive(Default)]
pub struct Selection {
    chosen: HashSet<ConversationId>,
    /// Where a range begins.
    anchor: Option<ConversationId>,
    /// What they were ticked among.
    among: HistoryQuery,
}

impl Selection {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.chosen.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.chosen.is_empty()
    }

    /// Whether this one is ticked.
    pub fn contains(&self, id: ConversationId) -> bool {
        self.chosen.contains(&id)
    }

    /// All of them.
    pub fn ids(&self) -> Vec<ConversationId> {
        self.chosen.iter().copied().collect()
    }

    /// Ticks one, or no longer; ranges begin there.
    pub fn toggle(&mut self, id: ConversationId) {
        if !self.chosen.remove(&id) {
            self.chosen.insert(id);
        }
        self.anchor = Some(id);
    }

    /// Ticks all from where a range begins to this one.
    pub fn extend_to(&mut self, id: ConversationId, rows: &[ConversationSummary]) {
        let place = |id| rows.iter().position(|row| row.id == id);
        let from = self.anchor.and_then(place);
        let (Some(from), Some(to)) = (from, place(id)) else {
            self.chosen.insert(id);
            self.anchor = Some(id);
            return;
        };
        let range = &rows[from.min(to)..=from.max(to)];
        self.chosen.extend(range.iter().map(|row| row.id));
    }

    /// Ticks these and no others.
    pub fn set(&mut self, ids: HashSet<ConversationId>) {
        self.chosen = ids;
    }

    /// Ticks these no longer.
    pub fn forget(&mut self, ids: &[ConversationId]) {
        for id in ids {
            self.chosen.remove(id);
        }
    }

    /// Ticks nothing.
    pub fn clear(&mut self) {
        self.chosen.clear();
        self.anchor = None;
    }

    /// Nothing stays ticked that the list may not have any more.
    pub fn keep_among(&mut self, query: &HistoryQuery) {
        if !same_entries(&self.among, query) {
            self.clear();
            self.among = query.clone();
        }
    }
}

/// Whether both ask for the same, in whatever order.
pub fn same_entries(one: &HistoryQuery, other: &HistoryQuery) -> bool {
    let same = HistoryQuery {
        offset: other.offset,
        limit: other.limit,
        order: other.order,
        ..one.clone()
    };
    same == *other
}
