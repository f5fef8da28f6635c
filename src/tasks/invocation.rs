//! An answer that is coming in.

use futures_util::StreamExt as _;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use std::sync::Arc;
use std::vec;

use super::{Session, Waker};
use crate::bedrock::Error;
use crate::chat::{InvocationId, Request, StreamEvent};
use crate::emulator::Server;

/// How many events go to the window at once, of those that have come: a quick answer would spend more time
/// on handing over than on anything else.
const HANDFUL: usize = 64;
/// How many handfuls may wait; past that the network waits for the window, and nothing is lost.
const HANDFULS_IN_FLIGHT: usize = 4;

/// What a running invocation reports.
#[derive(Debug)]
pub enum InvocationEvent {
    /// A step of the answer.
    Stream(StreamEvent),
    /// The answer is whole.
    Complete,
    /// The answer ended early; what came before stays.
    Failed(Error),
}

impl From<Result<StreamEvent, Error>> for InvocationEvent {
    fn from(result: Result<StreamEvent, Error>) -> Self {
        match result {
            Ok(event) => Self::Stream(event),
            Err(error) => Self::Failed(error),
        }
    }
}

/// A call in flight. Dropping it cancels the request.
#[derive(Debug)]
pub struct RunningInvocation {
    id: InvocationId,
    handfuls: mpsc::Receiver<Vec<InvocationEvent>>,
    /// What is left of the last one taken.
    events: vec::IntoIter<InvocationEvent>,
    abort: AbortHandle,
    /// The embedded endpoint, if it answers: a new session must not close it under this answer.
    _endpoint: Option<Arc<Server>>,
}

impl RunningInvocation {
    pub(super) fn start(
        handle: &Handle,
        waker: Waker,
        id: InvocationId,
        session: &Session,
        request: Request,
    ) -> Self {
        let (sender, handfuls) = mpsc::channel(HANDFULS_IN_FLIGHT);
        let connection = session.connection().clone();
        let task = handle.spawn(async move {
            let mut answer = connection.invoke(request).ready_chunks(HANDFUL);
            let mut is_over = false;
            while !is_over {
                let handful = match answer.next().await {
                    Some(results) => results.into_iter().map(Into::into).collect(),
                    None => vec![InvocationEvent::Complete],
                };
                is_over = handful
                    .iter()
                    .any(|event| !matches!(event, InvocationEvent::Stream(_)));
                if sender.send(handful).await.is_err() {
                    return;
                }
                waker.wake();
            }
        });
        Self {
            id,
            handfuls,
            events: Vec::new().into_iter(),
            abort: task.abort_handle(),
            _endpoint: session.endpoint(),
        }
    }

    /// Which call this is.
    #[must_use]
    pub fn id(&self) -> InvocationId {
        self.id
    }

    /// The next event that has already come, without waiting.
    pub fn try_next(&mut self) -> Option<InvocationEvent> {
        loop {
            if let Some(event) = self.events.next() {
                return Some(event);
            }
            self.events = self.handfuls.try_recv().ok()?.into_iter();
        }
    }

    /// The next event; `None` after the last.
    pub async fn next(&mut self) -> Option<InvocationEvent> {
        loop {
            if let Some(event) = self.events.next() {
                return Some(event);
            }
            self.events = self.handfuls.recv().await?.into_iter();
        }
    }
}

impl Drop for RunningInvocation {
    fn drop(&mut self) {
        self.abort.abort();
    }
}
