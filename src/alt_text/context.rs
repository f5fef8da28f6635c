//! A table of what is true of single pictures: a CSV file with the columns `file` and `context`, such as the one
//! that results are written to. A row without a context says nothing.
//!
//! It must not know where pictures come from.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::Path;

use serde::Deserialize;

use super::out::as_written;

/// What a table says, by file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContextTable {
    rows: Vec<ContextRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct ContextRow {
    file: String,
    context: String,
}

impl ContextRow {
    fn path(&self) -> &Path {
        Path::new(&self.file)
    }
}

impl ContextTable {
    /// Reads a table. Blocks.
    ///
    /// # Errors
    /// In words: what is wrong with the file, and what it needs.
    pub fn read(csv_file: &Path) -> Result<Self, String> {
        let failed = |error: &dyn std::fmt::Display| {
            format!(
                "The context file {} cannot be used: {error}. It needs the columns file and context, in UTF-8",
                csv_file.display()
            )
        };
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::Headers)
            .from_path(csv_file)
            .map_err(|error| failed(&error))?;
        let rows: Result<Vec<ContextRow>, _> = reader.deserialize().collect();
        let rows = rows.map_err(|error| failed(&error))?;
        // A table that this program wrote has all pictures, with cells that no spreadsheet takes for formulas.
        let rows = rows.into_iter().map(|row| ContextRow {
            file: as_written(&row.file).to_owned(),
            context: as_written(&row.context).to_owned(),
        });
        Ok(Self {
            rows: rows.filter(|row| !row.context.trim().is_empty()).collect(),
        })
    }

    /// Tells what is said of each picture, by its place among those given; gives the files of the table
    /// that suit none. Of two rows for a picture the last one counts.
    pub fn give<'a>(
        &self,
        pictures: impl IntoIterator<Item = &'a Path>,
        mut tell: impl FnMut(usize, &str),
    ) -> Vec<&Path> {
        // By the last part of the path: a table of thousands is given to thousands.
        let mut by_name: HashMap<&OsStr, Vec<usize>> = HashMap::new();
        for (at, row) in self.rows.iter().enumerate() {
            by_name
                .entry(row.path().file_name().unwrap_or_default())
                .or_default()
                .push(at);
        }
        let mut suited = vec![false; self.rows.len()];
        for (place, picture) in pictures.into_iter().enumerate() {
            let name = picture.file_name().unwrap_or_default();
            for &at in by_name.get(name).into_iter().flatten() {
                let row = &self.rows[at];
                // `a.jpg` suits `photos/a.jpg`, `ba.jpg` does not: whole names are compared.
                if picture.ends_with(row.path()) {
                    suited[at] = true;
                    tell(place, &row.context);
                }
            }
        }
        let rows = self.rows.iter().zip(suited);
        rows.filter(|(_, suits)| !suits)
            .map(|(row, _)| row.path())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_names_are_compared_and_the_last_row_counts() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("context.csv");
        std::fs::write(
            &file,
            "file, context\na.jpg,first\na.jpg,second\nno.jpg,x\n",
        )
        .unwrap();
        let table = ContextTable::read(&file).unwrap();
        let mut told = Vec::new();
        let pictures = ["p/a.jpg", "p/ba.jpg"].map(Path::new);
        let left = table.give(pictures, |place, context| {
            told.push((place, context.to_owned()));
        });
        assert_eq!(left, [Path::new("no.jpg")]);
        assert_eq!(told.last(), Some(&(0, "second".to_owned())));
        assert!(told.iter().all(|(place, _)| *place == 0));
    }

    #[test]
    fn a_table_without_its_columns_says_what_it_needs() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("context.csv");
        std::fs::write(&file, "name,words\na,b\n").unwrap();
        let error = ContextTable::read(&file).unwrap_err();
        assert!(error.contains("columns file and context"), "{error}");
    }
}
