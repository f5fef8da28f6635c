//! Alternative texts written as an incremental update (ISO 32000-1, 7.5.6): the file as it was, then the tags that say
//! something else, then where they are.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Dict, ObjRef};

use super::strings;
use super::syntax::{Entry, blank, entries};
use crate::figures::edits::Edits;
use crate::figures::{FiguresError, Kind};

/// Where the last part of the file says what is where.
struct Section<'b> {
    at: usize,
    /// A stream, since PDF 1.5; else a table with a trailer. What comes after is of the same kind.
    is_stream: bool,
    dict: &'b [u8],
    entries: Vec<Entry>,
}

/// Whether what is written would have to be encrypted.
pub(super) fn is_encrypted(bytes: &[u8]) -> bool {
    Section::find_last(bytes).is_some_and(|last| last.is_encrypted())
}

/// The same file, in which some tags have other alternative texts.
pub(super) fn with_alt_texts(
    bytes: &[u8],
    pdf: &Pdf,
    texts: &[(ObjRef, &str)],
) -> Result<Vec<u8>, FiguresError> {
    let last = Section::last(bytes)?;
    if last.is_encrypted() {
        return Err(FiguresError::Encrypted);
    }
    let mut written = bytes.to_vec();
    if !written.ends_with(b"\n") {
        written.push(b'\n');
    }
    let mut places = BTreeMap::new();
    for (element, text) in texts {
        let tag = pdf.xref().get::<Dict<'_>>((*element).into());
        let tag = tag
            .and_then(|tag| with_alt_text(tag.data(), text))
            .ok_or_else(lost)?;
        let generation = u16::try_from(element.gen_number).map_err(|_| lost())?;
        places.insert(element.obj_number, (written.len(), generation));
        written.extend_from_slice(format!("{} {generation} obj\n", element.obj_number).as_bytes());
        written.extend_from_slice(&tag);
        written.extend_from_slice(b"\nendobj\n");
    }
    if last.is_stream {
        last.end_with_stream(&mut written, places)?;
    } else {
        last.end_with_table(&mut written, &places)?;
    }
    Ok(written)
}

/// A tag that says something else.
fn with_alt_text(tag: &[u8], text: &str) -> Option<Vec<u8>> {
    let (entries, end) = entries(tag)?;
    let text = strings::written(text);
    let mut edits = Edits::default();
    let alt = entries
        .into_iter()
        .filter(|entry| &tag[entry.name.clone()] == b"Alt")
        .collect::<Vec<_>>();
    match alt.as_slice() {
        [] => edits.replace(end - 2..end - 2, [b"/Alt ", text.as_slice()].concat()),
        said => {
            for entry in said {
                edits.replace(entry.value.clone(), [b" ", text.as_slice()].concat());
            }
        }
    }
    Some(edits.apply(&tag[..end]))
}

impl<'b> Section<'b> {
    fn last(bytes: &'b [u8]) -> Result<Self, FiguresError> {
        Self::find_last(bytes).ok_or_else(lost)
    }

    fn find_last(bytes: &'b [u8]) -> Option<Self> {
        const START: &[u8] = b"startxref";
        let start = memchr::memmem::rfind(bytes, START)? + START.len();
        let (at, _) = number(bytes, blank(bytes, start))?;
        let section = bytes.get(at..)?;
        let (is_stream, from) = if section.starts_with(b"xref") {
            (
                false,
                memchr::memmem::find(section, b"trailer")? + b"trailer".len(),
            )
        } else {
            let (_, end) = number(section, 0)?;
            let (_, end) = number(section, blank(section, end))?;
            let from = blank(section, end);
            let object = section.get(from..)?.strip_prefix(b"obj")?;
            (true, section.len() - object.len())
        };
        let dict = section.get(blank(section, from)..)?;
        let (entries, end) = entries(dict)?;
        Some(Self {
            at,
            is_stream,
            dict: &dict[..end],
            entries,
        })
    }

    /// An entry as it is written.
    fn value(&self, name: &str) -> Option<&'b [u8]> {
        let mut entries = self.entries.iter();
        let entry = entries.find(|entry| &self.dict[entry.name.clone()] == name.as_bytes())?;
        Some(&self.dict[entry.value.clone()])
    }

    fn is_encrypted(&self) -> bool {
        self.value("Encrypt").is_some()
    }

    /// One more than the largest number of an object.
    fn size(&self) -> Result<u32, FiguresError> {
        let size = self.value("Size").and_then(|size| number(size, 0));
        size.and_then(|(size, _)| u32::try_from(size).ok())
            .ok_or_else(lost)
    }

    /// What the end of every update says.
    fn rest(&self, size: u32) -> Result<Vec<u8>, FiguresError> {
        let mut rest = format!("/Size {size}").into_bytes();
        let root = self.value("Root").ok_or_else(lost)?;
        for (name, value) in [
            ("Root", Some(root)),
            ("Info", self.value("Info")),
            ("ID", self.value("ID")),
        ] {
            if let Some(value) = value {
                rest.extend_from_slice(format!(" /{name} ").as_bytes());
                rest.extend_from_slice(value);
            }
        }
        rest.extend_from_slice(format!(" /Prev {}", self.at).as_bytes());
        Ok(rest)
    }

    fn end_with_table(
        &self,
        written: &mut Vec<u8>,
        places: &BTreeMap<u32, (usize, u16)>,
    ) -> Result<(), FiguresError> {
        let start = written.len();
        let mut end = String::from("xref\n");
        for (object, (at, generation)) in places {
            if *at > 9_999_999_999 {
                return Err(lost());
            }
            // Writing to a string cannot fail.
            write!(end, "{object} 1\n{at:010} {generation:05} n \n").ok();
        }
        written.extend_from_slice(end.as_bytes());
        written.extend_from_slice(b"trailer\n<<");
        written.extend_from_slice(&self.rest(self.size()?)?);
        written.extend_from_slice(format!(">>\nstartxref\n{start}\n%%EOF\n").as_bytes());
        Ok(())
    }

    /// A stream that is an object itself, with a number that no other has (7.5.8).
    fn end_with_stream(
        &self,
        written: &mut Vec<u8>,
        mut places: BTreeMap<u32, (usize, u16)>,
    ) -> Result<(), FiguresError> {
        let start = written.len();
        let own = self.size()?;
        let size = own.checked_add(1).ok_or_else(lost)?;
        places.insert(own, (start, 0));
        let mut index = String::new();
        let mut stream = Vec::new();
        for (object, (at, generation)) in places {
            write!(index, "{object} 1 ").ok();
            stream.push(1);
            stream.extend_from_slice(&(at as u64).to_be_bytes());
            stream.extend_from_slice(&generation.to_be_bytes());
        }
        let head = format!(
            "{own} 0 obj\n<</Type /XRef /W [1 8 2] /Index [{}] /Length {} ",
            index.trim_end(),
            stream.len()
        );
        written.extend_from_slice(head.as_bytes());
        written.extend_from_slice(&self.rest(size)?);
        written.extend_from_slice(b">>\nstream\n");
        written.extend_from_slice(&stream);
        written.extend_from_slice(
            format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").as_bytes(),
        );
        Ok(())
    }
}

/// The number at a place, and where it ends.
fn number(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let rest = bytes.get(at..)?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let digits = std::str::from_utf8(&rest[..digits]).ok()?;
    Some((digits.parse().ok()?, at + digits.len()))
}

fn lost() -> FiguresError {
    FiguresError::NotThat {
        expected: Kind::Pdf.label(),
        reason: "its table of objects is damaged; save it anew in the program that made it"
            .to_owned(),
    }
}
