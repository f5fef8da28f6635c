//! Texts that the pictures of a list have in their files already, read in the background and taken over.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use egui::Context;

use super::COUNT_EVERY;
use crate::alt_text::{Item, Texts, read_metadata};
use crate::store::ConversationId;
use crate::tasks::Job;
use crate::ui::app::App;
use crate::ui::numbers::thousands;
use crate::ui::screens::alt_text::ReadingFiles;

/// Files that are being read.
pub(super) struct ReadingTexts {
    /// The list that they are of.
    list: ConversationId,
    all: usize,
    so_far: Arc<SoFar>,
    job: Job<Vec<(usize, Texts)>>,
}

#[derive(Default)]
struct SoFar {
    read: AtomicUsize,
    stopped: AtomicBool,
}

impl App {
    pub(super) fn read_texts_of_files(&mut self) {
        let job = self.alt_text.job();
        let images = job.without_text();
        if images.is_empty() {
            self.notices.done("Every image has a text here");
            return;
        }
        let language = job.settings.instructions.language.clone();
        let so_far = Arc::new(SoFar::default());
        let counting = Arc::clone(&so_far);
        self.alt_text_work.reading = Some(ReadingTexts {
            list: job.id(),
            all: images.len(),
            so_far,
            job: self
                .tasks
                .spawn_blocking(move || read(images, language.as_deref(), &counting)),
        });
    }

    pub(super) fn stop_reading_files(&mut self) {
        if let Some(reading) = &self.alt_text_work.reading {
            reading.so_far.stopped.store(true, Ordering::Relaxed);
        }
    }

    pub(super) fn collect_texts_of_files(&mut self, ctx: &Context) {
        let Some(reading) = &mut self.alt_text_work.reading else {
            return;
        };
        let is_shown = self.alt_text.job().id() == reading.list;
        if !is_shown {
            reading.so_far.stopped.store(true, Ordering::Relaxed);
        }
        let Some(found) = reading.job.take() else {
            let read = reading.so_far.read.load(Ordering::Relaxed);
            let all = reading.all;
            self.alt_text
                .reading_files(is_shown.then_some(ReadingFiles { read, all }));
            ctx.request_repaint_after(COUNT_EVERY);
            return;
        };
        self.alt_text_work.reading = None;
        self.alt_text.reading_files(None);
        match found {
            Ok(found) if is_shown => {
                let taken = self.alt_text.job_mut().list.take_from_files(&found);
                self.notices.done(match taken {
                    0 => "No file has a text for an image that has none".to_owned(),
                    1 => "1 image has taken the text of its file".to_owned(),
                    taken => format!(
                        "{} images have taken the texts of their files",
                        thousands(taken as u64)
                    ),
                });
            }
            Ok(_) => {}
            Err(died) => self.notices.failed(died.to_string()),
        }
    }
}

fn read(
    images: Vec<(usize, Arc<Item>)>,
    language: Option<&str>,
    so_far: &SoFar,
) -> Vec<(usize, Texts)> {
    let mut found = Vec::new();
    for (place, item) in images {
        if so_far.stopped.load(Ordering::Relaxed) {
            break;
        }
        let texts = item.texts_there(Some(&read_metadata(&item.path, language)));
        if texts != Texts::default() {
            found.push((place, texts));
        }
        so_far.read.fetch_add(1, Ordering::Relaxed);
    }
    found
}
