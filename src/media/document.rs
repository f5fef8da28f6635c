//! Documents: recognised by content, and by name only where content cannot tell.

use std::path::Path;
use std::sync::Arc;

use super::{DocumentAttachment, Limits, MediaError, sniff};
use crate::chat::{Document, DocumentFormat, DocumentSource, MediaSource};

/// Longest name that Converse takes (`DocumentBlock.name`), in characters.
const NAME_LENGTH: usize = 200;

/// Which of Converse's formats this is; `None` when none of them.
#[must_use]
pub fn document_format(name: &str, bytes: &[u8]) -> Option<DocumentFormat> {
    let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    if bytes.starts_with(b"%PDF-") {
        return Some(DocumentFormat::Pdf);
    }
    // Names inside a ZIP archive stand there uncompressed.
    if bytes.starts_with(b"PK\x03\x04") {
        return [
            (&b"word/document"[..], DocumentFormat::Docx),
            (b"xl/workbook", DocumentFormat::Xlsx),
        ]
        .into_iter()
        .find_map(|(part, format)| holds(part).then_some(format));
    }
    // Streams of an OLE compound file are named in UTF-16.
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return [
            ("WordDocument", DocumentFormat::Doc),
            ("Workbook", DocumentFormat::Xls),
            ("Book", DocumentFormat::Xls),
        ]
        .into_iter()
        .find_map(|(stream, format)| holds(&utf16(stream)).then_some(format));
    }
    sniff::looks_like_text(bytes).then(|| text_format(name, bytes))
}

/// The format that files of this extension have, by custom; without its dot, in any case.
pub fn format_by_extension(extension: &str) -> Option<DocumentFormat> {
    match extension.to_lowercase().as_str() {
        "markdown" => Some(DocumentFormat::Md),
        "htm" | "xhtml" => Some(DocumentFormat::Html),
        "text" | "log" => Some(DocumentFormat::Txt),
        other => DocumentFormat::parse(other),
    }
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn text_format(name: &str, bytes: &[u8]) -> DocumentFormat {
    let named = Path::new(name)
        .extension()
        .and_then(|extension| format_by_extension(&extension.to_string_lossy()));
    // Text is none of the others, whatever its name says.
    if let Some(format) = named
        && matches!(
            format,
            DocumentFormat::Csv | DocumentFormat::Md | DocumentFormat::Html | DocumentFormat::Txt
        )
    {
        return format;
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(256)]).to_lowercase();
    let head = head.trim_start_matches('\u{feff}').trim_start();
    if head.starts_with("<!doctype html") || head.starts_with("<html") {
        DocumentFormat::Html
    } else {
        // Whatever the model may read: source code, a configuration.
        DocumentFormat::Txt
    }
}

/// Takes a document in as it is.
pub fn prepare(
    name: &str,
    bytes: &[u8],
    format: DocumentFormat,
    limits: &Limits,
) -> Result<DocumentAttachment, MediaError> {
    if bytes.len() > limits.document_bytes {
        return Err(MediaError::DocumentTooLarge {
            name: name.to_owned(),
            size: bytes.len(),
            limit: limits.document_bytes,
        });
    }
    Ok(DocumentAttachment {
        prepared: Document {
            format,
            name: neutral_name(name),
            source: DocumentSource::Media(MediaSource::Bytes(Arc::from(bytes))),
            context: None,
            citations: false,
        },
    })
}

/// A name that Converse takes: ASCII letters and digits, single spaces, hyphens, parentheses and
/// square brackets, without the extension.
#[must_use]
pub fn neutral_name(name: &str) -> String {
    let stem = Path::new(name).file_stem().unwrap_or_default();
    let allowed: String = stem
        .to_string_lossy()
        .chars()
        .map(|c| match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '(' | ')' | '[' | ']' => c,
            _ => ' ',
        })
        .take(NAME_LENGTH)
        .collect();
    let words: Vec<&str> = allowed.split_whitespace().collect();
    if words.is_empty() {
        "Document".to_owned()
    } else {
        words.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_tells_and_names_only_where_it_cannot() {
        let ole = |stream: &str| {
            let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
            bytes.extend(utf16(stream));
            bytes
        };
        for (name, bytes, format) in [
            ("a.txt", b"%PDF-1.7".to_vec(), Some(DocumentFormat::Pdf)),
            (
                "a",
                b"PK\x03\x04....word/document.xml".to_vec(),
                Some(DocumentFormat::Docx),
            ),
            (
                "a",
                b"PK\x03\x04....xl/workbook.xml".to_vec(),
                Some(DocumentFormat::Xlsx),
            ),
            ("a.docx", b"PK\x03\x04holiday.jpg".to_vec(), None),
            ("a", ole("WordDocument"), Some(DocumentFormat::Doc)),
            ("a", ole("Workbook"), Some(DocumentFormat::Xls)),
            ("a.doc", ole("EncryptedPackage"), None),
            ("a.CSV", b"x,y".to_vec(), Some(DocumentFormat::Csv)),
            ("a.md", b"# x".to_vec(), Some(DocumentFormat::Md)),
            (
                "a",
                b"\n<!DOCTYPE html>".to_vec(),
                Some(DocumentFormat::Html),
            ),
            ("a.rs", b"fn main() {}".to_vec(), Some(DocumentFormat::Txt)),
            ("a.txt", b"\0\x01\x02".to_vec(), None),
        ] {
            assert_eq!(document_format(name, &bytes), format, "{name} {bytes:?}");
        }
    }

    #[test]
    fn names_are_neutral() {
        for (name, neutral) in [
            ("Q3_report  (final).v2.pdf", "Q3 report (final) v2"),
            ("[draft] plan-b.docx", "[draft] plan-b"),
            ("报告.pdf", "Document"),
            (".pdf", "pdf"),
            ("", "Document"),
        ] {
            assert_eq!(neutral_name(name), neutral);
        }
        assert_eq!(neutral_name(&"x".repeat(500)).len(), 200);
    }
}
