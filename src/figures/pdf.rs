//! Figures of a PDF: those of its tags (ISO 32000-1, 14.7 and 14.8) in their order, else its photographs. Texts of tagged
//! ones are appended to the file as an update: all that was there stays, byte for byte.

mod drawn;
mod picture;
mod strings;
mod syntax;
mod tags;
mod untagged;
mod update;

use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_interpret::hayro_syntax::{LoadPdfError, Pdf};

use super::flow::{Flow, Role, Spot, one_line};
use super::{AltText, Change, Document, Figure, FiguresError, ImageSource, Kind, Surroundings};
use drawn::{Drawn, Marking};
use tags::{Mark, Step, Tags};

/// Pages of an untagged PDF that are looked at.
const MOST_PAGES: usize = 5_000;

/// A PDF that is open for its pictures. What a page draws is kept until a picture of another page is asked for.
pub struct Pictures {
    pdf: Pdf,
    tags: Tags,
    marking: Marking,
    page: Option<(usize, Drawn)>,
}

/// Finds the figures.
pub(super) fn read(bytes: &[u8]) -> Result<Document, FiguresError> {
    guarded(|| {
        let pdf = open(bytes)?;
        // Its tags can be read, but what is written would have to be encrypted too.
        if update::is_encrypted(bytes) {
            return Err(FiguresError::Encrypted);
        }
        let (tags, drawn, marking) = if let Some(tags) = Tags::read(&pdf)? {
            let drawn = drawn_pages(&pdf, tags.pages_around_figures(), Marking::Tagged);
            (tags, drawn, Marking::Tagged)
        } else {
            let drawn = untagged_pages(&pdf);
            (untagged::tags(&drawn), drawn, Marking::Untagged)
        };
        let (mut flow, spots) = flow_of(&tags, &drawn);
        let mut document = Document {
            title: pdf
                .metadata()
                .title
                .as_deref()
                .and_then(|title| one_line(&strings::decoded(title))),
            language: tags::language(&pdf),
            takes_texts: marking == Marking::Tagged,
            ..Document::default()
        };
        for (figure, spot) in tags.figures.iter().zip(spots) {
            let around = flow.surroundings(spot);
            let caption = text_of(&figure.caption, &drawn);
            document.figures.push(Figure {
                image: figure.image(),
                alt: figure.alt.clone(),
                can_be_decorative: false,
                surroundings: Surroundings {
                    division: figure.page().map(|page| format!("Page {}", page + 1)),
                    caption: one_line(&caption).or(around.caption),
                    link: figure.link.as_deref().and_then(one_line),
                    ..around
                },
            });
        }
        Ok(document)
    })
}

/// Writes texts.
pub(super) fn write(bytes: &[u8], changes: &[Change]) -> Result<Vec<u8>, FiguresError> {
    guarded(|| {
        let pdf = open(bytes)?;
        if changes.is_empty() {
            return Ok(bytes.to_vec());
        }
        let tags = Tags::read(&pdf)?.ok_or(FiguresError::Untagged)?;
        let mut texts = Vec::new();
        for change in changes {
            let figure = change.figure;
            let tagged = tags
                .figures
                .get(figure)
                .filter(|tagged| tagged.image() == change.image)
                .ok_or_else(|| change.refused())?;
            let no_room = |reason| FiguresError::NoRoom {
                figure: figure + 1,
                reason,
            };
            if tagged.alt == change.alt {
                continue;
            }
            let text = match &change.alt {
                AltText::Text(text) => text,
                AltText::Missing => continue,
                AltText::Decorative => {
                    return Err(no_room(
                        "what only decorates a PDF is marked in its pages, which are not rewritten",
                    ));
                }
            };
            let element = tagged
                .element
                .ok_or_else(|| no_room("its tag is no object of its own"))?;
            texts.push((element, text.as_str()));
        }
        if texts.is_empty() {
            return Ok(bytes.to_vec());
        }
        let written = update::with_alt_texts(bytes, &pdf, &texts)?;
        check(&written, &tags, changes)?;
        Ok(written)
    })
}

/// Whether somebody has signed it, which every change breaks.
pub(super) fn is_signed(bytes: &[u8]) -> Result<bool, FiguresError> {
    guarded(|| Ok(tags::is_signed(&open(bytes)?)))
}

impl Pictures {
    /// Opens a PDF.
    pub(super) fn open(bytes: &[u8]) -> Result<Self, FiguresError> {
        guarded(|| {
            let pdf = open(bytes)?;
            let (tags, marking) = match Tags::read(&pdf)? {
                Some(tags) => (tags, Marking::Tagged),
                None => (untagged::tags(&untagged_pages(&pdf)), Marking::Untagged),
            };
            Ok(Self {
                pdf,
                tags,
                marking,
                page: None,
            })
        })
    }

