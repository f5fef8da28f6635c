//! Making a picture as large as the API takes, and no smaller.

use std::io::Cursor;

use bedrock_playground_pixels::{eight_bit, resize};
use image::codecs::png::PngEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageEncoder as _};
use libjpeg_turbo_rs::{Encoder, PixelFormat, Subsampling};

use super::{Limits, Reason, Thumbnail};
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
    /// Why it is smaller than it was.
    pub downscaled: Option<Reason>,
    /// Whether quality was given up to stay under the limit of bytes.
    pub squeezed: bool,
    pub thumbnail: Thumbnail,
}

/// How a picture is to be saved.
pub struct Saving<'a> {
    /// Whether it came from a format that loses nothing: PNG is tried first.
    pub lossless: bool,
    /// What its colours mean, when that is not sRGB.
    pub icc_profile: Option<&'a [u8]>,
}

/// Encodes a picture so that it fits; `None` when it cannot.
///
/// Pictures with transparency, and those that were lossless, become PNG while that fits; all others
/// JPEG. `full_size` is what the picture had before fewer pixels of it were decoded.
pub fn encode(
    image: DynamicImage,
    full_size: (u32, u32),
    saving: &Saving<'_>,
    limits: &Limits,
) -> Option<Encoded> {
    let mut image = eight_bit(image);
    let mut downscaled = None;
    let mut squeezed = false;
    let side = limits.longest_side();
    if full_size.0.max(full_size.1) > side {
        downscaled = Some(if side < limits.image_side {
            Reason::Chosen
        } else {
            Reason::Pixels
        });
        let target = scaled(full_size, side);
        if target != (image.width(), image.height()) {
            image = resize(image, target, FilterType::Lanczos3);
        }
    }
    loop {
        if let Some((bytes, format)) = try_encode(&image, saving, limits, &mut squeezed) {
            return Some(Encoded {
                bytes,
                format,
                width: image.width(),
                height: image.height(),
                downscaled,
                squeezed,
                thumbnail: thumbnail(image, limits),
            });
        }
        downscaled = Some(Reason::Bytes);
        let now = (image.width(), image.height());
        let side = now.0.max(now.1) * SHRINK_PERCENT / 100;
        if side < SMALLEST_SIDE {
            return None;
        }
        image = resize(image, scaled(now, side), FilterType::Lanczos3);
    }
}

/// Encodes at this size; `None` when that takes too many bytes.
fn try_encode(
    image: &DynamicImage,
    saving: &Saving<'_>,
    limits: &Limits,
    squeezed: &mut bool,
) -> Option<(Vec<u8>, ImageFormat)> {
    let fits = |bytes: &Vec<u8>| bytes.len() <= limits.image_bytes;
    let transparent = image.color().has_alpha();
    if saving.lossless || transparent {
        let bytes = png(image, saving.icc_profile).filter(fits);
        if let Some(bytes) = bytes {
            return Some((bytes, ImageFormat::Png));
        }
    }
    if transparent {
        return None;
    }
    for quality in JPEG_QUALITIES {
        if let Some(bytes) = jpeg(image, quality, saving.icc_profile).filter(fits) {
            return Some((bytes, ImageFormat::Jpeg));
        }
        *squeezed = true;
    }
    None
}

/// A small picture of it.
pub fn thumbnail(image: DynamicImage, limits: &Limits) -> Thumbnail {
    let size = (image.width(), image.height());
    let small = if size.0.max(size.1) > limits.thumbnail_side {
        resize(
            image,
            scaled(size, limits.thumbnail_side),
            FilterType::CatmullRom,
        )
        .into_rgba8()
    } else {
        image.into_rgba8()
    };
    Thumbnail {
        width: small.width(),
        height: small.height(),
        rgba: small.into_raw().into(),
    }
}

/// The size whose longer side has this many pixels.
fn scaled((width, height): (u32, u32), side: u32) -> (u32, u32) {
    let longest = u64::from(width.max(height)).max(1);
    let scale = |length: u32| {
        let scaled = u64::from(length) * u64::from(side) / longest;
        u32::try_from(scaled.max(1)).unwrap_or(side)
    };
    (scale(width), scale(height))
}

/// Colours at half the detail of brightness, as cameras save them and eyes see them.
fn jpeg(image: &DynamicImage, quality: u8, icc_profile: Option<&[u8]>) -> Option<Vec<u8>> {
    let rgb = image.as_rgb8()?;
    let side = |pixels: u32| usize::try_from(pixels).ok();
    let (width, height) = (side(rgb.width())?, side(rgb.height())?);
    let plain = || {
        Encoder::new(rgb, width, height, PixelFormat::Rgb)
            .quality(quality)
            .subsampling(Subsampling::S420)
    };
    // With a profile too long for the format the picture is shown as sRGB, which is the best it can do.
    icc_profile
        .and_then(|profile| plain().icc_profile(profile).encode().ok())
        .or_else(|| plain().encode().ok())
}

fn png(image: &DynamicImage, icc_profile: Option<&[u8]>) -> Option<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = PngEncoder::new(&mut bytes);
    if let Some(profile) = icc_profile {
        // One that the format cannot hold: the picture is shown as sRGB.
        encoder.set_icc_profile(profile.to_vec()).ok();
    }
    encoder
        .write_image(
            image.as_bytes(),
            image.width(),
            image.height(),
            image.color().into(),
        )
        .ok()?;
    Some(bytes.into_inner())
}
