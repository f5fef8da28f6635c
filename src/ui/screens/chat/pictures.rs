//! Pictures and documents of turns that this window did not send or whose preview it no longer has: from
//! the history, from a file, from a model. Each is opened in the background once its turn is in view.

use std::sync::Arc;

use egui::{ColorImage, Context, TextureHandle, TextureOptions};

use super::conversation::Conversation;
use crate::chat::{ContentBlock, DocumentSource, MediaSource, Message, Transcript, TurnId};
use crate::media::{self, Limits, Thumbnail};
use crate::tasks::{Job, Tasks};
use crate::ui::icons::{self, Icon};
use crate::ui::numbers::bytes;
use crate::ui::widgets::Preview;

/// Whether something of a message is shown as a tile, not as text.
pub fn is_shown_as_preview(block: &ContentBlock) -> bool {
    matches!(
        block,
        ContentBlock::Image(_) | ContentBlock::Document(_) | ContentBlock::Video(_)
    )
}

/// The pixels of a thumbnail, where they can be drawn.
pub fn texture(ctx: &Context, name: &str, thumbnail: &Thumbnail) -> TextureHandle {
    let sides = [thumbnail.width, thumbnail.height].map(|side| side as usize);
    let pixels = ColorImage::from_rgba_unmultiplied(sides, &thumbnail.rgba);
    ctx.load_texture(name, Arc::new(pixels), TextureOptions::LINEAR)
}

/// Turns whose pictures are being opened.
#[derive(Default)]
pub struct Pictures {
    opening: Vec<(TurnId, Job<Vec<Opened>>)>,
}

/// What a preview shows, before it has a texture.
struct Opened {
    name: String,
    caption: String,
    thumbnail: Option<Thumbnail>,
    icon: Icon,
}

impl Pictures {
    /// Opens what has come into view without a preview, and hands over what is ready.
    pub fn update(
        &mut self,
        ctx: &Context,
        tasks: &Tasks,
        transcript: &Transcript,
        conversation: &mut Conversation,
    ) {
        for turn in conversation.take_without_preview() {
            let blocks = shown_as_previews(&transcript.turn(turn).message);
            let opening = tasks.spawn_blocking(move || blocks.iter().map(open).collect());
            self.opening.push((turn, opening));
        }
        self.opening.retain_mut(|(turn, opening)| {
            let Some(result) = opening.take() else {
                return true;
            };
            let opened = result.unwrap_or_default();
            let previews = opened.into_iter().map(|opened| opened.preview(ctx));
            conversation.set_previews(*turn, previews.collect());
            false
        });
    }
}

impl Opened {
    fn preview(self, ctx: &Context) -> Preview {
        let pixels = self.thumbnail.as_ref();
        Preview {
            texture: pixels.map(|thumbnail| texture(ctx, &self.name, thumbnail)),
            name: self.name,
            caption: self.caption,
            changes: Vec::new(),
            icon: self.icon,
        }
    }
}

fn shown_as_previews(message: &Message) -> Vec<ContentBlock> {
    let blocks = message.content.iter();
    blocks
        .filter(|block| is_shown_as_preview(block))
        .cloned()
        .collect()
}

fn open(block: &ContentBlock) -> Opened {
    match block {
        ContentBlock::Image(image) => {
            let mut opened = opened("Image", None, &image.source, icons::IMAGE);
            if let MediaSource::Bytes(bytes) = &image.source {
                match media::open_thumbnail_bytes(&opened.name, bytes, &Limits::converse()) {
                    Ok(thumbnail) => opened.thumbnail = Some(thumbnail),
                    Err(error) => opened.caption = error.to_string(),
                }
                if let (Some((width, height)), true) =
                    (media::pixel_size(bytes), opened.thumbnail.is_some())
                {
                    opened.caption = format!("{width} × {height}, {}", opened.caption);
                }
            }
            opened
        }
        ContentBlock::Document(document) => {
            let format = document.format.as_str().to_uppercase();
            match &document.source {
                DocumentSource::Media(source) => {
                    opened(&document.name, Some(&format), source, icons::DOCUMENT)
                }
                DocumentSource::Text(_) | DocumentSource::Chunks(_) => Opened {
                    name: document.name.clone(),
                    caption: format,
                    thumbnail: None,
                    icon: icons::DOCUMENT,
                },
            }
        }
        ContentBlock::Video(video) => {
            let format = format!("{} video", video.format.to_uppercase());
            opened("Video", Some(&format), &video.source, icons::VIDEO)
        }
        _ => Opened {
            name: String::new(),
            caption: String::new(),
            thumbnail: None,
            icon: icons::DOCUMENT,
        },
    }
}

fn opened(name: &str, format: Option<&str>, source: &MediaSource, icon: Icon) -> Opened {
    let held = match source {
        MediaSource::Bytes(held) => bytes(held.len() as u64),
        MediaSource::S3 { uri, .. } => format!("in S3, {uri}"),
        MediaSource::Unknown => "kept where this program cannot read it".to_owned(),
    };
    Opened {
        name: name.to_owned(),
        caption: format.map_or_else(|| held.clone(), |format| format!("{format}, {held}")),
        thumbnail: None,
        icon,
    }
}
