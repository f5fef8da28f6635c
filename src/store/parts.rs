//! What stands in the history and is no conversation: something with a title, settings, and parts that
//! are saved one by one.
//!
//! Settings and parts are JSON in a form that only the screen they belong to knows.

use rusqlite::{OptionalExtension as _, params};

use super::conversation::ConversationTotals;
use super::save::{Entry, MOST_TURNS, integer, turn_id};
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
    /// The parts, in order; there may be gaps between their places.
    pub parts: Vec<Part>,
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
                write.execute(params![
                    turn_id(number, place),
                    number,
                    place,
                    part.record,
                    part.text
                ])?;
            }
            Ok(parts.len())
        })?;
        Ok(())
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
            let parts = statement
                .query_map([number], |row| {
                    Ok(Part {
                        place: row.get(0)?,
                        record: row.get(1)?,
                        text: row.get(2)?,
                    })
                })?
                .collect::<Result<_, _>>()?;
            let stored = StoredParts {
                id,
                title,
                screen: Screen::from(screen),
                settings,
                parts,
            };
            Ok((stored, version))
        })?;
        self.set_known_version(id, version);
        Ok(stored)
    }
}
