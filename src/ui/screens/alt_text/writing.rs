//! Writing texts into pictures or beside them: which, and a word of the person before any file is touched.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use egui::{Label, Ui};

use super::job::OpenJob;
use crate::alt_text::{Alt, DocumentPlace, DocumentTexts, MetadataPlace, Texts};
use crate::ui::command::{AltTextCommand, WriteInto};
use crate::ui::icons;
use crate::ui::numbers::thousands;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{at_the_end, dialog, primary_button, secondary_button};
use crate::ui::{Command, Commands};

const WIDTH: f32 = 460.0;

/// The texts that may be written, and how many may not.
#[derive(Default)]
pub struct Writable {
    /// Files with what goes into each.
    pub texts: Vec<(PathBuf, Texts)>,
    /// Texts that were made up.
    pub simulated: usize,
    /// Files that stand in the list several times with different texts, of which the first is written.
    pub differing: usize,
}

impl OpenJob {
    /// What may be written: what no model was asked for never is. Of all texts, or of those approved.
    pub fn writable(&self, only_approved: bool) -> Writable {
        let mut writable = Writable::default();
        let mut places: HashMap<PathBuf, usize> = HashMap::new();
        let mut differing = HashSet::new();
        for (_, item) in self.list.shown() {
            if (only_approved && !item.review.approved) || !item.is_own_file() {
                continue;
            }
            let mut texts = Texts::default();
            if let Some(Alt::Text(text)) = &item.review.alt
                && !text.trim().is_empty()
            {
                let simulated = item.is_simulated();
                writable.simulated += usize::from(simulated);
                texts.alt_text = (!simulated).then(|| text.clone());
            }
            if let Some(long) = &item.review.long_description {
                writable.simulated += usize::from(long.simulated);
                texts.long_description = (!long.simulated).then(|| long.text.clone());
            }
            if texts == Texts::default() {
                continue;
            }
            // A file that stands in several documents is written once.
            match places.get(&item.path) {
                Some(first) if writable.texts[*first].1 != texts => {
                    differing.insert(*first);
                }
                Some(_) => {}
                None => {
                    places.insert(item.path.clone(), writable.texts.len());
                    writable.texts.push((item.path.clone(), texts));
                }
            }
        }
        writable.differing = differing.len();
        writable
    }
}

/// The texts that may be written into documents, and how many may not.
#[derive(Default)]
pub struct WritableInDocuments {
    /// What goes into each document.
    pub texts: Vec<DocumentTexts>,
    /// Texts that were made up.
    pub simulated: usize,
}

impl OpenJob {
    /// Whether images stand in documents that can be written into.
    pub fn has_documents(&self) -> bool {
        let mut shown = self.list.shown();
        shown.any(|(_, item)| {
            let document = item.origin.as_ref().map(|origin| &origin.document);
            matches!(document, Some(DocumentPlace::File(_)))
        })
    }

    /// Whether images are files that can be written into.
    pub fn has_own_files(&self) -> bool {
        self.list.shown().any(|(_, item)| item.is_own_file())
    }

    /// What may be written into documents; that an image only decorates too. What they have already is not.
    pub fn writable_in_documents(&self, only_approved: bool) -> WritableInDocuments {
        let mut simulated = 0;
        let mut texts = Vec::new();
        for (_, item) in self.list.shown() {
            let alt = item.review.alt.as_ref().and_then(Alt::in_document);
            let (Some(origin), Some(alt)) = (&item.origin, alt) else {
                continue;
            };
            let is_there = alt == origin.alt && !origin.is_missing;
            if (only_approved && !item.review.approved) || is_there {
                continue;
            }
            if item.is_simulated() {
                simulated += 1;
            } else {
                texts.push((origin.as_ref().clone().as_read(item.content_hash), alt));
            }
        }
        WritableInDocuments {
            texts: DocumentTexts::by_document(texts),
            simulated,
        }
    }

    fn count_writable(&self, into: WriteInto, only_approved: bool) -> (Count, usize) {
        match into {
            WriteInto::Images(_) => {
                let writable = self.writable(only_approved);
                let count = Count {
                    files: writable.texts.len(),
                    texts: None,
                    differing: writable.differing,
                };
                (count, writable.simulated)
            }
            WriteInto::Documents(_) => {
                let WritableInDocuments { texts, simulated } =
                    self.writable_in_documents(only_approved);
                let count = Count {
                    files: texts.len(),
                    texts: Some(texts.iter().map(DocumentTexts::len).sum()),
                    differing: 0,
                };
                (count, simulated)
            }
        }
    }
}

