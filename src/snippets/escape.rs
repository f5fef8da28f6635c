//! Text as a literal of each language.
//!
//! Everything that is not plainly visible is escaped: control characters, and marks that turn the
//! direction of text, with which code can be made to look like other code.

use std::fmt::Write as _;

/// How a language writes the characters that it must escape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escapes {
    /// `\u00ad`, and pairs of surrogates.
    Json,
    /// `\u00ad` and `\U000e0001`.
    Python,
    /// `\u{ad}`.
    Braces,
}

/// A literal in double quotes.
pub(super) fn quoted(text: &str, escapes: Escapes) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if is_invisible(c) => escape(&mut quoted, c, escapes),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn escape(to: &mut String, c: char, escapes: Escapes) {
    let code = u32::from(c);
    // Writing to a `String` does not fail.
    let _ = match escapes {
        Escapes::Braces => write!(to, "\\u{{{code:x}}}"),
        Escapes::Python if code > 0xffff => write!(to, "\\U{code:08x}"),
        Escapes::Python => write!(to, "\\u{code:04x}"),
        Escapes::Json => {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(to, "\\u{unit:04x}");
            }
            Ok(())
        }
    };
}

/// Whether a character cannot be seen, or changes how others are seen. The joiners of scripts and
/// emoji are none of these.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Text as one word of a POSIX shell.
pub(super) fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Text that stands in a comment: on one line, and without what is not visible.
pub(super) fn comment(text: &str) -> String {
    text.chars()
        .map(|c| if is_invisible(c) { ' ' } else { c })
        .collect()
}
