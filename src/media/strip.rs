//! Taking metadata out of a file without touching a pixel.

use image::ImageFormat;
use img_parts::jpeg::{Jpeg, markers};
use img_parts::png::Png;
use img_parts::webp::WebP;
use img_parts::{Bytes, ImageEXIF as _};

/// PNG chunks that hold text or EXIF; none of them changes how the picture looks.
const PNG_METADATA: [[u8; 4]; 5] = [*b"eXIf", *b"iTXt", *b"tEXt", *b"zTXt", *b"tIME"];

/// The flag of the `XMP ` chunk in `VP8X` (WebP container specification).
const WEBP_XMP_FLAG: u8 = 0b0000_0100;

/// The file without EXIF, XMP, IPTC and comments; `None` when it has none, or cannot be taken
/// apart. Colour profiles stay.
pub fn without_metadata(bytes: &[u8], format: ImageFormat) -> Option<Vec<u8>> {
    let bytes = Bytes::copy_from_slice(bytes);
    match format {
        ImageFormat::Jpeg => jpeg(bytes),
        ImageFormat::Png => png(bytes),
        ImageFormat::WebP => webp(bytes),
        _ => None,
    }
}

fn jpeg(bytes: Bytes) -> Option<Vec<u8>> {
    let mut jpeg = Jpeg::from_bytes(bytes).ok()?;
    let before = jpeg.segments().len();
    jpeg.segments_mut().retain(|segment| {
        !matches!(
            segment.marker(),
            markers::APP1 | markers::APP13 | markers::COM
        )
    });
    (jpeg.segments().len() < before).then(|| jpeg.encoder().bytes().to_vec())
}

fn png(bytes: Bytes) -> Option<Vec<u8>> {
    let mut png = Png::from_bytes(bytes).ok()?;
    let before = png.chunks().len();
    png.chunks_mut()
        .retain(|chunk| !PNG_METADATA.contains(&chunk.kind()));
    (png.chunks().len() < before).then(|| png.encoder().bytes().to_vec())
}

fn webp(bytes: Bytes) -> Option<Vec<u8>> {
    let mut webp = WebP::from_bytes(bytes).ok()?;
    let before = webp.chunks().len();
    webp.set_exif(None);
    webp.remove_chunks_by_id(*b"XMP ");
    if webp.chunks().len() == before {
        return None;
    }
    for chunk in webp.chunks_mut() {
        if chunk.id() == *b"VP8X"
            && let Some(data) = chunk.content().data()
        {
            let mut data = data.to_vec();
            if let Some(flags) = data.first_mut() {
                *flags &= !WEBP_XMP_FLAG;
            }
            *chunk = img_parts::riff::RiffChunk::new(
                *b"VP8X",
                img_parts::riff::RiffContent::Data(data.into()),
            );
        }
    }
    Some(webp.encoder().bytes().to_vec())
}
