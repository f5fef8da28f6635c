//! Requests and answers in each model's own form.
//!
//! The forms are those of recorded traffic and of the user guides.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::offer::{Form, Offer, Purpose};
use super::settings::Settings;
use crate::chat::ImageFormat;

/// What a vector is made of.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// A text.
    Text(&'a str),
    /// A picture.
    Image {
        /// Its format.
        format: ImageFormat,
        /// Its bytes.
        bytes: &'a [u8],
    },
}

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// A vector for each content, in order.
    pub vectors: Vec<Vec<f32>>,
    /// Tokens, where the body says; the header is what is billed.
    pub tokens: Option<u64>,
}

/// Why an answer cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// It is no JSON.
    #[error("The answer is not JSON")]
    NotJson,
    /// There is no vector where it should be, or something else than numbers.
    #[error("The answer has no vector in the place it should be")]
    NoVector,
    /// There are more or fewer vectors than contents.
    #[error("{got} vectors came for {wanted} inputs")]
    Count {
        /// How many were sent.
        wanted: usize,
        /// How many came.
        got: usize,
    },
}

/// The body of one request. Contents are of one kind, and no more than the model takes at once.
#[must_use]
pub fn body(offer: Offer, settings: &Settings, contents: &[Content<'_>]) -> Value {
    match offer.form {
        Form::Titan | Form::Titan2 => titan(offer, settings, contents),
        Form::TitanImage => titan_image(settings, contents),
        Form::Nova => nova(settings, contents),
        Form::Cohere3 | Form::Cohere4 => cohere(offer, settings, contents),
    }
}

fn titan(offer: Offer, settings: &Settings, contents: &[Content<'_>]) -> Value {
    let mut body = Map::new();
    body.insert("inputText".into(), first_text(contents).into());
    if offer.form == Form::Titan2 {
        if let Some(dimensions) = settings.dimensions {
            body.insert("dimensions".into(), dimensions.into());
        }
        body.insert("normalize".into(), settings.normalize.into());
    }
    body.into()
}

fn titan_image(settings: &Settings, contents: &[Content<'_>]) -> Value {
    let mut body = Map::new();
    match contents.first() {
        Some(Content::Image { bytes, .. }) => {
            body.insert("inputImage".into(), STANDARD.encode(bytes).into());
        }
        _ => {
            body.insert("inputText".into(), first_text(contents).into());
        }
    }
    if let Some(dimensions) = settings.dimensions {
        body.insert(
            "embeddingConfig".into(),
            json!({ "outputEmbeddingLength": dimensions }),
        );
    }
    body.into()
}

fn nova(settings: &Settings, contents: &[Content<'_>]) -> Value {
    let purpose = match settings.purpose {
        Purpose::Document => "GENERIC_INDEX",
        Purpose::Query => "GENERIC_RETRIEVAL",
        Purpose::Classification => "CLASSIFICATION",
        Purpose::Clustering => "CLUSTERING",
    };
    let mut parameters = Map::new();
    parameters.insert("embeddingPurpose".into(), purpose.into());
    if let Some(dimensions) = settings.dimensions {
        parameters.insert("embeddingDimension".into(), dimensions.into());
    }
    match contents.first() {
        Some(Content::Image { format, bytes }) => parameters.insert(
            "image".into(),
            json!({
                "detailLevel": "STANDARD_IMAGE",
                "format": format.as_str(),
                "source": { "bytes": STANDARD.encode(bytes) },
            }),
        ),
        _ => parameters.insert(
            "text".into(),
            json!({ "truncationMode": "END", "value": first_text(contents) }),
        ),
    };
    json!({ "taskType": "SINGLE_EMBEDDING", "singleEmbeddingParams": parameters })
}

fn cohere(offer: Offer, settings: &Settings, contents: &[Content<'_>]) -> Value {
    let purpose = match settings.purpose {
        Purpose::Document => "search_document",
        Purpose::Query => "search_query",
        Purpose::Classification => "classification",
        Purpose::Clustering => "clustering",
    };
    let third = offer.form == Form::Cohere3;
    let mut texts = Vec::new();
    let mut images = Vec::new();
    for content in contents {
        match content {
            Content::Text(text) => texts.push(*text),
            Content::Image { format, bytes } => images.push(format!(
                "data:image/{};base64,{}",
                format.as_str(),
                STANDARD.encode(bytes)
            )),
        }
    }
    let mut body = Map::new();
    if images.is_empty() {
        body.insert("input_type".into(), purpose.into());
        body.insert("texts".into(), texts.into());
        let cut = if third { "END" } else { "RIGHT" };
        body.insert("truncate".into(), cut.into());
    } else {
        // The third generation has a purpose of its own for pictures.
        let purpose = if third { "image" } else { purpose };
        body.insert("input_type".into(), purpose.into());
        body.insert("images".into(), images.into());
    }
    if let Some(dimensions) = settings.dimensions
        && !third
    {
        body.insert("output_dimension".into(), dimensions.into());
    }
    body.into()
}

fn first_text<'a>(contents: &[Content<'a>]) -> &'a str {
    contents
        .iter()
        .find_map(|content| match content {
            Content::Text(text) => Some(*text),
            Content::Image { .. } => None,
        })
        .unwrap_or_default()
}

/// Reads an answer; `wanted` is how many contents were sent.
///
/// # Errors
/// When it is not in the model's form, or does not have a vector for each content.
pub fn read(offer: Offer, body: &[u8], wanted: usize) -> Result<Answer, AnswerError> {
    let answer: Value = serde_json::from_slice(body).map_err(|_| AnswerError::NotJson)?;
    let vectors: Vec<Vec<f32>> = match offer.form {
        Form::Titan | Form::Titan2 | Form::TitanImage => {
            let typed = &answer["embeddingsByType"]["float"];
            let plain = &answer["embedding"];
            vec![vector(if plain.is_array() { plain } else { typed })?]
        }
        Form::Nova => vectors(&answer["embeddings"], |one| &one["embedding"])?,
        Form::Cohere3 | Form::Cohere4 => {
            let all = &answer["embeddings"];
            let typed = &all["float"];
            vectors(if typed.is_array() { typed } else { all }, |one| one)?
        }
    };
    if vectors.len() != wanted {
        return Err(AnswerError::Count {
            wanted,
            got: vectors.len(),
        });
    }
    Ok(Answer {
        vectors,
        tokens: answer["inputTextTokenCount"].as_u64(),
    })
}

fn vectors(list: &Value, part: fn(&Value) -> &Value) -> Result<Vec<Vec<f32>>, AnswerError> {
    let list = list.as_array().ok_or(AnswerError::NoVector)?;
    list.iter().map(|one| vector(part(one))).collect()
}

/// Single precision is what the models give; JSON only writes it longer.
#[expect(
    clippy::cast_possible_truncation,
    reason = "models answer in single precision"
)]
fn vector(numbers: &Value) -> Result<Vec<f32>, AnswerError> {
    let numbers = numbers.as_array().ok_or(AnswerError::NoVector)?;
    let vector: Option<Vec<f32>> = numbers
        .iter()
        .map(|number| number.as_f64().map(|number| number as f32))
        .collect();
    vector
        .filter(|vector| !vector.is_empty() && vector.iter().all(|number| number.is_finite()))
        .ok_or(AnswerError::NoVector)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(id: &str, dimensions: Option<u32>) -> Settings {
        Settings {
            dimensions,
            ..Settings::of(id.into())
        }
    }

    fn body_of(settings: &Settings, contents: &[Content<'_>]) -> Value {
        body(settings.offer().unwrap(), settings, contents)
    }

    #[test]
    fn titan_v2_takes_length_and_normalisation() {
        let mut settings = settings("amazon.titan-embed-text-v2:0", Some(512));
        settings.normalize = false;
        assert_eq!(
            body_of(&settings, &[Content::Text("Hello World!")]),
            json!({"inputText": "Hello World!", "dimensions": 512, "normalize": false})
        );
    }

    #[test]
    fn pictures_go_in_each_models_own_place() {
        let image = Content::Image {
            format: ImageFormat::Jpeg,
            bytes: b"abc",
        };
        // base64 of "abc" is YWJj.
        for (id, expected) in [
            (
                "amazon.titan-embed-image-v1",
                json!({"inputImage": "YWJj", "embeddingConfig": {"outputEmbeddingLength": 256}}),
            ),
            (
                "amazon.nova-2-multimodal-embeddings-v1:0",
                json!({"taskType": "SINGLE_EMBEDDING", "singleEmbeddingParams": {
                    "embeddingPurpose": "GENERIC_INDEX", "embeddingDimension": 256,
                    "image": {"detailLevel": "STANDARD_IMAGE", "format": "jpeg",
                              "source": {"bytes": "YWJj"}}}}),
            ),
            (
                "cohere.embed-english-v3",
                json!({"input_type": "image", "images": ["data:image/jpeg;base64,YWJj"]}),
            ),
            (
                "cohere.embed-v4:0",
                json!({"input_type": "search_document", "output_dimension": 256,
                       "images": ["data:image/jpeg;base64,YWJj"]}),
            ),
        ] {
            let settings = settings(id, Some(256));
            assert_eq!(body_of(&settings, &[image]), expected, "{id}");
        }
    }

    #[test]
    fn what_is_no_answer_is_said() {
        let titan = Offer::of(&"amazon.titan-embed-text-v1".into()).unwrap();
        let cohere = Offer::of(&"cohere.embed-v4:0".into()).unwrap();
        assert_eq!(read(titan, b"no", 1), Err(AnswerError::NotJson));
        for none in [r#"{"embedding":[]}"#, r#"{"embedding":["a"]}"#, "{}", "[]"] {
            assert_eq!(
                read(titan, none.as_bytes(), 1),
                Err(AnswerError::NoVector),
                "{none}"
            );
        }
        let two = br#"{"embeddings":{"float":[[1.0],[2.0]]}}"#;
        let count = AnswerError::Count { wanted: 3, got: 2 };
        assert_eq!(read(cohere, two, 3), Err(count));
        assert_eq!(
            read(cohere, two, 2).unwrap().vectors,
            [vec![1.0], vec![2.0]]
        );
    }
}
