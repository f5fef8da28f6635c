//! Writing JSON.

use serde_json::{Map, Value, json};

use super::{Export, FORMAT, VERSION};
use crate::chat::{ContentBlock, InvocationRecord, Request, Turn};

pub(super) fn write(export: &Export<'_>) -> String {
    let whole = json!({
        "format": FORMAT,
        "version": VERSION,
        "title": export.title,
        "date": export.date,
        "request": head(export.head),
        "turns": export.turns.iter().copied().map(turn).collect::<Value>(),
    });
    format!("{whole:#}\n")
}

/// The request without its messages, which are in the turns, and with what is not in a body.
fn head(request: &Request) -> Value {
    let mut head = Request {
        messages: Vec::new(),
        ..request.clone()
    }
    .to_converse_json();
    if let Value::Object(members) = &mut head {
        members.remove("messages");
        members.insert("modelId".to_owned(), request.model_id.as_str().into());
        members.insert("stream".to_owned(), request.stream.into());
    }
    head
}

fn turn(turn: &Turn) -> Value {
    let mut written = Map::new();
    written.insert("message".to_owned(), turn.message.to_converse_json());
    let unknown: Vec<&str> = turn
        .message
        .content
        .iter()
        .filter_map(|block| match block {
            ContentBlock::Unknown(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    // A message has no place for them, but that they were there can be said.
    if !unknown.is_empty() {
        written.insert("unknownBlocks".to_owned(), unknown.into());
    }
    if let Some(invocation) = &turn.invocation
        && let Ok(record) = serde_json::to_value(InvocationRecord::of(invocation))
    {
        written.insert("invocation".to_owned(), record);
    }
    written.into()
}
