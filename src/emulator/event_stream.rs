//! `application/vnd.amazon.eventstream`: one frame an event, with lengths and checksums.

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use bytes::Bytes;
use serde_json::{Value, json};

use super::api_error::ApiError;

/// The content type of a stream.
pub const CONTENT_TYPE: &str = "application/vnd.amazon.eventstream";

/// The alphabet that padding is cut from (recorded).
const PADDING: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// A frame with an event. Each carries padding `p` of a varying length, as recorded ones do, so that
/// sizes tell nothing about the text.
pub fn event(name: &'static str, mut payload: Value, sequence: usize) -> Bytes {
    if let Value::Object(members) = &mut payload {
        let length = 1 + (sequence * 7) % PADDING.len();
        members.insert("p".to_owned(), json!(PADDING[..length]));
    }
    frame("event", ":event-type", name, &payload)
}

/// A frame with an error, which is the last one.
pub fn exception(error: &ApiError) -> Bytes {
    let name = match error.kind {
        "ThrottlingException" => "throttlingException",
        "ValidationException" => "validationException",
        "ServiceUnavailableException" => "serviceUnavailableException",
        "InternalServerException" => "internalServerException",
        _ => "modelStreamErrorException",
    };
    let payload = json!({ "message": error.message });
    frame("exception", ":exception-type", name, &payload)
}

fn frame(
    kind: &'static str,
    type_header: &'static str,
    name: &'static str,
    payload: &Value,
) -> Bytes {
    let header = |name: &'static str, value: &'static str| {
        Header::new(name, HeaderValue::String(value.into()))
    };
    let message = Message::new(payload.to_string())
        .add_header(header(type_header, name))
        .add_header(header(":content-type", "application/json"))
        .add_header(header(":message-type", kind));
    let mut frame = Vec::new();
    // Fails only for headers and payloads over the format's limits, which these never reach.
    match write_message_to(&message, &mut frame) {
        Ok(()) => frame.into(),
        Err(error) => {
            tracing::error!(%error, "an event could not be framed");
            Bytes::new()
        }
    }
}
