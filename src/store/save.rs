//! Saving a conversation: only what changed since it was saved last.

use std::collections::HashMap;

use rusqlite::types::ToSql;
use rusqlite::{OptionalExtension as _, Transaction, params};
use sha2::{Digest as _, Sha256};

use super::content::{self, Attachment};
use super::conversation::{ConversationDraft, ConversationTotals, Saved};
use super::money;
use super::search::folded;
use super::{ConversationId, Screen, Store, StoreError};
use crate::catalog::ModelId;
use crate::chat::{InvocationRecord, Role, Turn, TurnNode};

/// Turns a conversation has place for; the last place is the title's, in the search.
pub(super) const MOST_TURNS: usize = (1 << 20) - 1;

impl Store {
    /// Saves a conversation as it is, all of it or nothing; when this returns, it is on the disk. An
    /// answer that is still coming in is saved with what there is of it.
    ///
    /// # Errors
    /// When the disk refuses, or another window saved the same conversation since it was loaded or
    /// saved here. What was saved before stays.
    pub fn save_conversation(&self, draft: &ConversationDraft) -> Result<Saved, StoreError> {
        let parts = draft.transcript.parts();
        if parts.nodes.len() > MOST_TURNS {
            return Err(StoreError::TooManyTurns { most: MOST_TURNS });
        }
        // All that takes time but the writing, before others have to wait.
        let rows = parts
            .nodes
            .iter()
            .map(|node| Row::of(node, self))
            .collect::<Result<Vec<_>, _>>()?;
        let configuration = serde_json::to_string(&draft.configuration)
            .map_err(|error| StoreError::unreadable("The configuration", &error))?;
        let entry = Entry {
            id: draft.id,
            title: &draft.title,
            screen: &draft.screen,
            model: draft.model.as_ref(),
            region: &draft.region,
            connection: &draft.connection,
            configuration,
            path_end: parts.end,
            turns: draft.transcript.len(),
            totals: draft.totals,
        };
        let mut turns_written = 0;
        self.save_entry(&entry, |transaction, number| {
            turns_written = write_turns(transaction, self, number, &rows)?;
            let sheet = write_sheet(transaction, number, draft.sheet.as_deref())?;
            Ok(turns_written + usize::from(sheet))
        })?;
        Ok(Saved { turns_written })
    }

