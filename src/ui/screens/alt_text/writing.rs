//! Writing texts into pictures or beside them: which, and a word of the person before any file is touched.

use std::path::PathBuf;

use egui::{Label, Ui};

use super::job::OpenJob;
use crate::alt_text::{Alt, MetadataPlace, Texts};
use crate::ui::command::AltTextCommand;
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
}

impl OpenJob {
    /// What may be written: what no model was asked for never is. Of all texts, or of those approved.
    pub fn writable(&self, only_approved: bool) -> Writable {
        let mut writable = Writable::default();
        for (_, item) in self.list.shown() {
            if only_approved && !item.review.approved {
                continue;
            }
            let mut texts = Texts::default();
            if let Some(Alt::Text(text)) = &item.review.alt
                && !text.trim().is_empty()
            {
                let simulated = !item.review.by_hand
                    && item.chosen().is_some_and(|suggestion| suggestion.simulated);
                writable.simulated += usize::from(simulated);
                texts.alt_text = (!simulated).then(|| text.clone());
            }
            if let Some(long) = &item.review.long_description {
                writable.simulated += usize::from(long.simulated);
                texts.long_description = (!long.simulated).then(|| long.text.clone());
            }
            if texts != Texts::default() {
                writable.texts.push((item.path.clone(), texts));
            }
        }
        writable
    }
}

/// The question before files are written.
pub struct WritingDialog {
    place: MetadataPlace,
    only_approved: bool,
    approved: usize,
    all: usize,
    simulated: usize,
}

impl WritingDialog {
    /// Asks about the texts of a job. Those that are approved are offered first, where any is.
    pub fn new(job: &OpenJob, place: MetadataPlace) -> Self {
        let all = job.writable(false);
        let approved = job.writable(true).texts.len();
        Self {
            place,
            only_approved: approved > 0,
            approved,
            all: all.texts.len(),
            simulated: all.simulated,
        }
    }

    /// Draws it; true when it is over.
    pub fn ui(&mut self, ui: &mut Ui, commands: &mut Commands) -> bool {
        let (title, consequence) = match self.place {
            MetadataPlace::Copy => (
                "Write alt text into copies?",
                "A copy of each file is made beside it; the originals stay as they are.",
            ),
            MetadataPlace::InPlace => (
                "Write alt text into the files themselves?",
                "The originals are changed: the text replaces what their metadata had in its place. This cannot \
                 be taken back.",
            ),
            MetadataPlace::Sidecar => (
                "Write alt text into .xmp files?",
                "A file is made beside each picture; the pictures stay as they are.",
            ),
        };
        let mut over = false;
        let closed = dialog(ui, title, WIDTH, |ui| {
            ui.add(Label::new(consequence).wrap());
            ui.add_space(space::S);
            let files = |count: usize| match count {
                1 => "1 file".to_owned(),
                count => format!("{} files", thousands(count as u64)),
            };
            let approved = format!("Approved texts alone: {}", files(self.approved));
            let all = format!("All texts: {}", files(self.all));
            ui.add_enabled_ui(self.approved > 0, |ui| {
                ui.radio_value(&mut self.only_approved, true, approved);
            });
            ui.radio_value(&mut self.only_approved, false, all);
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
                    let count = if self.only_approved {
                        self.approved
                    } else {
                        self.all
                    };
                    over = secondary_button(ui, icons::CLOSE, "Cancel").clicked();
                    let label = format!("Write {}", files(count));
                    if primary_button(ui, count > 0, icons::SAVE, &label).clicked() {
                        commands.push(Command::AltText(AltTextCommand::WriteTexts {
                            place: self.place,
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
