//! Which tables belong to a conversation, as the database itself says: so that one that is added later
//! goes along when a conversation is taken elsewhere.

use rusqlite::{Connection, params};

use super::save::{MOST_TURNS, integer, turn_id};

/// A table whose rows belong to conversations.
pub(super) struct Table {
    name: String,
    columns: Vec<(String, Value)>,
    owner: Owner,
    /// The column that names an attachment.
    attachment: Option<String>,
}

/// How a row says whose it is.
enum Owner {
    /// A column with the conversation's number.
    Conversation(String),
    /// A column with the key of a turn or a part.
    Turn(String),
}

/// What becomes of a value in another conversation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Value {
    /// It is the conversation's number.
    Number,
    /// It is the key of a turn or a part.
    Key,
    /// It stays.
    Same,
}

/// Every such table; those that others refer to come first.
pub(super) fn of_conversations(connection: &Connection) -> rusqlite::Result<Vec<Table>> {
    let names: Vec<String> = connection
        .prepare("SELECT name FROM main.sqlite_master WHERE type = 'table' ORDER BY name")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut tables = Vec::new();
    for name in names {
        tables.extend(table(connection, name)?);
    }
    tables.sort_by_key(|table| matches!(table.owner, Owner::Turn(_)));
    Ok(tables)
}

/// The attachments that a conversation of the other database has, by name.
pub(super) fn attachments_of(
    connection: &Connection,
    number: i64,
    tables: &[Table],
) -> rusqlite::Result<Vec<String>> {
    let mut names = Vec::new();
    for table in tables {
        let Some(column) = &table.attachment else {
            continue;
        };
        let (sql, range) = table.rows_of(column);
        let mut statement = connection.prepare_cached(&sql)?;
        let found = statement.query_map(range(number), |row| row.get(0))?;
        for name in found {
            let name = name?;
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    Ok(names)
}

/// The columns of a table, in order.
pub(super) fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare_cached("SELECT name FROM pragma_table_info(?1) ORDER BY cid")?
        .query_map([table], |row| row.get(0))?
        .collect()
}

fn table(connection: &Connection, name: String) -> rusqlite::Result<Option<Table>> {
    let keys: Vec<(String, String)> = connection
        .prepare_cached("SELECT \"table\", \"from\" FROM pragma_foreign_key_list(?1)")?
        .query_map([&name], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let to = |table: &str| {
        let key = keys.iter().find(|(referred, _)| referred == table);
        key.map(|(_, column)| column.clone())
    };
    let owner = match (to("conversations"), to("turns").or_else(|| to("parts"))) {
        (Some(column), _) => Owner::Conversation(column),
        (None, Some(column)) => Owner::Turn(column),
        (None, None) => return Ok(None),
    };
    let names = columns(connection, &name)?;
    let has_places = names.iter().any(|column| column == "place");
    let columns = names
        .into_iter()
        .map(|column| {
            let value = match &owner {
                Owner::Conversation(number) if *number == column => Value::Number,
                // Its own key, of the conversation's number and the place in it.
                Owner::Conversation(_) if has_places && column == "id" => Value::Key,
                Owner::Turn(key) if *key == column => Value::Key,
                _ => Value::Same,
            };
            (column, value)
        })
        .collect();
    Ok(Some(Table {
        attachment: to("attachments"),
        name,
        columns,
        owner,
    }))
}

impl Table {
    /// Copies the rows of a conversation of the database `other`.
    pub(super) fn copy(
        &self,
        connection: &Connection,
        from: i64,
        to: i64,
        keys_apart: i64,
    ) -> rusqlite::Result<()> {
        let names: Vec<_> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
        let values: Vec<_> = self
            .columns
            .iter()
            .map(|(name, value)| match value {
                Value::Number => "?3".to_owned(),
                Value::Key => format!("{name} + ?4"),
                Value::Same => name.clone(),
            })
            .collect();
        let (rows, range) = self.rows_of(&values.join(", "));
        let [first, last] = range(from);
        connection
            .prepare_cached(&format!(
                "INSERT INTO main.{} ({}) {rows} AND ?3 IS NOT NULL AND ?4 IS NOT NULL",
                self.name,
                names.join(", ")
            ))?
            .execute(params![first, last, to, keys_apart])?;
        Ok(())
    }

    /// What reads values of a conversation's rows in `other`, and the two parameters it takes.
    fn rows_of(&self, values: &str) -> (String, fn(i64) -> [i64; 2]) {
        let (column, range): (_, fn(i64) -> [i64; 2]) = match &self.owner {
            Owner::Conversation(column) => (column, |number| [number, number]),
            Owner::Turn(column) => (column, |number| {
                let first = turn_id(number, 0);
                [first, first + integer(MOST_TURNS) - 1]
            }),
        };
        let sql = format!(
            "SELECT {values} FROM other.{} WHERE {column} BETWEEN ?1 AND ?2",
            self.name
        );
        (sql, range)
    }
}
