//! Photographs as phones save them: HEVC in a HEIF container, decoded in pure Rust.

use heifer::heifer_isobmff::HeifFile;
use heifer::{Error, Options};
use image::{DynamicImage, RgbImage, RgbaImage};

use super::{Limits, MediaError};

const MEGABYTE: u64 = 1_000_000;

/// What decoding takes for each pixel: planes of 16 bits, red, green, blue and alpha, and a second
/// time while it is turned.
const BYTES_PER_PIXEL: u64 = 12;

/// Decodes the main picture, upright and in sRGB.
pub fn decode(name: &str, bytes: &[u8], limits: &Limits) -> Result<DynamicImage, MediaError> {
    let failed = |error: Error| failed(name, &error);
    let file = HeifFile::parse(bytes).map_err(|error| failed(error.into()))?;
    let size = file.image_size(file.primary_id).ok().flatten();
    if let Some((width, height)) = size {
        let needed = u64::from(width) * u64::from(height) * BYTES_PER_PIXEL;
        if needed > limits.decoded_bytes {
            return Err(MediaError::TooManyPixels {
                name: name.to_owned(),
                width,
                height,
                megabytes: needed / MEGABYTE,
                limit: limits.decoded_bytes / MEGABYTE,
            });
        }
    }
    drop(file);
    let options = Options {
        // Several pictures are opened at once already.
        max_threads: 1,
        max_pixels: limits.decoded_bytes / BYTES_PER_PIXEL,
    };
    let image = match heifer::decode_srgb_rgba8(bytes, &options) {
        // Colours it cannot convert, high dynamic range among them: shown as they are.
        Err(Error::Unsupported(_)) => heifer::decode_rgba8(bytes, &options),
        decoded => decoded,
    }
    .map_err(failed)?;
    let (width, height, has_alpha) = (image.width, image.height, image.has_alpha);
    let decoded = if has_alpha {
        RgbaImage::from_raw(width, height, image.data).map(DynamicImage::ImageRgba8)
    } else {
        RgbImage::from_raw(width, height, image.into_rgb8()).map(DynamicImage::ImageRgb8)
    };
    decoded.ok_or_else(|| MediaError::Damaged {
        name: name.to_owned(),
        reason: "fewer pixels than its size says".to_owned(),
    })
}

fn failed(name: &str, error: &Error) -> MediaError {
    let name = name.to_owned();
    match error {
        Error::Container(heifer::heifer_isobmff::Error::UnexpectedEof)
        | Error::Hevc(heifer::heifer_hevc_dec::Error::UnexpectedEof) => MediaError::CutOff { name },
        Error::Unsupported(_)
        | Error::Container(heifer::heifer_isobmff::Error::Unimplemented(_))
        | Error::Hevc(heifer::heifer_hevc_dec::Error::Unimplemented(_)) => {
            MediaError::UnsupportedForm {
                name,
                format: "HEIC",
                reason: error.to_string(),
            }
        }
        error => MediaError::Damaged {
            name,
            reason: error.to_string(),
        },
    }
}
