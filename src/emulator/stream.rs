//! Streams of events under way: each comes at its time, when the connection asks for it. A client
//! that does not read costs nothing, and one that goes away ends the work.

use std::future::Future;
use std::io;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, Stream, StreamExt as _};
use serde_json::Value;

use super::api_error::ApiError;
use super::event_stream::{CONTENT_TYPE, event, exception};
use super::faults::StreamFaults;

/// Characters of one delta; recorded streams send a few words at a time.
const DELTA_CHARS: usize = 14;
/// How many frames go out in one piece, when so many are ready.
const FRAMES_AT_ONCE: usize = 64;

/// An event, and how long after the one before it comes.
pub struct Step {
    pub wait: Duration,
    pub name: &'static str,
    pub payload: Value,
}

/// What is said, made when it is asked for.
pub type Steps = Box<dyn Iterator<Item = Step> + Send>;

/// What comes last, told how long all took, in milliseconds.
type Ending = Box<dyn FnOnce(u64) -> (&'static str, Value) + Send>;

/// Everything a stream will say.
pub struct Script {
    pub steps: Steps,
    pub ending: Ending,
    pub started: Instant,
    pub faults: StreamFaults,
}

impl Script {
    /// The answer that plays it.
    pub fn into_response(self) -> Response {
        let gate = Gate::new(self.faults);
        let player = Player {
            script: Some(self),
            gate,
        };
        response(stream::unfold(player, |mut player| async move {
            let frame = player.next().await?;
            Some((frame, player))
        }))
    }
}

struct Player {
    /// `None` behind the last event.
    script: Option<Script>,
    gate: Gate,
}

impl Player {
    /// An error breaks the connection.
    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        self.script.as_ref()?;
        match self.gate.open().await {
            Passage::Open => {}
            Passage::Cut => return None,
            Passage::Broken(error) => {
                self.script = None;
                return Some(Err(error));
            }
        }
        let script = self.script.as_mut()?;
        let (name, payload) = if let Some(step) = script.steps.next() {
            if !step.wait.is_zero() {
                tokio::time::sleep(step.wait).await;
            }
            (step.name, step.payload)
        } else {
            let script = self.script.take()?;
            (script.ending)(millis(script.started.elapsed()))
        };
        Some(Ok(self.gate.frame(name, payload)))
    }
}

/// Events that come from elsewhere, when they come.
pub trait Source: Send + 'static {
    /// The next one; an error ends the stream, as an exception in its last frame.
    fn next(
        &mut self,
    ) -> impl Future<Output = Option<Result<(&'static str, Value), ApiError>>> + Send;
}

/// The answer that passes on what a source brings.
pub fn live(source: impl Source, faults: StreamFaults) -> Response {
    let state = Some((source, Gate::new(faults)));
    response(stream::unfold(state, |state| async move {
        let (mut source, mut gate) = state?;
        let event = source.next().await?;
        match gate.open().await {
            Passage::Open => {}
            Passage::Cut => return None,
            Passage::Broken(error) => return Some((Err(error), None)),
        }
        Some(match event {
            Ok((name, payload)) => (Ok(gate.frame(name, payload)), Some((source, gate))),
            Err(error) => (Ok(exception(&error)), None),
        })
    }))
}

fn response(frames: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Response {
    let pieces = frames.ready_chunks(FRAMES_AT_ONCE).flat_map(together);
    let mut response = Body::from_stream(pieces).into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    response
}

/// Frames that are ready at the same time, in one piece. An error comes behind them, once they have gone
/// out: the server flushes when nothing is ready.
fn together(frames: Vec<io::Result<Bytes>>) -> impl Stream<Item = io::Result<Bytes>> {
    let mut piece = BytesMut::new();
    let mut broken = None;
    for frame in frames {
        match frame {
            Ok(frame) => piece.extend_from_slice(&frame),
            Err(error) => broken = Some(error),
        }
    }
    let piece = (!piece.is_empty()).then(|| Ok(piece.freeze()));
    let broken = stream::iter(broken).then(async |error| {
        tokio::task::yield_now().await;
        Err(error)
    });
    stream::iter(piece).chain(broken)
}

/// What the faults in force make of a stream, event by event.
struct Gate {
    faults: StreamFaults,
    sent: usize,
}

/// Whether the next event may pass.
enum Passage {
    Open,
    /// The stream ends without its end.
    Cut,
    /// The connection breaks.
    Broken(io::Error),
}

impl Gate {
    fn new(faults: StreamFaults) -> Self {
        Self { faults, sent: 0 }
    }

    async fn open(&mut self) -> Passage {
        self.sent += 1;
        if self.faults.cut_before(self.sent) {
            return Passage::Cut;
        }
        if self.faults.break_before(self.sent) {
            return Passage::Broken(io::ErrorKind::ConnectionReset.into());
        }
        if self.faults.stall_before(self.sent) {
            std::future::pending::<()>().await;
        }
        Passage::Open
    }

    fn frame(&self, name: &'static str, payload: Value) -> Bytes {
        self.faults
            .damage(self.sent, event(name, payload, self.sent))
    }
}

/// At least one: the service never measures nothing.
pub fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis())
        .unwrap_or(u64::MAX)
        .max(1)
}

/// A text in pieces of a few words, cut at white space where there is some.
pub fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut count = 0;
    for (at, c) in text.char_indices() {
        count += 1;
        let end = at + c.len_utf8();
        if (count >= DELTA_CHARS && c.is_whitespace()) || count >= 3 * DELTA_CHARS {
            pieces.push(&text[start..end]);
            (start, count) = (end, 0);
        }
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_text() {
        let text = "Grüße aus der Ferne, with a_very_long_word_that_has_no_space_in_it_at_all_and_goes_on and 日本語";
        let pieces = pieces(text);
        assert_eq!(pieces.concat(), text);
        assert!(pieces.len() > 3);
    }
}
