//! What a conversation has taken so far, over all its branches: money that is spent stays spent
//! when another answer is shown, or one is deleted.

use std::collections::BTreeMap;

use crate::chat::{Transcript, TurnId};
use crate::pricing::{CostBreakdown, Prices, Usd};
use crate::store::ConversationTotals;
use crate::ui::numbers::thousands;

/// The sums of a conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Totals {
    answers: usize,
    deleted: usize,
    tokens_in: u64,
    tokens_out: u64,
    charged: Usd,
    simulated: Usd,
    /// Answers whose price is not known: stopped ones, models without a price.
    unknown: usize,
    /// What each answer came to by the prices of the moment it was first added up: later prices do
    /// not change it.
    costs: BTreeMap<TurnId, Option<Usd>>,
}

impl Totals {
    /// Adds up every answer; those that were added up before cost what they did.
    pub fn of(transcript: &Transcript, prices: &Prices, before: Self) -> Self {
        let mut totals = Self {
            costs: before.costs,
            ..Self::default()
        };
        for (id, turn, deleted) in transcript.turns_ever() {
            let Some(invocation) = &turn.invocation else {
                continue;
            };
            if invocation.status.is_running() || turn.message.content.is_empty() {
                continue;
            }
            totals.answers += 1;
            totals.deleted += usize::from(deleted);
            let Some(usage) = &invocation.usage else {
                totals.unknown += 1;
                continue;
            };
            totals.tokens_in +=
                usage.input_tokens + usage.cache_read_input_tokens + usage.cache_write_input_tokens;
            totals.tokens_out += usage.output_tokens;
            let bill = || {
                prices
                    .of_invocation(invocation)
                    .as_ref()
                    .and_then(CostBreakdown::total)
            };
            match *totals.costs.entry(id).or_insert_with(bill) {
                None => totals.unknown += 1,
                Some(cost) if invocation.simulated => totals.simulated = totals.simulated + cost,
                Some(cost) => totals.charged = totals.charged + cost,
            }
        }
        totals
    }

    /// As the history keeps them: simulated answers cost nothing.
    pub fn kept(&self) -> ConversationTotals {
        ConversationTotals {
            tokens_in: self.tokens_in,
            tokens_out: self.tokens_out,
            cost: (self.unknown == 0).then_some(self.charged),
            simulated: self.simulated != Usd::default(),
        }
    }

    /// In one line; nothing when nothing was answered.
    pub fn line(&self) -> Option<String> {
        if self.answers == 0 {
            return None;
        }
        let mut answers = if self.answers == 1 {
            "1 answer".to_owned()
        } else {
            format!("{} answers", thousands(self.answers as u64))
        };
        if self.deleted > 0 {
            answers = format!("{answers} ({} deleted)", thousands(self.deleted as u64));
        }
        let mut parts = vec![
            answers,
            format!(
                "{} tokens in, {} out",
                thousands(self.tokens_in),
                thousands(self.tokens_out)
            ),
        ];
        if self.charged != Usd::default() {
            parts.push(self.charged.to_string());
        }
        if self.simulated != Usd::default() {
            parts.push(format!("{} on AWS, not charged", self.simulated));
        }
        if self.unknown > 0 {
            parts.push(format!(
                "{} of unknown cost",
                thousands(self.unknown as u64)
            ));
        }
        Some(parts.join(" · "))
    }
}
