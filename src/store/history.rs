//! The list of conversations: filtered, searched, page by page.

use std::ops::Range;

use rusqlite::types::Value;
use rusqlite::{Connection, Row};

use super::load::tags_of;
use super::newest;
use super::order::{self, HistoryOrder, Narrowed};
use super::save::{MOST_TURNS, integer, turn_id};
use super::search::{self, Among, Condition};
use super::snippet::{self, Snippet};
use super::{ConversationId, Screen, Store, StoreError, UnixMs, money};
use crate::catalog::ModelId;
use crate::pricing::Usd;

/// What [`summary`] reads.
pub(super) const COLUMNS: &str = "c.number, c.id, c.title, c.screen, c.model, c.region, \
    c.connection, c.created, c.updated, c.deleted_at, c.turns, c.tokens_in, c.tokens_out, c.cost, \
    c.simulated, c.pinned, c.archived";

/// Conversations of which the history is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shelf {
    /// Neither archived nor deleted.
    #[default]
    Current,
    /// Archived.
    Archive,
    /// Both of these.
    All,
    /// Deleted, the last one first.
    Trash,
}

/// What is asked of the history.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryQuery {
    /// Words that must all be in the title or in turns; those between quotation marks together.
    pub text: String,
    /// The model.
    pub model: Option<ModelId>,
    /// Something was said at this moment or later.
    pub from: Option<UnixMs>,
    /// Nothing was said at this moment or later.
    pub before: Option<UnixMs>,
    /// Costs at least this.
    pub least_cost: Option<Usd>,
    /// Costs at most this.
    pub most_cost: Option<Usd>,
    /// What the connection is called.
    pub connection: Option<String>,
    /// The screen it was made in.
    pub screen: Option<Screen>,
    /// A tag, whatever its case.
    pub tag: Option<String>,
    /// Which conversations.
    pub shelf: Shelf,
    /// Which come first, after those that are pinned.
    pub order: HistoryOrder,
    /// How many to pass over.
    pub offset: usize,
    /// How many to give.
    pub limit: usize,
}

impl HistoryQuery {
    /// Whether it leaves out anything of its shelf.
    #[must_use]
    pub fn narrows(&self) -> bool {
        let all = Self {
            shelf: self.shelf,
            order: self.order,
            offset: self.offset,
            limit: self.limit,
            ..Self::default()
        };
        let asked = Self {
            text: self.text.trim().to_owned(),
            ..self.clone()
        };
        asked != all
    }
}

impl Default for HistoryQuery {
    fn default() -> Self {
        Self {
            text: String::new(),
            model: None,
            from: None,
            before: None,
            least_cost: None,
            most_cost: None,
            connection: None,
            screen: None,
            tag: None,
            shelf: Shelf::default(),
            order: HistoryOrder::default(),
            offset: 0,
            limit: 50,
        }
    }
}

/// One page of the history: pinned ones first, then as it was asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HistoryPage {
    /// The conversations.
    pub rows: Vec<ConversationSummary>,
    /// Whether there are more behind them.
    pub more: bool,
}

/// A conversation in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct ConversationSummary {
    /// Which one.
    pub id: ConversationId,
    /// What it is called.
    pub title: String,
    /// Bytes of the title that were looked for.
    pub title_highlights: Vec<Range<usize>>,
    /// The screen it was made in.
    pub screen: Screen,
    /// The model.
    pub model: Option<ModelId>,
    /// The region.
    pub region: String,
    /// What the connection is called.
    pub connection: String,
    /// When it was saved first.
    pub created: UnixMs,
    /// When something was said last.
    pub updated: UnixMs,
    /// When it was deleted.
    pub deleted_at: Option<UnixMs>,
    /// How many turns are shown of it.
    pub turns: u64,
    /// Tokens of prompts.
    pub tokens_in: u64,
    /// Tokens of answers.
    pub tokens_out: u64,
    /// What is charged for it; `None` when it is not known.
    pub cost: Option<Usd>,
    /// Whether the embedded endpoint answered anything of it.
    pub simulated: bool,
    /// Whether it stands above the others.
    pub pinned: bool,
    /// Whether it is out of the way.
    pub archived: bool,
    /// Its tags, in order.
    pub tags: Vec<String>,
    /// The first turn that was found; none when nothing is looked for, or it is in the title.
    pub snippet: Option<Snippet>,
}

