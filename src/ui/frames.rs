//! When frames were painted and what each took of the processor: for the overlay and the trace that
//! developers ask for.
//!
//! It must not know what is in a frame, and asks for none: looking at an idle window keeps it idle.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// A minute at sixty frames a second.
const KEPT: usize = 3_600;

/// One frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrameRecord {
    /// Since the program began.
    pub at: Duration,
    /// What it took the processor, layout and painting; what waits for the screen does not count.
    pub took: Duration,
    /// The screen that was shown.
    pub screen: &'static str,
}

/// The frames of the last minute of painting.
#[derive(Debug)]
pub struct FrameLog {
    began: Instant,
    frames: VecDeque<FrameRecord>,
    /// The frame that is being made: eframe says of it what it took in the one after.
    current: Option<(Duration, &'static str)>,
}

impl Default for FrameLog {
    fn default() -> Self {
        Self {
            began: Instant::now(),
            frames: VecDeque::new(),
            current: None,
        }
    }
}

/// What the overlay says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FrameFigures {
    /// Half of the frames took no longer.
    pub median: Duration,
    /// One in a hundred took longer.
    pub p99: Duration,
    /// How many were painted in the second before the last one.
    pub in_last_second: usize,
}

impl FrameLog {
    /// A frame begins; of the one before it is known by now what it took.
    pub fn begin(&mut self, screen: &'static str, took: Option<Duration>) {
        if let (Some((at, screen)), Some(took)) = (self.current.take(), took) {
            if self.frames.len() == KEPT {
                self.frames.pop_front();
            }
            self.frames.push_back(FrameRecord { at, took, screen });
        }
        self.current = Some((self.began.elapsed(), screen));
    }

    /// The newest frames, the oldest of them first.
    pub fn newest(&self, count: usize) -> impl Iterator<Item = &FrameRecord> {
        self.frames.range(self.frames.len().saturating_sub(count)..)
    }

    /// What the newest frames come to.
    #[must_use]
    pub fn figures(&self, count: usize) -> FrameFigures {
        let mut took: Vec<Duration> = self.newest(count).map(|frame| frame.took).collect();
        took.sort_unstable();
        let Some(last) = self.frames.back() else {
            return FrameFigures::default();
        };
        let rank = |percent: usize| (took.len() * percent).div_ceil(100).max(1) - 1;
        let since = last.at.saturating_sub(Duration::from_secs(1));
        FrameFigures {
            median: took[rank(50)],
            p99: took[rank(99)],
            in_last_second: self
                .frames
                .iter()
                .rev()
                .take_while(|frame| frame.at > since)
                .count(),
        }
    }

    /// The frames in the trace event format, which Perfetto and browsers open.
    #[must_use]
    pub fn to_trace(&self) -> Value {
        let events: Vec<Value> = self
            .frames
            .iter()
            .map(|frame| {
                json!({
                    "name": "frame",
                    "cat": "ui",
                    "ph": "X",
                    "ts": microseconds(frame.at),
                    "dur": microseconds(frame.took),
                    "pid": 1,
                    "tid": 1,
                    "args": { "screen": frame.screen },
                })
            })
            .collect();
        json!({ "displayTimeUnit": "ms", "traceEvents": events })
    }
}

fn microseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_told_by_the_one_after_it() {
        let mut log = FrameLog::default();
        log.begin("Chat", None);
        assert_eq!(log.newest(9).count(), 0);
        log.begin("Chat", Some(Duration::from_millis(2)));
        log.begin("Usage", Some(Duration::from_millis(4)));
        let took: Vec<_> = log.newest(9).map(|frame| frame.took.as_micros()).collect();
        assert_eq!(took, [2_000, 4_000]);
        let figures = log.figures(9);
        assert_eq!(figures.median.as_micros(), 2_000);
        assert_eq!(figures.p99.as_micros(), 4_000);
        let trace = log.to_trace();
        assert_eq!(trace["traceEvents"][1]["dur"], 4_000);
        assert_eq!(trace["traceEvents"][1]["args"]["screen"], "Chat");
    }

    #[test]
    fn only_the_last_minute_is_kept() {
        let mut log = FrameLog::default();
        for _ in 0..=(KEPT + 10) {
            log.begin("Chat", Some(Duration::from_millis(1)));
        }
        assert_eq!(log.newest(usize::MAX).count(), KEPT);
    }
}
