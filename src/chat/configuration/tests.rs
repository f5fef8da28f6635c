//! How configurations become requests.

use serde_json::json;

use super::*;
use crate::chat::{ToolResult, ToolResultContent, ToolResultStatus, ToolUse};

const CLAUDE: &str = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
const NOVA: &str = "amazon.nova-lite-v1:0";
const NOVA_2: &str = "us.amazon.nova-2-lite-v1:0";

fn ask(configuration: &Configuration, model: &str) -> Request {
    let messages = vec![Message::user(vec![ContentBlock::Text("Why?".into())])];
    configuration
        .request(model.into(), messages)
        .expect("a request")
}

#[test]
fn paths_of_response_fields_are_json_pointers() {
    let paths = |typed: &str| {
        let configuration = Configuration {
            response_field_paths: typed.to_owned(),
            ..Configuration::default()
        };
        let request = configuration.request(NOVA.into(), Vec::new())?;
        Ok(request.additional_model_response_field_paths)
    };
    assert_eq!(
        paths(" /stop_sequence\n\n/a~1b/0 "),
        Ok(vec!["/stop_sequence".to_owned(), "/a~1b/0".to_owned()])
    );
    for wrong in [
        "stop_sequence",
        "/a~b",
        "/a~",
        &format!("/{}", "x".repeat(256)),
    ] {
        let error = ConfigurationError::Pointer {
            path: wrong.to_owned(),
        };
        assert_eq!(paths(wrong), Err(error));
    }
    assert_eq!(
        paths(&"/a\n".repeat(11)),
        Err(ConfigurationError::TooManyPointers { most: 10 })
    );
}

#[test]
fn what_is_not_touched_is_not_sent() {
    let request = ask(&Configuration::default(), NOVA);
    assert_eq!(request, Request::new(NOVA.into(), request.messages.clone()));
}

/// The places are those of recorded requests.
#[test]
fn top_k_and_reasoning_go_where_the_family_wants_them() {
    let mut configuration = Configuration {
        top_k: Some(10),
        ..Configuration::default()
    };
    let fields = |request: Request| request.additional_model_request_fields;
    assert_eq!(
        fields(ask(&configuration, NOVA)),
        Some(json!({ "inferenceConfig": { "topK": 10 } }))
    );
    configuration.reasoning = ReasoningSetting {
        on: true,
        budget_tokens: 1_024,
        effort: Effort::Low,
    };
    assert_eq!(
        fields(ask(&configuration, CLAUDE)),
        Some(json!({ "thinking": { "type": "enabled", "budget_tokens": 1_024 } })),
        "thinking excludes top K"
    );
    configuration.top_k = None;
    assert_eq!(
        fields(ask(&configuration, NOVA_2)),
        Some(json!({ "reasoningConfig": { "type": "enabled", "maxReasoningEffort": "low" } }))
    );
    assert_eq!(
        fields(ask(&configuration, "openai.gpt-oss-120b-1:0")),
        Some(json!({ "reasoning_effort": "low" }))
    );
    assert_eq!(
        fields(ask(&configuration, NOVA)),
        None,
        "Nova 1 does not think"
    );
}

#[test]
fn a_model_is_never_sent_what_it_would_reject() {
    let mut configuration = Configuration {
        temperature: Some(0.5),
        top_p: Some(0.9),
        ..Configuration::default()
    };
    let inference = ask(&configuration, CLAUDE).inference;
    assert_eq!((inference.temperature, inference.top_p), (Some(0.5), None));
    let inference = ask(&configuration, NOVA).inference;
    assert_eq!(
        (inference.temperature, inference.top_p),
        (Some(0.5), Some(0.9))
    );
    configuration.reasoning.on = true;
    let inference = ask(&configuration, CLAUDE).inference;
    assert_eq!((inference.temperature, inference.top_p), (None, None));
    configuration.reasoning.effort = Effort::High;
    configuration.max_tokens = Some(1_000);
    assert_eq!(
        ask(&configuration, NOVA_2).inference,
        InferenceConfig::default()
    );
}

