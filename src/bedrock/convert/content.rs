//! Messages on their way out.

use aws_sdk_bedrockruntime::types as sdk;
use aws_smithy_types::Blob;

use super::document::to_document;
use super::media;
use crate::bedrock::Error;
use crate::chat::{
    CachePoint, CacheTtl, Citation, CitationLocation, Citations, ContentBlock, Message, Reasoning,
    Role, ToolResult, ToolResultContent, ToolResultStatus, ToolUse,
};

pub(super) fn message(message: &Message) -> Result<sdk::Message, Error> {
    let role = match message.role {
        Role::User => sdk::ConversationRole::User,
        Role::Assistant => sdk::ConversationRole::Assistant,
    };
    let mut content = Vec::with_capacity(message.content.len());
    for part in &message.content {
        content.extend(block(part)?);
    }
    Ok(sdk::Message::builder()
        .role(role)
        .set_content(Some(content))
        .build()?)
}

/// A block as it is sent. Some things cannot be: an empty text, which the service always rejects,
/// and what this program did not understand when it came.
fn block(block: &ContentBlock) -> Result<Option<sdk::ContentBlock>, Error> {
    Ok(Some(match block {
        ContentBlock::Text(text) if text.is_empty() => return Ok(None),
        ContentBlock::Text(text) => sdk::ContentBlock::Text(text.clone()),
        ContentBlock::Image(image) => sdk::ContentBlock::Image(media::image_to_sdk(image)?),
        ContentBlock::Document(document) => {
            sdk::ContentBlock::Document(media::document_to_sdk(document)?)
        }
        ContentBlock::Video(video) => sdk::ContentBlock::Video(media::video_to_sdk(video)?),
        ContentBlock::Audio { format, source } => {
            sdk::ContentBlock::Audio(media::audio_to_sdk(format, source)?)
        }
        ContentBlock::ToolUse(tool) => sdk::ContentBlock::ToolUse(tool_use(tool)?),
        ContentBlock::ToolResult(result) => sdk::ContentBlock::ToolResult(tool_result(result)?),
        ContentBlock::GuardText { text, qualifiers } => sdk::ContentBlock::GuardContent(
            sdk::GuardrailConverseContentBlock::Text(guard_text(text, qualifiers)?),
        ),
        ContentBlock::GuardImage(image) => sdk::ContentBlock::GuardContent(
            sdk::GuardrailConverseContentBlock::Image(media::guard_image_to_sdk(image)?),
        ),
        ContentBlock::CachePoint(point) => sdk::ContentBlock::CachePoint(cache_point(*point)?),
        ContentBlock::Reasoning(thought) => {
            sdk::ContentBlock::ReasoningContent(reasoning(thought)?)
        }
        ContentBlock::Citations(cited) => {
            sdk::ContentBlock::CitationsContent(citations_content(cited))
        }
        ContentBlock::SearchResult(result) => {
            sdk::ContentBlock::SearchResult(media::search_result_to_sdk(result)?)
        }
        ContentBlock::Unknown(name) => {
            tracing::warn!(%name, "a block this version does not know is not sent back");
            return Ok(None);
        }
    }))
}

pub(super) fn guard_text(
    text: &str,
    qualifiers: &[String],
) -> Result<sdk::GuardrailConverseTextBlock, Error> {
    let qualifiers = (!qualifiers.is_empty()).then(|| {
        qualifiers
            .iter()
            .map(|qualifier| qualifier.as_str().into())
            .collect()
    });
    Ok(sdk::GuardrailConverseTextBlock::builder()
        .text(text)
        .set_qualifiers(qualifiers)
        .build()?)
}

pub(super) fn cache_point(point: CachePoint) -> Result<sdk::CachePointBlock, Error> {
    let ttl = point.ttl.map(|ttl| match ttl {
        CacheTtl::FiveMinutes => sdk::CacheTtl::from("5m"),
        CacheTtl::OneHour => sdk::CacheTtl::from("1h"),
    });
    Ok(sdk::CachePointBlock::builder()
        .r#type(sdk::CachePointType::Default)
        .set_ttl(ttl)
        .build()?)
}

fn tool_use(tool: &ToolUse) -> Result<sdk::ToolUseBlock, Error> {
    Ok(sdk::ToolUseBlock::builder()
        .tool_use_id(&tool.id)
        .name(&tool.name)
        .input(to_document(&tool.input))
        .set_type(tool.sent_kind().map(Into::into))
        .build()?)
}

