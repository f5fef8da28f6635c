//! Messages, content blocks, invocations and the transcripts they add up to: plain data.
//!
//! The words are Converse's. A [`Request`] goes out; [`StreamEvent`]s come back, one at a time or
//! all at once; a [`Transcript`] takes them in. Whatever the service sends has a place here, and
//! what this program does not know is kept as *unknown* rather than dropped.
//!
//! This module must not know egui, the AWS SDK, tokio, the clock or the disk.

mod configuration;
mod content;
mod event;
mod exchange;
mod failure;
mod findings;
mod record;
mod request;
mod structured;
mod transcript;
mod usage;
pub mod wire;

pub use configuration::{
    CachePoints, Configuration, ConfigurationError, Effort, Mode, ReasoningSetting, ToolDraft,
    Unavailable,
};
pub use content::{
    Citation, CitationLocation, Citations, ContentBlock, Document, DocumentFormat, DocumentSource,
    Image, ImageFormat, MediaSource, Message, Reasoning, Role, SearchResult, ToolResult,
    ToolResultContent, ToolResultStatus, ToolUse, Video,
};
pub use event::{BlockDelta, BlockStart, Metadata, Retry, StopReason, StreamEvent};
pub use exchange::{Exchange, ExchangeRequest, ExchangeResponse, LEFT_OUT};
pub use failure::Failure;
pub use findings::{Finding, Side, findings, of_assessment};
pub use record::InvocationRecord;
pub use request::{
    ALT_TEXT_PROMPT, CachePoint, CacheTtl, GuardrailConfig, InferenceConfig, Latency, Request,
    ServiceTier, SystemBlock, ToolChoice, ToolConfig, ToolDefinition,
};
pub use structured::keeps_to_schema;
pub use transcript::{
    Alternatives, Invocation, InvocationId, InvocationStatus, Transcript, TranscriptParts, Turn,
    TurnId, TurnNode,
};
pub use usage::{CacheDetail, Metrics, Usage};
