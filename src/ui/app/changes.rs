//! Changes of the history that a person asked for, one after another and in the background: none is lost to
//! the next one, and what becomes of each is told.
//!
//! Must not know what is changed.

use std::collections::VecDeque;

use crate::store::StoreError;
use crate::tasks::{Job, Tasks, finished};

type Change = Box<dyn FnOnce() -> Result<(), StoreError> + Send>;

/// The change under way and those that wait for it.
#[derive(Default)]
pub struct Changes {
    running: Option<Job<Result<(), String>>>,
    waiting: VecDeque<Change>,
}

impl Changes {
    /// Makes a change once those before it are made.
    pub fn push(
        &mut self,
        tasks: &Tasks,
        change: impl FnOnce() -> Result<(), StoreError> + Send + 'static,
    ) {
        self.waiting.push_back(Box::new(change));
        self.begin_next(tasks);
    }

    /// What became of a change that has ended, in words where it failed; each is told once.
    pub fn collect(&mut self, tasks: &Tasks) -> Option<Result<(), String>> {
        let ended = finished(&mut self.running)?;
        self.begin_next(tasks);
        Some(ended)
    }

    /// Makes what is left before the program ends. Waits for the disk.
    pub fn finish_at_once(&mut self) {
        let running = self.running.take().and_then(|job| job.wait().ok());
        let waiting = self
            .waiting
            .drain(..)
            .map(|change| change().map_err(|error| error.to_string()));
        for result in running.into_iter().chain(waiting) {
            if let Err(error) = result {
                tracing::error!("the history was not changed: {error}");
            }
        }
    }

    fn begin_next(&mut self, tasks: &Tasks) {
        if self.running.is_some() {
            return;
        }
        if let Some(change) = self.waiting.pop_front() {
            let work = move || change().map_err(|error| error.to_string());
            self.running = Some(tasks.spawn_blocking(work));
        }
    }
}