    /// Saves what stands in the history's list, and what belongs to it by `write_content`, which gives
    /// how much it has written. All of it or nothing.
    pub(super) fn save_entry(
        &self,
        entry: &Entry<'_>,
        write_content: impl FnOnce(&Transaction<'_>, i64) -> Result<usize, StoreError>,
    ) -> Result<usize, StoreError> {
        let head = Head::of(entry);
        let known = self.known_version(entry.id);
        let now = self.now().0;
        let (written, version) = self.write(|transaction| {
            let there: Option<(i64, i64)> = transaction
                .query_row_and_then(
                    "SELECT number, version FROM conversations WHERE id = ?1",
                    [entry.id.to_string()],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()?;
            match (there, known) {
                (Some((_, version)), Some(known)) if version == known => {}
                // New, or purged while it was open here: then it is saved anew.
                (None, _) => {}
                (Some(_), _) => return Err(StoreError::ChangedElsewhere(entry.id)),
            }
            let (number, version) = match there {
                Some((number, version)) => (number, version),
                None => (head.insert(transaction, entry.id, now)?, 0),
            };
            let written = write_content(transaction, number)?;
            let changed = head.update(transaction, number)? || written > 0;
            if !changed && version > 0 {
                return Ok((written, version));
            }
            // What is said to a conversation in the trash takes it out of there.
            transaction.execute(
                "UPDATE conversations SET version = version + 1, \
                 updated = iif(?2, ?3, updated), deleted_at = iif(?2, NULL, deleted_at) \
                 WHERE number = ?1",
                params![number, written > 0, now],
            )?;
            Ok((written, version + 1))
        })?;
        self.set_known_version(entry.id, version);
        Ok(written)
    }
}

/// Writes what a screen keeps beside the turns; false when it is there already.
fn write_sheet(
    transaction: &Transaction<'_>,
    number: i64,
    sheet: Option<&str>,
) -> Result<bool, StoreError> {
    let Some(sheet) = sheet else {
        return Ok(false);
    };
    let written = transaction
        .prepare_cached(
            "INSERT INTO sheets (conversation, record) VALUES (?1, ?2) ON CONFLICT DO UPDATE \
             SET record = ?2 WHERE record IS NOT ?2",
        )?
        .execute(params![number, sheet])?;
    Ok(written > 0)
}

/// What stands in the history's list.
pub(super) struct Entry<'a> {
    pub(super) id: ConversationId,
    pub(super) title: &'a str,
    pub(super) screen: &'a Screen,
    pub(super) model: Option<&'a ModelId>,
    pub(super) region: &'a str,
    pub(super) connection: &'a str,
    /// JSON.
    pub(super) configuration: String,
    pub(super) path_end: Option<usize>,
    pub(super) turns: usize,
    pub(super) totals: ConversationTotals,
}

/// The columns of that.
struct Head {
    title: String,
    title_key: String,
    columns: [(&'static str, Box<dyn ToSql>); 12],
}

impl Head {
    fn of(entry: &Entry<'_>) -> Self {
        let totals = entry.totals;
        let title = entry.title.replace('\0', " ");
        Self {
            title_key: folded(&title).collect(),
            title,
            columns: [
                ("screen", Box::new(entry.screen.as_str().to_owned())),
                (
                    "model",
                    Box::new(entry.model.map(|id| id.as_str().to_owned())),
                ),
                ("region", Box::new(entry.region.to_owned())),
                ("connection", Box::new(entry.connection.to_owned())),
                ("configuration", Box::new(entry.configuration.clone())),
                ("path_end", Box::new(entry.path_end.map(integer))),
                ("turns", Box::new(integer(entry.turns))),
                ("tokens_in", Box::new(integer(totals.tokens_in))),
                ("tokens_out", Box::new(integer(totals.tokens_out))),
                ("cost", Box::new(totals.cost.map(money::to_text))),
                ("cost_pico", Box::new(totals.cost.map(money::to_pico))),
                ("simulated", Box::new(totals.simulated)),
            ],
        }
    }

    fn insert(
        &self,
        transaction: &Transaction<'_>,
        id: ConversationId,
        now: i64,
    ) -> Result<i64, StoreError> {
        let names: Vec<_> = self.columns.iter().map(|(name, _)| *name).collect();
        let sql = format!(
            "INSERT INTO conversations (id, title, title_key, created, updated, version, {}) \
             VALUES (?, ?, ?, ?, ?, 0{})",
            names.join(", "),
            ", ?".repeat(names.len())
        );
        let id = id.to_string();
        let mut values: Vec<&dyn ToSql> = vec![&id, &self.title, &self.title_key, &now, &now];
        values.extend(self.columns.iter().map(|(_, value)| value.as_ref()));
        transaction.prepare_cached(&sql)?.execute(&values[..])?;
        Ok(transaction.last_insert_rowid())
    }

    /// Writes what is not so already; false when all of it is.
    fn update(&self, transaction: &Transaction<'_>, number: i64) -> Result<bool, StoreError> {
        let set: Vec<_> = self
            .columns
            .iter()
            .enumerate()
            .map(|(at, (name, _))| format!("{name} = ?{}", at + 4))
            .collect();
        let differs: Vec<_> = self
            .columns
            .iter()
            .enumerate()
            .map(|(at, (name, _))| format!("{name} IS NOT ?{}", at + 4))
            .collect();
        let sql = format!(
            "UPDATE conversations SET title = iif(renamed, title, ?2), \
             title_key = iif(renamed, title_key, ?3), {} WHERE number = ?1 \
             AND (iif(renamed, title, ?2) IS NOT title OR {})",
            set.join(", "),
            differs.join(" OR ")
        );
        let mut values: Vec<&dyn ToSql> = vec![&number, &self.title, &self.title_key];
        values.extend(self.columns.iter().map(|(_, value)| value.as_ref()));
        Ok(transaction.prepare_cached(&sql)?.execute(&values[..])? > 0)
    }
}

/// What stands in a turn's row.
struct Row {
    parent: Option<i64>,
    chosen: Option<i64>,
    deleted: bool,
    role: &'static str,
    content: String,
    invocation: Option<String>,
    text: String,
    digest: [u8; 32],
    attachments: Vec<Attachment>,
}

impl Row {
    fn of(node: &TurnNode<&Turn>, store: &Store) -> Result<Self, StoreError> {
        let message = &node.turn.message;
        let (content, attachments) = content::write(&message.content, store.attachments())?;
        let invocation = node
            .turn
            .invocation
            .as_ref()
            .map(|invocation| serde_json::to_string(&InvocationRecord::of(invocation)))
            .transpose()
            .map_err(|error| StoreError::unreadable("What is known of a call", &error))?;
        let mut row = Self {
            parent: node.parent.map(integer),
            chosen: node.chosen.map(integer),
            deleted: node.deleted,
            role: role_name(message.role),
            content,
            invocation,
            text: content::text(&message.content),
            digest: [0; 32],
            attachments,
        };
        row.digest = row.to_digest();
        Ok(row)
    }

    /// Of all that is written. The text is part of the content.
    fn to_digest(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        for place in [self.parent, self.chosen] {
            hasher.update(place.unwrap_or(-1).to_le_bytes());
        }
        hasher.update([u8::from(self.deleted)]);
        for text in [
            Some(self.role),
            Some(self.content.as_str()),
            self.invocation.as_deref(),
        ] {
            let length = text.map_or(u64::MAX, |text| text.len() as u64);
            hasher.update(length.to_le_bytes());
            hasher.update(text.unwrap_or_default());
        }
        hasher.finalize().into()
    }
}

fn write_turns(
    transaction: &Transaction<'_>,
    store: &Store,
    number: i64,
    rows: &[Row],
) -> Result<usize, StoreError> {
    let mut before: HashMap<i64, Vec<u8>> = transaction
        .prepare_cached("SELECT place, digest FROM turns WHERE conversation = ?1")?
        .query_map([number], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut written = 0;
    for (place, row) in (0..).zip(rows) {
        let old = before.remove(&place);
        if old.is_some_and(|old| old == row.digest) {
            continue;
        }
        write_turn(transaction, store, number, place, row)?;
        written += 1;
    }
    for place in before.into_keys() {
        transaction.execute(
            "DELETE FROM turns WHERE conversation = ?1 AND place = ?2",
            [number, place],
        )?;
        written += 1;
    }
    Ok(written)
}

fn write_turn(
    transaction: &Transaction<'_>,
    store: &Store,
    number: i64,
    place: i64,
    row: &Row,
) -> Result<(), StoreError> {
    let id = turn_id(number, place);
    transaction
        .prepare_cached(
            "INSERT INTO turns (id, conversation, place, parent, chosen, deleted, role, content, \
             invocation, text, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) \
             ON CONFLICT (id) DO UPDATE SET parent = ?4, chosen = ?5, deleted = ?6, role = ?7, \
             content = ?8, invocation = ?9, text = ?10, digest = ?11",
        )?
        .execute(params![
            id,
            number,
            place,
            row.parent,
            row.chosen,
            row.deleted,
            row.role,
            row.content,
            row.invocation,
            row.text,
            row.digest,
        ])?;
    transaction
        .prepare_cached("DELETE FROM turn_attachments WHERE turn = ?1")?
        .execute([id])?;
    for attachment in &row.attachments {
        let name = write_attachment(transaction, store, attachment)?;
        transaction
            .prepare_cached(
                "INSERT INTO turn_attachments (turn, sha256) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            )?
            .execute(params![id, name])?;
    }
    Ok(())
}

/// Writes a file and the row that says it is in use, and gives its name. In the transaction, so that
/// nobody takes the file for one that is not used.
pub(super) fn write_attachment(
    transaction: &Transaction<'_>,
    store: &Store,
    attachment: &Attachment,
) -> Result<String, StoreError> {
    store
        .attachments()
        .put(attachment.hash, &attachment.bytes)?;
    let name = attachment.hash.to_hex();
    transaction
        .prepare_cached(
            "INSERT INTO attachments (sha256, size, media_type) VALUES (?1, ?2, ?3) \
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            name,
            integer(attachment.bytes.len()),
            attachment.media_type
        ])?;
    Ok(name)
}

/// The key of a turn; that of the title is of the place behind the last.
pub(super) fn turn_id(number: i64, place: i64) -> i64 {
    (number << 20) + place
}

pub(super) fn role_name(role: Role) -> &'static str {
    match role {
        Role::User => "user",
        Role::Assistant => "assistant",
    }
}

/// The database's integers are signed; nothing counted reaches their end.
pub(super) fn integer(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}
