//! Serde's form of content is in people's histories: it may grow, and what is here must stay.

use serde_json::{Value, json};

use super::*;

fn picture() -> Image {
    Image {
        format: ImageFormat::Jpeg,
        source: MediaSource::Bytes(Arc::from(*b"abc")),
    }
}

fn place(start: u32) -> (Option<u32>, Option<u32>, Option<u32>) {
    (Some(1), Some(start), None)
}

fn file(source: DocumentSource) -> Document {
    Document {
        format: DocumentFormat::Pdf,
        name: "doc".into(),
        source,
        context: None,
        citations: true,
    }
}

fn locations() -> Vec<(CitationLocation, Value)> {
    let (document, start, end) = place(2);
    let numbers = json!({"document": 1, "start": 2, "end": null});
    vec![
        (
            CitationLocation::Web {
                url: Some("u".into()),
                domain: None,
            },
            json!({"web": {"url": "u", "domain": null}}),
        ),
        (
            CitationLocation::DocumentChar {
                document,
                start,
                end,
            },
            json!({"documentChar": numbers}),
        ),
        (
            CitationLocation::DocumentPage {
                document,
                start,
                end,
            },
            json!({"documentPage": numbers}),
        ),
        (
            CitationLocation::DocumentChunk {
                document,
                start,
                end,
            },
            json!({"documentChunk": numbers}),
        ),
        (
            CitationLocation::SearchResult {
                search_result: document,
                start,
                end,
            },
            json!({"searchResult": {"searchResult": 1, "start": 2, "end": null}}),
        ),
        (CitationLocation::Unknown, json!("unknown")),
    ]
}

fn kept(block: &ContentBlock, form: &Value) {
    assert_eq!(serde_json::to_value(block).unwrap(), *form);
    let read: ContentBlock = serde_json::from_value(form.clone()).unwrap();
    assert_eq!(read, *block, "{form}");
}

#[test]
fn texts_thoughts_and_marks() {
    kept(&ContentBlock::Text(String::new()), &json!({"text": ""}));
    kept(&ContentBlock::Unknown("x".into()), &json!({"unknown": "x"}));
    kept(
        &ContentBlock::GuardText {
            text: "t".into(),
            qualifiers: vec!["query".into()],
        },
        &json!({"guardText": {"text": "t", "qualifiers": ["query"]}}),
    );
    kept(
        &ContentBlock::CachePoint(CachePoint {
            ttl: Some(crate::chat::CacheTtl::OneHour),
        }),
        &json!({"cachePoint": {"ttl": "1h"}}),
    );
    kept(
        &ContentBlock::Reasoning(Reasoning::Text {
            text: "t".into(),
            signature: Some("s".into()),
        }),
        &json!({"reasoning": {"text": {"text": "t", "signature": "s"}}}),
    );
    kept(
        &ContentBlock::Reasoning(Reasoning::Redacted(Arc::from(*b"abc"))),
        &json!({"reasoning": {"redacted": "YWJj"}}),
    );
}

#[test]
fn media() {
    let bytes = json!({"format": "jpeg", "source": {"bytes": "YWJj"}});
    kept(&ContentBlock::Image(picture()), &json!({"image": bytes}));
    kept(
        &ContentBlock::GuardImage(picture()),
        &json!({"guardImage": bytes}),
    );
    kept(
        &ContentBlock::Video(Video {
            format: "mp4".into(),
            source: MediaSource::S3 {
                uri: "s3://b/k".into(),
                bucket_owner: Some("1".into()),
            },
        }),
        &json!({"video": {"format": "mp4", "source": {"s3": {"uri": "s3://b/k", "bucketOwner": "1"}}}}),
    );
    kept(
        &ContentBlock::Audio {
            format: "mp3".into(),
            source: MediaSource::Unknown,
        },
        &json!({"audio": {"format": "mp3", "source": "unknown"}}),
    );
    for (source, form) in [
        (
            DocumentSource::Media(MediaSource::Unknown),
            json!({"media": "unknown"}),
        ),
        (DocumentSource::Text("t".into()), json!({"text": "t"})),
        (
            DocumentSource::Chunks(vec!["c".into()]),
            json!({"chunks": ["c"]}),
        ),
    ] {
        kept(
            &ContentBlock::Document(file(source)),
            &json!({"document": {"format": "pdf", "name": "doc", "source": form, "context": null,
                "citations": true}}),
        );
    }
}

#[test]
fn tools() {
    kept(
        &ContentBlock::ToolUse(ToolUse {
            id: "t1".into(),
            name: "look".into(),
            input: json!({"x": 1}),
            kind: Some("server_tool_use".into()),
        }),
        &json!({"toolUse": {"id": "t1", "name": "look", "input": {"x": 1}, "kind": "server_tool_use"}}),
    );
    kept(
        &ContentBlock::ToolResult(ToolResult {
            tool_use_id: "t1".into(),
            content: vec![
                ToolResultContent::Json(json!([1])),
                ToolResultContent::Text("t".into()),
                ToolResultContent::Image(picture()),
                ToolResultContent::Unknown("x".into()),
            ],
            status: Some(ToolResultStatus::Error),
            kind: None,
        }),
        &json!({"toolResult": {"toolUseId": "t1", "status": "error", "kind": null, "content": [
            {"json": [1]}, {"text": "t"},
            {"image": {"format": "jpeg", "source": {"bytes": "YWJj"}}}, {"unknown": "x"}]}}),
    );
}

#[test]
fn sources() {
    for (location, form) in locations() {
        kept(
            &ContentBlock::Citations(Citations {
                content: vec!["c".into()],
                citations: vec![Citation {
                    title: Some("t".into()),
                    source: None,
                    source_content: vec!["s".into()],
                    location: Some(location),
                }],
            }),
            &json!({"citations": {"content": ["c"], "citations": [{"title": "t", "source": null,
                "sourceContent": ["s"], "location": form}]}}),
        );
    }
    kept(
        &ContentBlock::SearchResult(SearchResult {
            source: "s".into(),
            title: "t".into(),
            content: vec!["c".into()],
            citations: false,
        }),
        &json!({"searchResult": {"source": "s", "title": "t", "content": ["c"], "citations": false}}),
    );
}
