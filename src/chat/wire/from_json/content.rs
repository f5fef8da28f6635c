//! Reading messages and what they are made of.

use std::sync::Arc;

use super::Result;
use super::fields::At;
use crate::chat::{
    CachePoint, CacheTtl, Citation, CitationLocation, Citations, ContentBlock, Document,
    DocumentFormat, DocumentSource, Image, ImageFormat, MediaSource, Message, Reasoning, Role,
    SearchResult, ToolResult, ToolResultContent, ToolResultStatus, ToolUse, Video,
};

type LeftOut = Vec<String>;

pub(super) fn message(at: &At<'_>, left_out: &mut LeftOut) -> Result<Message> {
    let mut fields = at.fields()?;
    let role = fields.require("role")?;
    let role = match role.text()? {
        "user" => Role::User,
        "assistant" => Role::Assistant,
        _ => return Err(role.not_one_of(&["user", "assistant"])),
    };
    let content = fields
        .require("content")?
        .list()?
        .iter()
        .map(|at| block(at, left_out))
        .collect::<Result<_>>()?;
    fields.finish(left_out);
    Ok(Message { role, content })
}

fn block(at: &At<'_>, left_out: &mut LeftOut) -> Result<ContentBlock> {
    let (kind, inner) = at.union()?;
    Ok(match kind {
        "text" => ContentBlock::Text(inner.string()?),
        "image" => ContentBlock::Image(image(&inner, left_out)?),
        "document" => ContentBlock::Document(document(&inner, left_out)?),
        "video" => ContentBlock::Video(video(&inner, left_out)?),
        "audio" => {
            let Video { format, source } = video(&inner, left_out)?;
            ContentBlock::Audio { format, source }
        }
        "toolUse" => ContentBlock::ToolUse(tool_use(&inner, left_out)?),
        "toolResult" => ContentBlock::ToolResult(tool_result(&inner, left_out)?),
        "guardContent" => match inner.union()? {
            ("text", text) => {
                let (text, qualifiers) = guard_text(&text, left_out)?;
                ContentBlock::GuardText { text, qualifiers }
            }
            ("image", picture) => ContentBlock::GuardImage(image(&picture, left_out)?),
            (kind, unknown) => {
                left_out.push(unknown.path().to_owned());
                ContentBlock::Unknown(format!("guardContent.{kind}"))
            }
        },
        "cachePoint" => ContentBlock::CachePoint(cache_point(&inner, left_out)?),
        "reasoningContent" => match inner.union()? {
            ("reasoningText", thought) => {
                let mut fields = thought.fields()?;
                let text = fields.require("text")?.string()?;
                let signature = optional(fields.take("signature"))?;
                fields.finish(left_out);
                ContentBlock::Reasoning(Reasoning::Text { text, signature })
            }
            ("redactedContent", bytes) => {
                ContentBlock::Reasoning(Reasoning::Redacted(Arc::from(bytes.bytes()?)))
            }
            (kind, unknown) => {
                left_out.push(unknown.path().to_owned());
                ContentBlock::Unknown(format!("reasoningContent.{kind}"))
            }
        },
        "citationsContent" => ContentBlock::Citations(citations(&inner, left_out)?),
        "searchResult" => ContentBlock::SearchResult(search_result(&inner, left_out)?),
        _ => {
            left_out.push(inner.path().to_owned());
            ContentBlock::Unknown(kind.to_owned())
        }
    })
}

fn optional(at: Option<At<'_>>) -> Result<Option<String>> {
    at.map(|at| at.string()).transpose()
}

fn media(at: &At<'_>, left_out: &mut LeftOut) -> Result<MediaSource> {
    let (kind, inner) = at.union()?;
    Ok(match kind {
        "bytes" => MediaSource::Bytes(Arc::from(inner.bytes()?)),
        "s3Location" => {
            let mut fields = inner.fields()?;
            let uri = fields.require("uri")?.string()?;
            let bucket_owner = optional(fields.take("bucketOwner"))?;
            fields.finish(left_out);
            MediaSource::S3 { uri, bucket_owner }
        }
        _ => {
            left_out.push(inner.path().to_owned());
            MediaSource::Unknown
        }
    })
}

