//! Images: a gradient and discs whose colours come from the prompt and the seed; the same for both.

use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};

use super::answer::fingerprint;
use super::api_error::ApiError;
use crate::catalog::ModelFacts;

/// Sides of Nova Canvas: range, step, ratio, and pixels in all.
const SIDES: std::ops::RangeInclusive<u32> = 320..=4_096;
const STEP: u32 = 16;
const RATIO: u32 = 4;
const PIXELS: u32 = 4_194_304;
/// Images in one answer.
const MOST_IMAGES: u64 = 5;

/// Answers a request for images.
pub fn run(model: &ModelFacts, body: &Value, seed: u64) -> Result<Value, ApiError> {
    if model.id.starts_with("stability.") {
        stability(body, seed)
    } else {
        amazon(body, seed)
    }
}

fn amazon(body: &Value, seed: u64) -> Result<Value, ApiError> {
    let task = body["taskType"].as_str().unwrap_or_default();
    let parameters = match task {
        "TEXT_IMAGE" => "textToImageParams",
        "IMAGE_VARIATION" => "imageVariationParams",
        "INPAINTING" => "inPaintingParams",
        "OUTPAINTING" => "outPaintingParams",
        "COLOR_GUIDED_GENERATION" => "colorGuidedGenerationParams",
        "BACKGROUND_REMOVAL" => "backgroundRemovalParams",
        _ => {
            return Err(ApiError::validation(format!(
                "Malformed input request: #/taskType: {task} is not a valid enum value, please reformat your input and try again."
            )));
        }
    };
    if !body[parameters].is_object() {
        return Err(ApiError::validation(format!(
            "Malformed input request: #: required key [{parameters}] not found, please reformat your input and try again."
        )));
    }
    let text = body[parameters]["text"].as_str().unwrap_or_default();
    let config = &body["imageGenerationConfig"];
    let side = |name: &str| {
        config[name]
            .as_u64()
            .map_or(Ok(1_024), u32::try_from)
            .unwrap_or(u32::MAX)
    };
    let (width, height) = (side("width"), side("height"));
    size(width, height)?;
    let count = config["numberOfImages"].as_u64().unwrap_or(1);
    if !(1..=MOST_IMAGES).contains(&count) {
        return Err(ApiError::validation(format!(
            "numberOfImages must be between 1 and {MOST_IMAGES}."
        )));
    }
    let chosen = config["seed"].as_u64().unwrap_or(12);
    let images: Vec<String> = (0..count)
        .map(|index| paint(text, chosen.wrapping_add(index) ^ seed, width, height))
        .collect::<Result<_, _>>()?;
    Ok(json!({ "images": images, "error": null }))
}

fn stability(body: &Value, seed: u64) -> Result<Value, ApiError> {
    let prompt = body["prompt"].as_str().filter(|prompt| !prompt.is_empty());
    if prompt.is_none() && body["image"].is_null() {
        return Err(ApiError::validation("prompt: is required"));
    }
    let (width, height) = match body["aspect_ratio"].as_str().unwrap_or("1:1") {
        "1:1" => (1_024, 1_024),
        "16:9" => (1_344, 768),
        "9:16" => (768, 1_344),
        "3:2" => (1_216, 832),
        "2:3" => (832, 1_216),
        "4:5" => (896, 1_088),
        "5:4" => (1_088, 896),
        "21:9" => (1_536, 640),
        "9:21" => (640, 1_536),
        other => {
            return Err(ApiError::validation(format!(
                "aspect_ratio: {other} is not supported"
            )));
        }
    };
    let chosen = body["seed"].as_u64().unwrap_or(0);
    let image = paint(prompt.unwrap_or_default(), chosen ^ seed, width, height)?;
    Ok(json!({ "images": [image], "seeds": [chosen], "finish_reasons": [null] }))
}

fn size(width: u32, height: u32) -> Result<(), ApiError> {
    let bad = [width, height]
        .iter()
        .any(|side| !SIDES.contains(side) || !side.is_multiple_of(STEP))
        || width > height * RATIO
        || height > width * RATIO
        || width.saturating_mul(height) >= PIXELS;
    if bad {
        return Err(ApiError::validation(format!(
            "Invalid image size {width} x {height}: sides must be {} to {} and multiples of {STEP}, \
             the ratio between 1:{RATIO} and {RATIO}:1, and the pixels fewer than {PIXELS}.",
            SIDES.start(),
            SIDES.end()
        )));
    }
    Ok(())
}

fn paint(text: &str, seed: u64, width: u32, height: u32) -> Result<String, ApiError> {
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
    let image = RgbImage::from_fn(width, height, |x, y| {
        let inside = discs.iter().find(|([cx, cy, radius], _)| {
            let (dx, dy) = (x.abs_diff(*cx), y.abs_diff(*cy));
            dx * dx + dy * dy < radius * radius
        });
        if let Some((_, colour)) = inside {
            return Rgb(*colour);
        }
        let mix = |from: u8, to: u8| {
            let value = (u32::from(from) * (height - y) + u32::from(to) * y) / height;
            u8::try_from(value).unwrap_or(u8::MAX)
        };
        Rgb([
            mix(top[0], bottom[0]),
            mix(top[1], bottom[1]),
            mix(top[2], bottom[2]),
        ])
    });
    let mut png = Vec::new();
    image
        .write_to(&mut Cursor::new(&mut png), ImageFormat::Png)
        .map_err(|_| ApiError::internal())?;
    Ok(STANDARD.encode(png))
}