#[test]
fn what_is_typed_wins_over_what_is_set() {
    let configuration = Configuration {
        top_k: Some(10),
        additional_fields: r#"{"inferenceConfig": {"topK": 20}, "other": true}"#.into(),
        ..Configuration::default()
    };
    assert_eq!(
        ask(&configuration, NOVA).additional_model_request_fields,
        Some(json!({ "inferenceConfig": { "topK": 20 }, "other": true }))
    );
}

#[test]
fn cache_points_stand_behind_what_they_keep() {
    let configuration = Configuration {
        system: vec!["Be brief".into(), String::new(), "Be kind".into()],
        tools: vec![ToolDraft {
            name: "now".into(),
            ..ToolDraft::default()
        }],
        cache_points: CachePoints {
            tools: true,
            system: true,
            messages: true,
            ttl: Some(CacheTtl::OneHour),
        },
        ..Configuration::default()
    };
    let request = ask(&configuration, CLAUDE);
    let point = CachePoint {
        ttl: Some(CacheTtl::OneHour),
    };
    assert_eq!(
        request.system,
        [
            SystemBlock::Text("Be brief".into()),
            SystemBlock::Text("Be kind".into()),
            SystemBlock::CachePoint(point),
        ]
    );
    let tools = request.tools.expect("tools");
    assert_eq!(tools.tools[1], ToolDefinition::CachePoint(point));
    assert_eq!(
        request.messages[0].content[1],
        ContentBlock::CachePoint(point)
    );
}

#[test]
fn a_single_prompt_stands_alone() {
    let configuration = Configuration {
        mode: Mode::SinglePrompt,
        ..Configuration::default()
    };
    let say = |text: &str| vec![ContentBlock::Text(text.into())];
    let messages = vec![
        Message::user(say("One")),
        Message::assistant(say("Two")),
        Message::user(say("Three")),
    ];
    let request = configuration.request(NOVA.into(), messages).unwrap();
    assert_eq!(request.messages.len(), 1);
    assert_eq!(request.messages[0].text(), "Three");
}

#[test]
fn what_cannot_be_sent_is_named() {
    let refused = |configuration: Configuration| {
        configuration
            .request(CLAUDE.into(), Vec::new())
            .expect_err("refused")
            .to_string()
    };
    let broken = refused(Configuration {
        additional_fields: "{\"a\": 1,\n}".into(),
        ..Configuration::default()
    });
    assert!(
        broken.starts_with("Additional model request fields is no JSON")
            && broken.contains("line 2"),
        "{broken}"
    );
    let list = refused(Configuration {
        output_schema: "[]".into(),
        ..Configuration::default()
    });
    assert!(list.contains("must be a JSON object"), "{list}");
    let name = refused(Configuration {
        tools: vec![ToolDraft {
            name: "not allowed".into(),
            ..ToolDraft::default()
        }],
        ..Configuration::default()
    });
    assert!(name.contains("\"not allowed\""), "{name}");
    let budget = refused(Configuration {
        max_tokens: Some(2_000),
        reasoning: ReasoningSetting {
            on: true,
            ..ReasoningSetting::default()
        },
        ..Configuration::default()
    });
    assert!(
        budget.contains("2048") && budget.contains("2000"),
        "{budget}"
    );
    let metadata = refused(Configuration {
        request_metadata: vec![("team".into(), "größer".into())],
        ..Configuration::default()
    });
    assert!(metadata.contains("\"team\""), "{metadata}");
}

#[test]
fn a_configuration_written_by_an_older_version_is_read() {
    let configuration: Configuration =
        serde_json::from_value(json!({ "temperature": 0.2 })).unwrap();
    assert_eq!(configuration.temperature, Some(0.2));
    assert!(configuration.stream);
}

