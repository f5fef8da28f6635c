//! The frames of an event stream: cut out of the pieces in which it comes, checked, and read as far as
//! somebody asks.
//!
//! The SDK can do this too, and takes several times as long for it as for all the rest of an answer's
//! way (the bench `wire`); and it forgets what its types leave out. Nothing is copied here that came in one piece, and
//! nothing is read twice. This knows no operation.

use std::ops::RangeInclusive;

use bytes::{Buf as _, Bytes, BytesMut};
use serde::de::DeserializeOwned;

/// How long a frame may be: lengths and checksums alone, and the format's 24 MB of payload with 128 KB of
/// headers.
const FRAME_BYTES: RangeInclusive<usize> = 16..=(24 << 20) + (128 << 10) + 16;
/// The length of the frame, the length of its headers, and a checksum of both.
const PRELUDE_BYTES: usize = 12;
/// Of the prelude at its end, and of the whole frame at its own.
const CHECKSUM_BYTES: usize = 4;

/// What is wrong with a frame. Nothing behind it can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum FrameError {
    /// It says that it is shorter or longer than a frame can be.
    #[error("an event says it is {0} bytes long, which none can be")]
    Length(usize),
    /// Its bytes are not those that were sent.
    #[error("the checksum of an event does not match")]
    Checksum,
}

/// One frame whose checksums are right.
#[derive(Clone, Debug)]
pub(super) struct RawEvent(Bytes);

impl RawEvent {
    /// `:event-type`; nothing for an exception.
    pub(super) fn name(&self) -> &str {
        self.text_header(|name| name == b":event-type")
            .unwrap_or_default()
    }

    /// What it carried, out of its JSON.
    pub(super) fn read<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_slice(self.payload())
    }

    /// What it carried, as it stood.
    pub(super) fn payload(&self) -> &[u8] {
        let end = self.0.len().saturating_sub(CHECKSUM_BYTES);
        self.parts()
            .and_then(|(_, at)| self.0.get(at..end))
            .unwrap_or_default()
    }

    /// The first header of text that has such a name.
    pub(super) fn text_header(&self, is_wanted: impl Fn(&[u8]) -> bool) -> Option<&str> {
        let (mut headers, _) = self.parts()?;
        while !headers.is_empty() {
            let length = headers.try_get_u8().ok()?;
            let name = take(&mut headers, length.into())?;
            let kind = headers.try_get_u8().ok()?;
            let value = value(&mut headers, kind)?;
            if kind == TEXT && is_wanted(name) {
                return std::str::from_utf8(value).ok();
            }
        }
        None
    }

    /// The headers, and where the payload begins.
    fn parts(&self) -> Option<(&[u8], usize)> {
        let mut lengths = self.0.get(4..)?;
        let length = usize::try_from(lengths.try_get_u32().ok()?).ok()?;
        let end = PRELUDE_BYTES.checked_add(length)?;
        Some((self.0.get(PRELUDE_BYTES..end)?, end))
    }
}

/// The type of a header's value that is text.
const TEXT: u8 = 7;

/// The value of a header of this type. The types and their sizes are the event stream's, as the AWS SDKs
/// encode them.
fn value<'a>(bytes: &mut &'a [u8], kind: u8) -> Option<&'a [u8]> {
    let length = match kind {
        // True and false.
        0 | 1 => 0,
        // Numbers of one to eight bytes.
        2 => 1,
        3 => 2,
        4 => 4,
        // And a time.
        5 | 8 => 8,
        // Bytes and text.
        6 | TEXT => bytes.try_get_u16().ok()?.into(),
        // A UUID.
        9 => 16,
        _ => return None,
    };
    take(bytes, length)
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(taken)
}

/// Cuts the pieces in which a stream comes into its frames.
#[derive(Debug, Default)]
pub(super) struct FrameReader {
    /// What came last, from the first byte that no frame has.
    piece: Bytes,
    /// A frame that began in an earlier piece.
    begun: BytesMut,
}

impl FrameReader {
    /// Takes the next piece, once all frames of the one before are out.
    pub(super) fn push(&mut self, piece: Bytes) {
        debug_assert!(self.piece.is_empty(), "frames are left in the last piece");
        self.piece = piece;
    }

    /// The next frame that is whole.
    pub(super) fn next(&mut self) -> Result<Option<RawEvent>, FrameError> {
        if self.begun.is_empty()
            && let Some(length) = frame_length(&self.piece)?
            && length <= self.piece.len()
        {
            return checked(self.piece.split_to(length)).map(Some);
        }
        while !self.piece.is_empty() {
            // Its length first, then as much.
            let wanted = frame_length(&self.begun)?.unwrap_or(size_of::<u32>());
            let missing = wanted
                .saturating_sub(self.begun.len())
                .min(self.piece.len());
            self.begun.extend_from_slice(&self.piece.split_to(missing));
            if frame_length(&self.begun)? == Some(self.begun.len()) {
                return checked(self.begun.split().freeze()).map(Some);
            }
        }
        Ok(None)
    }

