//! Which call comes next: a few at once in every column, so that a slow model waits for itself only,
//! and never two in one conversation.

use std::collections::VecDeque;

use super::ColumnId;

/// A call that is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// The row.
    pub row: usize,
    /// The column.
    pub column: ColumnId,
}

/// Calls that wait, and those under way.
#[derive(Clone, Debug)]
pub struct Queue {
    waiting: VecDeque<Call>,
    running: Vec<Call>,
    at_once: usize,
    total: usize,
}

impl Queue {
    /// Nothing waits; at most so many calls go at once in one column.
    #[must_use]
    pub fn new(at_once: usize) -> Self {
        Self {
            waiting: VecDeque::new(),
            running: Vec::new(),
            at_once: at_once.max(1),
            total: 0,
        }
    }

    /// Adds a row for some columns, so many times.
    pub fn add(&mut self, row: usize, columns: &[ColumnId], times: usize) {
        for _ in 0..times {
            let calls = columns.iter().map(|column| Call {
                row,
                column: *column,
            });
            self.waiting.extend(calls);
        }
        self.total += columns.len() * times;
    }

    /// Takes the next call that may begin now.
    pub fn next_call(&mut self) -> Option<Call> {
        let at = self.waiting.iter().position(|call| self.may_begin(*call))?;
        let call = self.waiting.remove(at)?;
        self.running.push(call);
        Some(call)
    }

    /// A call does not begin after all, and is the next one again.
    pub fn put_back(&mut self, call: Call) {
        self.finished(call);
        self.waiting.push_front(call);
    }

    /// A call is over, however it went.
    pub fn finished(&mut self, call: Call) {
        if let Some(at) = self.running.iter().position(|running| *running == call) {
            self.running.swap_remove(at);
        }
    }

    /// Gives up what waits, in one column or in all.
    pub fn give_up(&mut self, column: Option<ColumnId>) {
        let before = self.waiting.len();
        self.waiting
            .retain(|call| column.is_some_and(|column| call.column != column));
        self.total -= before - self.waiting.len();
    }

    /// Whether nothing waits and nothing is under way.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.running.is_empty()
    }

    /// How many calls wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// How many calls are over.
    #[must_use]
    pub fn done(&self) -> usize {
        self.total
            .saturating_sub(self.waiting.len() + self.running.len())
    }

    /// How many calls there are in all.
    #[must_use]
    pub fn total(&self) -> usize {
        self.total
    }

    fn may_begin(&self, call: Call) -> bool {
        let same = self
            .running
            .iter()
            .filter(|running| running.column == call.column);
        same.count() < self.at_once && !self.running.contains(&call)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: ColumnId = ColumnId(0);
    const B: ColumnId = ColumnId(1);

    fn call(row: usize, column: ColumnId) -> Call {
        Call { row, column }
    }

    #[test]
    fn columns_do_not_wait_for_each_other() {
        let mut queue = Queue::new(1);
        queue.add(0, &[A, B], 2);
        assert_eq!(queue.next_call(), Some(call(0, A)));
        assert_eq!(queue.next_call(), Some(call(0, B)));
        assert_eq!(queue.next_call(), None, "one at once in each");
        queue.finished(call(0, B));
        assert_eq!(queue.next_call(), Some(call(0, B)), "A is slow, B goes on");
        queue.finished(call(0, B));
        assert_eq!((queue.done(), queue.total(), queue.waiting()), (2, 4, 1));
    }

    #[test]
    fn one_conversation_has_one_call_at_once() {
        let mut queue = Queue::new(4);
        queue.add(0, &[A], 2);
        queue.add(1, &[A], 1);
        assert_eq!(queue.next_call(), Some(call(0, A)));
        assert_eq!(queue.next_call(), Some(call(1, A)));
        assert_eq!(queue.next_call(), None);
    }

    #[test]
    fn a_column_is_given_up_alone() {
        let mut queue = Queue::new(1);
        queue.add(0, &[A, B], 3);
        queue.next_call();
        queue.give_up(Some(A));
        assert_eq!((queue.waiting(), queue.total()), (3, 4));
        queue.give_up(None);
        queue.finished(call(0, A));
        assert!(queue.is_idle());
        assert_eq!((queue.done(), queue.total()), (1, 1));
    }
}
