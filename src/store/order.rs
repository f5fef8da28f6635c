//! Orders of the history, and the index that a page of each is read from.

use rusqlite::{Connection, params};

use super::search::Condition;
use super::{HistoryQuery, Shelf, StoreError};

/// Conversations of a model that are put in order rather than looked for in the order of all, at the most.
const FEW: i64 = 2_000;

/// What comes first in the history, after what is pinned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HistoryOrder {
    /// Where something was said last; among the deleted, what was deleted last.
    #[default]
    Newest,
    /// Where nothing was said for longest; among the deleted, what was deleted first.
    Oldest,
    /// By titles, whatever their case and accents.
    Title,
    /// What cost most; what was simulated cost nothing, and stands behind with what is not known.
    Cost,
    /// What took most tokens, of prompts and answers.
    Tokens,
}

impl HistoryOrder {
    /// Every order.
    pub const ALL: [Self; 5] = [
        Self::Newest,
        Self::Oldest,
        Self::Title,
        Self::Cost,
        Self::Tokens,
    ];
}

/// How few conversations something leaves, so that these are put in order faster than they are found in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Narrowed {
    /// By words.
    ByWords,
    /// By the model.
    ByModel,
    /// By nothing that is known to.
    No,
}

impl Narrowed {
    /// What leaves few of those that are asked for.
    pub(super) fn of(
        connection: &Connection,
        query: &HistoryQuery,
        conditions: &[Condition],
    ) -> Result<Self, StoreError> {
        if conditions.iter().any(Condition::is_narrow) {
            return Ok(Self::ByWords);
        }
        let Some(model) = &query.model else {
            return Ok(Self::No);
        };
        if query.order == HistoryOrder::Newest || query.shelf == Shelf::Trash {
            return Ok(Self::No);
        }
        let count: i64 = connection
            .prepare_cached(
                "SELECT count(*) FROM (SELECT 1 FROM conversations INDEXED BY history_of_model \
                 WHERE deleted_at IS NULL AND model = ?1 LIMIT ?2 + 1)",
            )?
            .query_row(params![model.as_str(), FEW], |row| row.get(0))?;
        Ok(if count > FEW { Self::No } else { Self::ByModel })
    }
}

/// The index that a page is read from. It is named, so that it is always the one that has the page's order;
/// unless there are so few conversations that these are put in order faster.
pub(super) fn index(query: &HistoryQuery, narrowed: Narrowed) -> &'static str {
    match (narrowed, query.shelf, query.order) {
        (Narrowed::ByWords, ..) => "NOT INDEXED",
        (Narrowed::ByModel, ..) => "INDEXED BY history_of_model",
        (_, Shelf::Trash, _) => "INDEXED BY trash",
        (_, _, HistoryOrder::Newest) if query.model.is_some() => "INDEXED BY history_of_model",
        // Only commands ask for both, and once.
        (_, Shelf::All, _) => "INDEXED BY history_with_archive",
        (_, _, HistoryOrder::Newest) => "INDEXED BY history",
        (_, _, HistoryOrder::Oldest) => "INDEXED BY history_oldest",
        (_, _, HistoryOrder::Title) => "INDEXED BY history_by_title",
        (_, _, HistoryOrder::Cost) => "INDEXED BY history_by_cost",
        (_, _, HistoryOrder::Tokens) => "INDEXED BY history_by_tokens",
    }
}

/// The same as terms of SQL, of a conversation `c`.
pub(super) fn terms(query: &HistoryQuery) -> String {
    let is_trash = query.shelf == Shelf::Trash;
    let by = match query.order {
        HistoryOrder::Newest if is_trash => "c.deleted_at DESC",
        HistoryOrder::Oldest if is_trash => return "c.deleted_at, c.number".to_owned(),
        HistoryOrder::Newest => "c.updated DESC",
        HistoryOrder::Oldest => return "c.pinned DESC, c.updated, c.number".to_owned(),
        HistoryOrder::Title => "c.title_key, c.updated DESC",
        HistoryOrder::Cost => "iif(c.simulated, NULL, c.cost_pico) DESC, c.updated DESC",
        HistoryOrder::Tokens => "c.tokens_in + c.tokens_out DESC, c.updated DESC",
    };
    let pinned = if is_trash { "" } else { "c.pinned DESC, " };
    format!("{pinned}{by}, c.number DESC")
}