    /// What is seen of a figure: the photograph itself where it is nothing but one, else the part of the page.
    pub(super) fn image(&mut self, part: &str) -> Result<Vec<u8>, FiguresError> {
        let unseen = |reason: &str| FiguresError::Unseen {
            figure: part.rsplit('/').next().unwrap_or(part).to_owned(),
            reason: reason.to_owned(),
        };
        let mut figures = self.tags.figures.iter();
        let Some(figure) = figures.find(|figure| figure.name == part) else {
            return Err(FiguresError::MissingPart {
                part: part.to_owned(),
            });
        };
        let number = figure
            .page()
            .ok_or_else(|| unseen("its tag says nothing of a page"))?;
        guarded(|| {
            let pages = self.pdf.pages();
            let page = pages
                .get(number)
                .ok_or_else(|| unseen("its page is gone"))?;
            if self.page.as_ref().is_none_or(|(kept, _)| *kept != number) {
                self.page = Some((number, Drawn::of(page, self.marking)));
            }
            let Some((_, drawn)) = &self.page else {
                return Err(unseen("its page is gone"));
            };
            picture::of(page, figure, number, drawn, self.marking).map_err(|reason| unseen(&reason))
        })
    }
}

fn open(bytes: &[u8]) -> Result<Pdf, FiguresError> {
    Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(_) => FiguresError::Encrypted,
        LoadPdfError::Invalid => FiguresError::NotThat {
            expected: Kind::Pdf.label(),
            reason: "its objects cannot be found".to_owned(),
        },
    })
}

/// Files come from anywhere: what the library gives up on is a file that cannot be used.
fn guarded<T>(work: impl FnOnce() -> Result<T, FiguresError>) -> Result<T, FiguresError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        Err(FiguresError::NotThat {
            expected: Kind::Pdf.label(),
            reason: format!("it cannot be understood ({})", said(panic.as_ref())),
        })
    })
}

fn said(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("for no known reason")
}

/// What some pages draw.
fn drawn_pages(
    pdf: &Pdf,
    numbers: impl IntoIterator<Item = usize>,
    marking: Marking,
) -> BTreeMap<usize, Drawn> {
    let pages = pdf.pages();
    let drawn = |number| Some((number, Drawn::of(pages.get(number)?, marking)));
    numbers.into_iter().filter_map(drawn).collect()
}

fn untagged_pages(pdf: &Pdf) -> BTreeMap<usize, Drawn> {
    let count = pdf.pages().len().min(MOST_PAGES);
    drawn_pages(pdf, 0..count, Marking::Untagged)
}

fn text_of(marks: &[Mark], drawn: &BTreeMap<usize, Drawn>) -> String {
    let texts = marks
        .iter()
        .filter_map(|mark| drawn.get(&mark.page)?.text(mark.id));
    texts.collect()
}

/// The text as it is read, and where in it each figure stands.
fn flow_of(tags: &Tags, drawn: &BTreeMap<usize, Drawn>) -> (Flow, Vec<Spot>) {
    let mut flow = Flow::default();
    let mut spots = Vec::with_capacity(tags.figures.len());
    for step in &tags.steps {
        match step {
            Step::Begin(role) => flow.begin(*role),
            Step::Text(mark) => {
                if let Some(text) = drawn.get(&mark.page).and_then(|page| page.text(mark.id)) {
                    flow.push(text);
                }
            }
            Step::Figure => spots.push(flow.picture()),
        }
    }
    flow.begin(Role::Text);
    (flow, spots)
}

/// An update that does not say what it should, or anything else, is not given away.
fn check(written: &[u8], before: &Tags, changes: &[Change]) -> Result<(), FiguresError> {
    let after = Tags::read(&open(written)?)?.unwrap_or_default();
    let wished: HashMap<usize, &AltText> = changes
        .iter()
        .filter(|change| change.alt != AltText::Missing)
        .map(|change| (change.figure, &change.alt))
        .collect();
    let says = |at: usize| after.figures.get(at).map(|figure| &figure.alt);
    let all_right = after.figures.len() == before.figures.len()
        && (0..before.figures.len()).all(|at| {
            let wished = wished.get(&at).copied();
            says(at) == Some(wished.unwrap_or(&before.figures[at].alt))
        });
    if all_right {
        return Ok(());
    }
    Err(FiguresError::NotThat {
        expected: Kind::Pdf.label(),
        reason: "its objects are not where they are said to be; save it anew in the program that made it"
            .to_owned(),
    })
}

impl tags::Tagged {
    fn image(&self) -> ImageSource {
        ImageSource::Part(self.name.clone())
    }
}
