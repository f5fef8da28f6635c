//! The events of an answer that came whole.

use aws_sdk_bedrockruntime::operation::converse::ConverseOutput;
use aws_sdk_bedrockruntime::types as sdk;
use serde_json::Value;

use super::document::to_value;
use super::{answer, usage};
use crate::chat::{Metadata, Metrics, StopReason, StreamEvent};

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
        service_tier: output
            .service_tier
            .and_then(|tier| usage::service_tier(tier.r#type.as_str())),
        latency: output
            .performance_config
            .and_then(|config| usage::latency(config.latency.as_str())),
        trace: trace(raw),
    })));
    Some(events)
}

/// The trace as the service gave it: guardrail assessments and the router's choice, whole, with
/// members the SDK's types have no place for.
fn trace(raw: &Value) -> Option<Value> {
    raw.get("trace").filter(|trace| !trace.is_null()).cloned()
}
