//! How configurations become requests.

use serde_json::json;

use super::*;

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
