//! What was written and not sent: texts beside the conversations they were written in.

use serde::{Deserialize, Serialize};

use super::{ConversationId, DataFolder, StoreError};

const FILE: &str = "drafts.json";

/// A prompt that is being written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Draft {
    /// The conversation it is written in; one that nothing was said in is not in the history.
    pub conversation: ConversationId,
    /// What is written.
    pub text: String,
}

/// Reads what was being written when the program ended; nothing when that is so.
///
/// # Errors
/// When the file is there and cannot be read.
pub fn load_drafts(folder: &DataFolder) -> Result<Vec<Draft>, StoreError> {
    Ok(folder.read_json(FILE)?.unwrap_or_default())
}

/// Writes what is being written.
///
/// # Errors
/// When the folder or the file cannot be written.
pub fn save_drafts(folder: &DataFolder, drafts: &[Draft]) -> Result<(), StoreError> {
    folder.write_json(FILE, &drafts)
}
