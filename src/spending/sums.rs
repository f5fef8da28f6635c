//! Calls added up, all together and in groups.

use std::collections::BTreeMap;

use super::day_of;
use crate::pricing::{Day, Usd};
use crate::store::{LedgerRow, SpendRow};

/// What calls are grouped by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum By {
    /// The day, in UTC.
    #[default]
    Day,
    /// The model or profile that was asked.
    Model,
    /// The connection.
    Connection,
    /// The screen they were made in.
    Screen,
    /// The tags of their conversations. A call with two tags counts for both.
    Tag,
}

impl By {
    /// Every choice.
    pub const ALL: [Self; 5] = [
        Self::Day,
        Self::Model,
        Self::Connection,
        Self::Screen,
        Self::Tag,
    ];

    /// What a person calls it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Day => "Day",
            Self::Model => "Model",
            Self::Connection => "Connection",
            Self::Screen => "Screen",
            Self::Tag => "Project tag",
        }
    }

    /// The groups a call belongs to.
    fn names(self, row: &LedgerRow) -> Vec<String> {
        let spend = &row.spend;
        let or_unknown = |name: &str| if name.is_empty() { "unknown" } else { name }.to_owned();
        match self {
            Self::Day => day_of(spend.at)
                .map(|day| day.to_string())
                .into_iter()
                .collect(),
            Self::Model => vec![spend.model.to_string()],
            Self::Connection => vec![or_unknown(&spend.connection)],
            Self::Screen => vec![spend.screen.label().to_owned()],
            Self::Tag if row.tags.is_empty() => vec!["no tag".to_owned()],
            Self::Tag => row.tags.iter().cloned().collect(),
        }
    }
}

/// What some calls took and cost together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many.
    pub calls: u64,
    /// Input tokens, cached ones not counted.
    pub input: u64,
    /// Output tokens.
    pub output: u64,
    /// Tokens read from the cache.
    pub cache_read: u64,
    /// Tokens written to the cache.
    pub cache_write: u64,
    /// What is known of their costs.
    pub cost: Usd,
    /// How many of them have no known cost.
    pub unknown: u64,
}

impl Sum {
    fn add(&mut self, row: &SpendRow) {
        let usage = &row.usage;
        let plus = |sum: &mut u64, more: u64| *sum = sum.saturating_add(more);
        plus(&mut self.calls, 1);
        plus(&mut self.input, usage.input_tokens);
        plus(&mut self.output, usage.output_tokens);
        plus(&mut self.cache_read, usage.cache_read_input_tokens);
        plus(&mut self.cache_write, usage.cache_write_input_tokens);
        match row.cost {
            Some(cost) => self.cost = self.cost + cost,
            None => plus(&mut self.unknown, 1),
        }
    }

    /// Every token, cached ones included.
    #[must_use]
    pub fn tokens(&self) -> u64 {
        [self.input, self.output, self.cache_read, self.cache_write]
            .into_iter()
            .fold(0, u64::saturating_add)
    }

    /// The cost in words: what is not known is never left out.
    #[must_use]
    pub fn cost_in_words(&self) -> String {
        match (self.unknown, self.calls) {
            (0, _) => self.cost.to_string(),
            (unknown, calls) if unknown == calls => "unknown".to_owned(),
            (1, _) => format!("{} and 1 call of unknown cost", self.cost),
            (unknown, _) => format!("{} and {unknown} calls of unknown cost", self.cost),
        }
    }
}

/// Calls that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What they have in common.
    pub name: String,
    /// What they come to.
    pub sum: Sum,
}

/// What was charged, or what was made up: never both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Half {
    /// All calls.
    pub total: Sum,
    /// In groups: days in their order, others from the dearest on.
    pub groups: Vec<Group>,
    /// By day, whatever the groups are; days without a call are left out.
    pub days: Vec<(Day, Sum)>,
}

/// Adds calls up.
pub fn half<'a>(rows: impl IntoIterator<Item = &'a LedgerRow>, by: By) -> Half {
    let mut total = Sum::default();
    let mut groups: BTreeMap<String, Sum> = BTreeMap::new();
    let mut days: BTreeMap<Day, Sum> = BTreeMap::new();
    for row in rows {
        total.add(&row.spend);
        for name in by.names(row) {
            groups.entry(name).or_default().add(&row.spend);
        }
        if let Some(day) = day_of(row.spend.at) {
            days.entry(day).or_default().add(&row.spend);
        }
    }
    let mut groups: Vec<Group> = groups
        .into_iter()
        .map(|(name, sum)| Group { name, sum })
        .collect();
    if by != By::Day {
        groups.sort_by_key(|group| std::cmp::Reverse((group.sum.cost, group.sum.calls)));
    }
    Half {
        total,
        groups,
        days: days.into_iter().collect(),
    }
}
