//! Anthropic's messages.

use std::collections::VecDeque;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Chunk, strings};
use crate::catalog::ModelFacts;
use crate::emulator::answer::{Answer, AnswerBlock};
use crate::emulator::api_error::ApiError;
use crate::emulator::request::{Block, ConverseRequest, Message, Tool, ToolChoice};
use crate::emulator::stream::pieces;
use crate::emulator::tokens;

const SIGNATURE: &str = "c2ltdWxhdGVk";

pub fn request(body: &Value) -> Result<ConverseRequest, ApiError> {
    for name in ["anthropic_version", "max_tokens", "messages"] {
        if body.get(name).is_none() {
            return Err(ApiError::validation(format!("{name}: Field required")));
        }
    }
    let messages = body["messages"]
        .as_array()
        .ok_or_else(|| ApiError::validation("messages: Input should be a valid list"))?;
    let system = match &body["system"] {
        Value::String(text) => vec![text.clone()],
        Value::Array(blocks) => blocks
            .iter()
            .filter_map(|block| block["text"].as_str())
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    };
    let tools = body["tools"].as_array().map_or(&[][..], Vec::as_slice);
    Ok(ConverseRequest {
        output_schema: None,
        system,
        messages: messages.iter().map(message).collect::<Result<_, _>>()?,
        max_tokens: body["max_tokens"].as_i64(),
        temperature: body["temperature"].as_f64(),
        top_p: body["top_p"].as_f64(),
        stop_sequences: strings(&body["stop_sequences"]),
        response_field_paths: Vec::new(),
        tools: tools
            .iter()
            .filter_map(|tool| {
                Some(Tool {
                    name: tool["name"].as_str()?.to_owned(),
                    input_schema: tool["input_schema"].clone(),
                })
            })
            .collect(),
        tool_choice: match body["tool_choice"]["type"].as_str() {
            Some("any") => ToolChoice::Any,
            Some("tool") => ToolChoice::Tool(
                body["tool_choice"]["name"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
            ),
            _ => ToolChoice::Auto,
        },
        reasoning: matches!(
            body["thinking"]["type"].as_str(),
            Some("enabled" | "adaptive")
        ),
        service_tier: None,
        guardrail: Value::Null,
    })
}

fn message(value: &Value) -> Result<Message, ApiError> {
    let content = match &value["content"] {
        Value::String(text) => vec![Block::Text(text.clone())],
        Value::Array(blocks) => blocks.iter().map(block).collect::<Result<_, _>>()?,
        _ => Vec::new(),
    };
    Ok(Message {
        role: value["role"].as_str().unwrap_or_default().to_owned(),
        content,
    })
}

fn block(value: &Value) -> Result<Block, ApiError> {
    let source = &value["source"];
    let bytes = || {
        STANDARD
            .decode(source["data"].as_str().unwrap_or_default())
            .map_err(|_| ApiError::validation("source.base64.data: Input should be valid base64"))
    };
    Ok(match value["type"].as_str() {
        Some("text") => Block::Text(value["text"].as_str().unwrap_or_default().to_owned()),
        Some("image") => {
            let media_type = source["media_type"].as_str().unwrap_or_default();
            let format = media_type.strip_prefix("image/").unwrap_or(media_type);
            Block::Image {
                format: format.to_owned(),
                bytes: Some(bytes()?),
            }
        }
        Some("document") => Block::Document {
            name: "document".to_owned(),
            bytes: bytes()?.len(),
        },
        Some("tool_use") => Block::ToolUse,
        Some("tool_result") => Block::ToolResult(value["content"].to_string()),
        _ => Block::Other,
    })
}

pub fn response(model: &ModelFacts, answer: &Answer) -> Value {
    let content: Vec<Value> = answer
        .blocks
        .iter()
        .map(|block| match block {
            AnswerBlock::Text(text) => json!({ "type": "text", "text": text }),
            AnswerBlock::Reasoning(text) => {
                json!({ "type": "thinking", "thinking": text, "signature": SIGNATURE })
            }
            AnswerBlock::ToolUse { id, name, input } => {
                json!({ "type": "tool_use", "id": id, "name": name, "input": input })
            }
        })
        .collect();
    json!({
        "model": name(model),
        "id": ID,
        "type": "message",
        "role": "assistant",
        "content": content,
        "stop_reason": answer.stop_reason,
        "stop_sequence": answer.stop_sequence,
        "usage": {
            "input_tokens": answer.input_tokens,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "output_tokens": answer.output_tokens,
        },
    })
}

const ID: &str = "msg_bdrk_simulated";

/// `anthropic.claude-3-5-haiku-20241022-v1:0` is `claude-3-5-haiku-20241022` to its provider.
fn name(model: &ModelFacts) -> &str {
    let name = model.id.strip_prefix("anthropic.").unwrap_or(model.id);
    name.split_once("-v").map_or(name, |(name, _)| name)
}

/// The event of a stream that says how it ended.
pub fn message_delta(answer: &Answer) -> Value {
    json!({
        "type": "message_delta",
        "delta": { "stop_reason": answer.stop_reason, "stop_sequence": answer.stop_sequence },
        "usage": { "output_tokens": answer.output_tokens },
    })
}

pub fn chunks(model: &ModelFacts, answer: &Answer) -> VecDeque<Chunk> {
    let mut chunks = VecDeque::new();
    chunks.push_back(Chunk::silent(json!({ "type": "message_start", "message": {
        "model": name(model), "id": ID, "type": "message", "role": "assistant", "content": [],
        "stop_reason": null, "stop_sequence": null,
        "usage": { "input_tokens": answer.input_tokens, "output_tokens": 1 },
    } })));
    for (index, block) in answer.blocks.iter().enumerate() {
        let (start, deltas): (Value, Vec<(u64, Value)>) = match block {
            AnswerBlock::Text(text) => (
                json!({ "type": "text", "text": "" }),
                pieces(text)
                    .into_iter()
                    .map(|piece| {
                        (
                            tokens::of_text(piece),
                            json!({ "type": "text_delta", "text": piece }),
                        )
                    })
                    .collect(),
            ),
            AnswerBlock::Reasoning(text) => (
                json!({ "type": "thinking", "thinking": "", "signature": "" }),
                vec![
                    (
                        tokens::of_text(text),
                        json!({ "type": "thinking_delta", "thinking": text }),
                    ),
                    (
                        0,
                        json!({ "type": "signature_delta", "signature": SIGNATURE }),
                    ),
                ],
            ),
            AnswerBlock::ToolUse { id, name, input } => (
                json!({ "type": "tool_use", "id": id, "name": name, "input": {} }),
                vec![(
                    1,
                    json!({ "type": "input_json_delta", "partial_json": input.to_string() }),
                )],
            ),
        };
        chunks.push_back(Chunk::silent(
            json!({ "type": "content_block_start", "index": index, "content_block": start }),
        ));
        for (tokens, delta) in deltas {
            let payload = json!({ "type": "content_block_delta", "index": index, "delta": delta });
            chunks.push_back(Chunk { tokens, payload });
        }
        chunks.push_back(Chunk::silent(
            json!({ "type": "content_block_stop", "index": index }),
        ));
    }
    chunks.push_back(Chunk::silent(message_delta(answer)));
    chunks.push_back(Chunk::silent(json!({ "type": "message_stop" })));
    chunks
}
