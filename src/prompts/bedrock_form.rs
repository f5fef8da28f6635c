//! The form of Bedrock Prompt Management: what `CreatePrompt` takes and `GetPrompt` answers.
//!
//! A prompt there has variants; one of ours becomes one variant, and each variant of theirs one of ours.
//! Its chat templates have messages, system prompts and tools in the form of Converse.

use serde_json::{Map, Value, json};

use super::{Content, ReadError, SavedPrompt};
use crate::catalog::ModelId;
use crate::chat::{Configuration, Request, Role, ToolChoice, ToolDraft};

/// The longest name the service takes.
const LONGEST_NAME: usize = 100;
/// The longest description the service takes.
const LONGEST_DESCRIPTION: usize = 200;
/// What our only variant is called.
const VARIANT: &str = "variant-1";

/// The body of `CreatePrompt` for a prompt as it is being written.
pub fn to_json(prompt: &SavedPrompt) -> Value {
    let content = &prompt.draft;
    let configuration = &content.configuration;
    let variables: Vec<Value> = content
        .variables()
        .into_iter()
        .map(|name| json!({ "name": name }))
        .collect();
    let system: Vec<Value> = configuration
        .system
        .iter()
        .filter(|text| !text.trim().is_empty())
        .map(|text| json!({ "text": text }))
        .collect();
    let tools = tools(configuration);
    let is_chat = !system.is_empty() || tools.is_some();
    let (kind, template) = if is_chat {
        let mut chat = json!({
            "messages": [{ "role": "user", "content": [{ "text": content.text }] }],
            "inputVariables": variables,
        });
        if !system.is_empty() {
            chat["system"] = json!(system);
        }
        if let Some(tools) = tools {
            chat["toolConfiguration"] = tools;
        }
        ("CHAT", json!({ "chat": chat }))
    } else {
        let text = json!({ "text": content.text, "inputVariables": variables });
        ("TEXT", json!({ "text": text }))
    };
    let mut variant = json!({
        "name": VARIANT,
        "templateType": kind,
        "templateConfiguration": template,
    });
    if let Some(model) = &content.model {
        variant["modelId"] = json!(model.as_str());
    }
    let inference = inference(configuration);
    if !inference.is_empty() {
        variant["inferenceConfiguration"] = json!({ "text": inference });
    }
    if let Some(fields) = additional_fields(content) {
        variant["additionalModelRequestFields"] = fields;
    }
    let mut body = json!({
        "name": service_name(&prompt.name),
        "defaultVariant": VARIANT,
        "variants": [variant],
    });
    if !prompt.description.is_empty() {
        let description: String = prompt
            .description
            .chars()
            .take(LONGEST_DESCRIPTION)
            .collect();
        body["description"] = json!(description);
    }
    if !prompt.tags.is_empty() {
        let tags: Map<String, Value> = prompt
            .tags
            .iter()
            .map(|tag| (tag.clone(), json!("")))
            .collect();
        body["tags"] = Value::Object(tags);
    }
    body
}

/// A name the service takes: letters and digits, with single `-` or `_` between them.
fn service_name(name: &str) -> String {
    let words: Vec<&str> = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let plain: String = words.join("-").chars().take(LONGEST_NAME).collect();
    if plain.is_empty() {
        "prompt".to_owned()
    } else {
        plain
    }
}

fn inference(configuration: &Configuration) -> Map<String, Value> {
    let mut inference = Map::new();
    // As people write it: 0.7 and not what 32 bits make of it.
    let number = |value: f32| value.to_string().parse::<f64>().unwrap_or_default();
    let mut set = |name: &str, value: Option<Value>| {
        inference.extend(value.map(|value| (name.to_owned(), value)));
    };
    set("maxTokens", configuration.max_tokens.map(Value::from));
    let temperature = configuration.temperature.map(number);
    set("temperature", temperature.map(Value::from));
    set("topP", configuration.top_p.map(number).map(Value::from));
    let stops = &configuration.stop_sequences;
    set("stopSequences", (!stops.is_empty()).then(|| json!(stops)));
    inference
}

