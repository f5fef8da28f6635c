//! Pictures and documents coming in: recognised by their bytes, decoded within limits, turned
//! upright, fitted to what the API takes, with a thumbnail.
//!
//! All of it blocks and belongs on a worker thread. Pixels change only when a limit, the picture's
//! own orientation or its format asks for it; location and other metadata never leave. Files come
//! from anywhere, so nothing here may panic, hang or take more memory than [`Limits`] allows. This
//! module must not know egui, the AWS SDK, tokio or where the data goes.

mod attachment;
mod avif;
mod collect;
mod decode;
mod document;
mod error;
mod fit;
mod gif;
mod heic;
mod jpeg;
mod limits;
mod names;
mod read;
mod s3;
mod size;
mod sniff;
mod strip;
mod svg;
mod thumbnail;
mod tiff;
mod video;
pub mod xmp;

pub use attachment::{
    Attachment, Change, Content, DocumentAttachment, ImageAttachment, Reason, Thumbnail,
    VideoAttachment,
};
pub use collect::{Collected, MOST_FILES, Skipped, collect, pictures};
pub use document::{document_format, neutral_name};
pub use error::MediaError;
pub use limits::Limits;
pub use names::Format;
pub use read::{
    content_hash, open, open_bytes, open_image, open_image_bytes, open_rgba, read_file,
};
pub use s3::{S3Error, s3_block};
pub use size::{pixel_size, pixel_size_of_file};
pub use sniff::{Kind, sniff};
pub use thumbnail::{open_thumbnail, open_thumbnail_bytes};
pub use video::video_format;

use names::wire_name;