impl Store {
    /// A page of the history.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn history(&self, query: &HistoryQuery) -> Result<HistoryPage, StoreError> {
        self.read(|connection| page(connection, query))
    }

    /// How SQLite finds a page, step by step; for tests and for who wonders why it is slow.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn explain_history(&self, query: &HistoryQuery) -> Result<Vec<String>, StoreError> {
        self.read(|connection| {
            let conditions = conditions(connection, query)?;
            let narrowed = Narrowed::of(connection, query, &conditions)?;
            let (sql, values) = statement(COLUMNS, query, &conditions, narrowed);
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let steps = statement
                .query_map(rusqlite::params_from_iter(values), |row| row.get("detail"))?
                .collect::<Result<_, _>>()?;
            Ok(steps)
        })
    }

    /// All that is asked for, however many there are of it: the pages of a query from the first to the last.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn history_ids(&self, query: &HistoryQuery) -> Result<Vec<ConversationId>, StoreError> {
        let all = HistoryQuery {
            offset: 0,
            limit: usize::MAX,
            ..query.clone()
        };
        self.read(|connection| {
            let conditions = conditions(connection, &all)?;
            let narrowed = Narrowed::of(connection, &all, &conditions)?;
            let (sql, values) = statement("c.id", &all, &conditions, narrowed);
            let mut statement = connection.prepare_cached(&sql)?;
            let mut rows = statement.query(rusqlite::params_from_iter(values))?;
            let mut ids = Vec::new();
            while let Some(row) = rows.next()? {
                ids.push(id_of(&row.get::<_, String>(0)?)?);
            }
            Ok(ids)
        })
    }

    /// What was changed last of all that was made on a screen and is neither archived nor deleted, pinned or not.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn changed_last(&self, screen: &Screen) -> Result<Option<ConversationId>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id FROM conversations \
                 WHERE screen = ?1 AND deleted_at IS NULL AND archived = 0 \
                 ORDER BY updated DESC, number DESC LIMIT 1",
            )?;
            let mut rows = statement.query([screen.as_str()])?;
            let Some(row) = rows.next()? else {
                return Ok(None);
            };
            id_of(&row.get::<_, String>(0)?).map(Some)
        })
    }

    /// Shows every part of what was made on a screen, archived or deleted or not.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn each_part(&self, screen: &Screen, see: &mut dyn FnMut(&str)) -> Result<(), StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT parts.record FROM parts \
                 JOIN conversations ON conversations.number = parts.conversation \
                 WHERE conversations.screen = ?1",
            )?;
            let mut rows = statement.query([screen.as_str()])?;
            while let Some(row) = rows.next()? {
                see(&row.get::<_, String>(0)?);
            }
            Ok(())
        })
    }

    /// Every tag that is in use, with how many conversations have it.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn tags(&self) -> Result<Vec<(String, u64)>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT tag, count(*) FROM tags JOIN conversations ON number = conversation \
                 WHERE deleted_at IS NULL GROUP BY tag ORDER BY tag",
            )?;
            let tags = statement
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Result<_, _>>()?;
            Ok(tags)
        })
    }
}

fn page(connection: &Connection, query: &HistoryQuery) -> Result<HistoryPage, StoreError> {
    let conditions = conditions(connection, query)?;
    if !conditions.is_empty()
        && !conditions.iter().any(Condition::is_narrow)
        && let Some(page) = newest::page(connection, query, &conditions)?
    {
        return Ok(page);
    }
    // One more than asked for tells whether there are more.
    let one_more = HistoryQuery {
        limit: query.limit.saturating_add(1),
        ..query.clone()
    };
    let narrowed = Narrowed::of(connection, query, &conditions)?;
    let (sql, values) = statement(COLUMNS, &one_more, &conditions, narrowed);
    let mut statement = connection.prepare_cached(&sql)?;
    let mut found = statement.query(rusqlite::params_from_iter(values))?;
    let words = search::words(&query.text);
    let mut page = HistoryPage::default();
    while let Some(row) = found.next()? {
        if page.rows.len() == query.limit {
            page.more = true;
            break;
        }
        page.rows
            .push(summary(connection, row, &words, &conditions)?);
    }
    Ok(page)
}

fn conditions(connection: &Connection, query: &HistoryQuery) -> Result<Vec<Condition>, StoreError> {
    search::words(&query.text)
        .iter()
        .map(|word| search::condition(connection, word))
        .collect()
}

