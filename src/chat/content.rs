//! Messages and the content blocks they are made of.
//!
//! Serde's form of them is for what this program keeps for itself: nothing is lost in it, neither
//! empty texts nor what was not understood. What stands on the wire is in [`super::wire`].

mod bytes;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::CachePoint;

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The person, or the program that speaks for them (tool results).
    User,
    /// The model.
    Assistant,
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said, in order.
    pub content: Vec<ContentBlock>,
}

impl Message {
    /// A user's message.
    #[must_use]
    pub fn user(content: Vec<ContentBlock>) -> Self {
        Self {
            role: Role::User,
            content,
        }
    }

    /// A model's message.
    #[must_use]
    pub fn assistant(content: Vec<ContentBlock>) -> Self {
        Self {
            role: Role::Assistant,
            content,
        }
    }

    /// All text of the message, its text blocks and the cited ones, one after another.
    #[must_use]
    pub fn text(&self) -> String {
        self.texts().collect()
    }

    /// The pieces of [`Message::text`], without copying them.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.content
            .iter()
            .flat_map(|block| match block {
                ContentBlock::Text(part) => std::slice::from_ref(part),
                ContentBlock::Citations(cited) => cited.content.as_slice(),
                _ => &[],
            })
            .map(String::as_str)
    }

    /// Whether there are no words in it that can be read.
    #[must_use]
    pub fn is_wordless(&self) -> bool {
        self.texts().all(|part| part.trim().is_empty())
    }
}

/// A piece of a message. The variants are those of Converse's `ContentBlock`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ContentBlock {
    /// `text`
    Text(String),
    /// `image`
    Image(Image),
    /// `document`
    Document(Document),
    /// `video`
    Video(Video),
    /// `audio`, with the format's name as the service spells it.
    Audio {
        /// For instance `mp3`.
        format: String,
        /// Where the sound is.
        source: MediaSource,
    },
    /// `toolUse`: the model asks for a tool.
    ToolUse(ToolUse),
    /// `toolResult`: the answer to such a request.
    ToolResult(ToolResult),
    /// `guardContent`: text that a guardrail shall look at, with its qualifiers.
    GuardText {
        /// The text.
        text: String,
        /// `grounding_source`, `query`, `guard_content`.
        qualifiers: Vec<String>,
    },
    /// `guardContent` with an image.
    GuardImage(Image),
    /// `cachePoint`: all before it may be cached.
    CachePoint(CachePoint),
    /// `reasoningContent`
    Reasoning(Reasoning),
    /// `citationsContent`
    Citations(Citations),
    /// `searchResult`
    SearchResult(SearchResult),
    /// A block this program does not know: its name where the wire tells it.
    Unknown(String),
}

impl ContentBlock {
    /// Where what an image, a document or a video holds is; `None` for what has no such place.
    pub fn media_mut(&mut self) -> Option<&mut MediaSource> {
        match self {
            Self::Image(image) => Some(&mut image.source),
            Self::Video(video) => Some(&mut video.source),
            Self::Document(document) => match &mut document.source {
                DocumentSource::Media(source) => Some(source),
                DocumentSource::Text(_) | DocumentSource::Chunks(_) => None,
            },
            _ => None,
        }
    }

    /// The same image, document or video without what it holds: what is said of it stays, and nothing of its
    /// size.
    #[must_use]
    pub fn without_bytes(mut self) -> Self {
        if let Some(source) = self.media_mut() {
            *source = MediaSource::Unknown;
        }
        self
    }
}

/// Bytes, or where to fetch them from.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum MediaSource {
    /// The bytes themselves; shared, so that a history of messages does not copy pictures.
    Bytes(#[serde(with = "bytes")] Arc<[u8]>),
    /// An object in S3 that the service reads.
    S3 {
        /// `s3://bucket/key`
        uri: String,
        /// The account that owns the bucket, when it is another.
        bucket_owner: Option<String>,
    },
    /// The service named a place this program does not know.
    Unknown,
}

impl std::fmt::Debug for MediaSource {
    /// Names the size instead of printing megabytes.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Self::S3 { uri, .. } => write!(f, "S3({uri})"),
            Self::Unknown => f.write_str("Unknown"),
        }
    }
}

/// The image formats Converse takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImageFormat {
    /// `png`
    Png,
    /// `jpeg`
    Jpeg,
    /// `gif`
    Gif,
    /// `webp`
    Webp,
}

impl ImageFormat {
    /// The service's spelling.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::Gif => "gif",
            Self::Webp => "webp",
        }
    }

    /// Reads the service's spelling.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "png" => Some(Self::Png),
            "jpeg" => Some(Self::Jpeg),
            "gif" => Some(Self::Gif),
            "webp" => Some(Self::Webp),
            _ => None,
        }
    }
}

/// `ImageBlock`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Image {
    /// How the bytes are encoded.
    pub format: ImageFormat,
    /// The bytes, or where they are.
    pub source: MediaSource,
}

/// The document formats Converse takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DocumentFormat {
    /// `pdf`
    Pdf,
    /// `csv`
    Csv,
    /// `doc`
    Doc,
    /// `docx`
    Docx,
    /// `xls`
    Xls,
    /// `xlsx`
    Xlsx,
    /// `html`
    Html,
    /// `txt`
    Txt,
    /// `md`
    Md,
}

impl DocumentFormat {
    /// Every format, for walking.
    pub const ALL: [Self; 9] = [
        Self::Pdf,
        Self::Csv,
        Self::Doc,
        Self::Docx,
        Self::Xls,
        Self::Xlsx,
        Self::Html,
        Self::Txt,
        Self::Md,
    ];

