//! One picture opened, and one request.

use std::path::Path;

use futures_util::StreamExt as _;
use tokio::sync::mpsc;

use super::{Described, JobOptions};
use crate::bedrock::{Connection, ErrorKind};
use crate::chat::{
    ContentBlock, Failure, Invocation, InvocationId, Message, Request, StopReason, StreamEvent,
    Transcript,
};
use crate::media::{self, Limits};
use crate::pricing::PixelSize;

/// The one call of a transcript.
const ONLY: InvocationId = InvocationId(1);

/// A picture ready to be sent.
pub(super) struct Prepared {
    pub block: ContentBlock,
    pub size: PixelSize,
    pub content_hash: [u8; 32],
}

/// Opens a picture. Blocks.
pub(super) fn prepare(path: &Path, limits: &Limits) -> Result<Prepared, Box<Failure>> {
    let attachment = media::open_image(path, limits).map_err(|error| Box::new(error.into()))?;
    let Some(image) = attachment.image() else {
        return Err(Box::new(Failure::local(
            "NotAnImage",
            format!("{} is no image", attachment.name),
            "Choose images only",
        )));
    };
    Ok(Prepared {
        block: attachment.content_block(),
        size: PixelSize {
            width: image.width,
            height: image.height,
        },
        content_hash: image.content_hash,
    })
}

/// How a request failed.
pub(super) struct Refused {
    pub failure: Box<Failure>,
    /// Whether it may be sent again, more slowly.
    pub throttled: bool,
    /// Whether it may have been done, and billed, all the same.
    pub may_be_billed: bool,
}

/// What came back.
pub(super) struct Answer {
    pub outcome: Result<Described, Refused>,
    /// Whether it took more than one attempt.
    pub retried: bool,
}

/// Sends one request to its end. Each further attempt within it is told at once: the SDK makes one
/// only after throttling or a connection that never came about, and both ask for fewer at once.
pub(super) async fn ask(
    connection: Connection,
    request: Request,
    options: &JobOptions,
    number: u64,
    refusals: mpsc::Sender<u64>,
) -> Answer {
    let mut transcript = Transcript::default();
    transcript.begin(Invocation::new(
        ONLY,
        request.model_id.clone(),
        connection.region(),
    ));
    let mut retried = false;
    let mut events = connection.invoke(request);
    while let Some(event) = events.next().await {
        match event {
            Ok(event) => {
                if matches!(event, StreamEvent::Retrying(_)) {
                    retried = true;
                    // Full: enough was said already.
                    refusals.try_send(number).ok();
                }
                transcript.apply(ONLY, event);
            }
            Err(error) => {
                return Answer {
                    outcome: Err(Refused {
                        throttled: *error.kind() == ErrorKind::Throttled,
                        may_be_billed: error.may_have_been_billed(),
                        failure: Box::new(error.into()),
                    }),
                    retried,
                };
            }
        }
    }
    transcript.complete(ONLY);
    Answer {
        outcome: described(&transcript, options).ok_or_else(|| Refused {
            failure: Box::new(Failure::local(
                "NoAnswer",
                "The answer ended before it began",
                "Try again; if it stays so, look at what went over the wire in the chat",
            )),
            throttled: false,
            may_be_billed: true,
        }),
        retried,
    }
}

/// The request for one picture.
pub(super) fn request(options: &JobOptions, block: ContentBlock, text: String) -> Request {
    let content = vec![block, ContentBlock::Text(text)];
    let mut request = Request::new(options.model_id.clone(), vec![Message::user(content)]);
    request.inference.max_tokens = Some(options.max_tokens);
    request
}

fn described(transcript: &Transcript, options: &JobOptions) -> Option<Described> {
    let (_, turn) = transcript.last()?;
    let invocation = turn.invocation.as_ref()?;
    Some(Described {
        alt: options.instructions.read(&turn.message.text()),
        model_id: invocation.model_id.clone(),
        stop_reason: invocation
            .stop_reason
            .as_ref()
            .map(StopReason::as_str)
            .map(str::to_owned),
        usage: invocation.usage.clone(),
        metrics: invocation.metrics,
        cost: options.prices.of_invocation(invocation),
        request_id: invocation.request_id.clone(),
        simulated: invocation.simulated,
    })
}
