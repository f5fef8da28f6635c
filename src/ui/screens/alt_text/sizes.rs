//! How many pixels each picture has, read from the heads of the files in the background.

use std::path::PathBuf;

use crate::alt_text::Worklist;
use crate::media;
use crate::tasks::{Job, Tasks};

/// Files looked at in one go.
const BATCH: usize = 64;

type Size = Option<(u32, u32)>;

/// Reads sizes from the first picture to the last.
#[derive(Default)]
pub struct Sizes {
    next: usize,
    reading: Option<Job<Vec<(usize, Size)>>>,
}

impl Sizes {
    /// Takes in what was read and goes on.
    pub fn update(&mut self, tasks: &Tasks, list: &mut Worklist) {
        if let Some(result) = self.reading.as_mut().and_then(Job::take) {
            self.reading = None;
            for (place, size) in result.unwrap_or_default() {
                list.set_pixel_size(place, size);
            }
        }
        if self.reading.is_some() || self.next >= list.places() {
            return;
        }
        let mut batch: Vec<(usize, PathBuf)> = Vec::new();
        while batch.len() < BATCH && self.next < list.places() {
            let item = list
                .item(self.next)
                .filter(|item| item.pixel_size.is_none());
            if let Some(item) = item {
                batch.push((self.next, item.path.clone()));
            }
            self.next += 1;
        }
        if batch.is_empty() {
            return;
        }
        self.reading = Some(tasks.spawn_blocking(move || {
            batch
                .into_iter()
                .map(|(place, path)| (place, media::pixel_size_of_file(&path)))
                .collect()
        }));
    }
}
