//! A gallery's pictures as they are kept: a record that names the picture's file, and the file beside
//! it. The first form, with the picture in the record itself, is still read.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::gallery::Shown;
use crate::images::{Draft, Parameters, Picture};
use crate::pricing::Usd;
use crate::store::{Part, PartFile};

/// A picture in a record.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Kept {
    /// In a file beside.
    File {
        name: String,
        width: u32,
        height: u32,
        /// The file's name.
        file: String,
    },
    /// In the record: the first form, and what has no bytes any more.
    Inline(Picture),
}

/// A picture that was made.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeptShown {
    picture: Kept,
    parameters: Parameters,
    #[serde(default)]
    cost: Option<Usd>,
    #[serde(default)]
    latency_ms: Option<u64>,
    #[serde(default)]
    removed: bool,
}

/// The pictures that come in.
#[derive(Serialize, Deserialize)]
struct KeptInputs {
    pictures: Vec<Kept>,
    mask: Option<Kept>,
    style: Option<Kept>,
}

/// A part being written.
#[derive(Default)]
struct Writing {
    files: Vec<PartFile>,
}

impl Writing {
    fn keep(&mut self, picture: &Picture) -> Kept {
        if picture.bytes.is_empty() {
            return Kept::Inline(picture.clone());
        }
        let is_png = picture.bytes.starts_with(b"\x89PNG");
        let media_type = if is_png { "image/png" } else { "image/jpeg" };
        let file = PartFile::new(picture.bytes.clone(), media_type);
        let name = file.name();
        self.files.push(file);
        Kept::File {
            name: picture.name.clone(),
            width: picture.width,
            height: picture.height,
            file: name,
        }
    }
}

/// A part being read.
struct Reading<'a> {
    files: &'a [PartFile],
    /// Whether something of it is in the first form.
    is_first_form: bool,
}

impl Reading<'_> {
    /// The picture; without bytes when its file is gone.
    fn open(&mut self, kept: Kept) -> Picture {
        let (name, width, height, file) = match kept {
            Kept::Inline(picture) => {
                self.is_first_form |= !picture.bytes.is_empty();
                return picture;
            }
            Kept::File {
                name,
                width,
                height,
                file,
            } => (name, width, height, file),
        };
        let found = self.files.iter().find(|kept| kept.name() == file);
        Picture {
            name,
            width,
            height,
            bytes: found.map_or_else(|| Arc::from([]), |found| Arc::clone(found.bytes())),
        }
    }
}

/// A picture that was made, as a part at a place. Takes time: for a worker thread.
///
/// # Errors
/// When it has no form in JSON.
pub(super) fn shown_to_part(place: usize, shown: &Shown) -> Result<Part, serde_json::Error> {
    let mut writing = Writing::default();
    let kept = KeptShown {
        picture: writing.keep(&shown.picture),
        parameters: shown.parameters.clone(),
        cost: shown.cost,
        latency_ms: shown.latency_ms,
        removed: shown.removed,
    };
    let draft = &shown.parameters.draft;
    let text = if shown.removed {
        String::new()
    } else {
        format!("{}\n{}", draft.prompt, draft.negative)
    };
    Ok(Part {
        place,
        record: serde_json::to_string(&kept)?,
        text,
        files: writing.files,
    })
}

/// A picture that was made, and whether its record would be another one now.
///
/// # Errors
/// When the record is not this program's.
pub(super) fn shown_of_part(part: &Part) -> Result<(Shown, bool), serde_json::Error> {
    let mut reading = Reading {
        files: &part.files,
        is_first_form: false,
    };
    let kept: KeptShown = serde_json::from_str(&part.record)?;
    let mut picture = reading.open(kept.picture);
    let mut is_stale = reading.is_first_form;
    if kept.removed && !picture.bytes.is_empty() {
        // It is brought back only as long as its gallery is open; then nobody needs its file.
        picture.bytes = Arc::from([]);
        is_stale = true;
    }
    let shown = Shown {
        picture,
        parameters: kept.parameters,
        cost: kept.cost,
        latency_ms: kept.latency_ms,
        removed: kept.removed,
        call: None,
    };
    Ok((shown, is_stale))
}

