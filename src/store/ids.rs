//! The names of things kept.

use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Names a conversation, in this database and in every copy of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConversationId(Uuid);

impl ConversationId {
    /// One that nothing else has.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "each is another one")]
    pub fn new() -> Self {
        Self(Uuid::new_v4())
    }

    /// The one that always belongs to the same thing.
    pub(super) fn of_digest(digest: [u8; 32]) -> Self {
        let (bytes, _) = digest.split_at(16);
        let bytes = bytes.try_into().unwrap_or_default();
        Self(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}

impl fmt::Display for ConversationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for ConversationId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Uuid::try_parse(text)
            .map(Self)
            .map_err(|_| format!("{text:?} is not the id of a conversation"))
    }
}

impl TryFrom<String> for ConversationId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<ConversationId> for String {
    fn from(id: ConversationId) -> Self {
        id.to_string()
    }
}

/// The screen something was made in, by its name: one that this version does not have stays what it
/// was.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Screen(String);

impl Screen {
    /// The chat playground.
    #[must_use]
    pub fn chat() -> Self {
        Self("chat".to_owned())
    }

    /// Models side by side.
    #[must_use]
    pub fn compare() -> Self {
        Self("compare".to_owned())
    }

    /// Alt text for pictures, in the window or on the command line.
    #[must_use]
    pub fn alt_text() -> Self {
        Self("altText".to_owned())
    }

    /// Vectors of texts, in the window or on the command line.
    #[must_use]
    pub fn embeddings() -> Self {
        Self("embeddings".to_owned())
    }

    /// The prompt library.
    #[must_use]
    pub fn prompts() -> Self {
        Self("prompts".to_owned())
    }

    /// Guardrails tried by themselves.
    #[must_use]
    pub fn guardrails() -> Self {
        Self("guardrails".to_owned())
    }

    /// The video playground.
    #[must_use]
    pub fn videos() -> Self {
        Self("videos".to_owned())
    }

    /// The image playground.
    #[must_use]
    pub fn images() -> Self {
        Self("images".to_owned())
    }

    /// A question on the command line.
    #[must_use]
    pub fn command_line() -> Self {
        Self("command-line".to_owned())
    }

    /// What a person calls it.
    #[must_use]
    pub fn label(&self) -> &str {
        match self.0.as_str() {
            "chat" => "Chat playground",
            "compare" => "Compare models",
            "altText" => "Alt text",
            "embeddings" => "Embeddings",
            "prompts" => "Prompts",
            "guardrails" => "Guardrails",
            "images" => "Image playground",
            "videos" => "Video playground",
            "command-line" => "Command line",
            other => other,
        }
    }

    /// Its name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for Screen {
    fn from(name: T) -> Self {
        Self(name.into())
    }
}

/// A moment, in milliseconds since 1970.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct UnixMs(pub i64);

impl UnixMs {
    /// A day.
    pub(super) const DAY: i64 = 24 * 60 * 60 * 1000;

    /// What the system's clock says.
    #[must_use]
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Self(since.map_or(0, |since| {
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        }))
    }
}
