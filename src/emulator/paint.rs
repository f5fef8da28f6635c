//! Pictures: drawn from the words, the seed and what came in, the same for the same request. Each says
//! that it is simulated.

mod amazon;
mod canvas;
mod letters;
mod stability;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::RgbaImage;
use serde_json::Value;

use super::api_error::ApiError;
use crate::catalog::ModelFacts;

/// Words that the simulated content policy rejects, so that a rejection can be looked at.
const REJECTED: [&str; 3] = ["gore", "nude", "nudity"];

/// Answers a request for images.
pub fn run(model: &ModelFacts, body: &Value, seed: u64) -> Result<Value, ApiError> {
    if model.id.starts_with("stability.") {
        stability::run(model, body, seed)
    } else {
        amazon::run(model, body, seed)
    }
}

/// Whether the simulated content policy rejects a prompt.
fn is_rejected(prompt: &str) -> bool {
    let words = prompt.to_lowercase();
    words
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| REJECTED.contains(&word))
}

/// A picture of a request.
fn decode(coded: &Value, refused: impl Fn() -> ApiError) -> Result<RgbaImage, ApiError> {
    let bytes = coded
        .as_str()
        .and_then(|text| STANDARD.decode(text).ok())
        .ok_or_else(&refused)?;
    image::load_from_memory(&bytes)
        .map(image::DynamicImage::into_rgba8)
        .map_err(|_| refused())
}