/// What has no place elsewhere, top K included where its model is known.
fn additional_fields(content: &Content) -> Option<Value> {
    let of_model = content.model.as_ref().and_then(|model| {
        let request = content.configuration.request(model.clone(), Vec::new());
        request.ok()?.additional_model_request_fields
    });
    of_model.or_else(|| serde_json::from_str(&content.configuration.additional_fields).ok())
}

fn tools(configuration: &Configuration) -> Option<Value> {
    let on: Vec<Value> = configuration
        .tools
        .iter()
        .filter(|tool| tool.on)
        .map(tool)
        .collect();
    if on.is_empty() {
        return None;
    }
    let mut tools = json!({ "tools": on });
    match &configuration.tool_choice {
        Some(ToolChoice::Tool(name)) => tools["toolChoice"] = json!({ "tool": { "name": name } }),
        Some(ToolChoice::Any) => tools["toolChoice"] = json!({ "any": {} }),
        _ => {}
    }
    Some(tools)
}

fn tool(tool: &ToolDraft) -> Value {
    let schema: Value =
        serde_json::from_str(&tool.input_schema).unwrap_or_else(|_| json!({ "type": "object" }));
    let mut spec = json!({ "name": tool.name, "inputSchema": { "json": schema } });
    if !tool.description.trim().is_empty() {
        spec["description"] = json!(tool.description);
    }
    json!({ "toolSpec": spec })
}

/// Whether a value is of this form.
pub fn is_it(value: &Value) -> bool {
    value["variants"].is_array()
}

/// Reads a prompt, a variant each; the default variant stands first. What there is no place for is named.
///
/// # Errors
/// Where something stands that the service would not take there.
pub fn from_json(value: &Value, left_out: &mut Vec<String>) -> Result<Vec<SavedPrompt>, ReadError> {
    let name = value["name"].as_str().unwrap_or("Imported prompt");
    let variants = value["variants"].as_array().map_or(&[][..], Vec::as_slice);
    if variants.is_empty() {
        return Err(ReadError::Unreadable {
            path: "variants".to_owned(),
            problem: "there is none".to_owned(),
        });
    }
    let default = value["defaultVariant"].as_str();
    let mut prompts = Vec::new();
    for (at, variant) in variants.iter().enumerate() {
        let content = content(variant, &format!("variants[{at}]"), left_out)?;
        let own = variant["name"].as_str().unwrap_or_default();
        let is_default = variants.len() == 1 || default == Some(own);
        let prompt = SavedPrompt {
            name: if is_default {
                name.to_owned()
            } else {
                format!("{name} ({own})")
            },
            description: value["description"].as_str().unwrap_or_default().to_owned(),
            draft: content,
            ..SavedPrompt::default()
        };
        if is_default {
            prompts.insert(0, prompt);
        } else {
            prompts.push(prompt);
        }
    }
    Ok(prompts)
}

