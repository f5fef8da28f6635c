//! The open history: one connection that writes, others that read meanwhile.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use super::attachments::Attachments;
use super::open::SUSPECT;
use super::{ConversationId, DataFolder, StoreError, UnixMs};

/// Readers that are kept open for the next one; more are opened when they are needed.
const READERS_KEPT: usize = 4;

/// How the history is opened; what is usual is the default.
#[derive(Clone)]
pub struct OpenOptions {
    /// How long to wait for another program that writes.
    pub busy_timeout: Duration,
    /// What time it is.
    pub clock: fn() -> UnixMs,
    /// Bytes up to which the whole database is checked before it is opened. Of a larger one only the
    /// head is, unless it was found to be damaged the last time; [`Store::check`] looks at all of it.
    pub check_up_to: u64,
    /// The most pages the database may grow to; no limit when `None`.
    pub most_pages: Option<u32>,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self {
            busy_timeout: Duration::from_secs(10),
            clock: UnixMs::now,
            // About half a second on a slow machine.
            check_up_to: 64 << 20,
            most_pages: None,
        }
    }
}

/// The history. Cheap to clone, for every thread that needs it; its calls block.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    folder: DataFolder,
    path: PathBuf,
    options: OpenOptions,
    // Before the writer, so that they are closed first: the last one to close puts the log into the
    // database, and a reader may not.
    readers: Mutex<Vec<Connection>>,
    writer: Mutex<Connection>,
    attachments: Attachments,
    /// The version of each conversation that this window knows.
    versions: Mutex<HashMap<ConversationId, i64>>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Store").field(&self.0.path).finish()
    }
}

impl Store {
    pub(super) fn new(
        folder: DataFolder,
        path: PathBuf,
        options: OpenOptions,
        writer: Connection,
    ) -> Self {
        let attachments = Attachments::in_folder(&folder);
        Self(Arc::new(Inner {
            folder,
            path,
            options,
            readers: Mutex::default(),
            writer: Mutex::new(writer),
            attachments,
            versions: Mutex::default(),
        }))
    }

    /// Changes something, all of it or nothing. Others wait; it is on the disk when this returns.
    pub(super) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.remember_damage(self.transact(work))
    }

    /// The same for work that fails in ways of its own, of which none says anything of this database.
    pub(super) fn transact<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut writer = locked(&self.0.writer);
        // Immediate: what is read in it is still so when it is written.
        let transaction = writer
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::from)?;
        let value = work(&transaction)?;
        transaction.commit().map_err(StoreError::from)?;
        Ok(value)
    }

    fn remember_damage<T>(&self, done: Result<T, StoreError>) -> Result<T, StoreError> {
        if matches!(done, Err(StoreError::Corrupt)) {
            self.suspect_damage();
        }
        done
    }

    /// Makes the next start look at all of the database, as [`StoreError::Corrupt`] promises.
    pub(super) fn suspect_damage(&self) {
        // On a disk that is in such a state, this may fail too; the error says enough.
        let _ = self.0.folder.write(SUSPECT, "");
    }

    /// Reads the state of one moment, whatever is written meanwhile.
    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let kept = locked(&self.0.readers).pop();
        let mut reader = match kept {
            Some(reader) => reader,
            None => reader(&self.0.path, self.0.options.busy_timeout)?,
        };
        let transaction = reader.transaction()?;
        let value = self.remember_damage(work(&transaction));
        transaction.finish()?;
        let mut readers = locked(&self.0.readers);
        if readers.len() < READERS_KEPT {
            readers.push(reader);
        }
        value
    }

    /// Puts another database beside this one, as `other`, until the value is dropped. Nothing is
    /// written to it.
    pub(super) fn attach(&self, path: &Path) -> Result<Attached<'_>, StoreError> {
        locked(&self.0.writer).execute("ATTACH DATABASE ?1 AS other", [path.to_string_lossy()])?;
        Ok(Attached(self))
    }

    /// Does what no transaction may be around.
    pub(super) fn maintain<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.remember_damage(work(&locked(&self.0.writer)))
    }

    /// Where the database is.
    pub(super) fn path(&self) -> &Path {
        &self.0.path
    }

    /// A moment that only a test decides otherwise.
    pub(super) fn now(&self) -> UnixMs {
        (self.0.options.clock)()
    }

    pub(super) fn folder(&self) -> &DataFolder {
        &self.0.folder
    }

    pub(super) fn attachments(&self) -> &Attachments {
        &self.0.attachments
    }

    pub(super) fn known_version(&self, id: ConversationId) -> Option<i64> {
        locked(&self.0.versions).get(&id).copied()
    }

    pub(super) fn set_known_version(&self, id: ConversationId, version: i64) {
        locked(&self.0.versions).insert(id, version);
    }
}

/// A database that stands beside the history's own.
pub(super) struct Attached<'a>(&'a Store);

impl Drop for Attached<'_> {
    fn drop(&mut self) {
        let writer = locked(&self.0.0.writer);
        // Statements that name it would keep it.
        writer.flush_prepared_statement_cache();
        if let Err(error) = writer.execute_batch("DETACH DATABASE other") {
            tracing::warn!(%error, "an imported database stays open until the program ends");
        }
    }
}

fn reader(path: &Path, busy_timeout: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let reader = Connection::open_with_flags(path, flags)?;
    reader.busy_timeout(busy_timeout)?;
    Ok(reader)
}

/// What a lock holds. A thread that panicked left it whole: transactions roll back, and the maps
/// only remember.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
