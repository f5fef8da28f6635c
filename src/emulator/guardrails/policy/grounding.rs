//! Contextual grounding, simulated: how many of an answer's telling words its source has, and how many of
//! the question's the answer has.

use serde_json::{Value, json};

use super::{Source, Subject, Verdict, found, list, share, telling_words};

/// Scores an answer; nothing is done without a source and a question, as at AWS.
pub fn filters(guardrail: &Value, subject: &Subject<'_>, verdict: &mut Verdict) {
    if subject.source == Source::Input
        || subject.grounding_source.is_empty()
        || subject.query.is_empty()
    {
        return;
    }
    let answer = telling_words(subject.text);
    for entry in list(guardrail, "contextualGroundingPolicy", "filters") {
        if entry["enabled"] == json!(false) {
            continue;
        }
        let kind = entry["type"].as_str().unwrap_or_default();
        let score = match kind {
            "GROUNDING" => share(&answer, &telling_words(subject.grounding_source)),
            _ => share(&telling_words(subject.query), &answer),
        };
        let score = (score * 100.0).round() / 100.0;
        let threshold = entry["threshold"].as_f64().unwrap_or_default();
        let detected = score < threshold;
        let done = if detected {
            verdict.block_or_tell(entry["action"].as_str().unwrap_or("BLOCK"))
        } else {
            "NONE"
        };
        // Told whatever it is, as in the recordings.
        let entry = json!({
            "type": kind, "threshold": threshold, "score": score, "action": done, "detected": detected,
        });
        found(verdict, "contextualGroundingPolicy", "filters", entry);
    }
}

#[cfg(test)]
mod tests {
    use super::super::assess_subject;
    use super::*;

    #[test]
    fn an_answer_beside_its_source_is_not_grounded() {
        let guardrail = json!({ "contextualGroundingPolicy": { "filters": [
            { "type": "GROUNDING", "threshold": 0.7 },
            { "type": "RELEVANCE", "threshold": 0.5 },
        ] } });
        let verdict = |text| {
            let subject = Subject {
                grounding_source: "Tokyo is the capital of Japan.",
                query: "What is the capital of Japan?",
                ..Subject::text(text, Source::Output)
            };
            assess_subject(&guardrail, &subject)
        };
        // "tokyo", "capital", "japan" all stand in the source; the question's "what" does not in the
        // answer: two of three.
        let grounded = verdict("The capital of Japan is Tokyo");
        assert!(!grounded.blocked);
        let filters = &grounded.assessment["contextualGroundingPolicy"]["filters"];
        assert_eq!(filters[0]["score"], 1.0);
        assert_eq!(filters[1]["score"], 0.67);
        let invented = verdict("Whales live in oceans");
        assert!(invented.blocked);
        assert_eq!(
            invented.assessment["contextualGroundingPolicy"]["filters"][0]["score"],
            0.0
        );
    }
}
