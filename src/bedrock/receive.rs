//! Taking events from the network, one at a time, for every operation that streams.

use std::error::Error as StdError;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use aws_sdk_bedrockruntime::primitives::event_stream::EventReceiver;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::converse::no_message;
use super::error::{self, Call, Error, NetworkFailure};
use super::frame::RawEvent;
use super::observe::Observer;

/// What watches over a stream.
pub(super) struct Watch<'a> {
    pub(super) call: &'a Call,
    pub(super) observer: &'a Observer,
    pub(super) silence_allowed: Duration,
}

impl Watch<'_> {
    /// The next event and how it stood on the wire; `None` at the end.
    pub(super) async fn next<T, E>(
        &self,
        events: &mut EventReceiver<T, E>,
    ) -> Result<Option<(T, RawEvent)>, Error>
    where
        E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
    {
        let mut receiving = pin!(events.recv());
        // Most of a quick answer is there already, and a timer for each event is not needed.
        let received = match poll_fn(|context| Poll::Ready(receiving.as_mut().poll(context))).await
        {
            Poll::Ready(received) => received,
            Poll::Pending => tokio::time::timeout(self.silence_allowed, receiving)
                .await
                .map_err(|_| silence(self.call, self.silence_allowed))?,
        };
        match received {
            Ok(Some(event)) => Ok(Some((event, self.observer.next_event()))),
            // It was no stream at all: an error in JSON under status 200.
            _ if !self.observer.body().is_empty() => Err(no_message(self.call, self.observer)),
            Ok(None) => Ok(None),
            Err(error) => Err(error::from_event(
                &error,
                self.call,
                self.observer.head().status,
            )),
        }
    }
}

/// Nothing came for too long.
pub(super) fn silence(call: &Call, allowed: Duration) -> Error {
    Error::network(
        NetworkFailure::TimedOut,
        call,
        format!("Nothing came for {}", error::duration_in_words(allowed)),
    )
}
