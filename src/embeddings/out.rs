//! Vectors and similarities as files.

use std::io::{self, Write};

use serde_json::json;

use super::npy::write_npy;
use super::similarity::Matrix;

/// The forms of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A row a text: the text, its tokens, its numbers.
    Csv,
    /// One array of objects.
    Json,
    /// `NumPy`: the numbers alone, in the order of the texts.
    Npy,
}

impl Format {
    /// Every form.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Json, Self::Npy];

    /// What people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Json => "JSON",
            Self::Npy => "NumPy",
        }
    }

    /// How a file with it ends, without the dot.
    #[must_use]
    pub fn file_extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Npy => "npy",
        }
    }
}

/// A text with its vector.
#[derive(Clone, Debug)]
pub struct Row {
    /// The text, or a picture's name.
    pub name: String,
    /// Whether it is a picture.
    pub is_image: bool,
    /// Its tokens, where they were counted for it alone.
    pub tokens: Option<u64>,
    /// Its vector.
    pub vector: std::sync::Arc<[f32]>,
}

/// Writes vectors.
///
/// # Errors
/// When the writer refuses, or for `NumPy` vectors of different lengths.
pub fn write(to: &mut dyn Write, format: Format, rows: &[Row]) -> io::Result<()> {
    match format {
        Format::Csv => {
            let length = rows.iter().map(|row| row.vector.len()).max().unwrap_or(0);
            let mut table = csv::WriterBuilder::new().flexible(true).from_writer(to);
            let heads = ["kind", "text", "tokens"].map(str::to_owned);
            let numbers = (0..length).map(|at| format!("d{at}"));
            table.write_record(heads.into_iter().chain(numbers))?;
            for row in rows {
                let tokens = row
                    .tokens
                    .map_or_else(String::new, |count| count.to_string());
                let first = [kind(row).to_owned(), row.name.clone(), tokens];
                let numbers = row.vector.iter().map(f32::to_string);
                table.write_record(first.into_iter().chain(numbers))?;
            }
            table.flush()
        }
        Format::Json => {
            let objects: Vec<_> = rows
                .iter()
                .map(|row| {
                    let mut object = json!({
                        kind(row): row.name,
                        "embedding": row.vector.iter().collect::<Vec<_>>(),
                    });
                    if let Some(tokens) = row.tokens {
                        object["tokens"] = tokens.into();
                    }
                    object
                })
                .collect();
            serde_json::to_writer(&mut *to, &objects)?;
            to.write_all(b"\n")
        }
        Format::Npy => {
            let length = rows.first().map_or(0, |row| row.vector.len());
            write_npy(to, rows.len(), length, rows.iter().map(|row| &*row.vector))
        }
    }
}

fn kind(row: &Row) -> &'static str {
    if row.is_image { "image" } else { "text" }
}

/// Writes the similarity of all to all: a table with names, or JSON with names and rows.
///
/// # Errors
/// When the writer refuses.
pub fn write_matrix(
    to: &mut dyn Write,
    format: Format,
    names: &[String],
    matrix: &Matrix,
) -> io::Result<()> {
    let rows = (0..matrix.size()).map(|row| matrix.row(row));
    match format {
        Format::Csv => {
            let names = &names[..matrix.size().min(names.len())];
            let mut table = csv::Writer::from_writer(to);
            let corner = std::iter::once("");
            table.write_record(corner.chain(names.iter().map(String::as_str)))?;
            for (name, row) in names.iter().zip(rows) {
                let numbers = row.iter().map(f32::to_string);
                table.write_record(std::iter::once(name.clone()).chain(numbers))?;
            }
            table.flush()
        }
        Format::Json => {
            let rows: Vec<&[f32]> = rows.collect();
            serde_json::to_writer(&mut *to, &json!({ "texts": names, "similarity": rows }))?;
            to.write_all(b"\n")
        }
        Format::Npy => matrix_npy(to, matrix),
    }
}

/// The same in `NumPy`'s form.
///
/// # Errors
/// When the writer refuses.
pub fn matrix_npy(to: &mut dyn Write, matrix: &Matrix) -> io::Result<()> {
    let rows = (0..matrix.size()).map(|row| matrix.row(row));
    write_npy(to, matrix.size(), matrix.size(), rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Row> {
        vec![
            Row {
                name: "a, b".to_owned(),
                is_image: false,
                tokens: Some(3),
                vector: [0.5, -0.25].into(),
            },
            Row {
                name: "photo.png".to_owned(),
                is_image: true,
                tokens: None,
                vector: [1.0, 0.0].into(),
            },
        ]
    }

    fn written(format: Format) -> String {
        let mut bytes = Vec::new();
        write(&mut bytes, format, &rows()).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn tables_and_json_hold_texts_and_numbers() {
        assert_eq!(
            written(Format::Csv),
            "kind,text,tokens,d0,d1\ntext,\"a, b\",3,0.5,-0.25\nimage,photo.png,,1,0\n"
        );
        let json: serde_json::Value = serde_json::from_str(&written(Format::Json)).unwrap();
        assert_eq!(
            json,
            json!([{"text": "a, b", "tokens": 3, "embedding": [0.5, -0.25]},
                   {"image": "photo.png", "embedding": [1.0, 0.0]}])
        );
    }

    #[test]
    fn a_matrix_has_its_names_on_both_sides() {
        let matrix = Matrix::of(&[[1.0, 0.0], [0.0, 1.0]]);
        let names = ["a".to_owned(), "b".to_owned()];
        let mut bytes = Vec::new();
        write_matrix(&mut bytes, Format::Csv, &names, &matrix).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), ",a,b\na,1,0\nb,0,1\n");
    }
}
