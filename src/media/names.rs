//! The formats of pictures that are taken in: what they are called, and which of them the API takes.

use image::ImageFormat;

use crate::chat;

/// A format of pictures that can be opened here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Decoded by the `image` crate.
    Raster(ImageFormat),
    /// AV1 Image File Format.
    Avif,
    /// High Efficiency Image File with HEVC inside, as phones save photographs.
    Heic,
    /// Scalable Vector Graphics, drawn here.
    Svg,
}

impl Format {
    /// The format as it may be sent, when it may.
    #[must_use]
    pub fn wire(self) -> Option<chat::ImageFormat> {
        match self {
            Self::Raster(ImageFormat::Png) => Some(chat::ImageFormat::Png),
            Self::Raster(ImageFormat::Jpeg) => Some(chat::ImageFormat::Jpeg),
            Self::Raster(ImageFormat::Gif) => Some(chat::ImageFormat::Gif),
            Self::Raster(ImageFormat::WebP) => Some(chat::ImageFormat::Webp),
            _ => None,
        }
    }

    /// As people write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Raster(ImageFormat::Bmp) => "BMP",
            Self::Raster(ImageFormat::Tiff) => "TIFF",
            Self::Avif => "AVIF",
            Self::Heic => "HEIC",
            Self::Svg => "SVG",
            Self::Raster(_) => self.wire().map_or("another format", wire_name),
        }
    }

    /// Whether pixels lost something already, so that losing a little more costs nothing.
    pub(super) fn is_lossy(self) -> bool {
        matches!(
            self,
            Self::Raster(ImageFormat::Jpeg | ImageFormat::WebP) | Self::Avif | Self::Heic
        )
    }
}

pub fn wire_name(format: chat::ImageFormat) -> &'static str {
    match format {
        chat::ImageFormat::Png => "PNG",
        chat::ImageFormat::Jpeg => "JPEG",
        chat::ImageFormat::Gif => "GIF",
        chat::ImageFormat::Webp => "WebP",
    }
}
