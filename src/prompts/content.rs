//! What is asked, and how it shall be answered.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::catalog::ModelId;
use crate::chat::{Configuration, ConfigurationError, ContentBlock, Failure, Message, Request};
use crate::compare::{MissingVariable, fill};

/// What is asked, and how it shall be answered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Content {
    /// The prompt, with `{{places}}`.
    pub text: String,
    /// The model it was written for; `None` leaves the choice to whoever runs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelId>,
    /// System prompts with `{{places}}`, parameters, tools.
    pub configuration: Configuration,
}

/// Why a prompt cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// A place has no value.
    #[error("{0}")]
    Variable(#[from] MissingVariable),
    /// Something set cannot be sent.
    #[error("{0}")]
    Configuration(#[from] ConfigurationError),
    /// There is nothing to ask.
    #[error("the prompt is empty")]
    Empty,
}

impl From<NotReady> for Failure {
    fn from(reason: NotReady) -> Self {
        let advice = match &reason {
            NotReady::Variable(_) => "Give every variable of the prompt a value",
            NotReady::Configuration(_) => "Change the parameters of the prompt",
            NotReady::Empty => "Write the prompt first",
        };
        Self::local("NotSent", reason.to_string(), advice)
    }
}

impl Content {
    /// The names of all places, in the order in which they come first: the prompt's, then those of
    /// system prompts.
    #[must_use]
    pub fn variables(&self) -> Vec<String> {
        let found = RefCell::new(Vec::<String>::new());
        for template in std::iter::once(&self.text).chain(&self.configuration.system) {
            let filled = fill(template, |name| {
                let mut found = found.borrow_mut();
                if !found.iter().any(|other| other == name) {
                    found.push(name.to_owned());
                }
                Some("")
            });
            // Every place has been given something.
            filled.ok();
        }
        found.into_inner()
    }

    /// The prompt and the configuration with values in their places.
    ///
    /// # Errors
    /// When a place has no value.
    pub fn filled(
        &self,
        values: &BTreeMap<String, String>,
    ) -> Result<(String, Configuration), MissingVariable> {
        let value = |name: &str| values.get(name).map(String::as_str);
        let text = fill(&self.text, value)?;
        let mut configuration = self.configuration.clone();
        for system in &mut configuration.system {
            *system = fill(system, value)?;
        }
        Ok((text, configuration))
    }

    /// The request that asks a model this, with images and documents before the words.
    ///
    /// # Errors
    /// When a place has no value, something set cannot be sent, or there is nothing to ask.
    pub fn request(
        &self,
        model: &ModelId,
        values: &BTreeMap<String, String>,
        media: Vec<ContentBlock>,
    ) -> Result<Request, NotReady> {
        let (text, configuration) = self.filled(values)?;
        let mut content = media;
        if !text.trim().is_empty() {
            content.push(ContentBlock::Text(text));
        }
        if content.is_empty() {
            return Err(NotReady::Empty);
        }
        Ok(configuration.request(model.clone(), vec![Message::user(content)])?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::SystemBlock;

    fn content(text: &str, system: &str) -> Content {
        let mut content = Content {
            text: text.to_owned(),
            ..Content::default()
        };
        content.configuration.system = vec![system.to_owned()];
        content
    }

    #[test]
    fn places_are_found_once_each_in_their_order() {
        let content = content(
            "{{b}} and {{ a }}, {{b}}; {{no name}}",
            "Answer in {{language}}",
        );
        assert_eq!(content.variables(), ["b", "a", "language"]);
    }

    #[test]
    fn values_reach_the_prompt_and_the_system_prompt() {
        let content = content("About {{city}}", "Answer in {{language}}");
        let model = ModelId::from("amazon.nova-lite-v1:0");
        let mut values = BTreeMap::from([("city".to_owned(), "Oslo".to_owned())]);
        let missing = content.request(&model, &values, Vec::new());
        assert_eq!(
            missing.expect_err("a place is empty").to_string(),
            "no value is given for {{language}}"
        );
        values.insert("language".to_owned(), "Norwegian".to_owned());
        let request = content
            .request(&model, &values, Vec::new())
            .expect("a request");
        assert_eq!(request.messages[0].text(), "About Oslo");
        assert_eq!(
            request.system,
            [SystemBlock::Text("Answer in Norwegian".to_owned())]
        );
        let empty = Content::default().request(&model, &values, Vec::new());
        assert!(matches!(empty, Err(NotReady::Empty)));
    }
}
