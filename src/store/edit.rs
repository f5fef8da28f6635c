//! What is done to conversations in the list.

use rusqlite::types::ToSql;
use rusqlite::{OptionalExtension as _, Transaction, params};

use super::attachments::{Attachments, Hash};
use super::open::is_anything_set_aside;
use super::save::turn_id;
use super::search::folded;
use super::{ConversationId, Store, StoreError, UnixMs};

const DELETED: &str = "deleted_at = coalesce(deleted_at, ?2)";
const RESTORED: &str = "deleted_at = NULL";

/// What tidying up removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Files that no conversation used.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Whether all were left, since a damaged history that was set aside may need them.
    pub held_back: bool,
}

impl Store {
    /// Gives a conversation a title that saving it does not change.
    ///
    /// # Errors
    /// When it is not there, or the disk refuses.
    pub fn rename(&self, id: ConversationId, title: &str) -> Result<(), StoreError> {
        let title = title.replace('\0', " ");
        let key: String = folded(&title).collect();
        self.set(
            id,
            "title = ?2, title_key = ?3, renamed = 1",
            &[&title, &key],
        )
    }

    /// Puts a conversation above the others, or among them.
    ///
    /// # Errors
    /// When it is not there, or the disk refuses.
    pub fn set_pinned(&self, id: ConversationId, pinned: bool) -> Result<(), StoreError> {
        self.set(id, "pinned = ?2", &[&pinned])
    }

    /// Puts a conversation out of the way, or back.
    ///
    /// # Errors
    /// When it is not there, or the disk refuses.
    pub fn set_archived(&self, id: ConversationId, archived: bool) -> Result<(), StoreError> {
        self.set(id, "archived = ?2", &[&archived])
    }

    /// Does the same to each of these that is there, and says how many that are.
    ///
    /// # Errors
    /// When the disk refuses; then all are where they were.
    pub fn set_all_archived(
        &self,
        ids: &[ConversationId],
        archived: bool,
    ) -> Result<usize, StoreError> {
        self.set_all(ids, "archived = ?2", &[&archived])
    }

    /// Moves a conversation to the trash. One that is there already stays as long as it would have.
    ///
    /// # Errors
    /// When it is not there, or the disk refuses.
    pub fn delete(&self, id: ConversationId) -> Result<(), StoreError> {
        self.set(id, DELETED, &[&self.now().0])
    }

    /// Moves each of these that is there to the trash, and says how many that are.
    ///
    /// # Errors
    /// When the disk refuses; then none is moved.
    pub fn delete_all(&self, ids: &[ConversationId]) -> Result<usize, StoreError> {
        self.set_all(ids, DELETED, &[&self.now().0])
    }

    /// Takes a conversation out of the trash.
    ///
    /// # Errors
    /// When it is not there, or the disk refuses.
    pub fn restore(&self, id: ConversationId) -> Result<(), StoreError> {
        self.set(id, RESTORED, &[])
    }

    /// Takes each of these that is there out of the trash, and says how many that are.
    ///
    /// # Errors
    /// When the disk refuses; then none is taken out.
    pub fn restore_all(&self, ids: &[ConversationId]) -> Result<usize, StoreError> {
        self.set_all(ids, RESTORED, &[])
    }

    /// Puts a tag on a conversation; nothing happens when it has it, in whatever case.
    ///
    /// # Errors
    /// When the conversation is not there, or the disk refuses.
    pub fn add_tag(&self, id: ConversationId, tag: &str) -> Result<(), StoreError> {
        self.write(|transaction| {
            let number = number_of(transaction, id)?;
            transaction.execute(
                "INSERT INTO tags (tag, conversation) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                params![tag.trim(), number],
            )?;
            Ok(())
        })
    }

    /// Takes a tag off a conversation.
    ///
    /// # Errors
    /// When the conversation is not there, or the disk refuses.
    pub fn remove_tag(&self, id: ConversationId, tag: &str) -> Result<(), StoreError> {
        self.write(|transaction| {
            let number = number_of(transaction, id)?;
            transaction.execute(
                "DELETE FROM tags WHERE tag = ?1 AND conversation = ?2",
                params![tag.trim(), number],
            )?;
            Ok(())
        })
    }

