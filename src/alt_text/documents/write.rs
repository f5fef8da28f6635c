//! Texts written back into documents. It blocks.

use std::collections::HashMap;
use std::path::PathBuf;

use super::{DocumentPlace, Origin, bytes_of, name_of};
use crate::alt_text::metadata::{MetadataPlace, copy_of};
use crate::figures::{self, AltText, Change, Kind};
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

/// Writes texts into a document or a copy beside it; gives the file they went into.
///
/// # Errors
/// In words: what could not be written, and that the document is as it was.
pub fn write_document(texts: &DocumentTexts, place: MetadataPlace) -> Result<PathBuf, String> {
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
    let mut changes = Vec::new();
    for (origin, alt) in &texts.texts {
        for figure in &origin.figures {
            let there = now.figures.get(*figure);
            let Some(there) = there.filter(|there| name_of(&there.image) == origin.image) else {
                return Err(failed(
                    &"its images are others than when it was added; add it again",
                ));
            };
            changes.push(Change {
                figure: *figure,
                image: there.image.clone(),
                alt: alt.clone(),
            });
        }
    }
    let written = figures::write(kind, &bytes, &changes).map_err(|error| failed(&error))?;
    files::replace_own(&target, &written).map_err(|error| failed(&error))?;
    Ok(target)
}
