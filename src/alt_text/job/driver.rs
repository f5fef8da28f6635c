//! The loop of a job. One task holds all its state; pictures and requests run beside it and report to
//! it, so nothing is locked.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::{Id, JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use super::ask::{Answer, Opened, Prepared, ask, keep, key_of, open, request};
use super::outbox::Outbox;
use super::{Described, Ending, Event, ImageResult, JobOptions, Source, Summary};
use crate::alt_text::throttle::Throttle;
use crate::bedrock::Connection;
use crate::chat::{Failure, Metrics};
use crate::pricing::{CostBreakdown, Usd};

/// Pictures opened at once: each may take [`Limits::decoded_bytes`](crate::media::Limits) of memory.
const OPENED_AT_ONCE: usize = 2;

/// How many refusals may wait to be heard of.
const REFUSALS_IN_FLIGHT: usize = 256;

/// How often a picture may be throttled, the SDK's own attempts done, before it has failed.
const MOST_TURNS: u32 = 4;

/// What makes two pictures one: their bytes, and what is said of them.
type Key = ([u8; 32], Option<String>);

/// A picture that waits for its request.
struct Waiting {
    index: usize,
    prepared: Arc<Prepared>,
    /// The most it can cost, when there is a cap.
    upper: Usd,
    turn: u32,
}

/// The first of several pictures that are one.
struct First {
    index: usize,
    outcome: Option<Result<Described, Box<Failure>>>,
    followers: Vec<usize>,
}

pub(super) struct Driver {
    connection: Connection,
    sources: Vec<Source>,
    options: Arc<JobOptions>,
    outbox: Outbox,
    throttle: Throttle,
    /// The next picture to be opened.
    next: usize,
    opening: JoinSet<(usize, Result<Opened, Box<Failure>>)>,
    /// Opened before those in front of them: pictures are asked for in the order given, or a cap
    /// would leave out any of them, and which of two equal ones is the first would be chance.
    early: BTreeMap<usize, Result<Opened, Box<Failure>>>,
    /// The next picture to get its turn once it is open.
    turn: usize,
    ready: VecDeque<Waiting>,
    asking: JoinSet<Answer>,
    asked: HashMap<Id, Waiting>,
    refusals: (mpsc::Sender<u64>, mpsc::Receiver<u64>),
    firsts: HashMap<Key, First>,
    done: Vec<bool>,
    /// Whether it was said already that answers are not kept.
    said_not_kept: bool,
    ending: Ending,
    spent: Usd,
    /// Spent, and what may have been.
    committed: Usd,
}

impl Driver {
    pub(super) fn new(
        connection: Connection,
        sources: Vec<Source>,
        options: JobOptions,
        events: mpsc::Sender<Event>,
    ) -> Self {
        Self {
            connection,
            outbox: Outbox::new(events, options.order),
            throttle: Throttle::new(options.at_once),
            next: 0,
            opening: JoinSet::new(),
            early: BTreeMap::new(),
            turn: 0,
            ready: VecDeque::new(),
            asking: JoinSet::new(),
            asked: HashMap::new(),
            refusals: mpsc::channel(REFUSALS_IN_FLIGHT),
            firsts: HashMap::new(),
            done: vec![false; sources.len()],
            said_not_kept: false,
            ending: Ending::Complete,
            spent: Usd::ZERO,
            committed: Usd::ZERO,
            sources,
            options: Arc::new(options),
        }
    }

    pub(super) async fn run(mut self, stop: CancellationToken, cancel: CancellationToken) {
        loop {
            self.open_more();
            self.ask_more();
            if self.is_idle() {
                break;
            }
            tokio::select! {
                biased;
                () = cancel.cancelled() => {
                    self.ending = Ending::Stopped;
                    break;
                }
                () = self.outbox.closed() => break,
                () = stop.cancelled(), if self.goes_on() => {
                    self.ending = Ending::Stopped;
                    self.ready.clear();
                }
                Some(number) = self.refusals.1.recv() => self.throttled(number).await,
                Some(answer) = self.asking.join_next_with_id() => self.answered(answer).await,
                Some(opened) = self.opening.join_next() => self.opened(opened).await,
            }
        }
        // What is still on its way is given up with the sets.
        self.asking.abort_all();
        self.opening.abort_all();
        self.outbox.flush().await;
        let left = (0..self.done.len())
            .filter(|index| !self.done[*index])
            .collect();
        self.outbox
            .send(Event::Ended(Summary {
                ending: self.ending,
                left,
                spent: self.spent,
            }))
            .await;
    }

