//! One picture opened, and one request.

use std::path::Path;

use futures_util::StreamExt as _;
use tokio::sync::mpsc;

use super::{Described, JobOptions};
use crate::alt_text::paid::{self, Paid, PaidAnswer};
use crate::bedrock::{Connection, ErrorKind};
use crate::chat::{
    ContentBlock, Failure, Invocation, InvocationId, Message, Request, StopReason, StreamEvent,
    Transcript,
};
use crate::media::{self, Limits, MediaError};
use crate::pricing::PixelSize;

/// The one call of a transcript.
const ONLY: InvocationId = InvocationId(1);

/// A picture ready to be sent.
pub(in crate::alt_text) struct Prepared {
    pub block: ContentBlock,
    pub size: PixelSize,
    pub content_hash: [u8; 32],
}

/// A picture that was looked at.
pub(super) enum Opened {
    /// It is ready to be sent.
    Ready(Prepared),
    /// What would be asked was paid for before.
    Paid {
        content_hash: [u8; 32],
        described: Box<Described>,
    },
}

/// What an answer would be kept under.
pub(super) fn key_of(
    content_hash: [u8; 32],
    text: &str,
    options: &JobOptions,
    connection: &Connection,
) -> [u8; 32] {
    paid::key(content_hash, text, options, connection.is_local())
}

/// Opens a picture, unless what would be asked of it was asked before. Blocks.
pub(super) fn open(
    path: &Path,
    text: &str,
    options: &JobOptions,
    connection: &Connection,
) -> Result<Opened, Box<Failure>> {
    let failed = |error: MediaError| Box::new(Failure::from(error));
    let (name, bytes) = media::read_file(path, &options.limits).map_err(failed)?;
    if let Some(paid) = &options.paid {
        let content_hash = media::content_hash(&bytes);
        let key = key_of(content_hash, text, options, connection);
        if let Some(described) = paid.find(key) {
            return Ok(Opened::Paid {
                content_hash,
                described: Box::new(described),
            });
        }
    }
    prepare_bytes(&name, &bytes, &options.limits).map(Opened::Ready)
}

/// Makes a picture ready to be sent. Blocks.
pub(in crate::alt_text) fn prepare_bytes(
    name: &str,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Prepared, Box<Failure>> {
    let attachment = media::open_image_bytes(name, bytes, limits)
        .map_err(|error| Box::new(Failure::from(error)))?;
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
    /// Why it could not be kept, when it could not.
    pub not_kept: Option<String>,
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
                    not_kept: None,
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
        not_kept: None,
    }
}

/// Keeps an answer for later, before anybody relies on it.
pub(super) async fn keep(paid: Paid, key: [u8; 32], described: Described) -> Option<String> {
    let work = move || paid.keep(&[PaidAnswer::new(key, &described)?]);
    match tokio::task::spawn_blocking(work).await {
        Ok(kept) => kept.err(),
        Err(died) => Some(died.to_string()),
    }
}

/// The request for one picture.
pub(in crate::alt_text) fn request(
    options: &JobOptions,
    block: ContentBlock,
    text: String,
) -> Request {
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
