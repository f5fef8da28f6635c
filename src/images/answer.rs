//! What came back, read from the model's own JSON.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;

/// A picture that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The encoded picture.
    pub bytes: Arc<[u8]>,
    /// The seed it was made from, where it is known.
    pub seed: Option<u32>,
}

/// An answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// What was made.
    pub images: Vec<Made>,
    /// What was made and held back, or not made at all, in the service's words.
    pub rejected: Option<String>,
}

/// The answer is not what such an answer is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the model's answer cannot be read: {0}")]
pub struct Unreadable(String);

#[derive(Deserialize)]
struct Native {
    #[serde(default)]
    images: Vec<Option<String>>,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    seeds: Vec<Value>,
    #[serde(default)]
    finish_reasons: Vec<Option<String>>,
}

/// Words of the service that mean its content policy; it says so in a refusal too.
const POLICY_WORDS: [&str; 2] = ["content filter", "Responsible AI"];

impl Answer {
    /// Reads an answer; the first picture was made from the seed, those after it from the next ones.
    /// It blocks.
    ///
    /// # Errors
    /// When it is no JSON of either form, or its pictures are no base64.
    pub fn read(body: &[u8], seed: Option<u32>) -> Result<Self, Unreadable> {
        let native: Native =
            serde_json::from_slice(body).map_err(|error| Unreadable(error.to_string()))?;
        let mut images = Vec::new();
        for (index, coded) in native.images.iter().enumerate() {
            let Some(coded) = coded.as_deref().filter(|coded| !coded.is_empty()) else {
                continue;
            };
            let bytes = STANDARD
                .decode(coded)
                .map_err(|error| Unreadable(error.to_string()))?;
            // Amazon's models count up from the seed; Stability's say which one it was.
            let said = native.seeds.get(index).and_then(number);
            let counted = || seed?.checked_add(u32::try_from(index).ok()?);
            images.push(Made {
                bytes: bytes.into(),
                seed: said.or_else(counted),
            });
        }
        let reasons = native.finish_reasons.into_iter().flatten();
        let rejected = native.error.into_iter().chain(reasons).next();
        if images.is_empty() && rejected.is_none() {
            return Err(Unreadable(
                "there is neither an image nor a reason".to_owned(),
            ));
        }
        Ok(Self { images, rejected })
    }

    /// Whether a refusal means the content policy.
    #[must_use]
    pub fn is_policy(words: &str) -> bool {
        POLICY_WORDS.iter().any(|policy| words.contains(policy))
    }
}

/// Seeds come as numbers, and as texts of numbers.
fn number(value: &Value) -> Option<u32> {
    match value {
        Value::String(text) => text.parse().ok(),
        value => value.as_u64().and_then(|seed| u32::try_from(seed).ok()),
    }
}
