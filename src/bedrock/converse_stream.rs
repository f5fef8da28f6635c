//! `ConverseStream`: an answer, piece by piece.

use std::time::Instant;

use super::Connection;
use super::convert::request::{Parts, fill, guardrail_stream};
use super::convert::stream;
use super::error::{self, Error};
use super::event_stream::Events;
use super::observe::Observer;
use super::patience::silence;
use super::receive::Receiver;
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
        tokio::time::timeout(self.patience().first_event, sending)
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
        let received = async {
            let silence_allowed = self.patience().between_events;
            let receiver = Receiver::begin(&call, observer, silence_allowed).await?;
            receive(receiver, sent, events).await
        };
        received
            .await
            .map_err(|error| error.with_request_id(head.request_id))
    }
}

async fn receive(mut receiver: Receiver<'_>, sent: Instant, events: &Events) -> Result<(), Error> {
    let mut first_content = true;
    let mut stopped = false;
    while let Some(raw) = receiver.next().await? {
        let event = stream::event(&raw).map_err(|error| receiver.damaged(error))?;
        stopped |= matches!(event, StreamEvent::MessageStop { .. });
        if first_content && is_content(&event) {
            first_content = false;
            events.put(StreamEvent::FirstToken(sent.elapsed())).await;
        }
        events.put(event).await;
    }
    if stopped {
        return Ok(());
    }
    Err(receiver.cut("The answer ended before the model said that it was done"))
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
