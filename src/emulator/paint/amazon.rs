//! Nova Canvas and Titan Image Generator.

use image::RgbaImage;
use serde_json::{Value, json};

use super::{canvas, decode, is_rejected};
use crate::catalog::ModelFacts;
use crate::emulator::api_error::ApiError;

/// Sides of Nova Canvas: range, step, ratio, and pixels in all.
const SIDES: std::ops::RangeInclusive<u32> = 320..=4_096;
const STEP: u32 = 16;
const RATIO: u32 = 4;
const PIXELS: u32 = 4_194_304;
/// Images in one answer.
const MOST_IMAGES: u64 = 5;
/// Widths and heights of Titan.
const TITAN_SIZES: [(u32, u32); 25] = [
    (1024, 1024),
    (768, 768),
    (512, 512),
    (768, 1152),
    (384, 576),
    (1152, 768),
    (576, 384),
    (768, 1280),
    (384, 640),
    (1280, 768),
    (640, 384),
    (896, 1152),
    (448, 576),
    (1152, 896),
    (576, 448),
    (768, 1408),
    (384, 704),
    (1408, 768),
    (704, 384),
    (640, 1408),
    (320, 704),
    (1408, 640),
    (704, 320),
    (1152, 640),
    (1173, 640),
];

/// What a task paints with.
struct Task<'a> {
    parameters: &'a Value,
    text: &'a str,
    is_canvas: bool,
}

pub(super) fn run(model: &ModelFacts, body: &Value, seed: u64) -> Result<Value, ApiError> {
    let task = body["taskType"].as_str().unwrap_or_default();
    let member = match task {
        "TEXT_IMAGE" => "textToImageParams",
        "IMAGE_VARIATION" => "imageVariationParams",
        "INPAINTING" => "inPaintingParams",
        "OUTPAINTING" => "outPaintingParams",
        "COLOR_GUIDED_GENERATION" => "colorGuidedGenerationParams",
        "BACKGROUND_REMOVAL" => "backgroundRemovalParams",
        _ => {
            return Err(malformed(&format!(
                "#/taskType: {task} is not a valid enum value"
            )));
        }
    };
    if !body[member].is_object() {
        return Err(malformed(&format!("#: required key [{member}] not found")));
    }
    let is_canvas = model.id.starts_with("amazon.nova-canvas");
    let painting = Task {
        parameters: &body[member],
        text: body[member]["text"].as_str().unwrap_or_default(),
        is_canvas,
    };
    painting.check_text(task, member)?;
    let config = &body["imageGenerationConfig"];
    let size = size(config, is_canvas)?;
    let count = config["numberOfImages"].as_u64().unwrap_or(1);
    if !(1..=MOST_IMAGES).contains(&count) {
        return Err(ApiError::validation(format!(
            "numberOfImages must be between 1 and {MOST_IMAGES}."
        )));
    }
    if let Some(scale) = config["cfgScale"].as_f64()
        && !(1.1..=10.0).contains(&scale)
    {
        return Err(malformed(&format!(
            "#/imageGenerationConfig/cfgScale: {scale} is not between 1.1 and 10.0"
        )));
    }
    let chosen = config["seed"].as_u64().unwrap_or(12);
    let images: Vec<String> = (0..count)
        .map(|index| {
            let seed = chosen.wrapping_add(index) ^ seed;
            canvas::finish(painting.paint(task, seed, size)?)
        })
        .collect::<Result<_, _>>()?;
    Ok(json!({ "images": images, "error": null }))
}

