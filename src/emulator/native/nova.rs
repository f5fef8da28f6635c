//! Amazon Nova's messages: nearly Converse's own.

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::Chunk;
use crate::emulator::answer::{Answer, AnswerBlock};
use crate::emulator::api_error::ApiError;
use crate::emulator::request::ConverseRequest;
use crate::emulator::stream::pieces;
use crate::emulator::tokens;

pub fn request(body: &Value) -> Result<ConverseRequest, ApiError> {
    let mut body = body.clone();
    let inference = &mut body["inferenceConfig"];
    // Both spellings are seen in recordings.
    if let Some(most) = inference.get("max_new_tokens").cloned() {
        inference["maxTokens"] = most;
    }
    if let Some(top_p) = inference.get("top_p").cloned() {
        inference["topP"] = top_p;
    }
    ConverseRequest::from_json(&body)
}

fn usage(answer: &Answer) -> Value {
    json!({
        "inputTokens": answer.input_tokens,
        "outputTokens": answer.output_tokens,
        "totalTokens": answer.input_tokens + answer.output_tokens,
        "cacheReadInputTokenCount": 0,
        "cacheWriteInputTokenCount": 0,
    })
}

pub fn response(answer: &Answer) -> Value {
    let content: Vec<Value> = answer
        .blocks
        .iter()
        .map(|block| match block {
            AnswerBlock::Text(text) | AnswerBlock::Reasoning(text) => json!({ "text": text }),
            AnswerBlock::ToolUse { id, name, input } => {
                json!({ "toolUse": { "toolUseId": id, "name": name, "input": input } })
            }
        })
        .collect();
    json!({
        "output": { "message": { "content": content, "role": "assistant" } },
        "stopReason": answer.stop_reason,
        "usage": usage(answer),
    })
}

pub fn chunks(answer: &Answer) -> VecDeque<Chunk> {
    let mut chunks = VecDeque::new();
    chunks.push_back(Chunk::silent(
        json!({ "messageStart": { "role": "assistant" } }),
    ));
    for (index, block) in answer.blocks.iter().enumerate() {
        let delta = |delta: Value| json!({ "contentBlockDelta": { "delta": delta, "contentBlockIndex": index } });
        match block {
            AnswerBlock::Text(text) | AnswerBlock::Reasoning(text) => {
                for piece in pieces(text) {
                    let payload = delta(json!({ "text": piece }));
                    chunks.push_back(Chunk {
                        tokens: tokens::of_text(piece),
                        payload,
                    });
                }
            }
            AnswerBlock::ToolUse { id, name, input } => {
                let start = json!({ "toolUse": { "toolUseId": id, "name": name } });
                let payload =
                    json!({ "contentBlockStart": { "start": start, "contentBlockIndex": index } });
                chunks.push_back(Chunk::silent(payload));
                let payload = delta(json!({ "toolUse": { "input": input.to_string() } }));
                chunks.push_back(Chunk { tokens: 1, payload });
            }
        }
        chunks.push_back(Chunk::silent(
            json!({ "contentBlockStop": { "contentBlockIndex": index } }),
        ));
    }
    chunks.push_back(Chunk::silent(
        json!({ "messageStop": { "stopReason": answer.stop_reason } }),
    ));
    chunks.push_back(Chunk::silent(
        json!({ "metadata": { "usage": usage(answer), "metrics": {}, "trace": {} } }),
    ));
    chunks
}
