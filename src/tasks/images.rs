//! One request for pictures, sent and read.

use std::sync::Arc;

use crate::bedrock::{Connection, InvokeModelRequest};
use crate::chat::{Failure, Usage};
use crate::images::{Answer, Call, Made, Parameters, Picture, Unreadable, parameters};
use crate::pricing::{CostBreakdown, Prices, Tier};
use crate::store::{BilledLine, Screen, SpendRow, UnixMs};

/// What a request gave.
#[derive(Clone, Debug, Default)]
pub struct MadeImages {
    /// The pictures, each with its parameters written into it.
    pub pictures: Vec<MadeImage>,
    /// What the content policy held back, in the service's words.
    pub rejected: Option<String>,
    /// Whether the embedded endpoint drew them.
    pub simulated: bool,
    /// Milliseconds, as the service counted them.
    pub latency_ms: Option<u64>,
}

/// A picture and what made it.
#[derive(Clone, Debug)]
pub struct MadeImage {
    /// The picture, with its parameters in it.
    pub picture: Picture,
    /// The same parameters.
    pub parameters: Parameters,
}

/// Asks for pictures and waits for them; dropping it cancels the request.
///
/// # Errors
/// When the request cannot be written, is refused, or its answer cannot be read. What the content
/// policy rejects is no failure.
pub async fn make_images(connection: Connection, call: Call) -> Result<MadeImages, Failure> {
    let model = call.model.clone();
    let call = Arc::new(call);
    let writing = Arc::clone(&call);
    let body = off_thread(move || writing.body()).await?;
    let body = body.map_err(|problem| {
        Failure::local("NotSent", problem.to_string(), "Change it and try again")
    })?;
    let sent = connection
        .invoke_model(InvokeModelRequest::json(model, &body))
        .await;
    let answer = match sent {
        Ok(answer) => answer,
        Err(error) => {
            let failure = Failure::from(error);
            if failure.code == "ValidationException" && Answer::is_policy(&failure.message) {
                return Ok(MadeImages {
                    rejected: Some(failure.message),
                    ..MadeImages::default()
                });
            }
            return Err(failure);
        }
    };
    let (simulated, latency_ms) = (answer.simulated, answer.measures.latency_ms);
    let read = off_thread(move || {
        let answer = Answer::read(&answer.body, call.seed)?;
        let pictures = answer.images.iter().enumerate();
        Ok(MadeImages {
            pictures: pictures
                .filter_map(|(index, made)| picture(&call, made, index, simulated))
                .collect(),
            rejected: answer.rejected,
            simulated,
            latency_ms,
        })
    });
    read.await?.map_err(|error: Unreadable| {
        let advice = "Look at the model's documentation, or try another model";
        Failure::local("UnexpectedAnswer", error.to_string(), advice)
    })
}

/// The row of the ledger for a request that is over: what came is billed. None when nothing came.
#[must_use]
pub fn spend_on_images(
    call: &Call,
    made: &MadeImages,
    prices: &Prices,
    region: &str,
    screen: Screen,
) -> Option<SpendRow> {
    let images = u32::try_from(made.pictures.len())
        .ok()
        .filter(|images| *images > 0)?;
    let bill = call.draft.bill(prices, region, images);
    Some(SpendRow {
        at: UnixMs::now(),
        model: call.model.clone(),
        region: region.to_owned(),
        connection: String::new(),
        tier: Some(Tier::Standard),
        usage: Usage::default(),
        cost: bill.as_ref().and_then(CostBreakdown::total),
        lines: bill.as_ref().map(BilledLine::of).unwrap_or_default(),
        simulated: made.simulated,
        screen,
        conversation: None,
        project: None,
        estimate: None,
    })
}

/// A picture with what made it written into it.
fn picture(call: &Call, made: &Made, index: usize, simulated: bool) -> Option<MadeImage> {
    let mut draft = call.draft.without_pictures();
    draft.seed = made.seed;
    let parameters = Parameters { draft, simulated };
    let bytes = parameters::write(&made.bytes, &parameters);
    let name = match made.seed {
        Some(seed) => format!("image-{seed}.png"),
        None => format!("image-{}.png", index + 1),
    };
    let picture = Picture::made(&name, bytes)?;
    Some(MadeImage {
        picture,
        parameters,
    })
}

/// Encoding and decoding megabytes is kept off the threads that serve the network.
async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(|died| {
        let advice = "Try again; if it happens twice, please report it";
        Failure::local("Internal", died.to_string(), advice)
    })
}
