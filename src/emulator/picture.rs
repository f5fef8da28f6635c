//! What can be said of a picture without a model: format, size, orientation, colours and light.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, RgbImage};

use super::api_error::ApiError;

/// Pixels a side of the small copy that is looked at.
const SAMPLE: u32 = 32;
/// Most memory a decoded picture may take.
const MAX_ALLOC: u64 = 512 * 1024 * 1024;
/// A colour is named when it covers this share of the picture, in percent.
const NAMED_SHARE: usize = 12;
/// At most so many colours are named.
const NAMED_COLOURS: usize = 3;

/// A picture of a request.
#[derive(Clone, Debug)]
pub struct Picture {
    pub format: &'static str,
    pub width: u32,
    pub height: u32,
    pub orientation: Orientation,
    sample: RgbImage,
}

impl Picture {
    /// Decodes a picture as a model's service does: what it cannot read it refuses.
    pub fn decode(bytes: &[u8], declared: &str) -> Result<Self, ApiError> {
        let refused = || {
            ApiError::validation("The model returned the following errors: Could not process image")
        };
        let format = image::guess_format(bytes).map_err(|_| refused())?;
        let name = match format {
            ImageFormat::Png => "png",
            ImageFormat::Jpeg => "jpeg",
            ImageFormat::Gif => "gif",
            ImageFormat::WebP => "webp",
            _ => return Err(refused()),
        };
        if name != declared {
            return Err(ApiError::validation(format!(
                "The model returned the following errors: the image was specified using the image/{declared} \
                 media type, but the image appears to be a image/{name} image"
            )));
        }
        let mut decoder = ImageReader::with_format(Cursor::new(bytes), format)
            .into_decoder()
            .map_err(|_| refused())?;
        let (width, height) = decoder.dimensions();
        let mut limits = image::Limits::no_limits();
        limits.max_alloc = Some(MAX_ALLOC);
        decoder.set_limits(limits).map_err(|_| refused())?;
        if decoder.total_bytes() > MAX_ALLOC {
            return Err(refused());
        }
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let mut image = DynamicImage::from_decoder(decoder).map_err(|_| refused())?;
        image.apply_orientation(orientation);
        let sample = image.thumbnail_exact(SAMPLE, SAMPLE).into_rgb8();
        Ok(Self {
            format: name,
            width,
            height,
            orientation,
            sample,
        })
    }

    /// One phrase, as for alt text.
    pub fn phrase(&self) -> String {
        let (width, height) = self.upright_size();
        let shape = match width.cmp(&height) {
            std::cmp::Ordering::Greater => "landscape",
            std::cmp::Ordering::Less => "portrait",
            std::cmp::Ordering::Equal => "square",
        };
        let turned = if self.orientation == Orientation::NoTransforms {
            ""
        } else {
            ", stored turned and shown upright"
        };
        format!(
            "{} {shape} {} image, mostly {}, {}; {width} × {height} pixels{turned}",
            self.light(),
            self.format.to_uppercase(),
            self.colours().join(" and "),
            self.brightest_side(),
        )
    }

    /// Pixels across and down, as a person sees it.
    pub fn upright_size(&self) -> (u32, u32) {
        let sideways = matches!(
            self.orientation,
            Orientation::Rotate90
                | Orientation::Rotate270
                | Orientation::Rotate90FlipH
                | Orientation::Rotate270FlipH
        );
        if sideways {
            (self.height, self.width)
        } else {
            (self.width, self.height)
        }
    }

    /// The main colours, most of it first.
    pub fn colours(&self) -> Vec<&'static str> {
        let mut counts: Vec<(&'static str, usize)> = Vec::new();
        for pixel in self.sample.pixels() {
            let name = colour_name(pixel.0);
            match counts.iter_mut().find(|(known, _)| *known == name) {
                Some((_, count)) => *count += 1,
                None => counts.push((name, 1)),
            }
        }
        counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let pixels = (SAMPLE * SAMPLE) as usize;
        counts
            .iter()
            .enumerate()
            .filter(|(rank, (_, count))| *rank == 0 || count * 100 >= pixels * NAMED_SHARE)
            .take(NAMED_COLOURS)
            .map(|(_, (name, _))| *name)
            .collect()
    }

