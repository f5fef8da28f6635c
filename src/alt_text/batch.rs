//! The same job as a batch job: the pictures as records in S3, answered within a day for half the
//! price where that is offered, and the answers read back.
//!
//! What is known of a job is plain data, so that it can be followed after a restart. Nothing grows
//! with the number of pictures but files, and a few bytes for each picture.

mod folder;
mod import;
mod records;
mod submit;

use std::path::Path;

use serde::{Deserialize, Serialize};

pub use folder::{BatchFolder, BatchFolderError};
pub use import::{Imported, import};
pub use submit::{Step, Submission, Submitted, submit};

use super::job::JobOptions;
use super::prompt::Instructions;
use crate::bedrock::{BatchRequest, Connection, Error, S3Place};
use crate::catalog::ModelId;
use crate::pricing::Usd;

/// What the service takes as one batch job ("Quotas for Amazon Bedrock").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchLimits {
    /// Fewest records.
    pub fewest_records: u64,
    /// Most records of one file.
    pub most_records: u64,
    /// Most bytes of one file.
    pub most_bytes: u64,
}

impl Default for BatchLimits {
    fn default() -> Self {
        Self {
            fewest_records: 100,
            most_records: 50_000,
            most_bytes: 1_000_000_000,
        }
    }
}

/// A batch job, as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Batch {
    /// Our name for it: letters, digits and hyphens.
    pub id: String,
    /// The service's name for it, once it was submitted.
    pub arn: Option<String>,
    /// The model.
    pub model_id: ModelId,
    /// Where it runs.
    pub region: String,
    /// The role that the service takes to read and write.
    pub role_arn: String,
    /// The records.
    pub input: S3Place,
    /// The folder that answers go into.
    pub output: S3Place,
    /// What was asked for each picture.
    pub instructions: Instructions,
    /// Most tokens of one answer.
    pub max_tokens: u32,
    /// How many records it has.
    pub records: u64,
    /// The most it can cost; `None` when that is not known.
    pub upper_cost: Option<Usd>,
    /// The service's last word about its state.
    pub status: Option<String>,
    /// What the service said when it failed.
    pub message: Option<String>,
    /// Records with an answer, when the service said so.
    pub succeeded: Option<u64>,
    /// Records that failed, when the service said so.
    pub failed: Option<u64>,
    /// Whether the embedded endpoint runs it, and nothing of it is real.
    pub simulated: bool,
    /// Whether what it cost is in the ledger.
    pub billed: bool,
    /// The list of pictures that the answers are for, by the name its owner gave it.
    #[serde(default)]
    pub list: Option<String>,
    /// Whether nothing more is to be done with it: its answers were read back, or it was given up.
    #[serde(default)]
    pub settled: bool,
}

