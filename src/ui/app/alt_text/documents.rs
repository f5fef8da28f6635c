//! Images that stand in documents: found in files and pages of the web, taken into the list, and given their texts
//! there. All of it in the background.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, TryRecvError};
use std::time::SystemTime;

use egui::Context;

use super::{COUNT_EVERY, in_words};
use crate::alt_text::{
    DocumentTexts, FoundDocument, Leftovers, MetadataPlace, TAKEN_OUT, TakenOut, take_out,
    write_document,
};
use crate::figures::Kind;
use crate::store::{ConversationId, Screen as MadeIn};
use crate::tasks::Job;
use crate::ui::app::App;
use crate::ui::app::many_files::FilesSoFar;
use crate::ui::screens::alt_text::{Offer, TakingOut, WritableInDocuments};

/// Images that are being taken out of documents.
pub(super) struct TakingImages {
    /// The list that they are for.
    list: ConversationId,
    all: usize,
    so_far: Arc<SoFar>,
    job: Job<Result<TakenOut, String>>,
}

#[derive(Default)]
struct SoFar {
    taken: AtomicUsize,
    stopped: AtomicBool,
}

impl SoFar {
    /// Takes note of one more; false when no more is wanted.
    fn goes_on(&self) -> bool {
        self.taken.fetch_add(1, Ordering::Relaxed);
        !self.stopped.load(Ordering::Relaxed)
    }
}

/// Those of some files that are documents with images in them, and the rest. Blocks: for a worker thread.
pub(super) fn documents_among(paths: Vec<PathBuf>) -> (Vec<PathBuf>, Vec<PathBuf>) {
    paths
        .into_iter()
        .partition(|path| Kind::of_path(path).is_some() && path.is_file())
}

/// Finds the images of documents; of those that have none or cannot be read, a remark. Blocks: for a worker thread.
pub(super) fn read_documents(paths: &[PathBuf]) -> (Vec<FoundDocument>, Vec<String>) {
    let mut remarks = Vec::new();
    let mut found = Vec::new();
    for path in paths {
        match FoundDocument::read(path) {
            Ok(document) if document.images.is_empty() => {
                remarks.push(format!("{} has no images", document.place.name()));
            }
            Ok(document) => found.push(document),
            Err(reason) => remarks.push(reason),
        }
    }
    (found, remarks)
}

impl App {
    /// Finds the images of a page of the web, to be offered.
    pub(super) fn read_page(&mut self, address: String) {
        self.alt_text.page_dialog_mut().reading();
        let proxy = self.proxy();
        self.alt_text_work.page = Some(
            self.tasks
                .spawn(async move { FoundDocument::fetch(&address, &proxy).await }),
        );
    }

    /// Gives up a page that is being read.
    pub(super) fn stop_reading_page(&mut self) {
        self.alt_text_work.page = None;
        self.alt_text.page_dialog_mut().stopped();
    }

    pub(super) fn collect_page(&mut self) {
        let Some(read) = crate::tasks::finished(&mut self.alt_text_work.page) else {
            return;
        };
        match read {
            Ok(page) if page.images.is_empty() => self.alt_text.page_dialog_mut().failed(format!(
                "{} has no images in its HTML. What a page loads by script is not seen here",
                page.place.name()
            )),
            Ok(page) => {
                self.alt_text.page_dialog_mut().close();
                let offer = Offer::new(Vec::new(), vec![page], 0, Vec::new());
                self.alt_text.offer(offer);
            }
            Err(reason) => self.alt_text.page_dialog_mut().failed(reason),
        }
    }

    /// Takes the images out of documents, into the list.
    pub(super) fn take_out(&mut self, documents: Vec<FoundDocument>) {
        let Some(folder) = self.data_folder.clone() else {
            self.notices
                .failed("Images of documents need a data folder, and there is none");
            return;
        };
        let folder = folder.path().join(TAKEN_OUT);
        let all = documents.iter().map(|document| document.images.len()).sum();
        let so_far = Arc::new(SoFar::default());
        let counting = Arc::clone(&so_far);
        let proxy = self.proxy();
        let job = self.tasks.spawn(async move {
            take_out(documents, &folder, &proxy, move || counting.goes_on()).await
        });
        self.alt_text_work.taking = Some(TakingImages {
            list: self.alt_text.job().id(),
            all,
            so_far,
            job,
        });
    }

