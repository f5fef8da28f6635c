//! `additionalModelResponseFields`: what a request wants of the model's own answer, by JSON pointers. A pointer
//! into a stream is one into its last event, and the objects on its way come along (recorded); one that leads
//! nowhere is left out (recorded).

use serde_json::{Map, Value};

use super::{Native, anthropic};
use crate::catalog::ModelFacts;
use crate::emulator::answer::Answer;

/// What the pointers lead to; `None` when that is nothing. Of other families no recording tells what there is.
pub fn response_fields(
    model: &ModelFacts,
    answer: &Answer,
    paths: &[String],
    streamed: bool,
) -> Option<Value> {
    if paths.is_empty() || Native::of(model) != Native::Anthropic {
        return None;
    }
    let native = if streamed {
        anthropic::message_delta(answer)
    } else {
        anthropic::response(model, answer)
    };
    let mut fields = Map::new();
    for path in paths {
        let names: Vec<String> = path.split('/').skip(1).map(unescaped).collect();
        if let Some(value) = native.pointer(path) {
            put(&mut fields, &names, value.clone());
        }
    }
    (!fields.is_empty()).then_some(Value::Object(fields))
}

/// A step of a pointer as the member's name (RFC 6901).
fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

fn put(fields: &mut Map<String, Value>, names: &[String], value: Value) {
    let Some((name, rest)) = names.split_first() else {
        return;
    };
    if rest.is_empty() {
        fields.insert(name.clone(), value);
        return;
    }
    let inner = fields
        .entry(name.clone())
        .or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(inner) = inner {
        put(inner, rest, value);
    }
}
