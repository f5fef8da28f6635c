//! What a person looks for, as conditions of SQL.
//!
//! From three characters on a word is a phrase of trigrams, anywhere in a text. One or two characters
//! begin trigrams: where those are few, as with two characters of Chinese, they are looked up in the
//! index; where they are many, texts are read one by one. Each word may be in another turn, or in the
//! title.
//!
//! The index gives what it finds in the order of the texts, so a common word costs as much as it is
//! common, however short the page. Such words are looked for in the newest conversations first.

use rusqlite::types::Value;
use rusqlite::{Connection, params};
use unicode_normalization::char::decompose_canonical;

use super::StoreError;
use super::save::turn_id;

/// Trigrams that are looked up for one or two characters, and texts they are in, at the most.
const MOST_TRIGRAMS: usize = 200;
const MOST_TEXTS: i64 = 20_000;

/// Texts with a word that is not common, at the most.
const FEW: i64 = 2_000;

/// How one word is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    /// A query of the index that few texts answer.
    Few(String),
    /// A query of the index that many texts answer.
    Many(String),
    /// Patterns, one of which fits.
    Like(Vec<String>),
    /// It is nowhere.
    Nowhere,
}

/// How many conversations are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Among {
    /// All there are.
    All,
    /// Those that something else has chosen.
    Few,
    /// Those between two, by their numbers.
    Between(i64, i64),
}

/// The words of a query; those between quotation marks stay together.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in text.replace('\0', " ").split('"').enumerate() {
        if at % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words.retain(|word| !word.trim().is_empty());
    words
}

/// A text as the index has it: without upper and lower case, and without accents on Latin letters.
pub(super) fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter_map(fold)
}

/// A character as the index has it; `None` for an accent that stands by itself.
pub(super) fn fold(c: char) -> Option<char> {
    if is_accent(c) {
        return None;
    }
    let single = |mut of: Box<dyn Iterator<Item = char>>, or: char| match (of.next(), of.next()) {
        (Some(c), None) => c,
        _ => or,
    };
    // By way of the upper case, since some lower ones share one: ς and σ.
    let upper = single(Box::new(c.to_uppercase()), c);
    let lower = single(Box::new(upper.to_lowercase()), c);
    Some(plain(lower).to_ascii_lowercase())
}

/// A Latin letter without its accents. Elsewhere they make another letter: й is not и.
fn plain(c: char) -> char {
    let mut base = c;
    let mut rest_is_accents = true;
    let mut at = 0;
    decompose_canonical(c, |part| {
        if at == 0 {
            base = part;
        } else {
            rest_is_accents &= is_accent(part);
        }
        at += 1;
    });
    if rest_is_accents && base.is_ascii_alphabetic() {
        base
    } else {
        c
    }
}

/// Whether a character only sits on the one before it, among those that Latin letters have.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{304}' | '\u{306}'..='\u{30c}' | '\u{30f}' | '\u{311}' | '\u{31b}'
        | '\u{323}'..='\u{328}' | '\u{32d}' | '\u{32e}' | '\u{330}' | '\u{331}')
}

pub(super) fn condition(connection: &Connection, word: &str) -> Result<Condition, StoreError> {
    let length = folded(word).count();
    if length == 0 {
        return Ok(Condition::Nowhere);
    }
    if length >= 3 {
        return matching(connection, quoted(word));
    }
    let mut beginnings: Vec<String> =
        vec![folded(word).collect(), word.to_lowercase(), word.to_owned()];
    beginnings.dedup();
    let mut statement = connection
        .prepare_cached("SELECT term, doc FROM search_terms WHERE term >= ?1 AND term < ?2")?;
    let mut trigrams = Vec::new();
    let mut texts = 0;
    for beginning in &beginnings {
        let mut rows = statement.query([beginning.clone(), format!("{beginning}\u{10ffff}")])?;
        while let Some(row) = rows.next()? {
            let term: String = row.get(0)?;
            texts += row.get::<_, i64>(1)?;
            if !trigrams.contains(&term) {
                trigrams.push(term);
            }
            if trigrams.len() > MOST_TRIGRAMS || texts > MOST_TEXTS {
                return Ok(Condition::Like(patterns(word)));
            }
        }
    }
    if trigrams.is_empty() {
        return Ok(Condition::Nowhere);
    }
    let queries: Vec<_> = trigrams.iter().map(|term| quoted(term)).collect();
    matching(connection, queries.join(" OR "))
}

fn matching(connection: &Connection, query: String) -> Result<Condition, StoreError> {
    let texts: i64 = connection
        .prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ?1 LIMIT ?2 + 1)",
        )?
        .query_row(params![query, FEW], |row| row.get(0))?;
    Ok(if texts > FEW {
        Condition::Many(query)
    } else {
        Condition::Few(query)
    })
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// SQLite knows upper and lower case of the Latin alphabet alone.
fn patterns(word: &str) -> Vec<String> {
    let mut words = vec![word.to_owned(), word.to_lowercase(), word.to_uppercase()];
    words.sort();
    words.dedup();
    words
        .into_iter()
        .map(|word| {
            let mut pattern = String::from("%");
            for c in word.chars() {
                if ['%', '_', '\\'].contains(&c) {
                    pattern.push('\\');
                }
                pattern.push(c);
            }
            pattern.push('%');
            pattern
        })
        .collect()
}

