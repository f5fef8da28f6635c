//! From bytes to upright pixels, within the memory allowed.

use std::io::Cursor;
use std::panic::catch_unwind;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader};

use super::size::upright;
use super::{Format, Limits, MediaError, avif, gif, heic, jpeg, svg, tiff};

const MEGABYTE: u64 = 1_000_000;

/// A decoded picture.
pub struct Decoded {
    /// The pixels, upright; fewer than there are where fewer are enough.
    pub image: DynamicImage,
    /// Pixels across and down that there are, upright.
    pub full_size: (u32, u32),
    /// Whether they had to be turned.
    pub turned: bool,
    /// What its red, green and blue mean, when that is not sRGB.
    pub icc_profile: Option<Vec<u8>>,
}

/// Decodes a picture, or what is enough for a longest side of this many pixels. The size is checked
/// before any pixel is decoded.
///
/// Decoders are other people's code on anybody's bytes: one that panics has found a file it cannot
/// handle, and the next file goes on.
pub fn decode(
    name: &str,
    bytes: &[u8],
    format: Format,
    enough: u32,
    limits: &Limits,
) -> Result<Decoded, MediaError> {
    let plain = |image: DynamicImage| Decoded {
        full_size: (image.width(), image.height()),
        image,
        turned: false,
        icc_profile: None,
    };
    let work = || match format {
        Format::Raster(format) => decode_raster(name, bytes, format, enough, limits),
        Format::Avif => avif::decode(name, bytes, limits).map(|(image, icc_profile)| Decoded {
            icc_profile: icc_profile.filter(is_rgb_profile),
            ..plain(image)
        }),
        Format::Heic => heic::decode(name, bytes, limits).map(plain),
        Format::Svg => svg::draw(name, bytes, limits).map(plain),
    };
    catch_unwind(work).unwrap_or_else(|_| {
        Err(MediaError::UnsupportedForm {
            name: name.to_owned(),
            format: format.name(),
            reason: "the decoder gave up".to_owned(),
        })
    })
}

fn decode_raster(
    name: &str,
    bytes: &[u8],
    format: ImageFormat,
    enough: u32,
    limits: &Limits,
) -> Result<Decoded, MediaError> {
    if format == ImageFormat::Tiff && tiff::has_tiled_planes(bytes) {
        return Err(MediaError::UnsupportedForm {
            name: name.to_owned(),
            format: Format::Raster(format).name(),
            reason: "each colour is stored apart, in tiles".to_owned(),
        });
    }
    let damaged = |error: ImageError| damaged(name, bytes, format, &error);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    // The size is checked here, with a better message.
    reader.no_limits();
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    let needed = decoder.total_bytes() + working_memory(bytes, format, width, height);
    if needed > limits.decoded_bytes {
        return Err(MediaError::TooManyPixels {
            name: name.to_owned(),
            width,
            height,
            megabytes: needed / MEGABYTE,
            limit: limits.decoded_bytes / MEGABYTE,
        });
    }
    if format == ImageFormat::Jpeg && !jpeg::is_complete(bytes) {
        return Err(MediaError::CutOff {
            name: name.to_owned(),
        });
    }
    let mut memory = image::Limits::no_limits();
    memory.max_alloc = Some(limits.decoded_bytes);
    decoder.set_limits(memory).map_err(damaged)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let icc_profile = decoder.icc_profile().ok().flatten().filter(is_rgb_profile);
    let smaller = (format == ImageFormat::Jpeg)
        .then(|| jpeg::decode_smaller(bytes, enough, limits))
        .flatten();
    let mut image = match smaller {
        Some(smaller) => smaller,
        None => DynamicImage::from_decoder(decoder).map_err(damaged)?,
    };
    image.apply_orientation(orientation);
    Ok(Decoded {
        image,
        full_size: upright((width, height), orientation),
        turned: orientation != Orientation::NoTransforms,
        icc_profile,
    })
}

/// What a decoder takes beside the pixels it gives.
fn working_memory(bytes: &[u8], format: ImageFormat, width: u32, height: u32) -> u64 {
    let pixels = u64::from(width) * u64::from(height);
    match format {
        // Its passes refine coefficients of 16 bits, of at most four components, kept to the end.
        ImageFormat::Jpeg => jpeg::components_kept(bytes) * 2 * pixels,
        _ => 0,
    }
}

/// Whether a profile describes red, green and blue, which is what every picture is decoded to. One
/// for ink or grey would be wrong then. ICC.1, 7.2: the data colour space is at byte 16.
#[expect(clippy::ptr_arg, reason = "the shape that `Option::filter` asks for")]
fn is_rgb_profile(profile: &Vec<u8>) -> bool {
    profile.get(16..20) == Some(b"RGB ")
}

/// A decoder that runs out of bytes has a file that was cut off.
fn damaged(name: &str, bytes: &[u8], format: ImageFormat, error: &ImageError) -> MediaError {
    let name = name.to_owned();
    let ran_out = match error {
        ImageError::IoError(error) => error.kind() == std::io::ErrorKind::UnexpectedEof,
        _ => match format {
            ImageFormat::Jpeg => !jpeg::is_complete(bytes),
            ImageFormat::Gif => !gif::is_complete(bytes),
            _ => false,
        },
    };
    if ran_out {
        MediaError::CutOff { name }
    } else if let ImageError::Unsupported(reason) = error {
        MediaError::UnsupportedForm {
            name,
            format: Format::Raster(format).name(),
            reason: reason.to_string(),
        }
    } else {
        MediaError::Damaged {
            name,
            reason: error.to_string(),
        }
    }
}
