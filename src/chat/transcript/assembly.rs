//! How the pieces of a streamed answer become content blocks.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::chat::{
    BlockDelta, BlockStart, Citation, Citations, ContentBlock, Image, ImageFormat, MediaSource,
    Reasoning, ToolResult, ToolUse,
};

/// The blocks that are still growing. The wire numbers blocks from 0 but promises neither that
/// every number comes nor that a number keeps one kind, so position and number are kept apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Assembly {
    open: Vec<OpenBlock>,
}

#[derive(Clone, Debug, PartialEq)]
struct OpenBlock {
    index: usize,
    position: usize,
    partial: Partial,
}

/// What cannot be a content block before its end.
#[derive(Clone, Debug, PartialEq)]
enum Partial {
    None,
    ToolInput(String),
    ImageBytes(Vec<u8>),
}

impl Assembly {
    pub(super) fn start(
        &mut self,
        content: &mut Vec<ContentBlock>,
        index: usize,
        start: BlockStart,
    ) {
        let (block, partial) = match start {
            BlockStart::ToolUse { id, name, kind } => (
                ContentBlock::ToolUse(ToolUse {
                    id,
                    name,
                    input: json!({}),
                    kind,
                }),
                Partial::ToolInput(String::new()),
            ),
            BlockStart::ToolResult {
                tool_use_id,
                status,
                kind,
            } => (
                ContentBlock::ToolResult(ToolResult {
                    tool_use_id,
                    content: Vec::new(),
                    status,
                    kind,
                }),
                Partial::None,
            ),
            BlockStart::Image(format) => match ImageFormat::parse(&format) {
                Some(format) => (image(format, Vec::new()), Partial::ImageBytes(Vec::new())),
                None => (
                    ContentBlock::Unknown(format!("image in format {format}")),
                    Partial::None,
                ),
            },
            BlockStart::Unknown(name) => (ContentBlock::Unknown(name), Partial::None),
        };
        self.push(content, index, block, partial);
    }

    pub(super) fn delta(
        &mut self,
        content: &mut Vec<ContentBlock>,
        index: usize,
        delta: BlockDelta,
    ) {
        match delta {
            BlockDelta::Text(text) => self.text(content, index, text),
            BlockDelta::ReasoningText(piece) => {
                if let Some(Reasoning::Text { text, .. }) = self.reasoning(content, index) {
                    text.push_str(&piece);
                }
            }
            BlockDelta::ReasoningSignature(piece) => {
                if let Some(Reasoning::Text { signature, .. }) = self.reasoning(content, index) {
                    signature.get_or_insert_default().push_str(&piece);
                }
            }
            BlockDelta::RedactedReasoning(bytes) => {
                let block = ContentBlock::Reasoning(Reasoning::Redacted(bytes));
                self.push(content, index, block, Partial::None);
            }
            BlockDelta::ToolInput(piece) => {
                if let Some(Partial::ToolInput(input)) = self.partial(index) {
                    input.push_str(&piece);
                } else {
                    self.unexpected(content, index, "tool input without a tool");
                }
            }
            BlockDelta::ToolResult(pieces) => match self.block(content, index) {
                Some(ContentBlock::ToolResult(result)) => result.content.extend(pieces),
                _ => self.unexpected(content, index, "tool result without a start"),
            },
            BlockDelta::Citation(citation) => self.citation(content, index, citation),
            BlockDelta::Image(bytes) => {
                if let Some(Partial::ImageBytes(all)) = self.partial(index) {
                    all.extend_from_slice(&bytes);
                } else {
                    self.unexpected(content, index, "image bytes without a start");
                }
            }
            BlockDelta::Unknown(name) => self.unexpected(content, index, &name),
        }
    }

    pub(super) fn whole(
        &mut self,
        content: &mut Vec<ContentBlock>,
        index: usize,
        block: ContentBlock,
    ) {
        self.open.retain(|open| open.index != index);
        content.push(block);
    }

    pub(super) fn stop(&mut self, content: &mut [ContentBlock], index: usize) {
        if let Some(at) = self.open.iter().position(|open| open.index == index) {
            close(content, self.open.remove(at));
        }
    }

