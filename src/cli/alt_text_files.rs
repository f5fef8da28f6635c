//! The files around `alt-text`: which pictures are meant, what is said of each, and which are done
//! already.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::CommandError;
use super::output::Output;
use crate::alt_text::{ContextTable, Source, is_copy};
use crate::chat::Failure;
use crate::media;

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

/// Finds pictures where it keeps nobody waiting, leaves out those that have a text in earlier results,
/// and gives each its context; says what could not be looked at.
pub async fn sources(
    paths: Vec<PathBuf>,
    of_documents: Vec<Source>,
    earlier_results: Option<PathBuf>,
    context: Option<PathBuf>,
    output: &mut Output,
) -> Result<Found, CommandError> {
    let work = move || {
        let mut found = find(&paths);
        found.sources.extend(of_documents);
        if let Some(results) = &earlier_results {
            let done = done_before(results).map_err(|error| {
                format!(
                    "The results {} cannot be read: {error}; name a JSON Lines file of an earlier run",
                    results.display()
                )
            })?;
            found.sources.retain(|source| !done.contains(&source.path));
        }
        if let Some(context) = &context {
            let remarks = give_context(context, &mut found.sources)?;
            found.remarks.extend(remarks);
        }
        Ok(found)
    };
    let found = tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)?
        .map_err(CommandError::Usage)?;
    for remark in &found.remarks {
        output.note(remark);
    }
    Ok(found)
}

/// Finds pictures. A file that was named is always among them; of a folder only what is a picture,
/// without the copies an earlier run made.
fn find(paths: &[PathBuf]) -> Found {
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
                problem: Some(Failure::local(
                    "NoImages",
                    format!("{} is a folder without images", path.display()),
                    "Choose a folder that holds images",
                )),
                ..Source::default()
            });
        }
    }
    found
}

/// Gives each picture its context from a CSV file; says which rows suit no picture.
fn give_context(csv_file: &Path, sources: &mut [Source]) -> Result<Vec<String>, String> {
    let table = ContextTable::read(csv_file)?;
    let mut said = vec![None; sources.len()];
    let pictures = sources.iter().map(|source| source.path.as_path());
    let left = table.give(pictures, |place, context| {
        said[place] = Some(context.to_owned());
    });
    for (source, context) in sources.iter_mut().zip(said) {
        source.context = context.or(source.context.take());
    }
    let remark = |file: &&Path| format!("The context of {} suits no image", file.display());
    Ok(left.iter().map(remark).collect())
}

#[derive(Deserialize)]
struct EarlierLine {
    path: PathBuf,
    #[serde(default)]
    text: Option<String>,
}

/// The pictures that have a text in the results of an earlier run.
fn done_before(results: &Path) -> io::Result<HashSet<PathBuf>> {
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

/// Opens the results of an earlier run to write more of them, on a line of their own even if the last one was
/// cut off.
pub fn go_on(results: &Path) -> io::Result<File> {
    let mut file = OpenOptions::new().read(true).append(true).open(results)?;
    if file.seek(SeekFrom::End(0))? > 0 {
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            file.write_all(b"\n")?;
        }
    }
    Ok(file)
}