    fn goes_on(&self) -> bool {
        self.ending == Ending::Complete
    }

    fn is_idle(&self) -> bool {
        let nothing_new = !self.goes_on() || self.next == self.sources.len();
        nothing_new && self.opening.is_empty() && self.ready.is_empty() && self.asking.is_empty()
    }

    /// Opens pictures, a little ahead of the requests: no more are in memory than can be asked for.
    fn open_more(&mut self) {
        while self.goes_on()
            && self.next < self.sources.len()
            && self.opening.len() < OPENED_AT_ONCE
            && self.opening.len() + self.early.len() + self.ready.len() <= self.throttle.at_once()
        {
            let index = self.next;
            self.next += 1;
            let source = self.sources[index].clone();
            let options = Arc::clone(&self.options);
            let (text, connection) = (self.text(index), self.connection.clone());
            self.opening.spawn(async move {
                if let Some(problem) = source.problem {
                    return (index, Err(Box::new(problem)));
                }
                let work = move || open(&source.path, &text, &options, &connection);
                let opened = tokio::task::spawn_blocking(work).await;
                (
                    index,
                    opened.unwrap_or_else(|error| Err(Box::new(died(&error)))),
                )
            });
        }
    }

    fn ask_more(&mut self) {
        while self.asking.len() < self.throttle.at_once() {
            let Some(first) = self.ready.front() else {
                return;
            };
            if let Some(cap) = self.options.max_cost {
                let reserved: Usd = self.asked.values().map(|waiting| waiting.upper).sum();
                if self.committed + reserved + first.upper > cap {
                    // What is on its way may turn out to cost less.
                    if self.asking.is_empty() {
                        self.ending = Ending::CapReached;
                        self.ready.clear();
                    }
                    return;
                }
            }
            if let Some(waiting) = self.ready.pop_front() {
                self.ask(waiting);
            }
        }
    }

    fn ask(&mut self, waiting: Waiting) {
        let text = self.text(waiting.index);
        let key = key_of(
            waiting.prepared.content_hash,
            &text,
            &self.options,
            &self.connection,
        );
        let request = request(&self.options, waiting.prepared.block.clone(), text);
        let number = self.throttle.begin();
        let connection = self.connection.clone();
        let options = Arc::clone(&self.options);
        let refusals = self.refusals.0.clone();
        let task = self.asking.spawn(async move {
            let mut answer = ask(connection, request, &options, number, refusals).await;
            if let (Some(paid), Ok(described)) = (options.paid.clone(), &answer.outcome) {
                answer.not_kept = keep(paid, key, described.clone()).await;
            }
            answer
        });
        self.asked.insert(task.id(), waiting);
    }

    fn text(&self, index: usize) -> String {
        self.options
            .instructions
            .text(self.sources[index].context.as_deref())
    }

    async fn throttled(&mut self, number: u64) {
        if self.throttle.throttled(number) {
            self.tell_pace(true).await;
        }
    }

    async fn tell_pace(&self, throttled: bool) {
        let requests = self.throttle.at_once();
        self.outbox
            .send(Event::AtOnce {
                requests,
                throttled,
            })
            .await;
    }

    async fn tell_not_kept(&mut self, reason: Option<String>) {
        if let Some(reason) = reason
            && !std::mem::replace(&mut self.said_not_kept, true)
        {
            self.outbox.send(Event::NotKept(reason)).await;
        }
    }

    async fn opened(&mut self, opened: Result<(usize, Result<Opened, Box<Failure>>), JoinError>) {
        // The task around the blocking one cannot fail; its picture would count as left.
        let Ok((index, prepared)) = opened else {
            return;
        };
        self.early.insert(index, prepared);
        while let Some(prepared) = self.early.remove(&self.turn) {
            let index = self.turn;
            self.turn += 1;
            self.take_up(index, prepared).await;
        }
    }

