//! Many files written at one wish of a person: how far that is, a way to end it, and what came of it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use egui::Context;

use super::App;
use crate::tasks::{Job, JobDied};
use crate::ui::numbers::thousands;

/// How many files that could not be written are named.
const PROBLEMS_TOLD: usize = 8;

/// What is over sooner needs no bar, in seconds.
const SHOWN_AFTER: f64 = 1.0;

/// How often the count is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// How far the writing is.
#[derive(Default)]
pub struct FilesSoFar {
    all: AtomicUsize,
    looked_at: AtomicUsize,
    stopped: AtomicBool,
}

impl FilesSoFar {
    /// Writes one file after another until all are written or a person has seen enough.
    pub fn write_each<T>(
        &self,
        files: Vec<T>,
        mut write: impl FnMut(T) -> Result<(), String>,
    ) -> Tally {
        self.all.store(files.len(), Ordering::Relaxed);
        let mut tally = Tally {
            left: files.len(),
            ..Tally::default()
        };
        for file in files {
            if self.stopped.load(Ordering::Relaxed) {
                break;
            }
            match write(file) {
                Ok(()) => tally.written += 1,
                Err(problem) => tally.problems.push(problem),
            }
            tally.left -= 1;
            self.looked_at.fetch_add(1, Ordering::Relaxed);
        }
        tally
    }
}

/// What was written and what was not.
#[derive(Debug, Default)]
pub struct Tally {
    /// Files that were written.
    pub written: usize,
    /// Files that were not come to.
    left: usize,
    /// Of each file that could not be written, why.
    problems: Vec<String>,
}

impl Tally {
    /// The whole in words, which begin with what was written; an error where a file could not be.
    pub fn report(&self, mut words: String) -> Result<String, String> {
        if self.left > 0 {
            let left = thousands(self.left as u64);
            words = format!("{words}; it was stopped before {left} more");
        }
        if self.problems.is_empty() {
            return Ok(words);
        }
        let told = &self.problems[..self.problems.len().min(PROBLEMS_TOLD)];
        let mut lines = format!(
            "{words}; {} could not be:\n{}",
            thousands(self.problems.len() as u64),
            told.join("\n")
        );
        if self.problems.len() > told.len() {
            let more = thousands((self.problems.len() - told.len()) as u64);
            lines = format!("{lines}\nand {more} more");
        }
        Err(lines)
    }
}

/// What is said when it is over, and the folder that was filled, if it was one.
pub type Told = (Result<String, String>, Option<PathBuf>);

/// What is being written.
#[derive(Default)]
pub struct ManyFiles(Vec<Writing>);

struct Writing {
    what: &'static str,
    so_far: Arc<FilesSoFar>,
    /// When it was seen first, in seconds since the start.
    since: Option<f64>,
    /// Nothing, where a person has chosen no folder.
    job: Job<Option<Told>>,
}

impl ManyFiles {
    /// Takes note of files that a worker writes; the words say what is done while it lasts.
    pub fn begin(&mut self, what: &'static str, so_far: Arc<FilesSoFar>, job: Job<Option<Told>>) {
        self.0.push(Writing {
            what,
            so_far,
            since: None,
            job,
        });
    }

    /// Whether files are being written.
    pub fn is_writing(&self) -> bool {
        let mut all = self.0.iter();
        all.any(|writing| writing.so_far.all.load(Ordering::Relaxed) > 0)
    }

    /// What has lasted long enough to be shown, in words, by its place.
    pub fn shown(&self, now: f64) -> Vec<(usize, String)> {
        let lasts = |writing: &Writing| writing.since.is_some_and(|at| now - at >= SHOWN_AFTER);
        let all = self.0.iter().enumerate();
        all.filter(|(_, writing)| lasts(writing))
            .map(|(place, writing)| {
                let count = |number: &AtomicUsize| thousands(number.load(Ordering::Relaxed) as u64);
                let looked_at = count(&writing.so_far.looked_at);
                let all = count(&writing.so_far.all);
                (place, format!("{}: {looked_at} of {all}", writing.what))
            })
            .collect()
    }

    /// Ends what stands at a place after the file that is being written.
    pub fn stop(&self, place: usize) {
        if let Some(writing) = self.0.get(place) {
            writing.so_far.stopped.store(true, Ordering::Relaxed);
        }
    }

    fn collect(&mut self, now: f64) -> Vec<Result<Option<Told>, JobDied>> {
        let mut over = Vec::new();
        self.0.retain_mut(|writing| {
            if writing.so_far.all.load(Ordering::Relaxed) > 0 {
                writing.since.get_or_insert(now);
            }
            let told = writing.job.take();
            let goes_on = told.is_none();
            over.extend(told);
            goes_on
        });
        over
    }
}

impl App {
    /// Says what came of files that were written.
    pub(super) fn collect_many_files(&mut self, ctx: &Context) {
        let now = ctx.input(|input| input.time);
        for over in self.many_files.collect(now) {
            match over {
                Ok(Some((Ok(words), Some(folder)))) => self.notices.saved_as(words, folder),
                Ok(Some((Ok(words), None))) => self.notices.done(words),
                Ok(Some((Err(words), _))) => self.notices.failed(words),
                Ok(None) => {}
                Err(died) => self.notices.failed(died.to_string()),
            }
        }
        if self.many_files.is_writing() {
            ctx.request_repaint_after(LOOK_EVERY);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_what_failed_and_what_was_left_add_up() {
        let so_far = FilesSoFar::default();
        let tally = so_far.write_each((0..20).collect(), |number| {
            if number == 14 {
                so_far.stopped.store(true, Ordering::Relaxed);
            }
            match number % 3 {
                0 => Err(format!("{number}.png: no room")),
                _ => Ok(()),
            }
        });
        // Of 0 to 14, five can be divided by three; five more come after them.
        assert_eq!(tally.written, 10);
        assert_eq!(
            tally.report("10 files".to_owned()).unwrap_err(),
            "10 files; it was stopped before 5 more; 5 could not be:\n0.png: no room\n3.png: no room\n\
             6.png: no room\n9.png: no room\n12.png: no room"
        );
        let all = FilesSoFar::default().write_each((0..20).collect(), |number| match number {
            ..9 => Err(number.to_string()),
            _ => Ok(()),
        });
        assert_eq!(
            all.report("11".to_owned()).unwrap_err(),
            "11; 9 could not be:\n0\n1\n2\n3\n4\n5\n6\n7\nand 1 more"
        );
        let none = FilesSoFar::default().write_each(Vec::<u8>::new(), |_| Ok(()));
        assert_eq!(none.report("nothing".to_owned()), Ok("nothing".to_owned()));
    }
}
