//! What was found in folders and documents, and which of it a person wants in the list.

use std::path::PathBuf;

use egui::{Label, Ui};

use crate::alt_text::{DocumentPlace, FoundDocument, FoundImage};
use crate::figures::AltText;
use crate::ui::command::AltTextCommand;
use crate::ui::icons;
use crate::ui::numbers::thousands;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{modal, primary_button, secondary_button};
use crate::ui::{Command, Commands};

const WIDTH: f32 = 540.0;

/// Documents and remarks that are named; of more only the count is told.
const NAMED: usize = 5;

/// What was found and waits for a word of the person.
#[derive(Debug)]
pub struct Offer {
    files: Vec<PathBuf>,
    documents: Vec<FoundDocument>,
    /// Files that are neither.
    others: usize,
    /// What could not be looked at, in words.
    remarks: Vec<String>,
    counts: Counts,
    /// The documents that are named: each with what is in it, in words.
    named: Vec<(String, String)>,
    /// Images that documents in files have from the web.
    on_the_web: usize,
    /// Of the images of documents, by [`Sort`].
    wanted: [bool; Sort::ALL.len()],
}

/// Images of documents, by what is said of them there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Missing,
    Objected,
    Sound,
    Decorative,
}

impl Sort {
    const ALL: [Self; 4] = [Self::Missing, Self::Objected, Self::Sound, Self::Decorative];

    fn of(image: &FoundImage) -> Self {
        match image.origin.alt {
            _ if image.origin.is_missing => Self::Missing,
            AltText::Missing => Self::Missing,
            AltText::Decorative => Self::Decorative,
            AltText::Text(_) if image.problems.is_empty() => Self::Sound,
            AltText::Text(_) => Self::Objected,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Missing => "Without alt text",
            Self::Objected => "With an alt text that has something wrong with it",
            Self::Sound => "With another alt text",
            Self::Decorative => "Marked as decorative",
        }
    }

    /// What a person sees who wonders what that is.
    fn hint(self) -> &'static str {
        match self {
            Self::Missing => "A screen reader says nothing of them, or their file's name",
            Self::Objected => "Such as a file's name, “image of”, or the same text for two images",
            Self::Sound => "To be looked at, or asked about anew",
            Self::Decorative => "A screen reader leaves them out",
        }
    }
}

/// How many images there are of each sort.
#[derive(Clone, Copy, Debug, Default)]
struct Counts([usize; Sort::ALL.len()]);

impl Counts {
    fn of<'a>(documents: impl IntoIterator<Item = &'a FoundDocument>) -> Self {
        let mut counts = Self::default();
        for image in documents.into_iter().flat_map(|document| &document.images) {
            counts.0[Sort::of(image) as usize] += 1;
        }
        counts
    }

    fn all(self) -> usize {
        self.0.iter().sum()
    }

    fn of_sort(self, sort: Sort) -> usize {
        self.0[sort as usize]
    }
}

impl Offer {
    /// Offers what was found. Where every image of the documents has a text, those are offered first.
    pub fn new(
        files: Vec<PathBuf>,
        documents: Vec<FoundDocument>,
        others: usize,
        remarks: Vec<String>,
    ) -> Self {
        let counts = Counts::of(&documents);
        let wanting = counts.of_sort(Sort::Missing) + counts.of_sort(Sort::Objected);
        let in_files = |document: &&FoundDocument| matches!(document.place, DocumentPlace::File(_));
        Self {
            counts,
            named: documents
                .iter()
                .take(NAMED)
                .map(|document| (document.place.name(), of_document(document)))
                .collect(),
            on_the_web: documents
                .iter()
                .filter(in_files)
                .map(FoundDocument::on_the_web)
                .sum(),
            wanted: [true, true, wanting == 0, false],
            files,
            documents,
            others,
            remarks,
        }
    }

    fn count(&self) -> usize {
        let wanted = self.counts.0.iter().zip(self.wanted);
        let of_documents: usize = wanted
            .filter(|(_, wanted)| *wanted)
            .map(|(count, _)| count)
            .sum();
        self.files.len() + of_documents
    }

    /// Draws it; true when it is over.
    pub fn ui(&mut self, ui: &mut Ui, commands: &mut Commands) -> bool {
        let mut answer = None;
        let closed = modal(ui, "add found images", WIDTH, 20, |ui| {
            answer = self.content(ui);
        });
        if answer == Some(true) {
            self.take(commands);
        }
        closed || answer.is_some()
    }

