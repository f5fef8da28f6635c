//! Events on their way in, from a stream or all at once.

use aws_sdk_bedrockruntime::operation::converse::ConverseOutput;
use aws_sdk_bedrockruntime::types as sdk;
use serde_json::Value;

use super::document::to_value;
use super::{answer, usage};
use crate::bedrock::frame::RawEvent;
use crate::bedrock::observe::unknown_member;
use crate::chat::{
    BlockDelta, BlockStart, Metadata, Metrics, StopReason, StreamEvent, ToolResultContent,
};

/// The events of an answer that came whole; `None` when it holds no message, which is no answer.
pub(in crate::bedrock) fn of_whole(
    output: ConverseOutput,
    raw: &Value,
) -> Option<Vec<StreamEvent>> {
    let Some(sdk::ConverseOutput::Message(message)) = output.output else {
        return None;
    };
    let raw_block = |index: usize| raw.pointer(&format!("/output/message/content/{index}"));
    let mut events = vec![StreamEvent::MessageStart(answer::role(&message.role))];
    for (index, block) in message.content.into_iter().enumerate() {
        events.push(StreamEvent::Block {
            index,
            block: answer::block(block, raw_block(index)),
        });
    }
    events.push(StreamEvent::MessageStop {
        stop_reason: StopReason::parse(output.stop_reason.as_str()),
        additional_model_response_fields: output.additional_model_response_fields.map(to_value),
    });
    events.push(StreamEvent::Metadata(Box::new(Metadata {
        usage: output.usage.as_ref().map(usage::usage),
        metrics: Metrics {
            latency_ms: output
                .metrics
                .and_then(|metrics| usage::latency_ms(metrics.latency_ms)),
            time_to_first_token_ms: None,
        },
        service_tier: usage::service_tier(output.service_tier.as_ref()),
        latency: usage::latency(output.performance_config.as_ref()),
        trace: trace(raw),
    })));
    Some(events)
}

/// An event of a stream; `raw` is the same event as it stood on the wire.
pub(in crate::bedrock) fn of_stream(
    event: sdk::ConverseStreamOutput,
    raw: &RawEvent,
) -> StreamEvent {
    use sdk::ConverseStreamOutput as Sdk;
    match event {
        Sdk::MessageStart(start) => StreamEvent::MessageStart(answer::role(&start.role)),
        Sdk::ContentBlockStart(start) => StreamEvent::BlockStart {
            index: index(start.content_block_index),
            start: block_start(start.start, raw),
        },
        Sdk::ContentBlockDelta(delta) => StreamEvent::BlockDelta {
            index: index(delta.content_block_index),
            delta: block_delta(delta.delta, raw),
        },
        Sdk::ContentBlockStop(stop) => StreamEvent::BlockStop {
            index: index(stop.content_block_index),
        },
        Sdk::MessageStop(stop) => StreamEvent::MessageStop {
            stop_reason: StopReason::parse(stop.stop_reason.as_str()),
            additional_model_response_fields: stop.additional_model_response_fields.map(to_value),
        },
        Sdk::Metadata(metadata) => StreamEvent::Metadata(Box::new(Metadata {
            usage: metadata.usage.as_ref().map(usage::usage),
            metrics: Metrics {
                latency_ms: metadata
                    .metrics
                    .and_then(|metrics| usage::latency_ms(metrics.latency_ms)),
                time_to_first_token_ms: None,
            },
            service_tier: usage::service_tier(metadata.service_tier.as_ref()),
            latency: usage::latency(metadata.performance_config.as_ref()),
            trace: trace(&raw.payload()),
        })),
        _ => StreamEvent::Unknown(raw.name()),
    }
}

