//! What is in the folders that were dropped: every file, or every picture, in the order people
//! expect, whatever links and permissions say.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::fs::{self, File, FileType};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::{Kind, sniff};

/// Most files that one drop takes in.
pub const MOST_FILES: usize = 100_000;
/// Deepest folder below the one that was dropped.
const DEEPEST: usize = 64;
/// Enough of a file to tell whether it is a picture.
const HEAD: u64 = 4_096;
/// How many files are looked at between two words about it.
const FILES_PER_WORD: usize = 256;

/// Extensions that only pictures have; they are believed until the file is opened.
const PICTURES: [&str; 18] = [
    "apng", "avif", "bmp", "dib", "gif", "heic", "heif", "hif", "jfif", "jpe", "jpeg", "jpg",
    "jxl", "png", "svg", "tif", "tiff", "webp",
];

/// What was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Regular files, folder by folder, `2.jpg` before `10.jpg`.
    pub files: Vec<PathBuf>,
    /// How many files in folders are no pictures, when only pictures were wanted.
    pub others: usize,
    /// What was left out, and why.
    pub skipped: Vec<(PathBuf, Skipped)>,
    /// Whether somebody ended the search before its end.
    pub stopped: bool,
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
    /// The folder was there already: the same folder twice.
    #[error("was already read")]
    Again,
    /// A link inside a folder may lead anywhere, and back.
    #[error("is a link to a folder, which is not followed; add the folder itself")]
    Link,
    /// Folders in folders in folders.
    #[error("lies more than {DEEPEST} folders deep")]
    TooDeep,
    /// There is more, which is not taken in.
    #[error("and what comes after it was left out: at most 100,000 files are taken in at once")]
    TooMany,
}

/// Finds every file in files and folders; what they hold is not looked at. Blocks: for a worker
/// thread.
#[must_use]
pub fn collect(paths: &[PathBuf]) -> Collected {
    walk(paths, false, &mut |_| true)
}

/// Finds the pictures in files and folders: of a folder what is a picture by its name, or else by its
/// first bytes; a file that was named itself is always among them. So quick that it can count what
/// was dropped before anything is opened.
///
/// `so_far` hears now and then how many were found, and ends the search by `false`. Blocks: for a
/// worker thread.
#[must_use]
pub fn pictures(paths: &[PathBuf], so_far: &mut dyn FnMut(usize) -> bool) -> Collected {
    walk(paths, true, so_far)
}

fn walk(
    paths: &[PathBuf],
    only_pictures: bool,
    so_far: &mut dyn FnMut(usize) -> bool,
) -> Collected {
    let mut walk = Walk {
        found: Collected::default(),
        seen: HashSet::new(),
        looked_at: 0,
        only_pictures,
        so_far,
    };
    for path in paths {
        // Follows links: what was dropped is what is meant.
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_file() => walk.file(path.clone(), true),
            Ok(metadata) => walk.visit(path.clone(), metadata.file_type(), 0),
            Err(error) => walk.failed(path, &error),
        }
        if walk.is_over() {
            break;
        }
    }
    walk.found
}

struct Walk<'a> {
    found: Collected,
    seen: HashSet<PathBuf>,
    looked_at: usize,
    only_pictures: bool,
    so_far: &'a mut dyn FnMut(usize) -> bool,
}

impl Walk<'_> {
    fn visit(&mut self, path: PathBuf, kind: FileType, depth: usize) {
        if kind.is_file() {
            self.file(path, false);
        } else if kind.is_dir() {
            self.folder(&path, depth);
        } else if kind.is_symlink() {
            // A link to a photo is a photo.
            match fs::metadata(&path) {
                Ok(metadata) if metadata.is_file() => self.file(path, false),
                Ok(metadata) if metadata.is_dir() => self.skip(&path, Skipped::Link),
                Ok(_) => self.skip(&path, Skipped::Irregular),
                Err(error) => self.failed(&path, &error),
            }
        } else {
            self.skip(&path, Skipped::Irregular);
        }
    }

    fn file(&mut self, path: PathBuf, named: bool) {
        self.looked_at += 1;
        if self.looked_at.is_multiple_of(FILES_PER_WORD) && !(self.so_far)(self.found.files.len()) {
            self.found.stopped = true;
        } else if self.only_pictures && !named && !is_picture(&path) {
            self.found.others += 1;
        } else if self.found.files.len() >= MOST_FILES {
            self.skip(&path, Skipped::TooMany);
        } else {
            self.found.files.push(path);
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
        let mut entries: Vec<_> = entries
            .flatten()
            .map(|entry| (entry.file_name(), entry.file_type()))
            .filter(|(name, _)| !name.to_string_lossy().starts_with('.'))
            .collect();
        entries.sort_by(|(a, _), (b, _)| natural(&a.to_string_lossy(), &b.to_string_lossy()));
        for (name, kind) in entries {
            let path = path.join(name);
            match kind {
                Ok(kind) => self.visit(path, kind, depth + 1),
                Err(error) => self.failed(&path, &error),
            }
            if self.is_over() {
                return;
            }
        }
    }

    fn is_over(&self) -> bool {
        self.found.stopped || matches!(self.found.skipped.last(), Some((_, Skipped::TooMany)))
    }

    fn failed(&mut self, path: &Path, error: &std::io::Error) {
        let gone = error.kind() == std::io::ErrorKind::NotFound;
        self.skip(
            path,
            if gone {
                Skipped::Missing
            } else {
                Skipped::Unreadable
            },
        );
    }

    fn skip(&mut self, path: &Path, reason: Skipped) {
        self.found.skipped.push((path.to_owned(), reason));
    }
}

