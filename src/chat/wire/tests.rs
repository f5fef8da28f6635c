//! What a test with the SDK cannot show: where reading stumbles and what it names.

use serde_json::json;

use super::*;
use crate::chat::{ContentBlock, InferenceConfig};

fn read(body: &Value) -> Result<Imported<Request>, WireError> {
    Request::from_converse_json("amazon.nova-lite-v1:0".into(), body)
}

fn complaint(body: &Value) -> String {
    read(body).unwrap_err().to_string()
}

fn hello() -> Value {
    json!({"messages": [{"role": "user", "content": [{"text": "Hello"}]}]})
}

#[test]
fn numbers_are_written_as_they_were_typed() {
    let mut request = read(&hello()).unwrap().value;
    request.inference = InferenceConfig {
        max_tokens: Some(1),
        temperature: Some(0.3),
        top_p: Some(0.9),
        stop_sequences: Vec::new(),
    };
    assert_eq!(
        request.to_converse_json()["inferenceConfig"].to_string(),
        r#"{"maxTokens":1,"temperature":0.3,"topP":0.9}"#
    );
}

#[test]
fn errors_name_the_path() {
    for (body, expected) in [
        (json!([]), "expected an object, found a list"),
        (json!({}), "\"messages\" is missing"),
        (
            json!({"messages": {}}),
            "messages: expected a list, found an object",
        ),
        (
            json!({"messages": [{"role": "robot", "content": []}]}),
            "messages[0].role: \"robot\" is none of user, assistant",
        ),
        (
            json!({"messages": [{"role": "user", "content": [{"text": "a"}, {}]}]}),
            "messages[0].content[1]: expected one member, found none",
        ),
        (
            json!({"messages": [{"role": "user", "content": [{"text": "a", "image": {}}]}]}),
            "messages[0].content[0]: expected one member, found \"image\" and \"text\"",
        ),
        (
            json!({"messages": [{"role": "user", "content": [
                {"image": {"format": "bmp", "source": {"bytes": ""}}}]}]}),
            "messages[0].content[0].image.format: \"bmp\" is none of png, jpeg, gif, webp",
        ),
        (
            json!({"messages": [], "inferenceConfig": {"maxTokens": -1}}),
            "inferenceConfig.maxTokens: expected a whole number from 0, found a number",
        ),
        (
            json!({"messages": [], "system": [{"text": 1}]}),
            "system[0].text: expected a text, found a number",
        ),
    ] {
        assert_eq!(complaint(&body), expected);
    }
    let broken = json!({"messages": [{"role": "user", "content": [
        {"image": {"format": "png", "source": {"bytes": "*"}}}]}]});
    assert!(
        complaint(&broken).starts_with("messages[0].content[0].image.source.bytes: "),
        "{}",
        complaint(&broken)
    );
}

#[test]
fn what_there_is_no_place_for_is_named() {
    let read = read(&json!({
        "messages": [{"role": "user", "mood": "good", "content": [
            {"text": "Hello"},
            {"hologram": {"depth": 3}},
            {"toolUse": {"toolUseId": "t", "name": "n", "input": {"any": {"thing": 1}}, "x": 1}}
        ]}],
        "promptVariables": {"name": {"text": "Ada"}},
        "inferenceConfig": {"topK": 5},
        "outputConfig": {"effort": "high"},
        "toolConfig": {"tools": [{"toolSpec": {"name": "n", "strict": true,
            "inputSchema": {"json": {"free": "form"}}}}]},
        "requestMetadata": null
    }))
    .unwrap();
    assert_eq!(
        read.left_out,
        [
            "messages[0].content[1].hologram",
            "messages[0].content[2].toolUse.x",
            "messages[0].mood",
            "inferenceConfig.topK",
            "toolConfig.tools[0].toolSpec.strict",
            "outputConfig.effort",
            "promptVariables",
        ]
    );
    assert_eq!(
        read.value.messages[0].content[1],
        ContentBlock::Unknown("hologram".into())
    );
}

#[test]
fn a_model_named_in_the_body_is_the_one_asked() {
    let mut body = hello();
    body["modelId"] = "us.amazon.nova-pro-v1:0".into();
    let read = read(&body).unwrap();
    assert_eq!(read.value.model_id.as_str(), "us.amazon.nova-pro-v1:0");
    assert!(read.left_out.is_empty());
}