pub(super) fn statement(
    columns: &str,
    query: &HistoryQuery,
    conditions: &[Condition],
    narrowed: Narrowed,
) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = Vec::new();
    let shelf = match query.shelf {
        Shelf::Current => "c.deleted_at IS NULL AND c.archived = 0",
        Shelf::Archive => "c.deleted_at IS NULL AND c.archived = 1",
        Shelf::All => "c.deleted_at IS NULL",
        Shelf::Trash => "c.deleted_at IS NOT NULL",
    };
    let index = order::index(query, narrowed);
    let mut wanted = vec![shelf.to_owned()];
    {
        let mut want = |condition: &str, value: Option<Value>| {
            if let Some(value) = value {
                wanted.push(condition.to_owned());
                values.push(value);
            }
        };
        let text = |text: &str| Value::from(text.to_owned());
        let model = query.model.as_ref().map(|id| text(id.as_str()));
        want("c.model = ?", model);
        want("c.updated >= ?", query.from.map(|from| from.0.into()));
        want("c.updated < ?", query.before.map(|before| before.0.into()));
        let pico = |amount: Option<Usd>| amount.map(|amount| money::to_pico(amount).into());
        want("c.cost_pico >= ?", pico(query.least_cost));
        want("c.cost_pico <= ?", pico(query.most_cost));
        want("c.connection = ?", query.connection.as_deref().map(text));
        let screen = query.screen.as_ref().map(|screen| text(screen.as_str()));
        // The prompt library has a screen of its own.
        let prompts = query.screen.is_none().then(Screen::prompts);
        want("c.screen = ?", screen);
        want("c.screen <> ?", prompts.map(|screen| text(screen.as_str())));
        want(
            "c.number IN (SELECT conversation FROM tags WHERE tag = ?)",
            query.tag.as_deref().map(text),
        );
    }
    let among = match narrowed {
        Narrowed::No => Among::All,
        Narrowed::ByWords | Narrowed::ByModel => Among::Few,
    };
    for condition in conditions {
        wanted.push(condition.of_conversation(among, &mut values));
    }
    let order = order::terms(query);
    values.push(integer(query.limit).into());
    values.push(integer(query.offset).into());
    let sql = format!(
        "SELECT {columns} FROM conversations AS c {index} WHERE {} ORDER BY {order} \
         LIMIT ? OFFSET ?",
        wanted.join(" AND ")
    );
    (sql, values)
}

pub(super) fn summary(
    connection: &Connection,
    row: &Row<'_>,
    words: &[String],
    conditions: &[Condition],
) -> Result<ConversationSummary, StoreError> {
    let number: i64 = row.get(0)?;
    let id: String = row.get(1)?;
    let title: String = row.get(2)?;
    let cost: Option<String> = row.get(13)?;
    Ok(ConversationSummary {
        id: id_of(&id)?,
        title_highlights: snippet::highlights(&title, words),
        title,
        screen: row.get::<_, String>(3)?.into(),
        model: row.get::<_, Option<String>>(4)?.map(ModelId::from),
        region: row.get(5)?,
        connection: row.get(6)?,
        created: UnixMs(row.get(7)?),
        updated: UnixMs(row.get(8)?),
        deleted_at: row.get::<_, Option<i64>>(9)?.map(UnixMs),
        turns: row.get(10)?,
        tokens_in: row.get(11)?,
        tokens_out: row.get(12)?,
        cost: cost.as_deref().map(money::from_text).transpose()?,
        simulated: row.get(14)?,
        pinned: row.get(15)?,
        archived: row.get(16)?,
        tags: tags_of(connection, number)?,
        snippet: first_hit(connection, number, words, conditions)?,
    })
}

fn id_of(text: &str) -> Result<ConversationId, StoreError> {
    text.parse()
        .map_err(|error: String| StoreError::unreadable("A conversation", &error))
}

fn first_hit(
    connection: &Connection,
    number: i64,
    words: &[String],
    conditions: &[Condition],
) -> Result<Option<Snippet>, StoreError> {
    let first = turn_id(number, 0);
    let last = turn_id(number, integer(MOST_TURNS) - 1);
    for condition in conditions {
        if let Some(turn) = condition.first_turn(connection, first, last)? {
            let text: String = connection
                .prepare_cached("SELECT text FROM texts WHERE id = ?1")?
                .query_row([turn], |row| row.get(0))?;
            let place = usize::try_from(turn - first).unwrap_or_default();
            return Ok(Some(snippet::snippet(place, &text, words)));
        }
    }
    Ok(None)
}
