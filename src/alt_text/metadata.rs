//! Alt text written into pictures, or beside them. It blocks.

use std::path::{Path, PathBuf};

use crate::media::xmp::{self, Descriptions};

/// What is appended to the name of a copy with metadata.
const COPY_SUFFIX: &str = "-alt";

/// The largest picture whose metadata is looked for, in bytes: all of it is read.
const LARGEST_READ: u64 = 64 * 1024 * 1024;

/// Where a text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetadataPlace {
    /// Into a copy beside the picture.
    Copy,
    /// Into the picture itself.
    InPlace,
    /// Into a file of its own, for what a picture's format has no room for.
    Sidecar,
}

/// What is written; what is none leaves what is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// `Iptc4xmpCore:AltTextAccessibility`.
    pub alt_text: Option<String>,
    /// `Iptc4xmpCore:ExtDescrAccessibility`.
    pub long_description: Option<String>,
}

/// Whether a picture is a copy that was made here: the picture it is of stands beside it.
#[must_use]
pub fn is_copy(path: &Path) -> bool {
    let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()) else {
        return false;
    };
    stem.strip_suffix(COPY_SUFFIX).is_some_and(|original| {
        let original = path.with_file_name(original);
        // Not `with_extension`, which would take `b.c` for `b` with an extension.
        with_ending(&original, path).is_file()
    })
}

/// A path with the extension of another appended.
fn with_ending(path: &Path, of: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    if let Some(extension) = of.extension() {
        name.push(".");
        name.push(extension);
    }
    name.into()
}

/// The texts that a picture has already, in it or in the file beside it, which counts more; nothing of what cannot
/// be read. Of several languages the one that is asked for, else the one for everybody, else the first.
#[must_use]
pub fn read_metadata(picture: &Path, language: Option<&str>) -> Texts {
    let in_it = || {
        let is_small = std::fs::metadata(picture).ok()?.len() <= LARGEST_READ;
        let bytes = is_small.then(|| std::fs::read(picture).ok())??;
        xmp::extract(&bytes).ok()
    };
    let beside_it = || {
        let packet = std::fs::read_to_string(sidecar_of(picture)).ok()?;
        xmp::read_packet(&packet).ok()
    };
    let in_it: Descriptions = in_it().unwrap_or_default();
    let beside_it: Descriptions = beside_it().unwrap_or_default();
    let text = |texts: Option<xmp::Languages>| {
        let texts = texts?;
        let of = |tag: &str| texts.iter().find(|(of, _)| of.eq_ignore_ascii_case(tag));
        let chosen = language.and_then(of);
        let chosen = chosen.or_else(|| of(xmp::DEFAULT_LANGUAGE));
        let (_, text) = chosen.or(texts.first())?;
        (!text.trim().is_empty()).then(|| text.trim().to_owned())
    };
    Texts {
        alt_text: text(beside_it.alt_text).or_else(|| text(in_it.alt_text)),
        long_description: text(beside_it.extended).or_else(|| text(in_it.extended)),
    }
}

fn sidecar_of(picture: &Path) -> PathBuf {
    let mut name = picture.as_os_str().to_owned();
    name.push(".xmp");
    name.into()
}

/// Writes texts into or beside a picture; gives the file it went into.
///
/// # Errors
/// In words: what could not be written, and that the picture is as it was.
pub fn write_metadata(
    picture: &Path,
    place: MetadataPlace,
    language: Option<&str>,
    texts: &Texts,
) -> Result<PathBuf, String> {
    let tag = language.filter(|language| is_language_tag(language));
    let in_languages = |text: &String| {
        let default = Some(xmp::DEFAULT_LANGUAGE).into_iter();
        default
            .chain(tag)
            .map(|tag| (tag.to_owned(), text.clone()))
            .collect()
    };
    let descriptions = Descriptions {
        alt_text: texts.alt_text.as_ref().map(in_languages),
        extended: texts.long_description.as_ref().map(in_languages),
    };
    let (target, result) = match place {
        MetadataPlace::InPlace => (
            picture.to_owned(),
            xmp::write(picture, picture, &descriptions),
        ),
        MetadataPlace::Copy => {
            let target = copy_of(picture);
            // It may be a picture of the person's own.
            if target.exists() {
                return Err(format!(
                    "{} is there already and was left alone; move it away and try again",
                    target.display()
                ));
            }
            let result = xmp::write(picture, &target, &descriptions);
            (target, result)
        }
        MetadataPlace::Sidecar => {
            let target = sidecar_of(picture);
            let result = xmp::write_sidecar(picture, &target, &descriptions);
            (target, result)
        }
    };
    match result {
        Ok(()) => Ok(target),
        Err(error) => Err(format!(
            "The text was not written into {}: {error}; the file is as it was",
            target.display()
        )),
    }
}

/// The copy of a file that texts are written into, beside it.
pub(super) fn copy_of(picture: &Path) -> PathBuf {
    let mut name = picture.file_stem().unwrap_or_default().to_owned();
    name.push(COPY_SUFFIX);
    with_ending(&picture.with_file_name(name), picture)
}

/// `de` and `pt-BR` are tags, `German` is a name.
fn is_language_tag(language: &str) -> bool {
    let mut parts = language.split('-');
    let first = parts.next().unwrap_or_default();
    matches!(first.len(), 2 | 3)
        && first.chars().all(|c| c.is_ascii_alphabetic())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_names_of_languages_are_told_apart() {
        for (language, is_tag) in [
            ("de", true),
            ("pt-BR", true),
            ("German", false),
            ("", false),
            ("de DE", false),
        ] {
            assert_eq!(is_language_tag(language), is_tag, "{language}");
        }
    }

    #[test]
    fn a_copy_stands_beside_its_picture() {
        assert_eq!(copy_of(Path::new("a/b.c.jpg")), Path::new("a/b.c-alt.jpg"));
        assert_eq!(copy_of(Path::new("b")), Path::new("b-alt"));
    }
}
