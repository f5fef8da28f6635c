//! Embeddings: the sum of a direction for each word and its pieces, so that texts that share words
//! are near, and pictures are near texts that name what is seen.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::api_error::ApiError;
use super::picture::Picture;
use super::tokens;
use crate::catalog::ModelFacts;

/// Texts Cohere takes at once.
const MAX_TEXTS: usize = 96;
/// Dimensions of Cohere's fourth generation; the third has one only.
const COHERE_DIMENSIONS: [usize; 4] = [256, 512, 1_024, 1_536];
/// Most characters of a text for Titan's text models, and most tokens.
const TITAN_CHARACTERS: usize = 50_000;
const TITAN_TOKENS: u64 = 8_192;
/// Most tokens of a text for Titan's multimodal model.
const TITAN_IMAGE_TOKENS: u64 = 256;
/// Length of a vector of Titan that is not brought to one: that of the recorded one.
const TITAN_LENGTH: f64 = 20.0;
/// Most characters of a text for Nova, and for Cohere's third generation.
const NOVA_CHARACTERS: usize = 8_192;
const COHERE_CHARACTERS: usize = 2_048;
/// Words that say little of what a text is about.
const LITTLE_WORDS: [&str; 36] = [
    "a", "an", "and", "are", "as", "at", "be", "by", "der", "die", "das", "for", "from", "in",
    "is", "it", "my", "of", "on", "or", "that", "the", "this", "to", "und", "was", "we", "when",
    "will", "with", "you", "your", "el", "la", "le", "les",
];
/// Letters of the pieces of words.
const PIECE: usize = 3;

