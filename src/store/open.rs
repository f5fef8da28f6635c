//! Opening the history: what is found in the folder is looked at before anything is changed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::database::OpenOptions;
use super::{DataFolder, OpenError, Store, StoreError, UnixMs, backups, schema};

/// The database's name in the data folder.
const DATABASE: &str = "playground.db";

/// How the name of one begins that was damaged and set aside; the moment follows.
const SET_ASIDE: &str = "playground.db.damaged-";

/// Held while a program opens the database, so that two do not migrate or mend it at once.
const LOCK: &str = "playground.lock";

/// Beside a database that was found to be damaged while it was open: the next one to open it checks
/// all of it, however large it is.
pub(super) const SUSPECT: &str = "playground.suspect";

/// An open history, and what was done to open it.
#[derive(Debug)]
pub struct Opened {
    /// The history.
    pub store: Store,
    /// A damaged database that was set aside.
    pub set_aside: Option<SetAside>,
}

/// A damaged database. Nothing of it is deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// Where it is now.
    pub path: PathBuf,
    /// The backup that took its place; `None` when there was no good one and the history is empty.
    pub restored_from: Option<PathBuf>,
}

impl Store {
    /// Opens the history of a folder; an empty one when there is none yet. A damaged database is set
    /// aside under another name, and the last good backup takes its place.
    ///
    /// # Errors
    /// When the folder cannot be written, another program has locked the database, or a newer version
    /// of this program wrote it; then nothing is changed.
    pub fn open(folder: &DataFolder) -> Result<Opened, OpenError> {
        Self::open_with(folder, OpenOptions::default())
    }

    /// The same, with something unusual.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_with(folder: &DataFolder, options: OpenOptions) -> Result<Opened, OpenError> {
        let path = folder.file(DATABASE);
        let refused = |source| OpenError::Refused {
            path: path.clone(),
            source,
        };
        let _lock = lock(folder).map_err(refused)?;
        let mut set_aside = None;
        let suspect = folder.file(SUSPECT);
        let check_up_to = if suspect.exists() {
            u64::MAX
        } else {
            options.check_up_to
        };
        match examine(&path, &options, check_up_to).map_err(refused)? {
            Found::Nothing | Found::Good => {}
            Found::Newer(found) => {
                return Err(OpenError::Newer {
                    path,
                    found,
                    known: schema::VERSION,
                });
            }
            Found::NotOurs => return Err(OpenError::NotOurs { path }),
            Found::Corrupt => {
                let aside = put_aside(&path, (options.clock)()).map_err(refused)?;
                let restored_from = restore(folder, &path, &options).map_err(refused)?;
                set_aside = Some(SetAside {
                    path: aside,
                    restored_from,
                });
            }
        }
        let mut writer = writer(&path, &options).map_err(refused)?;
        // Checked or replaced. When it cannot be removed, the next one checks once more.
        let _ = fs::remove_file(suspect);
        let version = schema::version(&writer).map_err(|error| refused(error.into()))?;
        if (1..schema::VERSION).contains(&version) {
            backups::write(&writer, folder, (options.clock)()).map_err(refused)?;
        }
        schema::migrate(&mut writer).map_err(refused)?;
        Ok(Opened {
            store: Self::new(folder.clone(), path, options, writer),
            set_aside,
        })
    }
}

/// Only one program at a time opens the database; the file itself holds nothing.
fn lock(folder: &DataFolder) -> Result<File, StoreError> {
    folder.create()?;
    let path = folder.file(LOCK);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|source| StoreError::of_io(&path, source))?;
    // Some network folders have no locks; SQLite's own still hold there.
    match file.lock() {
        Err(error) if error.kind() != std::io::ErrorKind::Unsupported => {
            Err(StoreError::of_io(path, error))
        }
        _ => Ok(file),
    }
}

enum Found {
    Nothing,
    Good,
    Newer(usize),
    NotOurs,
    Corrupt,
}

/// Looks without writing.
fn examine(path: &Path, options: &OpenOptions, check_up_to: u64) -> Result<Found, StoreError> {
    let size = match fs::metadata(path) {
        Ok(metadata) => metadata.len(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(error) => return Err(StoreError::of_io(path, error)),
    };
    // A program that was killed while it made one leaves it so.
    if size == 0 {
        return Ok(Found::Nothing);
    }
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.busy_timeout(options.busy_timeout)?;
    match read_head(&connection, size <= check_up_to) {
        Err(StoreError::Corrupt) => Ok(Found::Corrupt),
        found => found,
    }
}

fn read_head(connection: &Connection, check: bool) -> Result<Found, StoreError> {
    let application: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables == 0 && application == 0 {
        return Ok(Found::Nothing);
    }
    if application != schema::APPLICATION_ID {
        return Ok(Found::NotOurs);
    }
    let version = schema::version(connection)?;
    if version > schema::VERSION {
        return Ok(Found::Newer(version));
    }
    if check && !is_sound(connection)? {
        return Ok(Found::Corrupt);
    }
    Ok(Found::Good)
}

/// Whether the pages fit together.
fn is_sound(connection: &Connection) -> rusqlite::Result<bool> {
    let said: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    Ok(said == "ok")
}

fn writer(path: &Path, options: &OpenOptions) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(options.busy_timeout)?;
    // Readers go on while something is written.
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::Locked);
    }
    // With FULL, what was committed is there even when the power fails.
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
    if let Some(most) = options.most_pages {
        connection.pragma_update(None, "max_page_count", most)?;
    }
    Ok(connection)
}

/// Whether a damaged database that was set aside is still in the folder.
pub(super) fn is_anything_set_aside(folder: &DataFolder) -> Result<bool, StoreError> {
    let failed = |source| StoreError::of_io(folder.path(), source);
    for entry in fs::read_dir(folder.path()).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        // What SQLite keeps beside it is nothing without it.
        let moment = name.to_str().and_then(|name| name.strip_prefix(SET_ASIDE));
        if moment.is_some_and(|moment| moment.parse::<i64>().is_ok()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Gives a damaged database another name, and what SQLite keeps beside it.
fn put_aside(path: &Path, now: UnixMs) -> Result<PathBuf, StoreError> {
    let beside = |path: &Path, suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    let mut at = now.0;
    let mut aside = path.with_file_name(format!("{SET_ASIDE}{at}"));
    while aside.exists() {
        at += 1;
        aside = path.with_file_name(format!("{SET_ASIDE}{at}"));
    }
    for suffix in ["-wal", "-shm", ""] {
        let (from, to) = (beside(path, suffix), beside(&aside, suffix));
        match fs::rename(&from, to) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::of_io(from, error));
            }
            _ => {}
        }
    }
    Ok(aside)
}

/// Puts the newest backup that is good in the database's place.
fn restore(
    folder: &DataFolder,
    path: &Path,
    options: &OpenOptions,
) -> Result<Option<PathBuf>, StoreError> {
    for backup in backups::newest_first(folder)? {
        // Under a name of its own, so that looking changes nothing in the backup.
        let failed = |source| StoreError::of_io(path, source);
        let copy = tempfile::NamedTempFile::new_in(folder.path()).map_err(failed)?;
        fs::copy(&backup, copy.path()).map_err(failed)?;
        if matches!(examine(copy.path(), options, u64::MAX), Ok(Found::Good)) {
            copy.as_file().sync_all().map_err(failed)?;
            copy.persist(path).map_err(|error| failed(error.error))?;
            return Ok(Some(backup));
        }
    }
    Ok(None)
}
