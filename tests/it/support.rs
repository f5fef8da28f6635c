//! What several tests need.

pub mod frames;
pub mod recording;
pub mod replay;
pub mod window;

use bedrock_playground::bedrock::{Error, EventStream};
use bedrock_playground::chat::StreamEvent;
use futures_util::StreamExt as _;

/// Everything an invocation gives: its events, and the error it ends with, if any.
pub async fn outcome(mut stream: EventStream) -> (Vec<StreamEvent>, Option<Error>) {
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
