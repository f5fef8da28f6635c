//! Results on their way out, in the order that was chosen.

use std::collections::BTreeMap;

use tokio::sync::mpsc;

use super::{Event, ImageResult, Order};

pub(super) struct Outbox {
    events: mpsc::Sender<Event>,
    order: Order,
    next: usize,
    held: BTreeMap<usize, ImageResult>,
}

impl Outbox {
    pub(super) fn new(events: mpsc::Sender<Event>, order: Order) -> Self {
        Self {
            events,
            order,
            next: 0,
            held: BTreeMap::new(),
        }
    }

    /// Sends a result, once those before it are out. That nobody listens any more ends the job
    /// elsewhere.
    pub(super) async fn put(&mut self, result: ImageResult) {
        if self.order == Order::Done {
            return self.send(Event::Finished(Box::new(result))).await;
        }
        self.held.insert(result.index, result);
        while let Some(result) = self.held.remove(&self.next) {
            self.next += 1;
            self.send(Event::Finished(Box::new(result))).await;
        }
    }

    pub(super) async fn send(&self, event: Event) {
        self.events.send(event).await.ok();
    }

    /// Sends what waited for results that will not come.
    pub(super) async fn flush(&mut self) {
        for result in std::mem::take(&mut self.held).into_values() {
            self.send(Event::Finished(Box::new(result))).await;
        }
    }

    pub(super) async fn closed(&self) {
        self.events.closed().await;
    }
}
