//! Taking events from the network, one at a time, for every operation that streams. The SDK has sent the
//! request by then and hands the body of the answer over as it is.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use hyper::body::Body as _;

use super::converse::no_message;
use super::error::{self, Call, Error, ErrorKind};
use super::frame::{FrameReader, RawEvent};
use super::observe::{Observer, StreamBody};
use super::patience::silence;

/// The events of one answer.
pub(super) struct Receiver<'a> {
    call: &'a Call,
    observer: &'a Observer,
    /// How long nothing may come.
    silence_allowed: Duration,
    body: SdkBody,
    frames: FrameReader,
}

impl<'a> Receiver<'a> {
    /// Receives what the observer has kept from the SDK. An answer that was no stream at all is an error in
    /// JSON under status 200.
    pub(super) async fn begin(
        call: &'a Call,
        observer: &'a Observer,
        silence_allowed: Duration,
    ) -> Result<Self, Error> {
        let (body, is_stream) = match observer.take_stream() {
            Some(StreamBody::Events(body)) => (body, true),
            Some(StreamBody::Other(body)) => (body, false),
            None => (SdkBody::empty(), true),
        };
        let mut receiver = Self {
            call,
            observer,
            silence_allowed,
            body,
            frames: FrameReader::default(),
        };
        if is_stream {
            return Ok(receiver);
        }
        while let Some(piece) = receiver.piece().await? {
            observer.saw_bytes(&piece);
        }
        Err(no_message(call, observer))
    }

    /// The next event; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<RawEvent>, Error> {
        loop {
            let next = self.frames.next();
            if let Some(event) = next.map_err(|error| self.damaged(error))? {
                self.observer.saw_event(&event);
                return match error::of_event(&event, self.call, self.observer.status()) {
                    Some(error) => Err(error),
                    None => Ok(Some(event)),
                };
            }
            match self.piece().await? {
                Some(piece) => self.frames.push(piece),
                None if self.frames.is_inside() => {
                    return Err(self.cut("The answer ended in the middle of an event"));
                }
                None => return Ok(None),
            }
        }
    }

    /// What is wrong with an event that came.
    pub(super) fn damaged(&self, why: impl std::fmt::Display) -> Error {
        Error::own(
            ErrorKind::StreamCut,
            "DamagedStream",
            self.call,
            format!("The answer was damaged on the way ({why})"),
        )
    }

    /// What has not come.
    pub(super) fn cut(&self, how: &str) -> Error {
        Error::own(ErrorKind::StreamCut, "StreamCut", self.call, how)
    }

    /// The next bytes of the body; `None` at its end.
    async fn piece(&mut self) -> Result<Option<Bytes>, Error> {
        let body = &mut self.body;
        let mut receiving = pin!(poll_fn(|context| Pin::new(&mut *body).poll_frame(context)));
        loop {
            // Most of a quick answer is there already, and a timer for each piece is not needed.
            let polled = poll_fn(|context| Poll::Ready(receiving.as_mut().poll(context))).await;
            let received = match polled {
                Poll::Ready(received) => received,
                Poll::Pending => tokio::time::timeout(self.silence_allowed, receiving.as_mut())
                    .await
                    .map_err(|_| silence(self.call, self.silence_allowed))?,
            };
            match received {
                // Trailers hold nothing.
                Some(Ok(frame)) => {
                    if let Ok(piece) = frame.into_data() {
                        return Ok(Some(piece));
                    }
                }
                Some(Err(error)) => {
                    let words = error::in_words(&*error);
                    return Err(Error::own(
                        ErrorKind::StreamCut,
                        "StreamCut",
                        self.call,
                        format!("The connection broke before the answer was complete ({words})"),
                    ));
                }
                None => return Ok(None),
            }
        }
    }
}
