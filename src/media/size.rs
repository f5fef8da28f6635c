//! The size of an encoded picture as it is seen, read from its head.

use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Seek};
use std::path::Path;

use image::metadata::Orientation;
use image::{ImageDecoder as _, ImageReader};

/// Pixels across and down, turned as its EXIF orientation asks; `None` when it is no picture that can
/// be read.
#[must_use]
pub fn pixel_size(bytes: &[u8]) -> Option<(u32, u32)> {
    size_of(ImageReader::new(Cursor::new(bytes)))
}

/// The same of a file.
#[must_use]
pub fn pixel_size_of_file(path: &Path) -> Option<(u32, u32)> {
    size_of(ImageReader::new(BufReader::new(File::open(path).ok()?)))
}

fn size_of<R: BufRead + Seek>(reader: ImageReader<R>) -> Option<(u32, u32)> {
    let mut decoder = reader.with_guessed_format().ok()?.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    let lies = matches!(
        decoder.orientation(),
        Ok(Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH)
    );
    Some(if lies {
        (height, width)
    } else {
        (width, height)
    })
}
