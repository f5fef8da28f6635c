//! Where the turns of a conversation are on their long page, and which of them a frame has to draw.
//!
//! What is in view is found by halving, so that a frame does not look at the thousand turns that are
//! not. It must not know what a turn is: only heights, in points.

use std::ops::Range;

/// Heights that are known without a gap from the first turn on, added up.
#[derive(Debug, Default)]
pub struct Places {
    spacing: f32,
    /// Where each turn ends, from the top of the first.
    ends: Vec<f32>,
}

impl Places {
    /// None known yet, with this much between two turns.
    pub fn new(spacing: f32) -> Self {
        Self {
            spacing,
            ends: Vec::new(),
        }
    }

    /// What is between two turns.
    pub fn spacing(&self) -> f32 {
        self.spacing
    }

    /// How many turns from the first on have a known height.
    pub fn known(&self) -> usize {
        self.ends.len()
    }

    /// The turn behind the known ones is this high.
    pub fn push(&mut self, height: f32) {
        self.ends.push(self.start(self.ends.len()) + height);
    }

    /// A turn was drawn with this height: what is behind it moves when it is another than before.
    pub fn measured(&mut self, turn: usize, height: f32) {
        const SAME: f32 = 0.01;
        match self.ends.get(turn) {
            Some(end) if (end - self.start(turn) - height).abs() < SAME => {}
            Some(_) => {
                self.ends.truncate(turn);
                self.push(height);
            }
            None if turn == self.known() => self.push(height),
            // Behind one that is not known.
            None => {}
        }
    }

    /// Where a turn begins, from the top of the first; it or the one before must be known.
    fn start(&self, turn: usize) -> f32 {
        match turn.checked_sub(1).and_then(|before| self.ends.get(before)) {
            Some(end) => end + self.spacing,
            None => 0.0,
        }
    }

    /// The turns from this one on that need not be drawn, when it begins at `top`: those above the view
    /// until the first in it, or those below it as far as they are known. Nothing for a turn in view.
    pub fn out_of_view(&self, turn: usize, top: f32, view: Range<f32>) -> Range<usize> {
        if turn >= self.known() {
            return turn..turn;
        }
        let shift = top - self.start(turn);
        if top > view.end {
            return turn..self.known();
        }
        let above = self.ends[turn..].partition_point(|end| end + shift < view.start);
        turn..turn + above
    }

    /// The room that turns take, with what is between them.
    pub fn height(&self, turns: &Range<usize>) -> f32 {
        match turns
            .end
            .checked_sub(1)
            .and_then(|last| self.ends.get(last))
        {
            Some(end) if !turns.is_empty() => end - self.start(turns.start),
            _ => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Places;

    /// Ten turns of 90 points with 10 between them: turn n begins at 100 n.
    fn ten() -> Places {
        let mut places = Places::new(10.0);
        for _ in 0..10 {
            places.push(90.0);
        }
        places
    }

    #[test]
    fn what_is_above_the_view_is_left_out_in_one_piece() {
        let places = ten();
        // The page is scrolled by 350: turn 3 ends at 390, in view.
        assert_eq!(places.out_of_view(0, -350.0, 0.0..200.0), 0..3);
        assert!((places.height(&(0..3)) - 290.0).abs() < 1e-3);
        assert_eq!(places.out_of_view(3, -50.0, 0.0..200.0), 3..3);
        assert_eq!(places.out_of_view(5, 150.0, 0.0..200.0), 5..5);
    }

    #[test]
    fn what_is_below_the_view_is_left_out_as_far_as_it_is_known() {
        let places = ten();
        assert_eq!(places.out_of_view(6, 250.0, 0.0..200.0), 6..10);
        assert!((places.height(&(6..10)) - 390.0).abs() < 1e-3);
        assert_eq!(places.out_of_view(10, 650.0, 0.0..200.0), 10..10);
    }

    #[test]
    fn another_height_moves_what_is_behind() {
        let mut places = ten();
        places.measured(4, 90.0);
        assert_eq!(places.known(), 10);
        places.measured(4, 40.0);
        assert_eq!(places.known(), 5);
        places.push(90.0);
        assert!((places.height(&(0..6)) - (440.0 + 10.0 + 90.0)).abs() < 1e-3);
    }

    #[test]
    fn an_empty_page_has_nothing_to_leave_out() {
        let places = Places::new(10.0);
        assert_eq!(places.out_of_view(0, 0.0, 0.0..100.0), 0..0);
        assert!(places.height(&(0..0)).abs() < 1e-3);
    }
}
