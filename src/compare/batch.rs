//! Many prompts out of a table: CSV with a head, or JSON Lines.
//!
//! `prompt` is what is asked; `image`, `images`, `document` and `documents` are paths, seen from the
//! table's folder, several of them separated by `;` or in an array. Every other column is a value for
//! the place of its name in the prompt: `{{city}}`. Rows without a prompt take the one given for all.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::{MissingVariable, Prompt};

/// The most prompts of one batch.
pub const MOST_ROWS: usize = 10_000;

/// The column that is asked.
const PROMPT: &str = "prompt";
/// The columns that are files.
const FILES: [&str; 4] = ["image", "images", "document", "documents"];

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchForm {
    /// Comma-separated values with a head.
    Csv,
    /// One object a line.
    JsonLines,
}

impl BatchForm {
    /// By a file's name: JSON Lines where it says so, else CSV.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let extension = path.extension().and_then(|extension| extension.to_str());
        match extension.map(str::to_ascii_lowercase).as_deref() {
            Some("jsonl" | "ndjson" | "json") => Self::JsonLines,
            _ => Self::Csv,
        }
    }
}

/// Why a table cannot be used. Nothing of it is asked then, so that nothing is paid for by mistake.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// It is no CSV.
    #[error("the table cannot be read: {0}")]
    Csv(#[from] csv::Error),
    /// A line is no JSON object.
    #[error("line {line} is no JSON object: {reason}")]
    Json {
        /// From 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// A value is neither text, number nor truth value.
    #[error("line {line}: {name} must be text or a number")]
    Value {
        /// From 1.
        line: usize,
        /// Of which column.
        name: String,
    },
    /// There is nothing to ask.
    #[error(
        "row {row} has no prompt; give the table a column named prompt, or a prompt for all rows"
    )]
    NoPrompt {
        /// From 1, the head not counted.
        row: usize,
    },
    /// A place has no value.
    #[error("row {row}: {missing}; give the table a column of that name")]
    Variable {
        /// From 1, the head not counted.
        row: usize,
        /// Which place.
        missing: MissingVariable,
    },
    /// There are no rows.
    #[error("the table has no rows")]
    Empty,
    /// There are too many.
    #[error("the table has more than {MOST_ROWS} rows; split it")]
    TooLong,
}

/// Reads a table. `folder` is where its paths begin, `template` the prompt of rows without one.
///
/// # Errors
/// When any row cannot be asked.
pub fn read_batch(
    bytes: &[u8],
    form: BatchForm,
    folder: &Path,
    template: Option<&str>,
) -> Result<Vec<Prompt>, BatchError> {
    // Spreadsheets put this in front of their UTF-8.
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let records = match form {
        BatchForm::Csv => csv_records(bytes)?,
        BatchForm::JsonLines => json_records(bytes)?,
    };
    if records.is_empty() {
        return Err(BatchError::Empty);
    }
    let rows = records.into_iter().enumerate();
    rows.map(|(at, record)| prompt(at + 1, record, folder, template))
        .collect()
}

/// The values of a row, each under its name; a name may have several.
type Record = Vec<(String, String)>;

fn csv_records(bytes: &[u8]) -> Result<Vec<Record>, BatchError> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::Headers)
        .flexible(false)
        .from_reader(bytes);
    let names: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let mut records = Vec::new();
    for record in reader.records() {
        let record = record?;
        if records.len() == MOST_ROWS {
            return Err(BatchError::TooLong);
        }
        let mut row = Record::new();
        for (name, value) in names.iter().zip(record.iter()) {
            if is_file(name) {
                let paths = value.split(';').map(str::trim);
                let paths = paths.filter(|path| !path.is_empty());
                row.extend(paths.map(|path| (name.clone(), path.to_owned())));
            } else {
                row.push((name.clone(), value.to_owned()));
            }
        }
        records.push(row);
    }
    Ok(records)
}

