//! What stands in the history and is no conversation: something with a title, settings, and parts that
//! are saved one by one, each with the files it needs.
//!
//! Settings and parts are JSON in a form that only the screen they belong to knows. Files are kept
//! like a conversation's attachments; a part's record names them.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::attachments::Hash;
use super::content::Attachment;
use super::conversation::ConversationTotals;
use super::save::{Entry, MOST_TURNS, integer, turn_id, write_attachment};
use super::{ConversationId, Screen, Store, StoreError};
use crate::catalog::ModelId;

/// One part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where it stands; its name as long as the whole is kept.
    pub place: usize,
    /// All of it.
    pub record: String,
    /// What there is to find.
    pub text: String,
    /// The files that the record names.
    pub files: Vec<PartFile>,
}

/// A file that belongs to a part. It stands beside the database, once, whoever else has it.
#[derive(Clone)]
pub struct PartFile(Attachment);

impl PartFile {
    /// A file of these bytes. Takes time: for a worker thread.
    #[must_use]
    pub fn new(bytes: Arc<[u8]>, media_type: &str) -> Self {
        Self(Attachment {
            hash: Hash::of(&bytes),
            bytes,
            media_type: media_type.to_owned(),
        })
    }

    /// What a record calls it: the SHA-256 of what is in it, in hexadecimal digits.
    #[must_use]
    pub fn name(&self) -> String {
        self.0.hash.to_hex()
    }

    /// What is in it.
    #[must_use]
    pub fn bytes(&self) -> &Arc<[u8]> {
        &self.0.bytes
    }
}

impl PartialEq for PartFile {
    fn eq(&self, other: &Self) -> bool {
        self.0.hash == other.0.hash
    }
}

impl Eq for PartFile {}

impl fmt::Debug for PartFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PartFile({}, {} bytes)", self.name(), self.0.bytes.len())
    }
}

/// Something to be kept.
#[derive(Clone, Debug)]
pub struct PartsDraft {
    /// Which one; the same as long as it is open.
    pub id: ConversationId,
    /// What it is called unless a person gave it a title with [`Store::rename`].
    pub title: String,
    /// The screen it was made in.
    pub screen: Screen,
    /// The model that is chosen.
    pub model: Option<ModelId>,
    /// The region it is asked in.
    pub region: String,
    /// What a person calls the connection; never a credential.
    pub connection: String,
    /// What holds for all parts.
    pub settings: String,
    /// How many parts a person sees.
    pub count: usize,
    /// What it has taken.
    pub totals: ConversationTotals,
}

/// Something that was kept.
#[derive(Clone, Debug)]
pub struct StoredParts {
    /// Which one.
    pub id: ConversationId,
    /// What it is called.
    pub title: String,
    /// The screen it was made in.
    pub screen: Screen,
    /// What holds for all parts.
    pub settings: String,
    /// The parts, in order; there may be gaps between their places. A file that is gone is not
    /// among a part's files.
    pub parts: Vec<Part>,
    /// Files that are gone from the data folder.
    pub missing_files: usize,
}

impl Store {
    /// Saves what holds for all, and these parts; others stay as they were. All of it or nothing.
    ///
    /// # Errors
    /// When the disk refuses, or another window saved the same thing since it was loaded or saved
    /// here. What was saved before stays.
    pub fn save_parts(&self, draft: &PartsDraft, parts: &[Part]) -> Result<(), StoreError> {
        if parts.iter().any(|part| part.place >= MOST_TURNS) {
            return Err(StoreError::TooManyTurns { most: MOST_TURNS });
        }
        let entry = Entry {
            id: draft.id,
            title: &draft.title,
            screen: &draft.screen,
            model: draft.model.as_ref(),
            region: &draft.region,
            connection: &draft.connection,
            configuration: draft.settings.clone(),
            path_end: None,
            turns: draft.count,
            totals: draft.totals,
        };
        self.save_entry(&entry, |transaction, number| {
            let mut write = transaction.prepare_cached(
                "INSERT INTO parts (id, conversation, place, record, text) \
                 VALUES (?1, ?2, ?3, ?4, ?5) \
                 ON CONFLICT (id) DO UPDATE SET record = ?4, text = ?5",
            )?;
            for part in parts {
                let place = integer(part.place);
                let id = turn_id(number, place);
                write.execute(params![id, number, place, part.record, part.text])?;
                self.write_files(transaction, id, &part.files)?;
            }
            Ok(parts.len())
        })?;
        Ok(())
    }

