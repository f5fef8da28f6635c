//! JSON values as the SDK writes them, and back.

use aws_smithy_types::{Document, Number};
use serde_json::Value;

pub(in crate::bedrock) fn to_document(value: &Value) -> Document {
    match value {
        Value::Null => Document::Null,
        Value::Bool(flag) => Document::Bool(*flag),
        Value::Number(number) => Document::Number(to_number(number)),
        Value::String(text) => Document::String(text.clone()),
        Value::Array(items) => Document::Array(items.iter().map(to_document).collect()),
        Value::Object(members) => Document::Object(
            members
                .iter()
                .map(|(name, value)| (name.clone(), to_document(value)))
                .collect(),
        ),
    }
}

pub(super) fn to_value(document: Document) -> Value {
    match document {
        Document::Null => Value::Null,
        Document::Bool(flag) => Value::Bool(flag),
        Document::Number(Number::PosInt(number)) => number.into(),
        Document::Number(Number::NegInt(number)) => number.into(),
        Document::Number(Number::Float(number)) => number.into(),
        Document::String(text) => Value::String(text),
        Document::Array(items) => items.into_iter().map(to_value).collect(),
        Document::Object(members) => members
            .into_iter()
            .map(|(name, value)| (name, to_value(value)))
            .collect(),
    }
}

fn to_number(number: &serde_json::Number) -> Number {
    if let Some(number) = number.as_u64() {
        Number::PosInt(number)
    } else if let Some(number) = number.as_i64() {
        Number::NegInt(number)
    } else {
        Number::Float(number.as_f64().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_survives_both_ways() {
        let value = json!({
            "null": null, "yes": true, "text": "é", "list": [1, -2, 2.5, u64::MAX, i64::MIN],
            "inner": {"empty": {}, "none": []}
        });
        assert_eq!(to_value(to_document(&value)), value);
    }
}
