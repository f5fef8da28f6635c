//! A prompt run over the rows of a table: a few at once, each answer whole as it is there.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::{Stream, StreamExt as _, stream};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

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
/// sent is an answer that failed. Dropping the stream cancels what is under way.
pub fn ask_rows(
    connection: Connection,
    calls: Vec<RowCall>,
    at_once: usize,
) -> impl Stream<Item = RowResult> + Send {
    stream::iter(calls)
        .map(move |call| {
            let connection = connection.clone();
            async move { ask(&connection, call).await }
        })
        .buffer_unordered(at_once.max(1))
}

async fn ask(connection: &Connection, call: RowCall) -> RowResult {
    // Of one conversation there is one call.
    let id = InvocationId(1);
    let mut transcript = Transcript::default();
    let region = connection.region();
    transcript.begin(Invocation::new(id, call.model.clone(), region));
    match prepare(&call).await {
        Err(failure) => transcript.fail(id, *failure),
        Ok(request) => {
            let mut events = connection.invoke(request);
            let mut ending = None;
            while let Some(event) = events.next().await {
                match event {
                    Ok(event) => transcript.apply(id, event),
                    Err(error) => ending = Some(Failure::from(error)),
                }
            }
            match ending {
                Some(failure) => transcript.fail(id, failure),
                None => transcript.complete(id),
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
        let task = handle.spawn(async move {
            let mut answered = std::pin::pin!(ask_rows(connection, calls, at_once));
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
            _endpoint: session.endpoint(),
        }
    }

    /// The next answer that has already come.
    pub fn try_next(&mut self) -> Option<RowResult> {
        self.answers.try_recv().ok()
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