/// Whether a file is a picture. One that cannot be read counts: why not is said when it is opened.
fn is_picture(path: &Path) -> bool {
    let extension = path
        .extension()
        .map(|extension| extension.to_string_lossy());
    if extension.is_some_and(|extension| PICTURES.contains(&extension.to_lowercase().as_str())) {
        return true;
    }
    let mut head = Vec::new();
    match File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head)) {
        Ok(_) => !matches!(sniff(&head), Kind::Other(_)),
        Err(_) => true,
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
        fs::create_dir(folder.path().join(".thumbnails")).unwrap();
        for name in [
            "img10.jpg",
            "IMG2.jpg",
            "img1.jpg",
            ".DS_Store",
            ".thumbnails/a.png",
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
    fn pictures_are_told_by_name_or_by_content() {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in [
            (
                "a.JPG",
                &b"not a picture, which is said when it is opened"[..],
            ),
            ("b.dat", b"\x89PNG\r\n\x1a\n"),
            ("notes.txt", b"hello"),
            ("page.html", b"<html>"),
        ] {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        let found = pictures(&[folder.path().to_owned()], &mut |_| true);
        assert_eq!(names(&found), ["a.JPG", "b.dat"]);
        assert_eq!(found.others, 2);
        // What was named itself stays: it may be a mistake worth a word.
        let named = folder.path().join("notes.txt");
        assert_eq!(names(&pictures(&[named], &mut |_| true)), ["notes.txt"]);
    }

    #[test]
    fn a_search_is_heard_of_and_can_be_ended() {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..600 {
            fs::write(folder.path().join(format!("{number}.png")), b"").unwrap();
        }
        let mut heard = Vec::new();
        let found = pictures(&[folder.path().to_owned()], &mut |count| {
            heard.push(count);
            heard.len() < 2
        });
        assert_eq!(heard, [255, 511]);
        assert!(found.stopped && found.files.len() == 511);
    }

    #[test]
    fn what_is_gone_is_named() {
        let gone = PathBuf::from("/nowhere/at all");
        let found = collect(std::slice::from_ref(&gone));
        assert_eq!(found.skipped, [(gone, Skipped::Missing)]);
    }

    #[cfg(unix)]
    #[test]
    fn links_to_folders_are_named_and_links_to_files_are_files() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        fs::write(elsewhere.path().join("photo.png"), b"x").unwrap();
        let (back, out) = (folder.path().join("back"), folder.path().join("out"));
        let (photo, dangling) = (folder.path().join("b.png"), folder.path().join("c.png"));
        fs::write(folder.path().join("a.png"), b"x").unwrap();
        symlink(folder.path(), &back).unwrap();
        symlink(elsewhere.path(), &out).unwrap();
        symlink(elsewhere.path().join("photo.png"), &photo).unwrap();
        symlink("/nowhere/at all", &dangling).unwrap();
        let found = collect(&[folder.path().to_owned()]);
        assert_eq!(names(&found), ["a.png", "b.png"]);
        assert_eq!(
            found.skipped,
            [
                (back.clone(), Skipped::Link),
                (dangling, Skipped::Missing),
                (out.clone(), Skipped::Link),
            ]
        );
        // Dropped by itself, the folder behind a link is meant; but nothing is read twice.
        let found = collect(&[folder.path().to_owned(), back.clone(), out]);
        assert_eq!(names(&found), ["a.png", "b.png", "photo.png"]);
        assert!(found.skipped.contains(&(back, Skipped::Again)));
    }

    #[test]
    fn numbers_count_and_order_is_total() {
        let mut names = ["b", "a10", "a9", "A1", "a01", "a1", "a"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["a", "A1", "a01", "a1", "a9", "a10", "b"]);
    }
}
