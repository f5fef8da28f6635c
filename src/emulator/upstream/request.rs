//! A request of Converse as a chat completion.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::emulator::api_error::ApiError;

/// Members that `additionalModelRequestFields` may not replace.
const OURS: [&str; 4] = ["model", "messages", "stream", "stream_options"];
/// Documents that are text already.
const TEXT_DOCUMENTS: [&str; 4] = ["txt", "md", "csv", "html"];

/// The chat completion that a request of Converse asks for, by the server's name of the model.
pub fn chat_completion(model: &str, body: &Value, stream: bool) -> Result<Value, ApiError> {
    if !body["guardrailConfig"].is_null() {
        return Err(ApiError::validation(
            "Guardrails are not available for local models.",
        ));
    }
    let mut messages = Vec::new();
    let system = texts(&body["system"]);
    if !system.is_empty() {
        messages.push(json!({ "role": "system", "content": system.join("\n\n") }));
    }
    let turns = body["messages"].as_array().map_or(&[][..], Vec::as_slice);
    if turns.first().is_none_or(|turn| turn["role"] != "user") {
        return Err(ApiError::validation(
            "A conversation must start with a user message. Try again with a conversation that starts with a user message.",
        ));
    }
    for turn in turns {
        let content = turn["content"].as_array().map_or(&[][..], Vec::as_slice);
        if turn["role"] == "assistant" {
            messages.push(assistant(content)?);
        } else {
            user(content, &mut messages)?;
        }
    }
    let mut request = additional(&body["additionalModelRequestFields"]);
    parameters(body, &mut request);
    request.insert("model".to_owned(), json!(model));
    request.insert("messages".to_owned(), json!(messages));
    request.insert("stream".to_owned(), json!(stream));
    if stream {
        let options = json!({ "include_usage": true });
        request.insert("stream_options".to_owned(), options);
    }
    Ok(Value::Object(request))
}

