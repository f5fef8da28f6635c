//! One picture with what models said of it and what a person made of that.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::alt_text::documents::{Addition, Origin};
use crate::alt_text::job::{Described, ImageResult};
use crate::alt_text::metadata::Texts;
use crate::alt_text::prompt::Alt;
use crate::catalog::ModelId;
use crate::chat::{Failure, Metrics, Usage};
use crate::pricing::{CostBreakdown, Usd};

/// A picture in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// The file.
    #[serde(with = "path")]
    pub path: PathBuf,
    /// What is true of this picture.
    #[serde(default)]
    pub context: Option<String>,
    /// Where it stands in a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Box<Origin>>,
    /// Pixels across and down, as the file says.
    #[serde(default)]
    pub pixel_size: Option<(u32, u32)>,
    /// SHA-256 of its bytes, once they were read.
    #[serde(default)]
    pub content_hash: Option<[u8; 32]>,
    /// How far it is.
    pub status: Status,
    /// What models said, the newest last.
    #[serde(default)]
    pub suggestions: Vec<Suggestion>,
    /// What a person made of it.
    pub review: Review,
}

/// How far a picture is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// Nobody was asked.
    Waiting,
    /// A model is being asked.
    Asked,
    /// It is in the batch job of this name.
    InBatch(String),
    /// There is a text, or it was said to need none.
    Done,
    /// There is none, and why.
    Failed(Box<Failure>),
}

/// What a person decides about a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Review {
    /// What is published; nothing yet when `None`.
    pub alt: Option<Alt>,
    /// Whether a person wrote it.
    pub by_hand: bool,
    /// Whether it may be published.
    pub approved: bool,
    /// Whether the picture is out of the list.
    pub removed: bool,
    /// What is said beyond the alt text, of a picture that a phrase cannot describe.
    pub long_description: Option<LongDescription>,
}

/// A long description.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LongDescription {
    /// The text.
    pub text: String,
    /// Whether it is as the embedded endpoint made it up.
    pub simulated: bool,
}

/// An answer of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Suggestion {
    /// What it said.
    pub alt: Alt,
    /// The model.
    pub model_id: ModelId,
    /// Why the model stopped, in the service's words.
    #[serde(default)]
    pub stop_reason: Option<String>,
    /// Tokens; none for a picture that was not asked for again.
    #[serde(default)]
    pub usage: Option<Usage>,
    /// Times.
    #[serde(default)]
    pub metrics: Metrics,
    /// What it cost; for a simulated answer what AWS would ask. `None` when it is not known.
    #[serde(default)]
    pub cost: Option<Usd>,
    /// What support asks for.
    #[serde(default)]
    pub request_id: Option<String>,
    /// Whether the embedded endpoint answered.
    pub simulated: bool,
}

impl From<Described> for Suggestion {
    fn from(described: Described) -> Self {
        Self {
            cost: described.cost.as_ref().and_then(CostBreakdown::total),
            alt: described.alt,
            model_id: described.model_id,
            stop_reason: described.stop_reason,
            usage: described.usage,
            metrics: described.metrics,
            request_id: described.request_id,
            simulated: described.simulated,
        }
    }
}

impl From<PathBuf> for Item {
    fn from(path: PathBuf) -> Self {
        Self::new(path)
    }
}

impl From<Addition> for Item {
    fn from(addition: Addition) -> Self {
        Self {
            context: addition.context,
            origin: addition.origin.map(Box::new),
            ..Self::new(addition.path)
        }
    }
}

