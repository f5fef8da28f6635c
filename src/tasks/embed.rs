//! Embedding many texts: in requests as large as the model takes, several at once, as fast as the
//! service lets it, never past a cost cap.

mod call;

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use self::call::{Called, call};
use super::{Session, Waker};
use crate::bedrock::Connection;
use crate::chat::Failure;
use crate::embeddings::{Offer, Settings, Source, Vector, forecast, problem};
use crate::emulator::Server;
use crate::pricing::{CostBreakdown, Prices, Usd};

/// How many events may wait; past that the job waits for its reader.
const EVENTS_IN_FLIGHT: usize = 256;

/// How often a request may be throttled, the SDK's own attempts done, before it has failed.
const MOST_TURNS: u32 = 4;

/// Requests at once where nobody says otherwise.
pub const AT_ONCE: usize = 4;

/// What holds for all requests.
#[derive(Clone, Debug)]
pub struct EmbedOptions {
    /// Model, length, purpose.
    pub settings: Settings,
    /// What the model offers.
    pub offer: Offer,
    /// Most requests at once.
    pub at_once: usize,
    /// What it may cost.
    pub max_cost: Option<Usd>,
    /// Prices to reckon with.
    pub prices: Prices,
}

/// An answered request.
#[derive(Clone, Debug)]
pub struct Embedded {
    /// Places among the sources, with their vectors.
    pub vectors: Vec<(usize, Vector)>,
    /// Tokens, as the service counted them.
    pub tokens: u64,
    /// Whether the service counted them at all.
    pub counted: bool,
    /// The bill.
    pub bill: CostBreakdown,
    /// Milliseconds the service took.
    pub latency_ms: Option<u64>,
    /// Whether the embedded endpoint answered.
    pub simulated: bool,
}

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Everything was tried.
    Complete,
    /// The next request could have passed the cost cap.
    CapReached,
    /// Somebody stopped it.
    Stopped,
}

/// What a job reports.
#[derive(Clone, Debug)]
pub enum Event {
    /// A request was answered.
    Done(Box<Embedded>),
    /// These got no vector, and why.
    Failed(Vec<usize>, Box<Failure>),
    /// Nothing comes after this.
    Ended(Ending),
}

/// A job under way. Dropping it cancels what is on its way.
#[derive(Debug)]
pub struct RunningEmbed {
    events: mpsc::Receiver<Event>,
    stop: CancellationToken,
    cancel: CancellationToken,
    /// The embedded endpoint, if it answers: a new session must not close it under this job.
    _endpoint: Option<Arc<Server>>,
}

impl RunningEmbed {
    /// The next event that has already come, without waiting.
    pub fn try_next(&mut self) -> Option<Event> {
        self.events.try_recv().ok()
    }

    /// The next event; `None` after the last.
    pub async fn next(&mut self) -> Option<Event> {
        self.events.recv().await
    }

    /// Sends nothing more; what was sent still comes, since it is paid for.
    pub fn stop(&self) {
        self.stop.cancel();
    }
}

impl Drop for RunningEmbed {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

/// Begins on the current tokio runtime.
#[must_use]
pub fn start(
    session: &Session,
    sources: Vec<Source>,
    options: EmbedOptions,
    waker: Waker,
) -> RunningEmbed {
    let (sender, events) = mpsc::channel(EVENTS_IN_FLIGHT);
    let (stop, cancel) = (CancellationToken::new(), CancellationToken::new());
    let (waiting, unfit) = batches(&sources, options.offer);
    let driver = Driver {
        connection: session.connection().clone(),
        waiting,
        unfit,
        sources: Arc::new(sources),
        at_once: options.at_once.max(1),
        options: Arc::new(options),
        events: sender,
        waker,
        calls: JoinSet::new(),
        committed: Usd::ZERO,
        reserved: Usd::ZERO,
        ending: Ending::Complete,
    };
    let cancelled = cancel.clone();
    let stopped = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            () = cancelled.cancelled() => {}
            () = driver.run(stopped) => {}
        }
    });
    RunningEmbed {
        events,
        stop,
        cancel,
        _endpoint: session.endpoint(),
    }
}

/// What one request asks about.
#[derive(Clone, Debug)]
struct Batch {
    places: Vec<usize>,
    turn: u32,
    /// The most it can cost, when there is a cap.
    upper: Usd,
}

/// Texts side by side as many as one request takes; each picture by itself. What the model would
/// refuse is told apart, or it would take others with it.
fn batches(sources: &[Source], offer: Offer) -> (VecDeque<Batch>, Vec<(usize, Failure)>) {
    let mut unfit = Vec::new();
    let mut texts = Vec::new();
    let mut images = Vec::new();
    for (place, source) in sources.iter().enumerate() {
        if let Some(problem) = problem(offer, source.text()) {
            let advice = "Change it, or choose another model";
            unfit.push((
                place,
                Failure::local("NotSent", problem.to_string(), advice),
            ));
        } else if source.text().is_some() {
            texts.push(place);
        } else {
            images.push(place);
        }
    }
    let groups = texts
        .chunks(offer.texts_at_once())
        .chain(images.chunks(1))
        .map(|places| Batch {
            places: places.to_vec(),
            turn: 1,
            upper: Usd::ZERO,
        });
    (groups.collect(), unfit)
}