/// What only some models know.
fn additional(fields: &Value) -> Map<String, Value> {
    let fields = fields.as_object().into_iter().flatten();
    fields
        .filter(|(name, _)| !OURS.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn parameters(body: &Value, request: &mut Map<String, Value>) {
    let inference = &body["inferenceConfig"];
    for (ours, theirs) in [
        ("maxTokens", "max_tokens"),
        ("temperature", "temperature"),
        ("topP", "top_p"),
        ("stopSequences", "stop"),
    ] {
        let value = &inference[ours];
        if !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty()) {
            request.insert(theirs.to_owned(), value.clone());
        }
    }
    let tools: Vec<Value> = list(&body["toolConfig"]["tools"])
        .filter_map(tool)
        .collect();
    if !tools.is_empty() {
        request.insert("tools".to_owned(), json!(tools));
        let choice = tool_choice(&body["toolConfig"]["toolChoice"]);
        request.insert("tool_choice".to_owned(), choice);
    }
    let structure = &body["outputConfig"]["textFormat"]["structure"]["jsonSchema"];
    let schema = structure["schema"].as_str().map(serde_json::from_str);
    if let Some(Ok::<Value, _>(schema)) = schema {
        let name = structure["name"].as_str().unwrap_or("answer");
        let format = json!({
            "type": "json_schema",
            "json_schema": { "name": name, "schema": schema, "strict": true },
        });
        request.insert("response_format".to_owned(), format);
    }
}

fn tool(tool: &Value) -> Option<Value> {
    let spec = tool.get("toolSpec")?;
    let mut function = json!({
        "name": spec["name"],
        "parameters": spec["inputSchema"]["json"],
    });
    if let Some(description) = spec["description"].as_str() {
        function["description"] = json!(description);
    }
    Some(json!({ "type": "function", "function": function }))
}

fn tool_choice(choice: &Value) -> Value {
    if let Some(name) = choice["tool"]["name"].as_str() {
        json!({ "type": "function", "function": { "name": name } })
    } else if choice.get("any").is_some() {
        json!("required")
    } else {
        json!("auto")
    }
}

/// What a model said before. Its reasoning stays with it: no such server takes it back.
fn assistant(content: &[Value]) -> Result<Value, ApiError> {
    let mut words = String::new();
    let mut calls = Vec::new();
    for block in content {
        if let Some(call) = block.get("toolUse") {
            calls.push(json!({
                "id": call["toolUseId"],
                "type": "function",
                "function": { "name": call["name"], "arguments": call["input"].to_string() },
            }));
        } else if let Some(text) = text(block) {
            words.push_str(text);
        } else if block.get("image").is_some() {
            return Err(unsupported("image"));
        }
    }
    let mut message = json!({ "role": "assistant", "content": words });
    if !calls.is_empty() {
        message["tool_calls"] = json!(calls);
    }
    Ok(message)
}

/// What a person said, and what tools gave: a message each.
fn user(content: &[Value], messages: &mut Vec<Value>) -> Result<(), ApiError> {
    let mut parts = Vec::new();
    for block in content {
        if let Some(result) = block.get("toolResult") {
            let (words, pictures) = tool_result(result)?;
            messages.push(json!({
                "role": "tool",
                "tool_call_id": result["toolUseId"],
                "content": words,
            }));
            // A tool's message has words only.
            parts.extend(pictures);
        } else if let Some(part) = part(block)? {
            parts.push(part);
        }
    }
    // Plain text alone is what every server takes.
    let only_text: Option<Vec<&str>> = parts.iter().map(|part| part["text"].as_str()).collect();
    match only_text {
        Some(texts) if texts.is_empty() => {}
        Some(texts) => {
            messages.push(json!({ "role": "user", "content": texts.join("\n\n") }));
        }
        None => messages.push(json!({ "role": "user", "content": parts })),
    }
    Ok(())
}

fn tool_result(result: &Value) -> Result<(String, Vec<Value>), ApiError> {
    let (mut words, mut pictures) = (Vec::new(), Vec::new());
    for block in list(&result["content"]) {
        if let Some(text) = block["text"].as_str() {
            words.push(text.to_owned());
        } else if let Some(json) = block.get("json") {
            words.push(json.to_string());
        } else if let Some(part) = part(block)? {
            pictures.push(part);
        }
    }
    Ok((words.join("\n"), pictures))
}

/// A block as a part of a message; `None` for one that only AWS knows what to do with.
fn part(block: &Value) -> Result<Option<Value>, ApiError> {
    if let Some(text) = text(block) {
        return Ok(Some(json!({ "type": "text", "text": text })));
    }
    if let Some(image) = block.get("image") {
        return picture(image).map(Some);
    }
    if let Some(document) = block.get("document") {
        return document_text(document).map(Some);
    }
    for kind in ["video", "audio"] {
        if block.get(kind).is_some() {
            return Err(unsupported(kind));
        }
    }
    Ok(None)
}

fn text(block: &Value) -> Option<&str> {
    let guarded = &block["guardContent"]["text"]["text"];
    block["text"].as_str().or(guarded.as_str())
}

/// Bytes are base64 in both forms.
fn picture(image: &Value) -> Result<Value, ApiError> {
    let (Some(format), Some(bytes)) = (image["format"].as_str(), image["source"]["bytes"].as_str())
    else {
        return Err(ApiError::validation(
            "A local model takes images as bytes only, not from S3.",
        ));
    };
    let url = format!("data:image/{format};base64,{bytes}");
    Ok(json!({ "type": "image_url", "image_url": { "url": url } }))
}

fn document_text(document: &Value) -> Result<Value, ApiError> {
    let format = document["format"].as_str().unwrap_or_default();
    if !TEXT_DOCUMENTS.contains(&format) {
        return Err(unsupported("document"));
    }
    let source = &document["source"];
    let words = match (source["bytes"].as_str(), source["text"].as_str()) {
        (Some(coded), _) => {
            let bytes = STANDARD
                .decode(coded)
                .map_err(|_| ApiError::serialization("Invalid base64 in a blob"))?;
            String::from_utf8_lossy(&bytes).into_owned()
        }
        (None, Some(text)) => text.to_owned(),
        (None, None) => return Err(unsupported("document")),
    };
    let name = document["name"].as_str().unwrap_or("document");
    Ok(json!({ "type": "text", "text": format!("{name}:\n{words}") }))
}

fn unsupported(kind: &str) -> ApiError {
    ApiError::validation(format!(
        "This model doesn't support the {kind} content block that you provided. Update the content block and try again."
    ))
}

fn texts(blocks: &Value) -> Vec<&str> {
    list(blocks).filter_map(text).collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
