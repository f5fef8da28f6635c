//! Forms with one prompt: Titan, Llama, Mistral, Command R.

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::{Chunk, Native, required, single, strings};
use crate::emulator::answer::Answer;
use crate::emulator::api_error::ApiError;
use crate::emulator::request::ConverseRequest;
use crate::emulator::stream::pieces;
use crate::emulator::tokens;

pub fn request(native: Native, body: &Value) -> Result<ConverseRequest, ApiError> {
    let prompt = match native {
        Native::Titan => required(body, "inputText")?,
        Native::CommandR => required(body, "message")?,
        _ => required(body, "prompt")?,
    };
    let config = if native == Native::Titan {
        &body["textGenerationConfig"]
    } else {
        body
    };
    let (most, top_p, stops) = match native {
        Native::Titan => ("maxTokenCount", "topP", "stopSequences"),
        Native::Llama => ("max_gen_len", "top_p", "stop"),
        Native::CommandR => ("max_tokens", "p", "stop_sequences"),
        _ => ("max_tokens", "top_p", "stop"),
    };
    Ok(ConverseRequest {
        max_tokens: config[most].as_i64(),
        temperature: config["temperature"].as_f64(),
        top_p: config[top_p].as_f64(),
        stop_sequences: strings(&config[stops]),
        ..single(prompt)
    })
}

/// Whether the answer ended by itself.
fn finished(answer: &Answer) -> bool {
    answer.stop_reason != "max_tokens"
}

pub fn response(native: Native, answer: &Answer) -> Value {
    let text = answer.text();
    let ended = finished(answer);
    match native {
        Native::Titan => json!({
            "inputTextTokenCount": answer.input_tokens,
            "results": [{
                "tokenCount": answer.output_tokens,
                "outputText": text,
                "completionReason": if ended { "FINISH" } else { "LENGTH" },
            }],
        }),
        Native::Llama => json!({
            "generation": text,
            "prompt_token_count": answer.input_tokens,
            "generation_token_count": answer.output_tokens,
            "stop_reason": if ended { "stop" } else { "length" },
        }),
        Native::CommandR => json!({
            "response_id": "simulated",
            "generation_id": "simulated",
            "text": text,
            "finish_reason": if ended { "COMPLETE" } else { "MAX_TOKENS" },
        }),
        _ => {
            json!({ "outputs": [{ "text": text, "stop_reason": if ended { "stop" } else { "length" } }] })
        }
    }
}

pub fn chunks(native: Native, answer: &Answer) -> VecDeque<Chunk> {
    let text = answer.text();
    let ended = finished(answer);
    let all = pieces(&text);
    let last = all.len().saturating_sub(1);
    let mut sent = 0;
    let mut chunks: VecDeque<Chunk> = all
        .iter()
        .enumerate()
        .map(|(index, piece)| {
            let tokens = tokens::of_text(piece);
            sent += tokens;
            let is_last = index == last;
            let reason = |name: &str| if is_last { json!(name) } else { Value::Null };
            let payload = match native {
                Native::Titan => json!({
                    "outputText": piece,
                    "index": 0,
                    "totalOutputTextTokenCount": if is_last { json!(answer.output_tokens) } else { Value::Null },
                    "completionReason": reason(if ended { "FINISH" } else { "LENGTH" }),
                    "inputTextTokenCount": if index == 0 { json!(answer.input_tokens) } else { Value::Null },
                }),
                Native::Llama => json!({
                    "generation": piece,
                    "prompt_token_count": if index == 0 { json!(answer.input_tokens) } else { Value::Null },
                    "generation_token_count": sent,
                    "stop_reason": reason(if ended { "stop" } else { "length" }),
                }),
                Native::CommandR => json!({ "is_finished": false, "event_type": "text-generation", "text": piece }),
                _ => json!({ "outputs": [{ "text": piece, "stop_reason": reason(if ended { "stop" } else { "length" }) }] }),
            };
            Chunk { tokens, payload }
        })
        .collect();
    if native == Native::CommandR {
        chunks.push_back(Chunk::silent(json!({
            "is_finished": true,
            "event_type": "stream-end",
            "finish_reason": if ended { "COMPLETE" } else { "MAX_TOKENS" },
            "response": response(native, answer),
        })));
    }
    chunks
}
