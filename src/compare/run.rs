//! One answer of one column.

use serde::{Deserialize, Serialize};

use super::ColumnId;
use crate::chat::{Invocation, InvocationStatus, Message, Usage};
use crate::pricing::{CostBreakdown, Prices, Usd};

/// Names one answer, whatever columns are moved or added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RunRef {
    /// The row, from 0.
    pub row: usize,
    /// The column.
    pub column: ColumnId,
    /// The place among all turns of the conversation there, from 0.
    pub turn: usize,
}

/// One answer, and the call it came from.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// Which.
    pub at: RunRef,
    /// Which prompt of its row it answers, from 0.
    pub round: usize,
    /// What was asked.
    pub prompt: Option<&'a Message>,
    /// What was answered.
    pub message: &'a Message,
    /// The call.
    pub invocation: &'a Invocation,
}

impl Run<'_> {
    /// Whether the answer is whole.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.invocation.status == InvocationStatus::Complete
    }

    /// The service's own time for the whole call, in milliseconds.
    #[must_use]
    pub fn latency_ms(&self) -> Option<u64> {
        self.invocation.metrics.latency_ms
    }

    /// From sending to the first piece of content, measured here, in milliseconds.
    #[must_use]
    pub fn first_token_ms(&self) -> Option<u64> {
        self.invocation.metrics.time_to_first_token_ms
    }

    /// Output tokens over the service's latency.
    #[must_use]
    pub fn tokens_per_second(&self) -> Option<u64> {
        let latency = self.latency_ms().filter(|latency| *latency > 0)?;
        let tokens = self.usage()?.output_tokens;
        (tokens > 0).then(|| tokens.saturating_mul(1_000) / latency)
    }

    /// Tokens.
    #[must_use]
    pub fn usage(&self) -> Option<&Usage> {
        self.invocation.usage.as_ref()
    }

    /// The bill, by what really served the call; `None` where the service said no usage.
    #[must_use]
    pub fn breakdown(&self, prices: &Prices) -> Option<CostBreakdown> {
        prices.of_invocation(self.invocation)
    }

    /// What it costs; `None` when that is not known.
    #[must_use]
    pub fn cost(&self, prices: &Prices) -> Option<Usd> {
        self.breakdown(prices)?.total()
    }
}
