//! Pictures to batch jobs: as many as the service's limits make of them, one after the other, so that
//! the disk holds one job's records at a time and memory none.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc;

use super::folder::BatchFolder;
use super::records::{Recorder, Written};
use super::{Batch, BatchError, BatchLimits};
use crate::alt_text::job::{JobOptions, Source};
use crate::bedrock::{Connection, S3Place};
use crate::chat::Failure;
use crate::pricing::Usd;

/// What shall become batch jobs, and how.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The name of the first job; further ones have a number behind it.
    pub id: String,
    /// What holds for each picture.
    pub options: JobOptions,
    /// The role that the service takes to read and write.
    pub role_arn: String,
    /// The folder in S3 that each job gets a folder in.
    pub place: S3Place,
    /// What all of it may cost.
    pub max_cost: Option<Usd>,
    /// The service's limits.
    pub limits: BatchLimits,
    /// The list of pictures that the answers are for, by whatever name its owner gives it.
    pub list: Option<String>,
}

/// How far it is.
#[derive(Clone, Debug)]
pub enum Step {
    /// Pictures are opened and written as records.
    Preparing {
        /// Pictures that were opened.
        done: usize,
        /// All of them.
        total: usize,
    },
    /// The records of a job are written.
    Prepared {
        /// How many.
        records: u64,
        /// Their bytes.
        bytes: u64,
        /// The least and the most that the job can cost; `None` when that is not known.
        cost: Option<(Usd, Usd)>,
    },
    /// The records of a job go to S3.
    Uploading {
        /// Bytes that are there.
        sent: u64,
        /// All of them.
        bytes: u64,
    },
    /// A job was submitted.
    Submitted {
        /// The job.
        batch: Box<Batch>,
        /// The places of the pictures that it is about.
        places: Vec<usize>,
    },
}

/// What came of it. What was submitted stays so, whatever came after.
#[derive(Debug, Default)]
pub struct Submitted {
    /// The jobs.
    pub batches: Vec<Batch>,
    /// Pictures that could not be opened, by their place, and why.
    pub failed: Vec<(usize, Failure)>,
    /// The places of pictures that are in no job.
    pub left: Vec<usize>,
    /// Why it ended before every picture was in a job.
    pub ended_by: Option<BatchError>,
}

/// Submits pictures, each with its place, as batch jobs, and keeps what is known of each in the folder.
/// It ends when nobody hears the steps any more.
pub async fn submit(
    connection: &Connection,
    sources: Vec<(usize, Source)>,
    submission: Submission,
    folder: &BatchFolder,
    steps: mpsc::Sender<Step>,
) -> Submitted {
    let mut submitted = Submitted::default();
    let total = sources.len();
    let mut all = All {
        connection,
        most: share(total, submission.limits),
        submission: &submission,
        folder,
        steps: &steps,
        total,
        upper_cost: Usd::ZERO,
    };
    let recorder = Recorder::new(
        sources,
        submission.options.clone(),
        connection.region().to_owned(),
        folder.clone(),
        submission.limits,
    );
    submitted.ended_by = all.run(recorder, &mut submitted).await.err();
    submitted
}

/// Most records of each job: as even as it goes, so that the last one is not too small to be taken.
fn share(pictures: usize, limits: BatchLimits) -> u64 {
    let pictures = pictures as u64;
    let jobs = pictures.div_ceil(limits.most_records).max(1);
    pictures.div_ceil(jobs)
}

struct All<'a> {
    connection: &'a Connection,
    submission: &'a Submission,
    folder: &'a BatchFolder,
    steps: &'a mpsc::Sender<Step>,
    total: usize,
    most: u64,
    /// The most that the jobs so far can cost.
    upper_cost: Usd,
}