/// How much would be written.
#[derive(Clone, Copy)]
struct Count {
    files: usize,
    /// Where a file takes more than one.
    texts: Option<usize>,
    /// Files with another text further down the list.
    differing: usize,
}

impl Count {
    fn in_words(self) -> String {
        let number = |count: usize, one: &str, many: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{} {many}", thousands(count as u64)),
        };
        match self.texts {
            None => number(self.files, "file", "files"),
            Some(texts) => format!(
                "{} in {}",
                number(texts, "text", "texts"),
                number(self.files, "document", "documents")
            ),
        }
    }
}

/// The question before files are written.
pub struct WritingDialog {
    into: WriteInto,
    only_approved: bool,
    approved: Count,
    all: Count,
    simulated: usize,
}

impl WritingDialog {
    /// Asks about the texts of a job. Those that are approved are offered first, where any is.
    pub fn new(job: &OpenJob, into: WriteInto) -> Self {
        let (all, simulated) = job.count_writable(into, false);
        let (approved, _) = job.count_writable(into, true);
        Self {
            into,
            only_approved: approved.files > 0,
            approved,
            all,
            simulated,
        }
    }

    /// Draws it; true when it is over.
    pub fn ui(&mut self, ui: &mut Ui, commands: &mut Commands) -> bool {
        let (title, consequence) = match self.into {
            WriteInto::Documents(MetadataPlace::Copy | MetadataPlace::Sidecar) => (
                "Write alt text into copies of the documents?",
                "A copy of each document is made beside it, with the new texts; the originals stay as they are.",
            ),
            WriteInto::Documents(MetadataPlace::InPlace) => (
                "Write alt text into the documents themselves?",
                "The documents are changed: the texts replace those that they have for these images, and nothing \
                 else. This cannot be taken back.",
            ),
            WriteInto::Images(MetadataPlace::Copy) => (
                "Write alt text into copies?",
                "A copy of each file is made beside it; the originals stay as they are.",
            ),
            WriteInto::Images(MetadataPlace::InPlace) => (
                "Write alt text into the files themselves?",
                "The originals are changed: the text replaces what their metadata had in its place, and texts in other \
                 languages stay. This cannot be taken back.",
            ),
            WriteInto::Images(MetadataPlace::Sidecar) => (
                "Write alt text into .xmp files?",
                "A file is made beside each picture; the pictures stay as they are.",
            ),
        };
        let mut over = false;
        let closed = dialog(ui, title, WIDTH, |ui| {
            ui.add(Label::new(consequence).wrap());
            ui.add_space(space::S);
            let approved = format!("Approved texts alone: {}", self.approved.in_words());
            let all = format!("All texts: {}", self.all.in_words());
            ui.add_enabled_ui(self.approved.files > 0, |ui| {
                ui.radio_value(&mut self.only_approved, true, approved);
            });
            ui.radio_value(&mut self.only_approved, false, all);
            let count = if self.only_approved {
                self.approved
            } else {
                self.all
            };
            let differing = count.differing;
            if differing > 0 {
                let words = match differing {
                    1 => "1 file stands in the list with different texts; the first of them is written".to_owned(),
                    count => format!(
                        "{} files stand in the list with different texts; the first of each is written",
                        thousands(count as u64)
                    ),
                };
                ui.add(Label::new(theme::small(words).color(palette(ui).warning)).wrap());
            }
            if self.simulated > 0 {
                let words = format!(
                    "{} simulated, and never written into a file",
                    thousands(self.simulated as u64)
                );
                ui.label(theme::small(words).color(palette(ui).text_secondary));
            }
            ui.add_space(space::M);
            ui.horizontal(|ui| {
                at_the_end(ui, "write or not", |ui| {
                    over = secondary_button(ui, icons::CLOSE, "Cancel").clicked();
                    let label = format!("Write {}", count.in_words());
                    if primary_button(ui, count.files > 0, icons::SAVE, &label).clicked() {
                        commands.push(Command::AltText(AltTextCommand::WriteTexts {
                            into: self.into,
                            only_approved: self.only_approved,
                        }));
                        over = true;
                    }
                });
            });
        });
        over || closed
    }
}
