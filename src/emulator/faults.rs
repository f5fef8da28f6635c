//! Faults on request: what goes wrong in the wild, when it is wanted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::StatusCode;
use bytes::{Bytes, BytesMut};
use tokio::sync::watch;

use super::api_error::ApiError;
use super::pace::Pace;

/// Which operations faults meet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FaultReach {
    /// Invocations of models alone.
    #[default]
    Invocations,
    /// Lists alone: of models, profiles, guardrails, jobs.
    Lists,
    /// Both.
    Everything,
}

/// What shall go wrong with invocations, or with lists; by default nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faults {
    /// Which operations they meet. Others are not counted.
    pub reach: FaultReach,
    /// Meets invocations of this model alone, by its id; every model when none is named. The n-th invocation
    /// is counted among all.
    pub only_model: Option<String>,
    /// Waits so long before answering.
    pub latency: Duration,
    /// Answers at this pace instead of the endpoint's own.
    pub tokens_per_second: Option<f64>,
    /// Refuses this share of operations with `ThrottlingException`, from 0 to 1.
    pub throttling_share: f64,
    /// Refuses the n-th operation from now, the first being 1.
    pub fail_nth: Option<(u64, FaultKind)>,
    /// Ends streams without their end after so many events.
    pub cut_after_events: Option<usize>,
    /// Breaks the connection after so many events of streams.
    pub break_after_events: Option<usize>,
    /// Flips a bit of this event of streams, the first being 1.
    pub corrupt_event: Option<usize>,
    /// Falls silent after so many events of streams.
    pub stall_after_events: Option<usize>,
}

/// An error to answer with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// 429
    Throttling,
    /// 403
    AccessDenied,
    /// 500
    InternalServer,
    /// 503
    ServiceUnavailable,
    /// 408
    ModelTimeout,
    /// 424
    ModelError,
}

impl FaultKind {
    fn error(self) -> ApiError {
        let (status, kind, message) = match self {
            Self::Throttling => (
                429,
                "ThrottlingException",
                "Too many requests, please wait before trying again.",
            ),
            Self::AccessDenied => (
                403,
                "AccessDeniedException",
                "You don't have access to the model with the specified model ID.",
            ),
            Self::InternalServer => (
                500,
                "InternalServerException",
                "The system encountered an unexpected error during processing. Try your request again.",
            ),
            Self::ServiceUnavailable => (
                503,
                "ServiceUnavailableException",
                "Model is getting throttled. Try your request again.",
            ),
            Self::ModelTimeout => (
                408,
                "ModelTimeoutException",
                "The request took too long to process.",
            ),
            Self::ModelError => (
                424,
                "ModelErrorException",
                "The request failed because of an error while processing the model.",
            ),
        };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        ApiError::new(status, kind, message)
    }
}

/// Where the endpoint reads the faults in force, and counts what they meet.
#[derive(Clone, Debug)]
pub(super) struct FaultSource {
    faults: watch::Receiver<Faults>,
    met: Arc<AtomicU64>,
}

impl FaultSource {
    pub(super) fn new(faults: watch::Receiver<Faults>, met: Arc<AtomicU64>) -> Self {
        Self { faults, met }
    }

    /// Lets an invocation in, or refuses it.
    pub(super) async fn admit(&self, pace: Pace, model: &str) -> Result<Admitted, ApiError> {
        let mut faults = self.faults.borrow().clone();
        let meets = faults.reach != FaultReach::Lists;
        if !meets {
            faults = Faults::default();
        }
        if faults
            .only_model
            .as_ref()
            .is_some_and(|only| !model.ends_with(only.as_str()))
        {
            faults = Faults::default();
        }
        let pace = pace.of_model(model);
        if meets {
            self.pass(&faults).await?;
        }
        Ok(Admitted {
            pace: faults
                .tokens_per_second
                .map_or(pace, Pace::of_tokens_per_second),
            stream: StreamFaults {
                cut_after: faults.cut_after_events,
                break_after: faults.break_after_events,
                corrupt: faults.corrupt_event,
                stall_after: faults.stall_after_events,
            },
        })
    }

    /// Lets an operation that lists something in, or refuses it.
    pub(super) async fn admit_list(&self) -> Result<(), ApiError> {
        let faults = self.faults.borrow().clone();
        if faults.reach == FaultReach::Invocations {
            return Ok(());
        }
        self.pass(&faults).await
    }

    /// Counts an operation that faults meet; it waits, and is refused if it is one to refuse.
    async fn pass(&self, faults: &Faults) -> Result<(), ApiError> {
        let number = self.met.fetch_add(1, Ordering::Relaxed) + 1;
        if !faults.latency.is_zero() {
            tokio::time::sleep(faults.latency).await;
        }
        if let Some((nth, kind)) = faults.fail_nth
            && nth == number
        {
            return Err(kind.error());
        }
        if throttled(number, faults.throttling_share) {
            return Err(FaultKind::Throttling.error());
        }
        Ok(())
    }
}

/// An invocation that was let in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Admitted {
    /// How fast it is answered.
    pub pace: Pace,
    /// What goes wrong if it streams.
    pub stream: StreamFaults,
}

/// Spreads a share evenly: of four with a share of a half, the second and the fourth.
fn throttled(number: u64, share: f64) -> bool {
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of invocations are small"
    )]
    let so_far = |count: u64| (count as f64 * share.clamp(0.0, 1.0)).floor();
    so_far(number) > so_far(number - 1)
}

/// What shall go wrong with one stream.
#[derive(Clone, Copy, Debug, Default)]
pub struct StreamFaults {
    cut_after: Option<usize>,
    break_after: Option<usize>,
    corrupt: Option<usize>,
    stall_after: Option<usize>,
}

impl StreamFaults {
    pub(super) fn cut_before(self, event: usize) -> bool {
        self.cut_after.is_some_and(|after| event > after)
    }

    pub(super) fn break_before(self, event: usize) -> bool {
        self.break_after.is_some_and(|after| event > after)
    }

    pub(super) fn stall_before(self, event: usize) -> bool {
        self.stall_after.is_some_and(|after| event > after)
    }

    /// The frame, with a bit flipped where that is wanted; its checksum then does not fit.
    pub(super) fn damage(self, event: usize, frame: Bytes) -> Bytes {
        if self.corrupt != Some(event) || frame.is_empty() {
            return frame;
        }
        let mut frame = BytesMut::from(&frame[..]);
        let middle = frame.len() / 2;
        frame[middle] ^= 1;
        frame.freeze()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_spread_evenly() {
        let refused: Vec<u64> = (1..=8).filter(|number| throttled(*number, 0.25)).collect();
        assert_eq!(refused, [4, 8]);
        assert!((1..=8).all(|number| throttled(number, 1.0)));
        assert!(!(1..=8).any(|number| throttled(number, 0.0)));
    }
}
