//! Writing messages and what they are made of.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};

use super::{count, object, strings, text};
use crate::chat::{
    CachePoint, CacheTtl, Citation, CitationLocation, Citations, ContentBlock, Document,
    DocumentSource, Image, MediaSource, Message, Reasoning, Role, SearchResult, ToolResult,
    ToolResultContent, ToolResultStatus, ToolUse, Video,
};

pub(in crate::chat::wire) fn message(message: &Message) -> Value {
    let role = match message.role {
        Role::User => "user",
        Role::Assistant => "assistant",
    };
    let content: Value = message.content.iter().filter_map(block).collect();
    json!({"role": role, "content": content})
}

/// A block as it is sent. Some things cannot be: an empty text, which the service always rejects,
/// and what this program did not understand when it came.
fn block(block: &ContentBlock) -> Option<Value> {
    Some(match block {
        ContentBlock::Text(text) if text.is_empty() => return None,
        ContentBlock::Unknown(_) => return None,
        ContentBlock::Text(text) => json!({"text": text}),
        ContentBlock::Image(picture) => json!({"image": image(picture)}),
        ContentBlock::Document(file) => json!({"document": document(file)}),
        ContentBlock::Video(film) => json!({"video": video(film)}),
        ContentBlock::Audio { format, source } => json!({"audio": object([
            ("format", Some(format.as_str().into())),
            ("source", media(source)),
        ])}),
        ContentBlock::ToolUse(tool) => json!({"toolUse": tool_use(tool)}),
        ContentBlock::ToolResult(result) => json!({"toolResult": tool_result(result)}),
        ContentBlock::GuardText { text, qualifiers } => {
            json!({"guardContent": {"text": guard_text(text, qualifiers)}})
        }
        ContentBlock::GuardImage(picture) => {
            json!({"guardContent": {"image": guard_image(picture)}})
        }
        ContentBlock::CachePoint(point) => json!({"cachePoint": cache_point(*point)}),
        ContentBlock::Reasoning(thought) => json!({"reasoningContent": reasoning(thought)}),
        ContentBlock::Citations(cited) => json!({"citationsContent": citations(cited)}),
        ContentBlock::SearchResult(result) => json!({"searchResult": search_result(result)}),
    })
}

/// Where bytes are; what this program could not read is left out, and the service says that it is
/// missing.
fn media(source: &MediaSource) -> Option<Value> {
    match source {
        MediaSource::Bytes(bytes) => Some(json!({"bytes": BASE64.encode(bytes)})),
        MediaSource::S3 { uri, bucket_owner } => Some(json!({"s3Location": object([
            ("uri", Some(uri.as_str().into())),
            ("bucketOwner", text(bucket_owner.as_ref())),
        ])})),
        MediaSource::Unknown => None,
    }
}

fn image(image: &Image) -> Value {
    object([
        ("format", Some(image.format.as_str().into())),
        ("source", media(&image.source)),
    ])
}

/// Guardrails look at bytes only.
fn guard_image(image: &Image) -> Value {
    let source = match &image.source {
        MediaSource::S3 { .. } => None,
        source => media(source),
    };
    object([
        ("format", Some(image.format.as_str().into())),
        ("source", source),
    ])
}

fn document(document: &Document) -> Value {
    let source = match &document.source {
        DocumentSource::Media(source) => media(source),
        DocumentSource::Text(text) => Some(json!({"text": text})),
        DocumentSource::Chunks(chunks) => Some(json!({"content": texts(chunks)})),
    };
    object([
        ("format", Some(document.format.as_str().into())),
        ("name", Some(document.name.as_str().into())),
        ("source", source),
        ("context", text(document.context.as_ref())),
        ("citations", citations_wanted(document.citations)),
    ])
}

fn video(video: &Video) -> Value {
    object([
        ("format", Some(video.format.as_str().into())),
        ("source", media(&video.source)),
    ])
}

fn tool_use(tool: &ToolUse) -> Value {
    object([
        ("toolUseId", Some(tool.id.as_str().into())),
        ("name", Some(tool.name.as_str().into())),
        ("input", Some(tool.input.clone())),
        ("type", tool.sent_kind().map(Into::into)),
    ])
}

