//! How a model shall answer: everything beside the messages, as a person sets it. What a model
//! does not take is kept but not sent, so that trying another model loses nothing; of a number beyond
//! its range the nearest it takes is sent, which is also what a slider shows.

mod documents;
mod error;
mod fields;
mod tool_turns;
mod tools;
mod turns;

use serde::{Deserialize, Serialize};

pub use error::ConfigurationError;
pub use tools::ToolDraft;

use super::{
    CachePoint, CacheTtl, ContentBlock, GuardrailConfig, InferenceConfig, Latency, Message,
    Request, Role, ServiceTier, SystemBlock, ToolChoice, ToolConfig, ToolDefinition,
};
use crate::catalog::{ModelId, ParameterRange, Parameters, ReasoningControl, Support, facts};

/// The most pairs of request metadata that Converse takes.
const MAX_REQUEST_METADATA: usize = 16;

/// The least top P that Anthropic takes together with thinking.
const LEAST_TOP_P_THINKING: f32 = 0.95;

/// Whether earlier turns are context for the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Mode {
    /// A conversation.
    #[default]
    Chat,
    /// Every prompt stands alone.
    SinglePrompt,
}

/// How much a model shall think.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effort {
    /// `low`
    Low,
    /// `medium`
    #[default]
    Medium,
    /// `high`
    High,
}

impl Effort {
    /// Every effort, the least first.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// The providers' spelling.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Thinking before answering. Budget and effort are both kept: models take one or the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReasoningSetting {
    /// Whether it is asked for.
    pub on: bool,
    /// Tokens of thought at the most.
    pub budget_tokens: u32,
    /// How much.
    pub effort: Effort,
}

impl Default for ReasoningSetting {
    fn default() -> Self {
        Self {
            on: false,
            budget_tokens: 2_048,
            effort: Effort::default(),
        }
    }
}

/// Where cache points are put.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CachePoints {
    /// Behind the tools.
    pub tools: bool,
    /// Behind the system prompts.
    pub system: bool,
    /// Behind the last message, so that the next turn reads the whole conversation.
    pub messages: bool,
    /// How long it is kept; the service's own default is five minutes.
    pub ttl: Option<CacheTtl>,
}

impl CachePoints {
    /// Whether anything shall be cached.
    #[must_use]
    pub fn any(self) -> bool {
        self.tools || self.system || self.messages
    }

    fn point(self) -> CachePoint {
        CachePoint { ttl: self.ttl }
    }
}

/// How a model shall answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Configuration {
    /// Whether earlier turns are context.
    pub mode: Mode,
    /// System prompts, in order.
    pub system: Vec<String>,
    /// `temperature`
    pub temperature: Option<f32>,
    /// `topP`
    pub top_p: Option<f32>,
    /// `topK`, which each family has in a place of its own.
    pub top_k: Option<u32>,
    /// `maxTokens`
    pub max_tokens: Option<u32>,
    /// `stopSequences`
    pub stop_sequences: Vec<String>,
    /// Thinking before answering.
    pub reasoning: ReasoningSetting,
    /// Standard or latency-optimised inference.
    pub latency: Option<Latency>,
    /// What is paid for priority.
    pub service_tier: Option<ServiceTier>,
    /// Names and values that invocation logs carry.
    pub request_metadata: Vec<(String, String)>,
    /// Whether the answer comes piece by piece.
    pub stream: bool,
    /// `additionalModelRequestFields` as typed: a JSON object, or nothing.
    pub additional_fields: String,
    /// `additionalModelResponseFieldPaths` as typed: a JSON pointer a line.
    pub response_field_paths: String,
    /// Where cache points are put.
    pub cache_points: CachePoints,
    /// The guardrail that looks at prompt and answer.
    pub guardrail: Option<GuardrailConfig>,
    /// Tools the model may ask for.
    pub tools: Vec<ToolDraft>,
    /// Which of them must be used; `None` leaves it to the model.
    pub tool_choice: Option<ToolChoice>,
    /// A JSON schema that the answer must keep to, as typed; or nothing.
    pub output_schema: String,
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            mode: Mode::default(),
            system: vec![String::new()],
            temperature: None,
            top_p: None,
            top_k: None,
            max_tokens: None,
            stop_sequences: Vec::new(),
            reasoning: ReasoningSetting::default(),
            latency: None,
            service_tier: None,
            request_metadata: Vec::new(),
            stream: true,
            additional_fields: String::new(),
            response_field_paths: String::new(),
            cache_points: CachePoints::default(),
            guardrail: None,
            tools: Vec::new(),
            tool_choice: None,
            output_schema: String::new(),
        }
    }
}

