//! Drawing: gradients and discs whose colours come from words and seed, and what is made of a picture
//! that came in.

use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::imageops::{self, FilterType};
use image::{ImageFormat, Rgba, RgbaImage};

use super::letters;
use crate::emulator::answer::fingerprint;
use crate::emulator::api_error::ApiError;

/// How far a colour may be from those of the corners and still be background, in all three channels.
const BACKGROUND: u32 = 90;

/// A picture of words.
pub(super) fn scene(text: &str, seed: u64, width: u32, height: u32) -> RgbaImage {
    let bits = fingerprint(&[text, "image"], seed);
    let byte = |index: u32| bits.rotate_left(index * 11).to_le_bytes()[0];
    let (top, bottom) = ([byte(0), byte(1), byte(2)], [byte(3), byte(4), byte(5)]);
    let discs: Vec<([u32; 3], [u8; 3])> = (0..4)
        .map(|index| {
            let place = |shift: u32, range: u32| u32::from(byte(index * 5 + shift)) * range / 255;
            let centre = [
                place(6, width),
                place(7, height),
                height.min(width) / (5 + index),
            ];
            (
                centre,
                [byte(index + 9), byte(index + 14), byte(index + 19)],
            )
        })
        .collect();
    RgbaImage::from_fn(width, height, |x, y| {
        let inside = discs.iter().find(|([cx, cy, radius], _)| {
            let (dx, dy) = (x.abs_diff(*cx), y.abs_diff(*cy));
            dx * dx + dy * dy < radius * radius
        });
        if let Some((_, colour)) = inside {
            return opaque(*colour);
        }
        let part = y * 255 / height.max(1);
        opaque([0, 1, 2].map(|channel| mixed(top[channel], bottom[channel], part)))
    })
}

/// Bands of the colours asked for, and the discs of the words on them.
pub(super) fn bands(colors: &[[u8; 3]], scene: &RgbaImage) -> RgbaImage {
    let (width, height) = scene.dimensions();
    let bands = u32::try_from(colors.len()).unwrap_or(1).max(1);
    RgbaImage::from_fn(width, height, |x, y| {
        let band = (x * bands / width.max(1)) as usize;
        let color = colors.get(band).copied().unwrap_or([128; 3]);
        let of_scene = scene.get_pixel(x, y).0;
        opaque([0, 1, 2].map(|channel| mixed(color[channel], of_scene[channel], 60)))
    })
}

/// One picture over the other, `share` of 255 of it.
pub(super) fn blend(below: &RgbaImage, above: &RgbaImage, share: u32) -> RgbaImage {
    let (width, height) = below.dimensions();
    RgbaImage::from_fn(width, height, |x, y| {
        let (a, b) = (below.get_pixel(x, y).0, above.get_pixel(x, y).0);
        Rgba([0, 1, 2, 3].map(|channel| mixed(a[channel], b[channel], share)))
    })
}

/// Where it says so, the other picture.
pub(super) fn replace(
    picture: &RgbaImage,
    other: &RgbaImage,
    changes: impl Fn(u32, u32) -> bool,
) -> RgbaImage {
    let (width, height) = picture.dimensions();
    RgbaImage::from_fn(width, height, |x, y| {
        *if changes(x, y) { other } else { picture }.get_pixel(x, y)
    })
}

/// Whether a point lies in the ellipse in the middle: what words for a mask cover here.
pub(super) fn in_the_middle((width, height): (u32, u32), x: u32, y: u32) -> bool {
    let part = |at: u32, side: u32| {
        let away = i64::from(at) * 2 - i64::from(side);
        away * away * 10_000 / (i64::from(side) * i64::from(side)).max(1)
    };
    // Half the width and half the height.
    part(x, width) + part(y, height) < 2_500
}

/// The picture in another size.
pub(super) fn resized(picture: &RgbaImage, width: u32, height: u32) -> RgbaImage {
    imageops::resize(picture, width.max(1), height.max(1), FilterType::Triangle)
}

/// The lines of a picture over a scene.
pub(super) fn outlines(picture: &RgbaImage, scene: &RgbaImage) -> RgbaImage {
    let (width, height) = scene.dimensions();
    let picture = resized(picture, width, height);
    let light = |x: u32, y: u32| {
        let [r, g, b, _] = picture.get_pixel(x.min(width - 1), y.min(height - 1)).0;
        i32::from(r) + i32::from(g) + i32::from(b)
    };
    RgbaImage::from_fn(width, height, |x, y| {
        let step = (light(x + 1, y) - light(x, y)).abs() + (light(x, y + 1) - light(x, y)).abs();
        if step > 60 {
            Rgba([15, 15, 20, 255])
        } else {
            *scene.get_pixel(x, y)
        }
    })
}

/// What has the colours of the corners becomes clear.
pub(super) fn without_background(picture: &RgbaImage) -> RgbaImage {
    let (width, height) = picture.dimensions();
    let corners = [
        (0, 0),
        (width - 1, 0),
        (0, height - 1),
        (width - 1, height - 1),
    ]
    .map(|(x, y)| picture.get_pixel(x, y).0);
    let near = |pixel: [u8; 4], corner: [u8; 4]| {
        (0..3)
            .map(|channel| u32::from(pixel[channel].abs_diff(corner[channel])))
            .sum::<u32>()
            < BACKGROUND
    };
    RgbaImage::from_fn(width, height, |x, y| {
        let pixel = picture.get_pixel(x, y).0;
        if corners.iter().any(|corner| near(pixel, *corner)) {
            Rgba([pixel[0], pixel[1], pixel[2], 0])
        } else {
            Rgba(pixel)
        }
    })
}

/// The picture with more around it.
pub(super) fn extended(picture: &RgbaImage, around: &RgbaImage, left: u32, up: u32) -> RgbaImage {
    let mut canvas = around.clone();
    imageops::replace(&mut canvas, picture, i64::from(left), i64::from(up));
    canvas
}

/// The word that it is simulated written into it, as PNG in base64.
pub(super) fn finish(mut picture: RgbaImage) -> Result<String, ApiError> {
    letters::stamp(&mut picture);
    let mut png = Vec::new();
    picture
        .write_to(&mut Cursor::new(&mut png), ImageFormat::Png)
        .map_err(|_| ApiError::internal())?;
    Ok(STANDARD.encode(png))
}

fn opaque([r, g, b]: [u8; 3]) -> Rgba<u8> {
    Rgba([r, g, b, 255])
}

/// `share` of 255 of the second.
fn mixed(from: u8, to: u8, share: u32) -> u8 {
    let share = share.min(255);
    let value = (u32::from(from) * (255 - share) + u32::from(to) * share) / 255;
    u8::try_from(value).unwrap_or(u8::MAX)
}
