//! All that is kept as one file, to be put away or taken to another computer.
//!
//! An archive is a ZIP file: `manifest.json` says what it is, `playground.db` is the history and the
//! ledger, `attachments/` holds files by their SHA-256, and beside them stand settings, presets and
//! prices as they stand in the data folder. No secret is in it, since none is in the folder.
//!
//! What comes from elsewhere is not trusted. Nothing of an archive names a place on this computer, all
//! of it is looked through before anything is changed, and what is here is never overwritten: what is
//! here already is left, and what differs comes in as a copy.

mod limit;
mod merge;
mod read;
mod report;
mod write;

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use super::{OpenError, StoreError};

pub use report::{ExportReport, Fate, ImportReport, Refused, Tally};

/// What `format` says in a manifest.
const FORMAT: &str = "bedrock-playground-archive";

/// The form that this version writes; it reads all up to it.
const VERSION: u64 = 1;

/// How archives end.
pub const ARCHIVE_EXTENSION: &str = "zip";

const MANIFEST: &str = "manifest.json";
const DATABASE: &str = "playground.db";
const ATTACHMENTS: &str = "attachments/";
const SETTINGS: &str = "settings.json";
const PRESETS: &str = "presets.json";
/// Own prices, and refreshed ones.
const PRICES: [&str; 2] = ["prices.json", "price-list.json"];

/// What an archive says of itself.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    format: String,
    version: u64,
    /// The program's version, for people.
    #[serde(default)]
    program: String,
    /// Milliseconds since 1970.
    #[serde(default)]
    created: i64,
}

/// How an import goes about what it may decide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// Whether the archive's settings and prices take the place of those that are here; without it
    /// they are taken only where there are none.
    pub replace_settings: bool,
}

/// How far the work on an archive is, for whoever looks from another thread; and the way to stop it.
#[derive(Debug, Default)]
pub struct ArchiveProgress {
    done: AtomicU64,
    all: AtomicU64,
    stopped: AtomicBool,
}

impl ArchiveProgress {
    /// Done, of all, in bytes; all is 0 until it is known.
    #[must_use]
    pub fn steps(&self) -> (u64, u64) {
        let all = self.all.load(Ordering::Relaxed);
        (self.done.load(Ordering::Relaxed).min(all), all)
    }

    /// Ends the work at the next step.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    fn begin(&self, all: u64) {
        self.done.store(0, Ordering::Relaxed);
        self.all.store(all, Ordering::Relaxed);
    }

    fn did(&self, bytes: u64) {
        self.done.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Whether somebody has ended it.
    #[must_use]
    pub fn was_stopped(&self) -> bool {
        self.is_stopped()
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    fn go_on(&self) -> Result<(), ArchiveError> {
        if self.is_stopped() {
            return Err(ArchiveError::Stopped);
        }
        Ok(())
    }
}

/// Why there is no archive, or nothing was taken from one.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is no archive, or not all of one.
    #[error(
        "{path} is no whole archive of Bedrock Playground: {reason}. Nothing was changed; copy the \
         file again, or take another one"
    )]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A newer version of this program wrote it.
    #[error(
        "{path} is an archive of a newer version of Bedrock Playground. Nothing was changed; update \
         to read it"
    )]
    Newer {
        /// Which file.
        path: PathBuf,
    },
    /// It would unpack to more than an archive of this size can hold.
    #[error(
        "{path} would unpack to far more than an archive of its size can hold. Nothing was changed"
    )]
    TooLarge {
        /// Which file.
        path: PathBuf,
    },
    /// A person stopped it.
    #[error("Stopped before anything was changed")]
    Stopped,
    /// What is kept here refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The history in the archive cannot be opened.
    #[error("The history in the archive cannot be opened: {0}. Nothing was changed")]
    History(OpenError),
}

impl From<rusqlite::Error> for ArchiveError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}
