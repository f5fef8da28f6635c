//! Why something at the AWS boundary failed: a kind, the service's own words, and what to do.
//!
//! The service's code string decides the kind, for half of the codes seen in real traffic are not
//! in the service model (`ExpiredTokenException`, `UnrecognizedClientException` …). No SDK type gets
//! out of here.

mod advice;
mod classify;
mod clock;
mod kind;
mod network;
mod sdk;

pub use kind::{Denial, ErrorKind, NetworkFailure};

pub(super) use network::{in_words, never_sent};
pub(super) use sdk::{from_credentials, from_sdk, of_event, read_body};

use crate::catalog::ModelId;
use crate::chat::Failure;

/// A failure at the AWS boundary.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", report.message)]
pub struct Error {
    kind: ErrorKind,
    report: Box<Report>,
}

#[derive(Clone, Debug)]
struct Report {
    code: String,
    message: String,
    advice: String,
    status: Option<u16>,
    operation: &'static str,
    request_id: Option<String>,
}

/// What was being asked for when it failed; advice depends on it.
#[derive(Clone, Debug, Default)]
pub(super) struct Call {
    pub(super) operation: &'static str,
    pub(super) model: Option<ModelId>,
    pub(super) region: String,
    pub(super) profile: Option<String>,
    /// Where it was asked.
    pub(super) url: String,
}

/// What came back, as far as anything did.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer {
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    pub(super) status: Option<u16>,
    pub(super) request_id: Option<String>,
}

impl Error {
    /// A failure the service answered with.
    pub(super) fn answered(call: &Call, answer: Answer) -> Self {
        let kind = classify::classify(call, &answer);
        let code = answer.code.unwrap_or_else(|| match answer.status {
            Some(status) => format!("HTTP {status}"),
            None => "Unexpected".to_owned(),
        });
        let message = answer
            .message
            .filter(|message| !message.trim().is_empty())
            .unwrap_or_else(|| kind.headline().to_owned());
        Self {
            report: Box::new(Report {
                advice: advice::advice(&kind, call, &message),
                code,
                message,
                status: answer.status,
                operation: call.operation,
                request_id: answer.request_id,
            }),
            kind,
        }
    }

    /// A failure of this program's own finding.
    pub(super) fn own(
        kind: ErrorKind,
        code: &str,
        call: &Call,
        message: impl Into<String>,
    ) -> Self {
        let message = message.into();
        Self {
            report: Box::new(Report {
                advice: advice::advice(&kind, call, &message),
                code: code.to_owned(),
                message,
                status: None,
                operation: call.operation,
                request_id: None,
            }),
            kind,
        }
    }

    /// A failure on the way there or back.
    pub(super) fn network(
        failure: NetworkFailure,
        call: &Call,
        message: impl Into<String>,
    ) -> Self {
        Self::own(ErrorKind::Network(failure), failure.code(), call, message)
    }

    /// The same failure with the request id that an earlier part of the answer carried.
    #[must_use]
    pub(super) fn with_request_id(mut self, request_id: Option<String>) -> Self {
        if self.report.request_id.is_none() {
            self.report.request_id = request_id;
        }
        self
    }

    /// What kind of failure this is.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// The service's name for it, or this program's for what never reached the service.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.report.code
    }

    /// The service's own words where there are any.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.report.message
    }

    /// One sentence about what to do.
    #[must_use]
    pub fn advice(&self) -> &str {
        &self.report.advice
    }

    /// HTTP status, when there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.report.status
    }

    /// The operation, by its name in the API.
    #[must_use]
    pub fn operation(&self) -> &str {
        self.report.operation
    }

    /// What AWS support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.report.request_id.as_deref()
    }

    /// Whether the service may have done, and billed, what was asked although it failed. Such a call
    /// is not repeated without asking.
    #[must_use]
    pub fn may_have_been_billed(&self) -> bool {
        match self.kind {
            ErrorKind::StreamCut
            | ErrorKind::ModelTimeout
            | ErrorKind::ModelError
            | ErrorKind::Internal
            | ErrorKind::Unexpected
            | ErrorKind::Network(
                NetworkFailure::TimedOut | NetworkFailure::ConnectionReset | NetworkFailure::Other,
            ) => true,
            _ => self.report.status.is_some_and(|status| status >= 500),
        }
    }
}

/// A failure below every protocol: the connection was not made, or broke.
pub(super) fn from_connector(
    error: &aws_smithy_runtime_api::client::result::ConnectorError,
    call: &Call,
) -> Error {
    let failure = network::failure(error);
    let message = network::describe(failure, error, &call.url);
    Error::network(failure, call, message)
}

/// A span of time as a person would say it.
pub(super) fn duration_in_words(span: std::time::Duration) -> String {
    clock::in_words(span.as_secs())
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let report = *error.report;
        let use_instead = match error.kind {
            ErrorKind::OnDemandUnsupported { profile } => profile,
            _ => None,
        };
        Self {
            code: report.code,
            status: report.status,
            message: report.message,
            advice: report.advice,
            request_id: report.request_id,
            use_instead,
        }
    }
}

/// A request that cannot be built never leaves; the builder says which member is missing.
impl From<aws_smithy_types::error::operation::BuildError> for Error {
    fn from(error: aws_smithy_types::error::operation::BuildError) -> Self {
        Self::own(
            ErrorKind::Validation,
            "InvalidRequest",
            &Call::default(),
            format!("The request is incomplete: {error}"),
        )
    }
}
