//! One of the models side by side.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::catalog::ModelId;
use crate::chat::Configuration;

/// Tells a column from every other of its comparison, wherever it is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ColumnId(pub(super) u32);

impl fmt::Display for ColumnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A model, and how it is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Column {
    /// Which column.
    pub id: ColumnId,
    /// The model.
    pub model_id: ModelId,
    /// How it shall answer, once it no longer follows what all columns share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<Configuration>,
    /// What is asked here instead of the shared prompt; `{{prompt}}` in it is that prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
}

impl Column {
    /// Whether it follows the shared parameters.
    #[must_use]
    pub fn is_linked(&self) -> bool {
        self.own.is_none()
    }

    /// How it shall answer.
    #[must_use]
    pub fn configuration<'a>(&'a self, shared: &'a Configuration) -> &'a Configuration {
        self.own.as_ref().unwrap_or(shared)
    }

    /// Gives it parameters of its own, the shared ones at first, or takes them away again.
    pub fn set_linked(&mut self, linked: bool, shared: &Configuration) {
        if linked {
            self.own = None;
        } else if self.own.is_none() {
            self.own = Some(shared.clone());
        }
    }
}
