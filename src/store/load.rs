//! Loading a conversation.

use rusqlite::{Connection, OptionalExtension as _, Row};

use super::conversation::{ConversationTotals, StoredConversation};
use super::{ConversationId, Screen, Store, StoreError, UnixMs, content, money};
use crate::catalog::ModelId;
use crate::chat::{
    InvocationId, InvocationRecord, Message, Role, Transcript, TranscriptParts, Turn, TurnNode,
};

impl Store {
    /// A conversation as it was saved, also one in the trash. Its answers have the id 0, which no
    /// call of this run has.
    ///
    /// # Errors
    /// When it is not there, or the disk refuses.
    pub fn load_conversation(&self, id: ConversationId) -> Result<StoredConversation, StoreError> {
        let (conversation, version) = self.read(|connection| {
            let head = connection
                .query_row(
                    "SELECT number, title, screen, model, region, connection, configuration, \
                     path_end, tokens_in, tokens_out, cost, simulated, created, updated, pinned, \
                     archived, version FROM conversations WHERE id = ?1",
                    [id.to_string()],
                    Head::read,
                )
                .optional()?
                .ok_or(StoreError::NotThere(id))?;
            let version = head.version;
            Ok((self.assemble(connection, id, head)?, version))
        })?;
        self.set_known_version(id, version);
        Ok(conversation)
    }

    fn assemble(
        &self,
        connection: &Connection,
        id: ConversationId,
        head: Head,
    ) -> Result<StoredConversation, StoreError> {
        let mut missing_attachments = 0;
        let nodes = self.nodes(connection, head.number, &mut missing_attachments)?;
        let configuration = serde_json::from_str(&head.configuration)
            .map_err(|error| StoreError::unreadable("The configuration", &error))?;
        let cost = head.cost.as_deref().map(money::from_text).transpose()?;
        Ok(StoredConversation {
            id,
            title: head.title,
            screen: Screen::from(head.screen),
            model: head.model.map(ModelId::from),
            region: head.region,
            connection: head.connection,
            configuration,
            transcript: Transcript::from_parts(TranscriptParts {
                nodes,
                end: head.path_end,
            }),
            totals: ConversationTotals {
                tokens_in: head.tokens_in,
                tokens_out: head.tokens_out,
                cost,
                simulated: head.simulated,
            },
            sheet: sheet_of(connection, head.number)?,
            created: head.created,
            updated: head.updated,
            pinned: head.pinned,
            archived: head.archived,
            tags: tags_of(connection, head.number)?,
            missing_attachments,
        })
    }

    fn nodes(
        &self,
        connection: &Connection,
        number: i64,
        missing: &mut usize,
    ) -> Result<Vec<TurnNode>, StoreError> {
        let mut statement = connection.prepare_cached(
            "SELECT parent, chosen, deleted, role, content, invocation FROM turns \
             WHERE conversation = ?1 ORDER BY place",
        )?;
        let mut rows = statement.query([number])?;
        let mut nodes = Vec::new();
        while let Some(row) = rows.next()? {
            let role = match row.get_ref(3)?.as_str() {
                Ok("user") => Role::User,
                Ok("assistant") => Role::Assistant,
                _ => {
                    return Err(StoreError::unreadable(
                        "A turn",
                        "nobody is known to say it",
                    ));
                }
            };
            let json: String = row.get(4)?;
            let content = content::read(&json, self.attachments(), missing)?;
            let invocation = row
                .get::<_, Option<String>>(5)?
                .map(|json| serde_json::from_str::<InvocationRecord>(&json))
                .transpose()
                .map_err(|error| StoreError::unreadable("What is known of a call", &error))?
                .map(|record| record.into_invocation(InvocationId(0)));
            nodes.push(TurnNode {
                turn: Turn {
                    message: Message { role, content },
                    invocation,
                },
                parent: row.get(0)?,
                chosen: row.get(1)?,
                deleted: row.get(2)?,
            });
        }
        Ok(nodes)
    }
}

struct Head {
    number: i64,
    title: String,
    screen: String,
    model: Option<String>,
    region: String,
    connection: String,
    configuration: String,
    path_end: Option<usize>,
    tokens_in: u64,
    tokens_out: u64,
    cost: Option<String>,
    simulated: bool,
    created: UnixMs,
    updated: UnixMs,
    pinned: bool,
    archived: bool,
    version: i64,
}

impl Head {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            number: row.get(0)?,
            title: row.get(1)?,
            screen: row.get(2)?,
            model: row.get(3)?,
            region: row.get(4)?,
            connection: row.get(5)?,
            configuration: row.get(6)?,
            path_end: row.get(7)?,
            tokens_in: row.get(8)?,
            tokens_out: row.get(9)?,
            cost: row.get(10)?,
            simulated: row.get(11)?,
            created: UnixMs(row.get(12)?),
            updated: UnixMs(row.get(13)?),
            pinned: row.get(14)?,
            archived: row.get(15)?,
            version: row.get(16)?,
        })
    }
}

fn sheet_of(connection: &Connection, number: i64) -> Result<Option<String>, StoreError> {
    let sheet = connection
        .prepare_cached("SELECT record FROM sheets WHERE conversation = ?1")?
        .query_row([number], |row| row.get(0))
        .optional()?;
    Ok(sheet)
}

/// A conversation's tags, in order.
pub(super) fn tags_of(connection: &Connection, number: i64) -> Result<Vec<String>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT tag FROM tags WHERE conversation = ?1 ORDER BY tag")?;
    let tags = statement
        .query_map([number], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(tags)
}
