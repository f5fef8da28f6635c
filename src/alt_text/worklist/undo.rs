//! What was decided, to be taken back and done again.

use super::Review;

/// How many steps are remembered.
const MOST: usize = 1_000;

/// Pictures and what was decided about them before.
type Step = Vec<(usize, Review)>;

#[derive(Clone, Debug, Default)]
pub(super) struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
    /// Whether the last step may still grow, by the same text being typed on.
    open: bool,
}

impl History {
    /// Something was decided; `before` is what was so before.
    pub(super) fn did(&mut self, before: Step) {
        if before.is_empty() {
            return;
        }
        self.undone.clear();
        let goes_on = self.open
            && matches!((self.done.last().map(Vec::as_slice), before.as_slice()),
                (Some([(last, was)]), [(place, is)]) if last == place
                    && was.removed == is.removed && (was.approved == is.approved || was.approved));
        if goes_on {
            return;
        }
        self.open = before.len() == 1;
        self.done.push(before);
        if self.done.len() > MOST {
            self.done.remove(0);
        }
    }

    pub(super) fn end_step(&mut self) {
        self.open = false;
    }

    pub(super) fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    pub(super) fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    pub(super) fn take_undo(&mut self) -> Option<Step> {
        self.open = false;
        self.done.pop()
    }

    pub(super) fn take_redo(&mut self) -> Option<Step> {
        self.open = false;
        self.undone.pop()
    }

    pub(super) fn undid(&mut self, now: Step) {
        self.undone.push(now);
    }

    pub(super) fn redid(&mut self, now: Step) {
        self.done.push(now);
    }
}
