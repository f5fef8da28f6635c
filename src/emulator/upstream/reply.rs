//! A chat completion as an answer of Converse.

use serde_json::{Value, json};

/// The message of a completion as Converse has it, or `None` when there is none.
pub fn converse(completion: &Value, latency_ms: u64) -> Option<Value> {
    let choice = completion["choices"].get(0)?;
    let message = choice.get("message")?;
    let mut content = Vec::new();
    if let Some(reasoning) = reasoning(message) {
        content.push(json!({ "reasoningContent": { "reasoningText": { "text": reasoning } } }));
    }
    if let Some(text) = message["content"].as_str().filter(|text| !text.is_empty()) {
        content.push(json!({ "text": text }));
    }
    let calls = message["tool_calls"].as_array().into_iter().flatten();
    for (index, call) in calls.enumerate() {
        content.push(json!({ "toolUse": {
            "toolUseId": call_id(call, index),
            "name": call["function"]["name"],
            "input": arguments(&call["function"]["arguments"]),
        } }));
    }
    let calls_tools = content.iter().any(|block| block.get("toolUse").is_some());
    let mut answer = json!({
        "output": { "message": { "role": "assistant", "content": content } },
        "stopReason": stop_reason(choice["finish_reason"].as_str(), calls_tools),
        "metrics": { "latencyMs": latency_ms },
    });
    if let Some(usage) = usage(&completion["usage"]) {
        answer["usage"] = usage;
    }
    Some(answer)
}

/// What a model thought before it answered; servers differ in the name.
pub fn reasoning(message: &Value) -> Option<&str> {
    let named = message["reasoning_content"].as_str();
    named
        .or(message["reasoning"].as_str())
        .filter(|text| !text.is_empty())
}

/// The id of a call of a tool, or one by its place where the server gives none.
pub fn call_id(call: &Value, index: usize) -> String {
    call["id"]
        .as_str()
        .filter(|id| !id.is_empty())
        .map_or_else(|| format!("local_call_{index}"), str::to_owned)
}

/// Arguments are JSON within a string; some servers send the JSON itself.
fn arguments(value: &Value) -> Value {
    match value {
        Value::String(text) if text.trim().is_empty() => json!({}),
        Value::String(text) => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
        Value::Null => json!({}),
        other => other.clone(),
    }
}

/// Why the model stopped. Some servers say `stop` for calls of tools too.
pub fn stop_reason(finish: Option<&str>, calls_tools: bool) -> &'static str {
    match finish {
        Some("length") => "max_tokens",
        Some("content_filter") => "content_filtered",
        _ if calls_tools => "tool_use",
        _ => "end_turn",
    }
}

/// Tokens, where the server counted them.
pub fn usage(usage: &Value) -> Option<Value> {
    let input = usage["prompt_tokens"].as_u64()?;
    let output = usage["completion_tokens"].as_u64().unwrap_or_default();
    Some(json!({
        "inputTokens": input,
        "outputTokens": output,
        "totalTokens": input.saturating_add(output),
    }))
}
