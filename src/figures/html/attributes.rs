//! The attributes of one tag where they stand, and a text put among them.

use std::fmt::Write as _;
use std::ops::Range;

use crate::figures::AltText;
use crate::figures::edits::Edits;

/// An attribute, by places in the page.
struct Attribute {
    /// From the end of what is before it to its own end.
    all: Range<usize>,
    name: Range<usize>,
    value: Range<usize>,
}

/// Lets a tag say something of its image. What would hide that from those who shall hear it goes.
pub fn say(
    bytes: &[u8],
    tag: Range<usize>,
    alt: &AltText,
    by_number: fn(char) -> bool,
    edits: &mut Edits,
) {
    let text = match alt {
        AltText::Text(text) => escaped(text, by_number),
        AltText::Decorative | AltText::Missing => String::new(),
    };
    let attributes = attributes(bytes, tag.clone());
    let all = |name: &'static str| {
        attributes.iter().filter(move |attribute| {
            bytes[attribute.name.clone()].eq_ignore_ascii_case(name.as_bytes())
        })
    };
    // Of several the first counts.
    if let Some(alt) = all("alt").next() {
        edits.replace(alt.name.end..alt.all.end, format!("=\"{text}\""));
    } else {
        let name = name_of_tag(bytes, &tag);
        edits.replace(name.end..name.end, format!(" alt=\"{text}\""));
    }
    if text.is_empty() {
        for label in all("aria-label") {
            edits.replace(label.all.clone(), gap(bytes, label));
        }
        return;
    }
    if let Some(label) = all("aria-label").next() {
        edits.replace(label.name.end..label.all.end, format!("=\"{text}\""));
    }
    for (name, hidden) in [
        ("role", ["presentation", "none"].as_slice()),
        ("aria-hidden", &["true"]),
    ] {
        let hides = |attribute: &&Attribute| {
            let value = bytes[attribute.value.clone()].trim_ascii();
            hidden
                .iter()
                .any(|word| value.eq_ignore_ascii_case(word.as_bytes()))
        };
        for hiding in all(name).filter(hides) {
            edits.replace(hiding.all.clone(), gap(bytes, hiding));
        }
    }
}

/// What stays in the place of an attribute: a blank, where what is around it would run together.
fn gap(bytes: &[u8], attribute: &Attribute) -> &'static str {
    match bytes.get(attribute.all.end) {
        Some(b'>') | None => "",
        Some(byte) if is_blank(*byte) => "",
        Some(_) => " ",
    }
}

/// A text between quotation marks, in HTML and in XML, with some characters by their numbers.
fn escaped(text: &str, by_number: fn(char) -> bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // No line break has a meaning here, and XML takes no other.
            c if c.is_control() => escaped.push(' '),
            c if by_number(c) => {
                // Writing to a string cannot fail.
                write!(escaped, "&#{};", u32::from(c)).ok();
            }
            c => escaped.push(c),
        }
    }
    escaped
}

fn name_of_tag(bytes: &[u8], tag: &Range<usize>) -> Range<usize> {
    let begins = tag.start + 1;
    let ends = (begins..tag.end)
        .find(|at| is_blank(bytes[*at]) || matches!(bytes[*at], b'/' | b'>'))
        .unwrap_or(tag.end);
    begins..ends
}

fn is_blank(byte: u8) -> bool {
    byte.is_ascii_whitespace()
}

/// The attributes of a tag, as the tokenizer of the HTML standard tells them apart.
fn attributes(bytes: &[u8], tag: Range<usize>) -> Vec<Attribute> {
    let mut found = Vec::new();
    let mut at = name_of_tag(bytes, &tag).end;
    // The bracket that ends the tag is none of its attributes.
    let end = tag.end.saturating_sub(1);
    let skip = |mut at: usize, wanted: fn(u8) -> bool| {
        while at < end && wanted(bytes[at]) {
            at += 1;
        }
        at
    };
    loop {
        let begins = at;
        let name_begins = skip(at, |byte| is_blank(byte) || byte == b'/');
        if name_begins >= end {
            return found;
        }
        // A name may begin with an equals sign, by an author's mistake.
        let name_ends = skip(name_begins + 1, |byte| {
            !is_blank(byte) && !matches!(byte, b'/' | b'=')
        });
        let equals = skip(name_ends, is_blank);
        at = name_ends;
        let mut value = name_ends..name_ends;
        if equals < end && bytes[equals] == b'=' {
            let opens = skip(equals + 1, is_blank);
            if opens < end && matches!(bytes[opens], b'"' | b'\'') {
                let inside = &bytes[opens + 1..end];
                let length = memchr::memchr(bytes[opens], inside).unwrap_or(inside.len());
                value = opens + 1..opens + 1 + length;
                at = (value.end + 1).min(end);
            } else {
                value = opens..skip(opens, |byte| !is_blank(byte));
                at = value.end;
            }
        }
        found.push(Attribute {
            all: begins..at,
            name: name_begins..name_ends,
            value,
        });
    }
}
