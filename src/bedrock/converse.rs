//! `Converse`: one answer, whole.

use super::Connection;
use super::convert::event;
use super::convert::request::{Parts, fill, guardrail};
use super::error::{self, Answer, Error, ErrorKind, NetworkFailure};
use super::event_stream::Events;
use super::observe::Observer;
use crate::chat::{Request, StreamEvent};

impl Connection {
    pub(super) async fn converse(&self, request: Request, events: Events) -> Result<(), Error> {
        let observer = Observer::default().telling(&events);
        let result = self.converse_observed(request, &events, &observer).await;
        observer.tell_received().await;
        result
    }

    async fn converse_observed(
        &self,
        request: Request,
        events: &Events,
        observer: &Observer,
    ) -> Result<(), Error> {
        let call = self.call("Converse", Some(&request.model_id));
        let parts = Parts::of(&request)?;
        let sending = fill!(self.runtime().converse(), parts)
            .set_guardrail_config(request.guardrail.as_ref().map(guardrail))
            .customize()
            .interceptor(observer.clone())
            .send();
        let output = tokio::time::timeout(self.patience().whole_answer, sending)
            .await
            .map_err(|_| {
                Error::network(
                    NetworkFailure::TimedOut,
                    &call,
                    "The model has not answered",
                )
            })?
            .map_err(|error| error::from_sdk(&error, &call))?;
        let head = observer.head();
        let Some(answer) = event::of_whole(output, &observer.json()) else {
            return Err(no_message(&call, observer));
        };
        events
            .put(StreamEvent::Accepted {
                request_id: head.request_id,
                simulated: head.simulated,
            })
            .await;
        for event in answer {
            events.put(event).await;
        }
        Ok(())
    }
}

/// An answer of status 200 that holds no message. Some endpoints put an error there; AWS does for a
/// path it does not know.
pub(super) fn no_message(call: &error::Call, observer: &Observer) -> Error {
    let head = observer.head();
    let (code, message) = error::read_body(&observer.body());
    if code.is_some() || message.is_some() {
        return Error::answered(
            call,
            Answer {
                code,
                message,
                status: head.status,
                request_id: head.request_id,
            },
        );
    }
    Error::own(
        ErrorKind::Unexpected,
        "MissingMessage",
        call,
        "The answer holds no message",
    )
    .with_request_id(head.request_id)
}
