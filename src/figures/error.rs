//! Why a file with images in it cannot be read or written.

/// A document that cannot be used; the caller names the file.
#[derive(Debug, thiserror::Error)]
pub enum FiguresError {
    /// It is not what its name says.
    #[error("it is no {expected}: {reason}")]
    NotThat {
        /// Such as "Word document".
        expected: &'static str,
        /// Why.
        reason: String,
    },
    /// More than is read.
    #[error("it is too large: {what} of {megabytes} MB, at most {limit} MB are read")]
    TooLarge {
        /// The part, or "a file".
        what: String,
        /// Its size.
        megabytes: u64,
        /// The limit.
        limit: u64,
    },
    /// An image that is not in its package.
    #[error("{part} is not in it")]
    MissingPart {
        /// The image's part.
        part: String,
    },
    /// A part that cannot be unpacked or understood.
    #[error("{part} in it is damaged: {reason}")]
    Damaged {
        /// The part.
        part: String,
        /// Why.
        reason: String,
    },
    /// A figure of which no picture can be made.
    #[error("{figure} in it cannot be shown: {reason}")]
    Unseen {
        /// Such as "page 3 figure 7".
        figure: String,
        /// Why.
        reason: String,
    },
    /// What Office wrote before 2007.
    #[error("it is in the format of Office before 2007: save it as .docx or .pptx")]
    OldFormat,
    /// A PDF whose figures are not told from the rest.
    #[error(
        "it has no tags, which alt texts belong to: export it anew as a tagged, accessible PDF"
    )]
    Untagged,
    /// It has a password, or a shop's protection against copying.
    #[error("it is encrypted, by a password or against copying")]
    Encrypted,
    /// It was changed after it was read.
    #[error("it was changed since its images were read: image {figure} is another one now")]
    Changed {
        /// The image, from 1.
        figure: usize,
    },
    /// A place in it that cannot be written to.
    #[error("image {figure} has no room for a text: {reason}")]
    NoRoom {
        /// The image, from 1.
        figure: usize,
        /// Why.
        reason: &'static str,
    },
}
