//! A running invocation as a stream of events.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::Stream;
use tokio::sync::mpsc;

use super::Connection;
use super::error::Error;
use crate::chat::{Request, StreamEvent};

/// How many events may wait for the reader before the network has to.
const EVENTS_AHEAD: usize = 64;

/// A running invocation: its events, then an error if it failed. Dropping it cancels the request.
///
/// The work is done while the stream is polled, so there is no task that could outlive it.
#[must_use = "an invocation does nothing until its events are taken"]
pub struct EventStream<T = StreamEvent> {
    work: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    events: mpsc::Receiver<Result<T, Error>>,
}

/// Where the work puts its events.
#[derive(Debug)]
pub(super) struct Events<T = StreamEvent>(mpsc::Sender<Result<T, Error>>);

impl<T> Clone for Events<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Events<T> {
    pub(super) async fn put(&self, event: T) {
        // The receiver is in the stream that polls this very future, so it is still there.
        self.0.send(Ok(event)).await.ok();
    }

    /// Puts an event where waiting is not possible; one that finds no room is left out.
    pub(super) fn try_put(&self, event: T) {
        self.0.try_send(Ok(event)).ok();
    }
}

impl<T: Send + 'static> EventStream<T> {
    /// A stream of what some work puts into its events; the work's error comes last.
    pub(super) fn of<W, F>(work: W) -> Self
    where
        W: FnOnce(Events<T>) -> F,
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let (sender, events) = mpsc::channel(EVENTS_AHEAD);
        let work = work(Events(sender.clone()));
        Self {
            work: Some(Box::pin(async move {
                if let Err(error) = work.await {
                    sender.send(Err(error)).await.ok();
                }
            })),
            events,
        }
    }
}

impl<T> Stream for EventStream<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Poll::Ready(Some(event)) = this.events.poll_recv(context) {
            return Poll::Ready(Some(event));
        }
        if let Some(work) = &mut this.work
            && work.as_mut().poll(context).is_ready()
        {
            this.work = None;
        }
        this.events.poll_recv(context)
    }
}

impl<T> std::fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventStream")
            .field("running", &self.work.is_some())
            .finish_non_exhaustive()
    }
}

impl Connection {
    /// Invokes a model: `ConverseStream` when the request streams, else `Converse`; both give the
    /// same events. Nothing is sent before the first event is asked for.
    pub fn invoke(&self, request: Request) -> EventStream {
        let connection = self.clone();
        EventStream::of(move |events| async move {
            if request.stream {
                connection.converse_stream(request, events).await
            } else {
                connection.converse(request, events).await
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::StreamExt as _;

    #[test]
    fn a_stream_can_be_moved_anywhere() {
        fn can<T: Stream<Item = Result<StreamEvent, Error>> + Send + Unpin + 'static>() {}
        can::<EventStream>();
    }

    #[tokio::test]
    async fn more_events_than_may_wait_come_in_order() {
        let many = EVENTS_AHEAD * 3;
        let stream = EventStream::of(move |events| async move {
            for index in 0..many {
                events.put(StreamEvent::BlockStop { index }).await;
            }
            Ok(())
        });
        let indices: Vec<_> = stream
            .map(|event| match event {
                Ok(StreamEvent::BlockStop { index }) => index,
                other => panic!("unexpected {other:?}"),
            })
            .collect()
            .await;
        assert_eq!(indices, (0..many).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn dropping_the_stream_drops_the_work() {
        struct Flag(std::sync::Arc<std::sync::atomic::AtomicBool>);
        impl Drop for Flag {
            fn drop(&mut self) {
                self.0.store(true, std::sync::atomic::Ordering::SeqCst);
            }
        }
        let dropped = std::sync::Arc::default();
        let flag = Flag(std::sync::Arc::clone(&dropped));
        let mut stream = EventStream::of(move |events| async move {
            let _flag = flag;
            events.put(StreamEvent::BlockStop { index: 0 }).await;
            std::future::pending::<()>().await;
            Ok(())
        });
        assert!(stream.next().await.is_some());
        drop(stream);
        assert!(dropped.load(std::sync::atomic::Ordering::SeqCst));
    }
}
