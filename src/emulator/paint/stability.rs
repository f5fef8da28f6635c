//! Stability AI's models and image services: one picture a request.

use image::RgbaImage;
use serde_json::{Value, json};

use super::{canvas, decode, is_rejected};
use crate::catalog::ModelFacts;
use crate::emulator::api_error::ApiError;

/// The most a side is extended by, in pixels.
const MOST_ADDED: u64 = 2_000;
/// What upscaling with much freedom gives, in pixels.
const UPSCALED: f64 = 4_000_000.0;

pub(super) fn run(model: &ModelFacts, body: &Value, seed: u64) -> Result<Value, ApiError> {
    let service = Service {
        id: model.id,
        body,
        prompt: body["prompt"].as_str().unwrap_or_default(),
    };
    service.check()?;
    if is_rejected(service.prompt) {
        return Ok(json!({ "finish_reasons": ["Filter reason: prompt"] }));
    }
    let chosen = body["seed"].as_u64().unwrap_or(0);
    let picture = service.paint(chosen ^ seed)?;
    Ok(json!({
        "images": [canvas::finish(picture)?],
        "seeds": [chosen],
        "finish_reasons": [null],
    }))
}

struct Service<'a> {
    id: &'a str,
    body: &'a Value,
    prompt: &'a str,
}

impl Service<'_> {
    fn is(&self, part: &str) -> bool {
        self.id.contains(part)
    }

    /// Whether it makes pictures of words alone.
    fn generates(&self) -> bool {
        ["sd3", "stable-image-core", "stable-image-ultra"]
            .iter()
            .any(|part| self.is(part))
    }

    fn check(&self) -> Result<(), ApiError> {
        let wordless = ["fast-upscale", "erase-object", "remove-background"];
        let may_be_wordless = ["outpaint", "style-transfer"];
        let needs_words = !wordless
            .iter()
            .chain(&may_be_wordless)
            .any(|part| self.is(part));
        if needs_words && self.prompt.is_empty() {
            return Err(required("prompt"));
        }
        let mut needed = Vec::new();
        if self.is("style-transfer") {
            needed.extend(["init_image", "style_image"]);
        } else if !self.generates() || self.body["mode"] == "image-to-image" {
            needed.push("image");
        }
        if self.is("erase-object") || self.is("inpaint") {
            needed.push("mask");
        }
        if self.is("search-replace") {
            needed.push("search_prompt");
        }
        if self.is("search-recolor") {
            needed.push("select_prompt");
        }
        match needed.into_iter().find(|name| self.body[name].is_null()) {
            Some(name) => Err(required(name)),
            None => Ok(()),
        }
    }

    fn paint(&self, seed: u64) -> Result<RgbaImage, ApiError> {
        let scene = |(width, height)| canvas::scene(self.prompt, seed, width, height);
        let strength =
            |name: &str, default: f64| share(self.body[name].as_f64().unwrap_or(default));
        if self.is("style-transfer") {
            let picture = self.picture("init_image")?;
            let (width, height) = picture.dimensions();
            let style = canvas::resized(&self.picture("style_image")?, width, height);
            return Ok(canvas::blend(
                &picture,
                &style,
                strength("style_strength", 1.0) / 2,
            ));
        }
        if self.body["image"].is_null() {
            return Ok(scene(self.size()?));
        }
        let picture = self.picture("image")?;
        let size = picture.dimensions();
        Ok(if self.is("upscale") {
            self.upscaled(&picture)
        } else if self.is("erase-object") {
            let flat = canvas::scene("", seed, size.0, size.1);
            self.masked(&picture, &flat)?
        } else if self.is("inpaint") {
            self.masked(&picture, &scene(size))?
        } else if self.is("outpaint") {
            self.extended(&picture, scene)?
        } else if self.is("remove-background") {
            canvas::without_background(&picture)
        } else if self.is("search-replace") {
            canvas::replace(&picture, &scene(size), |x, y| {
                canvas::in_the_middle(size, x, y)
            })
        } else if self.is("search-recolor") {
            let tinted = canvas::blend(&picture, &scene(size), 140);
            canvas::replace(&picture, &tinted, |x, y| canvas::in_the_middle(size, x, y))
        } else if self.is("control-") {
            canvas::outlines(&picture, &scene(size))
        } else if self.is("style-guide") {
            let size = self.size()?;
            let style = canvas::resized(&picture, size.0, size.1);
            canvas::blend(&scene(size), &style, strength("fidelity", 0.5) / 2)
        } else {
            canvas::blend(&picture, &scene(size), strength("strength", 0.7))
        })
    }

    fn masked(&self, picture: &RgbaImage, with: &RgbaImage) -> Result<RgbaImage, ApiError> {
        let mask = self.picture("mask")?;
        if mask.dimensions() != picture.dimensions() {
            return Err(ApiError::validation(
                "mask: must have the same dimensions as image",
            ));
        }
        Ok(canvas::replace(picture, with, |x, y| {
            mask.get_pixel(x, y).0[0] >= 128
        }))
    }

    /// Fast is four times as many pixels a side, the others as many as they promise.
    fn upscaled(&self, picture: &RgbaImage) -> RgbaImage {
        let (width, height) = picture.dimensions();
        let pixels = f64::from(width) * f64::from(height);
        let times = if self.is("fast-upscale") {
            4.0_f64.min((4.0 * UPSCALED / pixels).sqrt())
        } else {
            (UPSCALED / pixels).sqrt().max(1.0)
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a side of a picture of some million pixels"
        )]
        let side = |side: u32| (f64::from(side) * times).round() as u32;
        canvas::resized(picture, side(width), side(height))
    }

    fn extended(
        &self,
        picture: &RgbaImage,
        scene: impl Fn((u32, u32)) -> RgbaImage,
    ) -> Result<RgbaImage, ApiError> {
        let mut added = [0; 4];
        for (pixels, name) in added.iter_mut().zip(["left", "right", "up", "down"]) {
            let asked = self.body[name].as_u64().unwrap_or(0);
            if asked > MOST_ADDED {
                return Err(ApiError::validation(format!(
                    "{name}: must be less than or equal to {MOST_ADDED}"
                )));
            }
            *pixels = u32::try_from(asked).unwrap_or(0);
        }
        let [left, right, up, down] = added;
        if added.iter().all(|pixels| *pixels == 0) {
            return Err(ApiError::validation(
                "At least one outpainting direction (left, right, up or down) must be supplied with a non-zero value",
            ));
        }
        let (width, height) = picture.dimensions();
        let around = scene((width + left + right, height + up + down));
        Ok(canvas::extended(picture, &around, left, up))
    }

    fn picture(&self, name: &str) -> Result<RgbaImage, ApiError> {
        decode(&self.body[name], || {
            ApiError::validation(format!("{name}: could not be decoded as an image"))
        })
    }

    fn size(&self) -> Result<(u32, u32), ApiError> {
        Ok(match self.body["aspect_ratio"].as_str().unwrap_or("1:1") {
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
        })
    }
}

fn required(name: &str) -> ApiError {
    ApiError::validation(format!("{name}: is required"))
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
