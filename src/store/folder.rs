//! The data folder, and files in it that are whole or not there.

use std::io;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;
use crate::files;

/// The folder that holds everything this program keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataFolder(PathBuf);

impl DataFolder {
    /// The folder named, or the platform's own. Nothing is created yet.
    ///
    /// # Errors
    /// When none is named and the system has none.
    pub fn find(named: Option<&Path>) -> Result<Self, StoreError> {
        match named {
            Some(path) => Ok(Self(path.to_owned())),
            None => ProjectDirs::from("", "", "bedrock-playground")
                .map(|dirs| Self(dirs.data_dir().to_owned()))
                .ok_or(StoreError::NoFolder),
        }
    }

    /// A folder that was made for something.
    pub(super) fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A file in it.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Makes the folder, for nobody else to look into, unless it is there.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(&self) -> Result<(), StoreError> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
            .create(&self.0)
            .map_err(|source| StoreError::of_io(&self.0, source))
    }

    /// Reads a text; `None` when the file is not there.
    pub(super) fn read(&self, name: &str) -> Result<Option<String>, StoreError> {
        let path = self.file(name);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(StoreError::of_io(path, source)),
        }
    }

    /// Reads what a file holds as JSON; `None` when it is not there. A file that is no such JSON is named, and stays
    /// as it is.
    pub(super) fn read_json<T: DeserializeOwned>(
        &self,
        name: &str,
    ) -> Result<Option<T>, StoreError> {
        let Some(text) = self.read(name)? else {
            return Ok(None);
        };
        // Some editors put one in front.
        serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map(Some)
            .map_err(|error| self.damaged(name, &error))
    }

    /// Writes something as JSON that a person can read, whole or not at all.
    pub(super) fn write_json(&self, name: &str, value: &impl Serialize) -> Result<(), StoreError> {
        let text =
            serde_json::to_string_pretty(value).map_err(|error| self.damaged(name, &error))?;
        self.write(name, &(text + "\n"))
    }

    fn damaged(&self, name: &str, reason: &impl ToString) -> StoreError {
        StoreError::Damaged {
            path: self.file(name),
            reason: reason.to_string(),
        }
    }

    /// Writes a text so that after a crash the old or the new one is there, and never half of one.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<(), StoreError> {
        let path = self.file(name);
        let failed = |source| StoreError::of_io(&path, source);
        self.create()?;
        files::replace(&path, text.as_bytes(), None).map_err(failed)
    }
}
