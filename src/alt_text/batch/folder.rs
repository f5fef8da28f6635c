//! What is known of batch jobs, in a folder of its own: a job is one file, and what its records are
//! about is another, line by line. All of it blocks.
//!
//! It must not know where the folder is, or who asks.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use super::Batch;
use super::records::Known;
use crate::files;

/// Where batch jobs are kept.
#[derive(Clone, Debug)]
pub struct BatchFolder(PathBuf);

/// Why what is kept of a batch job cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum BatchFolderError {
    /// Nothing has this name.
    #[error("There is no batch job {0}")]
    Unknown(String),
    /// Something has, and it is not what it should be.
    #[error("What is kept of the batch job {id} cannot be read: {reason}")]
    Damaged {
        /// The job.
        id: String,
        /// What is wrong.
        reason: String,
    },
    /// The disk refused.
    #[error("What is kept of batch jobs cannot be used: {0}")]
    Disk(#[from] io::Error),
}

impl BatchFolder {
    /// Its name in a data folder.
    pub const NAME: &'static str = "batches";

    /// The folder at a path; it need not be there yet.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Makes the folder where it is missing, for nobody else to look into.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn make(&self) -> io::Result<&Path> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.0)?;
        Ok(&self.0)
    }

    /// The file of what a job's records are about.
    #[must_use]
    pub fn known(&self, id: &str) -> PathBuf {
        self.0.join(format!("{id}.jsonl"))
    }

    /// Keeps a job as it is now.
    ///
    /// # Errors
    /// When the disk refuses; what was kept is as it was then.
    pub fn save(&self, batch: &Batch) -> io::Result<()> {
        let json = serde_json::to_vec_pretty(batch).map_err(io::Error::other)?;
        let path = self.make()?.join(format!("{}.json", batch.id));
        files::replace(&path, &json, None)
    }

    /// A job by its name.
    ///
    /// # Errors
    /// See [`BatchFolderError`].
    pub fn load(&self, id: &str) -> Result<Batch, BatchFolderError> {
        let unknown = || BatchFolderError::Unknown(id.to_owned());
        if !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            return Err(unknown());
        }
        let bytes = fs::read(self.0.join(format!("{id}.json"))).map_err(|_| unknown())?;
        serde_json::from_slice(&bytes).map_err(|error| BatchFolderError::Damaged {
            id: id.to_owned(),
            reason: error.to_string(),
        })
    }

    /// Every job, by name.
    ///
    /// # Errors
    /// See [`BatchFolderError`].
    pub fn all(&self) -> Result<Vec<Batch>, BatchFolderError> {
        let Ok(entries) = fs::read_dir(&self.0) else {
            return Ok(Vec::new());
        };
        let mut names: Vec<String> = entries
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
            .collect();
        names.sort();
        names.iter().map(|id| self.load(id)).collect()
    }

    /// The places of the pictures that a job is about.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn places(&self, id: &str) -> io::Result<Vec<usize>> {
        BufReader::new(File::open(self.known(id))?)
            .lines()
            .map(|line| {
                let known: Known = serde_json::from_str(&line?).map_err(io::Error::other)?;
                Ok(known.index)
            })
            .collect()
    }

    /// Forgets a job that never was.
    pub(super) fn forget(&self, id: &str) {
        // What is left of it is in nobody's way.
        fs::remove_file(self.known(id)).ok();
    }
}
