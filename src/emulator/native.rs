//! The providers' own bodies, as `InvokeModel` takes and gives them (recorded).

mod anthropic;
mod chat_completions;
mod nova;
mod prompt;
mod response_fields;

use std::collections::VecDeque;

use serde_json::{Value, json};

pub use response_fields::response_fields;

use super::answer::Answer;
use super::api_error::ApiError;
use super::request::{Block, ConverseRequest, Message};
use crate::catalog::ModelFacts;

/// A provider's form of requests and answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Native {
    /// Anthropic's messages.
    Anthropic,
    /// Amazon Nova's messages.
    Nova,
    /// Amazon Titan Text.
    Titan,
    /// Meta Llama.
    Llama,
    /// Mistral AI's text completion.
    Mistral,
    /// Cohere Command R.
    CommandR,
    /// OpenAI's chat completions, which most newer models take.
    ChatCompletions,
}

impl Native {
    /// The form a model takes.
    pub fn of(model: &ModelFacts) -> Self {
        let prefixes = [
            ("anthropic.", Self::Anthropic),
            ("amazon.nova", Self::Nova),
            ("amazon.titan", Self::Titan),
            ("meta.llama", Self::Llama),
            ("mistral.mistral-7b", Self::Mistral),
            ("mistral.mixtral", Self::Mistral),
            ("mistral.mistral-large-2402", Self::Mistral),
            ("mistral.mistral-small-2402", Self::Mistral),
            ("cohere.command-r", Self::CommandR),
        ];
        prefixes
            .iter()
            .find(|(prefix, _)| model.id.starts_with(prefix))
            .map_or(Self::ChatCompletions, |(_, native)| *native)
    }

    /// Reads a body.
    pub fn request(self, body: &Value) -> Result<ConverseRequest, ApiError> {
        match self {
            Self::Anthropic => anthropic::request(body),
            Self::Nova => nova::request(body),
            Self::Titan | Self::Llama | Self::Mistral | Self::CommandR => {
                prompt::request(self, body)
            }
            Self::ChatCompletions => chat_completions::request(body),
        }
    }

    /// Writes a whole answer.
    pub fn response(self, model: &ModelFacts, answer: &Answer) -> Value {
        match self {
            Self::Anthropic => anthropic::response(model, answer),
            Self::Nova => nova::response(answer),
            Self::Titan | Self::Llama | Self::Mistral | Self::CommandR => {
                prompt::response(self, answer)
            }
            Self::ChatCompletions => chat_completions::response(model, answer),
        }
    }

    /// Writes an answer chunk by chunk; the last one gets the metrics.
    pub fn chunks(self, model: &ModelFacts, answer: &Answer) -> VecDeque<Chunk> {
        match self {
            Self::Anthropic => anthropic::chunks(model, answer),
            Self::Nova => nova::chunks(answer),
            Self::Titan | Self::Llama | Self::Mistral | Self::CommandR => {
                prompt::chunks(self, answer)
            }
            Self::ChatCompletions => chat_completions::chunks(model, answer),
        }
    }
}

/// A chunk of a streamed answer, and how many tokens it carries.
pub struct Chunk {
    pub tokens: u64,
    pub payload: Value,
}

impl Chunk {
    fn silent(payload: Value) -> Self {
        Self { tokens: 0, payload }
    }
}

/// A request of one message.
fn single(prompt: &str) -> ConverseRequest {
    ConverseRequest {
        messages: vec![Message {
            role: "user".to_owned(),
            content: vec![Block::Text(prompt.to_owned())],
        }],
        ..ConverseRequest::default()
    }
}

/// What a provider says of a body it cannot take (recorded, shortened).
fn malformed(reason: &str) -> ApiError {
    ApiError::validation(format!(
        "Malformed input request: {reason}, please reformat your input and try again."
    ))
}

fn required<'a>(body: &'a Value, name: &str) -> Result<&'a str, ApiError> {
    body[name]
        .as_str()
        .ok_or_else(|| malformed(&format!("#: required key [{name}] not found")))
}

fn strings(value: &Value) -> Vec<String> {
    let items = value.as_array().map_or(&[][..], Vec::as_slice);
    items
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// Adds the members of one object to another.
pub fn merged(mut into: Value, from: Value) -> Value {
    if let (Some(into), Value::Object(from)) = (into.as_object_mut(), from) {
        into.extend(from);
    }
    into
}

/// The metrics behind a stream.
pub fn metrics(answer: &Answer, latency_ms: u64, first_byte_ms: u64) -> Value {
    json!({ "amazon-bedrock-invocationMetrics": {
        "inputTokenCount": answer.input_tokens,
        "outputTokenCount": answer.output_tokens,
        "invocationLatency": latency_ms,
        "firstByteLatency": first_byte_ms,
    } })
}
