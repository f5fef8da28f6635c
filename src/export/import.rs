//! Reading JSON: a conversation of ours, or a Converse request, bare or as other programs write it.

mod foreign;

use serde_json::{Map, Value};

use super::{FORMAT, Import, VERSION};
use crate::catalog::ModelId;
use crate::chat::wire::WireError;
use crate::chat::{ContentBlock, InvocationId, InvocationRecord, Message, Request, Turn};

/// Why a text is no conversation.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It is not JSON at all.
    #[error("The file is not JSON: {0}")]
    NotJson(#[from] serde_json::Error),
    /// It is JSON of something else.
    #[error(
        "The file is neither a conversation saved by Bedrock Playground nor a Converse request \
         with \"messages\""
    )]
    NotAConversation,
    /// A newer version of this program wrote it.
    #[error(
        "The file is a conversation of format version {found}; this version of Bedrock Playground \
         reads up to {VERSION}. Update to open it"
    )]
    Newer {
        /// The version it says it is of.
        found: u64,
    },
    /// Something in it is not what it should be.
    #[error("The file cannot be read: {0}")]
    Wrong(#[from] WireError),
}

pub(super) fn read(
    text: &str,
    model_id: &ModelId,
    next_id: impl FnMut() -> InvocationId,
) -> Result<Import, ImportError> {
    // Some editors put one in front.
    let text = text.trim_start_matches('\u{feff}');
    let whole: Value = serde_json::from_str(text)?;
    match whole.get("format").and_then(Value::as_str) {
        Some(FORMAT) => {
            if let Value::Object(members) = &whole {
                return conversation(members, model_id, next_id);
            }
        }
        // It says itself that it is something else.
        Some(_) => return Err(ImportError::NotAConversation),
        None => {}
    }
    // What has "messages" at the top and cannot be read is told what is wrong with them.
    if let Some(found) = foreign::find(&whole) {
        let named = found.model_id.map(ModelId::from);
        return bare_request(&found.body, named.as_ref().unwrap_or(model_id));
    }
    match whole.get("messages") {
        Some(_) => bare_request(&whole, model_id),
        None => Err(ImportError::NotAConversation),
    }
}

fn bare_request(body: &Value, model_id: &ModelId) -> Result<Import, ImportError> {
    let read = Request::from_converse_json(model_id.clone(), body)?;
    let mut head = read.value;
    let turns = std::mem::take(&mut head.messages)
        .into_iter()
        .map(Turn::written)
        .collect();
    Ok(Import {
        title: None,
        date: None,
        head,
        turns,
        left_out: read.left_out,
    })
}

fn conversation(
    members: &Map<String, Value>,
    model_id: &ModelId,
    mut next_id: impl FnMut() -> InvocationId,
) -> Result<Import, ImportError> {
    match members.get("version").and_then(Value::as_u64) {
        Some(1..=VERSION) => {}
        Some(found) => return Err(ImportError::Newer { found }),
        None => return Err(wrong("version", "expected a whole number from 1").into()),
    }
    let mut left_out = Vec::new();
    let head = head(members.get("request"), model_id, &mut left_out)?;
    let turns = members
        .get("turns")
        .and_then(Value::as_array)
        .ok_or_else(|| wrong("turns", "expected a list"))?
        .iter()
        .enumerate()
        .map(|(index, value)| {
            turn(
                value,
                &format!("turns[{index}]"),
                &mut next_id,
                &mut left_out,
            )
        })
        .collect::<Result<_, _>>()?;
    let known = ["format", "version", "title", "date", "request", "turns"];
    left_out.extend(strangers(members, &known, ""));
    let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
    Ok(Import {
        title: text("title"),
        date: text("date"),
        head,
        turns,
        left_out,
    })
}

fn wrong(path: impl Into<String>, problem: impl Into<String>) -> WireError {
    WireError {
        path: path.into(),
        problem: problem.into(),
    }
}

/// Members that are not among the known ones, with their paths.
fn strangers(members: &Map<String, Value>, known: &[&str], path: &str) -> Vec<String> {
    members
        .keys()
        .filter(|name| !known.contains(&name.as_str()))
        .map(|name| format!("{path}{name}"))
        .collect()
}

fn head(
    value: Option<&Value>,
    model_id: &ModelId,
    left_out: &mut Vec<String>,
) -> Result<Request, WireError> {
    let Some(value) = value else {
        return Ok(Request::new(model_id.clone(), Vec::new()));
    };
    let mut body = value.clone();
    let mut stream = true;
    if let Value::Object(members) = &mut body {
        members.insert("messages".to_owned(), Value::Array(Vec::new()));
        if let Some(value) = members.remove("stream") {
            stream = value
                .as_bool()
                .ok_or_else(|| wrong("request.stream", "expected true or false"))?;
        }
    }
    let read = Request::from_converse_json(model_id.clone(), &body)
        .map_err(|error| wrong(inside("request", &error.path), error.problem))?;
    left_out.extend(read.left_out.iter().map(|path| inside("request", path)));
    Ok(Request {
        stream,
        ..read.value
    })
}

fn inside(outer: &str, path: &str) -> String {
    if path.is_empty() {
        outer.to_owned()
    } else {
        format!("{outer}.{path}")
    }
}

fn turn(
    value: &Value,
    path: &str,
    next_id: &mut impl FnMut() -> InvocationId,
    left_out: &mut Vec<String>,
) -> Result<Turn, WireError> {
    let members = value
        .as_object()
        .ok_or_else(|| wrong(path, "expected an object"))?;
    let message = members
        .get("message")
        .ok_or_else(|| wrong(path, "\"message\" is missing"))?;
    let read = Message::from_converse_json(message, &format!("{path}.message"))?;
    left_out.extend(read.left_out);
    let mut message = read.value;
    if let Some(names) = members.get("unknownBlocks").and_then(Value::as_array) {
        let names = names.iter().filter_map(Value::as_str);
        message
            .content
            .extend(names.map(|name| ContentBlock::Unknown(name.to_owned())));
    }
    let invocation = match members.get("invocation") {
        None | Some(Value::Null) => None,
        Some(value) => {
            let path = format!("{path}.invocation");
            let record: InvocationRecord = serde_json::from_value(value.clone())
                .map_err(|error| wrong(path.clone(), error.to_string()))?;
            if let Value::Object(members) = value {
                left_out.extend(strangers(
                    members,
                    InvocationRecord::MEMBERS,
                    &format!("{path}."),
                ));
            }
            Some(record.into_invocation(next_id()))
        }
    };
    let known = ["message", "unknownBlocks", "invocation"];
    left_out.extend(strangers(members, &known, &format!("{path}.")));
    Ok(Turn {
        message,
        invocation,
    })
}
