//! Content filters, simulated by a few words each; the surer the word, the weaker a filter finds it.

use serde_json::{Value, json};

use super::{Source, Subject, Verdict, action, contains_word, found, list};

/// How sure a word makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Confidence {
    None,
    Low,
    Medium,
    High,
}

impl Confidence {
    fn as_str(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
        }
    }

    /// The least that a filter of this strength steps in on.
    fn least_for(strength: &str) -> Option<Self> {
        match strength {
            "LOW" => Some(Self::High),
            "MEDIUM" => Some(Self::Medium),
            "HIGH" => Some(Self::Low),
            _ => None,
        }
    }
}

/// Of each filter: words that make it sure, fairly sure, and wonder.
const WORDS: [(&str, [&[&str]; 3]); 6] = [
    (
        "HATE",
        [
            &["subhuman", "inferior race"],
            &["hate them all", "vermin"],
            &["hate"],
        ],
    ),
    (
        "INSULTS",
        [
            &["you idiot", "you moron"],
            &["idiot", "moron"],
            &["stupid", "loser"],
        ],
    ),
    (
        "SEXUAL",
        [&["pornography", "porn"], &["nude", "erotic"], &["sexy"]],
    ),
    (
        "VIOLENCE",
        [
            &["murder", "massacre", "build a bomb"],
            &["kill", "stab", "weapon"],
            &["fight", "attack"],
        ],
    ),
    (
        "MISCONDUCT",
        [
            &["launder money", "counterfeit", "phishing"],
            &["steal", "forge", "hack into"],
            &["cheat", "fraud"],
        ],
    ),
    (
        "PROMPT_ATTACK",
        [
            &[
                "ignore all previous instructions",
                "ignore your instructions",
                "disregard your instructions",
            ],
            &["reveal your system prompt", "jailbreak"],
            &["pretend you have no rules", "developer mode"],
        ],
    ),
];

/// Looks for what the filters are for.
pub fn filters(guardrail: &Value, subject: &Subject<'_>, verdict: &mut Verdict) {
    let strength_of = match subject.source {
        Source::Input => "inputStrength",
        Source::Output => "outputStrength",
    };
    for entry in list(guardrail, "contentPolicy", "filters") {
        let strength = entry[strength_of].as_str().unwrap_or("NONE");
        let (Some(least), Some(action)) = (
            Confidence::least_for(strength),
            action(entry, subject.source, "BLOCK"),
        ) else {
            continue;
        };
        let kind = entry["type"].as_str().unwrap_or_default();
        let confidence = confidence(kind, subject.text);
        let detected = confidence >= least;
        if detected || subject.full {
            let done = if detected {
                verdict.block_or_tell(&action)
            } else {
                "NONE"
            };
            let entry = json!({
                "type": kind,
                "confidence": confidence.as_str(),
                "filterStrength": strength,
                "action": done,
                "detected": detected,
            });
            found(verdict, "contentPolicy", "filters", entry);
        }
    }
}

fn confidence(kind: &str, text: &str) -> Confidence {
    let Some((_, words)) = WORDS.iter().find(|(of, _)| *of == kind) else {
        return Confidence::None;
    };
    let levels = [Confidence::High, Confidence::Medium, Confidence::Low];
    words
        .iter()
        .zip(levels)
        .find(|(words, _)| words.iter().any(|word| contains_word(text, word).is_some()))
        .map_or(Confidence::None, |(_, level)| level)
}

#[cfg(test)]
mod tests {
    use super::super::{Subject, assess, assess_subject};
    use super::*;

    fn filter(strength: &str) -> Value {
        json!({ "contentPolicy": { "filters": [
            { "type": "VIOLENCE", "inputStrength": strength, "outputStrength": "NONE" },
        ] } })
    }

    /// A weak filter wants to be sure, a strong one does not.
    #[test]
    fn strength_decides_how_sure_a_filter_must_be() {
        for (text, blocked_by) in [
            ("a murder", &["LOW", "MEDIUM", "HIGH"][..]),
            ("kill the process", &["MEDIUM", "HIGH"]),
            ("fight for it", &["HIGH"]),
            ("a picnic", &[]),
        ] {
            for strength in ["NONE", "LOW", "MEDIUM", "HIGH"] {
                let verdict = assess(&filter(strength), text, Source::Input);
                let expected = blocked_by.contains(&strength);
                assert_eq!(verdict.blocked, expected, "{text} at {strength}");
            }
        }
        assert!(!assess(&filter("HIGH"), "a murder", Source::Output).blocked);
    }

    /// As in the recording with `outputScope: FULL`: what was not found is told as not detected.
    #[test]
    fn a_full_answer_tells_what_was_not_found() {
        let subject = Subject {
            full: true,
            ..Subject::text("a picnic", Source::Input)
        };
        let verdict = assess_subject(&filter("HIGH"), &subject);
        assert_eq!(
            verdict.assessment["contentPolicy"]["filters"],
            json!([{ "type": "VIOLENCE", "confidence": "NONE", "filterStrength": "HIGH",
                "action": "NONE", "detected": false }])
        );
    }
}
