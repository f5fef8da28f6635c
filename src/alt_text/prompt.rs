//! What a model is asked for each picture, and how its answer is read.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::chat::ALT_TEXT_PROMPT;
use crate::figures::AltText;

/// What a model answers for a picture that only decorates.
pub const DECORATIVE_WORD: &str = "DECORATIVE";

/// What is asked for a picture that a phrase cannot describe: a chart, a map, a diagram, a scene full
/// of detail (the Web Accessibility Initiative's tutorial on complex images).
pub const LONG_DESCRIPTION_PROMPT: &str = "Describe this image in full for people who cannot see it. \
    Say what kind of image it is, then what it shows from the most important to the least: of a chart or \
    diagram the axes, the values that matter and how the parts are connected; of a scene the place, the \
    people and what they do; all text as it stands. Write one paragraph of two to six plain sentences, \
    without guessing.";

/// What is asked for every picture of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Instructions {
    /// The request itself.
    pub prompt: String,
    /// The language of the text, as a person or a BCP 47 tag names it.
    pub language: Option<String>,
    /// How the text shall sound.
    pub tone: Option<String>,
    /// Most characters of the text, as people count them.
    pub max_length: Option<usize>,
    /// What is true of all pictures: the page, the product, the occasion.
    pub context: Option<String>,
    /// Whether the model may say that a picture only decorates.
    pub may_be_decorative: bool,
}

impl Default for Instructions {
    fn default() -> Self {
        Self {
            prompt: ALT_TEXT_PROMPT.to_owned(),
            language: None,
            tone: None,
            max_length: None,
            context: None,
            may_be_decorative: false,
        }
    }
}

impl Instructions {
    /// The text that goes with one picture: the prompt alone when nothing else was chosen.
    #[must_use]
    pub fn text(&self, own_context: Option<&str>) -> String {
        let mut text = self.prompt.trim().to_owned();
        // Writing to a string cannot fail.
        if let Some(language) = filled(self.language.as_deref()) {
            write!(text, "\n\nWrite it in this language: {language}.").ok();
        }
        if let Some(tone) = filled(self.tone.as_deref()) {
            write!(text, "\n\nTone: {tone}.").ok();
        }
        if let Some(most) = self.max_length {
            write!(text, "\n\nUse at most {most} characters.").ok();
        }
        if let Some(context) = filled(self.context.as_deref()) {
            write!(text, "\n\nWhere the images are used: {context}").ok();
        }
        if let Some(context) = filled(own_context) {
            write!(text, "\n\nAbout this image: {context}").ok();
        }
        if self.may_be_decorative {
            write!(
                text,
                "\n\nIf the image only decorates and tells a reader nothing, answer \
                 {DECORATIVE_WORD}: and the reason in one sentence instead."
            )
            .ok();
        }
        text
    }

    /// The same for long descriptions: language, tone and context stay.
    #[must_use]
    pub fn for_long_descriptions(&self) -> Self {
        Self {
            prompt: LONG_DESCRIPTION_PROMPT.to_owned(),
            max_length: None,
            may_be_decorative: false,
            ..self.clone()
        }
    }

    /// Reads an answer; the decorative word means something only when it was offered.
    #[must_use]
    pub fn read(&self, answer: &str) -> Alt {
        let text = unquoted(&answer.split_whitespace().collect::<Vec<_>>().join(" ")).to_owned();
        if self.may_be_decorative
            && let Some(reason) = decorative_reason(&text)
        {
            return Alt::Decorative {
                reason: reason.to_owned(),
            };
        }
        Alt::Text(text)
    }
}

/// What an answer comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Alt {
    /// Alt text, on one line.
    Text(String),
    /// The picture only decorates: its alt text is empty.
    Decorative {
        /// Why, in the model's words; may be empty.
        reason: String,
    },
}

