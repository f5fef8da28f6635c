//! Reading, strict and with the path of what is wrong.

mod content;
mod fields;

use serde_json::Value;

use super::WireError;
use super::to_json::SCHEMA_NAME;
use crate::catalog::ModelId;
use crate::chat::{
    GuardrailConfig, InferenceConfig, Latency, Message, Request, ServiceTier, SystemBlock,
    ToolChoice, ToolConfig, ToolDefinition,
};
use content::{cache_point, guard_text};
use fields::At;

type Result<T> = std::result::Result<T, WireError>;

pub(super) fn message(value: &Value, path: &str, left_out: &mut Vec<String>) -> Result<Message> {
    content::message(&At::new(value, path), left_out)
}

pub(super) fn request(
    model_id: ModelId,
    body: &Value,
    left_out: &mut Vec<String>,
) -> Result<Request> {
    let mut body = At::new(body, "").fields()?;
    let mut request = Request::new(model_id, Vec::new());
    if let Some(id) = body.take("modelId") {
        request.model_id = id.string()?.into();
    }
    for message in body.require("messages")?.list()? {
        request.messages.push(content::message(&message, left_out)?);
    }
    if let Some(system) = body.take("system") {
        for block in system.list()? {
            request.system.extend(system_block(&block, left_out)?);
        }
    }
    if let Some(config) = body.take("inferenceConfig") {
        request.inference = inference(&config, left_out)?;
    }
    if let Some(config) = body.take("toolConfig") {
        request.tools = Some(tools(&config, left_out)?);
    }
    if let Some(config) = body.take("guardrailConfig") {
        request.guardrail = Some(guardrail(&config, left_out)?);
    }
    request.additional_model_request_fields = body
        .take("additionalModelRequestFields")
        .map(|fields| fields.value().clone());
    if let Some(paths) = body.take("additionalModelResponseFieldPaths") {
        request.additional_model_response_field_paths = paths.strings()?;
    }
    if let Some(config) = body.take("performanceConfig") {
        let mut config = config.fields()?;
        request.latency = config.take("latency").map(|at| latency(&at)).transpose()?;
        config.finish(left_out);
    }
    if let Some(tier) = body.take("serviceTier") {
        let mut tier = tier.fields()?;
        request.service_tier = Some(service_tier(&tier.require("type")?)?);
        tier.finish(left_out);
    }
    if let Some(metadata) = body.take("requestMetadata") {
        for (name, value) in metadata.members()? {
            request.request_metadata.push((name, value.string()?));
        }
    }
    if let Some(config) = body.take("outputConfig") {
        request.output_schema = output(&config, left_out)?;
    }
    body.finish(left_out);
    Ok(request)
}

fn system_block(at: &At<'_>, left_out: &mut Vec<String>) -> Result<Option<SystemBlock>> {
    let (kind, inner) = at.union()?;
    Ok(Some(match kind {
        "text" => SystemBlock::Text(inner.string()?),
        "cachePoint" => SystemBlock::CachePoint(cache_point(&inner, left_out)?),
        "guardContent" => {
            let (kind, inner) = inner.union()?;
            if kind != "text" {
                left_out.push(inner.path().to_owned());
                return Ok(None);
            }
            let (text, qualifiers) = guard_text(&inner, left_out)?;
            SystemBlock::GuardText { text, qualifiers }
        }
        _ => {
            left_out.push(inner.path().to_owned());
            return Ok(None);
        }
    }))
}

fn inference(at: &At<'_>, left_out: &mut Vec<String>) -> Result<InferenceConfig> {
    let mut fields = at.fields()?;
    let config = InferenceConfig {
        max_tokens: fields.take("maxTokens").map(|at| at.count()).transpose()?,
        temperature: fields
            .take("temperature")
            .map(|at| at.float())
            .transpose()?,
        top_p: fields.take("topP").map(|at| at.float()).transpose()?,
        stop_sequences: fields
            .take("stopSequences")
            .map(|at| at.strings())
            .transpose()?
            .unwrap_or_default(),
    };
    fields.finish(left_out);
    Ok(config)
}

fn tools(at: &At<'_>, left_out: &mut Vec<String>) -> Result<ToolConfig> {
    let mut fields = at.fields()?;
    let mut tools = Vec::new();
    for definition in fields.require("tools")?.list()? {
        tools.extend(tool(&definition, left_out)?);
    }
    let choice = match fields.take("toolChoice") {
        Some(choice) => tool_choice(&choice, left_out)?,
        None => None,
    };
    fields.finish(left_out);
    Ok(ToolConfig { tools, choice })
}

