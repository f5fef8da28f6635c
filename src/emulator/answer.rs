//! What the endpoint answers: worked out from the request, the same for the same request and seed,
//! and always saying that it is simulated.

mod prose;

use serde_json::{Value, json};

use super::api_error::ApiError;
use super::picture::Picture;
use super::prompt_cache::CacheUse;
use super::request::{Block, ConverseRequest, Tool, ToolChoice};
use super::tokens;
use crate::catalog::ModelFacts;

/// Output tokens when a request sets no limit and the facts know none.
const DEFAULT_MAX_TOKENS: u64 = 4_096;

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub blocks: Vec<AnswerBlock>,
    pub stop_reason: &'static str,
    /// The sequence that ended it, when one did.
    pub stop_sequence: Option<String>,
    pub input_tokens: u64,
    pub output_tokens: u64,
    /// Of the input, what the cache gave and took.
    pub cache: CacheUse,
}

impl Answer {
    /// The text of the answer, without its reasoning.
    pub fn text(&self) -> String {
        let texts = self.blocks.iter().filter_map(|block| match block {
            AnswerBlock::Text(text) => Some(text.as_str()),
            _ => None,
        });
        texts.collect()
    }
}

/// A block of an answer.
#[derive(Clone, Debug)]
pub enum AnswerBlock {
    Reasoning(String),
    Text(String),
    ToolUse {
        id: String,
        name: String,
        input: Value,
    },
}

/// Answers a request that was found valid.
pub fn answer(
    request: &ConverseRequest,
    model: &ModelFacts,
    seed: u64,
) -> Result<Answer, ApiError> {
    let pictures = pictures(request)?;
    let input_tokens = input_tokens(request, model, &pictures);
    let mut blocks = Vec::new();
    if request.reasoning && model.supports.reasoning != Some(false) {
        blocks.push(AnswerBlock::Reasoning(prose::reasoning(&request.prompt())));
    }
    if let Some(tool) = wanted_tool(request) {
        let input = example(&tool.input_schema);
        let text = format!("Simulated: asking for the tool {}.", tool.name);
        blocks.push(AnswerBlock::Text(text));
        blocks.push(AnswerBlock::ToolUse {
            id: format!(
                "tooluse_{:016x}",
                fingerprint(&[&tool.name, &request.prompt()], seed)
            ),
            name: tool.name.clone(),
            input,
        });
        let output_tokens = blocks.iter().map(block_tokens).sum();
        return Ok(Answer {
            blocks,
            stop_reason: "tool_use",
            stop_sequence: None,
            input_tokens,
            output_tokens,
            cache: CacheUse::default(),
        });
    }
    let last_pictures: Vec<_> = request_pictures(request.last(), &pictures);
    let text = if let Some(schema) = &request.output_schema {
        example(schema).to_string()
    } else if last_pictures.is_empty() {
        prose::markdown(request, model, seed)
    } else {
        prose::of_pictures(&request.prompt(), &last_pictures)
    };
    let (text, ending) = limited(request, model, &blocks, text);
    blocks.push(AnswerBlock::Text(text));
    let output_tokens = blocks.iter().map(block_tokens).sum();
    Ok(Answer {
        blocks,
        stop_reason: ending.reason,
        stop_sequence: ending.stop_sequence,
        input_tokens,
        output_tokens,
        cache: CacheUse::default(),
    })
}

/// Tokens of a request's input.
pub fn count_input(request: &ConverseRequest, model: &ModelFacts) -> Result<u64, ApiError> {
    Ok(input_tokens(request, model, &pictures(request)?))
}

/// Every picture of the request, decoded; one that cannot be read refuses the whole.
fn pictures(request: &ConverseRequest) -> Result<Vec<Picture>, ApiError> {
    request
        .blocks()
        .filter_map(|block| match block {
            Block::Image {
                format,
                bytes: Some(bytes),
            } => Some(Picture::decode(bytes, format)),
            _ => None,
        })
        .collect()
}

/// The pictures of the last message: they come last in the request.
fn request_pictures<'a>(last: &[Block], pictures: &'a [Picture]) -> Vec<&'a Picture> {
    let count = last
        .iter()
        .filter(|block| matches!(block, Block::Image { bytes: Some(_), .. }))
        .count();
    pictures[pictures.len() - count..].iter().collect()
}

