//! A request to be read before it is sent: address and body. Media stand by their sizes.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Number;

use super::escape::{Escapes, quoted};
use super::layout::{self, Style};
use super::tree::{Call, Tree};
use super::{Target, files};
use crate::chat::Request;

/// Method, address and body of the call, for people.
#[must_use]
pub fn request_text(request: &Request, target: &Target) -> String {
    let operation = if request.stream {
        "converse-stream"
    } else {
        "converse"
    };
    let address = target.address(&request.model_id, operation);
    let sizes = files(request)
        .into_iter()
        .map(|file| (file.name, file.bytes.len()))
        .collect();
    let body = Tree::Object(Call::of(request).body);
    let body = layout::value(&Sizes(sizes), &body, 0);
    format!("POST {address}\n\n{body}\n")
}

/// JSON in which a file is its size and its name.
struct Sizes(HashMap<String, usize>);

impl Style for Sizes {
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
        quoted(text, Escapes::Json)
    }

    fn file(&self, name: &str) -> String {
        let size = self.0.get(name).copied().unwrap_or_default();
        format!("\"<{size} bytes: {name}>\"")
    }

    fn bytes(&self, bytes: &[u8]) -> String {
        format!("\"{}\"", BASE64.encode(bytes))
    }
}