impl Condition {
    /// Whether it leaves few conversations.
    pub(super) fn is_narrow(&self) -> bool {
        matches!(self, Self::Few(_) | Self::Nowhere)
    }

    /// What must be so of a conversation `c`, where it is asked of a few of them, or of all.
    pub(super) fn of_conversation(&self, among: Among, values: &mut Vec<Value>) -> String {
        match (self, among) {
            (Self::Nowhere, _) => "FALSE".to_owned(),
            (Self::Many(query), Among::Few) => {
                values.push(query.clone().into());
                "EXISTS (SELECT 1 FROM search WHERE search MATCH ? \
                 AND rowid BETWEEN c.number << 20 AND (c.number << 20) + 1048575)"
                    .to_owned()
            }
            (Self::Many(query), Among::Between(least, most)) => {
                values.push(query.clone().into());
                values.extend([turn_id(least, 0).into(), (turn_id(most + 1, 0) - 1).into()]);
                "c.number IN (SELECT rowid >> 20 FROM search WHERE search MATCH ? \
                 AND rowid BETWEEN ? AND ?)"
                    .to_owned()
            }
            (Self::Few(query) | Self::Many(query), _) => {
                values.push(query.clone().into());
                "c.number IN (SELECT rowid >> 20 FROM search WHERE search MATCH ?)".to_owned()
            }
            (Self::Like(patterns), _) => {
                let title = like("c.title", patterns, values);
                let text = like("t.text", patterns, values);
                format!(
                    "({title} OR EXISTS (SELECT 1 FROM texts AS t WHERE t.conversation = c.number \
                     AND {text}))"
                )
            }
        }
    }

    /// The first turn of a conversation it is in: the turn's key.
    pub(super) fn first_turn(
        &self,
        connection: &Connection,
        first: i64,
        last: i64,
    ) -> Result<Option<i64>, StoreError> {
        let mut values: Vec<Value> = Vec::new();
        let sql = match self {
            Self::Nowhere => return Ok(None),
            Self::Few(query) | Self::Many(query) => {
                values.push(query.clone().into());
                "SELECT rowid FROM search WHERE search MATCH ? AND rowid BETWEEN ? AND ? \
                 ORDER BY rowid LIMIT 1"
                    .to_owned()
            }
            Self::Like(patterns) => {
                let text = like("text", patterns, &mut values);
                format!(
                    "SELECT id FROM texts WHERE {text} AND id BETWEEN ? AND ? ORDER BY id LIMIT 1"
                )
            }
        };
        values.extend([first.into(), last.into()]);
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query(rusqlite::params_from_iter(values))?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
    }
}

fn like(column: &str, patterns: &[String], values: &mut Vec<Value>) -> String {
    values.extend(patterns.iter().map(|pattern| pattern.clone().into()));
    let any: Vec<_> = patterns
        .iter()
        .map(|_| format!("{column} LIKE ? ESCAPE '\\'"))
        .collect();
    format!("({})", any.join(" OR "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_apart_and_quotation_marks_keep_them_together() {
        assert_eq!(words("  one two  "), ["one", "two"]);
        assert_eq!(words("a \"b  c\" d"), ["a", "b  c", "d"]);
        assert_eq!(words("\"open end"), ["open end"]);
        assert!(words(" \"\" \" \" ").is_empty());
    }

    #[test]
    fn patterns_mean_their_characters_in_any_case() {
        assert_eq!(patterns("5%"), ["%5\\%%"]);
        assert_eq!(patterns("ä"), ["%Ä%", "%ä%"]);
    }

    #[test]
    fn case_is_folded_one_character_by_one() {
        let folded: String = folded("ΟΣς Äßİ 漢 Ệe\u{301} Йё").collect();
        assert_eq!(folded, "οσσ aßi 漢 ee йё");
    }

    #[test]
    fn what_is_marked_is_what_the_index_finds() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(
                "CREATE VIRTUAL TABLE t USING fts5(x, tokenize='trigram remove_diacritics 1');
                 CREATE VIRTUAL TABLE v USING fts5vocab(t, instance);",
            )
            .unwrap();
        let letters = (0xc0..0x250_u32).chain(0x300..0x460).chain(0x1e00..0x1f00);
        let letters: Vec<char> = letters.filter_map(char::from_u32).collect();
        for (at, letter) in (1_i64..).zip(&letters) {
            connection
                .execute(
                    "INSERT INTO t (rowid, x) VALUES (?1, ?2)",
                    (at, format!("12{letter}3")),
                )
                .unwrap();
        }
        let mut differ = Vec::new();
        for (at, letter) in (1_i64..).zip(&letters) {
            let term: String = connection
                .query_row(
                    "SELECT term FROM v WHERE doc = ?1 AND offset = 0",
                    [at],
                    |row| row.get(0),
                )
                .unwrap();
            let ours: String = folded(&format!("12{letter}3")).take(3).collect();
            if ours != term {
                differ.push((*letter, ours, term));
            }
        }
        // SQLite has older tables of letters: these few are found as they are written.
        differ.retain(|(letter, ..)| !"ıǠǡ\u{345}Ϳ".contains(*letter));
        assert!(differ.is_empty(), "{differ:?}");
    }
}
