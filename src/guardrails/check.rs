//! The service's limits, looked at before anything is sent.

use super::{ContentKind, Definition, Strength};

/// The longest name, in characters.
pub const LONGEST_NAME: usize = 50;
const LONGEST_DESCRIPTION: usize = 200;
const LONGEST_MESSAGE: usize = 500;
const MOST_TOPICS: usize = 30;
const LONGEST_TOPIC_NAME: usize = 100;
const LONGEST_TOPIC_DEFINITION: usize = 200;
const MOST_TOPIC_EXAMPLES: usize = 5;
const LONGEST_TOPIC_EXAMPLE: usize = 100;
const MOST_WORDS: usize = 10_000;
const LONGEST_WORD: usize = 100;
const MOST_PATTERNS: usize = 30;
const LONGEST_PATTERN_NAME: usize = 100;
const LONGEST_PATTERN_DESCRIPTION: usize = 1_000;
const LONGEST_PATTERN: usize = 500;
/// The highest threshold of contextual grounding: with more, nothing would pass.
const HIGHEST_THRESHOLD: f64 = 0.99;

/// Where something is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Name, description, or the guardrail as a whole.
    General,
    /// The two messages.
    Messages,
    /// Content filters.
    Content,
    /// A topic, from 0.
    Topic(usize),
    /// A word, from 0.
    Word(usize),
    /// A regular expression, from 0.
    Pattern(usize),
    /// Contextual grounding.
    Grounding,
}

/// Why a definition cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What, in a sentence.
    pub sentence: String,
}

impl Definition {
    /// Everything the service would refuse, in the order of the form; empty when it can be sent.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut found = Found::default();
        self.check_general(&mut found);
        self.check_content(&mut found);
        self.check_topics(&mut found);
        self.check_words(&mut found);
        self.check_patterns(&mut found);
        for filter in &self.grounding {
            if !(0.0..=HIGHEST_THRESHOLD).contains(&filter.threshold) {
                let name = filter.kind.label();
                found.say(
                    Place::Grounding,
                    format!("The threshold of {name} must be from 0 to {HIGHEST_THRESHOLD}"),
                );
            }
        }
        found.0
    }

    /// Whether any policy is there; the service wants one.
    #[must_use]
    pub fn has_policy(&self) -> bool {
        !self.content.is_empty()
            || !self.topics.is_empty()
            || !self.words.is_empty()
            || self.profanity.is_some()
            || !self.pii.is_empty()
            || !self.patterns.is_empty()
            || !self.grounding.is_empty()
            || !self.kept.automated_reasoning.is_empty()
    }

    fn check_general(&self, found: &mut Found) {
        found.text(Place::General, "The name", &self.name, LONGEST_NAME);
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if !self.name.chars().all(fits) {
            found.say(
                Place::General,
                "The name may have the letters A to Z, digits, - and _ only",
            );
        }
        found.longest(
            Place::General,
            "The description",
            &self.description,
            LONGEST_DESCRIPTION,
        );
        let messages = [
            (
                "The message for blocked prompts",
                &self.blocked_input_messaging,
            ),
            (
                "The message for blocked answers",
                &self.blocked_outputs_messaging,
            ),
        ];
        for (what, text) in messages {
            found.text(Place::Messages, what, text, LONGEST_MESSAGE);
        }
        if !self.has_policy() {
            found.say(
                Place::General,
                "Nothing is looked for yet: switch on a filter, or add a topic, a word or a pattern",
            );
        }
    }

    fn check_content(&self, found: &mut Found) {
        for (at, filter) in self.content.iter().enumerate() {
            let name = filter.kind.label();
            if self.content[..at]
                .iter()
                .any(|other| other.kind == filter.kind)
            {
                found.say(Place::Content, format!("{name} is there twice"));
            }
            if filter.kind == ContentKind::PromptAttack && filter.output_strength != Strength::None
            {
                found.say(
                    Place::Content,
                    "Only prompts can be prompt attacks: the strength for answers must be none",
                );
            }
        }
    }

    fn check_topics(&self, found: &mut Found) {
        if self.topics.len() > MOST_TOPICS {
            found.say(
                Place::Topic(MOST_TOPICS),
                format!("There may be {MOST_TOPICS} denied topics"),
            );
        }
        for (at, topic) in self.topics.iter().enumerate() {
            let place = Place::Topic(at);
            found.text(
                place,
                "The name of a topic",
                &topic.name,
                LONGEST_TOPIC_NAME,
            );
            let fits = |c: char| c.is_ascii_alphanumeric() || "-_ !?.".contains(c);
            if !topic.name.chars().all(fits) {
                found.say(
                    place,
                    "The name of a topic may have the letters A to Z, digits, spaces and - _ ! ? . only",
                );
            }
            if self.topics[..at]
                .iter()
                .any(|other| other.name == topic.name)
            {
                found.say(
                    place,
                    format!("Another topic is called {}, too", topic.name),
                );
            }
            let what = "The definition of a topic";
            found.text(place, what, &topic.definition, LONGEST_TOPIC_DEFINITION);
            if topic.examples.len() > MOST_TOPIC_EXAMPLES {
                found.say(
                    place,
                    format!("A topic may have {MOST_TOPIC_EXAMPLES} examples"),
                );
            }
            for example in &topic.examples {
                found.text(place, "An example", example, LONGEST_TOPIC_EXAMPLE);
            }
        }
    }

    fn check_words(&self, found: &mut Found) {
        if self.words.len() > MOST_WORDS {
            found.say(
                Place::Word(MOST_WORDS),
                format!("There may be {MOST_WORDS} words"),
            );
        }
        for (at, word) in self.words.iter().enumerate() {
            found.text(Place::Word(at), "A word", &word.text, LONGEST_WORD);
        }
    }

    fn check_patterns(&self, found: &mut Found) {
        if self.patterns.len() > MOST_PATTERNS {
            found.say(
                Place::Pattern(MOST_PATTERNS),
                format!("There may be {MOST_PATTERNS} regular expressions"),
            );
        }
        for (at, pattern) in self.patterns.iter().enumerate() {
            let place = Place::Pattern(at);
            let what = "The name of a regular expression";
            found.text(place, what, &pattern.name, LONGEST_PATTERN_NAME);
            let what = "The description of a regular expression";
            found.longest(
                place,
                what,
                &pattern.description,
                LONGEST_PATTERN_DESCRIPTION,
            );
            let what = "A regular expression";
            found.text(place, what, &pattern.pattern, LONGEST_PATTERN);
            if ["(?=", "(?!", "(?<=", "(?<!"]
                .iter()
                .any(|look| pattern.pattern.contains(look))
            {
                found.say(
                    place,
                    "A regular expression may not look ahead or behind: the service does not take it",
                );
            } else if let Err(error) = regex::Regex::new(&pattern.pattern) {
                let reason = error.to_string();
                let reason = reason.lines().last().unwrap_or_default();
                found.say(
                    place,
                    format!("{} is no regular expression: {reason}", pattern.pattern),
                );
            }
        }
    }
}

