//! Alt text inside a picture file, where CMSs and photo archives look for it: the XMP properties
//! `Iptc4xmpCore:AltTextAccessibility` and `ExtDescrAccessibility` (IPTC Photo Metadata 2021.1), in
//! JPEG, PNG and WebP, or in a sidecar.
//!
//! Not a pixel changes, and all other metadata stays. Must not know who writes the text.

mod container;
mod packet;

use std::fs;
use std::io;
use std::path::Path;

use crate::files;

pub use container::{embed, extract};
pub use packet::{read as read_packet, update as update_packet};

/// The language of a text for everyone whose own is not there.
pub const DEFAULT_LANGUAGE: &str = "x-default";

/// One text in several languages: BCP 47 tag (or [`DEFAULT_LANGUAGE`]) and text.
pub type Languages = Vec<(String, String)>;

/// What a picture says to those who cannot see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Descriptions {
    /// The alt text. Writing: `None` leaves what is there, an empty list removes it, and languages that are not in the
    /// list stay.
    pub alt_text: Option<Languages>,
    /// The long description; the same rule.
    pub extended: Option<Languages>,
}

/// Why descriptions could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum XmpError {
    /// A format that holds no XMP, or none that is known here.
    #[error("only JPEG, PNG and WebP can hold alt text")]
    Format,
    /// The file cannot be taken apart; it is left alone.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// The XMP that is there cannot be understood; it is left alone.
    #[error("the XMP metadata in it cannot be read: {0}")]
    Packet(String),
    /// More than a JPEG segment holds.
    #[error("the metadata would take {size} bytes, and JPEG holds at most {limit}")]
    TooLong {
        /// Bytes of the whole packet.
        size: usize,
        /// The limit.
        limit: usize,
    },
    /// Reading or writing failed.
    #[error("it could not be written: {0}")]
    Io(#[from] io::Error),
}

/// Writes descriptions into a copy of a picture, or into the picture itself when both paths are the
/// same. The target is replaced in one step: it is either what it was or whole.
///
/// # Errors
/// See [`XmpError`]; the target is as it was then.
pub fn write(source: &Path, target: &Path, descriptions: &Descriptions) -> Result<(), XmpError> {
    let bytes = embed(&fs::read(source)?, descriptions)?;
    let permissions = fs::metadata(source)?.permissions();
    Ok(files::replace(target, &bytes, Some(permissions))?)
}

/// Writes descriptions into a sidecar of a picture; what else the sidecar says stays.
///
/// # Errors
/// See [`XmpError`]; the sidecar is as it was then.
pub fn write_sidecar(
    picture: &Path,
    sidecar: &Path,
    descriptions: &Descriptions,
) -> Result<(), XmpError> {
    let before = match fs::read_to_string(sidecar) {
        Ok(packet) => Some(packet),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error.into()),
    };
    let packet = update_packet(before.as_deref(), descriptions)?;
    let permissions = fs::metadata(picture)?.permissions();
    Ok(files::replace(
        sidecar,
        packet.as_bytes(),
        Some(permissions),
    )?)
}
