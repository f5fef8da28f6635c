//! The ZIP package that a document of an office program or a book is: its parts within limits, how they refer to each
//! other, and the same package with some parts replaced. Names in it are looked up and never used as places.

use std::collections::HashMap;
use std::io::{Cursor, Read, Write as _};
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::{FiguresError, ImageSource, Kind};

const MB: u64 = 1 << 20;

/// The largest package, in bytes.
const LARGEST_PACKAGE: u64 = 512 * MB;
/// The largest part of text, unpacked.
const LARGEST_TEXT: u64 = 64 * MB;
/// All text together, unpacked: parts may be packed so that a thousand of them take the place of one.
const LARGEST_TEXTS: u64 = 512 * MB;
/// The largest image, unpacked.
const LARGEST_IMAGE: u64 = 200 * MB;
/// Books with a file for each page have some thousands.
const MOST_ENTRIES: usize = 20_000;
/// Headers of entries that may be seen before it is opened; packages within it have some too.
const MOST_HEADERS: usize = 5 * MOST_ENTRIES;

const CENTRAL_HEADER: &[u8] = b"PK\x01\x02";
/// How an OLE compound file begins, which Office before 2007 wrote and passwords need.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// A package that is open: it gives many parts for the price of one look at its directory. A copy shares that, and the
/// bytes when they are an `Arc<[u8]>`.
#[derive(Clone, Debug)]
pub struct Package<B> {
    kind: Kind,
    archive: ZipArchive<Cursor<B>>,
    /// Entries by [`key`].
    entries: Arc<HashMap<String, usize>>,
    /// Bytes of text that were unpacked so far.
    texts: u64,
    size: u64,
}

impl<B: AsRef<[u8]>> Package<B> {
    /// Opens a package; nothing of it is unpacked yet.
    ///
    /// # Errors
    /// When it is none, too large, or protected by a password.
    pub fn open(kind: Kind, bytes: B) -> Result<Self, FiguresError> {
        check(kind, bytes.as_ref())?;
        let not_that = |reason: String| FiguresError::NotThat {
            expected: kind.label(),
            reason,
        };
        let size = bytes.as_ref().len() as u64;
        let archive =
            ZipArchive::new(Cursor::new(bytes)).map_err(|error| not_that(error.to_string()))?;
        if archive.len() > MOST_ENTRIES {
            return Err(not_that(format!("it has more than {MOST_ENTRIES} parts")));
        }
        let mut entries = HashMap::with_capacity(archive.len());
        for index in 0..archive.len() {
            let entry = archive
                .by_index_data(index)
                .map_err(|error| not_that(error.to_string()))?;
            if entry.encrypted() {
                return Err(FiguresError::Encrypted);
            }
            if let Ok(name) = entry.name() {
                entries.entry(key(&name)).or_insert(index);
            }
        }
        Ok(Self {
            kind,
            archive,
            entries: Arc::new(entries),
            texts: 0,
            size,
        })
    }

    /// The bytes of an image in it.
    ///
    /// # Errors
    /// When it is not there, damaged or too large.
    pub fn image(&mut self, part: &str) -> Result<Vec<u8>, FiguresError> {
        self.unpack(part, LARGEST_IMAGE)
    }

    /// A part of text, as it is.
    pub(super) fn text(&mut self, part: &str) -> Result<Vec<u8>, FiguresError> {
        let bytes = self.unpack(part, LARGEST_TEXT)?;
        self.texts += bytes.len() as u64;
        if self.texts > LARGEST_TEXTS {
            return Err(too_large("its text", self.texts, LARGEST_TEXTS));
        }
        Ok(bytes)
    }

    /// A part of XML.
    pub(super) fn xml(&mut self, part: &str) -> Result<String, FiguresError> {
        let bytes = self.text(part)?;
        String::from_utf8(bytes).map_err(|_| FiguresError::Damaged {
            part: part.to_owned(),
            reason: "it is not in UTF-8".to_owned(),
        })
    }

