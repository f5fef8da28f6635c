//! `ConverseStream`: an answer, piece by piece.

use std::time::Instant;

use aws_sdk_bedrockruntime::operation::converse_stream::ConverseStreamOutput;
use aws_sdk_bedrockruntime::types as sdk;

use super::Connection;
use super::convert::event;
use super::convert::request::{Parts, fill, guardrail_stream};
use super::error::{self, Error, ErrorKind};
use super::event_stream::Events;
use super::observe::Observer;
use super::receive::{Watch, silence};
use crate::chat::{BlockDelta, Request, StreamEvent};

impl Connection {
    pub(super) async fn converse_stream(
        &self,
        request: Request,
        events: Events,
    ) -> Result<(), Error> {
        let observer = Observer::of_events().telling(&events);
        let result = self
            .converse_stream_observed(request, &events, &observer)
            .await;
        observer.tell_received().await;
        result
    }

    async fn converse_stream_observed(
        &self,
        request: Request,
        events: &Events,
        observer: &Observer,
    ) -> Result<(), Error> {
        let call = self.call("ConverseStream", Some(&request.model_id));
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
        let watch = Watch {
            call: &call,
            observer,
            silence_allowed: self.patience().between_events,
        };
        receive(output, &watch, sent, events)
            .await
            .map_err(|error| error.with_request_id(head.request_id))
    }
}

async fn receive(
    mut output: ConverseStreamOutput,
    watch: &Watch<'_>,
    sent: Instant,
    events: &Events,
) -> Result<(), Error> {
    let mut first_content = true;
    let mut stopped = false;
    while let Some((received, raw)) = watch.next(&mut output.stream).await? {
        stopped |= matches!(received, sdk::ConverseStreamOutput::MessageStop(_));
        let event = event::of_stream(received, &raw);
        if first_content && is_content(&event) {
            first_content = false;
            events.put(StreamEvent::FirstToken(sent.elapsed())).await;
        }
        events.put(event).await;
    }
    if stopped {
        return Ok(());
    }
    Err(Error::own(
        ErrorKind::StreamCut,
        "StreamCut",
        watch.call,
        "The answer ended before the model said that it was done",
    ))
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