/// The pictures that come in, as a part at a place. Takes time: for a worker thread.
///
/// # Errors
/// When they have no form in JSON.
pub(super) fn inputs_to_part(place: usize, draft: &Draft) -> Result<Part, serde_json::Error> {
    let mut writing = Writing::default();
    let kept = KeptInputs {
        pictures: draft.pictures.iter().map(|one| writing.keep(one)).collect(),
        mask: draft.mask.as_ref().map(|one| writing.keep(one)),
        style: draft.style_picture.as_ref().map(|one| writing.keep(one)),
    };
    Ok(Part {
        place,
        record: serde_json::to_string(&kept)?,
        text: String::new(),
        files: writing.files,
    })
}

/// Puts the pictures that come in into a draft, and says whether the record is of the first form.
/// Those whose files are gone are left out.
///
/// # Errors
/// When the record is not this program's.
pub(super) fn inputs_of_part(part: &Part, draft: &mut Draft) -> Result<bool, serde_json::Error> {
    let mut reading = Reading {
        files: &part.files,
        is_first_form: false,
    };
    let kept: KeptInputs = serde_json::from_str(&part.record)?;
    let mut open = |kept| Some(reading.open(kept)).filter(|picture| !picture.bytes.is_empty());
    draft.pictures = kept.pictures.into_iter().filter_map(&mut open).collect();
    draft.mask = kept.mask.and_then(&mut open);
    draft.style_picture = kept.style.and_then(&mut open);
    Ok(reading.is_first_form)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(name: &str, bytes: &[u8]) -> Picture {
        Picture {
            name: name.into(),
            width: 4,
            height: 3,
            bytes: bytes.into(),
        }
    }

    fn shown(removed: bool) -> Shown {
        Shown {
            picture: picture("fox.png", b"\x89PNG fox"),
            parameters: Parameters {
                draft: Draft {
                    prompt: "A fox".to_owned(),
                    ..Draft::default()
                },
                simulated: true,
            },
            cost: None,
            latency_ms: Some(7),
            removed,
            call: None,
        }
    }

    #[test]
    fn pictures_that_come_in_are_files_and_come_back() {
        let draft = Draft {
            pictures: vec![
                picture("a.png", b"\x89PNG a"),
                picture("b.jpg", b"\xff\xd8"),
            ],
            mask: Some(picture("mask.png", b"\x89PNG a")),
            ..Draft::default()
        };
        let part = inputs_to_part(0, &draft).unwrap();
        // The mask has the bytes of the first: the record names one file twice.
        assert_eq!(part.files[0], part.files[2]);
        assert!(!part.record.contains("bytes"), "{}", part.record);
        let mut back = Draft::default();
        assert!(!inputs_of_part(&part, &mut back).unwrap());
        assert_eq!(back, draft);
        // One whose file is gone is left out.
        let without = Part {
            files: vec![part.files[0].clone()],
            ..part
        };
        inputs_of_part(&without, &mut back).unwrap();
        assert_eq!(back.pictures, draft.pictures[..1]);
        assert_eq!(back.mask, draft.mask);
    }

    #[test]
    fn what_was_taken_out_needs_its_file_no_more_when_it_is_opened_again() {
        let part = shown_to_part(1, &shown(true)).unwrap();
        assert_eq!((part.files.len(), part.text.as_str()), (1, ""));
        let (open, is_stale) = shown_of_part(&part).unwrap();
        assert!(open.removed && is_stale && open.picture.bytes.is_empty());
        let part = shown_to_part(1, &open).unwrap();
        assert!(part.files.is_empty());
        let (_, is_stale) = shown_of_part(&part).unwrap();
        assert!(!is_stale, "now it is as it should be");
    }

    #[test]
    fn a_picture_whose_file_is_gone_keeps_its_place_and_its_words() {
        let part = shown_to_part(1, &shown(false)).unwrap();
        let without = Part {
            files: Vec::new(),
            ..part
        };
        let (open, is_stale) = shown_of_part(&without).unwrap();
        assert!(open.picture.bytes.is_empty() && !is_stale);
        assert_eq!(open.parameters.draft.prompt, "A fox");
        assert_eq!((open.picture.width, open.latency_ms), (4, Some(7)));
    }
}
