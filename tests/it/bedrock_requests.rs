//! Every field of a request, as it arrives at the other end.

use std::sync::Arc;

use bedrock_playground::chat::{
    CachePoint, CacheTtl, Citation, CitationLocation, Citations, ContentBlock, Document,
    DocumentFormat, DocumentSource, GuardrailConfig, Image, ImageFormat, InferenceConfig, Latency,
    MediaSource, Message, Reasoning, Request, SearchResult, ServiceTier, SystemBlock, ToolChoice,
    ToolConfig, ToolDefinition, ToolResult, ToolResultContent, ToolResultStatus, ToolUse, Video,
};
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use crate::support::replay::{Asked, ReplayServer, Reply};

const ANSWER: &str = r#"{"output":{"message":{"role":"assistant","content":[{"text":"Yes"}]}},
    "stopReason":"end_turn","usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2},
    "metrics":{"latencyMs":5}}"#;

/// What arrives when a request is sent.
async fn arrives(request: Request) -> Asked {
    let server = ReplayServer::start([Reply::json(200, ANSWER)]).await;
    let mut events = server.connect().await.invoke(request);
    while let Some(event) = events.next().await {
        // A stream gets an answer it cannot read; what was asked is all that counts here.
        if event.is_err() {
            break;
        }
    }
    server.asked().remove(0)
}

fn hello() -> Request {
    Request {
        stream: false,
        ..Request::new(
            "amazon.nova-lite-v1:0".into(),
            vec![Message::user(vec![ContentBlock::Text("Hello".into())])],
        )
    }
}

async fn body(change: impl FnOnce(&mut Request)) -> Value {
    let mut request = hello();
    change(&mut request);
    arrives(request).await.json()
}

/// The one content block of the one message.
async fn block(block: ContentBlock) -> Value {
    body(|request| request.messages[0].content = vec![block])
        .await
        .pointer("/messages/0/content/0")
        .cloned()
        .unwrap_or_default()
}

#[tokio::test]
async fn a_plain_request_sends_nothing_that_was_not_set() {
    let asked = arrives(hello()).await;
    assert_eq!(asked.method, "POST");
    assert_eq!(asked.path, "/model/amazon.nova-lite-v1%3A0/converse");
    assert_eq!(
        asked.json(),
        json!({"messages": [{"role": "user", "content": [{"text": "Hello"}]}]})
    );
}

#[tokio::test]
async fn a_streamed_request_goes_to_converse_stream() {
    let asked = arrives(Request {
        stream: true,
        ..hello()
    })
    .await;
    assert_eq!(asked.path, "/model/amazon.nova-lite-v1%3A0/converse-stream");
}

#[tokio::test]
async fn an_arn_is_one_path_segment() {
    let arn = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0";
    let asked = arrives(Request {
        model_id: arn.into(),
        ..hello()
    })
    .await;
    assert_eq!(
        asked.path,
        "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2F\
         us.amazon.nova-lite-v1%3A0/converse"
    );
}

#[tokio::test]
async fn inference_parameters() {
    let body = body(|request| {
        request.inference = InferenceConfig {
            max_tokens: Some(100),
            temperature: Some(0.5),
            top_p: Some(0.25),
            stop_sequences: vec!["END".into(), "\n\n".into()],
        };
    })
    .await;
    assert_eq!(
        body["inferenceConfig"],
        json!({"maxTokens": 100, "temperature": 0.5, "topP": 0.25,
               "stopSequences": ["END", "\n\n"]})
    );
}

#[tokio::test]
async fn system_prompts() {
    let body = body(|request| {
        request.system = vec![
            SystemBlock::Text("Be brief".into()),
            SystemBlock::CachePoint(CachePoint {
                ttl: Some(CacheTtl::OneHour),
            }),
            SystemBlock::GuardText {
                text: "Look at this".into(),
                qualifiers: vec!["query".into()],
            },
        ];
    })
    .await;
    assert_eq!(
        body["system"],
        json!([
            {"text": "Be brief"},
            {"cachePoint": {"type": "default", "ttl": "1h"}},
            {"guardContent": {"text": {"text": "Look at this", "qualifiers": ["query"]}}}
        ])
    );
}

