//! Images, documents, videos and sounds, both ways.

use std::sync::Arc;

use aws_sdk_bedrockruntime::types as sdk;
use aws_smithy_types::Blob;

use crate::bedrock::Error;
use crate::chat::{
    ContentBlock, Document, DocumentFormat, DocumentSource, Image, ImageFormat, MediaSource,
    SearchResult, Video,
};

fn s3(uri: &str, owner: Option<&String>) -> Result<sdk::S3Location, Error> {
    Ok(sdk::S3Location::builder()
        .uri(uri)
        .set_bucket_owner(owner.cloned())
        .build()?)
}

fn from_s3(location: sdk::S3Location) -> MediaSource {
    MediaSource::S3 {
        uri: location.uri,
        bucket_owner: location.bucket_owner,
    }
}

fn from_blob(blob: Blob) -> MediaSource {
    MediaSource::Bytes(Arc::from(blob.into_inner()))
}

/// The source as the SDK's union; a source this program could not read is left out, and the service
/// says that it is missing.
macro_rules! source_to_sdk {
    ($source:expr, $union:ident) => {
        match $source {
            MediaSource::Bytes(bytes) => Some(sdk::$union::Bytes(Blob::new(bytes.to_vec()))),
            MediaSource::S3 { uri, bucket_owner } => {
                Some(sdk::$union::S3Location(s3(uri, bucket_owner.as_ref())?))
            }
            MediaSource::Unknown => None,
        }
    };
}

macro_rules! source_from_sdk {
    ($source:expr, $union:ident) => {
        match $source {
            Some(sdk::$union::Bytes(blob)) => from_blob(blob),
            Some(sdk::$union::S3Location(location)) => from_s3(location),
            _ => MediaSource::Unknown,
        }
    };
}

pub(super) fn image_to_sdk(image: &Image) -> Result<sdk::ImageBlock, Error> {
    Ok(sdk::ImageBlock::builder()
        .format(image.format.as_str().into())
        .set_source(source_to_sdk!(&image.source, ImageSource))
        .build()?)
}

/// An image, or why there is none.
pub(super) fn image(block: sdk::ImageBlock) -> Result<Image, String> {
    if let Some(message) = block.error.and_then(|error| error.message) {
        return Err(format!("image that failed: {message}"));
    }
    match ImageFormat::parse(block.format.as_str()) {
        Some(format) => Ok(Image {
            format,
            source: source_from_sdk!(block.source, ImageSource),
        }),
        None => Err(format!("image in format {}", block.format.as_str())),
    }
}

pub(super) fn guard_image_to_sdk(image: &Image) -> Result<sdk::GuardrailConverseImageBlock, Error> {
    let source = match &image.source {
        MediaSource::Bytes(bytes) => Some(sdk::GuardrailConverseImageSource::Bytes(Blob::new(
            bytes.to_vec(),
        ))),
        MediaSource::S3 { .. } | MediaSource::Unknown => None,
    };
    Ok(sdk::GuardrailConverseImageBlock::builder()
        .format(image.format.as_str().into())
        .set_source(source)
        .build()?)
}

pub(super) fn guard_image(block: sdk::GuardrailConverseImageBlock) -> ContentBlock {
    let source = match block.source {
        Some(sdk::GuardrailConverseImageSource::Bytes(blob)) => from_blob(blob),
        _ => MediaSource::Unknown,
    };
    match ImageFormat::parse(block.format.as_str()) {
        Some(format) => ContentBlock::GuardImage(Image { format, source }),
        None => ContentBlock::Unknown(format!("guarded image in format {}", block.format.as_str())),
    }
}

pub(super) fn document_to_sdk(document: &Document) -> Result<sdk::DocumentBlock, Error> {
    let source = match &document.source {
        DocumentSource::Media(source) => source_to_sdk!(source, DocumentSource),
        DocumentSource::Text(text) => Some(sdk::DocumentSource::Text(text.clone())),
        DocumentSource::Chunks(chunks) => Some(sdk::DocumentSource::Content(
            chunks
                .iter()
                .cloned()
                .map(sdk::DocumentContentBlock::Text)
                .collect(),
        )),
    };
    Ok(sdk::DocumentBlock::builder()
        .format(document.format.as_str().into())
        .name(&document.name)
        .set_source(source)
        .set_context(document.context.clone())
        .set_citations(citations_to_sdk(document.citations)?)
        .build()?)
}

pub(super) fn document(block: sdk::DocumentBlock) -> Result<Document, String> {
    let source = match block.source {
        Some(sdk::DocumentSource::Text(text)) => DocumentSource::Text(text),
        Some(sdk::DocumentSource::Content(chunks)) => DocumentSource::Chunks(
            chunks
                .into_iter()
                .map(|chunk| match chunk {
                    sdk::DocumentContentBlock::Text(text) => text,
                    _ => String::new(),
                })
                .collect(),
        ),
        media => DocumentSource::Media(source_from_sdk!(media, DocumentSource)),
    };
    match DocumentFormat::parse(block.format.as_str()) {
        Some(format) => Ok(Document {
            format,
            name: block.name,
            source,
            context: block.context,
            citations: block.citations.is_some_and(|citations| citations.enabled),
        }),
        None => Err(format!("document in format {}", block.format.as_str())),
    }
}

pub(super) fn video_to_sdk(video: &Video) -> Result<sdk::VideoBlock, Error> {
    Ok(sdk::VideoBlock::builder()
        .format(video.format.as_str().into())
        .set_source(source_to_sdk!(&video.source, VideoSource))
        .build()?)
}

pub(super) fn video(block: sdk::VideoBlock) -> Video {
    Video {
        format: block.format.as_str().to_owned(),
        source: source_from_sdk!(block.source, VideoSource),
    }
}

pub(super) fn audio_to_sdk(format: &str, source: &MediaSource) -> Result<sdk::AudioBlock, Error> {
    Ok(sdk::AudioBlock::builder()
        .format(format.into())
        .set_source(source_to_sdk!(source, AudioSource))
        .build()?)
}

pub(super) fn audio(block: sdk::AudioBlock) -> ContentBlock {
    if let Some(message) = block.error.and_then(|error| error.message) {
        return ContentBlock::Unknown(format!("audio that failed: {message}"));
    }
    ContentBlock::Audio {
        format: block.format.as_str().to_owned(),
        source: source_from_sdk!(block.source, AudioSource),
    }
}

pub(super) fn search_result_to_sdk(result: &SearchResult) -> Result<sdk::SearchResultBlock, Error> {
    let content = result
        .content
        .iter()
        .map(|text| sdk::SearchResultContentBlock::builder().text(text).build())
        .collect::<Result<Vec<_>, _>>()?;
    Ok(sdk::SearchResultBlock::builder()
        .source(&result.source)
        .title(&result.title)
        .set_content(Some(content))
        .set_citations(citations_to_sdk(result.citations)?)
        .build()?)
}

pub(super) fn search_result(block: sdk::SearchResultBlock) -> SearchResult {
    SearchResult {
        source: block.source,
        title: block.title,
        content: block.content.into_iter().map(|block| block.text).collect(),
        citations: block.citations.is_some_and(|citations| citations.enabled),
    }
}

fn citations_to_sdk(wanted: bool) -> Result<Option<sdk::CitationsConfig>, Error> {
    if !wanted {
        return Ok(None);
    }
    Ok(Some(sdk::CitationsConfig::builder().enabled(true).build()?))
}