impl All<'_> {
    async fn run(
        &mut self,
        mut recorder: Recorder,
        submitted: &mut Submitted,
    ) -> Result<(), BatchError> {
        let first = self.batch(0);
        if let Err(error) = first.check(self.connection).await {
            submitted.left = recorder.rest();
            return Err(error);
        }
        let room = tempfile::tempdir_in(self.folder.make()?)?;
        let records = room.path().join("records.jsonl");
        while recorder.done() < self.total {
            let batch = self.batch(submitted.batches.len());
            let (back, written) = self.write(recorder, &batch, &records).await?;
            recorder = back;
            let mut written = written?;
            submitted.failed.append(&mut written.failed);
            if written.records == 0 && !written.places.is_empty() {
                // All of them are the same as pictures of jobs before.
                continue;
            }
            let places = written.places.clone();
            match self.one(batch, written, &records).await {
                Ok(batch) => {
                    let step = Step::Submitted {
                        batch: Box::new(batch.clone()),
                        places,
                    };
                    submitted.batches.push(batch);
                    self.tell(step).await?;
                }
                Err(error) => {
                    submitted.left = places;
                    submitted.left.extend(recorder.rest());
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    fn batch(&self, number: usize) -> Batch {
        let id = match number {
            0 => self.submission.id.clone(),
            number => format!("{}-{}", self.submission.id, number + 1),
        };
        let submission = self.submission;
        let mut batch = Batch::new(
            id,
            self.connection,
            &submission.options,
            submission.role_arn.clone(),
            &submission.place,
        );
        batch.list.clone_from(&submission.list);
        batch
    }

    /// Writes a job's records on a thread that may block.
    async fn write(
        &self,
        mut recorder: Recorder,
        batch: &Batch,
        records: &Path,
    ) -> Result<(Recorder, std::io::Result<Written>), BatchError> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = StopWhenDropped(Arc::clone(&stop));
        let (batch, records) = (batch.clone(), records.to_owned());
        let (steps, total, most) = (self.steps.clone(), self.total, self.most);
        let work = move || {
            let mut so_far = |done| {
                // A full channel has newer news on its way.
                steps.try_send(Step::Preparing { done, total }).ok();
                !steps.is_closed() && !stop.load(Ordering::Relaxed)
            };
            let written = recorder.write(&batch, most, &records, &mut so_far);
            (recorder, written)
        };
        let done = tokio::task::spawn_blocking(work).await;
        drop(stopped);
        if self.steps.is_closed() {
            return Err(BatchError::Cancelled);
        }
        done.map_err(|died| BatchError::Disk(std::io::Error::other(died)))
    }

    /// Submits one job.
    async fn one(
        &mut self,
        mut batch: Batch,
        written: Written,
        records: &Path,
    ) -> Result<Batch, BatchError> {
        if let Err(error) = self.send(&mut batch, &written, records).await {
            self.folder.forget(&batch.id);
            return Err(error);
        }
        // Before it is asked for: a job that nobody knows of would be paid for.
        self.folder.save(&batch)?;
        if let Err(error) = batch.submit(self.connection).await {
            // Without an answer the job may be there all the same.
            if error.status().is_some() {
                self.folder.forget(&batch.id);
            }
            return Err(error.into());
        }
        self.folder.save(&batch)?;
        Ok(batch)
    }

    /// Looks whether the job may be, and uploads its records.
    async fn send(
        &mut self,
        batch: &mut Batch,
        written: &Written,
        records: &Path,
    ) -> Result<(), BatchError> {
        batch.records = written.records;
        batch.upper_cost = written.cost.map(|(_, upper)| upper);
        self.tell(Step::Prepared {
            records: written.records,
            bytes: written.bytes,
            cost: written.cost,
        })
        .await?;
        if let Some(most) = self.submission.max_cost {
            let upper = batch.upper_cost.ok_or(BatchError::CannotCap(most))?;
            self.upper_cost = self.upper_cost + upper;
            if self.upper_cost > most {
                return Err(BatchError::CapReached(most));
            }
        }
        let fewest = self.submission.limits.fewest_records;
        if written.records < fewest {
            return Err(BatchError::TooFew {
                records: written.records,
                fewest,
            });
        }
        let (steps, bytes) = (self.steps.clone(), written.bytes);
        let mut so_far = move |sent| {
            steps.try_send(Step::Uploading { sent, bytes }).ok();
        };
        tokio::select! {
            done = batch.upload(self.connection, records, &mut so_far) => done,
            () = self.steps.closed() => Err(BatchError::Cancelled),
        }
    }

    async fn tell(&self, step: Step) -> Result<(), BatchError> {
        self.steps
            .send(step)
            .await
            .map_err(|_| BatchError::Cancelled)
    }
}

/// Ends the work on the blocking thread when nobody waits for it any more.
struct StopWhenDropped(Arc<AtomicBool>);

impl Drop for StopWhenDropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_job_is_left_with_too_few() {
        let limits = BatchLimits::default();
        assert_eq!(share(120, limits), 120);
        assert_eq!(share(50_000, limits), 50_000);
        // Two of 25,001 and 25,000, not 50,000 and 1.
        assert_eq!(share(50_001, limits), 25_001);
        assert_eq!(share(100_000, limits), 50_000);
        assert_eq!(share(0, limits), 0);
    }
}
