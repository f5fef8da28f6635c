//! Opening the history when the window opens, and again when somebody wants another try.

use super::super::App;
use super::Keeping;
use crate::store::{DataFolder, Store};
use crate::tasks::{Job, Tasks, finished};
use crate::ui::shared::History;

impl Keeping {
    /// Opens the history.
    pub fn open(&mut self, tasks: &Tasks, folder: Option<DataFolder>) {
        self.refused = None;
        self.opening = folder.map(|folder| {
            tasks.spawn_blocking(move || Store::open(&folder).map_err(|error| error.to_string()))
        });
    }

    /// Whether there is a history.
    pub fn is_open(&self) -> bool {
        self.store.is_some()
    }

    /// Whether the history is still being opened.
    pub fn is_opening(&self) -> bool {
        self.opening.is_some()
    }

    /// Whether there is a history, and why not.
    pub fn history(&self) -> History<'_> {
        if self.is_open() {
            History::Open
        } else if self.is_opening() {
            History::Opening
        } else if let Some(reason) = &self.refused {
            History::Refused(reason)
        } else {
            History::Nowhere
        }
    }
}

impl App {
    /// Tries once more to open what could not be opened.
    pub(in crate::ui::app) fn reopen_history(&mut self) {
        if self.keeping.refused.is_some() {
            self.history_screen.refresh();
            self.keeping.open(&self.tasks, self.data_folder.clone());
        }
    }

    /// Waits until the history is open, where it is still being opened.
    pub(super) fn finish_opening_at_once(&mut self) {
        match self.keeping.opening.take().map(Job::wait) {
            Some(Ok(Ok(opened))) => self.keeping.store = Some(opened.store),
            Some(Ok(Err(error))) => tracing::error!("nothing is kept: {error}"),
            Some(Err(died)) => tracing::error!("nothing is kept: {died}"),
            None => {}
        }
    }

    pub(super) fn collect_opening(&mut self) {
        match finished(&mut self.keeping.opening) {
            Some(Ok(opened)) => {
                if let Some(aside) = &opened.set_aside {
                    self.notices.failed(match &aside.restored_from {
                        Some(_) => format!(
                            "The history was damaged and is now the last backup; the damaged one is {}",
                            aside.path.display()
                        ),
                        None => format!(
                            "The history was damaged and begins anew; the damaged one is {}",
                            aside.path.display()
                        ),
                    });
                }
                let is_whole = opened.set_aside.is_none();
                self.keeping.store = Some(opened.store);
                self.keeping.is_tidy = false;
                self.history_screen.refresh();
                self.load_unfinished_job();
                // Lists may be in the damaged one alone.
                if is_whole {
                    self.remove_leftovers();
                }
                self.usage.changed(&self.tasks, self.keeping.store());
            }
            Some(Err(error)) => {
                self.notices.failed(format!("Nothing is kept. {error}"));
                self.keeping.refused = Some(error);
            }
            None => {}
        }
    }
}
