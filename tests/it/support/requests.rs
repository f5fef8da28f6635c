//! Requests with everything in them, and with what is hard to write down in other languages.

use std::sync::Arc;

use bedrock_playground::chat::{
    CachePoint, CacheTtl, Citation, CitationLocation, Citations, ContentBlock, Document,
    DocumentFormat, DocumentSource, GuardrailConfig, Image, ImageFormat, InferenceConfig, Latency,
    MediaSource, Message, Reasoning, Request, SearchResult, ServiceTier, SystemBlock, ToolChoice,
    ToolConfig, ToolDefinition, ToolResult, ToolResultContent, ToolResultStatus, ToolUse, Video,
};
use serde_json::json;

/// Quotes of every kind, what shells and templates expand, escapes, control characters, scripts that
/// run the other way, and characters outside the basic plane.
pub const TRICKY: &str = "He said \"it's\" `$HOME` ${x} $(date) \\n \\\\ %s %% {y} #{z} <b>&amp; \
    'JSON'\nJSON\nEOF\ttab\r\nnext\u{7} \"\"\" שלום مرحبا 日本 🦀 \u{2028}end\\";

pub fn hello() -> Request {
    Request {
        stream: false,
        ..Request::new(
            "amazon.nova-lite-v1:0".into(),
            vec![Message::user(vec![ContentBlock::Text(
                "Tell me of rivers".into(),
            )])],
        )
    }
}

pub fn bytes(content: &[u8]) -> MediaSource {
    MediaSource::Bytes(Arc::from(content))
}

pub fn s3(name: &str) -> MediaSource {
    MediaSource::S3 {
        uri: format!("s3://bucket/{name}"),
        bucket_owner: Some("123456789012".into()),
    }
}

fn image(format: ImageFormat, source: MediaSource) -> Image {
    Image { format, source }
}

fn document(name: &str, source: DocumentSource) -> Document {
    Document {
        format: DocumentFormat::Pdf,
        name: name.into(),
        source,
        context: None,
        citations: false,
    }
}

fn search_result() -> SearchResult {
    SearchResult {
        source: "https://a.example/x?y=1&z=2".into(),
        title: "A".into(),
        content: vec!["one".into(), "two".into()],
        citations: true,
    }
}

/// Every parameter, with one plain message.
pub fn parameters() -> Request {
    Request {
        system: vec![
            SystemBlock::Text(TRICKY.into()),
            SystemBlock::CachePoint(CachePoint {
                ttl: Some(CacheTtl::OneHour),
            }),
            SystemBlock::GuardText {
                text: "Look at this".into(),
                qualifiers: vec!["query".into()],
            },
        ],
        inference: InferenceConfig {
            max_tokens: Some(300),
            temperature: Some(0.3),
            top_p: Some(0.9),
            stop_sequences: vec!["END".into(), "\n\n'\"".into()],
        },
        additional_model_request_fields: Some(json!({
            "top_k": 50, "ratio": 0.1, "whole": 2.0, "below": -3, "flag": true, "none": null,
            "thinking": {"type": "disabled", "list": [1, "two", [], {}]}, "it's": TRICKY
        })),
        additional_model_response_field_paths: vec!["/stop_sequence".into()],
        tools: Some(tools(Some(ToolChoice::Tool("weather".into())))),
        guardrail: Some(GuardrailConfig {
            id: "gr1".into(),
            version: "DRAFT".into(),
            trace: true,
            asynchronous: true,
        }),
        latency: Some(Latency::Standard),
        service_tier: Some(ServiceTier::Default),
        request_metadata: vec![
            ("project".into(), "a11y".into()),
            ("team".into(), "é".into()),
        ],
        output_schema: Some(json!({"type": "object", "required": ["alt"], "properties":
            {"alt": {"type": "string", "description": "it's \"quoted\""}}})),
        ..hello()
    }
}

pub fn tools(choice: Option<ToolChoice>) -> ToolConfig {
    ToolConfig {
        tools: vec![
            ToolDefinition::Spec {
                name: "weather".into(),
                description: Some("The weather of a place".into()),
                input_schema: json!({"type": "object", "required": ["place"], "properties":
                    {"place": {"type": "string"}, "days": {"type": "integer", "minimum": 1}}}),
            },
            ToolDefinition::System("nova_grounding".into()),
            ToolDefinition::CachePoint(CachePoint::default()),
        ],
        choice,
    }
}

