//! What can be done with pictures, whatever the model.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a model is asked to do.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// A picture from words.
    #[default]
    TextToImage,
    /// A picture from words that keeps the layout of another.
    Conditioned,
    /// Another picture like one or several others.
    Variation,
    /// A picture changed as words say.
    ImageToImage,
    /// What lies under the mask is painted anew.
    Inpaint,
    /// What lies around the mask is painted anew, or the picture is carried on beyond its sides.
    Outpaint,
    /// A picture in given colours.
    ColorGuided,
    /// The background is made transparent.
    RemoveBackground,
    /// What lies under the mask goes.
    Erase,
    /// A thing is found by words and replaced.
    SearchReplace,
    /// A thing is found by words and gets another colour.
    SearchRecolor,
    /// More pixels.
    Upscale,
    /// A picture after a sketch.
    Sketch,
    /// A picture with the structure of another.
    Structure,
    /// A picture in the style of another.
    StyleGuide,
    /// A picture that gets the style of another.
    StyleTransfer,
}

impl Task {
    /// Every task.
    pub const ALL: [Self; 16] = [
        Self::TextToImage,
        Self::Conditioned,
        Self::Variation,
        Self::ImageToImage,
        Self::Inpaint,
        Self::Outpaint,
        Self::ColorGuided,
        Self::RemoveBackground,
        Self::Erase,
        Self::SearchReplace,
        Self::SearchRecolor,
        Self::Upscale,
        Self::Sketch,
        Self::Structure,
        Self::StyleGuide,
        Self::StyleTransfer,
    ];

    /// What people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::TextToImage => "Text to image",
            Self::Conditioned => "Text to image with a layout",
            Self::Variation => "Image variation",
            Self::ImageToImage => "Image to image",
            Self::Inpaint => "Inpaint",
            Self::Outpaint => "Outpaint",
            Self::ColorGuided => "Color-guided",
            Self::RemoveBackground => "Remove background",
            Self::Erase => "Erase object",
            Self::SearchReplace => "Search and replace",
            Self::SearchRecolor => "Search and recolor",
            Self::Upscale => "Upscale",
            Self::Sketch => "Sketch to image",
            Self::Structure => "Keep structure",
            Self::StyleGuide => "Style guide",
            Self::StyleTransfer => "Style transfer",
        }
    }

    /// Its name on the command line and in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::TextToImage => "text-to-image",
            Self::Conditioned => "conditioned",
            Self::Variation => "variation",
            Self::ImageToImage => "image-to-image",
            Self::Inpaint => "inpaint",
            Self::Outpaint => "outpaint",
            Self::ColorGuided => "color-guided",
            Self::RemoveBackground => "remove-background",
            Self::Erase => "erase",
            Self::SearchReplace => "search-replace",
            Self::SearchRecolor => "search-recolor",
            Self::Upscale => "upscale",
            Self::Sketch => "sketch",
            Self::Structure => "structure",
            Self::StyleGuide => "style-guide",
            Self::StyleTransfer => "style-transfer",
        }
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Task {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = || Self::ALL.map(Self::name).join(", ");
        Self::ALL
            .into_iter()
            .find(|task| task.name() == text)
            .ok_or_else(|| format!("{text:?} is no task; there are {}", known()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back_to_its_task_and_is_the_one_in_files() {
        for task in Task::ALL {
            assert_eq!(task.name().parse(), Ok(task));
            assert_eq!(serde_json::to_value(task).unwrap(), task.name());
        }
        assert!("paint".parse::<Task>().is_err());
    }
}
