//! A definition out of what `GetGuardrail` answers.

use serde_json::{Map, Value};

use super::{
    Action, ContentFilter, ContentKind, Definition, GroundingFilter, GroundingKind, Kept, OnSide,
    Pattern, PiiEntity, Sides, Strength, Topic, Word,
};

impl Definition {
    /// Takes the policies in, by the service's names (`topicPolicy`, `wordPolicy` …). What is not known
    /// is left out; of what is missing, the service's default holds.
    #[must_use]
    pub fn with_policies(mut self, policies: &Map<String, Value>) -> Self {
        let policy = |name: &str| policies.get(name).unwrap_or(&Value::Null);
        let content = policy("contentPolicy");
        self.content = list(content, "filters")
            .filter_map(content_filter)
            .collect();
        let topics = policy("topicPolicy");
        self.topics = list(topics, "topics").map(topic).collect();
        let words = policy("wordPolicy");
        self.words = list(words, "words").map(word).collect();
        self.profanity = list(words, "managedWordLists")
            .find(|entry| entry["type"] == "PROFANITY")
            .map(|entry| sides(entry, Action::Block));
        let data = policy("sensitiveInformationPolicy");
        self.pii = list(data, "piiEntities").map(pii_entity).collect();
        self.patterns = list(data, "regexes").map(pattern).collect();
        let grounding = policy("contextualGroundingPolicy");
        self.grounding = list(grounding, "filters")
            .filter_map(grounding_filter)
            .collect();
        let reasoning = policy("automatedReasoningPolicy");
        let tier = |policy: &Value| policy["tier"]["tierName"].as_str().map(str::to_owned);
        self.kept = Kept {
            content_tier: tier(content),
            topic_tier: tier(topics),
            grounding_tier: tier(grounding),
            automated_reasoning: list(reasoning, "policies")
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            automated_reasoning_confidence: reasoning["confidenceThreshold"].as_f64(),
            ..self.kept
        };
        self
    }
}

fn list<'a>(policy: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    policy[name].as_array().into_iter().flatten()
}

fn text(entry: &Value, name: &str) -> String {
    entry[name].as_str().unwrap_or_default().to_owned()
}

/// What an entry does on each side; one action for both stands in `action`.
fn sides(entry: &Value, default: Action) -> Sides {
    let both = entry["action"].as_str().and_then(Action::parse);
    let side = |enabled: &str, action: &str| OnSide {
        enabled: entry[enabled].as_bool().unwrap_or(true),
        action: entry[action]
            .as_str()
            .and_then(Action::parse)
            .or(both)
            .unwrap_or(default),
    };
    Sides {
        input: side("inputEnabled", "inputAction"),
        output: side("outputEnabled", "outputAction"),
    }
}

fn content_filter(entry: &Value) -> Option<ContentFilter> {
    let word = entry["type"].as_str()?;
    let kind = ContentKind::ALL
        .into_iter()
        .find(|kind| kind.as_str() == word)?;
    let strength = |name: &str| {
        let word = entry[name].as_str().unwrap_or_default();
        let found = Strength::ALL.into_iter().find(|one| one.as_str() == word);
        found.unwrap_or(Strength::None)
    };
    let images = |name: &str| list(entry, name).any(|modality| modality == "IMAGE");
    Some(ContentFilter {
        kind,
        input_strength: strength("inputStrength"),
        output_strength: strength("outputStrength"),
        input_images: images("inputModalities"),
        output_images: images("outputModalities"),
        sides: sides(entry, Action::Block),
    })
}

fn topic(entry: &Value) -> Topic {
    Topic {
        name: text(entry, "name"),
        definition: text(entry, "definition"),
        examples: list(entry, "examples")
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        sides: sides(entry, Action::Block),
    }
}

fn word(entry: &Value) -> Word {
    Word {
        text: text(entry, "text"),
        sides: sides(entry, Action::Block),
    }
}

fn pii_entity(entry: &Value) -> PiiEntity {
    PiiEntity {
        kind: text(entry, "type"),
        sides: sides(entry, Action::Block),
    }
}

fn pattern(entry: &Value) -> Pattern {
    Pattern {
        name: text(entry, "name"),
        description: text(entry, "description"),
        pattern: text(entry, "pattern"),
        sides: sides(entry, Action::Block),
    }
}

fn grounding_filter(entry: &Value) -> Option<GroundingFilter> {
    let word = entry["type"].as_str()?;
    let kind = GroundingKind::ALL
        .into_iter()
        .find(|kind| kind.as_str() == word)?;
    Some(GroundingFilter {
        kind,
        threshold: entry["threshold"].as_f64().unwrap_or_default(),
        on: OnSide {
            enabled: entry["enabled"].as_bool().unwrap_or(true),
            action: entry["action"]
                .as_str()
                .and_then(Action::parse)
                .unwrap_or_default(),
        },
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The word policy of the recorded `GetGuardrail`: on for prompts, off for answers.
    #[test]
    fn a_recorded_policy_is_read() {
        let policies = json!({ "wordPolicy": {
            "words": [{ "text": "HATE", "inputAction": "BLOCK", "outputAction": "NONE",
                "inputEnabled": true, "outputEnabled": false }],
            "managedWordLists": [{ "type": "PROFANITY", "inputAction": "BLOCK",
                "outputAction": "NONE", "inputEnabled": true, "outputEnabled": false }],
        } });
        let definition =
            Definition::default().with_policies(policies.as_object().expect("an object"));
        let sides = Sides {
            input: OnSide::default(),
            output: OnSide {
                enabled: false,
                action: Action::Detect,
            },
        };
        let word = Word {
            text: "HATE".to_owned(),
            sides,
        };
        assert_eq!(definition.words, [word]);
        assert_eq!(definition.profanity, Some(sides));
    }

    #[test]
    fn what_is_not_edited_is_kept() {
        let policies = json!({
            "contentPolicy": { "filters": [
                { "type": "HATE", "inputStrength": "LOW", "outputStrength": "HIGH", "inputModalities": ["TEXT", "IMAGE"] },
                { "type": "A_NEWER_ONE", "inputStrength": "LOW", "outputStrength": "LOW" },
            ], "tier": { "tierName": "STANDARD" } },
            "automatedReasoningPolicy": { "policies": ["arn:x"], "confidenceThreshold": 0.7 },
            "sensitiveInformationPolicy": { "piiEntities": [{ "type": "EMAIL", "action": "ANONYMIZE" }] },
        });
        let definition =
            Definition::default().with_policies(policies.as_object().expect("an object"));
        assert_eq!(definition.content.len(), 1);
        assert!(definition.content[0].input_images && !definition.content[0].output_images);
        assert_eq!(definition.kept.content_tier.as_deref(), Some("STANDARD"));
        assert_eq!(definition.kept.automated_reasoning, ["arn:x"]);
        assert_eq!(definition.pii[0].sides, Sides::both(Action::Anonymize));
    }
}
