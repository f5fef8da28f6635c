//! Where the turns of a conversation are on their long page, and which of them a frame has to draw.
//!
//! What is in view is found by halving, so that a frame does not look at the thousand turns that are
//! not. It must not know what a turn is: only heights, in points.

use std::ops::Range;

/// How high a turn is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Height {
    pub points: f32,
    /// Whether it was drawn like that; estimated otherwise.
    pub is_measured: bool,
}

impl Height {
    /// Of what was drawn.
    pub fn measured(points: f32) -> Self {
        Self {
            points,
            is_measured: true,
        }
    }
}

/// The heights of a path, added up.
#[derive(Debug, Default)]
pub struct Places {
    spacing: f32,
    heights: Vec<Height>,
    /// Where each turn ends, from the top of the first.
    ends: Vec<f32>,
    estimated: usize,
}

impl Places {
    /// Turns of these heights, with this much between two of them.
    pub fn new(spacing: f32, heights: impl IntoIterator<Item = Height>) -> Self {
        let heights: Vec<Height> = heights.into_iter().collect();
        let mut places = Self {
            spacing,
            ends: Vec::with_capacity(heights.len()),
            estimated: heights.iter().filter(|one| !one.is_measured).count(),
            heights,
        };
        places.add_up();
        places
    }

    fn add_up(&mut self) {
        for turn in self.ends.len()..self.heights.len() {
            self.ends.push(self.start(turn) + self.heights[turn].points);
        }
    }

    /// What is between two turns.
    pub fn spacing(&self) -> f32 {
        self.spacing
    }

    /// How many turns there are.
    pub fn len(&self) -> usize {
        self.heights.len()
    }

    /// The turns whose height is only estimated, the last one first.
    pub fn estimated(&self) -> impl Iterator<Item = usize> {
        (0..self.len())
            .rev()
            .filter(|turn| !self.heights[*turn].is_measured)
            .take(self.estimated)
    }

    /// Whether every turn was drawn once.
    pub fn are_measured(&self) -> bool {
        self.estimated == 0
    }

    /// A turn was drawn with this height. What it is higher than thought.
    pub fn measured(&mut self, turn: usize, points: f32) -> f32 {
        const SAME: f32 = 0.01;
        let Some(height) = self.heights.get_mut(turn) else {
            return 0.0;
        };
        self.estimated -= usize::from(!height.is_measured);
        let higher = points - height.points;
        *height = Height::measured(points);
        if higher.abs() > SAME {
            self.ends.truncate(turn);
            self.add_up();
        }
        higher
    }

    /// Where a turn begins, from the top of the first.
    pub fn start(&self, turn: usize) -> f32 {
        match turn.checked_sub(1).and_then(|before| self.ends.get(before)) {
            Some(end) => end + self.spacing,
            None => 0.0,
        }
    }

    /// The turns from this one on that need not be drawn, when it begins at `top`: those above the view
    /// until the first in it, or all that are below it. Nothing for a turn in view.
    pub fn out_of_view(&self, turn: usize, top: f32, view: Range<f32>) -> Range<usize> {
        if top > view.end {
            return turn..self.len();
        }
        let shift = top - self.start(turn);
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
    use super::{Height, Places};

    /// Ten turns of 90 points with 10 between them: turn n begins at 100 n.
    fn ten() -> Places {
        Places::new(10.0, [Height::measured(90.0); 10])
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
    fn what_is_below_the_view_is_left_out() {
        let places = ten();
        assert_eq!(places.out_of_view(6, 250.0, 0.0..200.0), 6..10);
        assert!((places.height(&(6..10)) - 390.0).abs() < 1e-3);
    }

    #[test]
    fn another_height_moves_what_is_behind() {
        let mut places = ten();
        assert!(places.measured(4, 90.0).abs() < 1e-3);
        assert!((places.start(5) - 500.0).abs() < 1e-3);
        assert!((places.measured(4, 40.0) + 50.0).abs() < 1e-3);
        assert!((places.start(5) - 450.0).abs() < 1e-3);
        assert!((places.height(&(0..10)) - 940.0).abs() < 1e-3);
    }

    #[test]
    fn estimates_are_named_from_the_end_until_all_are_measured() {
        let estimate = Height {
            points: 50.0,
            is_measured: false,
        };
        let mut places = Places::new(10.0, [estimate, Height::measured(90.0), estimate]);
        assert_eq!(places.estimated().collect::<Vec<_>>(), [2, 0]);
        places.measured(2, 50.0);
        places.measured(2, 60.0);
        assert_eq!(places.estimated().collect::<Vec<_>>(), [0]);
        assert!(!places.are_measured());
        places.measured(0, 70.0);
        assert!(places.are_measured());
        assert!((places.start(2) - (70.0 + 10.0 + 90.0 + 10.0)).abs() < 1e-3);
    }

    #[test]
    fn an_empty_page_has_nothing_to_leave_out() {
        let places = Places::new(10.0, []);
        assert!(places.height(&(0..0)).abs() < 1e-3);
        assert!(places.are_measured());
    }
}
