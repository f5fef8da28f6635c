//! Requests and answers as they are shown: secrets out, megabytes of media out, the rest as it was.
//!
//! Nothing is parsed and written anew, which would change what was sent and take time with every
//! event; text is copied once, and looked through only where it is long.

use std::fmt::Write as _;

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use memchr::memchr2;

use super::frame::RawEvent;
use crate::chat::{ExchangeRequest, LEFT_OUT};

/// From this size on, media are taken out of a body.
const LONG: usize = 1_000_000;
/// What is longer even without media is cut.
const LONGEST: usize = 4_000_000;
/// How the SDK, and the service, begin media in a body.
const MEDIA: &str = "\"bytes\":\"";

/// A request about to be transmitted.
pub(super) fn request(request: &HttpRequest) -> ExchangeRequest {
    ExchangeRequest {
        method: request.method().to_owned(),
        url: without_user(request.uri()),
        headers: headers(request.headers().iter()),
        body: body(request.body().bytes().unwrap_or_default()),
    }
}

/// Headers, those that prove who one is by name only.
pub(super) fn headers<'a>(
    headers: impl Iterator<Item = (&'a str, &'a str)>,
) -> Vec<(String, String)> {
    headers
        .map(|(name, value)| {
            let value = if is_secret(name) { LEFT_OUT } else { value };
            (name.to_owned(), value.to_owned())
        })
        .collect()
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("-token")
        || [
            "authorization",
            "cookie",
            "secret",
            "api-key",
            "credential",
            "signature",
        ]
        .iter()
        .any(|word| name.contains(word))
}

/// An endpoint's address may hold a name and a password.
fn without_user(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    match authority.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://{LEFT_OUT}@{host}{path}"),
        None => url.to_owned(),
    }
}

/// A body as text.
pub(super) fn body(bytes: &[u8]) -> String {
    shortened(String::from_utf8_lossy(bytes).into_owned())
}

/// Whether more events are kept behind these lines.
pub(super) fn has_room(lines: &str) -> bool {
    lines.len() <= LONGEST
}

/// An event of a stream on a line of its own: its name and what it carried. What does not look like an
/// object stands there as text; no more is made sure of, for there may be a hundred thousand of them.
pub(super) fn add_event(lines: &mut String, event: &RawEvent) {
    let name = event.text_header(|name| {
        [&b":event-type"[..], b":exception-type", b":error-code"].contains(&name)
    });
    let payload = String::from_utf8_lossy(event.payload());
    let name = name.unwrap_or("unknown");
    lines.push('{');
    if name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        lines.extend(["\"", name, "\""]);
    } else {
        lines.push_str(&serde_json::Value::from(name).to_string());
    }
    lines.push(':');
    if !(payload.starts_with('{') && payload.ends_with('}')) {
        lines.push_str(&serde_json::Value::from(payload.as_ref()).to_string());
    } else if payload.len() > LONG || memchr2(b'\n', b'\r', payload.as_bytes()).is_some() {
        // Between values a line break is only white space, and inside of them there is none.
        lines.push_str(&shortened(payload.replace(['\n', '\r'], " ")));
    } else {
        lines.push_str(&payload);
    }
    lines.push_str("}\n");
}

/// Text that is not too long to be kept.
pub(super) fn shortened(text: String) -> String {
    if text.len() <= LONG {
        return text;
    }
    let mut short = without_media(&text);
    if short.len() > LONGEST {
        let left_out = short.len() - LONGEST;
        let mut end = LONGEST;
        while !short.is_char_boundary(end) {
            end -= 1;
        }
        short.truncate(end);
        let _ = write!(short, "… ({left_out} more bytes)");
    }
    short
}

/// Text with the sizes of media in their places. A quotation mark inside of a text is escaped, so
/// what begins here like media is media.
fn without_media(text: &str) -> String {
    let mut short = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(MEDIA) {
        let (before, after) = rest.split_at(at + MEDIA.len());
        let end = after.find('"').unwrap_or(after.len());
        let (media, behind) = after.split_at(end);
        short.push_str(before);
        let padding = media.bytes().rev().take_while(|byte| *byte == b'=').count();
        let size = (media.len() / 4 * 3).saturating_sub(padding);
        let _ = write!(short, "<{size} bytes>");
        rest = behind;
    }
    short.push_str(rest);
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_their_names() {
        for name in [
            "Authorization",
            "x-amz-security-token",
            "Set-Cookie",
            "proxy-authorization",
            "x-api-key",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "x-amzn-bedrock-input-token-count",
            "content-type",
            "x-amzn-requestid",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn an_address_keeps_no_password() {
        assert_eq!(
            without_user("http://me:pass@word@host:80/model/x@y"),
            "http://(left out)@host:80/model/x@y"
        );
        assert_eq!(without_user("https://host/a@b"), "https://host/a@b");
    }

    #[test]
    fn media_leave_their_size() {
        // "abcd" in base64 is YWJjZA==, four bytes.
        let body =
            r#"{"a":[{"bytes":"YWJjZA=="},{"text":"say \"bytes\":\"YWJj\""},{"bytes":"YWJj"}]}"#;
        assert_eq!(
            without_media(body),
            r#"{"a":[{"bytes":"<4 bytes>"},{"text":"say \"bytes\":\"YWJj\""},{"bytes":"<3 bytes>"}]}"#
        );
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        let long = format!("x{}", "é".repeat(LONGEST));
        let short = shortened(long.clone());
        let (kept, said) = short.split_at(short.find('…').expect("a mark"));
        assert!(long.starts_with(kept));
        // One byte and two for each é, of which four million are kept, but no half one.
        assert_eq!((kept.len(), said), (3_999_999, "… (4000001 more bytes)"));
    }
}
