//! The answers of a run: by row, which of them still fit what is written, and what they came to.
//!
//! Must not know how they are drawn or asked for.

use std::collections::{BTreeMap, BTreeSet};

use crate::pricing::{Prices, Usd};
use crate::prompts::RowResult;

/// The answers that are there.
#[derive(Clone, Default)]
pub struct Answers {
    by_row: BTreeMap<usize, RowResult>,
    /// Rows whose values have changed since.
    outdated: BTreeSet<usize>,
    /// Whether all of them answer another prompt than the one that is written.
    of_another_prompt: bool,
    sum: Sum,
}

/// What answers came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sum {
    /// How many are not whole.
    pub failed: usize,
    /// What they cost; `None` when that is not known of one.
    pub cost: Option<Usd>,
    /// Whether the embedded endpoint gave one.
    pub simulated: bool,
}

impl Default for Sum {
    fn default() -> Self {
        Self {
            failed: 0,
            cost: Some(Usd::default()),
            simulated: false,
        }
    }
}

impl Sum {
    fn add(&mut self, result: &RowResult, prices: &Prices) {
        self.failed += usize::from(result.failure().is_some());
        self.simulated |= result.invocation.simulated;
        if result.invocation.usage.is_some() {
            let both = self.cost.zip(result.cost(prices));
            self.cost = both.map(|(sum, cost)| sum + cost);
        }
    }
}

impl Answers {
    /// By row, from 0.
    pub fn by_row(&self) -> &BTreeMap<usize, RowResult> {
        &self.by_row
    }

    /// The answer to a row.
    pub fn get(&self, row: usize) -> Option<&RowResult> {
        self.by_row.get(&row)
    }

    /// How many there are, failed ones among them.
    pub fn len(&self) -> usize {
        self.by_row.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_row.is_empty()
    }

    /// What they came to.
    pub fn sum(&self) -> Sum {
        self.sum
    }

    /// Whether a row has a whole answer to what is written now.
    pub fn is_whole(&self, row: usize) -> bool {
        let result = self.by_row.get(&row);
        result.is_some_and(|result| result.failure().is_none()) && !self.is_outdated(row)
    }

    /// Whether the answer of a row is to other values or another prompt.
    pub fn is_outdated(&self, row: usize) -> bool {
        self.of_another_prompt || self.outdated.contains(&row)
    }

    /// How many answers are to other values or another prompt.
    pub fn outdated(&self) -> usize {
        if self.of_another_prompt {
            self.by_row.len()
        } else {
            self.outdated.len()
        }
    }

    /// Takes one in, in place of another one of its row.
    pub fn take(&mut self, result: RowResult, prices: &Prices) {
        self.outdated.remove(&result.row);
        self.sum.add(&result, prices);
        if self.by_row.insert(result.row, result).is_some() {
            self.add_up(prices);
        }
    }

    /// Keeps those that are whole, of what is asked now.
    pub fn keep_whole(&mut self, prices: &Prices) {
        let mut by_row = std::mem::take(&mut self.by_row);
        by_row.retain(|row, result| result.failure().is_none() && !self.is_outdated(*row));
        *self = Self {
            by_row,
            ..Self::default()
        };
        self.add_up(prices);
    }

    /// The values of a row have changed.
    pub fn row_changed(&mut self, row: usize) {
        if self.by_row.contains_key(&row) {
            self.outdated.insert(row);
        }
    }

    /// Whether what is written now is another prompt than the one they answer.
    pub fn set_of_another_prompt(&mut self, of_another: bool) {
        self.of_another_prompt = of_another;
    }

    /// A row of the table is gone; those below it have moved up.
    pub fn remove_row(&mut self, row: usize, prices: &Prices) {
        let moved = |at: usize| if at > row { at - 1 } else { at };
        let by_row = std::mem::take(&mut self.by_row).into_values();
        self.by_row = by_row
            .filter(|result| result.row != row)
            .map(|mut result| {
                result.row = moved(result.row);
                (result.row, result)
            })
            .collect();
        let outdated = std::mem::take(&mut self.outdated).into_iter();
        self.outdated = outdated.filter(|at| *at != row).map(moved).collect();
        self.add_up(prices);
    }

    /// Adds them up anew.
    pub fn add_up(&mut self, prices: &Prices) {
        let mut sum = Sum::default();
        for result in self.by_row.values() {
            sum.add(result, prices);
        }
        self.sum = sum;
    }
}
