//! A conversation on its way in and out of the history.

use super::{ConversationId, Screen, UnixMs};
use crate::catalog::ModelId;
use crate::chat::{Configuration, Transcript};
use crate::pricing::Usd;

/// What a conversation has taken, as whoever shows it adds it up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConversationTotals {
    /// Tokens of prompts, those of the cache included.
    pub tokens_in: u64,
    /// Tokens of answers.
    pub tokens_out: u64,
    /// Money that is charged for; `None` when it is not known. What was made up costs nothing.
    pub cost: Option<Usd>,
    /// Whether the embedded endpoint answered anything of it.
    pub simulated: bool,
}

/// A conversation as it is on the screen.
#[derive(Clone, Debug)]
pub struct ConversationDraft {
    /// Which one; the same as long as it is open.
    pub id: ConversationId,
    /// What it is called unless a person gave it a title with [`super::Store::rename`].
    pub title: String,
    /// The screen it was made in.
    pub screen: Screen,
    /// The model that is chosen.
    pub model: Option<ModelId>,
    /// The region it is asked in.
    pub region: String,
    /// What a person calls the connection; never a credential.
    pub connection: String,
    /// How the model shall answer.
    pub configuration: Configuration,
    /// What was said.
    pub transcript: Transcript,
    /// What it has taken.
    pub totals: ConversationTotals,
    /// What the screen keeps beside the turns, in a form of its own.
    pub sheet: Option<String>,
}

/// What saving did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Turns that were new or had changed.
    pub turns_written: usize,
}

/// A conversation as it was saved.
#[derive(Clone, Debug)]
pub struct StoredConversation {
    /// Which one.
    pub id: ConversationId,
    /// What it is called.
    pub title: String,
    /// The screen it was made in.
    pub screen: Screen,
    /// The model that was chosen.
    pub model: Option<ModelId>,
    /// The region it was asked in.
    pub region: String,
    /// What a person called the connection.
    pub connection: String,
    /// How the model was to answer.
    pub configuration: Configuration,
    /// What was said; an answer that was coming in is stopped.
    pub transcript: Transcript,
    /// What it has taken.
    pub totals: ConversationTotals,
    /// What the screen kept beside the turns.
    pub sheet: Option<String>,
    /// When it was saved first.
    pub created: UnixMs,
    /// When something was said last.
    pub updated: UnixMs,
    /// Whether it stands above the others.
    pub pinned: bool,
    /// Whether it is out of the way.
    pub archived: bool,
    /// Its tags, in order.
    pub tags: Vec<String>,
    /// Attachments whose files are gone; their places in the turns say that the source is unknown.
    pub missing_attachments: usize,
}