/// Why a model would reject a parameter now; `None` where it takes it. What is unavailable is not
/// sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unavailable {
    /// `temperature`
    pub temperature: Option<&'static str>,
    /// `topP`
    pub top_p: Option<&'static str>,
    /// `topK`
    pub top_k: Option<&'static str>,
    /// `maxTokens`
    pub max_tokens: Option<&'static str>,
}

impl Configuration {
    /// What the model would reject as the rest is set.
    #[must_use]
    pub fn unavailable(&self, parameters: &Parameters) -> Unavailable {
        let mut unavailable = Unavailable::default();
        if parameters.temperature_excludes_top_p && self.temperature.is_some() {
            unavailable.top_p =
                Some("This model takes temperature or top P, not both; reset temperature first");
        } else if parameters.temperature_excludes_top_p && self.top_p.is_some() {
            unavailable.temperature =
                Some("This model takes temperature or top P, not both; reset top P first");
        }
        if !self.reasoning.on {
            return unavailable;
        }
        match parameters.reasoning {
            Some(ReasoningControl::Budget { .. } | ReasoningControl::Adaptive) => {
                let reason = "With reasoning on, this model takes no temperature and no top K";
                unavailable.temperature = Some(reason);
                unavailable.top_k = Some(reason);
                unavailable.top_p = self
                    .top_p
                    .is_some_and(|top_p| top_p < LEAST_TOP_P_THINKING)
                    .then_some("With reasoning on, this model takes a top P of 0.95 to 1 only");
            }
            Some(ReasoningControl::MaxEffort) if self.reasoning.effort == Effort::High => {
                let reason = "At high effort, this model takes none of temperature, top P and maximum length";
                unavailable.temperature = Some(reason);
                unavailable.top_p = Some(reason);
                unavailable.max_tokens = Some(reason);
            }
            _ => {}
        }
        unavailable
    }

