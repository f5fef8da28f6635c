//! When the next frame is due, where no driver waits for the screen. It knows no window; the clock is the
//! caller's.

use std::time::{Duration, Instant};

/// A window system that has not asked for the frame by then is not showing the window.
const OVERDUE: Duration = Duration::from_millis(250);

/// When frames are wanted, asked of the window system, and shown.
#[derive(Debug)]
pub struct Pace {
    /// Between two frames: more than the screen shows are of no use.
    interval: Duration,
    shown: Option<Instant>,
    wanted: Option<Instant>,
    asked: Option<Instant>,
}

impl Pace {
    /// For a screen that shows so many frames in a thousand seconds; 60 a second when that is not known.
    pub fn of_screen(millihertz: Option<u32>) -> Self {
        let millihertz = millihertz.filter(|&rate| rate > 0).unwrap_or(60_000);
        Self {
            interval: Duration::from_secs(1000) / millihertz,
            shown: None,
            wanted: None,
            asked: None,
        }
    }

    /// A frame is wanted at a time, or earlier if one is wanted earlier.
    pub fn want(&mut self, at: Instant) {
        self.wanted = Some(self.wanted.map_or(at, |wanted| wanted.min(at)));
    }

    fn due(&self) -> Option<Instant> {
        let wanted = self.wanted?;
        Some(
            self.shown
                .map_or(wanted, |shown| wanted.max(shown + self.interval)),
        )
    }

    /// Whether to ask the window system for a frame now.
    pub fn asks(&mut self, now: Instant) -> bool {
        let is_due = self.due().is_some_and(|due| due <= now);
        if is_due {
            self.wanted = None;
            self.asked.get_or_insert(now);
        }
        is_due
    }

    /// A frame begins; whether it was asked for.
    pub fn begin(&mut self, now: Instant) -> bool {
        self.shown = Some(now);
        self.asked.take().is_some()
    }

    /// Whether the window system leaves a frame out, so that work has to go on without one.
    pub fn is_overdue(&mut self, now: Instant) -> bool {
        self.asked
            .take_if(|asked| *asked + OVERDUE <= now)
            .is_some()
    }

    /// When there is something to do again.
    pub fn next(&self) -> Option<Instant> {
        let overdue = self.asked.map(|asked| asked + OVERDUE);
        [self.due(), overdue].into_iter().flatten().min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLISECOND: Duration = Duration::from_millis(1);

    #[test]
    fn frames_come_no_faster_than_the_screen_shows_them() {
        let start = Instant::now();
        // 50 a second: 20 ms each.
        let mut pace = Pace::of_screen(Some(50_000));
        pace.want(start);
        assert!(pace.asks(start));
        assert!(pace.begin(start));
        pace.want(start + MILLISECOND);
        assert!(!pace.asks(start + 19 * MILLISECOND));
        assert_eq!(pace.next(), Some(start + 20 * MILLISECOND));
        assert!(pace.asks(start + 20 * MILLISECOND));
    }

    #[test]
    fn the_earliest_wish_counts() {
        let start = Instant::now();
        let mut pace = Pace::of_screen(None);
        pace.want(start + 500 * MILLISECOND);
        pace.want(start + 100 * MILLISECOND);
        pace.want(start + 900 * MILLISECOND);
        assert_eq!(pace.next(), Some(start + 100 * MILLISECOND));
    }

    #[test]
    fn nothing_wanted_is_nothing_to_do() {
        let start = Instant::now();
        let mut pace = Pace::of_screen(None);
        assert_eq!(pace.next(), None);
        assert!(!pace.asks(start));
        // The window system may want a frame by itself.
        assert!(!pace.begin(start));
        assert_eq!(pace.next(), None);
    }

    #[test]
    fn what_nobody_shows_is_overdue_once() {
        let start = Instant::now();
        let mut pace = Pace::of_screen(None);
        pace.want(start);
        assert!(pace.asks(start));
        assert!(!pace.is_overdue(start + 249 * MILLISECOND));
        assert_eq!(pace.next(), Some(start + 250 * MILLISECOND));
        assert!(pace.is_overdue(start + 250 * MILLISECOND));
        assert!(!pace.is_overdue(start + 251 * MILLISECOND));
    }
}