    /// Copies a conversation with all its branches and tags. The copy is not pinned, and what the
    /// turns cost is in the ledger once, with the first.
    ///
    /// # Errors
    /// When it is not there, or the disk refuses.
    pub fn duplicate(&self, id: ConversationId) -> Result<ConversationId, StoreError> {
        let copy = ConversationId::new();
        let now = self.now().0;
        self.write(|transaction| {
            let from = number_of(transaction, id)?;
            transaction.execute(
                "INSERT INTO conversations (id, title, title_key, renamed, screen, model, region, \
                 connection, created, updated, configuration, path_end, turns, tokens_in, tokens_out, cost, \
                 cost_pico, simulated, version) \
                 SELECT ?1, title || ' (copy)', title_key || ' (copy)', 1, screen, model, region, \
                 connection, ?2, ?2, configuration, path_end, turns, tokens_in, tokens_out, cost, cost_pico, simulated, \
                 1 FROM conversations WHERE number = ?3",
                params![copy.to_string(), now, from],
            )?;
            let to = transaction.last_insert_rowid();
            let base = turn_id(to, 0);
            transaction.execute(
                "INSERT INTO turns (id, conversation, place, parent, chosen, deleted, role, content, \
                 invocation, text, digest) SELECT ?1 + place, ?2, place, parent, chosen, deleted, \
                 role, content, invocation, text, digest FROM turns WHERE conversation = ?3",
                [base, to, from],
            )?;
            transaction.execute(
                "INSERT INTO sheets (conversation, record) SELECT ?1, record FROM sheets \
                 WHERE conversation = ?2",
                [to, from],
            )?;
            transaction.execute(
                "INSERT INTO parts (id, conversation, place, record, text) \
                 SELECT ?1 + place, ?2, place, record, text FROM parts WHERE conversation = ?3",
                [base, to, from],
            )?;
            transaction.execute(
                "INSERT INTO turn_attachments (turn, sha256) SELECT ?1 + t.place, a.sha256 \
                 FROM turns AS t JOIN turn_attachments AS a ON a.turn = t.id \
                 WHERE t.conversation = ?2",
                [base, from],
            )?;
            transaction.execute(
                "INSERT INTO part_attachments (part, sha256) SELECT ?1 + p.place, a.sha256 \
                 FROM parts AS p JOIN part_attachments AS a ON a.part = p.id \
                 WHERE p.conversation = ?2",
                [base, from],
            )?;
            transaction.execute(
                "INSERT INTO tags (tag, conversation) SELECT tag, ?1 FROM tags \
                 WHERE conversation = ?2",
                [to, from],
            )?;
            Ok(())
        })?;
        Ok(copy)
    }

    /// Removes for good what has been in the trash for this many days, and says how many
    /// conversations that were. Their attachments go with [`Store::collect_attachments`].
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn purge(&self, days: u32) -> Result<usize, StoreError> {
        let since = self.now().0 - i64::from(days) * UnixMs::DAY;
        self.write(|transaction| {
            let removed = transaction.execute(
                "DELETE FROM conversations WHERE deleted_at IS NOT NULL AND deleted_at <= ?1",
                [since],
            )?;
            Ok(removed)
        })
    }

    /// Removes the files of attachments that no turn and no part has any more, those in the trash
    /// included. None is removed while a damaged history is set aside: what it held since the last
    /// backup has its pictures nowhere else.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn collect_attachments(&self) -> Result<Collected, StoreError> {
        if is_anything_set_aside(self.folder())? {
            return Ok(Collected {
                held_back: true,
                ..Collected::default()
            });
        }
        // Nobody else saves meanwhile, so no file is about to be used.
        self.write(|transaction| {
            transaction.execute(
                "DELETE FROM attachments WHERE NOT EXISTS \
                 (SELECT 1 FROM turn_attachments AS t WHERE t.sha256 = attachments.sha256) \
                 AND NOT EXISTS \
                 (SELECT 1 FROM part_attachments AS p WHERE p.sha256 = attachments.sha256)",
                [],
            )?;
            let mut is_used = transaction
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM attachments WHERE sha256 = ?1)")?;
            let mut collected = Collected::default();
            for (path, hash) in self.attachments().files()? {
                let used = match hash.map(Hash::to_hex) {
                    Some(name) => is_used.query_row([name], |row| row.get(0))?,
                    None => false,
                };
                if !used {
                    collected.files += 1;
                    collected.bytes += std::fs::metadata(&path).map_or(0, |file| file.len());
                    Attachments::remove(&path)?;
                }
            }
            Ok(collected)
        })
    }

    fn set(&self, id: ConversationId, what: &str, values: &[&dyn ToSql]) -> Result<(), StoreError> {
        match self.set_all(&[id], what, values)? {
            0 => Err(StoreError::NotThere(id)),
            _ => Ok(()),
        }
    }

    /// Sets columns of conversations to values from `?2` on: of all that are there, or of none.
    fn set_all(
        &self,
        ids: &[ConversationId],
        what: &str,
        values: &[&dyn ToSql],
    ) -> Result<usize, StoreError> {
        let sql = format!("UPDATE conversations SET {what} WHERE id = ?1");
        self.write(|transaction| {
            let mut update = transaction.prepare_cached(&sql)?;
            let mut changed = 0;
            for id in ids {
                let id = id.to_string();
                let mut with_id: Vec<&dyn ToSql> = vec![&id];
                with_id.extend(values);
                changed += update.execute(&with_id[..])?;
            }
            Ok(changed)
        })
    }
}

fn number_of(transaction: &Transaction<'_>, id: ConversationId) -> Result<i64, StoreError> {
    transaction
        .query_row(
            "SELECT number FROM conversations WHERE id = ?1",
            [id.to_string()],
            |row| row.get(0),
        )
        .optional()?
        .ok_or(StoreError::NotThere(id))
}
