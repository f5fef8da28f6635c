//! OpenAI's chat completions, which most newer models on Bedrock take.

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::{Chunk, malformed, merged, strings};
use crate::catalog::ModelFacts;
use crate::emulator::answer::Answer;
use crate::emulator::api_error::ApiError;
use crate::emulator::request::{Block, ConverseRequest, Message};
use crate::emulator::stream::pieces;
use crate::emulator::tokens;

pub fn request(body: &Value) -> Result<ConverseRequest, ApiError> {
    let messages = body["messages"]
        .as_array()
        .ok_or_else(|| malformed("#: required key [messages] not found"))?;
    let mut request = ConverseRequest {
        max_tokens: body["max_tokens"]
            .as_i64()
            .or(body["max_completion_tokens"].as_i64()),
        temperature: body["temperature"].as_f64(),
        top_p: body["top_p"].as_f64(),
        stop_sequences: strings(&body["stop"]),
        ..ConverseRequest::default()
    };
    for message in messages {
        let text = match &message["content"] {
            Value::String(text) => text.clone(),
            Value::Array(parts) => parts
                .iter()
                .filter_map(|part| part["text"].as_str())
                .collect(),
            _ => String::new(),
        };
        match message["role"].as_str() {
            Some("system" | "developer") => request.system.push(text),
            Some("assistant") => request.messages.push(Message {
                role: "assistant".to_owned(),
                content: vec![Block::Text(text)],
            }),
            _ => request.messages.push(Message {
                role: "user".to_owned(),
                content: vec![Block::Text(text)],
            }),
        }
    }
    Ok(request)
}

fn finish_reason(answer: &Answer) -> &'static str {
    if answer.stop_reason == "max_tokens" {
        "length"
    } else {
        "stop"
    }
}

fn usage(answer: &Answer) -> Value {
    json!({
        "prompt_tokens": answer.input_tokens,
        "completion_tokens": answer.output_tokens,
        "total_tokens": answer.input_tokens + answer.output_tokens,
    })
}

fn envelope(model: &ModelFacts, object: &str) -> Value {
    json!({ "id": "chatcmpl-simulated", "created": 0, "model": model.id, "object": object })
}

pub fn response(model: &ModelFacts, answer: &Answer) -> Value {
    let message = json!({ "role": "assistant", "content": answer.text(), "tool_calls": null });
    merged(
        envelope(model, "chat.completion"),
        json!({
            "choices": [{ "index": 0, "finish_reason": finish_reason(answer), "message": message }],
            "usage": usage(answer),
        }),
    )
}

pub fn chunks(model: &ModelFacts, answer: &Answer) -> VecDeque<Chunk> {
    let choice = |delta: Value, reason: Value| {
        let choices =
            json!({ "choices": [{ "delta": delta, "finish_reason": reason, "index": 0 }] });
        merged(envelope(model, "chat.completion.chunk"), choices)
    };
    let mut chunks = VecDeque::new();
    chunks.push_back(Chunk::silent(choice(
        json!({ "role": "assistant", "content": "" }),
        Value::Null,
    )));
    for piece in pieces(&answer.text()) {
        let payload = choice(json!({ "content": piece }), Value::Null);
        chunks.push_back(Chunk {
            tokens: tokens::of_text(piece),
            payload,
        });
    }
    chunks.push_back(Chunk::silent(choice(
        json!({}),
        json!(finish_reason(answer)),
    )));
    let last = json!({ "choices": [], "usage": usage(answer) });
    chunks.push_back(Chunk::silent(merged(
        envelope(model, "chat.completion.chunk"),
        last,
    )));
    chunks
}
