//! A message's content as what a reader sees, for Markdown and HTML alike.

use crate::chat::{
    Citation, CitationLocation, ContentBlock, Document, DocumentSource, Image, MediaSource,
    Reasoning, SearchResult, ToolResultContent, ToolResultStatus,
};

/// Something to show.
#[derive(Debug)]
pub(super) enum Piece<'a> {
    /// Words.
    Text(String),
    /// Words that are not for the reader first of all.
    Thought(&'a str),
    /// A picture and what to call it.
    Picture(String, &'a Image),
    /// What cannot be shown, by name.
    Named(String),
    /// A title and something in a fixed form.
    Code(String, String),
    /// A title and what belongs under it.
    Group(String, Vec<Piece<'a>>),
    /// Where words come from: a title, and an address where there is one.
    Sources(Vec<(String, Option<String>)>),
}

/// Numbers pictures and the like through a whole conversation.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    pictures: usize,
    videos: usize,
    sounds: usize,
}

impl Numbers {
    pub(super) fn pieces<'a>(&mut self, content: &'a [ContentBlock]) -> Vec<Piece<'a>> {
        content.iter().flat_map(|block| self.block(block)).collect()
    }

    fn block<'a>(&mut self, block: &'a ContentBlock) -> Vec<Piece<'a>> {
        vec![match block {
            ContentBlock::Text(text) | ContentBlock::GuardText { text, .. } => {
                Piece::Text(text.clone())
            }
            ContentBlock::Image(image) | ContentBlock::GuardImage(image) => self.picture(image),
            ContentBlock::Document(document) => Piece::Named(named_document(document)),
            ContentBlock::Video(video) => self.video(&video.format, &video.source),
            ContentBlock::Audio { format, source } => {
                self.sounds += 1;
                Piece::Named(format!(
                    "Sound {}: {format}{}",
                    self.sounds,
                    whereabouts(source)
                ))
            }
            ContentBlock::ToolUse(tool) => Piece::Code(
                format!("Asks for the tool {}", tool.name),
                format!("{:#}", tool.input),
            ),
            ContentBlock::ToolResult(result) => {
                let title = match result.status {
                    Some(ToolResultStatus::Error) => "Result of a tool, which failed",
                    _ => "Result of a tool",
                };
                let content = result.content.iter().map(|part| self.part(part)).collect();
                Piece::Group(title.to_owned(), content)
            }
            ContentBlock::CachePoint(_) => return Vec::new(),
            ContentBlock::Reasoning(Reasoning::Text { text, .. }) => Piece::Thought(text),
            ContentBlock::Reasoning(Reasoning::Redacted(_)) => {
                Piece::Named("Reasoning, encrypted by the provider".to_owned())
            }
            ContentBlock::Citations(cited) => {
                let text = Piece::Text(cited.content.concat());
                if cited.citations.is_empty() {
                    text
                } else {
                    let sources = cited.citations.iter().map(source).collect();
                    return vec![text, Piece::Sources(sources)];
                }
            }
            ContentBlock::SearchResult(result) => found(result),
            ContentBlock::Unknown(name) => Piece::Named(format!(
                "Content of a kind this version does not know: {name}"
            )),
        }]
    }

    fn part<'a>(&mut self, part: &'a ToolResultContent) -> Piece<'a> {
        match part {
            ToolResultContent::Json(value) => Piece::Code("JSON".to_owned(), format!("{value:#}")),
            ToolResultContent::Text(text) => Piece::Text(text.clone()),
            ToolResultContent::Image(image) => self.picture(image),
            ToolResultContent::Document(document) => Piece::Named(named_document(document)),
            ToolResultContent::Video(video) => self.video(&video.format, &video.source),
            ToolResultContent::SearchResult(result) => found(result),
            ToolResultContent::Unknown(name) => Piece::Named(format!(
                "Content of a kind this version does not know: {name}"
            )),
        }
    }

    fn picture<'a>(&mut self, image: &'a Image) -> Piece<'a> {
        self.pictures += 1;
        let name = format!(
            "Image {}: {}{}",
            self.pictures,
            image.format.as_str(),
            whereabouts(&image.source)
        );
        Piece::Picture(name, image)
    }

    fn video<'a>(&mut self, format: &str, source: &MediaSource) -> Piece<'a> {
        self.videos += 1;
        Piece::Named(format!(
            "Video {}: {format}{}",
            self.videos,
            whereabouts(source)
        ))
    }
}

fn named_document(document: &Document) -> String {
    let source = match &document.source {
        DocumentSource::Media(source) => whereabouts(source),
        DocumentSource::Text(text) => format!(", {} characters", text.chars().count()),
        DocumentSource::Chunks(chunks) => format!(", {} pieces", chunks.len()),
    };
    format!(
        "Document “{}”: {}{source}",
        document.name,
        document.format.as_str()
    )
}

fn whereabouts(source: &MediaSource) -> String {
    match source {
        MediaSource::Bytes(bytes) => format!(", {} bytes", bytes.len()),
        MediaSource::S3 { uri, .. } => format!(", {uri}"),
        MediaSource::Unknown => String::new(),
    }
}

fn found(result: &SearchResult) -> Piece<'_> {
    let mut content = vec![Piece::Sources(vec![(
        result.title.clone(),
        Some(result.source.clone()),
    )])];
    content.extend(result.content.iter().cloned().map(Piece::Text));
    Piece::Group("Search result".to_owned(), content)
}

fn source(citation: &Citation) -> (String, Option<String>) {
    let address = match &citation.location {
        Some(CitationLocation::Web { url, domain }) => url.clone().or_else(|| domain.clone()),
        _ => citation.source.clone(),
    };
    let place = match &citation.location {
        Some(CitationLocation::DocumentPage { start, .. }) => {
            start.map(|page| format!(", page {page}"))
        }
        _ => None,
    };
    let title = citation
        .title
        .clone()
        .or_else(|| address.clone())
        .unwrap_or_else(|| "Source".to_owned());
    (title + &place.unwrap_or_default(), address)
}
