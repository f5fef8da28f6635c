//! Writing. What was not set is not written, as with the SDK.

mod content;

use serde_json::{Map, Value, json};

use crate::chat::{
    GuardrailConfig, InferenceConfig, Latency, Request, ServiceTier, SystemBlock, ToolChoice,
    ToolConfig, ToolDefinition,
};

pub(super) use content::message;
use content::{cache_point, guard_text};

/// The name the SDK's side of this program gives to schemas; the service wants one.
pub(super) const SCHEMA_NAME: &str = "answer";

pub(super) fn request(request: &Request) -> Value {
    let messages: Value = request.messages.iter().map(message).collect();
    let system: Option<Value> =
        (!request.system.is_empty()).then(|| request.system.iter().map(system_block).collect());
    object([
        ("messages", Some(messages)),
        ("system", system),
        ("inferenceConfig", inference(&request.inference)),
        ("toolConfig", request.tools.as_ref().map(tools)),
        (
            "guardrailConfig",
            request
                .guardrail
                .as_ref()
                .map(|config| guardrail(config, request.stream)),
        ),
        (
            "additionalModelRequestFields",
            request.additional_model_request_fields.clone(),
        ),
        (
            "additionalModelResponseFieldPaths",
            strings(&request.additional_model_response_field_paths),
        ),
        (
            "performanceConfig",
            request.latency.map(|latency| {
                json!({"latency": match latency {
                    Latency::Standard => "standard",
                    Latency::Optimized => "optimized",
                }})
            }),
        ),
        (
            "serviceTier",
            request
                .service_tier
                .map(|tier| json!({"type": service_tier(tier)})),
        ),
        ("requestMetadata", metadata(&request.request_metadata)),
        ("outputConfig", request.output_schema.as_ref().map(output)),
    ])
}

fn inference(config: &InferenceConfig) -> Option<Value> {
    if *config == InferenceConfig::default() {
        return None;
    }
    Some(object([
        ("maxTokens", config.max_tokens.map(count)),
        ("temperature", config.temperature.map(float)),
        ("topP", config.top_p.map(float)),
        ("stopSequences", strings(&config.stop_sequences)),
    ]))
}

/// A number as it was typed: the nearest double to an `f32` of 0.3 prints as 0.30000001192092896,
/// which is the same number to the service and a puzzle to people.
fn float(number: f32) -> Value {
    number
        .to_string()
        .parse::<f64>()
        .ok()
        .and_then(serde_json::Number::from_f64)
        .map_or(Value::Null, Value::Number)
}

/// The wire's integers are signed.
fn count(count: u32) -> Value {
    i32::try_from(count).unwrap_or(i32::MAX).into()
}

fn system_block(block: &SystemBlock) -> Value {
    match block {
        SystemBlock::Text(text) => json!({"text": text}),
        SystemBlock::GuardText { text, qualifiers } => {
            json!({"guardContent": {"text": guard_text(text, qualifiers)}})
        }
        SystemBlock::CachePoint(point) => json!({"cachePoint": cache_point(*point)}),
    }
}

fn tools(config: &ToolConfig) -> Value {
    object([
        ("tools", Some(config.tools.iter().map(tool).collect())),
        ("toolChoice", config.choice.as_ref().map(tool_choice)),
    ])
}

fn tool(definition: &ToolDefinition) -> Value {
    match definition {
        ToolDefinition::Spec {
            name,
            description,
            input_schema,
        } => json!({"toolSpec": object([
            ("name", Some(name.as_str().into())),
            ("description", text(description.as_ref())),
            ("inputSchema", Some(json!({"json": input_schema}))),
        ])}),
        ToolDefinition::System(name) => json!({"systemTool": {"name": name}}),
        ToolDefinition::CachePoint(point) => json!({"cachePoint": cache_point(*point)}),
    }
}

fn tool_choice(choice: &ToolChoice) -> Value {
    match choice {
        ToolChoice::Auto => json!({"auto": {}}),
        ToolChoice::Any => json!({"any": {}}),
        ToolChoice::Tool(name) => json!({"tool": {"name": name}}),
    }
}

fn guardrail(config: &GuardrailConfig, stream: bool) -> Value {
    let mode = if config.asynchronous { "async" } else { "sync" };
    object([
        ("guardrailIdentifier", Some(config.id.as_str().into())),
        ("guardrailVersion", Some(config.version.as_str().into())),
        (
            "trace",
            Some(if config.trace { "enabled" } else { "disabled" }.into()),
        ),
        // Only the operation that streams has it.
        ("streamProcessingMode", stream.then(|| mode.into())),
    ])
}

fn service_tier(tier: ServiceTier) -> &'static str {
    match tier {
        ServiceTier::Priority => "priority",
        ServiceTier::Default => "default",
        ServiceTier::Flex => "flex",
        ServiceTier::Reserved => "reserved",
    }
}

fn metadata(pairs: &[(String, String)]) -> Option<Value> {
    if pairs.is_empty() {
        return None;
    }
    let pairs: Map<_, _> = pairs
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().into()))
        .collect();
    Some(pairs.into())
}

/// The service wants the schema as text and under a name.
fn output(schema: &Value) -> Value {
    json!({"textFormat": {"type": "json_schema", "structure": {"jsonSchema":
        {"schema": schema.to_string(), "name": SCHEMA_NAME}}}})
}

/// An object of the members that are there.
fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let members: Map<_, _> = members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect();
    members.into()
}

fn text(text: Option<&String>) -> Option<Value> {
    text.map(|text| text.as_str().into())
}

fn strings(list: &[String]) -> Option<Value> {
    (!list.is_empty()).then(|| list.iter().map(String::as_str).collect())
}
