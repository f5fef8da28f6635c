//! A prompt run over the rows of a table: a few at once, each answer whole as it is there.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::{Stream, StreamExt as _, stream};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;

use super::{Session, Waker};
use crate::bedrock::Connection;
use crate::catalog::ModelId;
use crate::chat::{
    ContentBlock, Failure, Invocation, InvocationId, InvocationStatus, Message, Role, Transcript,
};
use crate::emulator::Server;
use crate::media::{self, Limits};
use crate::prompts::{Content, RowResult};

/// Answers that may wait to be taken in; past that the next row waits.
const ANSWERS_IN_FLIGHT: usize = 64;

/// One row to be asked.
#[derive(Clone, Debug)]
pub struct RowCall {
    /// From 0.
    pub row: usize,
    /// What is asked, the same for all rows.
    pub content: Arc<Content>,
    /// Who is asked.
    pub model: ModelId,
    /// Values for the places.
    pub values: BTreeMap<String, String>,
    /// Images and documents to send along.
    pub files: Vec<PathBuf>,
}

/// Asks all rows, so many at once; answers come in the order in which they are whole. What cannot be
/// sent is an answer that failed. Once it is cancelled no further row is asked, and those under way end with what
/// has come: they were sent, and may be charged. Dropping the stream gives them up without a word.
pub fn ask_rows(
    connection: Connection,
    calls: Vec<RowCall>,
    at_once: usize,
    cancelled: CancellationToken,
) -> impl Stream<Item = RowResult> + Send {
    stream::iter(calls)
        .take_until(cancelled.clone().cancelled_owned())
        .map(move |call| {
            let (connection, cancelled) = (connection.clone(), cancelled.clone());
            async move { ask(&connection, call, &cancelled).await }
        })
        .buffer_unordered(at_once.max(1))
}

async fn ask(connection: &Connection, call: RowCall, cancelled: &CancellationToken) -> RowResult {
    // Of one conversation there is one call.
    let id = InvocationId(1);
    let mut transcript = Transcript::default();
    let region = connection.region();
    transcript.begin(Invocation::new(id, call.model.clone(), region));
    match prepare(&call).await {
        Err(failure) => transcript.fail(id, *failure),
        Ok(_) if cancelled.is_cancelled() => transcript.fail(id, never_sent()),
        Ok(request) => {
            let mut events = connection.invoke(request);
            let mut ending = None;
            let heard = async {
                while let Some(event) = events.next().await {
                    match event {
                        Ok(event) => transcript.apply(id, event),
                        Err(error) => ending = Some(Failure::from(error)),
                    }
                }
            };
            let heard = cancelled.run_until_cancelled(heard).await;
            match (heard, ending) {
                (None, _) => transcript.stop(id),
                (_, Some(failure)) => transcript.fail(id, failure),
                (_, None) => transcript.complete(id),
            }
        }
    }
    transcript.forget_exchanges(0);
    let (message, invocation) = match transcript.last() {
        Some((_, turn)) => (turn.message.clone(), turn.invocation.clone()),
        None => (empty(), None),
    };
    RowResult {
        row: call.row,
        message,
        invocation: invocation.unwrap_or_else(|| {
            let mut never = Invocation::new(id, call.model, region);
            never.status = InvocationStatus::Stopped;
            never
        }),
    }
}

fn never_sent() -> Failure {
    let advice = "Run what is missing";
    Failure::local("Stopped", "it was stopped before it was sent", advice)
}

fn empty() -> Message {
    Message {
        role: Role::Assistant,
        content: Vec::new(),
    }
}

async fn prepare(call: &RowCall) -> Result<crate::chat::Request, Box<Failure>> {
    let files = call.files.clone();
    let media = if files.is_empty() {
        Vec::new()
    } else {
        let opened = tokio::task::spawn_blocking(move || open(&files)).await;
        opened.map_err(|died| {
            Box::new(Failure::local(
                "InternalError",
                format!("A file was not read to its end: {died}"),
                "Please report this as a bug",
            ))
        })??
    };
    let request = call.content.request(&call.model, &call.values, media);
    request.map_err(|reason| Box::new(reason.into()))
}

fn open(files: &[PathBuf]) -> Result<Vec<ContentBlock>, Box<Failure>> {
    let limits = Limits::converse();
    files
        .iter()
        .map(|path| {
            media::open(path, &limits)
                .map(|attachment| attachment.content_block())
                .map_err(|error| Box::new(Failure::from(error)))
        })
        .collect()
}

/// A run under way. Dropping it cancels the requests.
pub struct RunningPrompt {
    answers: mpsc::Receiver<RowResult>,
    abort: AbortHandle,
    cancelled: CancellationToken,
    connection: String,
    /// The embedded endpoint, if it answers: a new session must not close it under these answers.
    _endpoint: Option<Arc<Server>>,
}

impl RunningPrompt {
    pub(super) fn start(
        handle: &Handle,
        waker: Waker,
        session: &Session,
        calls: Vec<RowCall>,
        at_once: usize,
    ) -> Self {
        let (sender, answers) = mpsc::channel(ANSWERS_IN_FLIGHT);
        let connection = session.connection().clone();
        let cancelled = CancellationToken::new();
        let until = cancelled.clone();
        let task = handle.spawn(async move {
            let mut answered = std::pin::pin!(ask_rows(connection, calls, at_once, until));
            while let Some(answer) = answered.next().await {
                if sender.send(answer).await.is_err() {
                    return;
                }
                waker.wake();
            }
            drop(sender);
            waker.wake();
        });
        Self {
            answers,
            abort: task.abort_handle(),
            cancelled,
            connection: session.label(),
            _endpoint: session.endpoint(),
        }
    }

    /// The next answer that has already come.
    pub fn try_next(&mut self) -> Option<RowResult> {
        self.answers.try_recv().ok()
    }

    /// What the person calls the connection that is asked.
    #[must_use]
    pub fn connection(&self) -> &str {
        &self.connection
    }

    /// Asks no further row; those under way end with what has come.
    pub fn stop(&self) {
        self.cancelled.cancel();
    }

    /// Whether all answers have come and were taken.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.answers.is_closed() && self.answers.is_empty()
    }
}

impl Drop for RunningPrompt {
    fn drop(&mut self) {
        self.abort.abort();
    }
}
