//! Copies of the database: before each migration, and whenever one is asked for. Attachments are not
//! in them; those are files that never change.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::{DataFolder, Store, StoreError, UnixMs};

/// The folder they are in.
const FOLDER: &str = "backups";

/// How many are kept.
const KEPT: usize = 3;

impl Store {
    /// Copies the database as it is now, while others go on reading and writing. The last three
    /// copies are kept.
    ///
    /// # Errors
    /// When the copy cannot be written.
    pub fn backup(&self) -> Result<PathBuf, StoreError> {
        let now = self.now();
        self.read(|connection| write(connection, self.folder(), now))
    }

    /// When the last copy was made.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn last_backup(&self) -> Result<Option<UnixMs>, StoreError> {
        let newest = newest_first(self.folder())?.into_iter().next();
        Ok(newest.as_deref().and_then(made_at))
    }
}

/// Copies the database of a connection, and removes copies that are too old.
pub(super) fn write(
    connection: &Connection,
    folder: &DataFolder,
    now: UnixMs,
) -> Result<PathBuf, StoreError> {
    let place = folder.file(FOLDER);
    let failed = |source| StoreError::of_io(&place, source);
    fs::create_dir_all(&place).map_err(failed)?;
    let unfinished = tempfile::Builder::new()
        .prefix("unfinished-")
        .tempfile_in(&place)
        .map_err(failed)?;
    let mut copy = Connection::open(unfinished.path())?;
    // All pages at once: a copy that stops to let others write has to begin anew when they do.
    if Backup::new(connection, &mut copy)?.step(-1)? != StepResult::Done {
        return Err(StoreError::Locked);
    }
    // One file, without a log beside it.
    copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    copy.close().map_err(|(_, error)| error)?;
    // Windows only lets those who may write wait for the disk.
    unfinished.as_file().sync_all().map_err(failed)?;
    // Two within a millisecond must not be one.
    let mut at = now.0;
    let mut path = place.join(name(at));
    while path.exists() {
        at += 1;
        path = place.join(name(at));
    }
    unfinished
        .persist(&path)
        .map_err(|error| failed(error.error))?;
    for old in newest_first(folder)?.into_iter().skip(KEPT) {
        fs::remove_file(old).map_err(failed)?;
    }
    Ok(path)
}

/// The copies there are.
pub(super) fn newest_first(folder: &DataFolder) -> Result<Vec<PathBuf>, StoreError> {
    let place = folder.file(FOLDER);
    let entries = match fs::read_dir(&place) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::of_io(place, error)),
    };
    let mut found = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .filter(|path| path.as_ref().map_or(true, |path| made_at(path).is_some()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| StoreError::of_io(place, error))?;
    found.sort_by_key(|path| std::cmp::Reverse(made_at(path)));
    Ok(found)
}

fn name(at: i64) -> String {
    format!("playground-{at}.db")
}

fn made_at(path: &Path) -> Option<UnixMs> {
    let name = path.file_name()?.to_str()?;
    let at = name.strip_prefix("playground-")?.strip_suffix(".db")?;
    at.parse().ok().map(UnixMs)
}