impl Task<'_> {
    fn check_text(&self, task: &str, member: &str) -> Result<(), ApiError> {
        let most = if self.is_canvas { 1_024 } else { 512 };
        let length = self.text.chars().count();
        let needed = matches!(
            task,
            "TEXT_IMAGE" | "OUTPAINTING" | "COLOR_GUIDED_GENERATION"
        );
        if needed && length == 0 {
            return Err(malformed(&format!(
                "#/{member}: required key [text] not found"
            )));
        }
        if length > most {
            return Err(malformed(&format!(
                "#/{member}/text: expected maxLength: {most}, actual: {length}"
            )));
        }
        if is_rejected(self.text) {
            return Err(ApiError::validation(
                "This request has been blocked by our content filters. Our filters automatically flagged \
                 this prompt because it may conflict our AUP or AWS Responsible AI Policy. Please adjust \
                 your text prompt and submit a new request.",
            ));
        }
        Ok(())
    }

    fn paint(
        &self,
        task: &str,
        seed: u64,
        (width, height): (u32, u32),
    ) -> Result<RgbaImage, ApiError> {
        let scene = |(width, height)| canvas::scene(self.text, seed, width, height);
        Ok(match task {
            "INPAINTING" => self.inpaint(scene)?,
            "OUTPAINTING" => self.outpaint(scene)?,
            "BACKGROUND_REMOVAL" => canvas::without_background(&self.picture("image")?),
            "IMAGE_VARIATION" => {
                let first = self.picture_of(&self.parameters["images"][0], "images")?;
                let alike = self.parameters["similarityStrength"]
                    .as_f64()
                    .unwrap_or(0.7);
                let first = canvas::resized(&first, width, height);
                canvas::blend(&first, &scene((width, height)), share(1.0 - alike))
            }
            "COLOR_GUIDED_GENERATION" => canvas::bands(&self.colors()?, &scene((width, height))),
            _ if !self.parameters["conditionImage"].is_null() => {
                let condition = self.picture("conditionImage")?;
                canvas::outlines(&condition, &scene((width, height)))
            }
            _ => scene((width, height)),
        })
    }

    /// Black is painted anew.
    fn inpaint(&self, scene: impl Fn((u32, u32)) -> RgbaImage) -> Result<RgbaImage, ApiError> {
        let picture = self.picture("image")?;
        let size = picture.dimensions();
        let mask = self.mask(size)?;
        Ok(canvas::replace(
            &picture,
            &scene(size),
            |x, y| match &mask {
                Some(mask) => mask.get_pixel(x, y).0[0] == 0,
                None => canvas::in_the_middle(size, x, y),
            },
        ))
    }

    /// White is painted anew.
    fn outpaint(&self, scene: impl Fn((u32, u32)) -> RgbaImage) -> Result<RgbaImage, ApiError> {
        let picture = self.picture("image")?;
        let size = picture.dimensions();
        let mask = self.mask(size)?;
        Ok(canvas::replace(
            &picture,
            &scene(size),
            |x, y| match &mask {
                Some(mask) => mask.get_pixel(x, y).0[0] != 0,
                None => !canvas::in_the_middle(size, x, y),
            },
        ))
    }

    fn picture(&self, name: &str) -> Result<RgbaImage, ApiError> {
        self.picture_of(&self.parameters[name], name)
    }

    fn picture_of(&self, coded: &Value, name: &str) -> Result<RgbaImage, ApiError> {
        let picture = decode(coded, || {
            ApiError::validation(format!("The provided {name} could not be decoded."))
        })?;
        let (width, height) = picture.dimensions();
        let fits = !self.is_canvas || (SIDES.contains(&width) && SIDES.contains(&height));
        if !fits {
            return Err(ApiError::validation(format!(
                "The provided {name} is {width} x {height}: each side must have {} to {} pixels.",
                SIDES.start(),
                SIDES.end()
            )));
        }
        Ok(picture)
    }

    fn mask(&self, size: (u32, u32)) -> Result<Option<RgbaImage>, ApiError> {
        if self.parameters["maskImage"].is_null() {
            let words = self.parameters["maskPrompt"].as_str().unwrap_or_default();
            if words.is_empty() {
                return Err(ApiError::validation(
                    "Either maskPrompt or maskImage must be provided.",
                ));
            }
            return Ok(None);
        }
        let mask = decode(&self.parameters["maskImage"], || {
            ApiError::validation("The provided maskImage could not be decoded.")
        })?;
        if mask.dimensions() != size {
            return Err(ApiError::validation(
                "The mask image must have the same dimensions as the input image.",
            ));
        }
        let pure = |channel: &u8| matches!(channel, 0 | 255);
        if !mask.pixels().all(|pixel| pixel.0[..3].iter().all(pure)) {
            return Err(ApiError::validation(
                "The mask image must contain only pure black and pure white pixels.",
            ));
        }
        Ok(Some(mask))
    }

    fn colors(&self) -> Result<Vec<[u8; 3]>, ApiError> {
        let wrong = || {
            malformed(
                "#/colorGuidedGenerationParams/colors: expected 1 to 10 colors such as #FF9800",
            )
        };
        let listed = self.parameters["colors"].as_array().ok_or_else(wrong)?;
        if !(1..=10).contains(&listed.len()) {
            return Err(wrong());
        }
        listed
            .iter()
            .map(|color| {
                let digits = color.as_str()?.strip_prefix('#')?;
                let value = u32::from_str_radix(digits, 16).ok()?;
                let [_, r, g, b] = value.to_be_bytes();
                (digits.len() == 6).then_some([r, g, b])
            })
            .map(|color| color.ok_or_else(wrong))
            .collect()
    }
}

fn malformed(what: &str) -> ApiError {
    ApiError::validation(format!(
        "Malformed input request: {what}, please reformat your input and try again."
    ))
}

/// A share of one as a share of 255.
fn share(of_one: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0 to 255"
    )]
    let share = (of_one.clamp(0.0, 1.0) * 255.0) as u32;
    share
}

fn size(config: &Value, is_canvas: bool) -> Result<(u32, u32), ApiError> {
    let side = |name: &str| {
        config[name]
            .as_u64()
            .map_or(Ok(1_024), u32::try_from)
            .unwrap_or(u32::MAX)
    };
    let (width, height) = (side("width"), side("height"));
    if !is_canvas {
        return if TITAN_SIZES.contains(&(width, height)) {
            Ok((width, height))
        } else {
            Err(ApiError::validation(format!(
                "Invalid image size {width} x {height}: it is none of the sizes this model supports."
            )))
        };
    }
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
    Ok((width, height))
}
