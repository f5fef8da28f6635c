//! A [`Request`] on its way out, in the parts that `Converse` and its kin take.

use std::collections::HashMap;

use aws_sdk_bedrockruntime::types as sdk;
use aws_smithy_types::Document;

use super::content::{self, to_i32};
use super::document::to_document;
use crate::bedrock::Error;
use crate::chat::{
    GuardrailConfig, InferenceConfig, Latency, Request, ServiceTier, SystemBlock, ToolChoice,
    ToolConfig, ToolDefinition,
};

/// The parts of a request. What was not set is `None` and is not sent.
#[derive(Clone, Debug)]
pub(in crate::bedrock) struct Parts {
    pub(in crate::bedrock) model_id: String,
    pub(in crate::bedrock) messages: Vec<sdk::Message>,
    pub(in crate::bedrock) system: Option<Vec<sdk::SystemContentBlock>>,
    pub(in crate::bedrock) inference: Option<sdk::InferenceConfiguration>,
    pub(in crate::bedrock) tools: Option<sdk::ToolConfiguration>,
    pub(in crate::bedrock) additional_fields: Option<Document>,
    pub(in crate::bedrock) response_paths: Option<Vec<String>>,
    pub(in crate::bedrock) latency: Option<sdk::PerformanceConfiguration>,
    pub(in crate::bedrock) service_tier: Option<sdk::ServiceTier>,
    pub(in crate::bedrock) metadata: Option<HashMap<String, String>>,
    pub(in crate::bedrock) output: Option<sdk::OutputConfig>,
}

impl Parts {
    pub(in crate::bedrock) fn of(request: &Request) -> Result<Self, Error> {
        let system = request
            .system
            .iter()
            .map(system_block)
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            model_id: request.model_id.as_str().to_owned(),
            messages: request
                .messages
                .iter()
                .map(content::message)
                .collect::<Result<_, _>>()?,
            system: some_unless_empty(system),
            inference: inference(&request.inference),
            tools: request.tools.as_ref().map(tools).transpose()?,
            additional_fields: request
                .additional_model_request_fields
                .as_ref()
                .map(to_document),
            response_paths: some_unless_empty(
                request.additional_model_response_field_paths.clone(),
            ),
            latency: request.latency.map(latency),
            service_tier: request.service_tier.map(service_tier).transpose()?,
            metadata: (!request.request_metadata.is_empty())
                .then(|| request.request_metadata.iter().cloned().collect()),
            output: request.output_schema.as_ref().map(output).transpose()?,
        })
    }
}

/// Hands the parts to the builder of `Converse` or `ConverseStream`, whose setters are the same but
/// whose types are not.
macro_rules! fill {
    ($builder:expr, $parts:expr) => {{
        let parts = $parts;
        $builder
            .model_id(parts.model_id)
            .set_messages(Some(parts.messages))
            .set_system(parts.system)
            .set_inference_config(parts.inference)
            .set_tool_config(parts.tools)
            .set_additional_model_request_fields(parts.additional_fields)
            .set_additional_model_response_field_paths(parts.response_paths)
            .set_performance_config(parts.latency)
            .set_service_tier(parts.service_tier)
            .set_request_metadata(parts.metadata)
            .set_output_config(parts.output)
    }};
}
pub(in crate::bedrock) use fill;

pub(in crate::bedrock) fn guardrail(config: &GuardrailConfig) -> sdk::GuardrailConfiguration {
    sdk::GuardrailConfiguration::builder()
        .guardrail_identifier(&config.id)
        .guardrail_version(&config.version)
        .trace(trace(config))
        .build()
}

pub(in crate::bedrock) fn guardrail_stream(
    config: &GuardrailConfig,
) -> sdk::GuardrailStreamConfiguration {
    let mode = if config.asynchronous {
        sdk::GuardrailStreamProcessingMode::Async
    } else {
        sdk::GuardrailStreamProcessingMode::Sync
    };
    sdk::GuardrailStreamConfiguration::builder()
        .guardrail_identifier(&config.id)
        .guardrail_version(&config.version)
        .trace(trace(config))
        .stream_processing_mode(mode)
        .build()
}

fn trace(config: &GuardrailConfig) -> sdk::GuardrailTrace {
    if config.trace {
        sdk::GuardrailTrace::Enabled
    } else {
        sdk::GuardrailTrace::Disabled
    }
}

