//! From planes of brightness and colour difference to red, green and blue (ITU-T H.273, 8.3).

use image::{GrayImage, RgbImage};
use re_rav1d::dav1d::pixel::YUVRange;
use re_rav1d::dav1d::{Picture, PixelLayout, PlanarImageComponent, Plane};

use super::Failure;

/// How colours are coded.
#[derive(Clone, Copy, Debug)]
pub struct Colours {
    /// `MatrixCoefficients` of H.273.
    pub matrix: u16,
    /// Whether samples use all of their values.
    pub full_range: bool,
}

/// Red, green and blue of a picture; what the container does not say, its data does.
pub fn rgb(picture: &Picture, told: Option<Colours>) -> Result<RgbImage, Failure> {
    let colours = told.unwrap_or_else(|| Colours {
        matrix: picture.matrix_coefficients() as u16,
        full_range: full_range(picture),
    });
    let brightness = Samples::of(picture, PlanarImageComponent::Y)?;
    if picture.pixel_layout() == PixelLayout::I400 {
        let grey = brightness.levels(colours.full_range);
        return Ok(RgbImage::from_fn(
            picture.width(),
            picture.height(),
            |x, y| image::Rgb([to_byte(grey[brightness.at(x, y)]); 3]),
        ));
    }
    let (blue, red) = (
        Samples::of(picture, PlanarImageComponent::U)?,
        Samples::of(picture, PlanarImageComponent::V)?,
    );
    let (across, down) = match picture.pixel_layout() {
        PixelLayout::I420 => (1, 1),
        PixelLayout::I422 => (1, 0),
        PixelLayout::I400 | PixelLayout::I444 => (0, 0),
    };
    let level = brightness.levels(colours.full_range);
    let pixel: Box<dyn Fn(u32, u32) -> [f32; 3]> = if colours.matrix == 0 {
        // Identity: the planes are green, blue and red.
        Box::new(|x, y| {
            [
                level[red.at(x >> across, y >> down)],
                level[brightness.at(x, y)],
                level[blue.at(x >> across, y >> down)],
            ]
        })
    } else {
        let (of_red, of_blue) = weights(colours.matrix)?;
        let of_green = 1.0 - of_red - of_blue;
        let difference = blue.differences(colours.full_range);
        let (red, blue) = (&red, &blue);
        let (brightness, level) = (&brightness, &level);
        Box::new(move |x, y| {
            let bright = level[brightness.at(x, y)];
            let r = bright + 2.0 * (1.0 - of_red) * difference[red.at(x >> across, y >> down)];
            let b = bright + 2.0 * (1.0 - of_blue) * difference[blue.at(x >> across, y >> down)];
            [r, (bright - of_red * r - of_blue * b) / of_green, b]
        })
    };
    Ok(RgbImage::from_fn(
        picture.width(),
        picture.height(),
        |x, y| image::Rgb(pixel(x, y).map(to_byte)),
    ))
}

/// The brightness alone, as an alpha channel has it.
pub fn grey(picture: &Picture) -> Result<GrayImage, Failure> {
    let samples = Samples::of(picture, PlanarImageComponent::Y)?;
    let levels = samples.levels(full_range(picture));
    Ok(GrayImage::from_fn(
        picture.width(),
        picture.height(),
        |x, y| image::Luma([to_byte(levels[samples.at(x, y)])]),
    ))
}

fn full_range(picture: &Picture) -> bool {
    picture.color_range() == YUVRange::Full
}

/// How much of the brightness is red, and how much is blue.
fn weights(matrix: u16) -> Result<(f32, f32), Failure> {
    match matrix {
        1 => Ok((0.2126, 0.0722)),
        9 => Ok((0.2627, 0.0593)),
        // 5 and 6, and what most programs take for granted where nothing is said.
        2 | 5 | 6 => Ok((0.299, 0.114)),
        other => Err(Failure::Unsupported(format!(
            "colours coded by matrix {other}"
        ))),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a float stops at the ends of the integer"
)]
fn to_byte(level: f32) -> u8 {
    (level * 255.0).round() as u8
}

/// One plane.
struct Samples {
    plane: Plane,
    stride: usize,
    depth: usize,
}

impl Samples {
    fn of(picture: &Picture, component: PlanarImageComponent) -> Result<Self, Failure> {
        let depth = picture.bit_depth();
        let stride = picture.stride(component) as usize;
        let plane = picture.plane(component);
        if !matches!(depth, 8 | 10 | 12) || plane.is_empty() {
            return Err(Failure::Unsupported(format!("{depth} bits a sample")));
        }
        Ok(Self {
            plane,
            stride,
            depth,
        })
    }

    /// A sample's value; at least one that the tables hold.
    fn at(&self, x: u32, y: u32) -> usize {
        let (x, y) = (x as usize, y as usize);
        let row = y * self.stride;
        let value = if self.depth == 8 {
            self.plane.get(row + x).copied().map(u16::from)
        } else {
            let at = row + 2 * x;
            let pair = self.plane.get(at..at + 2);
            pair.map(|pair| u16::from_ne_bytes([pair[0], pair[1]]))
        };
        usize::from(value.unwrap_or(0)).min((1 << self.depth) - 1)
    }

    /// The brightness of each value, from 0 to 1.
    fn levels(&self, full_range: bool) -> Vec<f32> {
        let step = self.step();
        self.table(|value| {
            if full_range {
                value / (256.0 * step - 1.0)
            } else {
                (value - 16.0 * step) / (219.0 * step)
            }
        })
    }

    /// The colour difference of each value, from -1/2 to 1/2.
    fn differences(&self, full_range: bool) -> Vec<f32> {
        let step = self.step();
        self.table(|value| {
            let value = value - 128.0 * step;
            if full_range {
                value / (256.0 * step - 1.0)
            } else {
                value / (224.0 * step)
            }
        })
    }

    /// How many values there are for each of 8 bits.
    fn step(&self) -> f32 {
        f32::from(1_u16 << (self.depth - 8))
    }

    fn table(&self, of: impl Fn(f32) -> f32) -> Vec<f32> {
        (0..1_u16 << self.depth)
            .map(|value| of(f32::from(value)))
            .collect()
    }
}