    fn light(&self) -> &'static str {
        match self.mean(|_, _| true) {
            0..=60 => "Dark",
            61..=110 => "Dim",
            111..=185 => "Evenly lit",
            _ => "Bright",
        }
    }

    fn brightest_side(&self) -> &'static str {
        let half = SAMPLE / 2;
        let sides = [
            ("brightest at the top", self.mean(|_, y| y < half)),
            ("brightest at the bottom", self.mean(|_, y| y >= half)),
            ("brightest on the left", self.mean(|x, _| x < half)),
            ("brightest on the right", self.mean(|x, _| x >= half)),
        ];
        let (name, most) = sides
            .iter()
            .max_by_key(|(_, light)| *light)
            .copied()
            .unwrap_or(("", 0));
        let least = sides.iter().map(|(_, light)| *light).min().unwrap_or(0);
        // Less than this is not seen.
        if most - least < 12 {
            "with even light"
        } else {
            name
        }
    }

    /// Mean luma of a part, 0–255.
    fn mean(&self, part: impl Fn(u32, u32) -> bool) -> u32 {
        let (mut sum, mut count) = (0, 0);
        for (x, y, pixel) in self.sample.enumerate_pixels() {
            if part(x, y) {
                sum += luma(pixel.0);
                count += 1;
            }
        }
        sum / count.max(1)
    }
}

/// Rec. 601 luma.
fn luma([r, g, b]: [u8; 3]) -> u32 {
    (299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b)) / 1_000
}

fn colour_name(rgb: [u8; 3]) -> &'static str {
    let [r, g, b] = rgb.map(i32::from);
    let (max, min) = (r.max(g).max(b), r.min(g).min(b));
    let chroma = max - min;
    if chroma < 28 {
        return match luma(rgb) {
            0..=45 => "black",
            46..=110 => "dark grey",
            111..=185 => "grey",
            186..=228 => "light grey",
            _ => "white",
        };
    }
    let sixth = |a: i32, b: i32| 60 * (a - b) / chroma;
    let hue = if max == r {
        (sixth(g, b) + 360) % 360
    } else if max == g {
        sixth(b, r) + 120
    } else {
        sixth(r, g) + 240
    };
    match hue {
        0..=14 | 346..=360 => "red",
        15..=44 if max < 150 => "brown",
        15..=44 => "orange",
        45..=69 => "yellow",
        70..=164 if max < 100 => "dark green",
        70..=164 => "green",
        165..=194 => "teal",
        195..=255 if max < 110 => "dark blue",
        195..=255 => "blue",
        256..=289 => "purple",
        _ => "pink",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(pixel: impl Fn(u32, u32) -> [u8; 3]) -> Vec<u8> {
        let mut bytes = Vec::new();
        RgbImage::from_fn(120, 60, |x, y| image::Rgb(pixel(x, y)))
            .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
            .unwrap();
        bytes
    }

    /// A third white (luma 240), two thirds blue (luma 52): mean 114, which is neither dark nor bright.
    #[test]
    fn a_picture_is_described_by_what_is_in_it() {
        let bytes = png(|_, y| {
            if y < 20 {
                [240, 240, 245]
            } else {
                [20, 40, 200]
            }
        });
        let phrase = Picture::decode(&bytes, "png").unwrap().phrase();
        assert_eq!(
            phrase,
            "Evenly lit landscape PNG image, mostly blue and white, brightest at the top; 120 × 60 pixels"
        );
    }

    #[test]
    fn what_is_no_image_or_another_one_is_refused() {
        assert!(Picture::decode(b"hello", "png").is_err());
        let bytes = png(|_, _| [0, 0, 0]);
        let error = Picture::decode(&bytes, "jpeg").unwrap_err();
        assert!(
            error.message.contains("appears to be a image/png image"),
            "{error:?}"
        );
    }
}
