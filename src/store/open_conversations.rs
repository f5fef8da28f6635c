//! Which conversations are open, and what is written in them and not sent.

use serde::{Deserialize, Serialize};

use super::{ConversationId, DataFolder, StoreError};
use crate::catalog::ModelId;
use crate::chat::Configuration;

const FILE: &str = "open.json";

/// An open conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenConversation {
    /// Which one; what nothing was said in is not in the history.
    pub conversation: ConversationId,
    /// What is written and not sent.
    pub text: String,
    /// Whether it is the one in front.
    pub is_shown: bool,
    /// What is set there and is not kept with what was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unkept: Option<OpenConfiguration>,
}

/// Which model shall answer, and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OpenConfiguration {
    /// The model, once one is chosen.
    pub model: Option<ModelId>,
    /// How it shall answer.
    pub configuration: Configuration,
}

/// Reads what was open when the program ended; nothing when that is so.
///
/// # Errors
/// When the file is there and cannot be read.
pub fn load_open_conversations(folder: &DataFolder) -> Result<Vec<OpenConversation>, StoreError> {
    Ok(folder.read_json(FILE)?.unwrap_or_default())
}

/// Writes what is open.
///
/// # Errors
/// When the folder or the file cannot be written.
pub fn save_open_conversations(
    folder: &DataFolder,
    open: &[OpenConversation],
) -> Result<(), StoreError> {
    folder.write_json(FILE, &open)
}
