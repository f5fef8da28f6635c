//! Conversations as other programs write them, turned into the body of a Converse request: the
//! console's exports, logs of requests, bare lists of messages.
//!
//! AWS does not document the form of the console's exports, so what is looked for is what all of these
//! have: a list of messages with roles, somewhere near the top.

use serde_json::{Map, Value, json};

/// Members that hold a request in what is written around one.
const AROUND: [&str; 5] = [
    "conversation",
    "request",
    "body",
    "input",
    "converseRequest",
];

/// Members that name the model.
const MODEL: [&str; 3] = ["modelId", "modelID", "model"];

/// How deep a request is looked for.
const DEPTH: usize = 4;

/// A request, and the model it says it is for.
pub(super) struct Foreign {
    pub(super) body: Value,
    pub(super) model_id: Option<String>,
}

/// The request in a text of another program; `None` when there is none.
pub(super) fn find(whole: &Value) -> Option<Foreign> {
    let mut body = request(whole, DEPTH)?;
    let model_id = model(&body).or_else(|| model(whole.as_object()?));
    for name in MODEL {
        body.remove(name);
    }
    if let Some(messages) = body.get_mut("messages").and_then(Value::as_array_mut) {
        messages.extend(answer(whole));
        messages.iter_mut().for_each(straighten);
    }
    if let Some(Value::String(system)) = body.get("system") {
        let system = json!([{ "text": system }]);
        body.insert("system".to_owned(), system);
    }
    Some(Foreign {
        body: Value::Object(body),
        model_id,
    })
}

fn request(value: &Value, depth: usize) -> Option<Map<String, Value>> {
    match value {
        Value::Array(messages) if are_messages(messages) => {
            Some(Map::from_iter([("messages".to_owned(), value.clone())]))
        }
        Value::Object(members) => {
            if members.get("messages").is_some_and(Value::is_array) {
                return Some(members.clone());
            }
            let depth = depth.checked_sub(1)?;
            AROUND
                .iter()
                .filter_map(|name| members.get(*name))
                .find_map(|inner| request(inner, depth))
        }
        _ => None,
    }
}

fn are_messages(values: &[Value]) -> bool {
    !values.is_empty()
        && values
            .iter()
            .all(|value| value.get("role").is_some_and(Value::is_string))
}

fn model(members: &Map<String, Value>) -> Option<String> {
    MODEL
        .iter()
        .find_map(|name| members.get(*name)?.as_str())
        .map(str::to_owned)
}

/// The answer that stands beside a request.
fn answer(whole: &Value) -> Option<Value> {
    [
        "/output/message",
        "/response/output/message",
        "/response/body/output/message",
    ]
    .iter()
    .find_map(|path| whole.pointer(path))
    .filter(|message| message.is_object())
    .cloned()
}

/// A message whose content is one text, or says of each block what it is.
fn straighten(message: &mut Value) {
    let Some(content) = message.get_mut("content") else {
        return;
    };
    if let Value::String(text) = content {
        *content = json!([{ "text": text }]);
        return;
    }
    for block in content.as_array_mut().into_iter().flatten() {
        if let Some(members) = block.as_object_mut()
            && members.get("type").and_then(Value::as_str) == Some("text")
            && members.contains_key("text")
        {
            members.remove("type");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(value: &Value) -> Vec<String> {
        let found = find(value).unwrap();
        let messages = found.body["messages"].as_array().unwrap().iter();
        messages
            .map(|message| message["content"][0]["text"].as_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn messages_are_found_wherever_they_stand() {
        let message = |text: &str| json!({ "role": "user", "content": text });
        let bare = json!([message("one"), message("two")]);
        assert_eq!(texts(&bare), ["one", "two"]);
        let wrapped = json!({ "request": { "body": {
            "messages": [{ "role": "user", "content": [{ "type": "text", "text": "one" }] }],
            "system": "Be brief" } },
            "response": { "body": { "output": { "message":
                { "role": "assistant", "content": [{ "text": "answer" }] } } } },
            "modelId": "amazon.nova-lite-v1:0" });
        assert_eq!(texts(&wrapped), ["one", "answer"]);
        let found = find(&wrapped).unwrap();
        assert_eq!(found.model_id.as_deref(), Some("amazon.nova-lite-v1:0"));
        assert_eq!(found.body["system"][0]["text"], "Be brief");
    }

    #[test]
    fn what_has_no_messages_is_nothing() {
        for nothing in [
            json!([]),
            json!([1, 2]),
            json!({ "request": { "request": {} } }),
            json!("messages"),
            json!({ "messages": "none" }),
        ] {
            assert!(find(&nothing).is_none(), "{nothing}");
        }
    }
}
