//! Where in its bytes the entries of a dictionary stand (ISO 32000-1, 7.2 and 7.3), which the library that reads a PDF
//! does not tell.

use std::ops::Range;

/// Brackets in each other that are followed; the library follows as many.
const DEEPEST: usize = 512;

/// An entry: its name without the slash, as written, and where all of it and its value are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: Range<usize>,
    pub(super) value: Range<usize>,
}

/// The entries of the dictionary that bytes begin with, and where it ends; `None` where none stands there.
pub(super) fn entries(bytes: &[u8]) -> Option<(Vec<Entry>, usize)> {
    if !bytes.starts_with(b"<<") {
        return None;
    }
    let mut entries = Vec::new();
    let mut at = blank(bytes, 2);
    loop {
        if bytes.get(at..)?.starts_with(b">>") {
            return Some((entries, at + 2));
        }
        if bytes.get(at) != Some(&b'/') {
            return None;
        }
        let name = at + 1..regular(bytes, at + 1);
        let start = blank(bytes, name.end);
        let end = value(bytes, start)?;
        entries.push(Entry {
            name,
            value: start..end,
        });
        at = blank(bytes, end);
    }
}

/// The end of the value that begins at a place.
fn value(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at)? {
        b'0'..=b'9' => Some(reference(bytes, at).unwrap_or_else(|| regular(bytes, at))),
        _ => object(bytes, at),
    }
}

/// A reference such as `12 0 R`.
fn reference(bytes: &[u8], at: usize) -> Option<usize> {
    let mut at = at;
    for _ in 0..2 {
        let end = regular(bytes, at);
        let digits = bytes.get(at..end)?;
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        at = blank(bytes, end);
    }
    let end = regular(bytes, at);
    (bytes.get(at..end)? == b"R").then_some(end)
}

fn object(bytes: &[u8], at: usize) -> Option<usize> {
    // Arrays and dictionaries that are open.
    let mut depth = 0_usize;
    let mut at = at;
    loop {
        at = match bytes.get(at)? {
            b'<' if bytes.get(at + 1) == Some(&b'<') => {
                depth += 1;
                at + 2
            }
            b'[' => {
                depth += 1;
                at + 1
            }
            b'>' if bytes.get(at + 1) == Some(&b'>') => {
                depth = depth.checked_sub(1)?;
                at + 2
            }
            b']' => {
                depth = depth.checked_sub(1)?;
                at + 1
            }
            b'<' => at + 1 + memchr::memchr(b'>', bytes.get(at + 1..)?)? + 1,
            b'(' => literal(bytes, at)?,
            b'/' => regular(bytes, at + 1),
            _ => {
                let end = regular(bytes, at);
                if end == at {
                    return None;
                }
                end
            }
        };
        if depth == 0 {
            return Some(at);
        }
        if depth > DEEPEST {
            return None;
        }
        at = blank(bytes, at);
    }
}

/// The end of a string in brackets, which may stand in it in pairs.
fn literal(bytes: &[u8], at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = at;
    loop {
        match bytes.get(at)? {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
}

/// The first place from here on that is no letter of a name or number.
fn regular(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let length = rest.iter().position(|byte| {
        is_white(*byte)
            || matches!(
                byte,
                b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
            )
    });
    at + length.unwrap_or(rest.len())
}

/// The first place from here on that is neither white nor in a comment.
pub(super) fn blank(bytes: &[u8], at: usize) -> usize {
    let mut at = at;
    loop {
        match bytes.get(at) {
            Some(byte) if is_white(*byte) => at += 1,
            Some(b'%') => {
                let rest = &bytes[at..];
                let line = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
                at += line.unwrap_or(rest.len());
            }
            _ => return at,
        }
    }
}

fn is_white(byte: u8) -> bool {
    matches!(byte, b'\0' | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Option<Vec<(&str, &str)>> {
        let (entries, end) = entries(text.as_bytes())?;
        assert!(text[..end].ends_with(">>"));
        let pairs = entries
            .into_iter()
            .map(|entry| (&text[entry.name], &text[entry.value]));
        Some(pairs.collect())
    }

    #[test]
    fn entries_of_every_kind_are_told_apart() {
        let text = "<< /S/Figure/P 12 0 R /K[1 2 <</Type/MCR /MCID 3>>]% a comment >>\n\
                    /T (a \\) b (c) >> d)/ID<2F 3e>/N -1.5/B true /A<</O/Layout/BBox[0 0 1 1]>> >> /S /Other";
        let expected = vec![
            ("S", "/Figure"),
            ("P", "12 0 R"),
            ("K", "[1 2 <</Type/MCR /MCID 3>>]"),
            ("T", "(a \\) b (c) >> d)"),
            ("ID", "<2F 3e>"),
            ("N", "-1.5"),
            ("B", "true"),
            ("A", "<</O/Layout/BBox[0 0 1 1]>>"),
        ];
        assert_eq!(seen(text), Some(expected));
    }

    #[test]
    fn numbers_before_a_name_are_no_reference() {
        assert_eq!(
            seen("<</A 1/B 2 0 R/C 3>>"),
            Some(vec![("A", "1"), ("B", "2 0 R"), ("C", "3")])
        );
    }

    #[test]
    fn what_is_no_dictionary_or_does_not_end_is_none() {
        for text in [
            "",
            "<<",
            "<< /A",
            "<< /A >>",
            "<< /A (",
            "<< /A [",
            "<< 1 2 >>",
            "<< /A ] >>",
            "<< /A <",
            "[/A 1]",
            "<< /A ) >>",
        ] {
            assert_eq!(seen(text), None, "{text}");
        }
        let deep = format!("<</A {}", "[".repeat(100_000));
        assert_eq!(seen(&deep), None);
    }
}
