//! What an invocation came to.

use bedrock_playground::bedrock::{Error, EventStream};
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