/// A source, which an answer may leave out when there is an `error` in its place.
fn source(at: Option<At<'_>>, left_out: &mut LeftOut) -> Result<MediaSource> {
    at.map_or(Ok(MediaSource::Unknown), |at| media(&at, left_out))
}

fn image(at: &At<'_>, left_out: &mut LeftOut) -> Result<Image> {
    let mut fields = at.fields()?;
    let format = fields.require("format")?;
    let format = ImageFormat::parse(format.text()?)
        .ok_or_else(|| format.not_one_of(&["png", "jpeg", "gif", "webp"]))?;
    let source = source(fields.take("source"), left_out)?;
    fields.finish(left_out);
    Ok(Image { format, source })
}

/// Videos, and sounds, which are written alike.
fn video(at: &At<'_>, left_out: &mut LeftOut) -> Result<Video> {
    let mut fields = at.fields()?;
    let format = fields.require("format")?.string()?;
    let source = source(fields.take("source"), left_out)?;
    fields.finish(left_out);
    Ok(Video { format, source })
}

fn document(at: &At<'_>, left_out: &mut LeftOut) -> Result<Document> {
    let mut fields = at.fields()?;
    let format = match fields.take("format") {
        // The service takes a document without one, and then it is text.
        None => DocumentFormat::Txt,
        Some(format) => DocumentFormat::parse(format.text()?)
            .ok_or_else(|| format.not_one_of(&DocumentFormat::ALL.map(DocumentFormat::as_str)))?,
    };
    let name = fields.require("name")?.string()?;
    let source = fields.require("source")?;
    let source = match source.union()? {
        ("text", text) => DocumentSource::Text(text.string()?),
        ("content", chunks) => DocumentSource::Chunks(texts(&chunks, left_out)?),
        _ => DocumentSource::Media(media(&source, left_out)?),
    };
    let context = optional(fields.take("context"))?;
    let citations = citations_wanted(fields.take("citations"), left_out)?;
    fields.finish(left_out);
    Ok(Document {
        format,
        name,
        source,
        context,
        citations,
    })
}

fn tool_use(at: &At<'_>, left_out: &mut LeftOut) -> Result<ToolUse> {
    let mut fields = at.fields()?;
    let tool = ToolUse {
        id: fields.require("toolUseId")?.string()?,
        name: fields.require("name")?.string()?,
        input: fields.require("input")?.value().clone(),
        kind: optional(fields.take("type"))?,
    };
    fields.finish(left_out);
    Ok(tool)
}

fn tool_result(at: &At<'_>, left_out: &mut LeftOut) -> Result<ToolResult> {
    let mut fields = at.fields()?;
    let tool_use_id = fields.require("toolUseId")?.string()?;
    let content = fields
        .require("content")?
        .list()?
        .iter()
        .map(|at| tool_result_content(at, left_out))
        .collect::<Result<_>>()?;
    let status = match fields.take("status") {
        None => None,
        Some(status) => Some(match status.text()? {
            "success" => ToolResultStatus::Success,
            "error" => ToolResultStatus::Error,
            _ => return Err(status.not_one_of(&["success", "error"])),
        }),
    };
    let kind = optional(fields.take("type"))?;
    fields.finish(left_out);
    Ok(ToolResult {
        tool_use_id,
        content,
        status,
        kind,
    })
}

fn tool_result_content(at: &At<'_>, left_out: &mut LeftOut) -> Result<ToolResultContent> {
    let (kind, inner) = at.union()?;
    Ok(match kind {
        "json" => ToolResultContent::Json(inner.value().clone()),
        "text" => ToolResultContent::Text(inner.string()?),
        "image" => ToolResultContent::Image(image(&inner, left_out)?),
        "document" => ToolResultContent::Document(document(&inner, left_out)?),
        "video" => ToolResultContent::Video(video(&inner, left_out)?),
        "searchResult" => ToolResultContent::SearchResult(search_result(&inner, left_out)?),
        _ => {
            left_out.push(inner.path().to_owned());
            ToolResultContent::Unknown(kind.to_owned())
        }
    })
}

pub(super) fn guard_text(at: &At<'_>, left_out: &mut LeftOut) -> Result<(String, Vec<String>)> {
    let mut fields = at.fields()?;
    let text = fields.require("text")?.string()?;
    let qualifiers = fields
        .take("qualifiers")
        .map(|at| at.strings())
        .transpose()?
        .unwrap_or_default();
    fields.finish(left_out);
    Ok((text, qualifiers))
}

