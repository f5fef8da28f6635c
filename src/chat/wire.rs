//! The JSON form of requests and messages, both ways: what stands in the body of `Converse`.
//!
//! It is the form in which people have these things elsewhere (logs, notebooks, other tools), so it
//! is what is shown, copied, exported and read back. Writing gives what the SDK sends. Reading is
//! strict about what it understands and says where it stumbled; what it has no place for is left out
//! and named, never silently dropped.
//!
//! This module must not know the SDK: a test compares the two.

mod from_json;
mod to_json;

use serde_json::Value;

use super::{Message, Request};
use crate::catalog::ModelId;

/// Something read, and the paths of what there was no place for.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported<T> {
    /// What was read.
    pub value: T,
    /// Paths of members that were left out, for instance `messages[0].content[1].hologram`.
    pub left_out: Vec<String>,
}

/// Why a value could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", if path.is_empty() { String::new() } else { format!("{path}: ") })]
pub struct WireError {
    /// Where, for instance `messages[0].content[1].image.format`; empty for the whole.
    pub path: String,
    /// What is wrong there.
    pub problem: String,
}

impl WireError {
    pub(crate) fn new(path: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            problem: problem.into(),
        }
    }
}

impl Request {
    /// The body of `POST /model/{modelId}/converse` (or `converse-stream`): what the SDK sends, with
    /// numbers as people write them.
    #[must_use]
    pub fn to_converse_json(&self) -> Value {
        to_json::request(self)
    }

    /// Reads such a body. Whether to stream and which model to ask is not in it; the request streams,
    /// and a `modelId` beside the messages wins over `model_id`.
    ///
    /// # Errors
    /// The path of the first value that is not what the service would take there.
    pub fn from_converse_json(
        model_id: ModelId,
        body: &Value,
    ) -> Result<Imported<Self>, WireError> {
        let mut left_out = Vec::new();
        let value = from_json::request(model_id, body, &mut left_out)?;
        Ok(Imported { value, left_out })
    }
}

impl Message {
    /// The message as it stands in `messages`.
    #[must_use]
    pub fn to_converse_json(&self) -> Value {
        to_json::message(self)
    }

    /// Reads a message; `path` is where it stands, for the errors.
    ///
    /// # Errors
    /// The path of the first value that is not what the service would take there.
    pub fn from_converse_json(value: &Value, path: &str) -> Result<Imported<Self>, WireError> {
        let mut left_out = Vec::new();
        let value = from_json::message(value, path, &mut left_out)?;
        Ok(Imported { value, left_out })
    }
}

#[cfg(test)]
mod tests;
