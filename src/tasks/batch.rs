//! Batch jobs of alt text: submitted in the background, and their answers read back.

use std::path::Path;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::{Job, Session, Tasks};
use crate::alt_text::{
    self, Batch, BatchFolder, ImageResult, Imported, Paid, Source, Step, Submission, Submitted,
};
use crate::bedrock::{Connection, Error};
use crate::emulator::Server;
use crate::pricing::{PriceQuery, Prices, Tier};
use crate::store::{BilledLine, ConversationId, Screen, SpendRow, UnixMs};

/// How many steps or results may wait; past that the work waits for the window.
const IN_FLIGHT: usize = 256;

/// What a service says of a job that it does not know.
const NOT_FOUND: u16 = 404;

/// Pictures that are becoming batch jobs. Dropping it ends that; what was submitted stays.
pub struct RunningSubmission {
    steps: mpsc::Receiver<Step>,
    result: Job<Submitted>,
    /// The embedded endpoint, if it answers: a new session must not close it under this work.
    _endpoint: Option<Arc<Server>>,
}

impl RunningSubmission {
    /// The next step that was taken, without waiting.
    pub fn try_next(&mut self) -> Option<Step> {
        self.steps.try_recv().ok()
    }

    /// What came of it, once every step was heard of.
    pub fn take(&mut self) -> Option<Submitted> {
        if !self.steps.is_empty() {
            return None;
        }
        let result = self.result.take()?;
        Some(result.unwrap_or_else(|died| Submitted {
            ended_by: Some(alt_text::BatchError::Disk(std::io::Error::other(died))),
            ..Submitted::default()
        }))
    }
}

/// A batch job whose answers were read back.
#[derive(Clone, Debug)]
pub struct TakenBatch {
    /// The job, as it is kept now.
    pub batch: Batch,
    /// What came back.
    pub imported: Imported,
    /// The row for the ledger; `None` when it has one.
    pub bill: Option<SpendRow>,
}

/// Answers that are being read back. Dropping it ends that.
pub struct RunningImport {
    results: mpsc::Receiver<ImageResult>,
    done: Job<Result<TakenBatch, String>>,
}

impl RunningImport {
    /// The next result that was read, without waiting.
    pub fn try_next(&mut self) -> Option<ImageResult> {
        self.results.try_recv().ok()
    }

    /// How it ended, once every result was taken.
    pub fn take(&mut self) -> Option<Result<TakenBatch, String>> {
        if !self.results.is_empty() {
            return None;
        }
        let done = self.done.take()?;
        Some(done.unwrap_or_else(|died| Err(died.to_string())))
    }
}

impl Tasks {
    /// Submits pictures, each with its place, as batch jobs.
    pub fn submit_batch(
        &self,
        session: &Session,
        sources: Vec<(usize, Source)>,
        submission: Submission,
        folder: BatchFolder,
    ) -> RunningSubmission {
        let (sender, mut heard) = mpsc::channel(IN_FLIGHT);
        let (forward, steps) = mpsc::channel(IN_FLIGHT);
        let connection = session.connection().clone();
        let waker = self.waker.clone();
        let result = self.spawn(async move {
            let told = async move {
                while let Some(step) = heard.recv().await {
                    if forward.send(step).await.is_err() {
                        return;
                    }
                    waker.wake();
                }
            };
            let work = alt_text::submit(&connection, sources, submission, &folder, sender);
            tokio::join!(work, told).0
        });
        RunningSubmission {
            steps,
            result,
            _endpoint: session.endpoint(),
        }
    }

    /// Reads the answers of a batch job back.
    pub fn import_batch(
        &self,
        session: &Session,
        batch: Batch,
        folder: BatchFolder,
        prices: Prices,
        paid: Option<Paid>,
    ) -> RunningImport {
        let (sender, results) = mpsc::channel(IN_FLIGHT);
        let (connection, label) = (session.connection().clone(), session.label());
        let waker = self.waker.clone();
        let done = self.spawn(async move {
            let room = folder
                .make()
                .and_then(tempfile::tempdir_in)
                .map_err(|error| error.to_string())?;
            let answers = batch
                .fetch(&connection, room.path(), &mut |_| {})
                .await
                .map_err(|error| error.to_string())?
                .ok_or("There are no answers in the job's folder of S3")?;
            let work = move || {
                let mut take = |result| {
                    let sent = sender.blocking_send(result);
                    waker.wake();
                    sent.map_err(std::io::Error::other)
                };
                take_in(
                    batch,
                    &folder,
                    &answers,
                    &prices,
                    paid.as_ref(),
                    &label,
                    &mut take,
                )
            };
            let taken = tokio::task::spawn_blocking(work).await;
            drop(room);
            match taken {
                Ok(taken) => taken.map_err(|error| error.to_string()),
                Err(died) => Err(died.to_string()),
            }
        });
        RunningImport { results, done }
    }
}

/// Asks how far a batch job is, and keeps it. A simulated job is gone with the endpoint that ran it.
///
/// # Errors
/// In words.
pub async fn follow(
    connection: &Connection,
    folder: &BatchFolder,
    mut batch: Batch,
) -> Result<Batch, String> {
    if let Err(error) = batch.refresh(connection).await {
        if !(batch.simulated && error.status() == Some(NOT_FOUND)) {
            return Err(words(&error));
        }
        batch.status = Some("Failed".to_owned());
        batch.message = Some("The simulated job ended with the endpoint that ran it".to_owned());
    }
    folder.save(&batch).map_err(|error| error.to_string())?;
    Ok(batch)
}

fn words(error: &Error) -> String {
    format!("{}: {}", error.code(), error.message())
}

/// Reads downloaded answers and gives each picture its result. The job is to be kept by the caller, once
/// its bill is. Blocks.
///
/// # Errors
/// When a file cannot be read, or the one who takes results says so.
pub fn take_in(
    mut batch: Batch,
    folder: &BatchFolder,
    answers: &Path,
    prices: &Prices,
    paid: Option<&Paid>,
    connection: &str,
    take: &mut dyn FnMut(ImageResult) -> std::io::Result<()>,
) -> std::io::Result<TakenBatch> {
    let known = folder.known(&batch.id);
    let imported = alt_text::import(&batch, answers, &known, prices, paid, take)?;
    let bill = (!batch.billed).then(|| bill(&batch, &imported, prices, connection));
    batch.billed = true;
    batch.settled = true;
    Ok(TakenBatch {
        batch,
        imported,
        bill,
    })
}

/// The whole job as one line of the ledger.
fn bill(batch: &Batch, imported: &Imported, prices: &Prices, connection: &str) -> SpendRow {
    let query = PriceQuery {
        tier: Some(Tier::Batch),
        ..PriceQuery::on_demand(&batch.model_id, &batch.region)
    };
    let cost = prices.breakdown_of_calls(&imported.usage, &query);
    SpendRow {
        at: UnixMs::now(),
        model: batch.model_id.clone(),
        region: batch.region.clone(),
        connection: connection.to_owned(),
        tier: Some(Tier::Batch),
        usage: imported.usage.clone(),
        cost: cost.total(),
        lines: BilledLine::of(&cost),
        simulated: batch.simulated,
        screen: Screen::alt_text(),
        conversation: batch.list.as_deref().and_then(list_id),
        project: None,
        estimate: None,
    }
}

/// The list that a job is of, where the window has one.
fn list_id(name: &str) -> Option<ConversationId> {
    name.parse().ok()
}
