//! The frames of an event stream as they stood on the wire, cut out of the pieces in which it came.
//!
//! The SDK reads every frame and checks its sums; this looks at the same bytes once more for what its types
//! leave out, and at answers of a hundred thousand frames that must cost next to nothing. So nothing is
//! copied that came in one piece, and nothing is read that nobody asks for. It knows no operation.

use std::ops::RangeInclusive;

use bytes::{Buf as _, Bytes, BytesMut};
use serde_json::Value;

/// How long a frame may be: lengths and checksums alone, and the format's 24 MB of payload with 128 KB of
/// headers.
const FRAME_BYTES: RangeInclusive<usize> = 16..=(24 << 20) + (128 << 10) + 16;
/// The length of the frame, the length of its headers, and a checksum of both.
const PRELUDE_BYTES: usize = 12;
/// Of the whole frame, at its end.
const CHECKSUM_BYTES: usize = 4;

/// One frame. Its checksums are not looked at, for the SDK does that: what is damaged it reports itself.
#[derive(Clone, Debug, Default)]
pub(super) struct RawEvent(Bytes);

impl RawEvent {
    /// `:event-type`
    pub(super) fn name(&self) -> String {
        self.text_header(|name| name == b":event-type")
            .unwrap_or_default()
            .to_owned()
    }

    /// What it carried; `null` when that is no JSON.
    pub(super) fn payload(&self) -> Value {
        serde_json::from_slice(self.payload_bytes()).unwrap_or_default()
    }

    /// What it carried, as it stood.
    pub(super) fn payload_bytes(&self) -> &[u8] {
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
    /// A frame that has begun and not ended.
    begun: BytesMut,
    damaged: bool,
}

impl FrameReader {
    /// Gives each frame that ends in this piece.
    pub(super) fn read(&mut self, mut piece: Bytes, mut give: impl FnMut(RawEvent)) {
        while !piece.is_empty() && !self.damaged {
            if self.begun.is_empty()
                && let Some(length) = frame_length(&piece)
                && FRAME_BYTES.contains(&length)
                && length <= piece.len()
            {
                give(RawEvent(piece.split_to(length)));
                continue;
            }
            // Its length first, then as much.
            let wanted = frame_length(&self.begun).unwrap_or(size_of::<u32>());
            let missing = wanted.saturating_sub(self.begun.len()).min(piece.len());
            self.begun.extend_from_slice(&piece.split_to(missing));
            match frame_length(&self.begun) {
                Some(length) if !FRAME_BYTES.contains(&length) => self.damaged = true,
                Some(length) if length == self.begun.len() => {
                    give(RawEvent(self.begun.split().freeze()));
                }
                _ => {}
            }
        }
    }
}

/// What a frame says of its own length.
fn frame_length(bytes: &[u8]) -> Option<usize> {
    let length = bytes.first_chunk().copied().map(u32::from_be_bytes)?;
    usize::try_from(length).ok()
}

#[cfg(test)]
mod tests {
    use aws_smithy_eventstream::frame::write_message_to;
    use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
    use aws_smithy_types::{Blob, DateTime};
    use proptest::prelude::*;
    use serde_json::json;

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

    fn read(pieces: &[&[u8]]) -> Vec<RawEvent> {
        let (mut reader, mut events) = (FrameReader::default(), Vec::new());
        for piece in pieces {
            reader.read(Bytes::copy_from_slice(piece), |event| events.push(event));
        }
        events
    }

    #[test]
    fn a_frame_has_its_name_and_what_it_carried() {
        let events = read(&[&frame(r#"{"delta":{"text":"é"}}"#)]);
        assert_eq!(events[0].name(), "contentBlockDelta");
        assert_eq!(events[0].payload(), json!({"delta": {"text": "é"}}));
        assert_eq!(
            events[0].payload_bytes(),
            r#"{"delta":{"text":"é"}}"#.as_bytes()
        );
    }

    #[test]
    fn frames_are_the_same_wherever_the_stream_is_cut() {
        let all = [frame("1"), frame(""), frame("[2, 3]")].concat();
        for first in 0..=all.len() {
            for second in first..=all.len() {
                let events = read(&[&all[..first], &all[first..second], &all[second..]]);
                let payloads: Vec<_> = events.iter().map(RawEvent::payload_bytes).collect();
                assert_eq!(payloads, [&b"1"[..], b"", b"[2, 3]"], "{first}, {second}");
            }
        }
    }

    #[test]
    fn nothing_follows_an_impossible_length() {
        let mut all = frame("1");
        all.extend(u32::MAX.to_be_bytes());
        all.extend(frame("2"));
        assert_eq!(read(&[&all]).len(), 1);
    }

    proptest! {
        #[test]
        fn anything_else_has_no_name(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let event = RawEvent(bytes.into());
            // Whatever it is, it is told without a panic, and no header is longer than the frame.
            prop_assert!(event.name().len() <= event.0.len());
            prop_assert!(event.payload_bytes().len() <= event.0.len());
        }

        #[test]
        fn a_changed_byte_does_no_harm(at in 0_usize..200, byte: u8) {
            let mut bytes = frame(r#"{"a":1}"#);
            let at = at % bytes.len();
            bytes[at] = byte;
            for event in read(&[&bytes]) {
                let _ = (event.name(), event.payload());
            }
        }
    }
}