fn content(variant: &Value, path: &str, left_out: &mut Vec<String>) -> Result<Content, ReadError> {
    let model = variant["modelId"].as_str().map(ModelId::from);
    let template = &variant["templateConfiguration"];
    let (chat, text) = (&template["chat"], &template["text"]);
    for (value, name) in [
        (&variant["genAiResource"], "genAiResource"),
        (&text["cachePoint"], "templateConfiguration.text.cachePoint"),
    ] {
        if !value.is_null() {
            left_out.push(format!("{path}.{name}"));
        }
    }
    let messages = if chat.is_object() {
        chat["messages"].clone()
    } else {
        let words = text["text"].as_str().ok_or_else(|| ReadError::Unreadable {
            path: format!("{path}.templateConfiguration"),
            problem: "there is neither a text nor a chat".to_owned(),
        })?;
        json!([{ "role": "user", "content": [{ "text": words }] }])
    };
    let mut body = json!({ "messages": messages });
    for (from, to) in [
        (&chat["system"], "system"),
        (&chat["toolConfiguration"], "toolConfig"),
        (
            &variant["inferenceConfiguration"]["text"],
            "inferenceConfig",
        ),
        (
            &variant["additionalModelRequestFields"],
            "additionalModelRequestFields",
        ),
    ] {
        if !from.is_null() {
            body[to] = from.clone();
        }
    }
    let id = model.clone().unwrap_or_else(|| ModelId::from(""));
    let read = Request::from_converse_json(id, &body).map_err(|error| ReadError::Unreadable {
        path: format!("{path}: {}", error.path),
        problem: error.problem,
    })?;
    left_out.extend(
        read.left_out
            .into_iter()
            .map(|name| format!("{path}: {name}")),
    );
    let request = read.value;
    let asked = request
        .messages
        .iter()
        .rposition(|message| message.role == Role::User);
    for at in (0..request.messages.len()).filter(|at| Some(*at) != asked) {
        left_out.push(format!("{path}: messages[{at}]"));
    }
    let text = asked.map(|at| request.messages[at].text());
    Ok(Content {
        text: text.unwrap_or_default(),
        model,
        configuration: Configuration::of(&request),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The members are those of the public documentation of `CreatePrompt`.
    #[test]
    fn a_chat_goes_out_and_comes_back() {
        let mut prompt = SavedPrompt {
            name: "Make a playlist!".to_owned(),
            description: "Songs".to_owned(),
            ..SavedPrompt::default()
        };
        prompt.draft.text = "A {{genre}} playlist of {{number}} songs".to_owned();
        prompt.draft.model = Some(ModelId::from("amazon.nova-lite-v1:0"));
        let configuration = &mut prompt.draft.configuration;
        configuration.system = vec!["You know {{genre}}".to_owned()];
        configuration.temperature = Some(0.7);
        configuration.max_tokens = Some(200);
        configuration.stop_sequences = vec!["END".to_owned()];
        configuration.tools = vec![ToolDraft {
            name: "find_song".to_owned(),
            ..ToolDraft::default()
        }];
        let body = to_json(&prompt);
        assert_eq!(
            body,
            json!({
                "name": "Make-a-playlist",
                "description": "Songs",
                "defaultVariant": "variant-1",
                "variants": [{
                    "name": "variant-1",
                    "templateType": "CHAT",
                    "templateConfiguration": { "chat": {
                        "messages": [{ "role": "user", "content": [
                            { "text": "A {{genre}} playlist of {{number}} songs" }] }],
                        "system": [{ "text": "You know {{genre}}" }],
                        "inputVariables": [{ "name": "genre" }, { "name": "number" }],
                        "toolConfiguration": { "tools": [{ "toolSpec": {
                            "name": "find_song", "inputSchema": { "json": { "type": "object" } } } }] },
                    } },
                    "modelId": "amazon.nova-lite-v1:0",
                    "inferenceConfiguration": { "text": {
                        "maxTokens": 200, "temperature": 0.7, "stopSequences": ["END"] } },
                }],
            })
        );
        let mut left_out = Vec::new();
        let read = from_json(&body, &mut left_out).expect("readable");
        assert_eq!(left_out, Vec::<String>::new());
        let read = &read[0].draft;
        assert_eq!(read.text, prompt.draft.text);
        assert_eq!(read.model, prompt.draft.model);
        assert_eq!(read.configuration.system, ["You know {{genre}}"]);
        assert_eq!(read.configuration.temperature, Some(0.7));
        assert_eq!(read.configuration.tools[0].name, "find_song");
    }

    #[test]
    fn every_variant_becomes_a_prompt_the_default_first() {
        let variant = |name: &str, text: &str| {
            json!({ "name": name, "templateType": "TEXT", "genAiResource": { "agent": {} },
                "templateConfiguration": { "text": { "text": text, "inputVariables": [] } } })
        };
        let answer = json!({ "id": "P1", "arn": "arn:p", "version": "DRAFT", "name": "Greet",
            "defaultVariant": "b", "variants": [variant("a", "Hi"), variant("b", "Hello {{you}}")] });
        assert!(is_it(&answer));
        let mut left_out = Vec::new();
        let read = from_json(&answer, &mut left_out).expect("readable");
        let told: Vec<_> = read
            .iter()
            .map(|prompt| (prompt.name.as_str(), prompt.draft.text.as_str()))
            .collect();
        assert_eq!(told, [("Greet", "Hello {{you}}"), ("Greet (a)", "Hi")]);
        assert_eq!(
            left_out,
            ["variants[0].genAiResource", "variants[1].genAiResource"]
        );
        let wrong = json!({ "variants": [{ "templateConfiguration": {} }] });
        assert!(from_json(&wrong, &mut left_out).is_err());
    }
}
