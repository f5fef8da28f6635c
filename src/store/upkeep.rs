//! What keeps the data folder small: how large its parts are, what nobody needs any more, and room
//! given back to the disk.

use std::path::Path;

use rusqlite::params;

use super::{DataFolder, Screen, Store, StoreError, UnixMs};

/// How large the parts of the data folder are, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FolderSizes {
    /// The database: history, ledger and the search's index.
    pub database: u64,
    /// Pictures, documents and other files.
    pub attachments: u64,
    /// Copies of the database.
    pub backups: u64,
    /// Settings, presets, prices and what else there is.
    pub others: u64,
}

impl FolderSizes {
    /// All of it.
    #[must_use]
    pub fn all(&self) -> u64 {
        self.database + self.attachments + self.backups + self.others
    }
}

/// What tidying up did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tidied {
    /// Conversations that went to the trash because nobody had used them for long.
    pub retired: usize,
    /// Conversations that were removed for good.
    pub purged: usize,
    /// Files of attachments that were removed.
    pub files: usize,
    /// Whether files were left, since a damaged history that was set aside may need them.
    pub held_back: bool,
    /// Bytes that the data folder is smaller by.
    pub bytes: u64,
}

impl DataFolder {
    /// Adds up the parts; what cannot be looked at counts nothing. Blocks.
    #[must_use]
    pub fn sizes(&self) -> FolderSizes {
        let mut sizes = FolderSizes::default();
        let Ok(entries) = std::fs::read_dir(self.path()) else {
            return sizes;
        };
        for entry in entries.flatten() {
            let bytes = bytes_of(&entry.path());
            match entry.file_name().to_str() {
                Some("attachments") => sizes.attachments += bytes,
                Some("backups") => sizes.backups += bytes,
                Some(name) if name.starts_with("playground.db") => sizes.database += bytes,
                _ => sizes.others += bytes,
            }
        }
        sizes
    }
}

/// The bytes of a file, or of every file below a folder; links are not followed.
fn bytes_of(path: &Path) -> u64 {
    let Ok(metadata) = std::fs::symlink_metadata(path) else {
        return 0;
    };
    if !metadata.is_dir() {
        return metadata.len();
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| bytes_of(&entry.path())).sum()
}

impl Store {
    /// Moves to the trash what nobody has used for this many days, and says how much that was. What is
    /// pinned stays, and so does the library of prompts, which is no history.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn retire(&self, days: u32) -> Result<usize, StoreError> {
        let now = self.now().0;
        let since = now - i64::from(days) * UnixMs::DAY;
        self.write(|transaction| {
            let retired = transaction.execute(
                "UPDATE conversations SET deleted_at = ?1 \
                 WHERE deleted_at IS NULL AND pinned = 0 AND updated < ?2 AND screen <> ?3",
                params![now, since, Screen::prompts().as_str()],
            )?;
            Ok(retired)
        })
    }

    /// Removes what has been in the trash for `trash_days` and files that nothing uses, and gives the
    /// room back to the disk. Others wait meanwhile.
    ///
    /// # Errors
    /// When the disk refuses, or has no room for the database once more; nothing is lost.
    pub fn tidy(&self, keep_days: Option<u32>, trash_days: u32) -> Result<Tidied, StoreError> {
        let before = self.folder().sizes().all();
        let retired = keep_days.map_or(Ok(0), |days| self.retire(days))?;
        let purged = self.purge(trash_days)?;
        let collected = self.collect_attachments()?;
        self.maintain(|connection| {
            connection.execute("INSERT INTO search (search) VALUES ('optimize')", [])?;
            connection.execute_batch("VACUUM")?;
            // The log has it all once more.
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            Ok(())
        })?;
        let after = self.folder().sizes().all();
        Ok(Tidied {
            retired,
            purged,
            files: collected.files,
            held_back: collected.held_back,
            bytes: before.saturating_sub(after),
        })
    }
}