/// Answers a request for embeddings; also the tokens of its input.
pub fn run(model: &ModelFacts, body: &Value) -> Result<(Value, u64), ApiError> {
    if model.id.starts_with("cohere.") {
        cohere(model, body)
    } else if model.id.starts_with("amazon.titan-embed-text")
        || model.id.starts_with("amazon.titan-embed-g1-text")
    {
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
    let second = model.id.contains("-v2");
    let known: &[&str] = if second {
        &["inputText", "dimensions", "normalize", "embeddingTypes"]
    } else {
        &["inputText"]
    };
    only(body, known)?;
    let text = body["inputText"]
        .as_str()
        .ok_or_else(|| missing("inputText"))?;
    if text.is_empty() {
        return Err(malformed("#/inputText: expected minLength: 1, actual: 0"));
    }
    at_most(text, TITAN_CHARACTERS, "#/inputText")?;
    let count = tokens::of_text(text);
    few_enough(count, TITAN_TOKENS)?;
    let dimensions = match body["dimensions"].as_u64() {
        Some(wanted @ (256 | 512 | 1_024)) => usize::try_from(wanted).unwrap_or(1_024),
        None if second => 1_024,
        None => 1_536,
        Some(wanted) => {
            return Err(malformed(&format!(
                "#/dimensions: {wanted} is not a valid enum value"
            )));
        }
    };
    // The first generation leaves vectors at the length they have; a recorded one is about 20 long.
    let scale = if !second || body["normalize"].as_bool() == Some(false) {
        TITAN_LENGTH
    } else {
        1.0
    };
    let embedding = scaled(embedding(text, dimensions), scale);
    let mut answer = json!({ "embedding": embedding, "inputTextTokenCount": count });
    if second {
        answer["embeddingsByType"] = json!({ "float": embedding });
    }
    Ok((answer, count))
}

fn titan_image(body: &Value) -> Result<(Value, u64), ApiError> {
    only(body, &["inputText", "inputImage", "embeddingConfig"])?;
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
    few_enough(count, TITAN_IMAGE_TOKENS)?;
    // Text and picture together are their mean.
    let mut sum = vec![0.0; dimensions];
    let words = [text.to_owned(), seen(image, None)?];
    for words in words.iter().filter(|words| !words.is_empty()) {
        for (sum, value) in sum.iter_mut().zip(embedding(words, dimensions)) {
            *sum += value;
        }
    }
    Ok((
        json!({ "embedding": normalised(sum), "inputTextTokenCount": count, "message": null }),
        count,
    ))
}

fn nova(body: &Value) -> Result<(Value, u64), ApiError> {
    only(
        body,
        &["schemaVersion", "taskType", "singleEmbeddingParams"],
    )?;
    if body["taskType"] != "SINGLE_EMBEDDING" {
        return Err(ApiError::validation(
            "taskType must be SINGLE_EMBEDDING for a synchronous call.",
        ));
    }
    let parameters = &body["singleEmbeddingParams"];
    if !parameters["embeddingPurpose"].is_string() {
        return Err(missing("embeddingPurpose"));
    }
    let dimensions = parameters["embeddingDimension"]
        .as_u64()
        .and_then(|wanted| usize::try_from(wanted).ok())
        .unwrap_or(3_072);
    if ![256, 384, 1_024, 3_072].contains(&dimensions) {
        return Err(ApiError::validation(
            "embeddingDimension must be one of 256, 384, 1024, 3072.",
        ));
    }
    let image = &parameters["image"];
    let (kind, words, count) = match parameters["text"]["value"].as_str() {
        Some(text) if !text.is_empty() => {
            at_most(text, NOVA_CHARACTERS, "#/singleEmbeddingParams/text/value")?;
            ("TEXT", text.to_owned(), tokens::of_text(text))
        }
        _ => {
            let coded = image["source"]["bytes"].as_str().unwrap_or_default();
            let words = seen(coded, image["format"].as_str())?;
            if words.is_empty() {
                return Err(ApiError::validation("One of text and image must be given."));
            }
            ("IMAGE", words, 0)
        }
    };
    let embedding = embedding(&words, dimensions);
    Ok((
        json!({ "embeddings": [{ "embeddingType": kind, "embedding": embedding }] }),
        count,
    ))
}

fn cohere(model: &ModelFacts, body: &Value) -> Result<(Value, u64), ApiError> {
    let fourth = model.id.contains("embed-v4");
    let mut known = vec![
        "texts",
        "images",
        "input_type",
        "truncate",
        "embedding_types",
    ];
    if fourth {
        known.extend(["inputs", "output_dimension", "max_tokens"]);
    }
    only(body, &known)?;
    if body["input_type"].as_str().is_none() {
        return Err(missing("input_type"));
    }
    let texts = strings(&body["texts"]);
    let images = strings(&body["images"]);
    let most_images = if fourth { MAX_TEXTS } else { 1 };
    if texts.len() > MAX_TEXTS {
        return Err(malformed(&format!(
            "#/texts: expected maximum item count: {MAX_TEXTS}, found: {}",
            texts.len()
        )));
    }
    if texts.is_empty() == images.is_empty() || images.len() > most_images {
        return Err(ApiError::validation(format!(
            "Give 1 to {MAX_TEXTS} texts, or up to {most_images} images, and not both."
        )));
    }
    let dimensions = cohere_dimensions(body, fourth)?;
    let mut vectors = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        if !fourth {
            at_most(text, COHERE_CHARACTERS, &format!("#/texts/{at}"))?;
        }
        vectors.push(embedding(text, dimensions));
    }
    for image in &images {
        let (kind, coded) = image
            .strip_prefix("data:image/")
            .and_then(|rest| rest.split_once(";base64,"))
            .ok_or_else(|| ApiError::validation("images must be data URIs."))?;
        vectors.push(embedding(&seen(coded, Some(kind))?, dimensions));
    }
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

fn cohere_dimensions(body: &Value, fourth: bool) -> Result<usize, ApiError> {
    match &body["output_dimension"] {
        Value::Null if fourth => Ok(1_536),
        Value::Null => Ok(1_024),
        wanted => wanted
            .as_u64()
            .and_then(|wanted| usize::try_from(wanted).ok())
            .filter(|wanted| COHERE_DIMENSIONS.contains(wanted))
            .ok_or_else(|| {
                ApiError::validation("output_dimension must be one of 256, 512, 1024, 1536.")
            }),
    }
}

fn strings(list: &Value) -> Vec<&str> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(Value::as_str).collect()
}

/// The service's words about a body that is not as its schema wants it (recorded).
fn malformed(what: &str) -> ApiError {
    ApiError::validation(format!(
        "Malformed input request: {what}, please reformat your input and try again."
    ))
}