    /// The configuration that makes such a request, as far as it tells: what is in its additional
    /// fields stays there, as typed.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        let mut cache_points = CachePoints::default();
        let mut system = Vec::new();
        for block in &request.system {
            match block {
                SystemBlock::Text(text) | SystemBlock::GuardText { text, .. } => {
                    system.push(text.clone());
                }
                SystemBlock::CachePoint(point) => {
                    cache_points.system = true;
                    cache_points.ttl = point.ttl;
                }
            }
        }
        if system.is_empty() {
            system.push(String::new());
        }
        let pretty = |value: &Option<serde_json::Value>| {
            value
                .as_ref()
                .and_then(|value| serde_json::to_string_pretty(value).ok())
                .unwrap_or_default()
        };
        let config = request.tools.as_ref();
        let tools = config.map_or(&[][..], |config| &config.tools);
        cache_points.tools = tools
            .iter()
            .any(|tool| matches!(tool, ToolDefinition::CachePoint(_)));
        Self {
            mode: Mode::default(),
            system,
            temperature: request.inference.temperature,
            top_p: request.inference.top_p,
            top_k: None,
            max_tokens: request.inference.max_tokens,
            stop_sequences: request.inference.stop_sequences.clone(),
            reasoning: ReasoningSetting::default(),
            latency: request.latency,
            service_tier: request.service_tier,
            request_metadata: request.request_metadata.clone(),
            stream: request.stream,
            additional_fields: pretty(&request.additional_model_request_fields),
            response_field_paths: request.additional_model_response_field_paths.join("\n"),
            cache_points,
            guardrail: request.guardrail.clone(),
            tools: tools.iter().filter_map(ToolDraft::of).collect(),
            tool_choice: config.and_then(|config| config.choice.clone()),
            output_schema: pretty(&request.output_schema),
        }
    }

    /// The request that asks for the next message. Messages are those of each turn: what the service would refuse of
    /// them, such as two neighbours of one role, is made right here.
    ///
    /// # Errors
    /// When something typed cannot be sent: JSON that is none, a name that is not allowed, a
    /// thinking budget that leaves nothing for the answer.
    pub fn request(
        &self,
        model_id: ModelId,
        mut messages: Vec<Message>,
    ) -> Result<Request, ConfigurationError> {
        let parameters = Parameters::of(&model_id);
        let unavailable = self.unavailable(&parameters);
        let supports = facts(&model_id).map_or_else(Support::default, |facts| facts.supports);
        if self.mode == Mode::SinglePrompt {
            messages.drain(..tool_turns::start_of_last_prompt(&messages));
        }
        let mut messages = turns::joined(messages);
        tool_turns::answer_all(&mut messages);
        documents::name_uniquely(&mut messages);
        let cache_points = if supports.prompt_caching == Some(false) {
            CachePoints::default()
        } else {
            self.cache_points
        };
        let mut request = Request::new(model_id, messages);
        request.stream = self.stream && supports.streaming != Some(false);
        request.inference = self.inference(&parameters, unavailable);
        request.additional_model_request_fields =
            fields::additional(self, &parameters, unavailable)?;
        request.additional_model_response_field_paths =
            fields::pointers(&self.response_field_paths)?;
        request.system = self.system_blocks(cache_points);
        request.tools = self.tool_config(cache_points)?;
        if request.tools.is_none() {
            tool_turns::tell_in_words(&mut request.messages);
        }
        request.output_schema = fields::schema(&self.output_schema)?;
        request.guardrail.clone_from(&self.guardrail);
        request.latency = self.latency;
        request.service_tier = self.service_tier;
        request.request_metadata = self.metadata()?;
        if cache_points.messages
            && let Some(last) = request.messages.last_mut()
            && last.role == Role::User
        {
            last.content
                .push(ContentBlock::CachePoint(cache_points.point()));
        }
        Ok(request)
    }

    /// Whether the tools can be sent.
    ///
    /// # Errors
    /// A name that is not allowed, a schema that is no JSON object.
    pub fn check_tools(&self) -> Result<(), ConfigurationError> {
        tools::definitions(&self.tools).map(|_| ())
    }

    /// Whether the output schema can be sent.
    ///
    /// # Errors
    /// When it is no JSON object.
    pub fn check_output_schema(&self) -> Result<(), ConfigurationError> {
        fields::schema(&self.output_schema).map(|_| ())
    }

    /// Whether the additional fields can be sent.
    ///
    /// # Errors
    /// When they are no JSON object.
    pub fn check_additional_fields(&self) -> Result<(), ConfigurationError> {
        fields::typed(&self.additional_fields).map(|_| ())
    }

    /// Whether the paths of response fields can be sent.
    ///
    /// # Errors
    /// What is no JSON pointer, too many of them.
    pub fn check_response_field_paths(&self) -> Result<(), ConfigurationError> {
        fields::pointers(&self.response_field_paths).map(|_| ())
    }

    /// Whether the request metadata can be sent.
    ///
    /// # Errors
    /// Characters that are not allowed, too many pairs.
    pub fn check_metadata(&self) -> Result<(), ConfigurationError> {
        self.metadata().map(|_| ())
    }

    fn inference(&self, parameters: &Parameters, unavailable: Unavailable) -> InferenceConfig {
        let nearest =
            |value: Option<f32>, range: Option<ParameterRange>| Some(range?.nearest(value?));
        let stop_sequences = self.stop_sequences.iter().filter(|text| !text.is_empty());
        InferenceConfig {
            max_tokens: self
                .max_tokens
                .map(|most| most.min(parameters.max_tokens))
                .filter(|_| unavailable.max_tokens.is_none()),
            temperature: nearest(self.temperature, parameters.temperature)
                .filter(|_| unavailable.temperature.is_none()),
            top_p: nearest(self.top_p, parameters.top_p).filter(|_| unavailable.top_p.is_none()),
            stop_sequences: stop_sequences
                .take(parameters.most_stop_sequences())
                .cloned()
                .collect(),
        }
    }

    fn system_blocks(&self, cache_points: CachePoints) -> Vec<SystemBlock> {
        let mut blocks: Vec<SystemBlock> = self
            .system
            .iter()
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
            .map(|text| SystemBlock::Text(text.to_owned()))
            .collect();
        if cache_points.system && !blocks.is_empty() {
            blocks.push(SystemBlock::CachePoint(cache_points.point()));
        }
        blocks
    }

    fn tool_config(
        &self,
        cache_points: CachePoints,
    ) -> Result<Option<ToolConfig>, ConfigurationError> {
        let mut tools = tools::definitions(&self.tools)?;
        if tools.is_empty() {
            return Ok(None);
        }
        if cache_points.tools {
            tools.push(ToolDefinition::CachePoint(cache_points.point()));
        }
        let choice = self.tool_choice.clone().filter(|choice| match choice {
            ToolChoice::Tool(name) => self.tools.iter().any(|tool| tool.on && tool.name == *name),
            _ => true,
        });
        Ok(Some(ToolConfig { tools, choice }))
    }

    fn metadata(&self) -> Result<Vec<(String, String)>, ConfigurationError> {
        let metadata: Vec<_> = self
            .request_metadata
            .iter()
            .filter(|(name, _)| !name.is_empty())
            .cloned()
            .collect();
        if metadata.len() > MAX_REQUEST_METADATA {
            return Err(ConfigurationError::TooMuchMetadata {
                most: MAX_REQUEST_METADATA,
            });
        }
        for (name, value) in &metadata {
            for text in [name, value] {
                if text.chars().count() > 256 || !text.chars().all(fields::fits_metadata) {
                    return Err(ConfigurationError::Metadata { name: name.clone() });
                }
            }
        }
        Ok(metadata)
    }
}

#[cfg(test)]
mod tests;