impl Item {
    /// A picture that nobody was asked about.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self {
            path,
            context: None,
            origin: None,
            pixel_size: None,
            content_hash: None,
            status: Status::Waiting,
            suggestions: Vec::new(),
            review: Review::default(),
        }
    }

    /// What it has in the place of the texts asked for: in its document, else in its own file.
    #[must_use]
    pub fn texts_there(&self, in_file: Option<&Texts>) -> Texts {
        let mut there = in_file.cloned().unwrap_or_default();
        if let Some(text) = self.origin.as_ref().and_then(|origin| origin.text()) {
            there.alt_text = Some(text.to_owned());
        }
        there
    }

    /// Whether its file is a person's own, which a text may be written into; not one that was taken out of a document.
    #[must_use]
    pub fn is_own_file(&self) -> bool {
        self.origin
            .as_ref()
            .is_none_or(|origin| origin.is_own_file())
    }

    /// The file's name, without its folder.
    #[must_use]
    pub fn name(&self) -> &str {
        let name = self.path.file_name().unwrap_or(self.path.as_os_str());
        name.to_str().unwrap_or("A file with an unreadable name")
    }

    /// The text to be published; empty for a picture that only decorates.
    #[must_use]
    pub fn text(&self) -> &str {
        self.review.alt.as_ref().map_or("", Alt::text)
    }

    /// The answer that the text is, when nobody changed it.
    #[must_use]
    pub fn chosen(&self) -> Option<&Suggestion> {
        let alt = self.review.alt.as_ref()?;
        self.suggestions
            .iter()
            .rev()
            .find(|suggestion| suggestion.alt == *alt)
    }

    /// Whether the text is an answer that was made up.
    #[must_use]
    pub fn is_simulated(&self) -> bool {
        !self.review.by_hand && self.chosen().is_some_and(|chosen| chosen.simulated)
    }

    /// The answer that came last.
    #[must_use]
    pub fn latest(&self) -> Option<&Suggestion> {
        self.suggestions.last()
    }

    /// Whether the text is an answer that was cut off.
    pub(super) fn is_cut_off(&self) -> bool {
        self.chosen()
            .is_some_and(|chosen| chosen.stop_reason.as_deref() == Some("max_tokens"))
    }

    /// Whether nothing is said of it yet; a text that was emptied says nothing.
    #[must_use]
    pub fn is_without_text(&self) -> bool {
        match &self.review.alt {
            Some(Alt::Text(text)) => text.trim().is_empty(),
            Some(Alt::Decorative { .. }) => false,
            None => true,
        }
    }

    /// Whether no text came and nobody has written one since.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        matches!(self.status, Status::Failed(_)) && self.is_without_text()
    }

    /// Whether it is still to be asked about: nobody was, and no person wrote a text.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.status == Status::Waiting && self.is_without_text()
    }

    /// Whether an answer is on its way.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        matches!(self.status, Status::Asked | Status::InBatch(_))
    }

    /// How far it is when nobody is being asked.
    pub(super) fn status_without_run(&self) -> Status {
        if self.review.alt.is_some() {
            Status::Done
        } else {
            Status::Waiting
        }
    }

    pub(super) fn suggest(&mut self, suggestion: Suggestion) {
        self.status = Status::Done;
        // What a person wrote or approved is theirs.
        if !self.review.by_hand && !self.review.approved {
            self.review.alt = Some(suggestion.alt.clone());
        }
        self.suggestions.push(suggestion);
    }

    /// As a job reports it, with the text a person made of it; for files going out.
    #[must_use]
    pub fn result(&self, place: usize) -> Option<ImageResult> {
        // An empty text would say that the picture only decorates.
        let alt = self.review.alt.as_ref().filter(|_| !self.is_without_text());
        let outcome = match (alt, &self.status) {
            (Some(alt), _) => Ok(self.described(alt)),
            (None, Status::Failed(failure)) => Err(failure.clone()),
            (None, _) => return None,
        };
        Some(ImageResult {
            index: place,
            path: self.path.clone(),
            content_hash: self.content_hash,
            same_as: None,
            outcome,
        })
    }

    fn described(&self, alt: &Alt) -> Described {
        let from = self.chosen().or(self.latest());
        Described {
            alt: alt.clone(),
            model_id: from.map_or_else(|| ModelId::from(""), |from| from.model_id.clone()),
            stop_reason: from.and_then(|from| from.stop_reason.clone()),
            usage: from.and_then(|from| from.usage.clone()),
            metrics: from.map(|from| from.metrics).unwrap_or_default(),
            // The lines of the bill are known to the run that asked; the sum stays with the answer.
            cost: None,
            request_id: from.and_then(|from| from.request_id.clone()),
            // What a person wrote is nobody's simulation.
            simulated: !self.review.by_hand && from.is_some_and(|from| from.simulated),
        }
    }
}

/// Paths as text; the few that are none, as their bytes.
mod path {
    use std::ffi::OsString;
    use std::path::{Path, PathBuf};

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Form {
        Text(String),
        Bytes(Vec<u8>),
    }

    pub(super) fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
        match path.to_str() {
            Some(text) => Form::Text(text.to_owned()),
            None => Form::Bytes(path.as_os_str().as_encoded_bytes().to_owned()),
        }
        .serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(de: D) -> Result<PathBuf, D::Error> {
        Ok(match Form::deserialize(de)? {
            Form::Text(text) => PathBuf::from(text),
            Form::Bytes(bytes) => PathBuf::from(of_bytes(&bytes)),
        })
    }

    #[cfg(unix)]
    fn of_bytes(bytes: &[u8]) -> OsString {
        std::os::unix::ffi::OsStringExt::from_vec(bytes.to_owned())
    }

    #[cfg(not(unix))]
    fn of_bytes(bytes: &[u8]) -> OsString {
        String::from_utf8_lossy(bytes).into_owned().into()
    }
}
