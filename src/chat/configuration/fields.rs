//! `additionalModelRequestFields`: what was typed, with top K and reasoning put where the model's
//! family wants them.

use serde_json::{Map, Value, json};

use super::{Configuration, ConfigurationError, Unavailable};
use crate::catalog::{Parameters, ReasoningControl};

/// The fields to send; `None` when there are none.
pub(super) fn additional(
    configuration: &Configuration,
    parameters: &Parameters,
    unavailable: Unavailable,
) -> Result<Option<Value>, ConfigurationError> {
    let mut fields = Map::new();
    if let (Some(value), Some(top_k), None) =
        (configuration.top_k, parameters.top_k, unavailable.top_k)
    {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_sign_loss,
            reason = "ranges of top K are whole numbers up to 500"
        )]
        let nearest = top_k.range.nearest(value as f32) as u32;
        put(&mut fields, top_k.path, json!(nearest));
    }
    reasoning(configuration, parameters, &mut fields)?;
    // What a person typed wins.
    merge(&mut fields, typed(&configuration.additional_fields)?);
    Ok((!fields.is_empty()).then_some(Value::Object(fields)))
}

/// The fields as typed.
pub(super) fn typed(text: &str) -> Result<Map<String, Value>, ConfigurationError> {
    object("Additional model request fields", text)
}

/// The most paths of response fields, and the most characters of one (service model).
const MAX_POINTERS: usize = 10;
const MAX_POINTER_CHARS: usize = 256;

/// JSON pointers as typed, one a line.
pub(super) fn pointers(text: &str) -> Result<Vec<String>, ConfigurationError> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let pointers: Vec<String> = lines.map(str::to_owned).collect();
    if let Some(path) = pointers.iter().find(|path| !is_pointer(path)) {
        return Err(ConfigurationError::Pointer { path: path.clone() });
    }
    if pointers.len() > MAX_POINTERS {
        return Err(ConfigurationError::TooManyPointers { most: MAX_POINTERS });
    }
    Ok(pointers)
}

/// RFC 6901: steps behind slashes, in which a tilde begins `~0` or `~1`.
fn is_pointer(path: &str) -> bool {
    path.starts_with('/')
        && path.chars().count() <= MAX_POINTER_CHARS
        && path
            .split('~')
            .skip(1)
            .all(|rest| rest.starts_with(['0', '1']))
}

/// A JSON schema as typed; `None` when nothing is.
pub(super) fn schema(text: &str) -> Result<Option<Value>, ConfigurationError> {
    let schema = object("The output schema", text)?;
    Ok((!schema.is_empty()).then_some(Value::Object(schema)))
}

/// Reads an object; nothing at all is an empty one.
pub(super) fn object(field: &str, text: &str) -> Result<Map<String, Value>, ConfigurationError> {
    if text.trim().is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(ConfigurationError::NotAnObject {
            field: field.to_owned(),
        }),
        Err(error) => Err(ConfigurationError::json(field, &error)),
    }
}

/// Whether request metadata may have a character (the API's own pattern).
pub(super) fn fits_metadata(c: char) -> bool {
    c.is_ascii_alphanumeric() || c.is_whitespace() || ":_@$#=/+,-.".contains(c)
}

fn reasoning(
    configuration: &Configuration,
    parameters: &Parameters,
    fields: &mut Map<String, Value>,
) -> Result<(), ConfigurationError> {
    let setting = configuration.reasoning;
    let Some(control) = parameters.reasoning.filter(|_| setting.on) else {
        return Ok(());
    };
    let effort = json!(setting.effort.as_str());
    match control {
        ReasoningControl::Budget { min } => {
            let budget = setting.budget_tokens;
            let longest = parameters.max_tokens;
            let max_tokens = configuration.max_tokens.unwrap_or(longest).min(longest);
            if budget < min || budget >= max_tokens {
                return Err(ConfigurationError::Budget {
                    budget,
                    max_tokens,
                    least: min,
                });
            }
            fields.insert(
                "thinking".to_owned(),
                json!({ "type": "enabled", "budget_tokens": budget }),
            );
        }
        ReasoningControl::Adaptive => {
            fields.insert("thinking".to_owned(), json!({ "type": "adaptive" }));
            put(fields, &["output_config", "effort"], effort);
        }
        ReasoningControl::MaxEffort => {
            let config = json!({ "type": "enabled", "maxReasoningEffort": effort });
            fields.insert("reasoningConfig".to_owned(), config);
        }
        ReasoningControl::Effort => {
            fields.insert("reasoning_effort".to_owned(), effort);
        }
        ReasoningControl::Always => {}
    }
    Ok(())
}

fn put(fields: &mut Map<String, Value>, path: &[&str], value: Value) {
    match path {
        [] => {}
        [name] => {
            fields.insert((*name).to_owned(), value);
        }
        [name, rest @ ..] => {
            let inner = fields
                .entry((*name).to_owned())
                .or_insert_with(|| json!({}));
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

fn merge(into: &mut Map<String, Value>, from: Map<String, Value>) {
    for (name, value) in from {
        match (into.get_mut(&name), value) {
            (Some(Value::Object(into)), Value::Object(from)) => merge(into, from),
            (_, value) => {
                into.insert(name, value);
            }
        }
    }
}
