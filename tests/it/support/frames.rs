//! Event-stream frames made by hand.

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use axum::body::Bytes;
use serde_json::Value;

/// An ordinary event.
pub fn event(name: &str, payload: &Value) -> Bytes {
    frame(
        &[
            (":message-type", "event"),
            (":event-type", name),
            (":content-type", "application/json"),
        ],
        payload.to_string().into(),
    )
}

/// An exception that the service model knows, or one that it does not.
pub fn exception(name: &str, payload: &Value) -> Bytes {
    frame(
        &[
            (":message-type", "exception"),
            (":exception-type", name),
            (":content-type", "application/json"),
        ],
        payload.to_string().into(),
    )
}

/// Any frame.
pub fn frame(headers: &[(&str, &str)], payload: Bytes) -> Bytes {
    let mut message = Message::new(payload);
    for (name, value) in headers {
        message = message.add_header(Header::new(
            (*name).to_owned(),
            HeaderValue::String((*value).to_owned().into()),
        ));
    }
    let mut bytes = Vec::new();
    write_message_to(&message, &mut bytes).expect("a frame that fits");
    bytes.into()
}