    /// Decides what becomes of an open picture.
    async fn take_up(&mut self, index: usize, prepared: Result<Opened, Box<Failure>>) {
        let prepared = match prepared {
            Ok(Opened::Ready(prepared)) => prepared,
            Ok(Opened::Paid {
                content_hash,
                described,
            }) => {
                return self
                    .finish(index, Some(content_hash), None, Ok(*described))
                    .await;
            }
            Err(failure) => return self.finish(index, None, None, Err(failure)).await,
        };
        if !self.goes_on() {
            return;
        }
        let hash = prepared.content_hash;
        let key = (hash, self.sources[index].context.clone());
        if let Some(first) = self.firsts.get_mut(&key) {
            let same_as = first.index;
            match first.outcome.clone() {
                Some(outcome) => {
                    self.finish(index, Some(hash), Some(same_as), again(outcome))
                        .await;
                }
                None => first.followers.push(index),
            }
            return;
        }
        let mut upper = Usd::ZERO;
        if self.options.max_cost.is_some() {
            let region = self.connection.region();
            match self
                .options
                .upper_cost(region, &self.text(index), prepared.size)
            {
                Ok(cost) => upper = cost,
                Err(reason) => {
                    let failure = Failure::local(
                        "PriceUnknown",
                        reason.to_string(),
                        "Leave the cost cap out for this image",
                    );
                    return self
                        .finish(index, Some(hash), None, Err(Box::new(failure)))
                        .await;
                }
            }
        }
        self.firsts.insert(
            key,
            First {
                index,
                outcome: None,
                followers: Vec::new(),
            },
        );
        self.ready.push_back(Waiting {
            index,
            prepared: Arc::new(prepared),
            upper,
            turn: 1,
        });
    }

    async fn answered(&mut self, joined: Result<(Id, Answer), JoinError>) {
        let (id, answer) = match joined {
            Ok((id, answer)) => (id, Ok(answer)),
            Err(error) => (error.id(), Err(Box::new(died(&error)))),
        };
        let Some(waiting) = self.asked.remove(&id) else {
            return;
        };
        let outcome = match answer {
            Err(failure) => Err(failure),
            Ok(Answer {
                outcome,
                retried,
                not_kept,
            }) => {
                self.tell_not_kept(not_kept).await;
                match outcome {
                    Ok(described) => {
                        self.bill(&described, waiting.upper);
                        if !retried && self.throttle.went_well() {
                            self.tell_pace(false).await;
                        }
                        Ok(described)
                    }
                    Err(refused) => {
                        if refused.may_be_billed {
                            self.committed = self.committed + waiting.upper;
                        }
                        if refused.throttled && waiting.turn < MOST_TURNS && self.goes_on() {
                            self.ready.push_front(Waiting {
                                turn: waiting.turn + 1,
                                ..waiting
                            });
                            return;
                        }
                        Err(refused.failure)
                    }
                }
            }
        };
        let hash = waiting.prepared.content_hash;
        let key = (hash, self.sources[waiting.index].context.clone());
        let mut followers = Vec::new();
        if let Some(first) = self.firsts.get_mut(&key) {
            first.outcome = Some(outcome.clone());
            followers = std::mem::take(&mut first.followers);
        }
        self.finish(waiting.index, Some(hash), None, outcome.clone())
            .await;
        for follower in followers {
            let same_as = Some(waiting.index);
            self.finish(follower, Some(hash), same_as, again(outcome.clone()))
                .await;
        }
    }

    fn bill(&mut self, described: &Described, upper: Usd) {
        let total = described.cost.as_ref().and_then(CostBreakdown::total);
        self.spent = self.spent + total.unwrap_or(Usd::ZERO);
        self.committed = self.committed + total.unwrap_or(upper);
    }

    async fn finish(
        &mut self,
        index: usize,
        content_hash: Option<[u8; 32]>,
        same_as: Option<usize>,
        outcome: Result<Described, Box<Failure>>,
    ) {
        self.done[index] = true;
        let path = self.sources[index].path.clone();
        self.outbox
            .put(ImageResult {
                index,
                path,
                content_hash,
                same_as,
                outcome,
            })
            .await;
    }
}

/// An outcome for a picture that was not asked for again, and so used nothing.
fn again(outcome: Result<Described, Box<Failure>>) -> Result<Described, Box<Failure>> {
    outcome.map(|described| Described {
        usage: None,
        metrics: Metrics::default(),
        cost: None,
        ..described
    })
}

fn died(error: &JoinError) -> Failure {
    Failure::local(
        "InternalError",
        format!("Work on this image ended early: {error}"),
        "Please report this image as a bug; the others are not touched by it",
    )
}
