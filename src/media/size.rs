//! The size of an encoded picture, read from its head.

use std::io::Cursor;
use std::path::Path;

use image::ImageReader;

/// Pixels across and down, as stored; `None` when it is no picture that can be read.
#[must_use]
pub fn pixel_size(bytes: &[u8]) -> Option<(u32, u32)> {
    ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .ok()?
        .into_dimensions()
        .ok()
}

/// The same of a file, of which only the beginning is read.
#[must_use]
pub fn pixel_size_of_file(path: &Path) -> Option<(u32, u32)> {
    ImageReader::open(path)
        .ok()?
        .with_guessed_format()
        .ok()?
        .into_dimensions()
        .ok()
}
