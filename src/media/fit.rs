//! Making a picture as large as the API takes, and no smaller.

use std::io::Cursor;

use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{DynamicImage, ImageEncoder as _};

use super::{Limits, Thumbnail};
use crate::chat::ImageFormat;

/// Where JPEG begins, and how far it goes down before pixels are given up.
const JPEG_QUALITIES: [u8; 4] = [92, 85, 78, 70];
/// How much smaller each try is, in percent of a side.
const SHRINK_PERCENT: u32 = 80;
/// A side below which making it smaller cannot help.
const SMALLEST_SIDE: u32 = 16;

/// A picture encoded within the limits.
pub struct Encoded {
    pub bytes: Vec<u8>,
    pub format: ImageFormat,
    pub width: u32,
    pub height: u32,
    /// Whether quality or pixels were given up to stay under the limit of bytes.
    pub squeezed: bool,
}

/// Encodes a picture so that it fits; `None` when it cannot.
///
/// Pictures with transparency, and those that were lossless, become PNG while that fits; all others
/// JPEG.
pub fn encode(image: &DynamicImage, lossless: bool, limits: &Limits) -> Option<Encoded> {
    let longest = image.width().max(image.height());
    let mut scaled = (longest > limits.image_side)
        .then(|| resize(image, limits.image_side, FilterType::Lanczos3));
    let transparent = image.color().has_alpha();
    let mut squeezed = false;
    loop {
        let current = scaled.as_ref().unwrap_or(image);
        if (lossless || transparent)
            && let Some(bytes) = png(current).filter(|bytes| bytes.len() <= limits.image_bytes)
        {
            return Some(encoded(current, bytes, ImageFormat::Png, squeezed));
        }
        if !transparent {
            for quality in JPEG_QUALITIES {
                let bytes = jpeg(current, quality)?;
                if bytes.len() <= limits.image_bytes {
                    return Some(encoded(current, bytes, ImageFormat::Jpeg, squeezed));
                }
                squeezed = true;
            }
        }
        squeezed = true;
        let side = current.width().max(current.height()) * SHRINK_PERCENT / 100;
        if side < SMALLEST_SIDE {
            return None;
        }
        scaled = Some(resize(current, side, FilterType::Lanczos3));
    }
}

/// A small picture of it.
pub fn thumbnail(image: &DynamicImage, limits: &Limits) -> Thumbnail {
    let small = if image.width().max(image.height()) > limits.thumbnail_side {
        resize(image, limits.thumbnail_side, FilterType::CatmullRom).into_rgba8()
    } else {
        image.to_rgba8()
    };
    Thumbnail {
        width: small.width(),
        height: small.height(),
        rgba: small.into_raw().into(),
    }
}

fn encoded(image: &DynamicImage, bytes: Vec<u8>, format: ImageFormat, squeezed: bool) -> Encoded {
    Encoded {
        bytes,
        format,
        width: image.width(),
        height: image.height(),
        squeezed,
    }
}

/// Scales so that the longer side has this many pixels.
fn resize(image: &DynamicImage, side: u32, filter: FilterType) -> DynamicImage {
    let longest = u64::from(image.width().max(image.height()));
    let scale = |length: u32| {
        let scaled = u64::from(length) * u64::from(side) / longest.max(1);
        u32::try_from(scaled.max(1)).unwrap_or(side)
    };
    let source = eight_bit(image);
    let mut target = DynamicImage::new(scale(image.width()), scale(image.height()), source.color());
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter));
    match Resizer::new().resize(&source, &mut target, &options) {
        Ok(()) => target,
        // Formats it does not know; slower, the same result.
        Err(_) => image.resize_exact(
            target.width(),
            target.height(),
            image::imageops::FilterType::Lanczos3,
        ),
    }
}

fn eight_bit(image: &DynamicImage) -> DynamicImage {
    if image.color().has_alpha() {
        DynamicImage::ImageRgba8(image.to_rgba8())
    } else {
        DynamicImage::ImageRgb8(image.to_rgb8())
    }
}

fn jpeg(image: &DynamicImage, quality: u8) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let pixels = image.to_rgb8();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode_image(&pixels)
        .ok()?;
    Some(bytes)
}

fn png(image: &DynamicImage) -> Option<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    let image = eight_bit(image);
    PngEncoder::new(&mut bytes)
        .write_image(
            image.as_bytes(),
            image.width(),
            image.height(),
            image.color().into(),
        )
        .ok()?;
    Some(bytes.into_inner())
}
