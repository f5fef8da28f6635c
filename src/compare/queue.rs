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

/// Calls that wait, and those under way. Each column has its own line, so that the next call is found without
/// looking at all that wait.
#[derive(Clone, Debug)]
pub struct Queue {
    lines: Vec<Line>,
    running: Vec<Call>,
    at_once: usize,
    total: usize,
    /// Whose turn the next one added is, and the next one put back.
    last_turn: i64,
    first_turn: i64,
}

/// What waits in one column: rows, each with its turn among those of all columns.
#[derive(Clone, Debug)]
struct Line {
    column: ColumnId,
    waiting: VecDeque<(i64, usize)>,
}

impl Queue {
    /// Nothing waits; at most so many calls go at once in one column.
    #[must_use]
    pub fn new(at_once: usize) -> Self {
        Self {
            lines: Vec::new(),
            running: Vec::new(),
            at_once: at_once.max(1),
            total: 0,
            last_turn: 0,
            first_turn: 0,
        }
    }

    /// Adds a row for some columns, so many times.
    pub fn add(&mut self, row: usize, columns: &[ColumnId], times: usize) {
        for _ in 0..times {
            for column in columns {
                self.last_turn += 1;
                let turn = self.last_turn;
                self.line(*column).push_back((turn, row));
            }
        }
        self.total += columns.len() * times;
    }

    /// Takes the next call that may begin now.
    pub fn next_call(&mut self) -> Option<Call> {
        let next = self.lines.iter().enumerate().filter_map(|(line, waits)| {
            let at = self.next_in(waits)?;
            Some((waits.waiting[at].0, line, at))
        });
        let (_, line, at) = next.min()?;
        let line = &mut self.lines[line];
        let (_, row) = line.waiting.remove(at)?;
        let column = line.column;
        let call = Call { row, column };
        self.running.push(call);
        Some(call)
    }

    /// A call does not begin after all, and is the next one again.
    pub fn put_back(&mut self, call: Call) {
        self.finished(call);
        let turn = self.first_turn;
        self.first_turn -= 1;
        self.line(call.column).push_front((turn, call.row));
    }

    /// A call is over, however it went.
    pub fn finished(&mut self, call: Call) {
        if let Some(at) = self.running.iter().position(|running| *running == call) {
            self.running.swap_remove(at);
        }
    }

    /// Gives up what waits, in one column or in all.
    pub fn give_up(&mut self, column: Option<ColumnId>) {
        let before = self.waiting();
        self.lines
            .retain(|line| column.is_some_and(|column| line.column != column));
        self.total -= before - self.waiting();
    }

    /// Whether nothing waits and nothing is under way.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.waiting() == 0 && self.running.is_empty()
    }

    /// How many calls wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.lines.iter().map(|line| line.waiting.len()).sum()
    }

    /// How many calls are over.
    #[must_use]
    pub fn done(&self) -> usize {
        self.total
            .saturating_sub(self.waiting() + self.running.len())
    }

    /// How many calls there are in all.
    #[must_use]
    pub fn total(&self) -> usize {
        self.total
    }

    fn line(&mut self, column: ColumnId) -> &mut VecDeque<(i64, usize)> {
        let at = self.lines.iter().position(|line| line.column == column);
        let at = at.unwrap_or_else(|| {
            self.lines.push(Line {
                column,
                waiting: VecDeque::new(),
            });
            self.lines.len() - 1
        });
        &mut self.lines[at].waiting
    }

    /// Which of a line may begin now: the first whose conversation has no call under way.
    fn next_in(&self, line: &Line) -> Option<usize> {
        let running = |call: &&Call| call.column == line.column;
        if self.running.iter().filter(running).count() >= self.at_once {
            return None;
        }
        line.waiting.iter().position(|(_, row)| {
            let (row, column) = (*row, line.column);
            !self.running.contains(&Call { row, column })
        })
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
    fn turns_are_kept_across_columns_and_what_is_put_back_is_next() {
        let mut queue = Queue::new(2);
        queue.add(0, &[A, B], 1);
        queue.add(1, &[B, A], 1);
        assert_eq!(queue.next_call(), Some(call(0, A)));
        assert_eq!(queue.next_call(), Some(call(0, B)));
        assert_eq!(queue.next_call(), Some(call(1, B)), "as it was added");
        queue.put_back(call(1, B));
        queue.put_back(call(0, B));
        assert_eq!(queue.next_call(), Some(call(0, B)));
        assert_eq!(queue.next_call(), Some(call(1, B)));
        assert_eq!(queue.next_call(), Some(call(1, A)));
        assert_eq!((queue.waiting(), queue.done(), queue.total()), (0, 0, 4));
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
