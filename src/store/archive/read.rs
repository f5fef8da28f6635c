//! Looking through an archive before anything of it is taken.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use zip::ZipArchive;
use zip::result::ZipError;

use super::limit::{Limited, is_plausible};
use super::{
    ATTACHMENTS, ArchiveError, ArchiveProgress, DATABASE, FORMAT, ImportReport, MANIFEST, Manifest,
    PRESETS, PRICES, SETTINGS, VERSION,
};
use crate::store::attachments::Hash;

/// The largest text that is read into memory, in bytes: a list of prices has less than a million.
const LARGEST_TEXT: u64 = 64 << 20;

/// The largest attachment, in bytes.
const LARGEST_ATTACHMENT: u64 = 1 << 30;

/// Entries that are named one by one when this version does not know them.
const STRANGERS_NAMED: usize = 5;

/// An archive that was looked through.
pub(super) struct Archive {
    path: PathBuf,
    zip: ZipArchive<BufReader<File>>,
}

impl Archive {
    /// Opens an archive, reads all of it once, and puts its database at a place of ours.
    pub(super) fn open(
        path: &Path,
        database: &Path,
        report: &mut ImportReport,
        progress: &ArchiveProgress,
    ) -> Result<Self, ArchiveError> {
        let file = File::open(path).map_err(|source| ArchiveError::File {
            path: path.to_owned(),
            source,
        })?;
        let zip = ZipArchive::new(BufReader::new(file)).map_err(|error| damaged(path, &error))?;
        let mut archive = Self {
            path: path.to_owned(),
            zip,
        };
        archive.check_manifest()?;
        progress.begin(archive.unpacked()?);
        let mut has_database = false;
        let mut strangers = 0;
        for index in 0..archive.zip.len() {
            progress.go_on()?;
            let name = archive.name(index)?;
            match Known::of(&name) {
                Known::Database => {
                    let mut file = File::create(database).map_err(|source| of(database, source))?;
                    archive.copy(index, &mut file, progress)?;
                    has_database = true;
                }
                Known::Attachment(hash) => {
                    let mut hasher = Hashing(Sha256::new());
                    archive.copy(index, &mut hasher, progress)?;
                    if hash != Hash(hasher.0.finalize().into()) {
                        return Err(archive.damaged("an attachment is not what its name says"));
                    }
                }
                Known::Text => {
                    archive.copy(index, &mut io::sink(), progress)?;
                }
                Known::Not => {
                    strangers += 1;
                    if strangers <= STRANGERS_NAMED {
                        report.refuse(
                            format!("the entry {name:?}"),
                            "this version does not know it",
                        );
                    }
                }
            }
        }
        if strangers > STRANGERS_NAMED {
            let rest = strangers - STRANGERS_NAMED;
            report.refuse(
                format!("{rest} more entries"),
                "this version does not know them",
            );
        }
        if !has_database {
            return Err(archive.damaged("there is no history in it"));
        }
        Ok(archive)
    }

