//! Documents as a source of images, and as what texts are written back into: each image once, with what the document
//! says of it and what stands around it.
//!
//! What a document holds is [`figures`](crate::figures)' to know; here it becomes pictures of a list.

mod fetch;
mod leftovers;
mod places;
mod take;
mod write;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use self::fetch::take_out;
pub use self::leftovers::Leftovers;
pub use self::take::{Addition, TakenOut};
pub use self::write::{DocumentTexts, WrittenDocument, write_document};
use super::checks::{Checker, Problem};
use crate::figures::{self, AltText, ImageSource, Kind, Surroundings};
use crate::media;

/// The folder, in the data folder, of images that stand in documents and have no file of their own.
pub const TAKEN_OUT: &str = "from documents";

/// The largest document that is read, in bytes.
const LARGEST: u64 = 512 * 1024 * 1024;

/// Where a document is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DocumentPlace {
    /// In a file.
    File(PathBuf),
    /// On the web, at this address.
    Page(String),
}

/// Where an image of a list stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Origin {
    /// The document.
    pub document: DocumentPlace,
    /// What the document calls the image: its address or its part.
    pub image: String,
    /// Its places among the figures of the document.
    pub figures: Vec<usize>,
    /// What the document says of it: a text where any of its places has one.
    pub alt: AltText,
    /// Whether one of its places has no alt text.
    #[serde(default)]
    pub is_missing: bool,
    /// The slide or chapter where it stands first.
    #[serde(default)]
    pub division: Option<String>,
    /// The beginning of the digest of its bytes, where they are in the document or a file beside it; none before they
    /// were read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// A document with its images, before any of them is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundDocument {
    /// Where it is.
    pub place: DocumentPlace,
    /// What kind of file it is.
    pub kind: Kind,
    /// Whether texts can be written into it.
    pub takes_texts: bool,
    /// Each image once.
    pub images: Vec<FoundImage>,
    /// What relative addresses begin from, where it says so.
    base: Option<String>,
}

/// An image of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundImage {
    /// Where it stands.
    pub origin: Origin,
    /// What stands around it, in words.
    pub context: Option<String>,
    /// What is wrong with the text that the document has.
    pub problems: Vec<Problem>,
    source: ImageSource,
}

impl DocumentPlace {
    /// The file's name, or the page's address.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => {
                let name = path.file_name().unwrap_or(path.as_os_str());
                name.to_string_lossy().into_owned()
            }
            Self::Page(address) => address.clone(),
        }
    }
}

impl Origin {
    /// The text that the document has, which is not blank.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.alt {
            AltText::Text(text) => Some(text),
            AltText::Missing | AltText::Decorative => None,
        }
    }

    /// Whether the document names the image by an address, which others can follow too.
    #[must_use]
    pub fn is_at_an_address(&self) -> bool {
        let is_text = match &self.document {
            DocumentPlace::File(path) => {
                matches!(Kind::of_path(path), Some(Kind::Html | Kind::Markdown))
            }
            DocumentPlace::Page(_) => true,
        };
        is_text && !self.image.starts_with("data:")
    }

    /// Whether the image is a file beside the document, and not in it or on the web.
    #[must_use]
    pub fn is_own_file(&self) -> bool {
        let is_on_the_web = self.image.contains("://") || self.image.starts_with("//");
        matches!(self.document, DocumentPlace::File(_)) && self.is_at_an_address() && !is_on_the_web
    }

    /// The same of an image that was read: a file beside the document may be another picture later.
    #[must_use]
    pub fn as_read(mut self, content_hash: Option<[u8; 32]>) -> Self {
        if self.is_own_file() {
            self.digest = content_hash.map(|hash| digest(&hash)).or(self.digest);
        }
        self
    }

    /// Where it stands, for people.
    #[must_use]
    pub fn in_words(&self) -> String {
        let document = self.document.name();
        let place = match &self.division {
            Some(division) => format!("{division} of {document}"),
            None => document,
        };
        match self.figures.len() {
            0 | 1 => place,
            times => format!("{place}, {times} times"),
        }
    }
}

impl FoundDocument {
    /// Finds the images of a file. Blocks: for a worker thread.
    ///
    /// # Errors
    /// In words: which file cannot be used, and why.
    pub fn read(path: &Path) -> Result<Self, String> {
        let kind = Kind::of_path(path)
            .ok_or_else(|| format!("{} is no document with images", path.display()))?;
        let bytes = bytes_of(path).map_err(|error| format!("{} {error}", path.display()))?;
        Self::of_bytes(DocumentPlace::File(path.to_owned()), kind, &bytes)
    }