/// The ends of Nova's ranges, as its provider documents them: temperature 1, top K 128, 5,000 tokens, four
/// stop sequences.
#[test]
fn of_a_number_beyond_the_range_the_nearest_is_sent() {
    let configuration = Configuration {
        temperature: Some(1.5),
        top_p: Some(2.0),
        top_k: Some(250),
        max_tokens: Some(16_000),
        stop_sequences: ["a", "b", "c", "d", "e"].map(str::to_owned).to_vec(),
        ..Configuration::default()
    };
    let request = ask(&configuration, NOVA);
    assert_eq!(
        request.inference,
        InferenceConfig {
            temperature: Some(1.0),
            top_p: Some(1.0),
            max_tokens: Some(5_000),
            stop_sequences: ["a", "b", "c", "d"].map(str::to_owned).to_vec(),
        }
    );
    assert_eq!(
        request.additional_model_request_fields,
        Some(json!({ "inferenceConfig": { "topK": 128 } }))
    );
}

#[test]
fn a_model_that_neither_caches_nor_streams_is_asked_for_neither() {
    let lacks = |support: fn(&Support) -> Option<bool>| {
        crate::catalog::all_facts()
            .iter()
            .find(|facts| support(&facts.supports) == Some(false))
            .expect("such a model")
            .id
    };
    let configuration = Configuration {
        system: vec!["Be brief".into()],
        cache_points: CachePoints {
            system: true,
            messages: true,
            ..CachePoints::default()
        },
        ..Configuration::default()
    };
    let request = ask(&configuration, lacks(|supports| supports.prompt_caching));
    assert_eq!(request.system, [SystemBlock::Text("Be brief".into())]);
    assert_eq!(request.messages[0].content.len(), 1);
    let request = ask(&configuration, lacks(|supports| supports.streaming));
    assert!(!request.stream);
}

fn with_tool() -> Configuration {
    Configuration {
        tools: vec![ToolDraft {
            name: "look".into(),
            ..ToolDraft::default()
        }],
        ..Configuration::default()
    }
}

fn said(role: Role, texts: &[&str]) -> Message {
    let content = texts.iter().map(|text| ContentBlock::Text((*text).into()));
    Message {
        role,
        content: content.collect(),
    }
}

fn sent(configuration: &Configuration, messages: Vec<Message>) -> Vec<Message> {
    let request = configuration.request(CLAUDE.into(), messages);
    request.expect("a request").messages
}

#[test]
fn what_is_blank_is_not_sent_and_its_neighbours_are_one_message() {
    let messages = vec![
        said(Role::Assistant, &["Before any question"]),
        said(Role::User, &["Why?", " \n"]),
        said(Role::Assistant, &[""]),
        Message::assistant(vec![ContentBlock::Unknown("hologram".into())]),
        said(Role::User, &["Again: why?"]),
        said(Role::Assistant, &["Because."]),
    ];
    assert_eq!(
        sent(&Configuration::default(), messages),
        [
            said(Role::User, &["Why?", "Again: why?"]),
            said(Role::Assistant, &["Because."])
        ]
    );
}

#[test]
fn a_prompt_that_stands_alone_does_not_bring_one_that_got_no_answer() {
    let alone = Configuration {
        mode: Mode::SinglePrompt,
        ..Configuration::default()
    };
    let messages = vec![
        said(Role::User, &["The first"]),
        said(Role::Assistant, &[]),
        said(Role::User, &["The second"]),
    ];
    assert_eq!(sent(&alone, messages), [said(Role::User, &["The second"])]);
}

#[test]
fn a_tool_that_a_model_calls_by_a_type_of_its_own_is_answered_too() {
    // As Claude Sonnet 4.5 and Nova 2 answered when they were recorded.
    let mut asked = asks_for("t1", json!({}));
    if let ContentBlock::ToolUse(tool) = &mut asked.content[0] {
        tool.kind = Some("tool_use".into());
    }
    let messages = vec![
        said(Role::User, &["Weather?"]),
        asked,
        said(Role::User, &["Never mind"]),
    ];
    let sent = sent(&with_tool(), messages);
    assert!(
        matches!(&sent[2].content[0], ContentBlock::ToolResult(told) if told.tool_use_id == "t1")
    );
}

