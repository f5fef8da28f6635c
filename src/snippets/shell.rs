//! What the shell commands share: the body as a here-document.

use serde_json::Number;

use super::escape::{Escapes, quoted};
use super::layout::{self, Style};
use super::tree::Tree;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

/// JSON. Files are read by the shell where it meets them.
struct Json {
    reads_files: bool,
}

impl Json {
    /// In a here-document that the shell looks into, these characters mean something to it.
    fn literal(&self, json: String) -> String {
        if !self.reads_files {
            return json;
        }
        json.replace('\\', "\\\\")
            .replace('$', "\\$")
            .replace('`', "\\`")
    }
}

impl Style for Json {
    const INDENT: usize = 2;
    const LAST_COMMA: bool = false;
    const AIRY: bool = false;

    fn null(&self) -> &'static str {
        "null"
    }

    fn flag(&self, flag: bool) -> &'static str {
        if flag { "true" } else { "false" }
    }

    fn number(&self, number: &Number) -> String {
        number.to_string()
    }

    fn text(&self, text: &str) -> String {
        self.literal(quoted(text, Escapes::Json))
    }

    fn file(&self, name: &str) -> String {
        // Names are of letters, digits, hyphens and a dot.
        format!("\"$(base64 < {name} | tr -d '\\n')\"")
    }

    fn bytes(&self, bytes: &[u8]) -> String {
        format!("\"{}\"", BASE64.encode(bytes))
    }
}

/// ` <<'JSON'`, the body and the end. A line of JSON is never the word that ends it: strings have no
/// line breaks, and nothing else is a bare word.
pub(super) fn here_document(body: &[(String, Tree)], reads_files: bool) -> String {
    let json = layout::value(&Json { reads_files }, &Tree::Object(body.to_vec()), 0);
    let begin = if reads_files { "<<JSON" } else { "<<'JSON'" };
    format!(" {begin}\n{json}\nJSON\n")
}
