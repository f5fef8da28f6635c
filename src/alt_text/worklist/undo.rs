//! What was decided, to be taken back and done again.

use super::Review;

/// How many steps are remembered.
const MOST: usize = 1_000;

/// Pictures and what was decided about them.
pub(super) type Step = Vec<Decision>;

/// What was decided about one picture.
#[derive(Clone, Debug)]
pub(super) struct Decision {
    pub place: usize,
    pub before: Review,
    pub after: Review,
}

impl Decision {
    /// Whether it is a text that is typed on, and no more.
    fn is_typing_after(&self, last: &Self) -> bool {
        let is_typed = Review {
            alt: self.after.alt.clone(),
            by_hand: self.after.by_hand,
            approved: self.after.approved,
            long_description: self.after.long_description.clone(),
            ..self.before.clone()
        };
        let has_text = self.before.alt != self.after.alt
            || self.before.long_description != self.after.long_description;
        self.place == last.place && is_typed == self.after && has_text && !self.after.approved
    }
}

impl Review {
    /// With what is different between two of them as it is in the second; what has changed since beside it stays.
    #[must_use]
    pub(super) fn with_change(&self, from: &Self, to: &Self) -> Self {
        fn changed<T: Clone + PartialEq>(now: &T, from: &T, to: &T) -> T {
            if from == to { now } else { to }.clone()
        }
        Self {
            alt: changed(&self.alt, &from.alt, &to.alt),
            by_hand: changed(&self.by_hand, &from.by_hand, &to.by_hand),
            approved: changed(&self.approved, &from.approved, &to.approved),
            removed: changed(&self.removed, &from.removed, &to.removed),
            long_description: changed(
                &self.long_description,
                &from.long_description,
                &to.long_description,
            ),
        }
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
    /// Whether the last step may still grow, by the same text being typed on.
    open: bool,
}

impl History {
    /// Something was decided.
    pub(super) fn did(&mut self, step: Step) {
        if step.is_empty() {
            return;
        }
        self.undone.clear();
        if self.open
            && let Some([last]) = self.done.last_mut().map(Vec::as_mut_slice)
            && let [decision] = step.as_slice()
            && decision.is_typing_after(last)
        {
            last.after = decision.after.clone();
            return;
        }
        self.open = step.len() == 1;
        self.done.push(step);
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

    pub(super) fn undid(&mut self, step: Step) {
        self.undone.push(step);
    }

    pub(super) fn redid(&mut self, step: Step) {
        self.done.push(step);
    }
}
