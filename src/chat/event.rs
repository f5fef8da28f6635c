//! What comes back from an invocation, piece by piece.

use std::sync::Arc;
use std::time::Duration;

use super::{
    Citation, ContentBlock, ExchangeRequest, ExchangeResponse, Latency, Metrics, Role, ServiceTier,
    ToolResultContent, ToolResultStatus, Usage,
};

/// One step of an answer. A call that does not stream gives the same steps, all at once.
#[derive(Clone, Debug, PartialEq)]
pub enum StreamEvent {
    /// The service accepted the request; before any content.
    Accepted {
        /// What support asks for.
        request_id: Option<String>,
        /// Whether the embedded endpoint answers. Such answers cost nothing.
        simulated: bool,
    },
    /// An attempt failed without being billed, and the next one begins.
    Retrying(Retry),
    /// `messageStart`
    MessageStart(Role),
    /// `contentBlockStart`. Text blocks begin without one.
    BlockStart {
        /// Which block.
        index: usize,
        /// What it will be.
        start: BlockStart,
    },
    /// `contentBlockDelta`
    BlockDelta {
        /// Which block.
        index: usize,
        /// What comes to it.
        delta: BlockDelta,
    },
    /// A whole block at once, from a call that does not stream.
    Block {
        /// Which block.
        index: usize,
        /// The block.
        block: ContentBlock,
    },
    /// `contentBlockStop`
    BlockStop {
        /// Which block.
        index: usize,
    },
    /// The time from sending to the first piece of content, measured on this side.
    FirstToken(Duration),
    /// `messageStop`
    MessageStop {
        /// Why the model stopped.
        stop_reason: StopReason,
        /// What `additionalModelResponseFieldPaths` asked for.
        additional_model_response_fields: Option<serde_json::Value>,
    },
    /// `metadata`
    Metadata(Box<Metadata>),
    /// An event this program does not know, shown as such.
    Unknown(String),
    /// What was sent, as it went over the wire; once, before all else.
    Sent(Box<ExchangeRequest>),
    /// What came back, as it came over the wire; the last event of all, also when the call failed.
    /// Left out when there was no answer.
    Received(Box<ExchangeResponse>),
}

/// A further attempt at the same call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Which attempt begins; the first one was 1.
    pub attempt: u32,
    /// Why the one before failed, in the service's words.
    pub because: String,
}

/// How a block that is not text begins.
#[derive(Clone, Debug, PartialEq)]
pub enum BlockStart {
    /// `toolUse`
    ToolUse {
        /// What the result must name.
        id: String,
        /// The tool asked for.
        name: String,
        /// The service's `type`.
        kind: Option<String>,
    },
    /// `toolResult`, of a tool the service ran.
    ToolResult {
        /// The request it answers.
        tool_use_id: String,
        /// How it went.
        status: Option<ToolResultStatus>,
        /// The service's `type`.
        kind: Option<String>,
    },
    /// `image`, with the format's name.
    Image(String),
    /// A kind this program does not know.
    Unknown(String),
}

/// What comes to a block.
#[derive(Clone, Debug, PartialEq)]
pub enum BlockDelta {
    /// `text`
    Text(String),
    /// `reasoningContent.text`
    ReasoningText(String),
    /// `reasoningContent.signature`
    ReasoningSignature(String),
    /// `reasoningContent.redactedContent`
    RedactedReasoning(Arc<[u8]>),
    /// `toolUse.input`: a piece of JSON text, not valid by itself.
    ToolInput(String),
    /// `toolResult`
    ToolResult(Vec<ToolResultContent>),
    /// `citation`
    Citation(Citation),
    /// `image`: bytes.
    Image(Arc<[u8]>),
    /// A kind this program does not know.
    Unknown(String),
}

/// Why a model stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// `end_turn`
    EndTurn,
    /// `tool_use`
    ToolUse,
    /// `max_tokens`
    MaxTokens,
    /// `stop_sequence`
    StopSequence,
    /// `guardrail_intervened`
    GuardrailIntervened,
    /// `content_filtered`
    ContentFiltered,
    /// `malformed_model_output`
    MalformedModelOutput,
    /// `malformed_tool_use`
    MalformedToolUse,
    /// `model_context_window_exceeded`
    ModelContextWindowExceeded,
    /// One this program does not know, kept as it came.
    Other(String),
}

impl StopReason {
    /// Reads the service's spelling.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        match name {
            "end_turn" => Self::EndTurn,
            "tool_use" => Self::ToolUse,
            "max_tokens" => Self::MaxTokens,
            "stop_sequence" => Self::StopSequence,
            "guardrail_intervened" => Self::GuardrailIntervened,
            "content_filtered" => Self::ContentFiltered,
            "malformed_model_output" => Self::MalformedModelOutput,
            "malformed_tool_use" => Self::MalformedToolUse,
            "model_context_window_exceeded" => Self::ModelContextWindowExceeded,
            _ => Self::Other(name.to_owned()),
        }
    }

    /// The service's spelling.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::EndTurn => "end_turn",
            Self::ToolUse => "tool_use",
            Self::MaxTokens => "max_tokens",
            Self::StopSequence => "stop_sequence",
            Self::GuardrailIntervened => "guardrail_intervened",
            Self::ContentFiltered => "content_filtered",
            Self::MalformedModelOutput => "malformed_model_output",
            Self::MalformedToolUse => "malformed_tool_use",
            Self::ModelContextWindowExceeded => "model_context_window_exceeded",
            Self::Other(name) => name,
        }
    }

    /// What it means, in a sentence.
    #[must_use]
    pub fn explanation(&self) -> &'static str {
        match self {
            Self::EndTurn => "The model finished its answer",
            Self::ToolUse => "The model asks for a tool and waits for its result",
            Self::MaxTokens => {
                "The answer reached the maximum number of tokens; raise it to get more"
            }
            Self::StopSequence => "The model wrote one of the stop sequences",
            Self::GuardrailIntervened => "A guardrail stepped in",
            Self::ContentFiltered => "The provider's content filter stopped the answer",
            Self::MalformedModelOutput => "The model's output could not be read by the service",
            Self::MalformedToolUse => {
                "The model asked for a tool in a form the service could not read"
            }
            Self::ModelContextWindowExceeded => {
                "Prompt and answer filled the model's context window"
            }
            Self::Other(_) => "A reason this version does not know",
        }
    }
}

/// The last event: what it took.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metadata {
    /// Tokens; absent when the service left them out.
    pub usage: Option<Usage>,
    /// Times.
    pub metrics: Metrics,
    /// The tier that really served the request; what is billed.
    pub service_tier: Option<ServiceTier>,
    /// The latency mode that really served the request; what is billed.
    pub latency: Option<Latency>,
    /// Guardrail assessments and the prompt router's choice, as the service gave them.
    pub trace: Option<serde_json::Value>,
}
