//! Common words are looked for in the newest conversations first, or in what is first in another order: those
//! fill a page, and the index alone would give all there are before the first of them.

use std::collections::HashSet;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::history::{COLUMNS, statement, summary};
use super::order::Narrowed;
use super::search::{self, Among, Condition};
use super::{HistoryPage, HistoryQuery, StoreError};

/// Conversations that are looked at.
const NEWEST: usize = 1_000;

/// Most that lie between the conversations which the index is asked about at once.
const SPAN: i64 = 256;

/// A page of what common words are in; `None` when the newest conversations are not enough to fill it.
pub(super) fn page(
    connection: &Connection,
    query: &HistoryQuery,
    conditions: &[Condition],
) -> Result<Option<HistoryPage>, StoreError> {
    let first = HistoryQuery {
        offset: 0,
        limit: NEWEST,
        ..query.clone()
    };
    let narrowed = Narrowed::of(connection, query, &[])?;
    let (sql, values) = statement("c.number", &first, &[], narrowed);
    let newest: Vec<i64> = connection
        .prepare_cached(&sql)?
        .query_map(params_from_iter(values), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    // One more than asked for tells whether there are more.
    let enough = query.offset.saturating_add(query.limit).saturating_add(1);
    let mut found: Vec<i64> = Vec::new();
    let mut rest = newest.as_slice();
    while !rest.is_empty() && found.len() < enough {
        let (near, others) = rest.split_at(near(rest));
        rest = others;
        let fitting = fitting(connection, conditions, near)?;
        found.extend(near.iter().filter(|number| fitting.contains(number)));
    }
    if found.len() < enough && newest.len() == NEWEST {
        return Ok(None);
    }
    let words = search::words(&query.text);
    let sql = format!("SELECT {COLUMNS} FROM conversations AS c WHERE c.number = ?");
    let mut conversation = connection.prepare_cached(&sql)?;
    let mut page = HistoryPage {
        more: found.len() >= enough,
        ..HistoryPage::default()
    };
    for number in found.iter().skip(query.offset).take(query.limit) {
        let mut rows = conversation.query([number])?;
        if let Some(row) = rows.next()? {
            let summary = summary(connection, row, &words, conditions)?;
            page.rows.push(summary);
        }
    }
    Ok(Some(page))
}

/// How many of the first conversations lie near each other; at least one.
fn near(numbers: &[i64]) -> usize {
    let (mut least, mut most) = (i64::MAX, i64::MIN);
    numbers
        .iter()
        .take_while(|number| {
            least = least.min(**number);
            most = most.max(**number);
            most - least <= SPAN
        })
        .count()
        .max(1)
}

/// The conversations among these, and between them, that fit.
fn fitting(
    connection: &Connection,
    conditions: &[Condition],
    among: &[i64],
) -> Result<HashSet<i64>, StoreError> {
    let (Some(least), Some(most)) = (among.iter().min(), among.iter().max()) else {
        return Ok(HashSet::new());
    };
    let mut values: Vec<Value> = vec![(*least).into(), (*most).into()];
    let among = Among::Between(*least, *most);
    let fits: Vec<_> = conditions
        .iter()
        .map(|condition| condition.of_conversation(among, &mut values))
        .collect();
    let sql = format!(
        "SELECT c.number FROM conversations AS c WHERE c.number BETWEEN ? AND ? AND {}",
        fits.join(" AND ")
    );
    let fitting = connection
        .prepare_cached(&sql)?
        .query_map(params_from_iter(values), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(fitting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_near_each_other_are_asked_about_at_once() {
        let numbers: Vec<i64> = (1..=1_000).rev().collect();
        // From 1,000 down to 744, which lies 256 before it.
        assert_eq!(near(&numbers), 257);
        assert_eq!(near(&[5, 100_000, 6]), 1);
        assert_eq!(near(&[5, 7, 6, 100_000]), 3);
        assert_eq!(near(&[9]), 1);
    }
}
