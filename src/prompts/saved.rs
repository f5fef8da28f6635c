//! A prompt as it is kept: what it is called, what is being written, and what was numbered.

use serde::{Deserialize, Serialize};

use super::Content;

/// A prompt that is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SavedPrompt {
    /// What it is called.
    pub name: String,
    /// What it is for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Words to find it by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// What is being written.
    pub draft: Content,
    /// What was numbered, the oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<Version>,
}

/// A state of a prompt that stays as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Version {
    /// From 1.
    pub number: u32,
    /// When it was made, in milliseconds since 1970.
    pub at: i64,
    /// What changed, in a person's words; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// As it was.
    pub content: Content,
}

impl SavedPrompt {
    /// Numbers what is being written. Nothing happens when the last version is the same.
    pub fn add_version(&mut self, at: i64, note: String) -> Option<u32> {
        if !self.differs_from_last_version() {
            return None;
        }
        let number = self.versions.last().map_or(0, |last| last.number) + 1;
        self.versions.push(Version {
            number,
            at,
            note,
            content: self.draft.clone(),
        });
        Some(number)
    }

    /// Whether anything was written since the last version; so it is before the first one.
    #[must_use]
    pub fn differs_from_last_version(&self) -> bool {
        self.versions
            .last()
            .is_none_or(|last| last.content != self.draft)
    }

    /// Writes on from a version. What was written until now becomes a version itself, unless it is one.
    pub fn go_back_to(&mut self, number: u32, at: i64) {
        let Some(content) = self.version(number).map(|version| version.content.clone()) else {
            return;
        };
        if self
            .versions
            .iter()
            .all(|version| version.content != self.draft)
        {
            self.add_version(at, format!("Before going back to version {number}"));
        }
        self.draft = content;
    }

    /// A version by its number.
    #[must_use]
    pub fn version(&self, number: u32) -> Option<&Version> {
        self.versions
            .iter()
            .find(|version| version.number == number)
    }

    /// Whether all words stand in it somewhere, whatever their case.
    #[must_use]
    pub fn has_words(&self, words: &str) -> bool {
        let mut whole = [&self.name, &self.description, &self.draft.text]
            .map(|text| text.to_lowercase())
            .join("\n");
        for text in self.tags.iter().chain(&self.draft.configuration.system) {
            whole.push('\n');
            whole.push_str(&text.to_lowercase());
        }
        let words = words.to_lowercase();
        words.split_whitespace().all(|word| whole.contains(word))
    }

    /// Gives it these tags: words between commas, each once.
    pub fn set_tags(&mut self, typed: &str) {
        self.tags.clear();
        for tag in typed.split(',').map(str::trim) {
            if !tag.is_empty() && !self.tags.iter().any(|other| other == tag) {
                self.tags.push(tag.to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_made_of_what_changed() {
        let mut prompt = SavedPrompt::default();
        prompt.draft.text = "one".to_owned();
        assert_eq!(prompt.add_version(1, String::new()), Some(1));
        assert_eq!(prompt.add_version(2, String::new()), None);
        prompt.draft.text = "two".to_owned();
        assert_eq!(prompt.add_version(3, "shorter".to_owned()), Some(2));
        assert_eq!(
            prompt.version(1).map(|one| one.content.text.as_str()),
            Some("one")
        );
    }

    #[test]
    fn going_back_loses_nothing() {
        let mut prompt = SavedPrompt::default();
        prompt.draft.text = "one".to_owned();
        prompt.add_version(1, String::new());
        prompt.draft.text = "two".to_owned();
        prompt.go_back_to(1, 2);
        assert_eq!(prompt.draft.text, "one");
        assert_eq!(prompt.versions.len(), 2);
        // Neither state is kept twice.
        prompt.go_back_to(2, 3);
        assert_eq!(prompt.draft.text, "two");
        assert_eq!(prompt.versions.len(), 2);
        prompt.go_back_to(9, 4);
        assert_eq!(prompt.draft.text, "two");
    }

    #[test]
    fn it_is_found_by_all_words_wherever_they_stand() {
        let mut prompt = SavedPrompt {
            name: "Übersetzen".to_owned(),
            ..SavedPrompt::default()
        };
        prompt.set_tags("language, , language,short");
        prompt.draft.text = "Translate {{text}}".to_owned();
        assert_eq!(prompt.tags, ["language", "short"]);
        assert!(prompt.has_words("übersetzen LANG translate"));
        assert!(prompt.has_words(""));
        assert!(!prompt.has_words("translate poems"));
    }
}
