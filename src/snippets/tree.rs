//! A request as a tree of values in a readable order, with files where the bytes are.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Number, Value};

use super::media;
use crate::chat::Request;

/// A value of a request.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tree {
    Null,
    Flag(bool),
    Number(Number),
    Text(String),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
    /// The bytes of a file.
    File(String),
    /// A few bytes that have no file.
    Bytes(Vec<u8>),
    /// A value that a function of the language makes of another.
    Call(&'static str, Box<Tree>),
}

/// A call and its arguments.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// The body's members; the model is not among them.
    pub(super) body: Vec<(String, Tree)>,
    /// The files named in it, each once.
    pub(super) files: Vec<String>,
    /// Whether there are bytes in it, in files or not.
    pub(super) has_bytes: bool,
}

/// Members in the order in which people read them; the rest follows.
const ORDER: &[&str] = &[
    "role",
    "system",
    "text",
    "uri",
    "url",
    "format",
    "toolUseId",
    "name",
    "title",
    "source",
    "context",
    "messages",
    "inferenceConfig",
    "toolConfig",
    "guardrailConfig",
    "additionalModelRequestFields",
    "additionalModelResponseFieldPaths",
    "performanceConfig",
    "serviceTier",
    "requestMetadata",
    "outputConfig",
    "maxTokens",
    "temperature",
    "topP",
    "type",
    "description",
    "tools",
    "content",
    "documentIndex",
    "searchResultIndex",
    "start",
    "end",
];

/// Members whose insides are not Converse's, where a name means nothing.
const FREE: &[&str] = &[
    "input",
    "json",
    "additionalModelRequestFields",
    "requestMetadata",
];

impl Call {
    pub(super) fn of(request: &Request) -> Self {
        let mut request = request.clone();
        let (files, names) = media::take_out(&mut request);
        let mut names = names.into_iter();
        let mut has_bytes = !files.is_empty();
        let body = match structure(request.to_converse_json(), &mut names, &mut has_bytes) {
            Tree::Object(members) => members,
            _ => Vec::new(),
        };
        Self {
            body,
            files: files.into_iter().map(|file| file.name).collect(),
            has_bytes,
        }
    }

    /// A member of the body.
    pub(super) fn member(&self, name: &str) -> Option<&Tree> {
        self.body
            .iter()
            .find(|(member, _)| member == name)
            .map(|(_, value)| value)
    }
}

fn structure(value: Value, names: &mut impl Iterator<Item = String>, has_bytes: &mut bool) -> Tree {
    match value {
        Value::Array(items) => Tree::List(
            items
                .into_iter()
                .map(|item| structure(item, names, has_bytes))
                .collect(),
        ),
        Value::Object(members) => {
            let mut members: Vec<_> = members
                .into_iter()
                .map(|(name, value)| {
                    let tree = match (name.as_str(), value) {
                        ("bytes", Value::String(_)) => {
                            Tree::File(names.next().unwrap_or_else(|| "file".to_owned()))
                        }
                        ("redactedContent", Value::String(text)) => {
                            *has_bytes = true;
                            Tree::Bytes(BASE64.decode(text).unwrap_or_default())
                        }
                        (name, value) if FREE.contains(&name) => Tree::free(value),
                        (_, value) => structure(value, names, has_bytes),
                    };
                    (name, tree)
                })
                .collect();
            members.sort_by_key(|(name, _)| {
                let place = ORDER.iter().position(|known| known == name);
                place.unwrap_or(ORDER.len())
            });
            Tree::Object(members)
        }
        other => Tree::free(other),
    }
}

impl Tree {
    /// A value whose insides are not Converse's.
    pub(super) fn free(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Flag(flag),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::Text(text),
            Value::Array(items) => Self::List(items.into_iter().map(Self::free).collect()),
            Value::Object(members) => Self::Object(
                members
                    .into_iter()
                    .map(|(name, value)| (name, Self::free(value)))
                    .collect(),
            ),
        }
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}
