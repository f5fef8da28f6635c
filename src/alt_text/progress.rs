//! How far a job is, and how long it will still take.

use std::time::Duration;

/// How far a job is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Pictures of the job.
    pub total: usize,
    /// Pictures that are done or have failed.
    pub finished: usize,
    /// Of these, how many took no time: they were paid for before.
    pub at_once: usize,
}

impl Progress {
    /// How long the rest will take, if it goes on as it did so far; `None` before anything is known.
    #[must_use]
    pub fn left(&self, elapsed: Duration) -> Option<Duration> {
        let timed = u32::try_from(self.finished.checked_sub(self.at_once)?).ok()?;
        let left = u32::try_from(self.total.checked_sub(self.finished)?).ok()?;
        let each = elapsed.checked_div(timed)?;
        each.checked_mul(left)
    }
}

/// A time to wait, in words: nobody wants to know it to the second.
#[must_use]
pub fn wait_in_words(wait: Duration) -> String {
    let minutes = (wait.as_secs() + 30) / 60;
    match minutes {
        0 => "less than a minute".to_owned(),
        1..=59 => format!("about {minutes} min"),
        _ => format!("about {} h {} min", minutes / 60, minutes % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_takes_as_long_as_what_was_asked_for() {
        let progress = |finished, at_once| Progress {
            total: 100,
            finished,
            at_once,
        };
        let minute = Duration::from_secs(60);
        // 20 were asked for in a minute: 3 s each, and 70 are left.
        assert_eq!(
            progress(30, 10).left(minute),
            Some(Duration::from_secs(210))
        );
        assert_eq!(progress(10, 10).left(minute), None);
        assert_eq!(progress(100, 0).left(minute), Some(Duration::ZERO));
    }

    #[test]
    fn waits_are_rounded_to_minutes() {
        for (seconds, words) in [
            (0, "less than a minute"),
            (29, "less than a minute"),
            (31, "about 1 min"),
            (210, "about 4 min"),
            (7_800, "about 2 h 10 min"),
        ] {
            assert_eq!(wait_in_words(Duration::from_secs(seconds)), words);
        }
    }
}