impl Alt {
    /// What goes into the `alt` attribute.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Decorative { .. } => "",
        }
    }

    /// What it says of an image in its document; nothing where it is blank.
    #[must_use]
    pub fn in_document(&self) -> Option<AltText> {
        match self {
            Self::Decorative { .. } => Some(AltText::Decorative),
            Self::Text(text) => match text.trim() {
                "" => None,
                text => Some(AltText::Text(text.to_owned())),
            },
        }
    }
}

/// Characters as people count them: an emoji of a family is one.
#[must_use]
pub fn length(text: &str) -> usize {
    text.graphemes(true).count()
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// Models like to put the phrase in quotation marks; marks inside are the text's own.
fn unquoted(text: &str) -> &str {
    for (open, close) in [('"', '"'), ('“', '”'), ('„', '“'), ('«', '»'), ('「', '」')]
    {
        let inner = text
            .strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close));
        if let Some(inner) = inner
            && !inner.contains([open, close])
        {
            return inner.trim();
        }
    }
    text
}

/// The reason after the word; `None` when the word only begins a description.
fn decorative_reason(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(DECORATIVE_WORD)?.trim_start();
    if rest.is_empty() {
        return Some("");
    }
    let reason = rest.strip_prefix([':', '.', '-', '–', '—', ','])?;
    Some(reason.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_nothing_chosen_the_prompt_goes_alone() {
        assert_eq!(Instructions::default().text(None), ALT_TEXT_PROMPT);
        assert_eq!(Instructions::default().text(Some("  ")), ALT_TEXT_PROMPT);
    }

    #[test]
    fn what_was_chosen_is_said_in_order() {
        let instructions = Instructions {
            prompt: "Alt text, please.".into(),
            language: Some("German".into()),
            tone: Some("plain".into()),
            max_length: Some(120),
            context: Some("A shop for boots.".into()),
            may_be_decorative: true,
        };
        assert_eq!(
            instructions.text(Some("Model Alps, brown")),
            "Alt text, please.\n\n\
             Write it in this language: German.\n\n\
             Tone: plain.\n\n\
             Use at most 120 characters.\n\n\
             Where the images are used: A shop for boots.\n\n\
             About this image: Model Alps, brown\n\n\
             If the image only decorates and tells a reader nothing, answer DECORATIVE: and the reason \
             in one sentence instead."
        );
    }

    #[test]
    fn an_answer_becomes_one_line_without_its_quotation_marks() {
        let read = |answer| Instructions::default().read(answer);
        let text = |text: &str| Alt::Text(text.into());
        assert_eq!(read("\"A red boat\nat sea\"\n"), text("A red boat at sea"));
        assert_eq!(read("„Ein Boot“"), text("Ein Boot"));
        assert_eq!(read("\"Stop\" and \"Go\""), text("\"Stop\" and \"Go\""));
        assert_eq!(read("  "), text(""));
    }

    #[test]
    fn the_decorative_word_counts_where_it_was_offered() {
        let offered = Instructions {
            may_be_decorative: true,
            ..Instructions::default()
        };
        let decorative = |reason: &str| Alt::Decorative {
            reason: reason.into(),
        };
        assert_eq!(
            offered.read("DECORATIVE: a border."),
            decorative("a border.")
        );
        assert_eq!(offered.read("DECORATIVE"), decorative(""));
        assert_eq!(decorative("x").text(), "");
        for text in ["Decorative plates", "DECORATIVE PLATES", "A DECORATIVE"] {
            assert_eq!(offered.read(text), Alt::Text(text.into()));
        }
        assert_eq!(
            Instructions::default().read("DECORATIVE"),
            Alt::Text("DECORATIVE".into())
        );
    }

    #[test]
    fn a_family_and_an_accent_are_one_character_each() {
        assert_eq!(length("👩‍👩‍👧"), 1);
        assert_eq!(length("e\u{301}a"), 2);
        assert_eq!(length("日本"), 2);
    }
}
