//! What all columns are asked.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Column;
use super::template::{MissingVariable, fill};
use crate::chat::ContentBlock;

/// The name under which a column's own prompt finds the shared one.
const SHARED: &str = "prompt";

/// One prompt for all columns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Prompt {
    /// The words, with places for values in a batch.
    pub text: String,
    /// The values.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, String>,
    /// Whether the words are a template; what a person types is not, and keeps its braces.
    pub is_template: bool,
    /// Images and documents that are to be opened when its turn comes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<PathBuf>,
    /// Images and documents, ready to be sent. Kept with the messages, not here.
    #[serde(skip)]
    pub media: Vec<ContentBlock>,
}

impl Prompt {
    /// Words as a person typed them, and what goes with them.
    #[must_use]
    pub fn typed(text: impl Into<String>, media: Vec<ContentBlock>) -> Self {
        Self {
            text: text.into(),
            media,
            ..Self::default()
        }
    }

    /// The words for every column that has none of its own.
    ///
    /// # Errors
    /// When a place has no value.
    pub fn words(&self) -> Result<String, MissingVariable> {
        if self.is_template {
            fill(&self.text, |name| self.value(name))
        } else {
            Ok(self.text.clone())
        }
    }

    /// The message for one column.
    ///
    /// # Errors
    /// When a place of the prompt, or of the column's own, has no value.
    pub fn content(&self, column: &Column) -> Result<Vec<ContentBlock>, MissingVariable> {
        let words = self.words()?;
        let text = match &column.prompt {
            Some(own) => fill(own, |name| match self.value(name) {
                None if name == SHARED => Some(words.as_str()),
                value => value,
            })?,
            None => words,
        };
        let mut content = self.media.clone();
        if !text.is_empty() {
            content.push(ContentBlock::Text(text));
        }
        Ok(content)
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::ColumnId;

    fn column(prompt: Option<&str>) -> Column {
        Column {
            id: ColumnId(1),
            model_id: "m".into(),
            own: None,
            prompt: prompt.map(str::to_owned),
        }
    }

    fn text(prompt: &Prompt, own: Option<&str>) -> String {
        match prompt.content(&column(own)).unwrap().as_slice() {
            [ContentBlock::Text(text)] => text.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_column_may_ask_in_its_own_words() {
        let typed = Prompt::typed("Why {{this}}?", Vec::new());
        assert_eq!(text(&typed, None), "Why {{this}}?", "typed braces stay");
        assert_eq!(
            text(&typed, Some("Be brief. {{prompt}}")),
            "Be brief. Why {{this}}?"
        );
        assert_eq!(text(&typed, Some("Something else")), "Something else");
    }

    #[test]
    fn values_reach_both_prompts() {
        let prompt = Prompt {
            text: "Weather in {{city}}".into(),
            variables: [("city".to_owned(), "Oslo".to_owned())].into(),
            is_template: true,
            ..Prompt::default()
        };
        assert_eq!(text(&prompt, None), "Weather in Oslo");
        assert_eq!(
            text(&prompt, Some("{{city}}: {{prompt}}")),
            "Oslo: Weather in Oslo"
        );
    }
}
