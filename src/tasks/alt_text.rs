//! A job of alt text that is under way.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::{Session, Waker};
use crate::alt_text::{self, Event, JobHandle, JobOptions, Source, StartError};
use crate::emulator::Server;

/// How many events may wait; past that the job waits for the window, and nothing is lost.
const EVENTS_IN_FLIGHT: usize = 256;

/// A job whose events are picked up by asking. Dropping it cancels what is on its way.
#[derive(Debug)]
pub struct RunningAltText {
    events: mpsc::Receiver<Event>,
    job: JobHandle,
    /// The embedded endpoint, if it answers: a new session must not close it under this job.
    _endpoint: Option<Arc<Server>>,
}

impl RunningAltText {
    pub(super) fn start(
        handle: &Handle,
        waker: Waker,
        session: &Session,
        sources: Vec<Source>,
        options: JobOptions,
    ) -> Result<Self, StartError> {
        let running = {
            let _runtime = handle.enter();
            alt_text::start(session.connection(), sources, options)
        };
        let mut running = running?;
        let job = running.handle();
        let (sender, events) = mpsc::channel(EVENTS_IN_FLIGHT);
        handle.spawn(async move {
            while let Some(event) = running.next().await {
                if sender.send(event).await.is_err() {
                    return;
                }
                waker.wake();
            }
            // The end of the events is news too.
            drop(sender);
            waker.wake();
        });
        Ok(Self {
            events,
            job,
            _endpoint: session.endpoint(),
        })
    }

    /// The next event that has already come, without waiting.
    pub fn try_next(&mut self) -> Option<Event> {
        self.events.try_recv().ok()
    }

    /// Begins nothing more; what is on its way still comes, since it is paid for.
    pub fn stop(&self) {
        self.job.stop();
    }
}

impl Drop for RunningAltText {
    fn drop(&mut self) {
        self.job.cancel();
    }
}
