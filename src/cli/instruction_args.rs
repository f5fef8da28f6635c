//! What is asked for each image, as `alt-text` and its batch jobs take it.

use std::path::PathBuf;

use clap::Args;

use crate::alt_text::Instructions;

/// What is asked for each image.
#[derive(Clone, Debug, Args)]
pub struct InstructionArgs {
    /// What is asked for each image
    #[arg(long, default_value = crate::chat::ALT_TEXT_PROMPT, value_name = "TEXT", hide_default_value = true)]
    pub prompt: String,
    /// Language of the text, for instance de or German
    #[arg(long, value_name = "LANGUAGE")]
    pub language: Option<String>,
    /// Most characters of the text; a longer one is kept
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_length: Option<u32>,
    /// What each image is about: CSV with the columns file and context
    #[arg(long, value_name = "FILE")]
    pub context: Option<PathBuf>,
    /// What holds for all images: page title, product names, a glossary; may be given several times
    #[arg(long, value_name = "TEXT")]
    pub about: Vec<String>,
    /// Let the model say that an image only decorates; its alt text is then empty
    #[arg(long)]
    pub decorative: bool,
}

impl InstructionArgs {
    /// In the form that jobs take.
    #[must_use]
    pub fn instructions(&self) -> Instructions {
        Instructions {
            prompt: self.prompt.clone(),
            language: self.language.clone(),
            tone: None,
            max_length: self.max_length(),
            context: (!self.about.is_empty()).then(|| self.about.join("\n")),
            may_be_decorative: self.decorative,
        }
    }

    /// Most characters of a text, as they are counted.
    #[must_use]
    pub fn max_length(&self) -> Option<usize> {
        self.max_length.map(|most| most as usize)
    }
}