fn missing(key: &str) -> ApiError {
    malformed(&format!("#: required key [{key}] not found"))
}

fn only(body: &Value, known: &[&str]) -> Result<(), ApiError> {
    let mut keys = body
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys());
    match keys.find(|key| !known.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => Err(malformed(&format!(
            "#: extraneous key [{key}] is not permitted"
        ))),
    }
}

fn at_most(text: &str, most: usize, place: &str) -> Result<(), ApiError> {
    let has = text.chars().count();
    if has <= most {
        return Ok(());
    }
    Err(malformed(&format!(
        "{place}: expected maxLength: {most}, actual: {has}"
    )))
}

fn few_enough(count: u64, most: u64) -> Result<(), ApiError> {
    if count <= most {
        return Ok(());
    }
    Err(ApiError::validation(format!(
        "400 Bad Request: Too many input tokens. Max input tokens: {most}, request input token count: {count} "
    )))
}

/// What is seen in a picture, in words: its vector lies near texts that say the same.
fn seen(coded: &str, declared: Option<&str>) -> Result<String, ApiError> {
    if coded.is_empty() {
        return Ok(String::new());
    }
    let refused = || ApiError::validation("Invalid base64 in an image.");
    let bytes = STANDARD.decode(coded).map_err(|_| refused())?;
    let format = match image::guess_format(&bytes) {
        Ok(image::ImageFormat::Png) => "png",
        Ok(image::ImageFormat::Jpeg) => "jpeg",
        Ok(image::ImageFormat::Gif) => "gif",
        Ok(image::ImageFormat::WebP) => "webp",
        _ => "",
    };
    let picture = Picture::decode(&bytes, declared.unwrap_or(format))?;
    let colours = picture.colours().join(" ");
    Ok(format!("{colours} {colours} {}", picture.phrase()))
}

/// Adds up a direction of its own for each word, and shorter ones for its pieces. Directions of
/// different words are nearly at right angles; words that only hold a sentence together weigh little.
fn embedding(text: &str, dimensions: usize) -> Vec<f64> {
    let mut vector = vec![0.0; dimensions];
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        let word = word.to_lowercase();
        let weight = if LITTLE_WORDS.contains(&word.as_str()) {
            0.15
        } else {
            1.0
        };
        add(&mut vector, &word, weight);
        let letters: Vec<char> = word.chars().collect();
        for piece in letters.windows(PIECE) {
            add(&mut vector, &piece.iter().collect::<String>(), weight * 0.5);
        }
    }
    normalised(vector)
}

/// Adds the direction of a word or piece: a sign for each dimension, from its hash.
fn add(vector: &mut [f64], part: &str, weight: f64) {
    let mut state = hash(part);
    for signs in vector.chunks_mut(64) {
        for (at, value) in signs.iter_mut().enumerate() {
            let is_up = state >> at & 1 == 1;
            *value += if is_up { weight } else { -weight };
        }
        state = mixed(state);
    }
}

fn normalised(mut vector: Vec<f64>) -> Vec<f64> {
    let length = vector.iter().map(|value| value * value).sum::<f64>().sqrt();
    if length > 0.0 {
        for value in &mut vector {
            *value /= length;
        }
    } else if let Some(first) = vector.first_mut() {
        // What has neither words nor letters has a direction all the same.
        *first = 1.0;
    }
    vector
}

fn scaled(mut vector: Vec<f64>, by: f64) -> Vec<f64> {
    for value in &mut vector {
        *value *= by;
    }
    vector
}

/// FNV-1a with a last mixing, so that the high bits are as good as the low ones.
fn hash(text: &str) -> u64 {
    mixed(text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    }))
}

/// The next number of a sequence without a visible order (`SplitMix64`).
fn mixed(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cosine(a: &str, b: &str) -> f64 {
        let (a, b) = (embedding(a, 512), embedding(b, 512));
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
        let length: f64 = embedding("hello world", 256)
            .iter()
            .map(|value| value * value)
            .sum();
        assert!((length - 1.0).abs() < 1e-9);
    }
}
