//! What kinds of failure there are: what a screen chooses its sentence and its next step by.

use crate::catalog::ModelId;

/// A kind of failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// No credentials could be had.
    NoCredentials,
    /// Something that should give credentials, a profile or a program, cannot.
    CredentialsFailed,
    /// Temporary credentials ran out, or a sign-in is needed.
    ExpiredToken,
    /// AWS does not know the keys, or the signature made with them does not fit.
    InvalidCredentials,
    /// This computer's clock is off.
    ClockSkew {
        /// By how many seconds the clock is behind AWS's; negative when it is ahead. `None` when the
        /// answer does not tell.
        behind_seconds: Option<i64>,
    },
    /// AWS knows who asks and says no.
    AccessDenied(Denial),
    /// There is no model by this id here.
    ModelNotFound,
    /// The model was there once.
    ModelEndOfLife,
    /// There is no such guardrail, profile or other thing.
    NotFound,
    /// The model runs only through an inference profile.
    OnDemandUnsupported {
        /// A profile that is known to contain it and to run from this region.
        profile: Option<ModelId>,
    },
    /// Prompt and answer do not fit into the model's context window.
    ContextTooLong,
    /// More images than the model takes.
    TooManyImages,
    /// The model takes no tools.
    ToolsUnsupported,
    /// The model does not take a kind of content that was sent.
    ContentUnsupported,
    /// Something else in the request is not as the service or the model wants it.
    Validation,
    /// Too many requests or tokens at the moment.
    Throttled,
    /// A limit of the account is used up.
    Quota,
    /// The model is being loaded.
    ModelNotReady,
    /// The model took too long.
    ModelTimeout,
    /// The model failed.
    ModelError,
    /// The service is overloaded or down.
    ServiceUnavailable,
    /// The service failed.
    Internal,
    /// The endpoint does not know the operation: not a Bedrock endpoint, or not a region with Bedrock.
    UnknownOperation,
    /// Something is in the way at the moment, for instance a guardrail that is being changed.
    Conflict,
    /// The endpoint's address cannot be used.
    InvalidEndpoint,
    /// The request never reached the service, or no answer came.
    Network(NetworkFailure),
    /// The answer broke off.
    StreamCut,
    /// An answer this program cannot make sense of.
    Unexpected,
}

/// Why access was denied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denial {
    /// No policy allows the action, or one of the caller's own denies it.
    Iam {
        /// The action, as the service named it.
        action: Option<String>,
        /// What it was wanted for.
        resource: Option<String>,
    },
    /// A policy of the organisation denies the action.
    ServiceControlPolicy {
        /// The action, as the service named it.
        action: Option<String>,
    },
    /// The model's subscription in AWS Marketplace is missing and cannot be made.
    Marketplace,
    /// The account may not use this model.
    ModelAccess,
    /// The provider wants a form filled in first.
    UseCaseForm,
    /// The account may not use Bedrock.
    Account,
    /// The API key is not valid.
    ApiKey,
    /// The service did not say.
    Other,
}

/// What went wrong on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkFailure {
    /// Nothing listens there.
    ConnectionRefused,
    /// The name has no address.
    Dns,
    /// No secure connection could be made.
    Tls,
    /// No connection could be made in time: nothing was sent.
    ConnectTimedOut,
    /// The request was sent and no answer came in time.
    TimedOut,
    /// The connection broke.
    ConnectionReset,
    /// Something else.
    Other,
}

impl NetworkFailure {
    /// This program's code for it, where the service has none.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ConnectionRefused => "ConnectionRefused",
            Self::Dns => "DnsFailure",
            Self::Tls => "TlsFailure",
            Self::ConnectTimedOut => "ConnectTimedOut",
            Self::TimedOut => "TimedOut",
            Self::ConnectionReset => "ConnectionReset",
            Self::Other => "NetworkFailure",
        }
    }
}

impl ErrorKind {
    /// What happened, as a headline.
    #[must_use]
    pub fn headline(&self) -> &'static str {
        match self {
            Self::NoCredentials => "No AWS credentials",
            Self::CredentialsFailed => "The credentials could not be had",
            Self::ExpiredToken => "The credentials have expired",
            Self::InvalidCredentials => "AWS does not accept the credentials",
            Self::ClockSkew { .. } => "This computer's clock is off",
            Self::AccessDenied(Denial::ApiKey) => "The API key is not valid",
            Self::AccessDenied(Denial::UseCaseForm) => "The provider wants a form filled in first",
            Self::AccessDenied(_) => "Access denied",
            Self::ModelNotFound => "No such model here",
            Self::ModelEndOfLife => "The model is no longer offered",
            Self::NotFound => "Not found",
            Self::OnDemandUnsupported { .. } => "The model needs an inference profile",
            Self::ContextTooLong => "The prompt is too long for the model",
            Self::TooManyImages => "Too many images for the model",
            Self::ToolsUnsupported => "The model takes no tools",
            Self::ContentUnsupported => "The model does not take this content",
            Self::Validation => "The request was not accepted",
            Self::Throttled => "Too many requests",
            Self::Quota => "A limit of the account is used up",
            Self::ModelNotReady => "The model is being loaded",
            Self::ModelTimeout => "The model took too long",
            Self::ModelError => "The model failed",
            Self::ServiceUnavailable => "The service is not available",
            Self::Internal => "The service failed",
            Self::UnknownOperation => "The endpoint does not know this operation",
            Self::Conflict => "Something is in the way",
            Self::InvalidEndpoint => "The endpoint's address cannot be used",
            Self::Network(NetworkFailure::ConnectionRefused) => "Connection refused",
            Self::Network(NetworkFailure::Dns) => "The endpoint's name has no address",
            Self::Network(NetworkFailure::Tls) => "No secure connection",
            Self::Network(NetworkFailure::ConnectTimedOut | NetworkFailure::TimedOut) => {
                "No answer in time"
            }
            Self::Network(_) => "The connection broke",
            Self::StreamCut => "The answer broke off",
            Self::Unexpected => "An answer that makes no sense",
        }
    }
}
