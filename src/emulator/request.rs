//! Converse's request, read from its JSON.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::api_error::ApiError;

/// A request of `Converse` or `ConverseStream`, as far as answering needs it.
#[derive(Clone, Debug, Default)]
pub struct ConverseRequest {
    pub system: Vec<String>,
    pub messages: Vec<Message>,
    pub max_tokens: Option<i64>,
    pub temperature: Option<f64>,
    pub top_p: Option<f64>,
    pub stop_sequences: Vec<String>,
    /// JSON pointers into the model's own answer.
    pub response_field_paths: Vec<String>,
    pub tools: Vec<Tool>,
    pub tool_choice: ToolChoice,
    pub reasoning: bool,
    pub service_tier: Option<String>,
    /// The JSON schema the answer must keep to.
    pub output_schema: Option<Value>,
    /// As it came; null when there is none.
    pub guardrail: Value,
}

#[derive(Clone, Debug)]
pub struct Message {
    pub role: String,
    pub content: Vec<Block>,
}

#[derive(Clone, Debug)]
pub enum Block {
    Text(String),
    /// `guardContent`: text that a guardrail shall look at.
    Guarded(String),
    Image {
        format: String,
        bytes: Option<Vec<u8>>,
    },
    Document {
        name: String,
        bytes: usize,
    },
    Video,
    ToolUse,
    ToolResult(String),
    Other,
}

#[derive(Clone, Debug)]
pub struct Tool {
    pub name: String,
    pub input_schema: Value,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ToolChoice {
    #[default]
    Auto,
    Any,
    Tool(String),
}

impl ConverseRequest {
    /// Reads a request from its JSON.
    pub fn from_json(body: &Value) -> Result<Self, ApiError> {
        let Value::Object(_) = body else {
            return Err(ApiError::serialization("Expected a JSON object"));
        };
        let inference = &body["inferenceConfig"];
        Ok(Self {
            system: texts(&body["system"]),
            messages: list(&body["messages"], "messages")?
                .iter()
                .map(message)
                .collect::<Result<_, _>>()?,
            max_tokens: inference["maxTokens"].as_i64(),
            temperature: inference["temperature"].as_f64(),
            top_p: inference["topP"].as_f64(),
            stop_sequences: strings(&inference["stopSequences"]),
            response_field_paths: strings(&body["additionalModelResponseFieldPaths"]),
            tools: list(&body["toolConfig"]["tools"], "toolConfig.tools")?
                .iter()
                .filter_map(tool)
                .collect(),
            tool_choice: tool_choice(&body["toolConfig"]["toolChoice"]),
            reasoning: reasons(&body["additionalModelRequestFields"]),
            output_schema: output_schema(&body["outputConfig"]),
            service_tier: body["serviceTier"]["type"].as_str().map(str::to_owned),
            guardrail: body["guardrailConfig"].clone(),
        })
    }

    /// The last message, which is what is asked.
    pub fn last(&self) -> &[Block] {
        self.messages.last().map_or(&[], |message| &message.content)
    }

    /// What a guardrail looks at: the marked texts, or every text where none is marked.
    pub fn guarded_texts(&mut self) -> Vec<&mut String> {
        let marked = self
            .blocks()
            .any(|block| matches!(block, Block::Guarded(_)));
        let blocks = self
            .messages
            .iter_mut()
            .flat_map(|message| &mut message.content);
        blocks
            .filter_map(|block| match block {
                Block::Guarded(text) => Some(text),
                Block::Text(text) if !marked => Some(text),
                _ => None,
            })
            .collect()
    }

    /// All blocks of all messages.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.messages.iter().flat_map(|message| &message.content)
    }

    /// The text of the last message.
    pub fn prompt(&self) -> String {
        let texts: Vec<_> = self
            .last()
            .iter()
            .filter_map(|block| match block {
                Block::Text(text) | Block::Guarded(text) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        texts.join("\n")
    }
}

fn message(value: &Value) -> Result<Message, ApiError> {
    let role = value["role"].as_str().unwrap_or_default().to_owned();
    let content = list(&value["content"], "content")?
        .iter()
        .map(block)
        .collect::<Result<_, _>>()?;
    Ok(Message { role, content })
}

fn block(value: &Value) -> Result<Block, ApiError> {
    let Some((kind, content)) = value.as_object().and_then(|members| members.iter().next()) else {
        return Ok(Block::Other);
    };
    Ok(match kind.as_str() {
        "text" => Block::Text(content.as_str().unwrap_or_default().to_owned()),
        "image" => Block::Image {
            format: content["format"].as_str().unwrap_or_default().to_owned(),
            bytes: bytes(&content["source"]["bytes"])?,
        },
        "document" => Block::Document {
            name: content["name"].as_str().unwrap_or_default().to_owned(),
            bytes: bytes(&content["source"]["bytes"])?.map_or(0, |bytes| bytes.len()),
        },
        "video" => Block::Video,
        "toolUse" => Block::ToolUse,
        "guardContent" => Block::Guarded(
            content["text"]["text"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        ),
        "toolResult" => Block::ToolResult(texts(&content["content"]).join(" ")),
        _ => Block::Other,
    })
}

fn bytes(value: &Value) -> Result<Option<Vec<u8>>, ApiError> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => STANDARD
            .decode(text)
            .map(Some)
            .map_err(|_| ApiError::serialization("Invalid base64 in a blob")),
        _ => Err(ApiError::serialization(
            "Expected a base64 string for a blob",
        )),
    }
}

fn tool(value: &Value) -> Option<Tool> {
    let spec = value.get("toolSpec")?;
    Some(Tool {
        name: spec["name"].as_str()?.to_owned(),
        input_schema: spec["inputSchema"]["json"].clone(),
    })
}

fn tool_choice(value: &Value) -> ToolChoice {
    if let Some(name) = value["tool"]["name"].as_str() {
        ToolChoice::Tool(name.to_owned())
    } else if value.get("any").is_some() {
        ToolChoice::Any
    } else {
        ToolChoice::Auto
    }
}

/// Whether the fields of some family ask for reasoning.
fn reasons(fields: &Value) -> bool {
    let kind = |path: &str| fields.pointer(path).and_then(Value::as_str);
    matches!(kind("/thinking/type"), Some("enabled" | "adaptive"))
        || kind("/reasoningConfig/type") == Some("enabled")
}

/// The schema comes as text within the JSON.
fn output_schema(config: &Value) -> Option<Value> {
    let schema = config
        .pointer("/textFormat/structure/jsonSchema/schema")?
        .as_str()?;
    serde_json::from_str(schema).ok()
}

fn list<'a>(value: &'a Value, name: &str) -> Result<&'a [Value], ApiError> {
    match value {
        Value::Null => Ok(&[]),
        Value::Array(items) => Ok(items),
        _ => Err(ApiError::serialization(format!(
            "Expected a list for {name}"
        ))),
    }
}

fn strings(value: &Value) -> Vec<String> {
    let items = value.as_array().map_or(&[][..], Vec::as_slice);
    items
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

fn texts(value: &Value) -> Vec<String> {
    let items = value.as_array().map_or(&[][..], Vec::as_slice);
    items
        .iter()
        .filter_map(|item| item["text"].as_str())
        .map(str::to_owned)
        .collect()
}