#[tokio::test]
async fn additional_fields_both_ways() {
    let body = body(|request| {
        request.additional_model_request_fields =
            Some(json!({"top_k": 50, "reasoning_config": {"type": "enabled", "ratio": 0.5}}));
        request.additional_model_response_field_paths = vec!["/stop_sequence".into()];
    })
    .await;
    assert_eq!(
        body["additionalModelRequestFields"],
        json!({"top_k": 50, "reasoning_config": {"type": "enabled", "ratio": 0.5}})
    );
    assert_eq!(
        body["additionalModelResponseFieldPaths"],
        json!(["/stop_sequence"])
    );
}

#[tokio::test]
async fn tools() {
    let body = body(|request| {
        request.tools = Some(ToolConfig {
            tools: vec![
                ToolDefinition::Spec {
                    name: "weather".into(),
                    description: Some("The weather of a place".into()),
                    input_schema: json!({"type": "object", "properties": {"place": {"type": "string"}}}),
                },
                ToolDefinition::System("nova_grounding".into()),
                ToolDefinition::CachePoint(CachePoint::default()),
            ],
            choice: Some(ToolChoice::Tool("weather".into())),
        });
    })
    .await;
    assert_eq!(
        body["toolConfig"],
        json!({
            "tools": [
                {"toolSpec": {"name": "weather", "description": "The weather of a place",
                    "inputSchema": {"json": {"type": "object",
                        "properties": {"place": {"type": "string"}}}}}},
                {"systemTool": {"name": "nova_grounding"}},
                {"cachePoint": {"type": "default"}}
            ],
            "toolChoice": {"tool": {"name": "weather"}}
        })
    );
}

#[tokio::test]
async fn tool_choices() {
    for (choice, expected) in [
        (ToolChoice::Auto, json!({"auto": {}})),
        (ToolChoice::Any, json!({"any": {}})),
    ] {
        let body = body(|request| {
            request.tools = Some(ToolConfig {
                tools: vec![ToolDefinition::System("s".into())],
                choice: Some(choice),
            });
        })
        .await;
        assert_eq!(body["toolConfig"]["toolChoice"], expected);
    }
}

#[tokio::test]
async fn guardrails() {
    let guardrail = GuardrailConfig {
        id: "gr1".into(),
        version: "DRAFT".into(),
        trace: true,
        asynchronous: true,
    };
    let mut request = hello();
    request.guardrail = Some(guardrail.clone());
    assert_eq!(
        arrives(request.clone()).await.json()["guardrailConfig"],
        json!({"guardrailIdentifier": "gr1", "guardrailVersion": "DRAFT", "trace": "enabled"})
    );
    request.stream = true;
    assert_eq!(
        arrives(request.clone()).await.json()["guardrailConfig"],
        json!({"guardrailIdentifier": "gr1", "guardrailVersion": "DRAFT", "trace": "enabled",
               "streamProcessingMode": "async"})
    );
    request.guardrail = Some(GuardrailConfig {
        trace: false,
        asynchronous: false,
        ..guardrail
    });
    assert_eq!(
        arrives(request).await.json()["guardrailConfig"],
        json!({"guardrailIdentifier": "gr1", "guardrailVersion": "DRAFT", "trace": "disabled",
               "streamProcessingMode": "sync"})
    );
}

#[tokio::test]
async fn latency_tier_and_metadata() {
    let body = body(|request| {
        request.latency = Some(Latency::Optimized);
        request.service_tier = Some(ServiceTier::Flex);
        request.request_metadata = vec![("team".into(), "a11y".into())];
    })
    .await;
    assert_eq!(body["performanceConfig"], json!({"latency": "optimized"}));
    assert_eq!(body["serviceTier"], json!({"type": "flex"}));
    assert_eq!(body["requestMetadata"], json!({"team": "a11y"}));
}

#[tokio::test]
async fn an_output_schema_goes_out_as_text() {
    let schema = json!({"type": "object", "required": ["alt"]});
    let body = body(|request| request.output_schema = Some(schema.clone())).await;
    let format = &body["outputConfig"]["textFormat"];
    assert_eq!(format["type"], "json_schema");
    let text = format["structure"]["jsonSchema"]["schema"]
        .as_str()
        .unwrap();
    assert_eq!(serde_json::from_str::<Value>(text).unwrap(), schema);
}

