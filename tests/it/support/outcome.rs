//! What an invocation came to.

use bedrock_playground::bedrock::{Error, EventStream};
use bedrock_playground::chat::StreamEvent;
use futures_util::StreamExt as _;

/// Everything an invocation gives: its events, and the error it ends with, if any.
pub async fn outcome<T>(mut stream: EventStream<T>) -> (Vec<T>, Option<Error>) {
    let mut events = Vec::new();
    while let Some(event) = stream.next().await {
        match event {
            Ok(event) => events.push(event),
            Err(error) => {
                assert!(stream.next().await.is_none(), "an error is the end");
                return (events, Some(error));
            }
        }
    }
    (events, None)
}

/// The same without what went over the wire, which has tests of its own.
pub async fn steps(stream: EventStream) -> (Vec<StreamEvent>, Option<Error>) {
    let (mut events, error) = outcome(stream).await;
    events.retain(|event| !matches!(event, StreamEvent::Sent(_) | StreamEvent::Received(_)));
    (events, error)
}