    fn write_files(
        &self,
        transaction: &Transaction<'_>,
        part: i64,
        files: &[PartFile],
    ) -> Result<(), StoreError> {
        transaction
            .prepare_cached("DELETE FROM part_attachments WHERE part = ?1")?
            .execute([part])?;
        for file in files {
            let name = write_attachment(transaction, self, &file.0)?;
            transaction
                .prepare_cached(
                    "INSERT INTO part_attachments (part, sha256) VALUES (?1, ?2) \
                     ON CONFLICT DO NOTHING",
                )?
                .execute(params![part, name])?;
        }
        Ok(())
    }

    /// The files of everything that belongs to one, by the places of the parts, and how many are gone.
    fn files_of(
        &self,
        connection: &Connection,
        number: i64,
    ) -> Result<(HashMap<usize, Vec<PartFile>>, usize), StoreError> {
        let mut statement = connection.prepare_cached(
            "SELECT p.place, a.sha256, a.media_type FROM parts AS p \
             JOIN part_attachments AS used ON used.part = p.id \
             JOIN attachments AS a ON a.sha256 = used.sha256 \
             WHERE p.conversation = ?1 ORDER BY p.place, a.sha256",
        )?;
        let mut rows = statement.query([number])?;
        let (mut files, mut missing) = (HashMap::<usize, Vec<PartFile>>::new(), 0);
        while let Some(row) = rows.next()? {
            let name: String = row.get(1)?;
            let found = match Hash::from_hex(&name) {
                Some(hash) => self.attachments().get(hash)?.map(|bytes| (hash, bytes)),
                None => None,
            };
            let Some((hash, bytes)) = found else {
                missing += 1;
                continue;
            };
            let media_type = row.get(2)?;
            let file = Attachment {
                hash,
                bytes,
                media_type,
            };
            files.entry(row.get(0)?).or_default().push(PartFile(file));
        }
        Ok((files, missing))
    }

    /// Something as it was saved, also when it is in the trash.
    ///
    /// # Errors
    /// When it is not there, or the disk refuses.
    pub fn load_parts(&self, id: ConversationId) -> Result<StoredParts, StoreError> {
        let (stored, version) = self.read(|connection| {
            let (number, title, screen, settings, version): (i64, String, String, String, i64) =
                connection
                    .query_row(
                        "SELECT number, title, screen, configuration, version \
                         FROM conversations WHERE id = ?1",
                        [id.to_string()],
                        |row| {
                            let (title, screen) = (row.get(1)?, row.get(2)?);
                            Ok((row.get(0)?, title, screen, row.get(3)?, row.get(4)?))
                        },
                    )
                    .optional()?
                    .ok_or(StoreError::NotThere(id))?;
            let mut statement = connection.prepare_cached(
                "SELECT place, record, text FROM parts WHERE conversation = ?1 ORDER BY place",
            )?;
            let (mut files, missing_files) = self.files_of(connection, number)?;
            let parts = statement
                .query_map([number], |row| {
                    let place = row.get(0)?;
                    Ok(Part {
                        place,
                        record: row.get(1)?,
                        text: row.get(2)?,
                        files: files.remove(&place).unwrap_or_default(),
                    })
                })?
                .collect::<Result<_, _>>()?;
            let stored = StoredParts {
                id,
                title,
                screen: Screen::from(screen),
                settings,
                parts,
                missing_files,
            };
            Ok((stored, version))
        })?;
        self.set_known_version(id, version);
        Ok(stored)
    }
}