fn tool_result(result: &ToolResult) -> Result<sdk::ToolResultBlock, Error> {
    let mut content = Vec::with_capacity(result.content.len());
    for part in &result.content {
        content.extend(tool_result_content(part)?);
    }
    let status = result.status.map(|status| match status {
        ToolResultStatus::Success => sdk::ToolResultStatus::Success,
        ToolResultStatus::Error => sdk::ToolResultStatus::Error,
    });
    Ok(sdk::ToolResultBlock::builder()
        .tool_use_id(&result.tool_use_id)
        .set_content(Some(content))
        .set_status(status)
        .set_type(result.kind.clone())
        .build()?)
}

fn tool_result_content(
    part: &ToolResultContent,
) -> Result<Option<sdk::ToolResultContentBlock>, Error> {
    use sdk::ToolResultContentBlock as Block;
    Ok(Some(match part {
        ToolResultContent::Json(value) => Block::Json(to_document(value)),
        ToolResultContent::Text(text) => Block::Text(text.clone()),
        ToolResultContent::Image(image) => Block::Image(media::image_to_sdk(image)?),
        ToolResultContent::Document(document) => Block::Document(media::document_to_sdk(document)?),
        ToolResultContent::Video(video) => Block::Video(media::video_to_sdk(video)?),
        ToolResultContent::SearchResult(result) => {
            Block::SearchResult(media::search_result_to_sdk(result)?)
        }
        ToolResultContent::Unknown(name) => {
            tracing::warn!(%name, "a tool result this version does not know is not sent back");
            return Ok(None);
        }
    }))
}

fn reasoning(thought: &Reasoning) -> Result<sdk::ReasoningContentBlock, Error> {
    Ok(match thought {
        Reasoning::Text { text, signature } => sdk::ReasoningContentBlock::ReasoningText(
            sdk::ReasoningTextBlock::builder()
                .text(text)
                .set_signature(signature.clone())
                .build()?,
        ),
        Reasoning::Redacted(bytes) => {
            sdk::ReasoningContentBlock::RedactedContent(Blob::new(bytes.to_vec()))
        }
    })
}

fn citations_content(cited: &Citations) -> sdk::CitationsContentBlock {
    let content = cited
        .content
        .iter()
        .cloned()
        .map(sdk::CitationGeneratedContent::Text)
        .collect();
    sdk::CitationsContentBlock::builder()
        .set_content(Some(content))
        .set_citations(Some(cited.citations.iter().map(citation).collect()))
        .build()
}

fn citation(citation: &Citation) -> sdk::Citation {
    let source_content = citation
        .source_content
        .iter()
        .cloned()
        .map(sdk::CitationSourceContent::Text)
        .collect::<Vec<_>>();
    sdk::Citation::builder()
        .set_title(citation.title.clone())
        .set_source(citation.source.clone())
        .set_source_content((!source_content.is_empty()).then_some(source_content))
        .set_location(citation.location.as_ref().and_then(location))
        .build()
}

fn location(location: &CitationLocation) -> Option<sdk::CitationLocation> {
    use sdk::CitationLocation as Sdk;
    Some(match location {
        CitationLocation::Web { url, domain } => Sdk::Web(
            sdk::WebLocation::builder()
                .set_url(url.clone())
                .set_domain(domain.clone())
                .build(),
        ),
        CitationLocation::DocumentChar {
            document,
            start,
            end,
        } => Sdk::DocumentChar(
            sdk::DocumentCharLocation::builder()
                .set_document_index(document.map(to_i32))
                .set_start(start.map(to_i32))
                .set_end(end.map(to_i32))
                .build(),
        ),
        CitationLocation::DocumentPage {
            document,
            start,
            end,
        } => Sdk::DocumentPage(
            sdk::DocumentPageLocation::builder()
                .set_document_index(document.map(to_i32))
                .set_start(start.map(to_i32))
                .set_end(end.map(to_i32))
                .build(),
        ),
        CitationLocation::DocumentChunk {
            document,
            start,
            end,
        } => Sdk::DocumentChunk(
            sdk::DocumentChunkLocation::builder()
                .set_document_index(document.map(to_i32))
                .set_start(start.map(to_i32))
                .set_end(end.map(to_i32))
                .build(),
        ),
        CitationLocation::SearchResult {
            search_result,
            start,
            end,
        } => Sdk::SearchResultLocation(
            sdk::SearchResultLocation::builder()
                .set_search_result_index(search_result.map(to_i32))
                .set_start(start.map(to_i32))
                .set_end(end.map(to_i32))
                .build(),
        ),
        CitationLocation::Unknown => return None,
    })
}

/// The wire's integers are signed; all of ours that go there are counts.
pub(super) fn to_i32(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
