//! The files around `alt-text`: which pictures are meant, what is said of each, which are done
//! already, and texts written into metadata. All of it blocks.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::args::MetadataPlace;
use crate::alt_text::Source;
use crate::chat::Failure;
use crate::media;
use crate::media::xmp::{self, Descriptions};

/// What is appended to the name of a copy with metadata.
const COPY_SUFFIX: &str = "-alt";

/// What the paths on the command line come to.
#[derive(Debug, Default)]
pub struct Found {
    /// The pictures, and what was named and is none.
    pub sources: Vec<Source>,
    /// Files in folders that are no pictures.
    pub others: usize,
    /// Folders and files that could not be looked at.
    pub remarks: Vec<String>,
}

/// Finds pictures. A file that was named is always among them; of a folder only what is a picture,
/// without the copies an earlier run made.
pub fn find(paths: &[PathBuf]) -> Found {
    let mut found = Found::default();
    for path in paths {
        if !path.is_dir() {
            found.sources.push(Source {
                path: path.clone(),
                ..Source::default()
            });
            continue;
        }
        let collected = media::pictures(std::slice::from_ref(path), &mut |_| true);
        let before = found.sources.len();
        found.others += collected.others;
        for file in collected.files {
            if is_copy(&file) {
                found.others += 1;
            } else {
                found.sources.push(Source {
                    path: file,
                    ..Source::default()
                });
            }
        }
        for (skipped, reason) in collected.skipped {
            found
                .remarks
                .push(format!("{} {reason}", skipped.display()));
        }
        if found.sources.len() == before {
            found.sources.push(Source {
                path: path.clone(),
                context: None,
                problem: Some(Failure::local(
                    "NoImages",
                    format!("{} is a folder without images", path.display()),
                    "Choose a folder that holds images",
                )),
            });
        }
    }
    found
}

fn is_copy(path: &Path) -> bool {
    let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()) else {
        return false;
    };
    stem.strip_suffix(COPY_SUFFIX).is_some_and(|original| {
        let original = path.with_file_name(original);
        // Not `with_extension`, which would take `b.c` for `b` with an extension.
        with_ending(&original, path).is_file()
    })
}

/// A path with the extension of another appended.
fn with_ending(path: &Path, of: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    if let Some(extension) = of.extension() {
        name.push(".");
        name.push(extension);
    }
    name.into()
}

#[derive(Deserialize)]
struct ContextRow {
    file: PathBuf,
    context: String,
}

/// Gives each picture its context from a CSV file; says which rows suit no picture.
pub fn give_context(csv_file: &Path, sources: &mut [Source]) -> Result<Vec<String>, String> {
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
    let mut remarks = Vec::new();
    for row in reader.deserialize::<ContextRow>() {
        let row = row.map_err(|error| failed(&error))?;
        let mut suits = false;
        // `a.jpg` suits `photos/a.jpg`, `ba.jpg` does not: whole names are compared.
        for source in sources
            .iter_mut()
            .filter(|source| source.path.ends_with(&row.file))
        {
            suits = true;
            source.context = Some(row.context.clone());
        }
        if !suits {
            remarks.push(format!(
                "The context of {} suits no image",
                row.file.display()
            ));
        }
    }
    Ok(remarks)
}

#[derive(Deserialize)]
struct EarlierLine {
    path: PathBuf,
    #[serde(default)]
    text: Option<String>,
}

/// The pictures that have a text in the results of an earlier run.
pub fn done_before(results: &Path) -> io::Result<HashSet<PathBuf>> {
    let mut done = HashSet::new();
    for line in BufReader::new(File::open(results)?).lines() {
        // The last line may be cut off, when the run was killed: its picture is asked for again.
        if let Ok(earlier) = serde_json::from_str::<EarlierLine>(&line?)
            && earlier.text.is_some()
        {
            done.insert(earlier.path);
        }
    }
    Ok(done)
}

/// Writes a text into or beside a picture; gives the file it went into.
pub fn write_metadata(
    picture: &Path,
    place: MetadataPlace,
    language: Option<&str>,
    text: &str,
) -> Result<PathBuf, String> {
    let mut languages = vec![(xmp::DEFAULT_LANGUAGE.to_owned(), text.to_owned())];
    if let Some(tag) = language.filter(|language| is_language_tag(language)) {
        languages.push((tag.to_owned(), text.to_owned()));
    }
    let descriptions = Descriptions {
        alt_text: Some(languages),
        extended: None,
    };
    let (target, result) = match place {
        MetadataPlace::InPlace => (
            picture.to_owned(),
            xmp::write(picture, picture, &descriptions),
        ),
        MetadataPlace::Copy => {
            let target = copy_of(picture);
            // It may be a picture of the person's own.
            if target.exists() {
                return Err(format!(
                    "{} is there already and was left alone; move it away and try again",
                    target.display()
                ));
            }
            let result = xmp::write(picture, &target, &descriptions);
            (target, result)
        }
        MetadataPlace::Sidecar => {
            let mut name = picture.as_os_str().to_owned();
            name.push(".xmp");
            let target = PathBuf::from(name);
            let result = xmp::write_sidecar(picture, &target, &descriptions);
            (target, result)
        }
    };
    match result {
        Ok(()) => Ok(target),
        Err(error) => Err(format!(
            "The text was not written into {}: {error}; the file is as it was",
            target.display()
        )),
    }
}

fn copy_of(picture: &Path) -> PathBuf {
    let mut name = picture.file_stem().unwrap_or_default().to_owned();
    name.push(COPY_SUFFIX);
    with_ending(&picture.with_file_name(name), picture)
}

/// `de` and `pt-BR` are tags, `German` is a name.
fn is_language_tag(language: &str) -> bool {
    let mut parts = language.split('-');
    let first = parts.next().unwrap_or_default();
    matches!(first.len(), 2 | 3)
        && first.chars().all(|c| c.is_ascii_alphabetic())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_names_of_languages_are_told_apart() {
        for (language, is_tag) in [
            ("de", true),
            ("pt-BR", true),
            ("German", false),
            ("", false),
            ("de DE", false),
        ] {
            assert_eq!(is_language_tag(language), is_tag, "{language}");
        }
    }

    #[test]
    fn a_copy_stands_beside_its_picture() {
        assert_eq!(copy_of(Path::new("a/b.c.jpg")), Path::new("a/b.c-alt.jpg"));
        assert_eq!(copy_of(Path::new("b")), Path::new("b-alt"));
    }
}
