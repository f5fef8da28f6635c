//! Embeddings: a bag of hashed words and their pieces, so that texts that share words are near.

use serde_json::{Value, json};

use super::api_error::ApiError;
use super::tokens;
use crate::catalog::ModelFacts;

/// Texts Cohere takes at once.
const MAX_TEXTS: usize = 96;
/// Letters of the pieces of words.
const PIECE: usize = 3;

/// Answers a request for embeddings; also the tokens of its input.
pub fn run(model: &ModelFacts, body: &Value) -> Result<(Value, u64), ApiError> {
    if model.id.starts_with("cohere.") {
        cohere(model, body)
    } else if model.id.starts_with("amazon.titan-embed-text") {
        titan(model, body)
    } else if model.id.starts_with("amazon.titan-embed-image") {
        titan_image(body)
    } else if model.id.starts_with("amazon.nova") {
        nova(body)
    } else {
        Err(ApiError::validation(
            "The embedded endpoint does not simulate embeddings of this model.",
        ))
    }
}

fn titan(model: &ModelFacts, body: &Value) -> Result<(Value, u64), ApiError> {
    let text = body["inputText"].as_str().filter(|text| !text.is_empty()).ok_or_else(|| {
        ApiError::validation("Malformed input request: #: required key [inputText] not found, please reformat your input and try again.")
    })?;
    let count = tokens::of_text(text);
    let second = model.id.contains("-v2");
    let dimensions = match body["dimensions"].as_u64() {
        Some(wanted @ (256 | 512 | 1_024)) if second => usize::try_from(wanted).unwrap_or(1_024),
        None if second => 1_024,
        None => 1_536,
        Some(wanted) => {
            return Err(ApiError::validation(format!(
                "Malformed input request: #/dimensions: {wanted} is not a valid enum value, please reformat your input and try again."
            )));
        }
    };
    let normalize = body["normalize"].as_bool().unwrap_or(true);
    let embedding = embedding(text, dimensions, normalize || !second);
    let mut answer = json!({ "embedding": embedding, "inputTextTokenCount": count });
    if second {
        answer["embeddingsByType"] = json!({ "float": embedding });
    }
    Ok((answer, count))
}

fn titan_image(body: &Value) -> Result<(Value, u64), ApiError> {
    let text = body["inputText"].as_str().unwrap_or_default();
    let image = body["inputImage"].as_str().unwrap_or_default();
    if text.is_empty() && image.is_empty() {
        return Err(ApiError::validation(
            "Either inputText or inputImage must be provided.",
        ));
    }
    let dimensions = body["embeddingConfig"]["outputEmbeddingLength"]
        .as_u64()
        .unwrap_or(1_024);
    let dimensions = usize::try_from(dimensions)
        .ok()
        .filter(|length| [256, 384, 1_024].contains(length));
    let dimensions = dimensions.ok_or_else(|| {
        ApiError::validation("outputEmbeddingLength must be one of 256, 384, 1024.")
    })?;
    let count = tokens::of_text(text);
    let embedding = embedding(&format!("{text} {image}"), dimensions, true);
    Ok((
        json!({ "embedding": embedding, "inputTextTokenCount": count, "message": null }),
        count,
    ))
}

fn nova(body: &Value) -> Result<(Value, u64), ApiError> {
    let parameters = &body["singleEmbeddingParams"];
    let text = parameters["text"]["value"].as_str().unwrap_or_default();
    let dimensions = parameters["embeddingDimension"]
        .as_u64()
        .and_then(|wanted| usize::try_from(wanted).ok())
        .unwrap_or(3_072);
    if ![256, 384, 1_024, 3_072].contains(&dimensions) {
        return Err(ApiError::validation(
            "embeddingDimension must be one of 256, 384, 1024, 3072.",
        ));
    }
    let count = tokens::of_text(text);
    let embedding = embedding(text, dimensions, true);
    Ok((
        json!({ "embeddings": [{ "embeddingType": "TEXT", "embedding": embedding }] }),
        count,
    ))
}

fn cohere(model: &ModelFacts, body: &Value) -> Result<(Value, u64), ApiError> {
    let texts: Vec<&str> = body["texts"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if texts.is_empty() || texts.len() > MAX_TEXTS {
        return Err(ApiError::validation(format!(
            "texts must hold 1 to {MAX_TEXTS} texts."
        )));
    }
    if body["input_type"].as_str().is_none() {
        return Err(ApiError::validation(
            "Malformed input request: #: required key [input_type] not found, please reformat your input and try again.",
        ));
    }
    let fourth = model.id.contains("embed-v4");
    let default = if fourth { 1_536 } else { 1_024 };
    let dimensions = body["output_dimension"]
        .as_u64()
        .and_then(|wanted| usize::try_from(wanted).ok())
        .unwrap_or(default);
    let vectors: Vec<Vec<f64>> = texts
        .iter()
        .map(|text| embedding(text, dimensions, true))
        .collect();
    let count = texts.iter().map(|text| tokens::of_text(text)).sum();
    let by_type = fourth || body["embedding_types"].is_array();
    let (embeddings, kind) = if by_type {
        (json!({ "float": vectors }), "embeddings_by_type")
    } else {
        (json!(vectors), "embeddings_floats")
    };
    Ok((
        json!({ "id": "simulated", "texts": texts, "embeddings": embeddings, "response_type": kind }),
        count,
    ))
}

/// Adds a sign at a hashed place for each word, and half of that for each piece of a word.
fn embedding(text: &str, dimensions: usize, normalize: bool) -> Vec<f64> {
    let mut vector = vec![0.0; dimensions];
    let mut add = |part: &str, weight: f64| {
        let hash = hash(part);
        let place = usize::try_from(hash % dimensions as u64).unwrap_or(0);
        vector[place] += if hash >> 63 == 0 { weight } else { -weight };
    };
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        let word = word.to_lowercase();
        add(&word, 1.0);
        let letters: Vec<char> = word.chars().collect();
        for piece in letters.windows(PIECE) {
            add(&piece.iter().collect::<String>(), 0.5);
        }
    }
    let length = vector.iter().map(|value| value * value).sum::<f64>().sqrt();
    if normalize && length > 0.0 {
        for value in &mut vector {
            *value /= length;
        }
    }
    vector
}

/// FNV-1a with a last mixing, so that the high bits are as good as the low ones.
fn hash(text: &str) -> u64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mixed = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ (mixed >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cosine(a: &str, b: &str) -> f64 {
        let (a, b) = (embedding(a, 512, true), embedding(b, 512, true));
        a.iter().zip(&b).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn texts_that_share_words_are_near() {
        let near = cosine("a red fox in the snow", "the red fox");
        let far = cosine("a red fox in the snow", "quarterly revenue grew");
        assert!(near > far + 0.2, "{near} against {far}");
    }

    #[test]
    fn a_normalised_vector_has_length_one() {
        let length: f64 = embedding("hello world", 256, true)
            .iter()
            .map(|value| value * value)
            .sum();
        assert!((length - 1.0).abs() < 1e-9);
    }
}