/// Why a batch job cannot be submitted.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// The role is none.
    #[error(
        "The role {0} is no ARN of an IAM role, such as arn:aws:iam::123456789012:role/BatchInference"
    )]
    Role(String),
    /// The role is of another account.
    #[error(
        "The role is of the account {of}, and requests are made as {who}: choose a role of the same account"
    )]
    OtherAccount {
        /// The role's account.
        of: String,
        /// The caller's.
        who: String,
    },
    /// The bucket is not there, or is somebody else's.
    #[error(
        "The bucket {bucket} cannot be used ({}): check its name and its region, and that you may read and write there",
        .error.message()
    )]
    Bucket {
        /// The bucket.
        bucket: String,
        /// What S3 said.
        error: Error,
    },
    /// Too few records.
    #[error(
        "A batch job takes at least {fewest} images, and there are {records}: ask for them without a batch job"
    )]
    TooFew {
        /// How many there are.
        records: u64,
        /// How many there must be.
        fewest: u64,
    },
    /// It could cost more than it may.
    #[error("Nothing more was submitted: it could cost more than {0}")]
    CapReached(Usd),
    /// What it costs cannot be told, and a limit was set.
    #[error(
        "The limit of {0} cannot be kept: what this model costs in a batch job is not known; leave the limit out"
    )]
    CannotCap(Usd),
    /// The person ended it.
    #[error("The batch job was not submitted, as you wished")]
    Cancelled,
    /// The disk refused.
    #[error("The records of the batch job could not be written: {0}")]
    Disk(#[from] std::io::Error),
    /// The service refused.
    #[error("{}: {}", .0.code(), .0.message())]
    Service(#[from] Error),
}

impl Batch {
    /// A job that is not submitted, under a name of its own.
    #[must_use]
    pub fn new(
        id: String,
        connection: &Connection,
        options: &JobOptions,
        role_arn: String,
        place: &S3Place,
    ) -> Self {
        let folder = place.join(&id);
        Self {
            arn: None,
            model_id: options.model_id.clone(),
            region: connection.region().to_owned(),
            role_arn,
            input: folder.join("records.jsonl"),
            output: folder.join("answers"),
            instructions: options.instructions.clone(),
            max_tokens: options.max_tokens,
            records: 0,
            upper_cost: None,
            status: None,
            message: None,
            succeeded: None,
            failed: None,
            simulated: false,
            billed: false,
            list: None,
            settled: false,
            id,
        }
    }

    /// Whether nothing more will come of it.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(
            self.status.as_deref(),
            Some("Completed" | "PartiallyCompleted" | "Failed" | "Stopped" | "Expired")
        )
    }

    /// Whether there are answers to be read back.
    #[must_use]
    pub fn has_answers(&self) -> bool {
        matches!(
            self.status.as_deref(),
            Some("Completed" | "PartiallyCompleted" | "Stopped" | "Expired")
        )
    }

    /// Tries that bucket and role can be used, before anything is uploaded.
    ///
    /// # Errors
    /// See [`BatchError`].
    pub async fn check(&self, connection: &Connection) -> Result<(), BatchError> {
        let account =
            role_account(&self.role_arn).ok_or_else(|| BatchError::Role(self.role_arn.clone()))?;
        let bucket = &self.input.bucket;
        let refused = |error| BatchError::Bucket {
            bucket: bucket.clone(),
            error,
        };
        connection.check_bucket(bucket).await.map_err(refused)?;
        if let Some(identity) = connection.identity().await?
            && !account.is_empty()
            && identity.account != account
        {
            return Err(BatchError::OtherAccount {
                of: account.to_owned(),
                who: identity.account,
            });
        }
        Ok(())
    }

    /// Uploads the records. Told how many bytes are there so far.
    ///
    /// # Errors
    /// See [`BatchError`].
    pub async fn upload(
        &self,
        connection: &Connection,
        records: &Path,
        so_far: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(), BatchError> {
        Ok(connection.upload(records, &self.input, so_far).await?)
    }

    /// Submits the job; its records are there.
    ///
    /// # Errors
    /// As for every call. Where no answer came, the job may have been made all the same:
    /// [`Self::refresh`] finds out.
    pub async fn submit(&mut self, connection: &Connection) -> Result<(), Error> {
        let created = connection
            .create_batch(&BatchRequest {
                name: self.id.clone(),
                model_id: self.model_id.clone(),
                role_arn: self.role_arn.clone(),
                input: self.input.clone(),
                output: self.output.clone(),
                // Asking again after a lost answer makes no second job.
                token: self.id.replace('-', ""),
            })
            .await?;
        self.arn = Some(created.arn);
        self.simulated = created.simulated;
        self.status = Some("Submitted".to_owned());
        Ok(())
    }

    /// Asks the service how far it is. One that was not heard of since it was submitted is looked for by its
    /// name.
    ///
    /// # Errors
    /// As for every call.
    pub async fn refresh(&mut self, connection: &Connection) -> Result<(), Error> {
        let job = if let Some(arn) = &self.arn {
            connection.batch(arn).await?
        } else {
            let mut jobs = connection.batches().await?.into_iter();
            let Some(job) = jobs.find(|job| job.name.as_deref() == Some(&self.id)) else {
                self.status = Some("Failed".to_owned());
                self.message = Some("The service has no such job: it was never made".to_owned());
                return Ok(());
            };
            self.arn = Some(job.arn.clone());
            job
        };
        self.status = Some(job.status);
        self.message = job.message;
        self.succeeded = job.succeeded.or(self.succeeded);
        self.failed = job.failed.or(self.failed);
        Ok(())
    }

    /// Stops it; what was answered by then is billed, and can be read back.
    ///
    /// # Errors
    /// As for every call.
    pub async fn stop(&self, connection: &Connection) -> Result<(), Error> {
        match &self.arn {
            Some(arn) => connection.stop_batch(arn).await,
            None => Ok(()),
        }
    }

    /// Writes the answers into a file of this folder; gives the file, or none when there are none.
    ///
    /// # Errors
    /// As for every call.
    pub async fn fetch(
        &self,
        connection: &Connection,
        folder: &Path,
        so_far: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Option<std::path::PathBuf>, Error> {
        let found = connection.list_objects(&self.output).await?;
        // In a folder that has the job's id for its name.
        let answers = found.iter().find(|place| place.key.ends_with(".jsonl.out"));
        let Some(answers) = answers else {
            return Ok(None);
        };
        let file = folder.join("answers.jsonl");
        connection.download_object(answers, &file, so_far).await?;
        Ok(Some(file))
    }

    /// Removes records and answers from S3.
    ///
    /// # Errors
    /// As for every call.
    pub async fn clean_up(&self, connection: &Connection) -> Result<(), Error> {
        connection.delete_object(&self.input).await?;
        for place in connection.list_objects(&self.output).await? {
            connection.delete_object(&place).await?;
        }
        Ok(())
    }
}

/// The account of a role's ARN, which may be empty; `None` when it is no such ARN.
fn role_account(arn: &str) -> Option<&str> {
    let mut parts = arn.splitn(6, ':');
    let (scheme, partition, service) = (parts.next()?, parts.next()?, parts.next()?);
    let (region, account, resource) = (parts.next()?, parts.next()?, parts.next()?);
    let is_role = scheme == "arn"
        && partition.starts_with("aws")
        && service == "iam"
        && region.is_empty()
        && (account.is_empty()
            || (account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit())))
        && resource
            .strip_prefix("role/")
            .is_some_and(|name| !name.is_empty());
    is_role.then_some(account)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_told_by_its_arn() {
        for (arn, account) in [
            ("arn:aws:iam::123456789012:role/Batch", Some("123456789012")),
            (
                "arn:aws-us-gov:iam::123456789012:role/a/b",
                Some("123456789012"),
            ),
            ("arn:aws:iam::123456789012:user/me", None),
            ("arn:aws:iam::123:role/x", None),
            ("arn:aws:iam::123456789012:role/", None),
            ("Batch", None),
        ] {
            assert_eq!(role_account(arn), account, "{arn}");
        }
    }
}