fn some_unless_empty<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

fn system_block(block: &SystemBlock) -> Result<sdk::SystemContentBlock, Error> {
    Ok(match block {
        SystemBlock::Text(text) => sdk::SystemContentBlock::Text(text.clone()),
        SystemBlock::GuardText { text, qualifiers } => sdk::SystemContentBlock::GuardContent(
            sdk::GuardrailConverseContentBlock::Text(content::guard_text(text, qualifiers)?),
        ),
        SystemBlock::CachePoint(point) => {
            sdk::SystemContentBlock::CachePoint(content::cache_point(*point)?)
        }
    })
}

fn inference(config: &InferenceConfig) -> Option<sdk::InferenceConfiguration> {
    if *config == InferenceConfig::default() {
        return None;
    }
    Some(
        sdk::InferenceConfiguration::builder()
            .set_max_tokens(config.max_tokens.map(to_i32))
            .set_temperature(config.temperature)
            .set_top_p(config.top_p)
            .set_stop_sequences(some_unless_empty(config.stop_sequences.clone()))
            .build(),
    )
}

fn tools(config: &ToolConfig) -> Result<sdk::ToolConfiguration, Error> {
    let tools = config
        .tools
        .iter()
        .map(tool)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(sdk::ToolConfiguration::builder()
        .set_tools(Some(tools))
        .set_tool_choice(config.choice.as_ref().map(tool_choice).transpose()?)
        .build()?)
}

fn tool(definition: &ToolDefinition) -> Result<sdk::Tool, Error> {
    Ok(match definition {
        ToolDefinition::Spec {
            name,
            description,
            input_schema,
        } => sdk::Tool::ToolSpec(
            sdk::ToolSpecification::builder()
                .name(name)
                .set_description(description.clone())
                .input_schema(sdk::ToolInputSchema::Json(to_document(input_schema)))
                .build()?,
        ),
        ToolDefinition::System(name) => {
            sdk::Tool::SystemTool(sdk::SystemTool::builder().name(name).build()?)
        }
        ToolDefinition::CachePoint(point) => sdk::Tool::CachePoint(content::cache_point(*point)?),
    })
}

fn tool_choice(choice: &ToolChoice) -> Result<sdk::ToolChoice, Error> {
    Ok(match choice {
        ToolChoice::Auto => sdk::ToolChoice::Auto(sdk::AutoToolChoice::builder().build()),
        ToolChoice::Any => sdk::ToolChoice::Any(sdk::AnyToolChoice::builder().build()),
        ToolChoice::Tool(name) => {
            sdk::ToolChoice::Tool(sdk::SpecificToolChoice::builder().name(name).build()?)
        }
    })
}

pub(in crate::bedrock) fn latency_type(latency: Latency) -> sdk::PerformanceConfigLatency {
    match latency {
        Latency::Standard => sdk::PerformanceConfigLatency::Standard,
        Latency::Optimized => sdk::PerformanceConfigLatency::Optimized,
    }
}

fn latency(latency: Latency) -> sdk::PerformanceConfiguration {
    sdk::PerformanceConfiguration::builder()
        .latency(latency_type(latency))
        .build()
}

pub(in crate::bedrock) fn service_tier_type(tier: ServiceTier) -> sdk::ServiceTierType {
    match tier {
        ServiceTier::Priority => sdk::ServiceTierType::Priority,
        ServiceTier::Default => sdk::ServiceTierType::Default,
        ServiceTier::Flex => sdk::ServiceTierType::Flex,
        ServiceTier::Reserved => sdk::ServiceTierType::Reserved,
    }
}

fn service_tier(tier: ServiceTier) -> Result<sdk::ServiceTier, Error> {
    Ok(sdk::ServiceTier::builder()
        .r#type(service_tier_type(tier))
        .build()?)
}

/// The service wants the schema as text and under a name.
fn output(schema: &serde_json::Value) -> Result<sdk::OutputConfig, Error> {
    let definition = sdk::JsonSchemaDefinition::builder()
        .schema(schema.to_string())
        .name("answer")
        .build()?;
    let format = sdk::OutputFormat::builder()
        .r#type(sdk::OutputFormatType::JsonSchema)
        .structure(sdk::OutputFormatStructure::JsonSchema(definition))
        .build()?;
    Ok(sdk::OutputConfig::builder().text_format(format).build())
}
