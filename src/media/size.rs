//! The size of an encoded picture as it is seen, read from its head.

use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Seek};
use std::path::Path;

use image::metadata::Orientation;
use image::{ImageDecoder as _, ImageReader};

/// What the head of an encoded picture says.
pub(super) struct Head {
    /// Pixels across, once it is upright.
    pub width: u32,
    /// Pixels down, once it is upright.
    pub height: u32,
    /// Whether its pixels are stored otherwise than upright.
    pub turned: bool,
}

/// Pixels across and down, turned as its EXIF orientation asks; `None` when it is no picture that can
/// be read.
#[must_use]
pub fn pixel_size(bytes: &[u8]) -> Option<(u32, u32)> {
    head(bytes).map(|head| (head.width, head.height))
}

/// The same of a file.
#[must_use]
pub fn pixel_size_of_file(path: &Path) -> Option<(u32, u32)> {
    let reader = ImageReader::new(BufReader::new(File::open(path).ok()?));
    head_of(reader).map(|head| (head.width, head.height))
}

/// The head of a picture; `None` when it is none that can be read.
pub(super) fn head(bytes: &[u8]) -> Option<Head> {
    head_of(ImageReader::new(Cursor::new(bytes)))
}

fn head_of<R: BufRead + Seek>(reader: ImageReader<R>) -> Option<Head> {
    let mut decoder = reader.with_guessed_format().ok()?.into_decoder().ok()?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let (width, height) = upright(decoder.dimensions(), orientation);
    Some(Head {
        width,
        height,
        turned: orientation != Orientation::NoTransforms,
    })
}

/// A size once it is turned.
pub(super) fn upright((width, height): (u32, u32), orientation: Orientation) -> (u32, u32) {
    match orientation {
        Orientation::Rotate90
        | Orientation::Rotate270
        | Orientation::Rotate90FlipH
        | Orientation::Rotate270FlipH => (height, width),
        _ => (width, height),
    }
}
