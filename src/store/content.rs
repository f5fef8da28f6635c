//! What a turn says, as it stands in its row: JSON, with a hash in the place of bytes.

use std::sync::Arc;

use super::StoreError;
use super::attachments::{Attachments, Hash};
use crate::chat::{
    ContentBlock, Document, DocumentFormat, DocumentSource, Image, MediaSource, ToolResultContent,
    Video,
};

/// Bytes that belong to a turn or a part.
#[derive(Clone)]
pub(super) struct Attachment {
    pub(super) hash: Hash,
    pub(super) bytes: Arc<[u8]>,
    pub(super) media_type: String,
}

/// The JSON, and what it refers to.
pub(super) fn write(
    content: &[ContentBlock],
    attachments: &Attachments,
) -> Result<(String, Vec<Attachment>), StoreError> {
    let mut found = Vec::new();
    let mut content = content.to_vec();
    each_media(&mut content, &mut |source, media_type| {
        if let MediaSource::Bytes(bytes) = source {
            let hash = attachments.hash(bytes);
            found.push(Attachment {
                hash,
                bytes: bytes.clone(),
                media_type,
            });
            *bytes = Arc::from(hash.0);
        }
    });
    let json = serde_json::to_string(&content)
        .map_err(|error| StoreError::unreadable("A turn", &error))?;
    Ok((json, found))
}

/// The blocks again. Bytes whose file is gone become a source that is not known, and are counted.
pub(super) fn read(
    json: &str,
    attachments: &Attachments,
    missing: &mut usize,
) -> Result<Vec<ContentBlock>, StoreError> {
    let mut content: Vec<ContentBlock> =
        serde_json::from_str(json).map_err(|error| StoreError::unreadable("A turn", &error))?;
    let mut failed = None;
    each_media(&mut content, &mut |source, _| {
        if let MediaSource::Bytes(bytes) = source {
            let found = Hash::from_slice(bytes).map_or(Ok(None), |hash| attachments.get(hash));
            *source = match found {
                Ok(Some(bytes)) => MediaSource::Bytes(bytes),
                Ok(None) => {
                    *missing += 1;
                    MediaSource::Unknown
                }
                Err(error) => {
                    failed = Some(error);
                    MediaSource::Unknown
                }
            };
        }
    });
    failed.map_or(Ok(content), Err)
}

/// The words in it that can be searched for.
pub(super) fn text(content: &[ContentBlock]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for block in content {
        match block {
            ContentBlock::Text(text) | ContentBlock::GuardText { text, .. } => {
                parts.push(text.clone());
            }
            ContentBlock::Citations(cited) => parts.push(cited.content.concat()),
            _ => {}
        }
    }
    // SQLite takes it for the end of a text in some places.
    parts.join("\n").replace('\0', " ")
}

fn each_media(content: &mut [ContentBlock], visit: &mut impl FnMut(&mut MediaSource, String)) {
    for block in content {
        match block {
            ContentBlock::Image(picture) | ContentBlock::GuardImage(picture) => {
                image(picture, visit);
            }
            ContentBlock::Document(file) => document(file, visit),
            ContentBlock::Video(film) => video(film, visit),
            ContentBlock::Audio { format, source } => visit(source, format!("audio/{format}")),
            ContentBlock::ToolResult(result) => {
                for part in &mut result.content {
                    match part {
                        ToolResultContent::Image(picture) => image(picture, visit),
                        ToolResultContent::Document(file) => document(file, visit),
                        ToolResultContent::Video(film) => video(film, visit),
                        ToolResultContent::Json(_)
                        | ToolResultContent::Text(_)
                        | ToolResultContent::SearchResult(_)
                        | ToolResultContent::Unknown(_) => {}
                    }
                }
            }
            ContentBlock::Text(_)
            | ContentBlock::ToolUse(_)
            | ContentBlock::GuardText { .. }
            | ContentBlock::CachePoint(_)
            | ContentBlock::Reasoning(_)
            | ContentBlock::Citations(_)
            | ContentBlock::SearchResult(_)
            | ContentBlock::Unknown(_) => {}
        }
    }
}

fn image(image: &mut Image, visit: &mut impl FnMut(&mut MediaSource, String)) {
    let media_type = format!("image/{}", image.format.as_str());
    visit(&mut image.source, media_type);
}

fn video(video: &mut Video, visit: &mut impl FnMut(&mut MediaSource, String)) {
    let media_type = format!("video/{}", video.format);
    visit(&mut video.source, media_type);
}

fn document(document: &mut Document, visit: &mut impl FnMut(&mut MediaSource, String)) {
    let media_type = match document.format {
        DocumentFormat::Pdf => "application/pdf",
        DocumentFormat::Csv => "text/csv",
        DocumentFormat::Doc => "application/msword",
        DocumentFormat::Docx => {
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        }
        DocumentFormat::Xls => "application/vnd.ms-excel",
        DocumentFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        DocumentFormat::Html => "text/html",
        DocumentFormat::Txt => "text/plain",
        DocumentFormat::Md => "text/markdown",
    };
    if let DocumentSource::Media(source) = &mut document.source {
        visit(source, media_type.to_owned());
    }
}
