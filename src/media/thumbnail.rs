//! What is shown of a picture, opened without anything else of it. Knows nothing of requests.

use std::path::Path;

use super::decode::decode;
use super::fit::thumbnail;
use super::read::{file_name, image_format, read};
use super::{Limits, MediaError, Thumbnail};

/// Opens what is shown of a picture, and nothing else of it.
///
/// # Errors
/// Each [`MediaError`] names the file and the reason.
pub fn open_thumbnail(path: &Path, limits: &Limits) -> Result<Thumbnail, MediaError> {
    let name = file_name(path);
    open_thumbnail_bytes(&name, &read(path, &name, limits)?, limits)
}

/// Opens what is shown of a picture from its bytes, and nothing else of it.
///
/// # Errors
/// Each [`MediaError`] names the file and the reason.
pub fn open_thumbnail_bytes(
    name: &str,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Thumbnail, MediaError> {
    let format = image_format(name, bytes)?;
    let decoded = decode(name, bytes, format, limits.thumbnail_side, limits)?;
    Ok(thumbnail(decoded.image, limits))
}
