//! What formats are called, and which of them the API takes.

use image::ImageFormat;

use crate::chat;

/// The formats that are sent as they are.
pub fn wire_format(format: ImageFormat) -> Option<chat::ImageFormat> {
    match format {
        ImageFormat::Png => Some(chat::ImageFormat::Png),
        ImageFormat::Jpeg => Some(chat::ImageFormat::Jpeg),
        ImageFormat::Gif => Some(chat::ImageFormat::Gif),
        ImageFormat::WebP => Some(chat::ImageFormat::Webp),
        _ => None,
    }
}

pub fn format_name(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Bmp => "BMP",
        ImageFormat::Tiff => "TIFF",
        _ => wire_format(format).map_or("another format", wire_name),
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
