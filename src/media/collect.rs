//! What is in the folders that were dropped: every file, in the order people expect, whatever links
//! and permissions say.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Most files that one drop takes in.
const MOST_FILES: usize = 100_000;
/// Deepest folder below the one that was dropped.
const DEEPEST: usize = 64;

/// What was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Regular files, folder by folder, `2.jpg` before `10.jpg`. What they hold is not looked at.
    pub files: Vec<PathBuf>,
    /// What was left out, and why.
    pub skipped: Vec<(PathBuf, Skipped)>,
}

/// Why something was left out. Hidden files inside folders are left out without a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Skipped {
    /// It is gone.
    #[error("does not exist")]
    Missing,
    /// It may not be read, or reading failed.
    #[error("may not be read")]
    Unreadable,
    /// A device, a pipe or the like.
    #[error("is not a regular file")]
    Irregular,
    /// The folder was there already: a link that leads back, or the same folder twice.
    #[error("was already read")]
    Again,
    /// Folders in folders in folders.
    #[error("lies more than {DEEPEST} folders deep")]
    TooDeep,
    /// There is more, which is not taken in.
    #[error("holds more than the {MOST_FILES} files that are taken in at once")]
    TooMany,
}

/// Finds every file in files and folders. Blocks: for a worker thread.
#[must_use]
pub fn collect(paths: &[PathBuf]) -> Collected {
    let mut walk = Walk::default();
    for path in paths {
        walk.visit(path, 0);
    }
    walk.found
}

#[derive(Default)]
struct Walk {
    found: Collected,
    seen: HashSet<PathBuf>,
}

impl Walk {
    fn visit(&mut self, path: &Path, depth: usize) {
        if self.found.files.len() >= MOST_FILES {
            return self.skip(path, Skipped::TooMany);
        }
        // Follows links: a link to a photo is a photo.
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_file() => self.found.files.push(path.to_owned()),
            Ok(metadata) if metadata.is_dir() => self.folder(path, depth),
            Ok(_) => self.skip(path, Skipped::Irregular),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                self.skip(path, Skipped::Missing);
            }
            Err(_) => self.skip(path, Skipped::Unreadable),
        }
    }

    fn folder(&mut self, path: &Path, depth: usize) {
        if depth > DEEPEST {
            return self.skip(path, Skipped::TooDeep);
        }
        let (Ok(real), Ok(entries)) = (fs::canonicalize(path), fs::read_dir(path)) else {
            return self.skip(path, Skipped::Unreadable);
        };
        if !self.seen.insert(real) {
            return self.skip(path, Skipped::Again);
        }
        let mut names: Vec<_> = entries
            .flatten()
            .map(|entry| entry.file_name())
            .filter(|name| !name.to_string_lossy().starts_with('.'))
            .collect();
        names.sort_by(|a, b| natural(&a.to_string_lossy(), &b.to_string_lossy()));
        for name in names {
            self.visit(&path.join(name), depth + 1);
            if matches!(self.found.skipped.last(), Some((_, Skipped::TooMany))) {
                return;
            }
        }
    }

    fn skip(&mut self, path: &Path, reason: Skipped) {
        self.found.skipped.push((path.to_owned(), reason));
    }
}

/// The order people expect: numbers by value, letters whatever their case.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let order = match (left.chars().next(), right.chars().next()) {
            // `a1` and `a01`, `A` and `a`: never equal, or the order would be chance.
            (None, None) => return a.cmp(b),
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let (x, y) = (take_number(&mut left), take_number(&mut right));
                x.len().cmp(&y.len()).then_with(|| x.cmp(y))
            }
            (x, y) => {
                left = &left[x.map_or(0, char::len_utf8)..];
                right = &right[y.map_or(0, char::len_utf8)..];
                let lower = |c: Option<char>| c.map(|c| c.to_lowercase().collect::<String>());
                lower(x).cmp(&lower(y))
            }
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Takes the digits at the front, without leading zeros.
fn take_number<'a>(text: &mut &'a str) -> &'a str {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    *text = rest;
    number.trim_start_matches('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(found: &Collected) -> Vec<String> {
        let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        found.files.iter().map(name).collect()
    }

    #[test]
    fn folders_are_read_through_in_natural_order_without_hidden_files() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("more")).unwrap();
        for name in [
            "img10.jpg",
            "IMG2.jpg",
            "img1.jpg",
            ".DS_Store",
            "more/z.png",
        ] {
            fs::write(folder.path().join(name), b"x").unwrap();
        }
        let found = collect(&[folder.path().to_owned()]);
        assert_eq!(
            names(&found),
            ["img1.jpg", "IMG2.jpg", "img10.jpg", "z.png"]
        );
        assert_eq!(found.skipped, []);
    }

    #[test]
    fn what_is_gone_is_named() {
        let gone = PathBuf::from("/nowhere/at all");
        let found = collect(std::slice::from_ref(&gone));
        assert_eq!(found.skipped, [(gone, Skipped::Missing)]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_back_ends() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.png"), b"x").unwrap();
        let back = folder.path().join("back");
        std::os::unix::fs::symlink(folder.path(), &back).unwrap();
        let found = collect(&[folder.path().to_owned()]);
        assert_eq!(names(&found), ["a.png"]);
        assert_eq!(found.skipped, [(back, Skipped::Again)]);
    }

    #[test]
    fn numbers_count_and_order_is_total() {
        let mut names = ["b", "a10", "a9", "A1", "a01", "a1", "a"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["a", "A1", "a01", "a1", "a9", "a10", "b"]);
    }
}