fn json_records(bytes: &[u8]) -> Result<Vec<Record>, BatchError> {
    let text = String::from_utf8_lossy(bytes);
    let mut records = Vec::new();
    for (at, text) in text.lines().enumerate() {
        if text.trim().is_empty() {
            continue;
        }
        let line = at + 1;
        let object: Map<String, Value> =
            serde_json::from_str(text).map_err(|error| BatchError::Json {
                line,
                reason: error.to_string(),
            })?;
        if records.len() == MOST_ROWS {
            return Err(BatchError::TooLong);
        }
        let mut row = Record::new();
        for (name, value) in object {
            let values = match value {
                Value::Array(values) if is_file(&name) => values,
                Value::Null => Vec::new(),
                value => vec![value],
            };
            for value in values {
                let value = plain(&value).ok_or_else(|| BatchError::Value {
                    line,
                    name: name.clone(),
                })?;
                row.push((name.clone(), value));
            }
        }
        records.push(row);
    }
    Ok(records)
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

fn is_file(name: &str) -> bool {
    FILES.iter().any(|file| name.eq_ignore_ascii_case(file))
}

fn prompt(
    row: usize,
    record: Record,
    folder: &Path,
    template: Option<&str>,
) -> Result<Prompt, BatchError> {
    let mut text = None;
    let mut variables = BTreeMap::new();
    let mut files: Vec<PathBuf> = Vec::new();
    for (name, value) in record {
        if is_file(&name) {
            files.push(folder.join(value));
        } else if name.eq_ignore_ascii_case(PROMPT) {
            text = Some(value).filter(|text| !text.trim().is_empty());
        } else {
            variables.insert(name, value);
        }
    }
    let text = text
        .or_else(|| template.map(str::to_owned))
        .ok_or(BatchError::NoPrompt { row })?;
    let prompt = Prompt {
        text,
        variables,
        is_template: true,
        files,
        media: Vec::new(),
    };
    match prompt.words() {
        Ok(_) => Ok(prompt),
        Err(missing) => Err(BatchError::Variable { row, missing }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, form: BatchForm, template: Option<&str>) -> Result<Vec<Prompt>, String> {
        read_batch(text.as_bytes(), form, Path::new("tables"), template)
            .map_err(|error| error.to_string())
    }

    fn words(prompts: &[Prompt]) -> Vec<String> {
        prompts
            .iter()
            .map(|prompt| prompt.words().unwrap())
            .collect()
    }

    #[test]
    fn rows_of_csv_fill_a_prompt() {
        let table = "\u{feff}prompt,city,image\n\
                     ,Oslo,a.png\n\
                     \"Is {{city}}, by the sea?\",Rome,b.png; c.png\n";
        let prompts = read(table, BatchForm::Csv, Some("Describe {{city}}")).unwrap();
        assert_eq!(words(&prompts), ["Describe Oslo", "Is Rome, by the sea?"]);
        assert_eq!(prompts[0].files, [Path::new("tables").join("a.png")]);
        assert_eq!(prompts[1].files.len(), 2);
    }

    #[test]
    fn json_lines_have_the_same_members() {
        let lines = "{\"prompt\":\"{{a}} + {{b}}\",\"a\":1,\"b\":\"two\",\"images\":[\"x.png\",\"y;z.png\"]}\n\n\
                     {\"prompt\":\"plain\",\"image\":null}\n";
        let prompts = read(lines, BatchForm::JsonLines, None).unwrap();
        assert_eq!(words(&prompts), ["1 + two", "plain"]);
        assert_eq!(prompts[0].files[1], Path::new("tables").join("y;z.png"));
        assert!(prompts[1].files.is_empty());
    }

    #[test]
    fn a_table_that_cannot_be_asked_says_where() {
        let csv = |text| read(text, BatchForm::Csv, None).unwrap_err();
        assert_eq!(csv(""), "the table has no rows");
        assert_eq!(csv("prompt\n"), "the table has no rows");
        assert!(csv("city\nOslo\n").starts_with("row 1 has no prompt"));
        assert_eq!(
            csv("prompt,city\nfine,x\nTo {{land}},y\n"),
            "row 2: no value is given for {{land}}; give the table a column of that name"
        );
        assert!(csv("prompt,city\nonly one\n").starts_with("the table cannot be read"));
        let json = |text| read(text, BatchForm::JsonLines, None).unwrap_err();
        assert!(json("{\"prompt\":\"a\"}\n[1]\n").starts_with("line 2 is no JSON object"));
        assert_eq!(
            json("{\"prompt\":\"a\",\"x\":{}}"),
            "line 1: x must be text or a number"
        );
    }

    #[test]
    fn the_form_is_told_by_the_name() {
        assert_eq!(BatchForm::of(Path::new("a.CSV")), BatchForm::Csv);
        assert_eq!(BatchForm::of(Path::new("a.JSONL")), BatchForm::JsonLines);
        assert_eq!(BatchForm::of(Path::new("a")), BatchForm::Csv);
    }
}