#[derive(Default)]
struct Found(Vec<Problem>);

impl Found {
    fn say(&mut self, place: Place, sentence: impl Into<String>) {
        self.0.push(Problem {
            place,
            sentence: sentence.into(),
        });
    }

    fn text(&mut self, place: Place, what: &str, text: &str, longest: usize) {
        if text.trim().is_empty() {
            self.say(place, format!("{what} is empty"));
        }
        self.longest(place, what, text, longest);
    }

    fn longest(&mut self, place: Place, what: &str, text: &str, longest: usize) {
        let length = text.chars().count();
        if length > longest {
            self.say(
                place,
                format!("{what} has {length} characters; there may be {longest}"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        ContentFilter, GroundingFilter, GroundingKind, OnSide, Pattern, Topic, Word,
    };
    use super::*;

    fn named(name: &str) -> Definition {
        Definition {
            name: name.to_owned(),
            ..Definition::fresh()
        }
    }

    fn sentences(definition: &Definition) -> Vec<String> {
        let problems = definition.problems().into_iter();
        problems.map(|problem| problem.sentence).collect()
    }

    #[test]
    fn a_fresh_one_lacks_its_name_alone() {
        assert_eq!(sentences(&Definition::fresh()), ["The name is empty"]);
        assert!(named("Public-site_2").problems().is_empty());
    }

    /// The pattern `[0-9a-zA-Z-_]+` and the length 50 of the service model.
    #[test]
    fn names_are_short_and_plain() {
        assert!(named(&"a".repeat(50)).problems().is_empty());
        assert_eq!(
            sentences(&named(&"a".repeat(51))),
            ["The name has 51 characters; there may be 50"]
        );
        for name in ["two words", "übung", "a.b"] {
            assert_eq!(named(name).problems().len(), 1, "{name}");
        }
    }

    #[test]
    fn what_is_wrong_is_found_where_it_is() {
        let mut definition = named("site");
        definition.topics = vec![
            Topic {
                name: "Money".into(),
                definition: "Advice on money".into(),
                examples: vec!["x".into(); 6],
                ..Topic::default()
            },
            Topic {
                name: "Money".into(),
                definition: String::new(),
                ..Topic::default()
            },
        ];
        definition.words = vec![Word::default()];
        definition.patterns = vec![
            Pattern {
                name: "Order".into(),
                pattern: "(?<=x)y".into(),
                ..Pattern::default()
            },
            Pattern {
                name: "Order".into(),
                pattern: "a(".into(),
                ..Pattern::default()
            },
        ];
        definition.grounding = vec![GroundingFilter {
            kind: GroundingKind::Grounding,
            threshold: 1.0,
            on: OnSide::default(),
        }];
        let mut attack = ContentFilter::new(ContentKind::PromptAttack);
        attack.output_strength = Strength::High;
        definition.content = vec![attack];
        let places: Vec<Place> = definition
            .problems()
            .into_iter()
            .map(|problem| problem.place)
            .collect();
        assert_eq!(
            places,
            [
                Place::Content,
                Place::Topic(0),
                Place::Topic(1),
                Place::Topic(1),
                Place::Word(0),
                Place::Pattern(0),
                Place::Pattern(1),
                Place::Grounding,
            ]
        );
    }

    #[test]
    fn a_guardrail_needs_a_policy() {
        let mut definition = named("empty");
        definition.content.clear();
        definition.profanity = None;
        assert_eq!(definition.problems().len(), 1);
        definition.words.push(Word {
            text: "heist".into(),
            ..Word::default()
        });
        assert!(definition.problems().is_empty());
    }
}
