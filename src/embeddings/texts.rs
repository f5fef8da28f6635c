//! Many texts out of one file: a line each, a column of a table, a member of JSON Lines.

use std::path::Path;

use serde_json::Value;

/// Names of the column or member that holds the text, in the order they are looked for.
const NAMES: [&str; 6] = ["text", "content", "body", "title", "question", "prompt"];

/// How a file holds texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextsForm {
    /// A text a line.
    Lines,
    /// Comma-separated values.
    Csv,
    /// A JSON value a line.
    JsonLines,
}

impl TextsForm {
    /// The form that a file's name tells; lines when it tells nothing.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let extension = path.extension().unwrap_or_default().to_string_lossy();
        match extension.to_lowercase().as_str() {
            "csv" => Self::Csv,
            "jsonl" | "ndjson" => Self::JsonLines,
            _ => Self::Lines,
        }
    }
}

/// Why there are no texts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextsError {
    /// It is no UTF-8.
    #[error("it is not text in UTF-8; save it as UTF-8 and try again")]
    NotText,
    /// A line or row cannot be read.
    #[error("line {line} cannot be read: {reason}")]
    Line {
        /// Which, counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}

/// Reads the texts of a file. Empty lines are left out; a table's column is the one called text, or
/// its first; a JSON line is a string, or an object with a member called text.
///
/// # Errors
/// When it is no text, or a row is not in its form.
pub fn read_texts(bytes: &[u8], form: TextsForm) -> Result<Vec<String>, TextsError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| TextsError::NotText)?;
    match form {
        TextsForm::Lines => Ok(lines(text)),
        TextsForm::Csv => table(text),
        TextsForm::JsonLines => json_lines(text),
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

fn table(text: &str) -> Result<Vec<String>, TextsError> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut texts = Vec::new();
    let mut column = 0;
    for (at, row) in reader.records().enumerate() {
        let row = row.map_err(|error| TextsError::Line {
            line: at + 1,
            reason: error.to_string(),
        })?;
        if at == 0 {
            let heads: Vec<String> = row.iter().map(|cell| cell.trim().to_lowercase()).collect();
            let named = NAMES
                .iter()
                .find_map(|name| heads.iter().position(|head| head == name));
            if let Some(named) = named {
                column = named;
                continue;
            }
        }
        let cell = row.get(column).unwrap_or_default().trim();
        if !cell.is_empty() {
            texts.push(cell.to_owned());
        }
    }
    Ok(texts)
}

fn json_lines(text: &str) -> Result<Vec<String>, TextsError> {
    let mut texts = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let problem = |reason: String| TextsError::Line {
            line: at + 1,
            reason,
        };
        let value: Value =
            serde_json::from_str(line).map_err(|error| problem(error.to_string()))?;
        let found = match &value {
            Value::String(text) => Some(text.as_str()),
            value => NAMES.iter().find_map(|name| value[*name].as_str()),
        };
        let found = found.ok_or_else(|| {
            problem("it is neither a string nor an object with a member called text".to_owned())
        })?;
        if !found.trim().is_empty() {
            texts.push(found.to_owned());
        }
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, form: TextsForm) -> Result<Vec<String>, TextsError> {
        read_texts(text.as_bytes(), form)
    }

    #[test]
    fn each_form_gives_its_texts() {
        assert_eq!(
            of("\u{feff}one\r\n\n  two \n", TextsForm::Lines).unwrap(),
            ["one", "two"]
        );
        assert_eq!(
            of("id,Text\n1,\"a, b\"\n2,c\n3,\n", TextsForm::Csv).unwrap(),
            ["a, b", "c"]
        );
        assert_eq!(
            of("first,1\nsecond,2\n", TextsForm::Csv).unwrap(),
            ["first", "second"],
            "without a head the first column is meant"
        );
        assert_eq!(
            of(
                "\"a\"\n{\"text\":\"b\"}\n\n{\"content\":\"c\"}",
                TextsForm::JsonLines
            )
            .unwrap(),
            ["a", "b", "c"]
        );
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        assert_eq!(
            read_texts(b"\xff\xfe", TextsForm::Lines),
            Err(TextsError::NotText)
        );
        let wrong = of("\"a\"\n{\"n\":1}", TextsForm::JsonLines).unwrap_err();
        assert!(wrong.to_string().starts_with("line 2 cannot be read"));
        assert!(of("{", TextsForm::JsonLines).is_err());
        assert_eq!(TextsForm::of(Path::new("a/B.CSV")), TextsForm::Csv);
        assert_eq!(TextsForm::of(Path::new("a.ndjson")), TextsForm::JsonLines);
        assert_eq!(TextsForm::of(Path::new("notes")), TextsForm::Lines);
    }
}