    pub(super) fn stop_taking_out(&mut self) {
        if let Some(taking) = &self.alt_text_work.taking {
            taking.so_far.stopped.store(true, Ordering::Relaxed);
        }
    }

    pub(super) fn collect_taken(&mut self, ctx: &Context) {
        let Some(taking) = &mut self.alt_text_work.taking else {
            return;
        };
        let Some(taken) = taking.job.take() else {
            let so_far = TakingOut {
                taken: taking.so_far.taken.load(Ordering::Relaxed).min(taking.all),
                all: taking.all,
            };
            self.alt_text.taking_out(Some(so_far));
            ctx.request_repaint_after(COUNT_EVERY);
            return;
        };
        let list = taking.list;
        self.alt_text_work.taking = None;
        self.alt_text.taking_out(None);
        match taken {
            Ok(Ok(taking)) => {
                // Another list may be open by now.
                if self.alt_text.job().id() == list {
                    self.add_images(taking.additions);
                }
                if !taking.remarks.is_empty() {
                    self.notices.failed(taking.remarks.join("\n"));
                }
            }
            Ok(Err(reason)) => self.notices.failed(reason),
            Err(died) => self.notices.failed(died.to_string()),
        }
    }

    /// Removes images of documents that no list has any more.
    pub(in crate::ui::app) fn remove_leftovers(&mut self) {
        let (Some(store), Some(folder)) = (self.keeping.store(), &self.data_folder) else {
            return;
        };
        let folder = folder.path().join(TAKEN_OUT);
        self.alt_text_work.clearing = Some(self.tasks.spawn_blocking(move || {
            if !folder.is_dir() {
                return;
            }
            let mut leftovers = Leftovers::default();
            let read = store.each_part(&MadeIn::alt_text(), &mut |record| leftovers.keep(record));
            // What cannot be looked through is left for the next start.
            if read.is_ok() {
                leftovers.remove(&folder, SystemTime::now()).ok();
            }
        }));
    }

    /// Notes in the list what documents say now that were written into.
    pub(super) fn collect_changed_documents(&mut self) {
        let job = self.alt_text.job_mut();
        self.alt_text_work.changed_documents.retain(|changed| {
            loop {
                match changed.try_recv() {
                    Ok(document) => job.document_says(&document),
                    Err(TryRecvError::Empty) => return true,
                    Err(TryRecvError::Disconnected) => return false,
                }
            }
        });
    }

    pub(super) fn write_into_documents(&mut self, place: MetadataPlace, only_approved: bool) {
        let WritableInDocuments { texts, simulated } =
            self.alt_text.job().writable_in_documents(only_approved);
        let so_far = Arc::new(FilesSoFar::default());
        let counting = Arc::clone(&so_far);
        let (changed, now) = mpsc::channel();
        self.alt_text_work.changed_documents.push(now);
        let job = self.tasks.spawn_blocking(move || {
            let mut written = 0;
            let mut last = None;
            let mut remarks = Vec::new();
            let tally = counting.write_each(texts, |texts: DocumentTexts| {
                let document = write_document(&texts, place)?;
                written += document.texts.len();
                remarks.extend(document.remark());
                if document.file == texts.document {
                    // Whoever listened may be gone.
                    changed.send(document.clone()).ok();
                }
                last = Some(document.file);
                Ok(())
            });
            let folder = last.and_then(|file| file.parent().map(Path::to_owned));
            remarks.insert(0, in_words(written, simulated));
            Some((tally.report(remarks.join("; ")), folder))
        });
        self.many_files
            .begin("Writing texts into documents", so_far, job);
    }
}
