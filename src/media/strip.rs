//! Taking metadata out of a file without touching a pixel. What shows the picture rightly stays:
//! colour profiles, Adobe's colour transform, frame timing.

use std::panic::catch_unwind;

use image::ImageFormat;
use img_parts::jpeg::{Jpeg, markers};
use img_parts::png::Png;
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::WebP;
use img_parts::{Bytes, ImageEXIF as _};

use super::{Format, gif, jpeg};

/// PNG chunks that hold text, EXIF or a time; none of them changes how the picture looks.
const PNG_METADATA: [[u8; 4]; 5] = [*b"eXIf", *b"iTXt", *b"tEXt", *b"zTXt", *b"tIME"];

/// The flag of the `XMP ` chunk in `VP8X` (WebP container specification).
const WEBP_XMP_FLAG: u8 = 0b0000_0100;

/// How a colour profile's segment begins (ICC.1, annex B.4).
const ICC_PREFIX: &[u8] = b"ICC_PROFILE\0";

/// What became of a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Stripped {
    /// It has no metadata.
    Clean,
    /// The same without metadata.
    Without(Vec<u8>),
    /// It cannot be taken apart; only saving it anew makes sure.
    Unknown,
}

/// The file without EXIF, XMP, IPTC, comments and what is appended to it.
pub fn without_metadata(bytes: &[u8], format: Format) -> Stripped {
    let Format::Raster(format) = format else {
        return Stripped::Unknown;
    };
    // Other people's code on anybody's bytes.
    let stripped = catch_unwind(|| match format {
        ImageFormat::Jpeg => jpeg(bytes),
        ImageFormat::Png => png(bytes),
        ImageFormat::WebP => webp(bytes),
        ImageFormat::Gif => gif::without_metadata(bytes),
        _ => None,
    });
    match stripped.ok().flatten() {
        None => Stripped::Unknown,
        Some(stripped) if stripped.len() == bytes.len() => Stripped::Clean,
        Some(stripped) => Stripped::Without(stripped),
    }
}

fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let picture = bytes.get(..jpeg::end(bytes)?)?;
    let mut jpeg = Jpeg::from_bytes(Bytes::copy_from_slice(picture)).ok()?;
    let before = jpeg.segments().len();
    jpeg.segments_mut()
        .retain(|segment| match segment.marker() {
            // Density and the colour transform.
            markers::APP0 | markers::APP14 => true,
            markers::APP2 => segment.contents().starts_with(ICC_PREFIX),
            markers::APP1..=markers::APP15 | markers::COM => false,
            _ => true,
        });
    // As it was, fill bytes and all, when nothing had to go.
    if jpeg.segments().len() == before {
        return Some(picture.to_vec());
    }
    Some(jpeg.encoder().bytes().to_vec())
}

fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut png = Png::from_bytes(Bytes::copy_from_slice(bytes)).ok()?;
    png.chunks_mut()
        .retain(|chunk| !PNG_METADATA.contains(&chunk.kind()));
    Some(png.encoder().bytes().to_vec())
}

fn webp(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut webp = WebP::from_bytes(Bytes::copy_from_slice(bytes)).ok()?;
    let before = webp.chunks().len();
    webp.set_exif(None);
    webp.remove_chunks_by_id(*b"XMP ");
    if webp.chunks().len() == before {
        // What the container announces, and nothing behind it.
        let size = u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?);
        let end = usize::try_from(size).ok()?.checked_add(8)?;
        return Some(bytes[..end.min(bytes.len())].to_vec());
    }
    for chunk in webp.chunks_mut() {
        if chunk.id() == *b"VP8X"
            && let Some(data) = chunk.content().data()
        {
            let mut data = data.to_vec();
            if let Some(flags) = data.first_mut() {
                *flags &= !WEBP_XMP_FLAG;
            }
            *chunk = RiffChunk::new(*b"VP8X", RiffContent::Data(data.into()));
        }
    }
    Some(webp.encoder().bytes().to_vec())
}
