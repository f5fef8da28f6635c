//! What the SDK's types leave out of an answer: headers, the raw body, and streams of events.
//!
//! The SDK hands an unknown block over as `Unknown` and forgets its name, and it has no place for
//! headers of ours. An [`Observer`] looks on as the answer passes and keeps what is needed to name the
//! unknown, and what is shown to those who want to see the exchange itself. The body of a stream it takes
//! out of the SDK's hands, for `receive` to read.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextMut, BeforeTransmitInterceptorContextRef,
    FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use bytes::{Bytes, BytesMut};
use hyper::body::{Body, Frame, SizeHint};
use serde_json::Value;

use super::error;
use super::event_stream::Events;
use super::exchange;
use super::frame::RawEvent;
use crate::chat::{ExchangeResponse, Retry, StreamEvent};

/// Says that the embedded endpoint answered.
const SIMULATED: &str = "x-bedrock-playground-simulated";

/// Looks on as the answer of one call passes.
#[derive(Clone, Debug, Default)]
pub(super) struct Observer {
    state: Arc<Mutex<Observation>>,
    expects_events: bool,
    tells: Option<Events>,
}

#[derive(Debug, Default)]
struct Observation {
    attempts: u32,
    failure: String,
    head: Head,
    body: BytesMut,
    stream: Option<StreamBody>,
    /// The answer without its body; `None` where nobody is told.
    response: Option<ExchangeResponse>,
}

/// The body of an answer that should be a stream of events.
#[derive(Debug)]
pub(super) enum StreamBody {
    /// It is one.
    Events(SdkBody),
    /// Some endpoints answer 200 with an error in JSON.
    Other(SdkBody),
}

/// The head of the last answer.
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    pub(super) status: Option<u16>,
    pub(super) request_id: Option<String>,
    pub(super) simulated: bool,
    /// `x-amzn-bedrock-…`, by the rest of the name: what `InvokeModel` measures.
    pub(super) measures: BTreeMap<String, String>,
}

impl Observer {
    /// One for a call whose answer is an event stream.
    pub(super) fn of_events() -> Self {
        Self {
            expects_events: true,
            ..Self::default()
        }
    }

    /// Tells of what is sent and of every further attempt, and keeps the answer to tell of it.
    pub(super) fn telling(mut self, events: &Events) -> Self {
        self.tells = Some(events.clone());
        self
    }

    /// Tells of the answer, as far as it came.
    pub(super) async fn tell_received(&self) {
        let (response, body) = {
            let mut state = self.lock();
            (state.response.take(), state.body.clone())
        };
        if let (Some(events), Some(mut response)) = (&self.tells, response) {
            // What was no stream of events, whatever was expected.
            if !body.is_empty() {
                response.body = exchange::body(&body);
                response.is_stream = false;
            }
            events.put(StreamEvent::Received(Box::new(response))).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Observation> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The head of the last answer.
    pub(super) fn head(&self) -> Head {
        self.lock().head.clone()
    }

    /// The body of an answer that was not an event stream, as far as it has passed.
    pub(super) fn body(&self) -> Bytes {
        Bytes::copy_from_slice(&self.lock().body)
    }

    /// That body as JSON; `null` when it is none.
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.lock().body).unwrap_or_default()
    }

    /// The status of the last answer.
    pub(super) fn status(&self) -> Option<u16> {
        self.lock().head.status
    }

    /// The body that the SDK was not given; once.
    pub(super) fn take_stream(&self) -> Option<StreamBody> {
        self.lock().stream.take()
    }

    /// An event was received.
    pub(super) fn saw_event(&self, event: &RawEvent) {
        let mut state = self.lock();
        if let Some(shown) = &mut state.response
            && exchange::has_room(&shown.body)
        {
            exchange::add_event(&mut shown.body, event);
        }
    }

    /// A piece of a body was received that is no stream of events.
    pub(super) fn saw_bytes(&self, piece: &[u8]) {
        self.lock().body.extend_from_slice(piece);
    }
}

impl Intercept for Observer {
    fn name(&self) -> &'static str {
        "Observer"
    }

    fn read_before_attempt(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let mut state = self.lock();
        state.attempts += 1;
        if let Some(events) = &self.tells
            && state.attempts > 1
        {
            events.try_put(StreamEvent::Retrying(Retry {
                attempt: state.attempts,
                because: state.failure.clone(),
            }));
        }
        Ok(())
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(events) = &self.tells
            && self.lock().attempts == 1
        {
            let request = exchange::request(context.request());
            events.try_put(StreamEvent::Sent(Box::new(request)));
        }
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(Err(failure)) = context.output_or_error() {
            let mut state = self.lock();
            let (code, words) = error::read_body(&state.body);
            state.failure = words.or(code).unwrap_or_else(|| error::in_words(failure));
        }
        Ok(())
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response_mut();
        let header = |name: &str| response.headers().get(name).map(str::to_owned);
        let head = Head {
            status: Some(response.status().as_u16()),
            request_id: header("x-amzn-requestid"),
            simulated: header(SIMULATED).is_some_and(|value| value.eq_ignore_ascii_case("true")),
            measures: response
                .headers()
                .iter()
                .filter_map(|(name, value)| {
                    let name = name.strip_prefix("x-amzn-bedrock-")?;
                    Some((name.to_owned(), value.to_owned()))
                })
                .collect(),
        };
        let is_text = header("content-type")
            .is_some_and(|kind| kind.starts_with("application/json") || kind.starts_with("text/"));
        let streams = self.expects_events && response.status().is_success();
        let shown = self.tells.is_some().then(|| ExchangeResponse {
            status: response.status().as_u16(),
            headers: exchange::headers(response.headers().iter()),
            body: String::new(),
            is_stream: streams && !is_text,
        });
        let body = std::mem::replace(response.body_mut(), SdkBody::taken());
        let mut state = self.lock();
        *state = Observation {
            attempts: state.attempts,
            head,
            response: shown,
            ..Observation::default()
        };
        if streams {
            *response.body_mut() = SdkBody::empty();
            let of_kind = if is_text {
                StreamBody::Other
            } else {
                StreamBody::Events
            };
            state.stream = Some(of_kind(body));
        } else {
            drop(state);
            *response.body_mut() = SdkBody::from_body_1_x(Tap {
                inner: body,
                observer: self.clone(),
            });
        }
        Ok(())
    }
}

/// A body that shows what passes to an observer.
struct Tap {
    inner: SdkBody,
    observer: Observer,
}

impl Body for Tap {
    type Data = Bytes;
    type Error = aws_smithy_types::body::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
        {
            self.observer.saw_bytes(data);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        Body::size_hint(&self.inner)
    }
}

/// The name of a union's member that the SDK does not know, where the wire tells it.
pub(super) fn unknown_member(union: Option<&Value>) -> String {
    union
        .and_then(Value::as_object)
        .and_then(|members| members.iter().find(|(_, value)| !value.is_null()))
        .map_or_else(|| "unknown".to_owned(), |(name, _)| name.clone())
}
