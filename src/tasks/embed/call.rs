//! One request for vectors: pictures opened, sent, read.

use super::{EmbedOptions, Embedded};
use crate::bedrock::{Connection, ErrorKind, InvokeModelRequest};
use crate::chat::{Failure, Image, ImageFormat, MediaSource};
use crate::embeddings::{self, Content, Source, Vector};
use crate::media;
use crate::pricing::{Meter, PriceQuery};

/// What came of a request.
pub enum Called {
    /// Vectors.
    Done(Box<Embedded>),
    /// None.
    Refused {
        failure: Box<Failure>,
        /// Whether it may be sent again, more slowly.
        throttled: bool,
        /// Whether it may have been done, and billed, all the same.
        may_be_billed: bool,
    },
}

/// A source with its bytes.
enum Opened {
    Text(String),
    Image {
        format: ImageFormat,
        bytes: std::sync::Arc<[u8]>,
    },
}

impl Opened {
    fn content(&self) -> Content<'_> {
        match self {
            Self::Text(text) => Content::Text(text),
            Self::Image { format, bytes } => Content::Image {
                format: *format,
                bytes,
            },
        }
    }
}

/// Sends one request to its end.
pub async fn call(
    connection: &Connection,
    sources: &[Source],
    places: &[usize],
    options: &EmbedOptions,
) -> Called {
    let mut opened = Vec::new();
    for place in places {
        match open(&sources[*place], options).await {
            Ok(source) => opened.push(source),
            Err(failure) => return never_sent(failure),
        }
    }
    let Some(model_id) = options.settings.model_id.clone() else {
        return never_sent(Failure::local(
            "NoModel",
            "There is no model to ask",
            "Choose a model that makes embeddings",
        ));
    };
    let contents: Vec<Content<'_>> = opened.iter().map(Opened::content).collect();
    let images = contents
        .iter()
        .filter(|content| matches!(content, Content::Image { .. }))
        .count();
    let body = embeddings::body(options.offer, &options.settings, &contents);
    let request = InvokeModelRequest::json(model_id.clone(), &body);
    let answer = match connection.invoke_model(request).await {
        Ok(answer) => answer,
        Err(error) => {
            return Called::Refused {
                throttled: *error.kind() == ErrorKind::Throttled,
                may_be_billed: error.may_have_been_billed(),
                failure: Box::new(error.into()),
            };
        }
    };
    let read = match embeddings::read(options.offer, &answer.body, places.len()) {
        Ok(read) => read,
        Err(error) => {
            let mut failure = Failure::local(
                "UnexpectedAnswer",
                error.to_string(),
                "Try again; if it stays so, choose another model",
            );
            failure.request_id = answer.request_id;
            return Called::Refused {
                failure: Box::new(failure),
                throttled: false,
                may_be_billed: true,
            };
        }
    };
    // The header is what is billed; the body of some models says it too.
    let header = answer.measures.usage.map(|usage| usage.input_tokens);
    let counted = header.or(read.tokens);
    let tokens = counted.unwrap_or(0);
    let query = PriceQuery {
        context_tokens: tokens,
        ..PriceQuery::on_demand(&model_id, connection.region())
    };
    let mut quantities = vec![(Meter::Input, tokens)];
    if images > 0 {
        quantities.push((Meter::InputImage, images as u64));
    }
    let alone = (places.len() == 1).then_some(counted).flatten();
    let vectors = places.iter().copied().zip(read.vectors);
    Called::Done(Box::new(Embedded {
        vectors: vectors
            .map(|(place, numbers)| {
                let vector = Vector {
                    numbers: numbers.into(),
                    tokens: alone,
                };
                (place, vector)
            })
            .collect(),
        tokens,
        counted: counted.is_some(),
        bill: options.prices.bill(quantities, &query),
        latency_ms: answer.measures.latency_ms,
        simulated: answer.simulated,
    }))
}

fn never_sent(failure: Failure) -> Called {
    Called::Refused {
        failure: Box::new(failure),
        throttled: false,
        may_be_billed: false,
    }
}

async fn open(source: &Source, options: &EmbedOptions) -> Result<Opened, Failure> {
    let path = match source {
        Source::Text(text) => return Ok(Opened::Text(text.clone())),
        Source::Image(path) => path.clone(),
    };
    let limits = options.offer.image_limits();
    let open = move || media::open_image(&path, &limits);
    let attachment = tokio::task::spawn_blocking(open)
        .await
        .map_err(|died| {
            Failure::local(
                "InternalError",
                died.to_string(),
                "Please report this image as a bug",
            )
        })?
        .map_err(Failure::from)?;
    let prepared = attachment.image().map(|image| &image.prepared);
    let Some(Image {
        format,
        source: MediaSource::Bytes(bytes),
        ..
    }) = prepared
    else {
        return Err(Failure::local(
            "NotAnImage",
            format!("{} is no image", attachment.name),
            "Choose images only",
        ));
    };
    if !options.offer.takes_format(*format) {
        return Err(Failure::local(
            "FormatNotTaken",
            format!("The model does not take {} images", format.as_str()),
            "Save the image as PNG or JPEG",
        ));
    }
    Ok(Opened::Image {
        format: *format,
        bytes: std::sync::Arc::clone(bytes),
    })
}