    /// A part of XML that need not be there.
    pub(super) fn optional_xml(&mut self, part: &str) -> Result<Option<String>, FiguresError> {
        if self.has(part) {
            self.xml(part).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Whether somebody has signed it, which every change breaks (ECMA-376 part 2, EPUB's container format,
    /// `OpenDocument` part 2).
    #[must_use]
    pub fn is_signed(&self) -> bool {
        let is_signature = |part: &String| {
            let signatures = ["meta-inf/signatures.xml", "meta-inf/documentsignatures.xml"];
            part.starts_with("_xmlsignatures/") || signatures.contains(&part.as_str())
        };
        self.entries.keys().any(is_signature)
    }

    pub(super) fn has(&self, part: &str) -> bool {
        self.entries.contains_key(&key(part))
    }

    /// The part that a part refers to, by its own name when it is there; `None` for what lies outside of the package.
    pub(super) fn referred(&self, from: &str, target: &str) -> Option<String> {
        let target = target.split(['#', '?']).next().unwrap_or_default();
        let decoded = percent_decode_str(target).decode_utf8_lossy();
        let decoded = joined(from, &decoded)?;
        // Office keeps the escapes of an address in the entry's name, books do not.
        let found = [Some(decoded.clone()), joined(from, target)]
            .into_iter()
            .flatten()
            .find_map(|name| self.entries.get(&key(&name)));
        let name = found.and_then(|index| self.archive.by_index_data(*index).ok());
        Some(match name.as_ref().and_then(|entry| entry.name().ok()) {
            Some(name) => name.into_owned(),
            None => decoded,
        })
    }

    /// Where the image of an address in a part is: what is not absolute leads to another part.
    pub(super) fn image_at(&self, from: &str, address: String) -> ImageSource {
        if is_absolute(&address) {
            return ImageSource::Address(address);
        }
        // What leads out of the package is in no part of it, and is never looked for elsewhere.
        let part = self.referred(from, &address);
        ImageSource::Part(part.unwrap_or(address))
    }

    fn unpack(&mut self, part: &str, limit: u64) -> Result<Vec<u8>, FiguresError> {
        let Some(index) = self.entries.get(&key(part)) else {
            return Err(FiguresError::MissingPart {
                part: part.to_owned(),
            });
        };
        let damaged = |reason: &dyn std::fmt::Display| FiguresError::Damaged {
            part: part.to_owned(),
            reason: reason.to_string(),
        };
        let entry = self.archive.by_index(*index).map_err(|e| damaged(&e))?;
        let said = entry.size();
        let mut bytes = Vec::new();
        // What an entry says of its size may be wrong.
        entry
            .take(limit + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| damaged(&error))?;
        let came = bytes.len() as u64;
        if came > limit {
            return Err(too_large(part, said.max(came), limit));
        }
        Ok(bytes)
    }

    /// The same package with other parts: all else is copied as it lies there, in the same order.
    pub(super) fn with_parts(
        mut self,
        parts: HashMap<String, Vec<u8>>,
    ) -> Result<Vec<u8>, FiguresError> {
        let mut replaced = HashMap::with_capacity(parts.len());
        for (name, bytes) in parts {
            let Some(index) = self.entries.get(&key(&name)) else {
                return Err(FiguresError::MissingPart { part: name });
            };
            replaced.insert(*index, bytes);
        }
        self.copy(&replaced).map_err(|error| FiguresError::NotThat {
            expected: self.kind.label(),
            reason: error.to_string(),
        })
    }

    fn copy(&mut self, replaced: &HashMap<usize, Vec<u8>>) -> Result<Vec<u8>, ZipError> {
        if self.archive.has_duplicate_names() {
            return Err(ZipError::InvalidArchive(
                "two of its parts have the same name".into(),
            ));
        }
        // A book's first entry is first in the file, whatever the directory's order is.
        let mut order: Vec<(u64, usize)> = Vec::with_capacity(self.archive.len());
        let mut packed = 0_u64;
        for index in 0..self.archive.len() {
            let entry = self.archive.by_index_data(index)?;
            packed = packed.saturating_add(entry.compressed_size());
            order.push((entry.header_start(), index));
        }
        order.sort_unstable();
        // Entries that lie in each other would make much of little.
        if packed > self.size {
            return Err(ZipError::InvalidArchive("its parts overlap".into()));
        }
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.set_raw_comment(self.archive.comment().into())?;
        for (_, index) in order {
            let entry = self.archive.by_index_raw(index)?;
            if let Some(bytes) = replaced.get(&index) {
                let options = entry
                    .options()
                    .compression_method(CompressionMethod::Deflated)
                    .large_file(false);
                writer.start_file(entry.name()?, options)?;
                writer.write_all(bytes)?;
            } else {
                writer.raw_copy_file(entry)?;
            }
        }
        Ok(writer.finish()?.into_inner())
    }
}

/// What can be told before it is opened.
fn check(kind: Kind, bytes: &[u8]) -> Result<(), FiguresError> {
    let not_that = |reason: &str| {
        Err(FiguresError::NotThat {
            expected: kind.label(),
            reason: reason.to_owned(),
        })
    };
    let size = bytes.len() as u64;
    if size > LARGEST_PACKAGE {
        return Err(too_large("a file", size, LARGEST_PACKAGE));
    }
    if bytes.starts_with(COMPOUND) {
        let holds = |stream: &str| {
            let name: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
            memchr::memmem::find(bytes, &name).is_some()
        };
        return if holds("EncryptedPackage") {
            Err(FiguresError::Encrypted)
        } else if holds("WordDocument") || holds("PowerPoint Document") {
            Err(FiguresError::OldFormat)
        } else {
            not_that("it is in the format of Office before 2007, or protected by a password")
        };
    }
    if !bytes.starts_with(b"PK") {
        return not_that("it is not a ZIP package");
    }
    let headers = memchr::memmem::find_iter(bytes, CENTRAL_HEADER);
    if headers.take(MOST_HEADERS + 1).count() > MOST_HEADERS {
        return not_that("it has too many parts");
    }
    Ok(())
}

fn too_large(what: &str, bytes: u64, limit: u64) -> FiguresError {
    FiguresError::TooLarge {
        what: what.to_owned(),
        megabytes: bytes.div_ceil(MB),
        limit: limit / MB,
    }
}

/// Parts are the same whatever the case of their names (ECMA-376 part 2, 6.2.2.3); some programs write backslashes.
fn key(name: &str) -> String {
    name.trim_start_matches(['/', '\\'])
        .replace('\\', "/")
        .to_ascii_lowercase()
}

/// Whether an address begins with a scheme (RFC 3986, 3.1) or a host.
fn is_absolute(address: &str) -> bool {
    let address = address.trim_start();
    let scheme = address.split_once(':').map(|(scheme, _)| scheme);
    address.starts_with("//")
        || scheme.is_some_and(|scheme| {
            scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
        })
}

/// A reference made whole; `None` when it leaves the package.
fn joined(from: &str, target: &str) -> Option<String> {
    let target = target.replace('\\', "/");
    let mut path: Vec<&str> = Vec::new();
    if !target.starts_with('/') {
        path.extend(from.split('/'));
        path.pop();
    }
    for segment in target.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                path.pop()?;
            }
            name => path.push(name),
        }
    }
    (!path.is_empty()).then(|| path.join("/"))
}