    /// Closes whatever is open: the stream ended, as it should or not.
    pub(super) fn finish(&mut self, content: &mut [ContentBlock]) {
        for open in self.open.drain(..) {
            close(content, open);
        }
    }

    fn text(&mut self, content: &mut Vec<ContentBlock>, index: usize, piece: String) {
        match self.block(content, index) {
            Some(ContentBlock::Text(text)) => text.push_str(&piece),
            Some(ContentBlock::Citations(cited)) => match cited.content.last_mut() {
                Some(text) => text.push_str(&piece),
                None => cited.content.push(piece),
            },
            _ => self.push(content, index, ContentBlock::Text(piece), Partial::None),
        }
    }

    fn reasoning<'a>(
        &mut self,
        content: &'a mut Vec<ContentBlock>,
        index: usize,
    ) -> Option<&'a mut Reasoning> {
        let growing = matches!(
            self.block(content, index),
            Some(ContentBlock::Reasoning(Reasoning::Text { .. }))
        );
        if !growing {
            let empty = ContentBlock::Reasoning(Reasoning::Text {
                text: String::new(),
                signature: None,
            });
            self.push(content, index, empty, Partial::None);
        }
        match self.block(content, index) {
            Some(ContentBlock::Reasoning(reasoning)) => Some(reasoning),
            _ => None,
        }
    }

    /// Plain text that a citation comes to becomes cited text.
    fn citation(&mut self, content: &mut Vec<ContentBlock>, index: usize, citation: Citation) {
        match self.block(content, index) {
            Some(ContentBlock::Citations(cited)) => cited.citations.push(citation),
            Some(block @ ContentBlock::Text(_)) => {
                let text = match block {
                    ContentBlock::Text(text) => std::mem::take(text),
                    _ => String::new(),
                };
                *block = ContentBlock::Citations(Citations {
                    content: vec![text],
                    citations: vec![citation],
                });
            }
            _ => {
                let cited = ContentBlock::Citations(Citations {
                    content: Vec::new(),
                    citations: vec![citation],
                });
                self.push(content, index, cited, Partial::None);
            }
        }
    }

    fn unexpected(&mut self, content: &mut Vec<ContentBlock>, index: usize, what: &str) {
        let known = self
            .block(content, index)
            .is_some_and(|block| *block == ContentBlock::Unknown(what.to_owned()));
        if !known {
            let block = ContentBlock::Unknown(what.to_owned());
            self.push(content, index, block, Partial::None);
        }
    }

    fn push(
        &mut self,
        content: &mut Vec<ContentBlock>,
        index: usize,
        block: ContentBlock,
        partial: Partial,
    ) {
        self.stop(content, index);
        content.push(block);
        self.open.push(OpenBlock {
            index,
            position: content.len() - 1,
            partial,
        });
    }

    fn block<'a>(
        &self,
        content: &'a mut [ContentBlock],
        index: usize,
    ) -> Option<&'a mut ContentBlock> {
        let open = self.open.iter().rfind(|open| open.index == index)?;
        content.get_mut(open.position)
    }

    fn partial(&mut self, index: usize) -> Option<&mut Partial> {
        let open = self.open.iter_mut().rfind(|open| open.index == index)?;
        Some(&mut open.partial)
    }
}

fn close(content: &mut [ContentBlock], open: OpenBlock) {
    let Some(block) = content.get_mut(open.position) else {
        return;
    };
    match (block, open.partial) {
        (ContentBlock::ToolUse(tool), Partial::ToolInput(input)) if !input.trim().is_empty() => {
            // A cut stream leaves half an object; what came is shown rather than lost.
            tool.input = serde_json::from_str(&input).unwrap_or(Value::String(input));
        }
        (ContentBlock::Image(picture), Partial::ImageBytes(bytes)) => {
            picture.source = MediaSource::Bytes(Arc::from(bytes));
        }
        _ => {}
    }
}

fn image(format: ImageFormat, bytes: Vec<u8>) -> ContentBlock {
    ContentBlock::Image(Image {
        format,
        source: MediaSource::Bytes(Arc::from(bytes)),
    })
}
