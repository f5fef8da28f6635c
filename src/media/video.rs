//! Videos: recognised by their first bytes, sent as they are.

use std::sync::Arc;

use super::{Kind, Limits, MediaError, VideoAttachment, sniff};
use crate::chat::{MediaSource, Video};

/// How far into a Matroska file its kind is told.
const DOCTYPE_WITHIN: usize = 64;

/// Which of Converse's video formats this is, as the service spells it.
#[must_use]
pub fn video_format(bytes: &[u8]) -> Option<&'static str> {
    let at = |offset: usize, signature: &[u8]| {
        bytes
            .get(offset..)
            .is_some_and(|rest| rest.starts_with(signature))
    };
    let head = &bytes[..bytes.len().min(DOCTYPE_WITHIN)];
    if at(4, b"ftyp") {
        // Pictures come in the same container; what is none of them is a video.
        return if !matches!(sniff(bytes), Kind::Other(_)) {
            None
        } else if at(8, b"qt  ") {
            Some("mov")
        } else if at(8, b"3gp") {
            Some("three_gp")
        } else {
            Some("mp4")
        };
    }
    if at(0, b"\x1aE\xdf\xa3") {
        let webm = head.windows(4).any(|window| window == b"webm");
        return Some(if webm { "webm" } else { "mkv" });
    }
    [
        (&b"FLV\x01"[..], "flv"),
        (b"\x00\x00\x01\xba", "mpeg"),
        (b"\x00\x00\x01\xb3", "mpeg"),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "wmv"),
    ]
    .into_iter()
    .find_map(|(signature, format)| at(0, signature).then_some(format))
}

/// Takes a video in as it is.
pub(super) fn prepare(
    name: &str,
    bytes: &[u8],
    format: &'static str,
    limits: &Limits,
) -> Result<VideoAttachment, MediaError> {
    if bytes.len() > limits.video_bytes {
        return Err(MediaError::VideoTooLarge {
            name: name.to_owned(),
            size: bytes.len(),
            limit: limits.video_bytes,
        });
    }
    Ok(VideoAttachment {
        prepared: Video {
            format: format.to_owned(),
            source: MediaSource::Bytes(Arc::from(bytes)),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_tells() {
        for (bytes, format) in [
            (&b"\0\0\0\x20ftypisom"[..], Some("mp4")),
            (b"\0\0\0\x20ftypqt  ", Some("mov")),
            (b"\0\0\0\x20ftyp3gp4", Some("three_gp")),
            (b"\0\0\0\x20ftypavif", None),
            (b"\x1aE\xdf\xa3\x01B\x82\x84webm", Some("webm")),
            (b"\x1aE\xdf\xa3\x01B\x82\x88matroska", Some("mkv")),
            (b"FLV\x01", Some("flv")),
            (b"\x00\x00\x01\xba", Some("mpeg")),
            (b"GIF89a", None),
            (b"", None),
        ] {
            assert_eq!(video_format(bytes), format, "{bytes:?}");
        }
    }

    #[test]
    fn what_no_request_can_carry_is_refused_with_the_limit() {
        let limits = Limits {
            video_bytes: 4,
            ..Limits::converse()
        };
        let error = prepare("clip.mp4", b"12345", "mp4", &limits).unwrap_err();
        assert!(error.to_string().contains("clip.mp4"), "{error}");
    }
}