    /// Finds the images of a page of the web. Blocks: for a worker thread.
    ///
    /// # Errors
    /// In words: which page cannot be used, and why.
    pub fn of_page(address: String, bytes: &[u8]) -> Result<Self, String> {
        Self::of_bytes(DocumentPlace::Page(address), Kind::Html, bytes)
    }

    fn of_bytes(place: DocumentPlace, kind: Kind, bytes: &[u8]) -> Result<Self, String> {
        let document = figures::read(kind, bytes)
            .map_err(|error| format!("{} cannot be used: {error}", place.name()))?;
        let title = document.title.as_deref();
        let mut images: Vec<FoundImage> = Vec::new();
        let mut checker = Checker::default();
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (at, figure) in document.figures.into_iter().enumerate() {
            let image = name_of(&figure.image);
            if let Some(first) = seen.get(&image) {
                let origin = &mut images[*first].origin;
                origin.figures.push(at);
                origin.is_missing |= figure.alt == AltText::Missing;
                // A text anywhere is worth more than a mark, and a mark than nothing.
                if origin.text().is_none() && figure.alt != AltText::Missing {
                    origin.alt = figure.alt;
                }
                continue;
            }
            seen.insert(image.clone(), images.len());
            images.push(FoundImage {
                context: in_words(kind, title, &figure.surroundings),
                problems: Vec::new(),
                origin: Origin {
                    document: place.clone(),
                    image,
                    figures: vec![at],
                    is_missing: figure.alt == AltText::Missing,
                    alt: figure.alt,
                    division: figure.surroundings.division,
                    digest: None,
                },
                source: figure.image,
            });
        }
        for (at, image) in images.iter_mut().enumerate() {
            if let Some(text) = image.origin.text() {
                // Of another digest each: they are other images.
                let mut hash = [0; 32];
                hash[..8].copy_from_slice(&(at as u64).to_be_bytes());
                let name = image.origin.image.rsplit('/').next().unwrap_or_default();
                image.problems = checker.check(name, hash, text);
            }
        }
        Ok(Self {
            place,
            kind,
            takes_texts: document.takes_texts,
            images,
            base: document.base,
        })
    }

    /// How many of its images are on the web.
    #[must_use]
    pub fn on_the_web(&self) -> usize {
        let on_the_web = |image: &&FoundImage| self.web_address(image).is_some();
        self.images.iter().filter(on_the_web).count()
    }
}

/// All of a document, within bounds.
fn bytes_of(path: &Path) -> Result<Vec<u8>, String> {
    let metadata = std::fs::metadata(path).map_err(|error| format!("cannot be read: {error}"))?;
    if metadata.len() > LARGEST {
        return Err(format!(
            "is too large: {} MB, at most {} MB are read",
            metadata.len() / 1_000_000,
            LARGEST / 1_000_000
        ));
    }
    std::fs::read(path).map_err(|error| format!("cannot be read: {error}"))
}

/// What an image is called in a list. An image whose bytes stand in its address would be as long as they are.
fn name_of(image: &ImageSource) -> String {
    match image {
        ImageSource::Address(address) if address.starts_with("data:") => {
            format!("data:{}", digest(&media::content_hash(address.as_bytes())))
        }
        ImageSource::Address(name) | ImageSource::Part(name) => name.clone(),
    }
}

/// The beginning of a digest, long enough to tell images apart.
fn digest(hash: &[u8; 32]) -> String {
    let (beginning, _) = hash.split_at(8);
    beginning.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        write!(hex, "{byte:02x}").ok();
        hex
    })
}

/// What stands around an image, as a model is told.
fn in_words(kind: Kind, title: Option<&str>, around: &Surroundings) -> Option<String> {
    let mut parts = Vec::new();
    if let Some(title) = title {
        parts.push(format!("It stands in the {} “{title}”", kind.label()));
    }
    let quoted = [
        ("Place", &around.division),
        ("Heading", &around.heading),
        ("Caption", &around.caption),
        ("It is a link to", &around.link),
        ("Text before it", &around.before),
        ("Text after it", &around.after),
    ];
    for (name, words) in quoted {
        if let Some(words) = words {
            parts.push(format!("{name}: “{words}”"));
        }
    }
    (!parts.is_empty()).then(|| parts.join(". "))
}
