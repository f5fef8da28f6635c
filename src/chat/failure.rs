//! Why an invocation failed, as a person and a script need to know it.

use serde::{Deserialize, Serialize};

/// A failure as plain data: what the service said, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// The service's name for it, or this program's for what never reached the service.
    pub code: String,
    /// HTTP status, when there was an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The service's own words.
    pub message: String,
    /// One sentence about what to do.
    pub advice: String,
    /// What support asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}