    /// Whether a frame has begun and not ended.
    pub(super) fn is_inside(&self) -> bool {
        !(self.begun.is_empty() && self.piece.is_empty())
    }
}

/// What a frame says of its own length.
fn frame_length(bytes: &[u8]) -> Result<Option<usize>, FrameError> {
    let Some(length) = bytes.first_chunk().copied().map(u32::from_be_bytes) else {
        return Ok(None);
    };
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    if FRAME_BYTES.contains(&length) {
        Ok(Some(length))
    } else {
        Err(FrameError::Length(length))
    }
}

/// Holds the frame against its checksums.
fn checked(frame: Bytes) -> Result<RawEvent, FrameError> {
    let ends_in_its_checksum = |bytes: &[u8]| {
        bytes
            .split_last_chunk()
            .is_some_and(|(sent, checksum)| crc32fast::hash(sent) == u32::from_be_bytes(*checksum))
    };
    let prelude = frame.get(..PRELUDE_BYTES).unwrap_or_default();
    if ends_in_its_checksum(prelude) && ends_in_its_checksum(&frame) {
        Ok(RawEvent(frame))
    } else {
        Err(FrameError::Checksum)
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_eventstream::frame::write_message_to;
    use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
    use aws_smithy_types::{Blob, DateTime};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    /// As the SDK writes it, the name behind a header of each kind there is.
    fn frame(payload: &str) -> Vec<u8> {
        let values = [
            HeaderValue::Bool(true),
            HeaderValue::Bool(false),
            HeaderValue::Byte(1),
            HeaderValue::Int16(2),
            HeaderValue::Int32(3),
            HeaderValue::Int64(4),
            HeaderValue::ByteArray(Blob::new(*b"bytes").into_inner().into()),
            HeaderValue::String("text".to_owned().into()),
            HeaderValue::Timestamp(DateTime::from_secs(5)),
            HeaderValue::Uuid(6),
            HeaderValue::String("contentBlockDelta".to_owned().into()),
        ];
        let headers = values.into_iter().enumerate().map(|(at, value)| {
            let name = if at == 10 {
                ":event-type".to_owned()
            } else {
                format!("other{at}")
            };
            Header::new(name, value)
        });
        let message = Message::new_from_parts(headers.collect(), payload.to_owned());
        let mut bytes = Vec::new();
        write_message_to(&message, &mut bytes).expect("written");
        bytes
    }

    fn read(pieces: &[&[u8]]) -> Result<Vec<RawEvent>, FrameError> {
        let (mut reader, mut events) = (FrameReader::default(), Vec::new());
        for piece in pieces {
            reader.push(Bytes::copy_from_slice(piece));
            while let Some(event) = reader.next()? {
                events.push(event);
            }
        }
        Ok(events)
    }

    #[test]
    fn a_frame_has_its_name_and_what_it_carried() {
        let events = read(&[&frame(r#"{"delta":{"text":"é"}}"#)]).unwrap();
        assert_eq!(events[0].name(), "contentBlockDelta");
        let read: Value = events[0].read().unwrap();
        assert_eq!(read, json!({"delta": {"text": "é"}}));
        assert_eq!(events[0].payload(), r#"{"delta":{"text":"é"}}"#.as_bytes());
    }

    #[test]
    fn frames_are_the_same_wherever_the_stream_is_cut() {
        let all = [frame("1"), frame(""), frame("[2, 3]")].concat();
        for first in 0..=all.len() {
            for second in first..=all.len() {
                let events = read(&[&all[..first], &all[first..second], &all[second..]]).unwrap();
                let payloads: Vec<_> = events.iter().map(RawEvent::payload).collect();
                assert_eq!(payloads, [&b"1"[..], b"", b"[2, 3]"], "{first}, {second}");
            }
        }
    }

    #[test]
    fn one_that_has_not_ended_is_known() {
        let frame = frame("1");
        for length in 0..=frame.len() {
            let mut reader = FrameReader::default();
            reader.push(Bytes::copy_from_slice(&frame[..length]));
            assert_eq!(reader.next().unwrap().is_some(), length == frame.len());
            assert_eq!(reader.is_inside(), length > 0 && length < frame.len());
        }
    }

    #[test]
    fn an_impossible_length_is_said() {
        let mut all = frame("1");
        all.extend(15_u32.to_be_bytes());
        assert_eq!(read(&[&all]).unwrap_err(), FrameError::Length(15));
    }

    #[test]
    fn no_byte_can_change_unseen() {
        let whole = frame(r#"{"a":1}"#);
        // Behind the length, which says how much is checked.
        for at in 4..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            assert_eq!(read(&[&changed]).unwrap_err(), FrameError::Checksum, "{at}");
        }
    }

    proptest! {
        /// Whatever its bytes are: it is told without a panic, and nothing in it is longer than itself.
        #[test]
        fn anything_is_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&[&bytes]);
            let event = RawEvent(bytes.into());
            prop_assert!(event.name().len() <= event.0.len());
            prop_assert!(event.payload().len() <= event.0.len());
        }
    }
}
