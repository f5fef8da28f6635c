//! Values for the places of a prompt, a row a run: typed, pasted from a spreadsheet, or out of a file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

/// The most rows of a table.
pub const MOST_ROWS: usize = 10_000;
/// The most columns that are shown and kept.
const MOST_COLUMNS: usize = 100;
/// Columns that are files to send along, unless the prompt has a place of that name.
const FILES: [&str; 4] = ["image", "images", "document", "documents"];

/// Why a table cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// It is no table.
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
    /// There are no rows.
    #[error("the table has no rows below its head")]
    Empty,
    /// There are too many rows or columns.
    #[error("the table is too large: at most {MOST_ROWS} rows and {MOST_COLUMNS} columns")]
    TooLarge,
}

/// A table of values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Names of places, and of what else is there.
    pub columns: Vec<String>,
    /// The values, a cell a column.
    pub rows: Vec<Vec<String>>,
}

/// What one row gives to a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowValues {
    /// Values by the names of their places.
    pub values: BTreeMap<String, String>,
    /// Images and documents to send along.
    pub files: Vec<PathBuf>,
}

impl Table {
    /// A table with one empty row for these places.
    #[must_use]
    pub fn for_variables(variables: &[String]) -> Self {
        Self {
            columns: variables.to_vec(),
            rows: vec![vec![String::new(); variables.len()]],
        }
    }

    /// Reads a table with a head: comma, semicolon or tab between cells, or a JSON object a line.
    ///
    /// # Errors
    /// When it is none, or too large.
    pub fn parse(text: &str) -> Result<Self, TableError> {
        // Spreadsheets put this in front of their UTF-8.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let table = if text.trim_start().starts_with('{') {
            Self::of_json_lines(text)?
        } else {
            Self::of_cells(text)?
        };
        if table.rows.is_empty() {
            return Err(TableError::Empty);
        }
        if table.columns.len() > MOST_COLUMNS {
            return Err(TableError::TooLarge);
        }
        Ok(table)
    }

    fn of_cells(text: &str) -> Result<Self, TableError> {
        let head = text.lines().next().unwrap_or_default();
        let delimiter = [b'\t', b';']
            .into_iter()
            .find(|delimiter| head.as_bytes().contains(delimiter))
            .unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .trim(csv::Trim::Headers)
            .from_reader(text.as_bytes());
        let columns = reader.headers()?.iter().map(str::to_owned).collect();
        let mut rows = Vec::new();
        for record in reader.records() {
            if rows.len() == MOST_ROWS {
                return Err(TableError::TooLarge);
            }
            rows.push(record?.iter().map(str::to_owned).collect());
        }
        Ok(Self { columns, rows })
    }

    fn of_json_lines(text: &str) -> Result<Self, TableError> {
        let mut table = Self::default();
        for (at, line) in text.lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            if table.rows.len() == MOST_ROWS {
                return Err(TableError::TooLarge);
            }
            let object: Map<String, Value> =
                serde_json::from_str(line).map_err(|error| TableError::Json {
                    line: at + 1,
                    reason: error.to_string(),
                })?;
            let mut row = vec![String::new(); table.columns.len()];
            for (name, value) in object {
                let value = match value {
                    Value::String(text) => text,
                    Value::Null => String::new(),
                    other => other.to_string(),
                };
                let known = table.columns.iter().position(|column| *column == name);
                if let Some(column) = known {
                    row[column] = value;
                } else {
                    table.columns.push(name);
                    row.push(value);
                }
            }
            table.rows.push(row);
        }
        let width = table.columns.len();
        for row in &mut table.rows {
            row.resize(width, String::new());
        }
        Ok(table)
    }

    /// Makes sure that every place has a column; what is there stays.
    pub fn cover(&mut self, variables: &[String]) {
        for name in variables {
            if !self.columns.contains(name) {
                self.columns.push(name.clone());
                for row in &mut self.rows {
                    row.push(String::new());
                }
            }
        }
    }

    /// Places that have no column.
    #[must_use]
    pub fn missing<'v>(&self, variables: &'v [String]) -> Vec<&'v str> {
        let missing = variables.iter().filter(|name| !self.columns.contains(name));
        missing.map(String::as_str).collect()
    }

    /// What a row gives to a prompt with these places; paths are seen from a folder.
    #[must_use]
    pub fn row(&self, row: usize, variables: &[String], folder: &Path) -> RowValues {
        let mut given = RowValues::default();
        let cells = self.rows.get(row).into_iter().flatten();
        for (name, cell) in self.columns.iter().zip(cells) {
            let is_file = FILES.iter().any(|file| name.eq_ignore_ascii_case(file))
                && !variables.contains(name);
            if is_file {
                let paths = cell.split(';').map(str::trim);
                let paths = paths.filter(|path| !path.is_empty());
                given.files.extend(paths.map(|path| folder.join(path)));
            } else {
                given.values.insert(name.clone(), cell.clone());
            }
        }
        given
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn commas_semicolons_tabs_and_json_lines_are_the_same_table() {
        let expected = Table {
            columns: names(&["city", "land"]),
            rows: vec![names(&["Oslo", "Norway"]), names(&["Rome", ""])],
        };
        for text in [
            "\u{feff}city,land\nOslo,Norway\nRome,\n",
            "city;land\nOslo;Norway\nRome;\n",
            "city\tland\nOslo\tNorway\nRome\t\n",
            "{\"city\":\"Oslo\",\"land\":\"Norway\"}\n\n{\"land\":null,\"city\":\"Rome\"}\n",
        ] {
            assert_eq!(Table::parse(text).expect(text), expected);
        }
    }

    #[test]
    fn a_table_that_cannot_be_used_says_why() {
        let error = |text| Table::parse(text).expect_err(text).to_string();
        assert_eq!(error(""), "the table has no rows below its head");
        assert_eq!(error("city\n"), "the table has no rows below its head");
        assert!(error("a,b\n1\n").starts_with("the table cannot be read"));
        assert!(error("{\"a\":1}\n{]\n").starts_with("line 2 is no JSON object"));
    }

    #[test]
    fn a_column_of_files_is_one_unless_the_prompt_wants_it() {
        let table = Table::parse("image,city\na.png; b.png,Oslo\n").expect("a table");
        let folder = Path::new("shop");
        let row = table.row(0, &names(&["city"]), folder);
        assert_eq!(row.files, [folder.join("a.png"), folder.join("b.png")]);
        assert_eq!(row.values.get("city").map(String::as_str), Some("Oslo"));
        let row = table.row(0, &names(&["image"]), folder);
        assert!(row.files.is_empty());
        assert_eq!(row.values["image"], "a.png; b.png");
    }

    #[test]
    fn new_places_get_columns_and_old_ones_stay() {
        let mut table = Table::for_variables(&names(&["a"]));
        table.rows[0][0] = "1".to_owned();
        table.cover(&names(&["a", "b"]));
        assert_eq!(table.rows, [names(&["1", ""])]);
        assert_eq!(table.missing(&names(&["b", "c"])), ["c"]);
    }
}
