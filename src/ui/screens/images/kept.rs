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
