//! The steps that bring a database to this version's tables, each applied once and never changed
//! afterwards: a change of the tables is another step.

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;
use super::search::folded;

/// Tells this program's databases from others: the letters `BdPg`.
pub(super) const APPLICATION_ID: i32 = 0x4264_5067;

/// Step `n` leads from version `n` to `n + 1`.
const STEPS: &[&str] = &[
    include_str!("schema/0001_conversations.sql"),
    include_str!("schema/0002_spend.sql"),
    include_str!("schema/0003_search.sql"),
    include_str!("schema/0004_bill.sql"),
    include_str!("schema/0005_parts.sql"),
    include_str!("schema/0006_comparisons.sql"),
    include_str!("schema/0007_accents.sql"),
    include_str!("schema/0008_part_files.sql"),
    include_str!("schema/0009_orders.sql"),
];

/// The version this program writes.
pub(super) const VERSION: usize = STEPS.len();

/// The version a database is of.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<usize> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Takes the steps that are missing. Each is there whole or not at all.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let from = version(connection)?;
    if from == VERSION {
        return Ok(());
    }
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("folded", 1, flags, |context| {
        Ok(folded(context.get_raw(0).as_str()?).collect::<String>())
    })?;
    for (step, sql) in STEPS.iter().enumerate().skip(from) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", step + 1)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.commit()?;
    }
    Ok(())
}
