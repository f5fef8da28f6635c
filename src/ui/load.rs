//! Something fetched in the background: on its way, here, or failed.

use crate::chat::Failure;
use crate::tasks::Job;

/// A value that is fetched once and may be fetched again.
pub enum Load<T: Send + 'static> {
    /// Not asked for.
    Idle,
    /// On its way.
    Loading(Job<Result<T, Failure>>),
    /// Here.
    Ready(T),
    /// Not to be had, and why.
    Failed(Failure),
}

impl<T: Send + 'static> Load<T> {
    /// Takes the result in when it has come; true when this changed something.
    pub fn poll(&mut self) -> bool {
        let Self::Loading(job) = self else {
            return false;
        };
        let Some(result) = job.take() else {
            return false;
        };
        *self = match result {
            Ok(Ok(value)) => Self::Ready(value),
            Ok(Err(failure)) => Self::Failed(failure),
            Err(died) => Self::Failed(Failure::local(
                "Internal",
                died.to_string(),
                "Try again; if it happens twice, please report it",
            )),
        };
        true
    }

    /// The value, when it is here.
    #[must_use]
    pub fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            _ => None,
        }
    }
}