struct Driver {
    connection: Connection,
    sources: Arc<Vec<Source>>,
    options: Arc<EmbedOptions>,
    waiting: VecDeque<Batch>,
    unfit: Vec<(usize, Failure)>,
    at_once: usize,
    calls: JoinSet<(Batch, Called)>,
    events: mpsc::Sender<Event>,
    waker: Waker,
    /// Spent, and what may have been.
    committed: Usd,
    /// The most that what is on its way can cost.
    reserved: Usd,
    ending: Ending,
}

impl Driver {
    async fn run(mut self, stop: CancellationToken) {
        for (place, failure) in std::mem::take(&mut self.unfit) {
            self.send(Event::Failed(vec![place], Box::new(failure)))
                .await;
        }
        loop {
            self.ask_more().await;
            if self.calls.is_empty() {
                break;
            }
            tokio::select! {
                biased;
                () = stop.cancelled(), if self.ending == Ending::Complete => {
                    self.ending = Ending::Stopped;
                    self.waiting.clear();
                }
                Some(joined) = self.calls.join_next() => match joined {
                    Ok((batch, called)) => self.called(batch, called).await,
                    // A call that panicked: its places wait again.
                    Err(error) => tracing::error!("a request ended early: {error}"),
                },
            }
        }
        self.send(Event::Ended(self.ending)).await;
    }

    async fn ask_more(&mut self) {
        while self.calls.len() < self.at_once {
            let Some(mut batch) = self.waiting.pop_front() else {
                return;
            };
            if let Some(cap) = self.options.max_cost {
                let Some(upper) = self.upper_cost(&batch) else {
                    let failure = Failure::local(
                        "PriceUnknown",
                        "A cost cap cannot be kept: the price of this request is not known",
                        "Leave the cap out, raise the budget, or enter the price yourself",
                    );
                    self.send(Event::Failed(batch.places, Box::new(failure)))
                        .await;
                    continue;
                };
                if self.committed + self.reserved + upper > cap {
                    self.waiting.push_front(batch);
                    // What is on its way may turn out to cost less.
                    if self.calls.is_empty() {
                        self.ending = Ending::CapReached;
                        self.waiting.clear();
                    }
                    return;
                }
                batch.upper = upper;
                self.reserved = self.reserved + upper;
            }
            let connection = self.connection.clone();
            let (sources, options) = (Arc::clone(&self.sources), Arc::clone(&self.options));
            self.calls.spawn(async move {
                let called = call(&connection, &sources, &batch.places, &options).await;
                (batch, called)
            });
        }
    }

    fn upper_cost(&self, batch: &Batch) -> Option<Usd> {
        let texts = batch
            .places
            .iter()
            .filter_map(|at| self.sources[*at].text());
        let images = batch
            .places
            .iter()
            .filter(|at| self.sources[**at].text().is_none())
            .count();
        let model = self.options.settings.model_id.as_ref()?;
        let region = self.connection.region();
        let forecast = forecast(
            &self.options.prices,
            model,
            self.options.offer,
            region,
            texts,
            images,
        );
        forecast.cost.map(|(_, upper)| upper)
    }

    async fn called(&mut self, mut batch: Batch, called: Called) {
        self.reserved = self.reserved.less(batch.upper);
        match called {
            Called::Done(embedded) => {
                let cost = embedded.bill.total().unwrap_or(batch.upper);
                self.committed = self.committed + cost;
                self.send(Event::Done(embedded)).await;
            }
            Called::Refused {
                failure,
                throttled,
                may_be_billed,
            } => {
                if may_be_billed {
                    self.committed = self.committed + batch.upper;
                }
                if throttled && batch.turn < MOST_TURNS && self.ending == Ending::Complete {
                    self.at_once = (self.at_once / 2).max(1);
                    batch.turn += 1;
                    self.waiting.push_front(batch);
                    return;
                }
                self.send(Event::Failed(batch.places, failure)).await;
            }
        }
    }

    async fn send(&self, event: Event) {
        // That nobody listens any more ends the job elsewhere.
        self.events.send(event).await.ok();
        self.waker.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_as_large_as_the_model_takes() {
        let sizes = |id: &str, texts: usize, images: usize| -> Vec<usize> {
            let offer = Offer::of(&id.into()).unwrap();
            let mut sources = vec![Source::Image("a.png".into()); images];
            sources.extend(vec![Source::Text("a".to_owned()); texts]);
            let (batches, unfit) = batches(&sources, offer);
            assert!(unfit.is_empty());
            let mut places: Vec<usize> = batches
                .iter()
                .flat_map(|batch| batch.places.clone())
                .collect();
            places.sort_unstable();
            assert_eq!(places, (0..texts + images).collect::<Vec<_>>(), "each once");
            batches.iter().map(|batch| batch.places.len()).collect()
        };
        // 200 = 96 + 96 + 8
        assert_eq!(sizes("cohere.embed-english-v3", 200, 2), [96, 96, 8, 1, 1]);
        assert_eq!(sizes("amazon.titan-embed-text-v2:0", 3, 0), [1, 1, 1]);
    }

    #[test]
    fn one_text_that_would_be_refused_takes_no_others_with_it() {
        let offer = Offer::of(&"cohere.embed-english-v3".into()).unwrap();
        let texts = ["a", "", "b"].map(|text| Source::Text(text.to_owned()));
        let (batches, unfit) = batches(&texts, offer);
        assert_eq!(batches[0].places, [0, 2]);
        assert_eq!((unfit.len(), unfit[0].0), (1, 1));
    }
}