#[tokio::test]
async fn both_roles() {
    let body = body(|request| {
        request
            .messages
            .push(Message::assistant(vec![ContentBlock::Text("Hi".into())]));
    })
    .await;
    assert_eq!(
        body["messages"][1],
        json!({"role": "assistant", "content": [{"text": "Hi"}]})
    );
}

fn bytes() -> MediaSource {
    MediaSource::Bytes(Arc::from(&b"abc"[..]))
}

fn s3() -> MediaSource {
    MediaSource::S3 {
        uri: "s3://b/k".into(),
        bucket_owner: Some("123456789012".into()),
    }
}

#[tokio::test]
async fn images() {
    // "abc" in base64 is YWJj.
    let png = |source| {
        ContentBlock::Image(Image {
            format: ImageFormat::Png,
            source,
        })
    };
    assert_eq!(
        block(png(bytes())).await,
        json!({"image": {"format": "png", "source": {"bytes": "YWJj"}}})
    );
    assert_eq!(
        block(png(s3())).await,
        json!({"image": {"format": "png", "source": {"s3Location":
            {"uri": "s3://b/k", "bucketOwner": "123456789012"}}}})
    );
}

#[tokio::test]
async fn documents() {
    let document = |source| {
        ContentBlock::Document(Document {
            format: DocumentFormat::Txt,
            name: "Report".into(),
            source,
            context: Some("From 2025".into()),
            citations: true,
        })
    };
    let expected = |source: Value| {
        json!({"document": {"format": "txt", "name": "Report", "source": source,
               "context": "From 2025", "citations": {"enabled": true}}})
    };
    for (source, wire) in [
        (DocumentSource::Media(bytes()), json!({"bytes": "YWJj"})),
        (
            DocumentSource::Text("Words".into()),
            json!({"text": "Words"}),
        ),
        (
            DocumentSource::Chunks(vec!["a".into(), "b".into()]),
            json!({"content": [{"text": "a"}, {"text": "b"}]}),
        ),
    ] {
        assert_eq!(block(document(source)).await, expected(wire));
    }
}

#[tokio::test]
async fn videos_and_sounds() {
    assert_eq!(
        block(ContentBlock::Video(Video {
            format: "mp4".into(),
            source: s3(),
        }))
        .await,
        json!({"video": {"format": "mp4", "source": {"s3Location":
            {"uri": "s3://b/k", "bucketOwner": "123456789012"}}}})
    );
    assert_eq!(
        block(ContentBlock::Audio {
            format: "wav".into(),
            source: bytes(),
        })
        .await,
        json!({"audio": {"format": "wav", "source": {"bytes": "YWJj"}}})
    );
}

#[tokio::test]
async fn tool_uses() {
    let tool = |kind: Option<&str>| {
        ContentBlock::ToolUse(ToolUse {
            id: "t1".into(),
            name: "weather".into(),
            input: json!({"place": "Oslo", "days": 3}),
            kind: kind.map(str::to_owned),
        })
    };
    let expected = json!({"toolUse": {"toolUseId": "t1", "name": "weather",
        "input": {"place": "Oslo", "days": 3}}});
    assert_eq!(block(tool(None)).await, expected);
    assert_eq!(
        block(tool(Some("tool_use"))).await,
        expected,
        "a kind that models send is not one they take"
    );
    assert_eq!(
        block(tool(Some("server_tool_use"))).await["toolUse"]["type"],
        "server_tool_use"
    );
}

#[tokio::test]
async fn tool_results() {
    let result = ContentBlock::ToolResult(ToolResult {
        tool_use_id: "t1".into(),
        content: vec![
            ToolResultContent::Json(json!({"c": 21.5})),
            ToolResultContent::Text("warm".into()),
            ToolResultContent::Image(Image {
                format: ImageFormat::Webp,
                source: bytes(),
            }),
            ToolResultContent::SearchResult(search_result()),
        ],
        status: Some(ToolResultStatus::Error),
        kind: None,
    });
    assert_eq!(
        block(result).await,
        json!({"toolResult": {"toolUseId": "t1", "status": "error", "content": [
            {"json": {"c": 21.5}},
            {"text": "warm"},
            {"image": {"format": "webp", "source": {"bytes": "YWJj"}}},
            {"searchResult": {"source": "https://a.example", "title": "A",
                "content": [{"text": "one"}], "citations": {"enabled": true}}}
        ]}})
    );
}

