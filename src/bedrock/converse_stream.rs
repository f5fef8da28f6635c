//! `ConverseStream`: an answer, piece by piece.

use std::time::{Duration, Instant};

use aws_sdk_bedrockruntime::operation::converse_stream::ConverseStreamOutput;
use aws_sdk_bedrockruntime::types as sdk;

use super::Connection;
use super::converse::no_message;
use super::convert::event;
use super::convert::request::{Parts, fill, guardrail_stream};
use super::error::{self, Call, Error, ErrorKind, NetworkFailure};
use super::event_stream::Events;
use super::observe::Observer;
use crate::chat::{BlockDelta, Request, StreamEvent};

impl Connection {
    pub(super) async fn converse_stream(
        &self,
        request: Request,
        events: Events,
    ) -> Result<(), Error> {
        let call = self.call("ConverseStream", Some(&request.model_id));
        let observer = Observer::of_events();
        let parts = Parts::of(&request)?;
        let sent = Instant::now();
        let sending = fill!(self.runtime().converse_stream(), parts)
            .set_guardrail_config(request.guardrail.as_ref().map(guardrail_stream))
            .customize()
            .interceptor(observer.clone())
            .send();
        let output = tokio::time::timeout(self.patience().first_event, sending)
            .await
            .map_err(|_| silence(&call, self.patience().first_event))?
            .map_err(|error| error::from_sdk(&error, &call))?;
        let head = observer.head();
        events
            .put(StreamEvent::Accepted {
                request_id: head.request_id.clone(),
                simulated: head.simulated,
            })
            .await;
        let receiving = Receiving {
            call: &call,
            observer: &observer,
            sent,
            silence_allowed: self.patience().between_events,
        };
        receiving
            .run(output, &events)
            .await
            .map_err(|error| error.with_request_id(head.request_id))
    }
}

/// The part of a call in which events come.
struct Receiving<'a> {
    call: &'a Call,
    observer: &'a Observer,
    sent: Instant,
    silence_allowed: Duration,
}

impl Receiving<'_> {
    async fn run(&self, mut output: ConverseStreamOutput, events: &Events) -> Result<(), Error> {
        let mut first_content = true;
        let mut stopped = false;
        loop {
            let received = tokio::time::timeout(self.silence_allowed, output.stream.recv())
                .await
                .map_err(|_| silence(self.call, self.silence_allowed))?;
            let received = match received {
                Ok(Some(received)) => received,
                Ok(None) => break,
                Err(_) if !self.observer.body().is_empty() => {
                    return Err(no_message(self.call, self.observer));
                }
                Err(error) => {
                    return Err(error::from_event(
                        &error,
                        self.call,
                        self.observer.head().status,
                    ));
                }
            };
            stopped |= matches!(received, sdk::ConverseStreamOutput::MessageStop(_));
            let event = event::of_stream(received, &self.observer.next_event());
            if first_content && is_content(&event) {
                first_content = false;
                events
                    .put(StreamEvent::FirstToken(self.sent.elapsed()))
                    .await;
            }
            events.put(event).await;
        }
        if stopped {
            return Ok(());
        }
        if !self.observer.body().is_empty() {
            return Err(no_message(self.call, self.observer));
        }
        Err(Error::own(
            ErrorKind::StreamCut,
            "StreamCut",
            self.call,
            "The answer ended before the model said that it was done",
        ))
    }
}

/// Whether the model has begun to say something. Some open with an empty text.
fn is_content(event: &StreamEvent) -> bool {
    match event {
        StreamEvent::BlockStart { .. } => true,
        StreamEvent::BlockDelta { delta, .. } => match delta {
            BlockDelta::Text(text) | BlockDelta::ReasoningText(text) => !text.is_empty(),
            _ => true,
        },
        _ => false,
    }
}

fn silence(call: &Call, allowed: Duration) -> Error {
    Error::network(
        NetworkFailure::TimedOut,
        call,
        format!("Nothing came for {} minutes", allowed.as_secs() / 60),
    )
}