    /// The service's spelling, which is also the usual file extension.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Csv => "csv",
            Self::Doc => "doc",
            Self::Docx => "docx",
            Self::Xls => "xls",
            Self::Xlsx => "xlsx",
            Self::Html => "html",
            Self::Txt => "txt",
            Self::Md => "md",
        }
    }

    /// Reads the service's spelling.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == name)
    }
}

/// `DocumentBlock`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// How it is encoded.
    pub format: DocumentFormat,
    /// A neutral name: it reaches the model. Letters, digits, single spaces, hyphens, parentheses
    /// and square brackets only.
    pub name: String,
    /// The content.
    pub source: DocumentSource,
    /// What the model is told about the document.
    pub context: Option<String>,
    /// Whether the model is asked to cite it.
    pub citations: bool,
}

/// Where a document's content is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DocumentSource {
    /// A file's bytes, or an object in S3.
    Media(MediaSource),
    /// Plain text.
    Text(String),
    /// Pieces of text that citations refer to by number.
    Chunks(Vec<String>),
}

/// `VideoBlock`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Video {
    /// The service's spelling, for instance `mp4`.
    pub format: String,
    /// The bytes, or where they are.
    pub source: MediaSource,
}

/// `ToolUseBlock`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolUse {
    /// What the result must name.
    pub id: String,
    /// The tool asked for.
    pub name: String,
    /// Its arguments.
    pub input: serde_json::Value,
    /// The service's `type`: `server_tool_use` when the service runs the tool itself. Others are
    /// seen on the wire and mean nothing special.
    pub kind: Option<String>,
}

impl ToolUse {
    /// Whether the service runs the tool, and answers it, itself.
    #[must_use]
    pub fn is_run_by_service(&self) -> bool {
        self.kind.as_deref() == Some(RUN_BY_SERVICE)
    }

    /// The `type` that may go back: the service's own. What models put there (`tool_use`) may not.
    #[must_use]
    pub fn sent_kind(&self) -> Option<&'static str> {
        self.is_run_by_service().then_some(RUN_BY_SERVICE)
    }
}

const RUN_BY_SERVICE: &str = "server_tool_use";

/// `ToolResultBlock`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolResult {
    /// The request this answers.
    pub tool_use_id: String,
    /// The answer.
    pub content: Vec<ToolResultContent>,
    /// How it went; models that do not take a status leave it out.
    pub status: Option<ToolResultStatus>,
    /// The service's `type`, for results of tools it ran itself.
    pub kind: Option<String>,
}

/// A piece of a tool's answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ToolResultContent {
    /// `json`
    Json(serde_json::Value),
    /// `text`
    Text(String),
    /// `image`
    Image(Image),
    /// `document`
    Document(Document),
    /// `video`
    Video(Video),
    /// `searchResult`
    SearchResult(SearchResult),
    /// A kind this program does not know.
    Unknown(String),
}

/// How a tool went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ToolResultStatus {
    /// `success`
    Success,
    /// `error`
    Error,
}

/// `ReasoningContentBlock`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Reasoning {
    /// What the model thought, with the signature that must go back unchanged.
    Text {
        /// The thought.
        text: String,
        /// The provider's seal over it.
        signature: Option<String>,
    },
    /// Encrypted by the provider for safety; goes back unchanged.
    Redacted(#[serde(with = "bytes")] Arc<[u8]>),
}

/// `CitationsContentBlock`: generated text with the places it rests on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Citations {
    /// The text.
    pub content: Vec<String>,
    /// Where it comes from.
    pub citations: Vec<Citation>,
}

/// One place a text rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Citation {
    /// The source's title.
    pub title: Option<String>,
    /// The source as the request named it.
    pub source: Option<String>,
    /// The words cited.
    pub source_content: Vec<String>,
    /// Where in the source.
    pub location: Option<CitationLocation>,
}

/// Where in a source. The five kinds are those of Converse's `CitationLocation`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum CitationLocation {
    /// A page of the web.
    Web {
        /// Its address.
        url: Option<String>,
        /// Its host.
        domain: Option<String>,
    },
    /// Characters of a document, the end not included.
    DocumentChar {
        /// Which document of the request, from 0.
        document: Option<u32>,
        /// First character.
        start: Option<u32>,
        /// One past the last.
        end: Option<u32>,
    },
    /// Pages of a document.
    DocumentPage {
        /// Which document of the request, from 0.
        document: Option<u32>,
        /// First page.
        start: Option<u32>,
        /// One past the last.
        end: Option<u32>,
    },
    /// Chunks of a document.
    DocumentChunk {
        /// Which document of the request, from 0.
        document: Option<u32>,
        /// First chunk.
        start: Option<u32>,
        /// One past the last.
        end: Option<u32>,
    },
    /// Blocks of a search result.
    SearchResult {
        /// Which search result of the request, from 0.
        search_result: Option<u32>,
        /// First block.
        start: Option<u32>,
        /// One past the last.
        end: Option<u32>,
    },
    /// A kind this program does not know.
    Unknown,
}

/// `SearchResultBlock`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SearchResult {
    /// Where it was found.
    pub source: String,
    /// Its title.
    pub title: String,
    /// Its text, block by block.
    pub content: Vec<String>,
    /// Whether the model is asked to cite it.
    pub citations: bool,
}

#[cfg(test)]
mod tests;