fn block_start(start: Option<sdk::ContentBlockStart>, raw: &RawEvent) -> BlockStart {
    match start {
        Some(sdk::ContentBlockStart::ToolUse(tool)) => BlockStart::ToolUse {
            id: tool.tool_use_id,
            name: tool.name,
            kind: tool.r#type.map(|kind| kind.as_str().to_owned()),
        },
        Some(sdk::ContentBlockStart::ToolResult(result)) => BlockStart::ToolResult {
            tool_use_id: result.tool_use_id,
            status: result.status.as_ref().and_then(answer::tool_result_status),
            kind: result.r#type,
        },
        Some(sdk::ContentBlockStart::Image(image)) => {
            BlockStart::Image(image.format.as_str().to_owned())
        }
        _ => BlockStart::Unknown(unknown_member(raw.payload().get("start"))),
    }
}

fn block_delta(delta: Option<sdk::ContentBlockDelta>, raw: &RawEvent) -> BlockDelta {
    use sdk::ContentBlockDelta as Sdk;
    let raw_delta = || {
        let mut payload = raw.payload();
        let delta = payload.get_mut("delta");
        delta.map(Value::take).unwrap_or_default()
    };
    match delta {
        Some(Sdk::Text(text)) => BlockDelta::Text(text),
        Some(Sdk::ToolUse(tool)) => BlockDelta::ToolInput(tool.input),
        Some(Sdk::ToolResult(pieces)) => {
            let raw = raw_delta();
            BlockDelta::ToolResult(
                pieces
                    .into_iter()
                    .enumerate()
                    .map(|(index, piece)| {
                        let pieces = raw.get("toolResult");
                        tool_result_piece(piece, pieces.and_then(|pieces| pieces.get(index)))
                    })
                    .collect(),
            )
        }
        Some(Sdk::ReasoningContent(piece)) => reasoning_delta(piece, raw_delta),
        Some(Sdk::Citation(citation)) => BlockDelta::Citation(answer::citation_delta(citation)),
        Some(Sdk::Image(image)) => image_delta(image),
        _ => BlockDelta::Unknown(unknown_member(Some(&raw_delta()))),
    }
}

fn tool_result_piece(piece: sdk::ToolResultBlockDelta, raw: Option<&Value>) -> ToolResultContent {
    match piece {
        sdk::ToolResultBlockDelta::Text(text) => ToolResultContent::Text(text),
        sdk::ToolResultBlockDelta::Json(value) => ToolResultContent::Json(to_value(value)),
        _ => ToolResultContent::Unknown(unknown_member(raw)),
    }
}

fn reasoning_delta(
    piece: sdk::ReasoningContentBlockDelta,
    raw_delta: impl FnOnce() -> Value,
) -> BlockDelta {
    use sdk::ReasoningContentBlockDelta as Sdk;
    match piece {
        Sdk::Text(text) => BlockDelta::ReasoningText(text),
        Sdk::Signature(signature) => BlockDelta::ReasoningSignature(signature),
        Sdk::RedactedContent(bytes) => BlockDelta::RedactedReasoning(answer::bytes_of(bytes)),
        _ => {
            let raw = raw_delta();
            let inner = unknown_member(raw.get("reasoningContent"));
            BlockDelta::Unknown(format!("reasoningContent.{inner}"))
        }
    }
}

fn image_delta(image: sdk::ImageBlockDelta) -> BlockDelta {
    match image.source {
        Some(sdk::ImageSource::Bytes(bytes)) => BlockDelta::Image(answer::bytes_of(bytes)),
        Some(sdk::ImageSource::S3Location(location)) => {
            BlockDelta::Unknown(format!("image at {}", location.uri))
        }
        _ => {
            let why = image.error.and_then(|error| error.message);
            BlockDelta::Unknown(match why {
                Some(message) => format!("image that failed: {message}"),
                None => "image without a source".to_owned(),
            })
        }
    }
}

/// The trace as the service gave it: guardrail assessments and the router's choice, whole, with
/// members the SDK's types have no place for.
fn trace(raw: &Value) -> Option<Value> {
    raw.get("trace").filter(|trace| !trace.is_null()).cloned()
}

fn index(index: i32) -> usize {
    usize::try_from(index).unwrap_or_default()
}