    fn take(&mut self, commands: &mut Commands) {
        let files = std::mem::take(&mut self.files);
        if !files.is_empty() {
            commands.push(Command::AltText(AltTextCommand::Add(files)));
        }
        let mut documents = std::mem::take(&mut self.documents);
        for document in &mut documents {
            let wanted = self.wanted;
            document
                .images
                .retain(|image| wanted[Sort::of(image) as usize]);
        }
        documents.retain(|document| !document.images.is_empty());
        if !documents.is_empty() {
            commands.push(Command::AltText(AltTextCommand::TakeOut(documents)));
        }
    }

    fn content(&mut self, ui: &mut Ui) -> Option<bool> {
        let palette = palette(ui);
        let small = |words: String| theme::small(words).color(palette.text_secondary);
        let counts = self.counts;
        let title = match self.files.len() + counts.all() {
            0 => "No images were found".to_owned(),
            1 => "1 image was found".to_owned(),
            count => format!("{} images were found", thousands(count as u64)),
        };
        ui.label(theme::h2(title).color(palette.heading));
        for (name, words) in &self.named {
            ui.horizontal_top(|ui| {
                icons::paint(
                    ui,
                    icons::DOCUMENT,
                    theme::size::ICON,
                    palette.text_secondary,
                );
                ui.vertical(|ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    ui.add(Label::new(theme::strong(name)).truncate());
                    ui.label(small(words.clone()));
                });
            });
        }
        if let Some(more) = more(self.documents.len()) {
            ui.label(small(format!("and {more} more documents")));
        }
        if counts.all() > 0 {
            self.choice(ui, counts);
        }
        if self.on_the_web > 0 {
            ui.label(small(format!(
                "{} of them are on the web, and are fetched from there",
                thousands(self.on_the_web as u64)
            )));
        }
        if self.others > 0 {
            let others = thousands(self.others as u64);
            ui.label(small(format!("{others} other files are left out")));
        }
        for remark in self.remarks.iter().take(NAMED) {
            ui.add(Label::new(theme::small(remark).color(palette.warning)).wrap());
        }
        if let Some(more) = more(self.remarks.len()) {
            let more = format!("and {more} more of that kind");
            ui.label(theme::small(more).color(palette.warning));
        }
        ui.add_space(space::M);
        let count = self.count();
        let label = match count {
            _ if self.documents.is_empty() => "Add them".to_owned(),
            1 => "Add 1 image".to_owned(),
            count => format!("Add {} images", thousands(count as u64)),
        };
        let mut answer = None;
        ui.horizontal(|ui| {
            if primary_button(ui, count > 0, icons::ADD, &label).clicked() {
                answer = Some(true);
            }
            if secondary_button(ui, icons::CLOSE, "Cancel").clicked() {
                answer = Some(false);
            }
        });
        answer
    }

    fn choice(&mut self, ui: &mut Ui, counts: Counts) {
        ui.add_space(space::S);
        for (sort, wanted) in Sort::ALL.into_iter().zip(&mut self.wanted) {
            let count = counts.of_sort(sort);
            if count > 0 {
                let label = format!("{}: {}", sort.label(), thousands(count as u64));
                ui.checkbox(wanted, label).on_hover_text(sort.hint());
            }
        }
    }
}

fn more(count: usize) -> Option<String> {
    count
        .checked_sub(NAMED)
        .filter(|more| *more > 0)
        .map(|more| thousands(more as u64))
}

fn of_document(document: &FoundDocument) -> String {
    let counts = Counts::of([document]);
    let all = counts.all();
    let images = if all == 1 { "image" } else { "images" };
    let mut parts = vec![format!("{} {images}", thousands(all as u64))];
    let told = [
        (Sort::Missing, "without alt text"),
        (Sort::Objected, "with a poor one"),
    ];
    for (sort, words) in told {
        match counts.of_sort(sort) {
            0 => {}
            count if count == all => parts.push(format!("all {words}")),
            count => parts.push(format!("{} {words}", thousands(count as u64))),
        }
    }
    let words = parts.join(", ");
    if document.takes_texts {
        return words;
    }
    format!("{words}; it has no tags, so texts go into tables alone")
}
