//! A picture on its way to a model, or one that a model made.

use std::fmt;
use std::io::Cursor;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use serde::{Deserialize, Serialize};

use super::Problem;
use crate::media::{self, Limits};

/// Most bytes of a picture: a request takes 25 MB, and base64 makes four bytes of three. Two pictures
/// and a mask may go together.
const MOST_BYTES: usize = 9_000_000;

/// An encoded picture, PNG or JPEG, with its size.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Picture {
    /// What people call it: the name of its file, without the folder.
    pub name: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// The encoded picture.
    #[serde(with = "base64_bytes")]
    pub bytes: Arc<[u8]>,
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            width,
            height,
            bytes,
        } = self;
        write!(
            f,
            "Picture({name:?}, {width} × {height}, {} bytes)",
            bytes.len()
        )
    }
}

impl Picture {
    /// A picture from a file's bytes: upright, without metadata, as PNG or JPEG. It blocks.
    ///
    /// # Errors
    /// What is wrong with the file, in words.
    pub fn open(name: &str, bytes: &[u8]) -> Result<Self, String> {
        let limits = Limits {
            image_bytes: MOST_BYTES,
            image_side: 16_384,
            ..Limits::converse()
        };
        let opened =
            media::open_image_bytes(name, bytes, &limits).map_err(|error| error.to_string())?;
        let image = opened.image().ok_or("this is no image")?;
        let crate::chat::MediaSource::Bytes(sent) = &image.prepared.source else {
            return Err("this is no image".to_owned());
        };
        let known = image::guess_format(sent).ok();
        let sent = if matches!(known, Some(ImageFormat::Png | ImageFormat::Jpeg)) {
            Arc::clone(sent)
        } else {
            let pixels = image::load_from_memory(sent).map_err(|error| error.to_string())?;
            png(&pixels)?
        };
        Ok(Self {
            name: name.to_owned(),
            width: image.width,
            height: image.height,
            bytes: sent,
        })
    }

    /// A picture from pixels, red, green, blue and alpha; it blocks.
    ///
    /// # Errors
    /// When there are fewer pixels than its size says.
    pub fn of_rgba(name: &str, width: u32, height: u32, rgba: Vec<u8>) -> Result<Self, String> {
        let pixels = RgbaImage::from_raw(width, height, rgba)
            .ok_or("there are fewer pixels than its size says")?;
        Ok(Self {
            name: name.to_owned(),
            width,
            height,
            bytes: png(&pixels.into())?,
        })
    }

    /// A picture that a model made; its size is read from its head.
    #[must_use]
    pub fn made(name: &str, bytes: Arc<[u8]>) -> Option<Self> {
        let (width, height) = media::pixel_size(&bytes)?;
        Some(Self {
            name: name.to_owned(),
            width,
            height,
            bytes,
        })
    }

    /// For a request. It blocks.
    pub(super) fn to_base64(&self) -> String {
        STANDARD.encode(&self.bytes)
    }

    /// For a model that takes no transparency: what is clear becomes white. It blocks.
    pub(super) fn to_opaque_base64(&self) -> Result<String, Problem> {
        let pixels = self.pixels()?;
        if !pixels.color().has_alpha() || pixels.to_rgba8().pixels().all(|pixel| pixel.0[3] == 255)
        {
            return Ok(self.to_base64());
        }
        let mut flat = pixels.to_rgba8();
        for pixel in flat.pixels_mut() {
            let [r, g, b, alpha] = pixel.0;
            let over_white = |channel: u8| {
                let (channel, alpha) = (u32::from(channel), u32::from(alpha));
                u8::try_from((channel * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
            };
            *pixel = Rgba([over_white(r), over_white(g), over_white(b), 255]);
        }
        let flat = DynamicImage::ImageRgba8(flat).to_rgb8();
        Ok(STANDARD.encode(png(&flat.into()).map_err(|_| self.unreadable())?))
    }

    /// As a mask of pure black and white. It blocks.
    pub(super) fn to_mask_base64(&self) -> Result<String, Problem> {
        let mut grey = self.pixels()?.to_luma8();
        for pixel in grey.pixels_mut() {
            pixel.0[0] = if pixel.0[0] < 128 { 0 } else { 255 };
        }
        let rgb = DynamicImage::ImageLuma8(grey).to_rgb8();
        Ok(STANDARD.encode(png(&rgb.into()).map_err(|_| self.unreadable())?))
    }

    pub(super) fn pixels(&self) -> Result<DynamicImage, Problem> {
        image::load_from_memory(&self.bytes).map_err(|_| self.unreadable())
    }

    fn unreadable(&self) -> Problem {
        Problem::Unreadable {
            name: self.name.clone(),
        }
    }
}

/// Encodes without loss.
pub(super) fn png(pixels: &DynamicImage) -> Result<Arc<[u8]>, String> {
    let mut bytes = Vec::new();
    pixels
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
        .map_err(|error| error.to_string())?;
    Ok(bytes.into())
}

/// Shared bytes as base64.
mod base64_bytes {
    use std::sync::Arc;

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize as _, Deserializer, Serializer, de};

    pub fn serialize<S: Serializer>(bytes: &Arc<[u8]>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<[u8]>, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD
            .decode(text)
            .map(Arc::from)
            .map_err(|error| de::Error::custom(format!("the text is no base64 ({error})")))
    }
}
