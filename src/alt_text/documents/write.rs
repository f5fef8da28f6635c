//! Texts written back into documents. It blocks.

use std::collections::HashMap;
use std::path::PathBuf;

use super::places::{Places, SameImage};
use super::{DocumentPlace, Origin, bytes_of};
use crate::alt_text::metadata::{MetadataPlace, copy_of};
use crate::figures::{self, AltText, Change, Figure, Kind};
use crate::files;

/// The texts for the images of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentTexts {
    /// The document's file.
    pub document: PathBuf,
    texts: Vec<(Origin, AltText)>,
}

impl DocumentTexts {
    /// Texts by document, in the order in which the documents come first; those of pages of the web are left out, as
    /// nothing can be written there.
    pub fn by_document(texts: impl IntoIterator<Item = (Origin, AltText)>) -> Vec<Self> {
        let mut documents: Vec<Self> = Vec::new();
        let mut places: HashMap<PathBuf, usize> = HashMap::new();
        for (origin, alt) in texts {
            let DocumentPlace::File(document) = &origin.document else {
                continue;
            };
            let place = *places.entry(document.clone()).or_insert_with(|| {
                documents.push(Self {
                    document: document.clone(),
                    texts: Vec::new(),
                });
                documents.len() - 1
            });
            documents[place].texts.push((origin, alt));
        }
        documents
    }

    /// How many images get a text.
    #[must_use]
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}

/// What was written into a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenDocument {
    /// The document, or the copy beside it.
    pub file: PathBuf,
    /// What it says now of these images, by what it calls them.
    pub texts: Vec<(String, AltText)>,
    /// Images that only decorate, which the document cannot say of them.
    pub left_out: usize,
    /// Images that are not in the document any more, or are others by now.
    pub gone: usize,
}

impl WrittenDocument {
    /// What is to be known beside that it was written.
    #[must_use]
    pub fn remark(&self) -> Option<String> {
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        let left_out = (self.left_out > 0).then(|| {
            let images = match self.left_out {
                1 => "1 image that only decorates".to_owned(),
                count => format!("{count} images that only decorate"),
            };
            format!("{images} could not be marked as such in {name}")
        });
        let gone = (self.gone > 0).then(|| {
            let images = match self.gone {
                1 => "1 image".to_owned(),
                count => format!("{count} images"),
            };
            format!("{images} got no text in {name}: no longer there, or another picture by now")
        });
        let remarks: Vec<_> = left_out.into_iter().chain(gone).collect();
        (!remarks.is_empty()).then(|| remarks.join("; "))
    }
}

/// Writes texts into a document or a copy beside it.
///
/// # Errors
/// In words: what could not be written, and that the document is as it was.
pub fn write_document(
    texts: &DocumentTexts,
    place: MetadataPlace,
) -> Result<WrittenDocument, String> {
    let document = &texts.document;
    let failed = |reason: &dyn std::fmt::Display| {
        format!(
            "No text was written into {}: {reason}; the file is as it was",
            document.display()
        )
    };
    let kind = Kind::of_path(document).ok_or_else(|| failed(&"it holds no images"))?;
    let target = match place {
        MetadataPlace::InPlace => document.clone(),
        MetadataPlace::Copy | MetadataPlace::Sidecar => {
            let target = copy_of(document);
            // It may be a file of the person's own.
            if target.exists() {
                return Err(format!(
                    "{} is there already and was left alone; move it away and try again",
                    target.display()
                ));
            }
            target
        }
    };
    let bytes = bytes_of(document).map_err(|error| failed(&format!("it {error}")))?;
    if place == MetadataPlace::InPlace
        && figures::is_signed(kind, &bytes).map_err(|error| failed(&error))?
    {
        return Err(failed(
            &"it is signed, which any change breaks; write into a copy",
        ));
    }
    let now = figures::read(kind, &bytes).map_err(|error| failed(&error))?;
    let origins: Vec<&Origin> = texts.texts.iter().map(|(origin, _)| origin).collect();
    let places = Places::new(document, kind, &now)
        .map_err(|error| failed(&error))?
        .of(&origins)
        .map_err(|SameImage| {
            failed(&"two images of the list are the same image of it; remove one of them")
        })?;
    let mut changes = Vec::new();
    let mut left_out = 0;
    let mut gone = 0;
    let mut said = Vec::new();
    for ((origin, alt), places) in texts.texts.iter().zip(places) {
        let figures: Vec<_> = places
            .iter()
            .filter_map(|at| Some((*at, now.figures.get(*at)?)))
            .collect();
        if figures.is_empty() {
            gone += 1;
            continue;
        }
        if *alt == AltText::Decorative && !figures.iter().all(|(_, it)| can_be_decorative(it)) {
            left_out += 1;
            continue;
        }
        said.push((origin.image.clone(), alt.clone()));
        changes.extend(figures.into_iter().map(|(at, figure)| Change {
            figure: at,
            image: figure.image.clone(),
            alt: alt.clone(),
        }));
    }
    if changes.is_empty() && gone > 0 {
        return Err(failed(
            &"its images are others than when it was added; add it again",
        ));
    }
    if changes.is_empty() && left_out > 0 {
        return Err(failed(&format!(
            "its images that only decorate cannot be marked as such in a {}; mark them in the program that made it",
            kind.label()
        )));
    }
    let written = figures::write(kind, &bytes, &changes).map_err(|error| failed(&error))?;
    files::replace_own(&target, &written).map_err(|error| failed(&error))?;
    Ok(WrittenDocument {
        file: target,
        texts: said,
        left_out,
        gone,
    })
}

/// Whether it can say so, or does already.
fn can_be_decorative(figure: &Figure) -> bool {
    figure.can_be_decorative || figure.alt == AltText::Decorative
}