fn search_result() -> SearchResult {
    SearchResult {
        source: "https://a.example".into(),
        title: "A".into(),
        content: vec!["one".into()],
        citations: true,
    }
}

#[tokio::test]
async fn search_results() {
    assert_eq!(
        block(ContentBlock::SearchResult(search_result())).await,
        json!({"searchResult": {"source": "https://a.example", "title": "A",
            "content": [{"text": "one"}], "citations": {"enabled": true}}})
    );
}

#[tokio::test]
async fn guarded_content_and_cache_points() {
    assert_eq!(
        block(ContentBlock::GuardText {
            text: "x".into(),
            qualifiers: vec!["grounding_source".into()],
        })
        .await,
        json!({"guardContent": {"text": {"text": "x", "qualifiers": ["grounding_source"]}}})
    );
    assert_eq!(
        block(ContentBlock::GuardImage(Image {
            format: ImageFormat::Jpeg,
            source: bytes(),
        }))
        .await,
        json!({"guardContent": {"image": {"format": "jpeg", "source": {"bytes": "YWJj"}}}})
    );
    assert_eq!(
        block(ContentBlock::CachePoint(CachePoint {
            ttl: Some(CacheTtl::FiveMinutes),
        }))
        .await,
        json!({"cachePoint": {"type": "default", "ttl": "5m"}})
    );
}

#[tokio::test]
async fn reasoning_goes_back_unchanged() {
    assert_eq!(
        block(ContentBlock::Reasoning(Reasoning::Text {
            text: "hm".into(),
            signature: Some("sig".into()),
        }))
        .await,
        json!({"reasoningContent": {"reasoningText": {"text": "hm", "signature": "sig"}}})
    );
    assert_eq!(
        block(ContentBlock::Reasoning(Reasoning::Redacted(Arc::from(
            &b"abc"[..]
        ))))
        .await,
        json!({"reasoningContent": {"redactedContent": "YWJj"}})
    );
}

#[tokio::test]
async fn citations_of_all_five_kinds_go_back() {
    let place = (Some(0), Some(1), Some(2));
    let (document, start, end) = place;
    let locations = [
        (
            CitationLocation::Web {
                url: Some("https://a.example/x".into()),
                domain: Some("a.example".into()),
            },
            json!({"web": {"url": "https://a.example/x", "domain": "a.example"}}),
        ),
        (
            CitationLocation::DocumentChar {
                document,
                start,
                end,
            },
            json!({"documentChar": {"documentIndex": 0, "start": 1, "end": 2}}),
        ),
        (
            CitationLocation::DocumentPage {
                document,
                start,
                end,
            },
            json!({"documentPage": {"documentIndex": 0, "start": 1, "end": 2}}),
        ),
        (
            CitationLocation::DocumentChunk {
                document,
                start,
                end,
            },
            json!({"documentChunk": {"documentIndex": 0, "start": 1, "end": 2}}),
        ),
        (
            CitationLocation::SearchResult {
                search_result: document,
                start,
                end,
            },
            json!({"searchResultLocation": {"searchResultIndex": 0, "start": 1, "end": 2}}),
        ),
    ];
    for (location, wire) in locations {
        let sent = block(ContentBlock::Citations(Citations {
            content: vec!["So it is".into()],
            citations: vec![Citation {
                title: Some("T".into()),
                source: Some("s".into()),
                source_content: vec!["words".into()],
                location: Some(location),
            }],
        }))
        .await;
        assert_eq!(
            sent,
            json!({"citationsContent": {
                "content": [{"text": "So it is"}],
                "citations": [{"title": "T", "source": "s",
                    "sourceContent": [{"text": "words"}], "location": wire}]
            }})
        );
    }
}

#[tokio::test]
async fn what_cannot_be_sent_is_left_out() {
    let body = body(|request| {
        request.messages[0].content = vec![
            ContentBlock::Text(String::new()),
            ContentBlock::Unknown("hologram".into()),
            ContentBlock::Text("Hello".into()),
        ];
    })
    .await;
    assert_eq!(body["messages"][0]["content"], json!([{"text": "Hello"}]));
}
