//! Images where they stand: in web pages, Markdown, documents and presentations of Office and `OpenDocument`, books and
//! PDFs. What each says of its images already, what stands around them, and the same file with other alt texts in it.
//!
//! Bytes in, bytes out: what a person did not ask to be changed stays as it is, byte for byte where the format is
//! text. Files come from anywhere, so nothing here may panic, hang or take memory without bounds. It must not know
//! the network, models, jobs or a window.

mod book;
mod drawing;
mod edits;
mod error;
mod flow;
mod html;
mod markdown;
mod opendocument;
mod package;
mod pdf;
mod rewrite;
mod slides;
mod word;
mod xml;

use std::path::Path;

pub use error::FiguresError;
pub use markdown::escaped as escaped_markdown;
pub use package::Package;

/// What kind of file images stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// HTML or XHTML.
    Html,
    /// `CommonMark`, with HTML in it.
    Markdown,
    /// Word (`.docx`).
    Word,
    /// `PowerPoint` (`.pptx`).
    Slides,
    /// EPUB.
    Book,
    /// A text document of `OpenDocument` (`.odt`).
    OpenDocumentText,
    /// A presentation of `OpenDocument` (`.odp`).
    OpenDocumentSlides,
    /// PDF, whose tags say what its figures are.
    Pdf,
}

/// A file with images in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// What it calls itself.
    pub title: Option<String>,
    /// The tag of its language, such as `pt-BR`.
    pub language: Option<String>,
    /// What relative addresses begin from, where it says so (`<base href>`).
    pub base: Option<String>,
    /// Whether alt texts can be written into it; a PDF needs tags for that.
    pub takes_texts: bool,
    /// Its images, in the order in which they are read.
    pub figures: Vec<Figure>,
}

impl Default for Document {
    fn default() -> Self {
        Self {
            title: None,
            language: None,
            base: None,
            takes_texts: true,
            figures: Vec::new(),
        }
    }
}

/// An image at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Where its bytes are.
    pub image: ImageSource,
    /// What is said of it already.
    pub alt: AltText,
    /// Whether the document can say that it only decorates.
    pub can_be_decorative: bool,
    /// What stands around it.
    pub surroundings: Surroundings,
}

/// Where the bytes of an image are.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ImageSource {
    /// At an address, as the document has it: relative, absolute, or `data:` with the bytes in it.
    Address(String),
    /// In a part of the document itself.
    Part(String),
}

/// The alt text of a figure.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AltText {
    /// None was given.
    #[default]
    Missing,
    /// It is said to only decorate.
    Decorative,
    /// A text, which is not blank.
    Text(String),
}

/// What stands around a figure, each without line breaks and not longer than a model needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The slide or chapter, such as "Slide 3".
    pub division: Option<String>,
    /// The heading it stands under.
    pub heading: Option<String>,
    /// Its caption.
    pub caption: Option<String>,
    /// Where it leads when it is a link that holds nothing else: the address, or the text beside it.
    pub link: Option<String>,
    /// The text before it.
    pub before: Option<String>,
    /// The text after it.
    pub after: Option<String>,
}

/// A text for a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The place among the figures.
    pub figure: usize,
    /// The image that stood there when the document was read.
    pub image: ImageSource,
    /// What it says from now on; never [`AltText::Missing`].
    pub alt: AltText,
}

/// Finds the images of a document. Blocks: for a worker thread.
///
/// # Errors
/// When the file is not of that kind, or too large.
pub fn read(kind: Kind, bytes: &[u8]) -> Result<Document, FiguresError> {
    match kind {
        Kind::Html => html::read(bytes, html::Syntax::of_page(bytes)),
        Kind::Markdown => markdown::read(bytes),
        Kind::Word => word::read(bytes),
        Kind::Slides => slides::read(bytes),
        Kind::Book => book::read(bytes),
        Kind::OpenDocumentText | Kind::OpenDocumentSlides => opendocument::read(kind, bytes),
        Kind::Pdf => pdf::read(bytes),
    }
}

