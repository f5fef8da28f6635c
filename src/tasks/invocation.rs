//! An answer that is coming in.

use futures_util::StreamExt as _;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use std::sync::Arc;

use super::{Session, Waker};
use crate::bedrock::Error;
use crate::chat::{InvocationId, Request, StreamEvent};
use crate::emulator::Server;

/// How many events may wait; past that the network waits for the window, and nothing is lost.
const EVENTS_IN_FLIGHT: usize = 256;

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

/// A call in flight. Dropping it cancels the request.
#[derive(Debug)]
pub struct RunningInvocation {
    id: InvocationId,
    events: mpsc::Receiver<InvocationEvent>,
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
        let (sender, events) = mpsc::channel(EVENTS_IN_FLIGHT);
        let connection = session.connection().clone();
        let task = handle.spawn(async move {
            let mut answer = connection.invoke(request);
            loop {
                let event = match answer.next().await {
                    Some(Ok(event)) => InvocationEvent::Stream(event),
                    Some(Err(error)) => InvocationEvent::Failed(error),
                    None => InvocationEvent::Complete,
                };
                let last = !matches!(event, InvocationEvent::Stream(_));
                if sender.send(event).await.is_err() {
                    return;
                }
                waker.wake();
                if last {
                    return;
                }
            }
        });
        Self {
            id,
            events,
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
        self.events.try_recv().ok()
    }

    /// The next event; `None` after the last.
    pub async fn next(&mut self) -> Option<InvocationEvent> {
        self.events.recv().await
    }
}

impl Drop for RunningInvocation {
    fn drop(&mut self) {
        self.abort.abort();
    }
}
