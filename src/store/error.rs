//! Why something could not be kept, and what to do about it.

use std::io;
use std::path::PathBuf;

use rusqlite::ErrorCode;

use super::ConversationId;

/// Why something could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The system names no place for an application's data.
    #[error("This system names no folder for an application's data; name one with --data-dir")]
    NoFolder,
    /// The disk said no.
    #[error("{path}: {source}")]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file that a person may have edited is not what it should be.
    #[error("{path} cannot be read: {reason}")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// There is no room.
    #[error(
        "The disk is full, so nothing more could be saved. Free some space, then save again; what \
         was saved before is still there"
    )]
    Full,
    /// Writing is not allowed.
    #[error(
        "The data folder cannot be written, so nothing is saved. Allow writing to it, or name \
         another one with --data-dir"
    )]
    ReadOnly,
    /// Another program has the database for itself.
    #[error(
        "Another program keeps the history locked. Close the program that has it open, then try \
         again"
    )]
    Locked,
    /// The database's pages do not fit together.
    #[error(
        "The history's database is damaged. Start Bedrock Playground again: it keeps the damaged \
         file under another name and goes on with the last backup"
    )]
    Corrupt,
    /// There is no such conversation.
    #[error(
        "The conversation {0} is not in the history. It may have been removed in another window; \
         reload the history"
    )]
    NotThere(ConversationId),
    /// Another window saved the same conversation in between.
    #[error(
        "The conversation {0} was changed in another window since it was opened here. Save this one \
         as a copy, or open the other again"
    )]
    ChangedElsewhere(ConversationId),
    /// A conversation has more turns than there are places for.
    #[error("A conversation can have {most} turns at the most. Go on in a new one")]
    TooManyTurns {
        /// How many there may be.
        most: usize,
    },
    /// Something kept cannot be understood.
    #[error(
        "{what} cannot be read: {reason}. A newer version of Bedrock Playground may have written \
         it; update to open it"
    )]
    Unreadable {
        /// What.
        what: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The database refuses for another reason.
    #[error("The history's database refuses: {0}. Try again, or start Bedrock Playground again")]
    Database(#[source] rusqlite::Error),
}

impl StoreError {
    /// What the system said about a file.
    pub(super) fn of_io(path: impl Into<PathBuf>, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            _ => Self::Io {
                path: path.into(),
                source,
            },
        }
    }

    /// What a parser said about something kept.
    #[must_use]
    pub fn unreadable(what: impl Into<String>, reason: &(impl ToString + ?Sized)) -> Self {
        Self::Unreadable {
            what: what.into(),
            reason: reason.to_string(),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        // SQLite keeps the types and does not look into texts: what is of none was not written so.
        if matches!(
            error,
            rusqlite::Error::Utf8Error(..)
                | rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::InvalidColumnType(..)
        ) {
            return Self::Corrupt;
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            // Without the right to write beside it, a database cannot even be opened for reading.
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::ReadOnly
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt,
            _ => Self::Database(error),
        }
    }
}

/// Why the history cannot be opened. Nothing in the folder was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A newer version of this program wrote it.
    #[error(
        "{path} was written by a newer version of Bedrock Playground (its tables are of version \
         {found}, this one knows up to {known}). Update, or name another folder with --data-dir"
    )]
    Newer {
        /// The database.
        path: PathBuf,
        /// The version it is of.
        found: usize,
        /// The newest one known here.
        known: usize,
    },
    /// It is a database of something else.
    #[error(
        "{path} is a database of another program. Move it elsewhere, or name another folder with \
         --data-dir"
    )]
    NotOurs {
        /// The database.
        path: PathBuf,
    },
    /// The folder or the database refuses.
    #[error("{path} cannot be opened. {source}")]
    Refused {
        /// The database.
        path: PathBuf,
        /// Why.
        source: StoreError,
    },
}