    /// A text such as the settings.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, ArchiveError> {
        let path = self.path.clone();
        let entry = match self.zip.by_name(name) {
            Ok(entry) => entry,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(damaged(&path, &error)),
        };
        let mut text = String::new();
        let most = entry.size().min(LARGEST_TEXT);
        Limited::new(entry, most)
            .read_to_string(&mut text)
            .map_err(|error| damaged(&path, &error))?;
        Ok(Some(text))
    }

    /// The bytes of an attachment; `None` when the archive has none of this name.
    pub(super) fn attachment(&mut self, hash: Hash) -> Result<Option<Vec<u8>>, ArchiveError> {
        let path = self.path.clone();
        let name = format!("{ATTACHMENTS}{}", hash.to_hex());
        let entry = match self.zip.by_name(&name) {
            Ok(entry) => entry,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(damaged(&path, &error)),
        };
        let most = entry.size().min(LARGEST_ATTACHMENT);
        let mut bytes = Vec::new();
        Limited::new(entry, most)
            .read_to_end(&mut bytes)
            .map_err(|error| damaged(&path, &error))?;
        // It may have been changed since it was looked through.
        if Hash::of(&bytes) != hash {
            return Err(self.damaged("an attachment is not what its name says"));
        }
        Ok(Some(bytes))
    }

    pub(super) fn damaged(&self, reason: &str) -> ArchiveError {
        damaged(&self.path, &reason)
    }

    pub(super) fn newer(&self) -> ArchiveError {
        ArchiveError::Newer {
            path: self.path.clone(),
        }
    }

    fn check_manifest(&mut self) -> Result<(), ArchiveError> {
        let Some(text) = self.text(MANIFEST)? else {
            return Err(self.damaged("it does not say that it is one"));
        };
        let manifest: Manifest =
            serde_json::from_str(&text).map_err(|error| damaged(&self.path, &error))?;
        if manifest.format != FORMAT {
            return Err(self.damaged("it says that it is something else"));
        }
        if manifest.version > VERSION {
            return Err(self.newer());
        }
        Ok(())
    }

    /// Bytes that all of it unpacks to, unless that is more than it can be.
    fn unpacked(&mut self) -> Result<u64, ArchiveError> {
        let mut all = 0_u64;
        for index in 0..self.zip.len() {
            let path = &self.path;
            let entry = self
                .zip
                .by_index_raw(index)
                .map_err(|error| damaged(path, &error))?;
            let size = entry.size();
            let name = entry.name().map(|name| Known::of(&name));
            let most = match name {
                Ok(Known::Database) => u64::MAX,
                Ok(Known::Attachment(_)) => LARGEST_ATTACHMENT,
                Ok(Known::Text) => LARGEST_TEXT,
                // Not unpacked.
                _ => continue,
            };
            if size > most || !is_plausible(entry.compressed_size(), size) {
                return Err(ArchiveError::TooLarge { path: path.clone() });
            }
            all = all.saturating_add(size);
        }
        Ok(all)
    }

    fn name(&mut self, index: usize) -> Result<String, ArchiveError> {
        let path = &self.path;
        let entry = self
            .zip
            .by_index_raw(index)
            .map_err(|error| damaged(path, &error))?;
        let name = entry.name().map_err(|error| damaged(path, &error))?;
        Ok(name.into_owned())
    }

    /// Copies an entry; the ZIP's own checksum is looked at on the way.
    fn copy(
        &mut self,
        index: usize,
        to: &mut impl Write,
        progress: &ArchiveProgress,
    ) -> Result<(), ArchiveError> {
        let path = self.path.clone();
        let entry = self
            .zip
            .by_index(index)
            .map_err(|error| damaged(&path, &error))?;
        let most = entry.size();
        let mut from = Limited::new(entry, most);
        let mut piece = vec![0; 64 << 10];
        loop {
            progress.go_on()?;
            let read = from
                .read(&mut piece)
                .map_err(|error| damaged(&path, &error))?;
            if read == 0 {
                return Ok(());
            }
            to.write_all(&piece[..read])
                .map_err(|source| of(&path, source))?;
            progress.did(read as u64);
        }
    }
}

/// What an entry is, by its name. Names are never used as places.
enum Known {
    Database,
    Attachment(Hash),
    Text,
    Not,
}

impl Known {
    fn of(name: &str) -> Self {
        match name {
            DATABASE => Self::Database,
            MANIFEST | SETTINGS | PRESETS => Self::Text,
            name if PRICES.contains(&name) => Self::Text,
            name => name
                .strip_prefix(ATTACHMENTS)
                .and_then(Hash::from_hex)
                .map_or(Self::Not, Self::Attachment),
        }
    }
}

/// Only reckons the hash of what is written.
struct Hashing(Sha256);

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn of(path: &Path, source: io::Error) -> ArchiveError {
    match crate::store::StoreError::of_io(path, source) {
        crate::store::StoreError::Io { path, source } => ArchiveError::File { path, source },
        other => ArchiveError::Store(other),
    }
}

fn damaged(path: &Path, reason: &dyn std::fmt::Display) -> ArchiveError {
    ArchiveError::Damaged {
        path: path.to_owned(),
        reason: reason.to_string(),
    }
}