fn input_tokens(request: &ConverseRequest, model: &ModelFacts, pictures: &[Picture]) -> u64 {
    let system: u64 = request
        .system
        .iter()
        .map(|text| tokens::of_text(text))
        .sum();
    let content: u64 = request
        .blocks()
        .map(|block| match block {
            Block::Text(text) | Block::Guarded(text) | Block::ToolResult(text) => {
                tokens::of_text(text)
            }
            // About four bytes a token, as for text.
            Block::Document { bytes, .. } => (*bytes as u64).div_ceil(4),
            _ => 0,
        })
        .sum();
    let images: u64 = pictures
        .iter()
        .map(|picture| tokens::of_picture(model.id, picture))
        .sum();
    let tools: u64 = request
        .tools
        .iter()
        .map(|tool| tokens::of_text(&tool.input_schema.to_string()))
        .sum();
    system + content + images + tools
}

fn block_tokens(block: &AnswerBlock) -> u64 {
    match block {
        AnswerBlock::Reasoning(text) | AnswerBlock::Text(text) => tokens::of_text(text),
        AnswerBlock::ToolUse { name, input, .. } => {
            tokens::of_text(name) + tokens::of_text(&input.to_string())
        }
    }
}

/// Why a text ends.
struct TextEnding {
    reason: &'static str,
    stop_sequence: Option<String>,
}

/// Cuts a text at the first stop sequence, or where the tokens end.
fn limited(
    request: &ConverseRequest,
    model: &ModelFacts,
    before: &[AnswerBlock],
    mut text: String,
) -> (String, TextEnding) {
    let mut ending = TextEnding {
        reason: "end_turn",
        stop_sequence: None,
    };
    let first_stop = request
        .stop_sequences
        .iter()
        .filter(|stop| !stop.is_empty())
        .filter_map(|stop| Some((text.find(stop.as_str())?, stop)))
        .min_by_key(|(at, _)| *at);
    if let Some((at, stop)) = first_stop {
        text.truncate(at);
        ending = TextEnding {
            reason: "stop_sequence",
            stop_sequence: Some(stop.clone()),
        };
    }
    let most = request
        .max_tokens
        .and_then(|most| u64::try_from(most).ok())
        .or(model.max_output_tokens.map(u64::from))
        .unwrap_or(DEFAULT_MAX_TOKENS);
    let most = most.saturating_sub(before.iter().map(block_tokens).sum());
    if tokens::of_text(&text) > most {
        let end = text
            .char_indices()
            .map(|(at, c)| at + c.len_utf8())
            .take_while(|end| tokens::of_text(&text[..*end]) <= most)
            .last()
            .unwrap_or(0);
        text.truncate(end);
        ending = TextEnding {
            reason: "max_tokens",
            stop_sequence: None,
        };
    }
    (text, ending)
}

/// The tool to ask for: the one that is demanded, or one the prompt names; never twice in a row.
fn wanted_tool(request: &ConverseRequest) -> Option<&Tool> {
    if request
        .last()
        .iter()
        .any(|block| matches!(block, Block::ToolResult(_)))
    {
        return None;
    }
    match &request.tool_choice {
        ToolChoice::Tool(name) => request.tools.iter().find(|tool| tool.name == *name),
        ToolChoice::Any => request.tools.first(),
        ToolChoice::Auto => {
            let prompt = request.prompt().to_lowercase();
            request.tools.iter().find(|tool| {
                tool.name
                    .split(['_', '-'])
                    .any(|word| word.len() > 3 && prompt.contains(&word.to_lowercase()))
            })
        }
    }
}

/// A value that fits a JSON schema.
fn example(schema: &Value) -> Value {
    if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
        return first.clone();
    }
    match schema["type"].as_str() {
        Some("object") => {
            let members = schema["properties"].as_object().into_iter().flatten();
            Value::Object(
                members
                    .map(|(name, schema)| (name.clone(), example(schema)))
                    .collect(),
            )
        }
        Some("array") => json!([example(&schema["items"])]),
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        Some("boolean") => json!(true),
        Some("null") => Value::Null,
        _ => json!("simulated"),
    }
}

/// FNV-1a over the parts: stable between versions of the program, which std's hasher is not.
pub fn fingerprint(parts: &[&str], seed: u64) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325 ^ seed, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