pub(super) fn cache_point(at: &At<'_>, left_out: &mut LeftOut) -> Result<CachePoint> {
    let mut fields = at.fields()?;
    let kind = fields.require("type")?;
    if kind.text()? != "default" {
        return Err(kind.not_one_of(&["default"]));
    }
    let ttl = match fields.take("ttl") {
        None => None,
        Some(ttl) => Some(match ttl.text()? {
            "5m" => CacheTtl::FiveMinutes,
            "1h" => CacheTtl::OneHour,
            _ => return Err(ttl.not_one_of(&["5m", "1h"])),
        }),
    };
    fields.finish(left_out);
    Ok(CachePoint { ttl })
}

fn citations(at: &At<'_>, left_out: &mut LeftOut) -> Result<Citations> {
    let mut fields = at.fields()?;
    let content = match fields.take("content") {
        None => Vec::new(),
        Some(content) => texts(&content, left_out)?,
    };
    let citations = match fields.take("citations") {
        None => Vec::new(),
        Some(citations) => citations
            .list()?
            .iter()
            .map(|at| citation(at, left_out))
            .collect::<Result<_>>()?,
    };
    fields.finish(left_out);
    Ok(Citations { content, citations })
}

fn citation(at: &At<'_>, left_out: &mut LeftOut) -> Result<Citation> {
    let mut fields = at.fields()?;
    let citation = Citation {
        title: optional(fields.take("title"))?,
        source: optional(fields.take("source"))?,
        source_content: match fields.take("sourceContent") {
            None => Vec::new(),
            Some(content) => texts(&content, left_out)?,
        },
        location: match fields.take("location") {
            None => None,
            Some(at) => Some(location(&at, left_out)?),
        },
    };
    fields.finish(left_out);
    Ok(citation)
}

fn location(at: &At<'_>, left_out: &mut LeftOut) -> Result<CitationLocation> {
    let (kind, inner) = at.union()?;
    let index = match kind {
        "web" => {
            let mut fields = inner.fields()?;
            let web = CitationLocation::Web {
                url: optional(fields.take("url"))?,
                domain: optional(fields.take("domain"))?,
            };
            fields.finish(left_out);
            return Ok(web);
        }
        "documentChar" | "documentPage" | "documentChunk" => "documentIndex",
        "searchResultLocation" => "searchResultIndex",
        _ => {
            left_out.push(inner.path().to_owned());
            return Ok(CitationLocation::Unknown);
        }
    };
    let mut fields = inner.fields()?;
    let mut number = |name| fields.take(name).map(|at| at.count()).transpose();
    let (document, start, end) = (number(index)?, number("start")?, number("end")?);
    fields.finish(left_out);
    Ok(match kind {
        "documentChar" => CitationLocation::DocumentChar {
            document,
            start,
            end,
        },
        "documentPage" => CitationLocation::DocumentPage {
            document,
            start,
            end,
        },
        "documentChunk" => CitationLocation::DocumentChunk {
            document,
            start,
            end,
        },
        _ => CitationLocation::SearchResult {
            search_result: document,
            start,
            end,
        },
    })
}

fn search_result(at: &At<'_>, left_out: &mut LeftOut) -> Result<SearchResult> {
    let mut fields = at.fields()?;
    let result = SearchResult {
        source: fields.require("source")?.string()?,
        title: fields.require("title")?.string()?,
        content: texts(&fields.require("content")?, left_out)?,
        citations: citations_wanted(fields.take("citations"), left_out)?,
    };
    fields.finish(left_out);
    Ok(result)
}

fn citations_wanted(at: Option<At<'_>>, left_out: &mut LeftOut) -> Result<bool> {
    let Some(at) = at else {
        return Ok(false);
    };
    let mut fields = at.fields()?;
    let enabled = fields.require("enabled")?.flag()?;
    fields.finish(left_out);
    Ok(enabled)
}

/// Blocks that hold nothing but text.
fn texts(at: &At<'_>, left_out: &mut LeftOut) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    for item in at.list()? {
        let mut fields = item.fields()?;
        texts.push(fields.require("text")?.string()?);
        fields.finish(left_out);
    }
    Ok(texts)
}
