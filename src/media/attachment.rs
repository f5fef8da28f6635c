//! A picture or document that was taken in, ready to be sent.

use std::fmt;
use std::sync::Arc;

use crate::chat::{ContentBlock, Document, DocumentSource, Image, MediaSource, Video};

/// A file that was taken in.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// The file's name, without its folder.
    pub name: String,
    /// The file's size, in bytes.
    pub original_size: u64,
    /// What it holds.
    pub content: Content,
}

/// What a file holds.
#[derive(Clone, Debug)]
pub enum Content {
    /// A picture.
    Image(ImageAttachment),
    /// A document.
    Document(DocumentAttachment),
    /// A video.
    Video(VideoAttachment),
}

impl Attachment {
    /// The picture, when it is one.
    #[must_use]
    pub fn image(&self) -> Option<&ImageAttachment> {
        match &self.content {
            Content::Image(image) => Some(image),
            Content::Document(_) | Content::Video(_) => None,
        }
    }

    /// What goes into the message.
    #[must_use]
    pub fn content_block(&self) -> ContentBlock {
        match &self.content {
            Content::Image(image) => ContentBlock::Image(image.prepared.clone()),
            Content::Document(document) => ContentBlock::Document(document.prepared.clone()),
            Content::Video(video) => ContentBlock::Video(video.prepared.clone()),
        }
    }

    /// How many bytes will be sent.
    #[must_use]
    pub fn sent_size(&self) -> usize {
        let source = match &self.content {
            Content::Image(image) => &image.prepared.source,
            Content::Video(video) => &video.prepared.source,
            Content::Document(document) => match &document.prepared.source {
                DocumentSource::Media(source) => source,
                DocumentSource::Text(text) => return text.len(),
                DocumentSource::Chunks(chunks) => return chunks.iter().map(String::len).sum(),
            },
        };
        match source {
            MediaSource::Bytes(bytes) => bytes.len(),
            MediaSource::S3 { .. } | MediaSource::Unknown => 0,
        }
    }
}

/// A document as it will be sent.
#[derive(Clone, Debug)]
pub struct DocumentAttachment {
    /// What will be sent, under a neutral name.
    pub prepared: Document,
}

/// A video as it will be sent.
#[derive(Clone, Debug)]
pub struct VideoAttachment {
    /// What will be sent.
    pub prepared: Video,
}

/// A picture as it will be sent.
#[derive(Clone, Debug)]
pub struct ImageAttachment {
    /// What will be sent.
    pub prepared: Image,
    /// Pixels across, as sent.
    pub width: u32,
    /// Pixels down, as sent.
    pub height: u32,
    /// Pixels across, of the file, upright.
    pub original_width: u32,
    /// Pixels down, of the file, upright.
    pub original_height: u32,
    /// The file's format, as people write it: `JPEG`.
    pub original_format: &'static str,
    /// SHA-256 of the file's bytes: the same picture twice is one job.
    pub content_hash: [u8; 32],
    /// What is shown of it.
    pub thumbnail: Thumbnail,
    /// What was done to it.
    pub changes: Vec<Change>,
}

/// A small upright picture, 8 bits a channel, alpha not multiplied in.
#[derive(Clone)]
pub struct Thumbnail {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Red, green, blue, alpha; row by row.
    pub rgba: Arc<[u8]>,
}

impl fmt::Debug for Thumbnail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Thumbnail({} × {})", self.width, self.height)
    }
}

/// What was done to a picture before sending it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Turned as its EXIF orientation asks.
    TurnedUpright,
    /// Made smaller.
    Downscaled {
        /// Pixels across and down before.
        from: (u32, u32),
        /// And after.
        to: (u32, u32),
        /// What asked for it.
        reason: Reason,
    },
    /// Only the first picture of several is sent.
    FirstFrameOnly,
    /// Saved in another format.
    Converted {
        /// The file's format.
        from: &'static str,
        /// The format that is sent.
        to: &'static str,
    },
    /// Saved with more compression to stay under the limit of bytes.
    Recompressed,
    /// EXIF, XMP and the like, and with them the place it was taken, left out.
    MetadataRemoved,
}

/// Why a picture was made smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// More pixels a side than the API takes.
    Pixels,
    /// More bytes than the API takes, whatever the compression.
    Bytes,
    /// The person chose a smaller size.
    Chosen,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pixels => "the limit of pixels",
            Self::Bytes => "the limit of bytes",
            Self::Chosen => "the size you chose",
        })
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TurnedUpright => f.write_str("Turned upright"),
            Self::Downscaled { from, to, reason } => {
                write!(
                    f,
                    "Scaled from {} × {} to {} × {} for {reason}",
                    from.0, from.1, to.0, to.1
                )
            }
            Self::FirstFrameOnly => f.write_str("Only the first picture is sent"),
            Self::Converted { from, to } => write!(f, "Converted from {from} to {to}"),
            Self::Recompressed => f.write_str("Compressed to fit the limit"),
            Self::MetadataRemoved => f.write_str("Metadata removed"),
        }
    }
}