#[test]
fn a_result_whose_request_was_deleted_is_left_out_and_one_of_nothing_says_so() {
    let mut nothing = result("t2");
    if let ContentBlock::ToolResult(result) = &mut nothing {
        result.content = vec![ToolResultContent::Text(" ".into())];
    }
    let messages = vec![
        said(Role::User, &["Weather?"]),
        Message::user(vec![result("t1")]),
        asks_for("t2", json!({})),
        Message::user(vec![nothing]),
    ];
    let sent = sent(&with_tool(), messages);
    assert_eq!(sent[0], said(Role::User, &["Weather?"]));
    let ContentBlock::ToolResult(told) = &sent[2].content[0] else {
        panic!("a result: {:?}", sent[2]);
    };
    assert_eq!(told.content, [ToolResultContent::Text("(nothing)".into())]);
}

#[test]
fn without_a_list_of_tools_what_they_did_is_told_in_words() {
    let messages = vec![
        said(Role::User, &["Weather?"]),
        asks_for("t1", json!({ "city": "Paris" })),
        Message::user(vec![result("t1")]),
    ];
    assert_eq!(
        sent(&Configuration::default(), messages),
        [
            said(Role::User, &["Weather?"]),
            said(
                Role::Assistant,
                &["[Asked for the tool look: {\"city\":\"Paris\"}]"]
            ),
            said(Role::User, &["[The tool gave: Rain]"]),
        ]
    );
}

fn asks_for(id: &str, input: serde_json::Value) -> Message {
    Message::assistant(vec![ContentBlock::ToolUse(ToolUse {
        id: id.into(),
        name: "look".into(),
        input,
        kind: None,
    })])
}

fn result(id: &str) -> ContentBlock {
    ContentBlock::ToolResult(ToolResult {
        tool_use_id: id.into(),
        content: vec![ToolResultContent::Text("Rain".into())],
        status: Some(ToolResultStatus::Success),
        kind: None,
    })
}

#[test]
fn a_tool_that_was_left_unanswered_is_answered_with_an_error() {
    let say = |text: &str| ContentBlock::Text(text.into());
    let messages = vec![
        Message::user(vec![say("Weather?")]),
        // A stream that was cut left half an object.
        asks_for("t1", json!("{\"city\": \"Par")),
        Message::user(vec![say("Never mind")]),
        asks_for("t2", json!({ "city": "Rome" })),
        Message::user(vec![result("t2")]),
    ];
    let request = with_tool()
        .request(CLAUDE.into(), messages.clone())
        .expect("a request");
    assert_eq!(request.messages[1], asks_for("t1", json!({})));
    let ContentBlock::ToolResult(told) = &request.messages[2].content[0] else {
        panic!("the result comes first: {:?}", request.messages[2]);
    };
    assert_eq!(told.tool_use_id, "t1");
    assert_eq!(told.status, Some(ToolResultStatus::Error));
    assert_eq!(request.messages[2].content[1], say("Never mind"));
    assert_eq!(request.messages[3..], messages[3..]);
}

#[test]
fn a_single_prompt_keeps_what_its_tools_brought() {
    let configuration = Configuration {
        mode: Mode::SinglePrompt,
        ..with_tool()
    };
    let say = |text: &str| Message::user(vec![ContentBlock::Text(text.into())]);
    let messages = vec![
        say("Earlier"),
        Message::assistant(vec![ContentBlock::Text("Yes".into())]),
        say("Weather?"),
        asks_for("t1", json!({})),
        Message::user(vec![result("t1")]),
    ];
    let request = configuration
        .request(CLAUDE.into(), messages.clone())
        .expect("a request");
    assert_eq!(request.messages, messages[2..]);
}
