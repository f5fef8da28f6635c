//! How long is waited for an answer before a connection counts as dead.
//!
//! Must not know what was asked.

use std::error::Error as StdError;
use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::timeout::TimeoutConfig;

use super::error::{self, Call, Error, NetworkFailure};

/// How long an invocation may be silent. Models think for minutes before and between words, so these
/// are long; they are there so that a dead connection does not hang for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// A whole answer that does not stream. AWS lets some models take an hour.
    pub whole_answer: Duration,
    /// The head of a stream.
    pub first_event: Duration,
    /// From one event to the next.
    pub between_events: Duration,
    /// What asks for no model's words: a count, a guardrail's verdict, a job begun or looked at. Its retries and
    /// the pictures it sends included.
    pub short_answer: Duration,
}

/// How long making a connection may take.
pub(super) const CONNECT: Duration = Duration::from_secs(5);
/// How long a control-plane call may take, its retries included.
const CONTROL_TOTAL: Duration = Duration::from_mins(1);
/// How long a control-plane call may take, each time.
const CONTROL_ATTEMPT: Duration = Duration::from_secs(20);

/// What calls of the control plane, and of the services that tell who one is, may take.
pub(super) fn control_timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_timeout(CONTROL_TOTAL)
        .operation_attempt_timeout(CONTROL_ATTEMPT)
        .build()
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            whole_answer: Duration::from_mins(61),
            first_event: Duration::from_mins(15),
            between_events: Duration::from_mins(5),
            short_answer: Duration::from_mins(3),
        }
    }
}

impl Patience {
    /// The answer of a call that asks for no model's words.
    pub(super) async fn short<T, E>(
        self,
        call: &Call,
        sending: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> Result<T, Error>
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        tokio::time::timeout(self.short_answer, sending)
            .await
            .map_err(|_| silence(call, self.short_answer))?
            .map_err(|error| error::from_sdk(&error, call))
    }
}

/// Nothing came for too long.
pub(super) fn silence(call: &Call, allowed: Duration) -> Error {
    Error::network(
        NetworkFailure::TimedOut,
        call,
        format!("Nothing came for {}", error::duration_in_words(allowed)),
    )
}
