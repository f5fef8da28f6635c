//! Why a file cannot be taken in. Each names the file and the reason; [`MediaError::advice`] says
//! what to do.

use std::io;

use crate::chat::Failure;

/// A file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// There is no such file.
    #[error("{name} does not exist")]
    Missing {
        /// The file.
        name: String,
    },
    /// The file may not be read.
    #[error("{name} may not be read: permission denied")]
    Forbidden {
        /// The file.
        name: String,
    },
    /// A folder instead of a file.
    #[error("{name} is a folder")]
    Folder {
        /// The folder.
        name: String,
    },
    /// A device, a pipe or the like.
    #[error("{name} is not a regular file")]
    Irregular {
        /// The file.
        name: String,
    },
    /// Nothing in it.
    #[error("{name} is empty (0 bytes)")]
    Empty {
        /// The file.
        name: String,
    },
    /// More bytes than are read at all.
    #[error("{name} is too large: {megabytes} MB, at most {limit} MB are read")]
    FileTooLarge {
        /// The file.
        name: String,
        /// Its size.
        megabytes: u64,
        /// The limit.
        limit: u64,
    },
    /// A document of more bytes than the API takes.
    #[error("{name} is too large: {}, at most {} are taken", tenths(*size), tenths(*limit))]
    DocumentTooLarge {
        /// The file.
        name: String,
        /// Its size, in bytes.
        size: usize,
        /// The limit, in bytes.
        limit: usize,
    },
    /// A video of more bytes than a request takes.
    #[error("{name} is too large to be sent: {}, at most {} are taken", tenths(*size), tenths(*limit))]
    VideoTooLarge {
        /// The file.
        name: String,
        /// Its size, in bytes.
        size: usize,
        /// The limit, in bytes.
        limit: usize,
    },
    /// Neither an image nor a document.
    #[error("{name} is neither an image nor a document ({found})")]
    NeitherImageNorDocument {
        /// The file.
        name: String,
        /// What it is instead.
        found: &'static str,
    },
    /// Reading failed.
    #[error("{name} could not be read: {source}")]
    Unreadable {
        /// The file.
        name: String,
        /// What the system said.
        source: io::Error,
    },
    /// No image, by its content.
    #[error("{name} is not an image ({found})")]
    NotAnImage {
        /// The file.
        name: String,
        /// What it is instead.
        found: &'static str,
    },
    /// An image in a format that cannot be decoded here.
    #[error("{name} is an image in {format}, which is not supported")]
    Unsupported {
        /// The file.
        name: String,
        /// The format.
        format: &'static str,
    },
    /// An image in a known format, of a rare form that cannot be decoded here.
    #[error("{name} is a {format} of a form that is not supported: {reason}")]
    UnsupportedForm {
        /// The file.
        name: String,
        /// The format.
        format: &'static str,
        /// What the decoder said.
        reason: String,
    },
    /// More pixels than memory may hold.
    #[error(
        "{name} is too large: {width} × {height} pixels would take {megabytes} MB of memory, at most {limit} MB are allowed"
    )]
    TooManyPixels {
        /// The file.
        name: String,
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// What decoding would take.
        megabytes: u64,
        /// The limit.
        limit: u64,
    },
    /// The end is missing.
    #[error("{name} is cut off: the end of the image is missing")]
    CutOff {
        /// The file.
        name: String,
    },
    /// Not a valid image.
    #[error("{name} is damaged: {reason}")]
    Damaged {
        /// The file.
        name: String,
        /// What the decoder said.
        reason: String,
    },
    /// No way to make it small enough.
    #[error("{name} could not be made smaller than {limit} bytes")]
    CannotFit {
        /// The file.
        name: String,
        /// The limit.
        limit: usize,
    },
}

/// Megabytes to a tenth, a rest counted as a whole tenth: 4,500,001 bytes are more than 4.5 MB.
fn tenths(bytes: usize) -> String {
    let tenths = bytes.div_ceil(100_000);
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

impl MediaError {
    /// What to do, in a sentence.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "Check that it was not moved or renamed",
            Self::Forbidden { .. } => {
                "Change the file's permissions, or copy it to a folder of yours"
            }
            Self::Folder { .. } => "Open the folder and drop the images themselves",
            Self::Irregular { .. } => "Copy its content into a file first",
            Self::Empty { .. } => "The download or copy may have failed; get the file again",
            Self::FileTooLarge { .. } | Self::TooManyPixels { .. } | Self::CannotFit { .. } => {
                "Export a smaller version of the image"
            }
            Self::DocumentTooLarge { .. } => "Split it, or leave out what the model need not read",
            Self::VideoTooLarge { .. } => "Put it into S3 and attach its address instead",
            Self::NeitherImageNorDocument { .. } => {
                "Images, PDF, Word, Excel, CSV, HTML, Markdown and text can be used"
            }
            Self::Unreadable { .. } => "Try again, or copy the file to a local disk first",
            Self::NotAnImage { .. } => {
                "Images in PNG, JPEG, GIF, WebP, AVIF, HEIC, TIFF, BMP or SVG can be used"
            }
            Self::Unsupported { .. } | Self::UnsupportedForm { .. } => {
                "Save it as PNG, JPEG or WebP first"
            }
            Self::CutOff { .. } => "The download or copy stopped early; get the file again",
            Self::Damaged { .. } => "Open it in an image editor and save it again",
        }
    }

    /// A short name for scripts, in the manner of the service's error codes.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "FileNotFound",
            Self::Forbidden { .. } => "FilePermissionDenied",
            Self::Folder { .. } => "FileIsFolder",
            Self::Irregular { .. } => "FileNotRegular",
            Self::Empty { .. } => "FileEmpty",
            Self::FileTooLarge { .. } => "FileTooLarge",
            Self::DocumentTooLarge { .. } => "DocumentTooLarge",
            Self::VideoTooLarge { .. } => "VideoTooLarge",
            Self::NeitherImageNorDocument { .. } => "FileTypeUnsupported",
            Self::Unreadable { .. } => "FileUnreadable",
            Self::NotAnImage { .. } => "NotAnImage",
            Self::Unsupported { .. } | Self::UnsupportedForm { .. } => "ImageFormatUnsupported",
            Self::TooManyPixels { .. } | Self::CannotFit { .. } => "ImageTooLarge",
            Self::CutOff { .. } => "ImageCutOff",
            Self::Damaged { .. } => "ImageDamaged",
        }
    }
}

impl From<MediaError> for Failure {
    fn from(error: MediaError) -> Self {
        Self::local(error.code(), error.to_string(), error.advice())
    }
}
