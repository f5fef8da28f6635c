//! The sums of one column: what each run adds can be taken out again.

use rust_decimal::Decimal;

use super::{Spread, percentile};
use crate::chat::InvocationStatus;
use crate::compare::{Run, Verdicts};
use crate::pricing::{Prices, Usd};

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    UnderWay,
    Complete,
    Failed,
    Stopped,
}

/// What one run adds. Times, tokens and cost are those of whole answers alone.
#[derive(Clone, Debug)]
pub struct Figures {
    standing: Standing,
    first_token: Option<u64>,
    latency: Option<u64>,
    tokens_per_second: Option<u64>,
    tokens_in: Option<u64>,
    tokens_out: Option<u64>,
    cost: Option<Usd>,
    simulated: bool,
    rating: Option<u8>,
    score: Option<u8>,
    is_judged: bool,
    judge_cost: Option<Usd>,
}

impl Figures {
    pub fn of(run: &Run<'_>, verdicts: &Verdicts, prices: &Prices) -> Self {
        let judgement = verdicts.judgement(run.at);
        let score = judgement.and_then(|judgement| judgement.score.as_ref().ok());
        let usage = run.usage().filter(|_| run.is_complete());
        let whole = |value: Option<u64>| value.filter(|_| run.is_complete());
        Self {
            standing: match run.invocation.status {
                InvocationStatus::Waiting | InvocationStatus::Streaming => Standing::UnderWay,
                InvocationStatus::Complete => Standing::Complete,
                InvocationStatus::Failed(_) => Standing::Failed,
                InvocationStatus::Stopped => Standing::Stopped,
            },
            first_token: whole(run.first_token_ms()),
            latency: whole(run.latency_ms()),
            tokens_per_second: whole(run.tokens_per_second()),
            tokens_in: usage.map(|usage| {
                let cached = usage
                    .cache_read_input_tokens
                    .saturating_add(usage.cache_write_input_tokens);
                usage.input_tokens.saturating_add(cached)
            }),
            tokens_out: usage.map(|usage| usage.output_tokens),
            cost: usage.and_then(|_| run.cost(prices)),
            simulated: run.invocation.simulated,
            rating: verdicts.rating(run.at),
            score: score.map(|score| score.points),
            is_judged: judgement.is_some(),
            judge_cost: judgement.and_then(|judgement| judgement.cost(prices)),
        }
    }
}

/// What the runs of one column add up to.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub complete: usize,
    pub failed: usize,
    pub stopped: usize,
    pub simulated: usize,
    /// Whole answers with a score.
    pub scored: usize,
    pub wins: usize,
    pub first_token: Values,
    pub latency: Values,
    pub tokens_per_second: Values,
    pub tokens_in: Values,
    pub tokens_out: Values,
    pub cost: Total,
    pub judge_cost: Total,
    pub ratings: Mean,
    pub scores: Mean,
}

/// Whether something is added or taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

impl Way {
    fn count(self, count: &mut usize, is: bool) {
        match self {
            Self::In => *count += usize::from(is),
            Self::Out => *count -= usize::from(is),
        }
    }
}

impl Tally {
    pub fn add(&mut self, figures: &Figures) {
        self.change(figures, Way::In);
    }

    /// Takes out what was added.
    pub fn take_out(&mut self, figures: &Figures) {
        self.change(figures, Way::Out);
    }

    fn change(&mut self, figures: &Figures, way: Way) {
        let is_complete = figures.standing == Standing::Complete;
        way.count(&mut self.complete, is_complete);
        way.count(&mut self.failed, figures.standing == Standing::Failed);
        way.count(&mut self.stopped, figures.standing == Standing::Stopped);
        way.count(&mut self.simulated, figures.simulated);
        way.count(&mut self.scored, is_complete && figures.score.is_some());
        self.first_token.change(figures.first_token, way);
        self.latency.change(figures.latency, way);
        self.tokens_per_second
            .change(figures.tokens_per_second, way);
        self.tokens_in.change(figures.tokens_in, way);
        self.tokens_out.change(figures.tokens_out, way);
        if is_complete {
            self.cost.change(figures.cost, way);
        }
        if figures.is_judged {
            self.judge_cost.change(figures.judge_cost, way);
        }
        self.ratings.change(figures.rating, way);
        self.scores.change(figures.score, way);
    }
}

/// Values in order.
#[derive(Clone, Debug, Default)]
pub struct Values(Vec<u64>);

impl Values {
    fn change(&mut self, value: Option<u64>, way: Way) {
        let Some(value) = value else { return };
        let at = self.0.partition_point(|other| *other < value);
        match way {
            Way::In => self.0.insert(at, value),
            Way::Out => drop(self.0.remove(at)),
        }
    }

    pub fn spread(&self) -> Spread {
        Spread {
            p50: percentile(&self.0, 50),
            p95: percentile(&self.0, 95),
        }
    }
}

/// Costs, of which some may not be known.
#[derive(Clone, Debug, Default)]
pub struct Total {
    sum: Usd,
    known: usize,
    unknown: usize,
}

impl Total {
    fn change(&mut self, cost: Option<Usd>, way: Way) {
        way.count(&mut self.known, cost.is_some());
        way.count(&mut self.unknown, cost.is_none());
        let cost = cost.unwrap_or_default();
        self.sum = match way {
            Way::In => self.sum + cost,
            Way::Out => self.sum.less(cost),
        };
    }

    /// The sum, when there is something to add up and all of it is known.
    pub fn total(&self) -> Option<Usd> {
        (self.known > 0 && self.unknown == 0).then_some(self.sum)
    }
}

/// Points, and how often they were given.
#[derive(Clone, Debug, Default)]
pub struct Mean {
    sum: u64,
    of: usize,
}

impl Mean {
    fn change(&mut self, points: Option<u8>, way: Way) {
        way.count(&mut self.of, points.is_some());
        let points = points.map_or(0, u64::from);
        match way {
            Way::In => self.sum += points,
            Way::Out => self.sum -= points,
        }
    }

    pub fn mean(&self) -> Option<Decimal> {
        Decimal::from(self.sum)
            .checked_div(Decimal::from(self.of))
            .map(|mean| mean.round_dp(2).normalize())
    }
}
