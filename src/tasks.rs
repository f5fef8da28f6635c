//! Background work behind the window and the command line: start it, hear from it, cancel it.
//!
//! One-shot work is a [`Job`], an answer is a [`RunningInvocation`]; both are values, and dropping
//! one cancels it. Results are picked up by asking, never by waiting, and a [`Waker`] tells the
//! window that asking is worth while. This module knows nothing of egui, the disk's layout or the
//! screens.

mod alt_text;
mod batch;
mod checkup;
pub mod embed;
mod images;
mod instance;
mod invocation;
mod job;
mod paid;
mod price_refresh;
mod prompt_run;
mod remembered;
mod session;
mod videos;
mod waker;

use std::future::Future;
use std::io;
use std::time::Duration;

pub use alt_text::RunningAltText;
pub use batch::{RunningImport, RunningSubmission, TakenBatch, follow, take_in};
pub use checkup::{Finding, caller, local_servers, look_over};
pub use images::{MadeImage, MadeImages, make_images, spend_on_images};
pub use instance::{HandedOver, Instance, hand_over};
pub use invocation::{InvocationEvent, RunningInvocation};
pub use job::{Job, JobDied, all_finished, finished};
pub use price_refresh::{Refresh, RefreshError, RefreshOptions, refresh};
pub use prompt_run::{RowCall, RunningPrompt, ask_rows};
pub use remembered::{forget, recall, remember};
pub use session::{Demo, Session, SessionError, SessionOptions};
pub use videos::{VideoStarted, start_video};
pub use waker::Waker;

use self::embed::{EmbedOptions, RunningEmbed};
use crate::alt_text::{JobOptions, Source, StartError};
use crate::chat::{Failure, InvocationId, Request};
use crate::embeddings::Source as EmbedSource;
use crate::images::Call;

/// How long running work may take to wind down when the program ends.
const SHUTDOWN_GRACE: Duration = Duration::from_millis(500);

/// The tokio runtime of the window, and the one way to start work on it.
pub struct Tasks {
    // `Option` only so that `Drop` can take the runtime by value.
    runtime: Option<tokio::runtime::Runtime>,
    waker: Waker,
    next_invocation: u64,
}

impl Tasks {
    /// Starts the worker threads.
    ///
    /// # Errors
    /// When the system refuses threads or an event queue.
    pub fn new(waker: Waker) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .thread_name("bedrock-playground")
            .build()?;
        Ok(Self {
            runtime: Some(runtime),
            waker,
            next_invocation: 1,
        })
    }

    /// Runs a future in the background.
    pub fn spawn<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> Job<T> {
        Job::spawn(self.handle(), self.waker.clone(), future)
    }

    /// Runs work that blocks (reading a file, decoding a picture) on a thread made for that.
    pub fn spawn_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Job<T> {
        Job::spawn_blocking(self.handle(), self.waker.clone(), work)
    }

    /// Sends a request and streams its answer back. The answer goes on when the session is replaced.
    pub fn invoke(&mut self, session: &Session, request: Request) -> RunningInvocation {
        let id = InvocationId(self.next_invocation);
        self.next_invocation += 1;
        RunningInvocation::start(self.handle(), self.waker.clone(), id, session, request)
    }

    /// Begins a job of alt text. It goes on when the session is replaced.
    ///
    /// # Errors
    /// See [`crate::alt_text::start`].
    pub fn write_alt_text(
        &self,
        session: &Session,
        sources: Vec<Source>,
        options: JobOptions,
    ) -> Result<RunningAltText, StartError> {
        RunningAltText::start(self.handle(), self.waker.clone(), session, sources, options)
    }

    /// Begins to embed. It goes on when the session is replaced.
    pub fn embed(
        &self,
        session: &Session,
        sources: Vec<EmbedSource>,
        options: EmbedOptions,
    ) -> RunningEmbed {
        let _runtime = self.handle().enter();
        embed::start(session, sources, options, self.waker.clone())
    }

    /// Runs a prompt over rows of values, so many at once. It goes on when the session is replaced.
    #[must_use]
    pub fn run_prompt(
        &self,
        session: &Session,
        calls: Vec<RowCall>,
        at_once: usize,
    ) -> RunningPrompt {
        RunningPrompt::start(self.handle(), self.waker.clone(), session, calls, at_once)
    }

    /// Asks for pictures. It goes on when the session is replaced.
    pub fn make_images(&self, session: &Session, call: Call) -> Job<Result<MadeImages, Failure>> {
        let (connection, endpoint) = (session.connection().clone(), session.endpoint());
        self.spawn(async move {
            let made = make_images(connection, call).await;
            drop(endpoint);
            made
        })
    }

    fn handle(&self) -> &tokio::runtime::Handle {
        match &self.runtime {
            Some(runtime) => runtime.handle(),
            None => unreachable!("the runtime is only taken in drop"),
        }
    }
}

impl Drop for Tasks {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(SHUTDOWN_GRACE);
        }
    }
}