/// Every content block.
pub fn content() -> Request {
    Request {
        messages: vec![
            Message::user(vec![
                ContentBlock::Text(TRICKY.into()),
                ContentBlock::Image(image(
                    ImageFormat::Jpeg,
                    bytes(b"\xff\xd8\xff not a picture"),
                )),
                ContentBlock::Image(image(ImageFormat::Png, s3("a.png"))),
                ContentBlock::Document(Document {
                    context: Some("From 2025".into()),
                    citations: true,
                    ..document("Report", DocumentSource::Media(bytes(b"%PDF-1.4")))
                }),
                ContentBlock::Document(document("Words", DocumentSource::Text("Words".into()))),
                ContentBlock::Document(document(
                    "Chunks",
                    DocumentSource::Chunks(vec!["a".into(), "b".into()]),
                )),
                ContentBlock::Video(Video {
                    format: "three_gp".into(),
                    source: bytes(b"\0\0\0 film"),
                }),
                ContentBlock::Video(Video {
                    format: "mp4".into(),
                    source: s3("film.mp4"),
                }),
                ContentBlock::Audio {
                    format: "mp3".into(),
                    source: bytes(b"ID3"),
                },
                ContentBlock::GuardText {
                    text: "x".into(),
                    qualifiers: vec!["grounding_source".into(), "query".into()],
                },
                ContentBlock::GuardImage(image(ImageFormat::Png, bytes(b"\x89PNG"))),
                ContentBlock::SearchResult(search_result()),
                ContentBlock::CachePoint(CachePoint {
                    ttl: Some(CacheTtl::FiveMinutes),
                }),
            ]),
            Message::assistant(vec![
                ContentBlock::Reasoning(Reasoning::Text {
                    text: "hm".into(),
                    signature: Some("sig".into()),
                }),
                ContentBlock::Reasoning(Reasoning::Redacted(Arc::from(&b"\0\x01\xff"[..]))),
                ContentBlock::Citations(Citations {
                    content: vec!["So it is".into()],
                    citations: locations().into_iter().map(citation).collect(),
                }),
                ContentBlock::ToolUse(ToolUse {
                    id: "t1".into(),
                    name: "weather".into(),
                    input: json!({"place": "Saint-Étienne's", "days": 3, "exact": 0.1}),
                    kind: None,
                }),
                ContentBlock::ToolUse(ToolUse {
                    id: "t2".into(),
                    name: "nova_grounding".into(),
                    input: json!({}),
                    kind: Some("server_tool_use".into()),
                }),
            ]),
            Message::user(vec![
                ContentBlock::ToolResult(ToolResult {
                    tool_use_id: "t1".into(),
                    content: vec![
                        ToolResultContent::Json(json!({"c": 21.5, "list": [null]})),
                        ToolResultContent::Text("warm".into()),
                        ToolResultContent::Image(image(ImageFormat::Webp, bytes(b"RIFF"))),
                        ToolResultContent::Document(document(
                            "Forecast",
                            DocumentSource::Media(bytes(b"%PDF-1.5")),
                        )),
                        ToolResultContent::Video(Video {
                            format: "webm".into(),
                            source: s3("w.webm"),
                        }),
                        ToolResultContent::SearchResult(search_result()),
                    ],
                    status: Some(ToolResultStatus::Error),
                    kind: Some("search".into()),
                }),
                ContentBlock::Text("And now?".into()),
            ]),
        ],
        tools: Some(tools(None)),
        ..hello()
    }
}

fn locations() -> Vec<Option<CitationLocation>> {
    let (document, start, end) = (Some(0), Some(1), Some(2));
    vec![
        None,
        Some(CitationLocation::Web {
            url: Some("https://a.example/x".into()),
            domain: Some("a.example".into()),
        }),
        Some(CitationLocation::DocumentChar {
            document,
            start,
            end,
        }),
        Some(CitationLocation::DocumentPage {
            document,
            start,
            end: None,
        }),
        Some(CitationLocation::DocumentChunk {
            document,
            start,
            end,
        }),
        Some(CitationLocation::SearchResult {
            search_result: document,
            start,
            end,
        }),
    ]
}

fn citation(location: Option<CitationLocation>) -> Citation {
    Citation {
        title: Some("T".into()),
        source: location.is_some().then(|| "s".into()),
        source_content: vec!["words".into()],
        location,
    }
}

/// Many requests, and what each is of.
pub fn all() -> Vec<(&'static str, Request)> {
    let choice = |choice| Request {
        tools: Some(tools(Some(choice))),
        ..hello()
    };
    let inference = |inference| Request {
        inference,
        ..hello()
    };
    vec![
        ("a plain request", hello()),
        ("every parameter", parameters()),
        (
            "every parameter, streamed",
            Request {
                stream: true,
                ..parameters()
            },
        ),
        ("every content block", content()),
        ("auto", choice(ToolChoice::Auto)),
        ("any", choice(ToolChoice::Any)),
        (
            "one parameter",
            inference(InferenceConfig {
                temperature: Some(1.0),
                ..InferenceConfig::default()
            }),
        ),
        (
            "extreme parameters",
            inference(InferenceConfig {
                max_tokens: Some(2_000_000_000),
                temperature: Some(0.0),
                top_p: Some(0.000_001),
                stop_sequences: Vec::new(),
            }),
        ),
        (
            "optimised, flexible",
            Request {
                latency: Some(Latency::Optimized),
                service_tier: Some(ServiceTier::Flex),
                ..hello()
            },
        ),
        (
            "priority",
            Request {
                service_tier: Some(ServiceTier::Priority),
                ..hello()
            },
        ),
        (
            "reserved",
            Request {
                service_tier: Some(ServiceTier::Reserved),
                ..hello()
            },
        ),
    ]
}
