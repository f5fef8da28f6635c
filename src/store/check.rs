//! Whether all that is kept is whole.

use rusqlite::Connection;

use super::attachments::{Attachments, Hash};
use super::{Store, StoreError};

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// What SQLite says about its pages; nothing when they are whole.
    pub problems: Vec<String>,
    /// Attachments that turns and parts have and whose files are gone, by their SHA-256.
    pub missing: Vec<String>,
    /// Attachments whose files are not what they were.
    pub damaged: Vec<String>,
}

impl Checked {
    /// Whether nothing was found.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        *self == Self::default()
    }
}

impl Store {
    /// Reads everything and looks whether it is whole. Takes its time; others can go on meanwhile.
    /// A damaged database is set aside when it is opened the next time.
    ///
    /// # Errors
    /// When the disk refuses to be read.
    pub fn check(&self) -> Result<Checked, StoreError> {
        let checked = self.read(|connection| {
            let mut checked = Checked::default();
            // Some damage ends the check itself.
            if let Err(error) = check_pages(connection, &mut checked.problems) {
                checked.problems.push(error.to_string());
                return Ok(checked);
            }
            let mut statement = connection.prepare(
                "SELECT sha256 FROM turn_attachments UNION SELECT sha256 FROM part_attachments \
                 ORDER BY sha256",
            )?;
            let mut used = statement.query([])?;
            while let Some(row) = used.next()? {
                let name: String = row.get(0)?;
                check_file(self.attachments(), name, &mut checked)?;
            }
            Ok(checked)
        })?;
        if !checked.problems.is_empty() {
            self.suspect_damage();
        }
        Ok(checked)
    }
}

fn check_pages(connection: &Connection, problems: &mut Vec<String>) -> rusqlite::Result<()> {
    let mut statement = connection.prepare("PRAGMA integrity_check")?;
    let mut said = statement.query([])?;
    while let Some(row) = said.next()? {
        let line: String = row.get(0)?;
        if line != "ok" {
            problems.push(line);
        }
    }
    Ok(())
}

fn check_file(
    attachments: &Attachments,
    name: String,
    checked: &mut Checked,
) -> Result<(), StoreError> {
    let Some(hash) = Hash::from_hex(&name) else {
        checked.problems.push(format!("{name} is no SHA-256"));
        return Ok(());
    };
    // From the disk, whatever is in memory.
    let path = attachments.path(hash);
    match std::fs::read(&path) {
        Ok(bytes) if Hash::of(&bytes) == hash => {}
        Ok(_) => checked.damaged.push(name),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => checked.missing.push(name),
        Err(error) => return Err(StoreError::of_io(path, error)),
    }
    Ok(())
}
