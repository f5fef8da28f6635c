//! What is asked of a model.

use serde::{Deserialize, Serialize};

use super::Message;
use crate::catalog::ModelId;

/// What alt text is asked for with, when a person writes nothing.
pub const ALT_TEXT_PROMPT: &str =
    "Describe the image (objects and text) this is for alt text. Just write the text in one phrase";

/// One invocation, ready to send with Converse or ConverseStream.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The model, profile or ARN.
    pub model_id: ModelId,
    /// System prompts and the cache points between them.
    pub system: Vec<SystemBlock>,
    /// The conversation; it begins with the user and roles alternate.
    pub messages: Vec<Message>,
    /// Parameters every model knows by the same names.
    pub inference: InferenceConfig,
    /// Parameters only some models know, as JSON.
    pub additional_model_request_fields: Option<serde_json::Value>,
    /// JSON pointers into the model's own answer that shall come back.
    pub additional_model_response_field_paths: Vec<String>,
    /// Tools the model may ask for.
    pub tools: Option<ToolConfig>,
    /// The guardrail that looks at prompt and answer.
    pub guardrail: Option<GuardrailConfig>,
    /// Standard or latency-optimised inference.
    pub latency: Option<Latency>,
    /// What is paid for priority.
    pub service_tier: Option<ServiceTier>,
    /// Names and values that invocation logs carry.
    pub request_metadata: Vec<(String, String)>,
    /// A JSON schema the answer must keep to.
    pub output_schema: Option<serde_json::Value>,
    /// ConverseStream when true, Converse when false.
    pub stream: bool,
}

impl Request {
    /// A streamed request for one model with all else left to its defaults.
    #[must_use]
    pub fn new(model_id: ModelId, messages: Vec<Message>) -> Self {
        Self {
            model_id,
            system: Vec::new(),
            messages,
            inference: InferenceConfig::default(),
            additional_model_request_fields: None,
            additional_model_response_field_paths: Vec::new(),
            tools: None,
            guardrail: None,
            latency: None,
            service_tier: None,
            request_metadata: Vec::new(),
            output_schema: None,
            stream: true,
        }
    }
}

/// A piece of the system prompt.
#[derive(Clone, Debug, PartialEq)]
pub enum SystemBlock {
    /// `text`
    Text(String),
    /// `guardContent`
    GuardText {
        /// The text.
        text: String,
        /// `grounding_source`, `query`, `guard_content`.
        qualifiers: Vec<String>,
    },
    /// `cachePoint`
    CachePoint(CachePoint),
}

/// `CachePointBlock`: what stands before it may be read from the cache the next time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CachePoint {
    /// How long it is kept; the service's default is five minutes.
    pub ttl: Option<CacheTtl>,
}

/// How long a cached prefix is kept; writing for an hour costs more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CacheTtl {
    /// `5m`
    #[serde(rename = "5m")]
    FiveMinutes,
    /// `1h`
    #[serde(rename = "1h")]
    OneHour,
}

/// `InferenceConfiguration`. What is `None` is not sent, and the model's own default holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InferenceConfig {
    /// `maxTokens`, at least 1.
    pub max_tokens: Option<u32>,
    /// `temperature`
    pub temperature: Option<f32>,
    /// `topP`
    pub top_p: Option<f32>,
    /// `stopSequences`
    pub stop_sequences: Vec<String>,
}

/// `ToolConfiguration`
#[derive(Clone, Debug, PartialEq)]
pub struct ToolConfig {
    /// The tools.
    pub tools: Vec<ToolDefinition>,
    /// Whether one must be used; `None` leaves it to the model.
    pub choice: Option<ToolChoice>,
}

/// One entry of `tools`.
#[derive(Clone, Debug, PartialEq)]
pub enum ToolDefinition {
    /// `toolSpec`: a tool of the caller's.
    Spec {
        /// Its name.
        name: String,
        /// What it is for.
        description: Option<String>,
        /// JSON schema of its arguments.
        input_schema: serde_json::Value,
    },
    /// `systemTool`: one the service runs itself.
    System(String),
    /// `cachePoint`
    CachePoint(CachePoint),
}

/// `ToolChoice`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ToolChoice {
    /// `auto`
    Auto,
    /// `any`: some tool must be used.
    Any,
    /// `tool`: this one must be used.
    Tool(String),
}

/// `GuardrailConfiguration`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GuardrailConfig {
    /// Id or ARN.
    pub id: String,
    /// A number, or `DRAFT`.
    pub version: String,
    /// Whether the decision comes back with its reasons.
    pub trace: bool,
    /// While streaming: whether text may be shown before it has been looked at.
    pub asynchronous: bool,
}

/// `performanceConfig.latency`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Latency {
    /// `standard`
    Standard,
    /// `optimized`
    Optimized,
}

/// `serviceTier.type`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServiceTier {
    /// `priority`
    Priority,
    /// `default`
    Default,
    /// `flex`
    Flex,
    /// `reserved`
    Reserved,
}