/// The same document with other alt texts; a figure that is not named keeps what it has. Blocks: for a worker
/// thread.
///
/// # Errors
/// When the file is not of that kind, or is another one than when its images were read.
pub fn write(kind: Kind, bytes: &[u8], changes: &[Change]) -> Result<Vec<u8>, FiguresError> {
    match kind {
        Kind::Html => html::write(bytes, html::Syntax::of_page(bytes), changes),
        Kind::Markdown => markdown::write(bytes, changes),
        Kind::Word => word::write(bytes, changes),
        Kind::Slides => slides::write(bytes, changes),
        Kind::Book => book::write(bytes, changes),
        Kind::OpenDocumentText | Kind::OpenDocumentSlides => {
            opendocument::write(kind, bytes, changes)
        }
        Kind::Pdf => pdf::write(bytes, changes),
    }
}

/// Whether somebody has signed a document, which every change breaks. Blocks: for a worker thread.
///
/// # Errors
/// When the file is not of that kind, or too large.
pub fn is_signed(kind: Kind, bytes: &[u8]) -> Result<bool, FiguresError> {
    match kind {
        Kind::Html | Kind::Markdown => Ok(false),
        Kind::Pdf => pdf::is_signed(bytes),
        kind => Ok(Package::open(kind, bytes)?.is_signed()),
    }
}

/// A document that is open for the images in it.
pub enum Images {
    /// Parts of a package.
    Package(Package<Vec<u8>>),
    /// Figures of a PDF.
    Pdf(Box<pdf::Pictures>),
}

impl Images {
    /// Opens a document that [holds its images](Kind::holds_its_images). Blocks: for a worker thread.
    ///
    /// # Errors
    /// When the file is not of that kind, too large, or protected by a password.
    pub fn open(kind: Kind, bytes: Vec<u8>) -> Result<Self, FiguresError> {
        match kind {
            Kind::Pdf => Ok(Self::Pdf(Box::new(pdf::Pictures::open(&bytes)?))),
            kind => Ok(Self::Package(Package::open(kind, bytes)?)),
        }
    }

    /// The bytes of an image in it. Blocks: for a worker thread.
    ///
    /// # Errors
    /// When it is not there, damaged or too large.
    pub fn image(&mut self, part: &str) -> Result<Vec<u8>, FiguresError> {
        match self {
            Self::Package(package) => package.image(part),
            Self::Pdf(pictures) => pictures.image(part),
        }
    }
}

impl Change {
    /// That the image it is for does not stand at its place any more.
    fn refused(&self) -> FiguresError {
        FiguresError::Changed {
            figure: self.figure + 1,
        }
    }
}

impl Kind {
    /// The kind that a file's name promises; `None` for what holds no figures.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        Some(match extension.as_str() {
            "html" | "htm" | "xhtml" => Self::Html,
            "md" | "markdown" => Self::Markdown,
            "docx" | "docm" | "dotx" => Self::Word,
            "pptx" | "pptm" | "ppsx" => Self::Slides,
            "epub" => Self::Book,
            "odt" | "ott" => Self::OpenDocumentText,
            "odp" | "otp" => Self::OpenDocumentSlides,
            "pdf" => Self::Pdf,
            _ => return None,
        })
    }

    /// Whether its images are in it, and not at addresses.
    #[must_use]
    pub fn holds_its_images(self) -> bool {
        matches!(
            self,
            Self::Word
                | Self::Slides
                | Self::Book
                | Self::OpenDocumentText
                | Self::OpenDocumentSlides
                | Self::Pdf
        )
    }

    /// What people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Html => "web page",
            Self::Markdown => "Markdown file",
            Self::Word => "Word document",
            Self::Slides => "presentation",
            Self::Book => "book",
            Self::OpenDocumentText => "OpenDocument text",
            Self::OpenDocumentSlides => "OpenDocument presentation",
            Self::Pdf => "PDF",
        }
    }
}

impl AltText {
    /// What an attribute says: `None` where it is missing.
    #[must_use]
    pub fn of_attribute(value: Option<&str>) -> Self {
        match value.map(str::trim) {
            None => Self::Missing,
            Some("") => Self::Decorative,
            Some(text) => Self::Text(text.to_owned()),
        }
    }
}