fn tool(at: &At<'_>, left_out: &mut Vec<String>) -> Result<Option<ToolDefinition>> {
    let (kind, inner) = at.union()?;
    Ok(Some(match kind {
        "toolSpec" => {
            let mut spec = inner.fields()?;
            let (kind, schema) = spec.require("inputSchema")?.union()?;
            if kind != "json" {
                return Err(schema.error("expected a schema under \"json\""));
            }
            let definition = ToolDefinition::Spec {
                name: spec.require("name")?.string()?,
                description: spec.take("description").map(|at| at.string()).transpose()?,
                input_schema: schema.value().clone(),
            };
            spec.finish(left_out);
            definition
        }
        "systemTool" => {
            let mut tool = inner.fields()?;
            let name = tool.require("name")?.string()?;
            tool.finish(left_out);
            ToolDefinition::System(name)
        }
        "cachePoint" => ToolDefinition::CachePoint(cache_point(&inner, left_out)?),
        _ => {
            left_out.push(inner.path().to_owned());
            return Ok(None);
        }
    }))
}

fn tool_choice(at: &At<'_>, left_out: &mut Vec<String>) -> Result<Option<ToolChoice>> {
    let (kind, inner) = at.union()?;
    Ok(Some(match kind {
        "auto" => ToolChoice::Auto,
        "any" => ToolChoice::Any,
        "tool" => {
            let mut tool = inner.fields()?;
            let name = tool.require("name")?.string()?;
            tool.finish(left_out);
            ToolChoice::Tool(name)
        }
        _ => {
            left_out.push(inner.path().to_owned());
            return Ok(None);
        }
    }))
}

fn guardrail(at: &At<'_>, left_out: &mut Vec<String>) -> Result<GuardrailConfig> {
    let mut fields = at.fields()?;
    let config = GuardrailConfig {
        id: fields.require("guardrailIdentifier")?.string()?,
        version: fields.require("guardrailVersion")?.string()?,
        trace: match fields.take("trace") {
            None => false,
            Some(at) => match at.text()? {
                "enabled" => true,
                "disabled" => false,
                "enabled_full" => {
                    // The trace comes, but not the part of it that says what passed.
                    left_out.push(at.path().to_owned());
                    true
                }
                _ => return Err(at.not_one_of(&["enabled", "disabled", "enabled_full"])),
            },
        },
        asynchronous: match fields.take("streamProcessingMode") {
            None => false,
            Some(at) => match at.text()? {
                "async" => true,
                "sync" => false,
                _ => return Err(at.not_one_of(&["sync", "async"])),
            },
        },
    };
    fields.finish(left_out);
    Ok(config)
}

fn latency(at: &At<'_>) -> Result<Latency> {
    match at.text()? {
        "standard" => Ok(Latency::Standard),
        "optimized" => Ok(Latency::Optimized),
        _ => Err(at.not_one_of(&["standard", "optimized"])),
    }
}

fn service_tier(at: &At<'_>) -> Result<ServiceTier> {
    match at.text()? {
        "priority" => Ok(ServiceTier::Priority),
        "default" => Ok(ServiceTier::Default),
        "flex" => Ok(ServiceTier::Flex),
        "reserved" => Ok(ServiceTier::Reserved),
        _ => Err(at.not_one_of(&["priority", "default", "flex", "reserved"])),
    }
}

fn output(at: &At<'_>, left_out: &mut Vec<String>) -> Result<Option<Value>> {
    let mut config = at.fields()?;
    let format = config.take("textFormat");
    config.finish(left_out);
    let Some(format) = format else {
        return Ok(None);
    };
    let mut format = format.fields()?;
    let kind = format.require("type")?;
    if kind.text()? != "json_schema" {
        return Err(kind.not_one_of(&["json_schema"]));
    }
    let (kind, definition) = format.require("structure")?.union()?;
    if kind != "jsonSchema" {
        return Err(definition.error("expected a schema under \"jsonSchema\""));
    }
    format.finish(left_out);
    let mut definition = definition.fields()?;
    let schema = definition.require("schema")?;
    let parsed = serde_json::from_str(schema.text()?)
        .map_err(|error| schema.error(format!("the text is no JSON ({error})")))?;
    if let Some(name) = definition.take("name")
        && name.text()? != SCHEMA_NAME
    {
        left_out.push(name.path().to_owned());
    }
    definition.finish(left_out);
    Ok(Some(parsed))
}
