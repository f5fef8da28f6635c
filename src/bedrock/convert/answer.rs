//! Content on its way in.

use std::sync::Arc;

use aws_sdk_bedrockruntime::types as sdk;
use aws_smithy_types::Blob;
use serde_json::Value;

use super::document::to_value;
use super::media;
use crate::bedrock::observe::unknown_member;
use crate::chat::{
    CachePoint, CacheTtl, Citation, CitationLocation, Citations, ContentBlock, Reasoning, Role,
    ToolResult, ToolResultContent, ToolResultStatus, ToolUse,
};

pub(in crate::bedrock) fn role(role: &sdk::ConversationRole) -> Role {
    role_named(role.as_str())
}

pub(super) fn role_named(name: &str) -> Role {
    if name == "user" {
        Role::User
    } else {
        Role::Assistant
    }
}

/// A content block; `raw` is the same block as JSON, to name what the SDK does not know.
pub(in crate::bedrock) fn block(block: sdk::ContentBlock, raw: Option<&Value>) -> ContentBlock {
    use sdk::ContentBlock as Sdk;
    match block {
        Sdk::Text(text) => ContentBlock::Text(text),
        Sdk::Image(image) => {
            media::image(image).map_or_else(ContentBlock::Unknown, ContentBlock::Image)
        }
        Sdk::Document(document) => {
            media::document(document).map_or_else(ContentBlock::Unknown, ContentBlock::Document)
        }
        Sdk::Video(video) => ContentBlock::Video(media::video(video)),
        Sdk::Audio(audio) => media::audio(audio),
        Sdk::ToolUse(tool) => ContentBlock::ToolUse(ToolUse {
            id: tool.tool_use_id,
            name: tool.name,
            input: to_value(tool.input),
            kind: tool.r#type.map(|kind| kind.as_str().to_owned()),
        }),
        Sdk::ToolResult(result) => ContentBlock::ToolResult(tool_result(result, raw)),
        Sdk::GuardContent(sdk::GuardrailConverseContentBlock::Text(text)) => {
            ContentBlock::GuardText {
                text: text.text,
                qualifiers: text
                    .qualifiers
                    .unwrap_or_default()
                    .iter()
                    .map(|qualifier| qualifier.as_str().to_owned())
                    .collect(),
            }
        }
        Sdk::GuardContent(sdk::GuardrailConverseContentBlock::Image(image)) => {
            media::guard_image(image)
        }
        Sdk::CachePoint(point) => ContentBlock::CachePoint(CachePoint {
            ttl: match point.ttl.as_ref().map(sdk::CacheTtl::as_str) {
                Some("5m") => Some(CacheTtl::FiveMinutes),
                Some("1h") => Some(CacheTtl::OneHour),
                _ => None,
            },
        }),
        Sdk::ReasoningContent(thought) => reasoning(thought, raw),
        Sdk::CitationsContent(cited) => ContentBlock::Citations(citations(cited)),
        Sdk::SearchResult(result) => ContentBlock::SearchResult(media::search_result(result)),
        Sdk::ToolAddition(_) => ContentBlock::Unknown("toolAddition".into()),
        Sdk::ToolRemoval(_) => ContentBlock::Unknown("toolRemoval".into()),
        _ => ContentBlock::Unknown(unknown_member(raw)),
    }
}

fn reasoning(thought: sdk::ReasoningContentBlock, raw: Option<&Value>) -> ContentBlock {
    match thought {
        sdk::ReasoningContentBlock::ReasoningText(thought) => {
            ContentBlock::Reasoning(Reasoning::Text {
                text: thought.text,
                signature: thought.signature,
            })
        }
        sdk::ReasoningContentBlock::RedactedContent(bytes) => {
            ContentBlock::Reasoning(Reasoning::Redacted(bytes_of(bytes)))
        }
        _ => {
            let inner = raw.and_then(|raw| raw.get("reasoningContent"));
            ContentBlock::Unknown(format!("reasoningContent.{}", unknown_member(inner)))
        }
    }
}

fn tool_result(result: sdk::ToolResultBlock, raw: Option<&Value>) -> ToolResult {
    let raw_content = |index: usize| raw?.get("toolResult")?.get("content")?.get(index);
    ToolResult {
        tool_use_id: result.tool_use_id,
        content: result
            .content
            .into_iter()
            .enumerate()
            .map(|(index, part)| tool_result_content(part, raw_content(index)))
            .collect(),
        status: result
            .status
            .and_then(|status| tool_result_status(status.as_str())),
        kind: result.r#type,
    }
}

fn tool_result_content(
    part: sdk::ToolResultContentBlock,
    raw: Option<&Value>,
) -> ToolResultContent {
    use sdk::ToolResultContentBlock as Sdk;
    match part {
        Sdk::Json(value) => ToolResultContent::Json(to_value(value)),
        Sdk::Text(text) => ToolResultContent::Text(text),
        Sdk::Image(image) => {
            media::image(image).map_or_else(ToolResultContent::Unknown, ToolResultContent::Image)
        }
        Sdk::Document(document) => media::document(document)
            .map_or_else(ToolResultContent::Unknown, ToolResultContent::Document),
        Sdk::Video(video) => ToolResultContent::Video(media::video(video)),
        Sdk::SearchResult(result) => ToolResultContent::SearchResult(media::search_result(result)),
        _ => ToolResultContent::Unknown(unknown_member(raw)),
    }
}

pub(super) fn tool_result_status(name: &str) -> Option<ToolResultStatus> {
    match name {
        "success" => Some(ToolResultStatus::Success),
        "error" => Some(ToolResultStatus::Error),
        _ => None,
    }
}

fn citations(cited: sdk::CitationsContentBlock) -> Citations {
    Citations {
        content: cited
            .content
            .unwrap_or_default()
            .into_iter()
            .filter_map(|part| match part {
                sdk::CitationGeneratedContent::Text(text) => Some(text),
                _ => None,
            })
            .collect(),
        citations: cited
            .citations
            .unwrap_or_default()
            .into_iter()
            .map(citation)
            .collect(),
    }
}

fn citation(citation: sdk::Citation) -> Citation {
    Citation {
        title: citation.title,
        source: citation.source,
        source_content: citation
            .source_content
            .unwrap_or_default()
            .into_iter()
            .filter_map(|part| match part {
                sdk::CitationSourceContent::Text(text) => Some(text),
                _ => None,
            })
            .collect(),
        location: citation.location.map(location),
    }
}

fn location(location: sdk::CitationLocation) -> CitationLocation {
    use sdk::CitationLocation as Sdk;
    match location {
        Sdk::Web(web) => CitationLocation::Web {
            url: web.url,
            domain: web.domain,
        },
        Sdk::DocumentChar(place) => CitationLocation::DocumentChar {
            document: index(place.document_index),
            start: index(place.start),
            end: index(place.end),
        },
        Sdk::DocumentPage(place) => CitationLocation::DocumentPage {
            document: index(place.document_index),
            start: index(place.start),
            end: index(place.end),
        },
        Sdk::DocumentChunk(place) => CitationLocation::DocumentChunk {
            document: index(place.document_index),
            start: index(place.start),
            end: index(place.end),
        },
        Sdk::SearchResultLocation(place) => CitationLocation::SearchResult {
            search_result: index(place.search_result_index),
            start: index(place.start),
            end: index(place.end),
        },
        _ => CitationLocation::Unknown,
    }
}

pub(super) fn index(index: Option<i32>) -> Option<u32> {
    index.and_then(|index| u32::try_from(index).ok())
}

fn bytes_of(blob: Blob) -> Arc<[u8]> {
    Arc::from(blob.into_inner())
}
