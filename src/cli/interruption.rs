//! Ctrl+C, for commands that keep what they have when it comes.

use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::task::Poll;

/// Resolves at the next Ctrl+C.
pub type Interruption = Pin<Box<dyn Future<Output = io::Result<()>> + Send>>;

/// Listens for Ctrl+C from now on: listening begins when it is first looked for.
pub async fn listen() -> Interruption {
    let mut interrupted: Interruption = Box::pin(tokio::signal::ctrl_c());
    let already = poll_fn(|context| Poll::Ready(interrupted.as_mut().poll(context)));
    match already.await {
        Poll::Ready(result) => Box::pin(std::future::ready(result)),
        Poll::Pending => interrupted,
    }
}
