//! What of a request counts as input: its texts, its images, and what cannot be counted beforehand.
//!
//! Must not know prices.

use std::borrow::Cow;

use crate::chat::{
    CachePoint, CacheTtl, ContentBlock, DocumentSource, Image, MediaSource, Reasoning, Request,
    SearchResult, SystemBlock, ToolDefinition, ToolResultContent,
};
use crate::media;
use crate::pricing::PixelSize;

/// All that counts as input.
#[derive(Default)]
pub struct Contents<'a> {
    pub texts: Vec<Cow<'a, str>>,
    pub images: Vec<PixelSize>,
    /// Documents, videos and pictures elsewhere.
    pub uncountable: usize,
    /// How long what stands before a cache point is kept, where there is one; the longest of several.
    pub cached: Option<CacheTtl>,
}

impl<'a> Contents<'a> {
    /// Of a whole request.
    pub fn of(request: &'a Request) -> Self {
        let mut contents = Self::default();
        for tool in request.tools.iter().flat_map(|tools| &tools.tools) {
            contents.add_tool(tool);
        }
        for block in &request.system {
            match block {
                SystemBlock::Text(text) | SystemBlock::GuardText { text, .. } => {
                    contents.add_text(text);
                }
                SystemBlock::CachePoint(point) => contents.add_cache_point(*point),
            }
        }
        for block in request.messages.iter().flat_map(|message| &message.content) {
            contents.add(block);
        }
        contents
    }

    fn add(&mut self, block: &'a ContentBlock) {
        match block {
            ContentBlock::Text(text)
            | ContentBlock::GuardText { text, .. }
            | ContentBlock::Reasoning(Reasoning::Text { text, .. }) => self.add_text(text),
            ContentBlock::Citations(cited) => {
                self.texts
                    .extend(cited.content.iter().map(|text| Cow::from(text.as_str())));
            }
            ContentBlock::ToolUse(asked) => {
                self.texts
                    .push(format!("{} {}", asked.name, asked.input).into());
            }
            ContentBlock::ToolResult(result) => {
                for content in &result.content {
                    self.add_result(content);
                }
            }
            ContentBlock::SearchResult(found) => self.add_found(found),
            ContentBlock::Image(image) | ContentBlock::GuardImage(image) => self.add_image(image),
            ContentBlock::Document(document) => self.add_document(&document.source),
            ContentBlock::CachePoint(point) => self.add_cache_point(*point),
            ContentBlock::Video(_)
            | ContentBlock::Audio { .. }
            | ContentBlock::Reasoning(Reasoning::Redacted(_))
            | ContentBlock::Unknown(_) => self.uncountable += 1,
        }
    }

    fn add_result(&mut self, content: &'a ToolResultContent) {
        match content {
            ToolResultContent::Text(text) => self.add_text(text),
            ToolResultContent::Json(value) => self.texts.push(value.to_string().into()),
            ToolResultContent::Image(image) => self.add_image(image),
            ToolResultContent::Document(document) => self.add_document(&document.source),
            ToolResultContent::SearchResult(found) => self.add_found(found),
            ToolResultContent::Video(_) | ToolResultContent::Unknown(_) => self.uncountable += 1,
        }
    }

    fn add_text(&mut self, text: &'a str) {
        self.texts.push(Cow::Borrowed(text));
    }

    fn add_found(&mut self, found: &'a SearchResult) {
        self.add_text(&found.source);
        self.add_text(&found.title);
        self.texts
            .extend(found.content.iter().map(|text| Cow::from(text.as_str())));
    }

    fn add_document(&mut self, source: &'a DocumentSource) {
        match source {
            DocumentSource::Text(text) => self.add_text(text),
            _ => self.uncountable += 1,
        }
    }

    fn add_image(&mut self, image: &Image) {
        let size = match &image.source {
            MediaSource::Bytes(bytes) => media::pixel_size(bytes),
            _ => None,
        };
        match size {
            Some((width, height)) => self.images.push(PixelSize { width, height }),
            None => self.uncountable += 1,
        }
    }

    fn add_tool(&mut self, tool: &ToolDefinition) {
        match tool {
            ToolDefinition::Spec {
                name,
                description,
                input_schema,
            } => {
                let description = description.as_deref().unwrap_or_default();
                self.texts
                    .push(format!("{name} {description} {input_schema}").into());
            }
            ToolDefinition::CachePoint(point) => self.add_cache_point(*point),
            ToolDefinition::System(_) => {}
        }
    }

    fn add_cache_point(&mut self, point: CachePoint) {
        let ttl = point.ttl.unwrap_or(CacheTtl::FiveMinutes);
        if self.cached != Some(CacheTtl::OneHour) {
            self.cached = Some(ttl);
        }
    }
}