fn tool_result(result: &ToolResult) -> Value {
    let content: Value = result
        .content
        .iter()
        .filter_map(tool_result_content)
        .collect();
    object([
        ("toolUseId", Some(result.tool_use_id.as_str().into())),
        ("content", Some(content)),
        (
            "status",
            result.status.map(|status| {
                match status {
                    ToolResultStatus::Success => "success",
                    ToolResultStatus::Error => "error",
                }
                .into()
            }),
        ),
        ("type", text(result.kind.as_ref())),
    ])
}

fn tool_result_content(part: &ToolResultContent) -> Option<Value> {
    Some(match part {
        ToolResultContent::Json(value) => json!({"json": value}),
        ToolResultContent::Text(text) => json!({"text": text}),
        ToolResultContent::Image(picture) => json!({"image": image(picture)}),
        ToolResultContent::Document(file) => json!({"document": document(file)}),
        ToolResultContent::Video(film) => json!({"video": video(film)}),
        ToolResultContent::SearchResult(result) => json!({"searchResult": search_result(result)}),
        ToolResultContent::Unknown(_) => return None,
    })
}

pub(super) fn guard_text(text: &str, qualifiers: &[String]) -> Value {
    object([
        ("text", Some(text.into())),
        ("qualifiers", strings(qualifiers)),
    ])
}

pub(super) fn cache_point(point: CachePoint) -> Value {
    let ttl = point.ttl.map(|ttl| match ttl {
        CacheTtl::FiveMinutes => "5m".into(),
        CacheTtl::OneHour => "1h".into(),
    });
    object([("type", Some("default".into())), ("ttl", ttl)])
}

fn reasoning(thought: &Reasoning) -> Value {
    match thought {
        Reasoning::Text {
            text: words,
            signature,
        } => json!({"reasoningText": object([
            ("text", Some(words.as_str().into())),
            ("signature", text(signature.as_ref())),
        ])}),
        Reasoning::Redacted(bytes) => json!({"redactedContent": BASE64.encode(bytes)}),
    }
}

fn citations(cited: &Citations) -> Value {
    json!({
        "content": texts(&cited.content),
        "citations": cited.citations.iter().map(citation).collect::<Value>(),
    })
}

fn citation(citation: &Citation) -> Value {
    let source_content =
        (!citation.source_content.is_empty()).then(|| texts(&citation.source_content));
    object([
        ("title", text(citation.title.as_ref())),
        ("source", text(citation.source.as_ref())),
        ("sourceContent", source_content),
        ("location", citation.location.as_ref().and_then(location)),
    ])
}

fn location(location: &CitationLocation) -> Option<Value> {
    let place = |index: &str, number: &Option<u32>, start: &Option<u32>, end: &Option<u32>| {
        object([
            (index, number.map(count)),
            ("start", start.map(count)),
            ("end", end.map(count)),
        ])
    };
    Some(match location {
        CitationLocation::Web { url, domain } => json!({"web": object([
            ("url", text(url.as_ref())),
            ("domain", text(domain.as_ref())),
        ])}),
        CitationLocation::DocumentChar {
            document,
            start,
            end,
        } => json!({"documentChar": place("documentIndex", document, start, end)}),
        CitationLocation::DocumentPage {
            document,
            start,
            end,
        } => json!({"documentPage": place("documentIndex", document, start, end)}),
        CitationLocation::DocumentChunk {
            document,
            start,
            end,
        } => json!({"documentChunk": place("documentIndex", document, start, end)}),
        CitationLocation::SearchResult {
            search_result,
            start,
            end,
        } => {
            json!({"searchResultLocation": place("searchResultIndex", search_result, start, end)})
        }
        CitationLocation::Unknown => return None,
    })
}

fn search_result(result: &SearchResult) -> Value {
    object([
        ("source", Some(result.source.as_str().into())),
        ("title", Some(result.title.as_str().into())),
        ("content", Some(texts(&result.content))),
        ("citations", citations_wanted(result.citations)),
    ])
}

fn citations_wanted(wanted: bool) -> Option<Value> {
    wanted.then(|| json!({"enabled": true}))
}

fn texts(texts: &[String]) -> Value {
    texts.iter().map(|text| json!({"text": text})).collect()
}
