//! Why an invocation failed, as a person and a script need to know it.

use serde::{Deserialize, Serialize};

use crate::catalog::ModelId;

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
    /// The id that would have worked instead, where that is known: an inference profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_instead: Option<ModelId>,
}

impl Failure {
    /// The [`code`](Self::code) of credentials that ran out, or were never had, and that a sign-in brings.
    pub const SIGN_IN_REQUIRED: &str = "SignInRequired";

    /// Whether another sign-in ends it.
    #[must_use]
    pub fn wants_sign_in(&self) -> bool {
        self.code == Self::SIGN_IN_REQUIRED
    }

    /// A failure that never reached the service.
    #[must_use]
    pub fn local(
        code: impl Into<String>,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            code: code.into(),
            status: None,
            message: message.into(),
            advice: advice.into(),
            request_id: None,
            use_instead: None,
        }
    }
}
