//! Pictures, documents and other bytes as files, each once, named by the SHA-256 of what is in it.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Weak};

use sha2::{Digest as _, Sha256};

use super::database::locked;
use super::{DataFolder, StoreError};

/// The folder they are in.
const FOLDER: &str = "attachments";

/// The SHA-256 of some bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Hash(pub(super) [u8; 32]);

impl Hash {
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    pub(super) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(super) fn to_hex(self) -> String {
        self.0.iter().fold(String::new(), |mut hex, byte| {
            // Writing to a text cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    pub(super) fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        for (byte, at) in bytes.iter_mut().zip((0..).step_by(2)) {
            *byte = u8::from_str_radix(&text[at..at + 2], 16).ok()?;
        }
        Some(Self(bytes))
    }
}

/// The files.
pub(super) struct Attachments {
    folder: PathBuf,
    /// What is in memory: a conversation that is saved after every turn hashes its pictures once,
    /// and conversations with one picture share it.
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// By address. A weak pointer keeps the address from being used again.
    hashes: HashMap<usize, (Weak<[u8]>, Hash)>,
    bytes: HashMap<Hash, Weak<[u8]>>,
}

impl Seen {
    fn remember(&mut self, bytes: &Arc<[u8]>, hash: Hash) {
        self.hashes.retain(|_, (bytes, _)| bytes.strong_count() > 0);
        self.bytes.retain(|_, bytes| bytes.strong_count() > 0);
        let weak = Arc::downgrade(bytes);
        self.hashes.insert(address(bytes), (weak.clone(), hash));
        self.bytes.insert(hash, weak);
    }
}

fn address(bytes: &Arc<[u8]>) -> usize {
    Arc::as_ptr(bytes).cast::<u8>().addr()
}

impl Attachments {
    pub(super) fn in_folder(folder: &DataFolder) -> Self {
        Self {
            folder: folder.file(FOLDER),
            seen: Mutex::default(),
        }
    }

    /// The name of some bytes.
    pub(super) fn hash(&self, bytes: &Arc<[u8]>) -> Hash {
        let known = locked(&self.seen)
            .hashes
            .get(&address(bytes))
            .filter(|(seen, _)| seen.upgrade().is_some_and(|seen| Arc::ptr_eq(&seen, bytes)))
            .map(|(_, hash)| *hash);
        known.unwrap_or_else(|| {
            let hash = Hash::of(bytes);
            locked(&self.seen).remember(bytes, hash);
            hash
        })
    }

    /// Where a file is: two letters of its name are its folder's, so that no folder gets too large.
    pub(super) fn path(&self, hash: Hash) -> PathBuf {
        let hex = hash.to_hex();
        self.folder.join(&hex[..2]).join(&hex[2..])
    }

    /// Writes a file unless it is there. When this returns, it is on the disk.
    pub(super) fn put(&self, hash: Hash, bytes: &[u8]) -> Result<(), StoreError> {
        let path = self.path(hash);
        let there = fs::metadata(&path).is_ok_and(|file| file.len() == bytes.len() as u64);
        if there {
            return Ok(());
        }
        let failed = |source| StoreError::of_io(&path, source);
        let place = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(place).map_err(failed)?;
        let mut file = tempfile::NamedTempFile::new_in(place).map_err(failed)?;
        file.write_all(bytes).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        file.persist(&path).map_err(|error| failed(error.error))?;
        sync_folder(place).map_err(failed)
    }

    /// Reads a file; `None` when it is not there.
    pub(super) fn get(&self, hash: Hash) -> Result<Option<Arc<[u8]>>, StoreError> {
        let known = locked(&self.seen).bytes.get(&hash).and_then(Weak::upgrade);
        if known.is_some() {
            return Ok(known);
        }
        let path = self.path(hash);
        match fs::read(&path) {
            Ok(bytes) => {
                let bytes: Arc<[u8]> = bytes.into();
                locked(&self.seen).remember(&bytes, hash);
                Ok(Some(bytes))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::of_io(path, error)),
        }
    }

    /// Removes a file.
    pub(super) fn remove(path: &Path) -> Result<(), StoreError> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(StoreError::of_io(path, error))
            }
            _ => Ok(()),
        }
    }

    /// Every file, with the hash its name says; `None` for one that is no attachment, such as a
    /// half-written one.
    pub(super) fn files(&self) -> Result<Vec<(PathBuf, Option<Hash>)>, StoreError> {
        let mut files = Vec::new();
        for folder in entries(&self.folder)? {
            let letters = folder.file_name().and_then(|name| name.to_str());
            let Some(letters) = letters.filter(|_| folder.is_dir()) else {
                continue;
            };
            for file in entries(&folder)? {
                let hash = file
                    .file_name()
                    .and_then(|name| Hash::from_hex(&format!("{letters}{}", name.to_str()?)));
                files.push((file, hash));
            }
        }
        Ok(files)
    }
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let failed = |source| StoreError::of_io(folder, source);
    match fs::read_dir(folder) {
        Ok(entries) => entries
            .map(|entry| entry.map(|entry| entry.path()).map_err(failed))
            .collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(failed(error)),
    }
}

/// A new name is only on the disk when its folder is. Windows has no such thing.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}
