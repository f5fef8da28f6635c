//! What a guardrail found, read out of its trace: which policy, what matched, what was done.

use serde_json::Value;

/// Whose words something was found in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The prompt.
    Input,
    /// The answer.
    Output,
}

/// One thing a guardrail found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub side: Side,
    /// By which policy, in words.
    pub policy: String,
    /// What the policy calls it: a topic's name, a kind of personal data, a filter.
    pub name: String,
    /// The words that matched, where the service tells them.
    pub matched: Option<String>,
    /// How sure, or how well grounded, where that is told.
    pub degree: Option<String>,
    /// What was done: `BLOCKED`, `ANONYMIZED`, `NONE`.
    pub action: String,
}

/// Policies by the service's names: in words, and the lists of findings each has.
const POLICIES: &[(&str, &str, &[&str])] = &[
    ("topicPolicy", "Denied topic", &["topics"]),
    ("contentPolicy", "Content filter", &["filters"]),
    (
        "wordPolicy",
        "Word filter",
        &["customWords", "managedWordLists"],
    ),
    (
        "sensitiveInformationPolicy",
        "Sensitive information",
        &["piiEntities", "regexes"],
    ),
    (
        "contextualGroundingPolicy",
        "Contextual grounding",
        &["filters"],
    ),
    (
        "automatedReasoningPolicy",
        "Automated reasoning",
        &["findings"],
    ),
];

/// Everything a trace says was found, the prompt's first.
#[must_use]
pub fn findings(trace: &Value) -> Vec<Finding> {
    let guardrail = trace.get("guardrail").unwrap_or(trace);
    let mut findings = Vec::new();
    for assessment in values(&guardrail["inputAssessment"]) {
        of_assessment(assessment, Side::Input, &mut findings);
    }
    for assessments in values(&guardrail["outputAssessments"]) {
        for assessment in assessments.as_array().into_iter().flatten() {
            of_assessment(assessment, Side::Output, &mut findings);
        }
    }
    findings
}

/// The findings of one assessment, as `ApplyGuardrail` gives it too.
pub fn of_assessment(assessment: &Value, side: Side, findings: &mut Vec<Finding>) {
    for (name, words, lists) in POLICIES {
        for list in *lists {
            let entries = assessment[*name][*list].as_array().into_iter().flatten();
            // A full answer also lists all that was looked for in vain.
            for entry in entries.filter(|entry| entry["detected"] != false) {
                findings.push(finding(entry, side, words));
            }
        }
    }
}

fn finding(entry: &Value, side: Side, policy: &str) -> Finding {
    let text = |name: &str| entry[name].as_str().map(str::to_owned);
    let matched = text("match");
    let degree = text("confidence").or_else(|| {
        let (score, threshold) = (entry["score"].as_f64()?, entry["threshold"].as_f64()?);
        Some(format!("{score:.2}, asked for {threshold:.2}"))
    });
    Finding {
        side,
        policy: policy.to_owned(),
        name: text("name")
            .or_else(|| text("type"))
            .or_else(|| matched.clone())
            .unwrap_or_default(),
        matched,
        degree,
        action: text("action").unwrap_or_else(|| "NONE".to_owned()),
    }
}

/// The members of an object: guardrails by their ids.
fn values(object: &Value) -> impl Iterator<Item = &Value> {
    object
        .as_object()
        .into_iter()
        .flat_map(serde_json::Map::values)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The shapes are those of the service model's `GuardrailAssessment`.
    #[test]
    fn every_policy_is_read() {
        let trace = json!({ "guardrail": {
            "inputAssessment": { "g1": {
                "topicPolicy": { "topics": [{ "name": "Heists", "type": "DENY", "action": "BLOCKED" }] },
                "contentPolicy": { "filters": [{ "type": "HATE", "confidence": "HIGH", "action": "BLOCKED" }] },
                "wordPolicy": { "customWords": [{ "match": "loot", "action": "BLOCKED" }], "managedWordLists": [] },
            } },
            "outputAssessments": { "g1": [{
                "sensitiveInformationPolicy": { "piiEntities": [{ "match": "a@b.c", "type": "EMAIL", "action": "ANONYMIZED" }] },
                "contextualGroundingPolicy": { "filters": [{ "type": "GROUNDING", "threshold": 0.8, "score": 0.5, "action": "BLOCKED" }] },
            }] },
        } });
        let found = findings(&trace);
        let told: Vec<_> = found
            .iter()
            .map(|finding| {
                (
                    finding.side,
                    finding.policy.as_str(),
                    finding.name.as_str(),
                    finding.action.as_str(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (Side::Input, "Denied topic", "Heists", "BLOCKED"),
                (Side::Input, "Content filter", "HATE", "BLOCKED"),
                (Side::Input, "Word filter", "loot", "BLOCKED"),
                (Side::Output, "Sensitive information", "EMAIL", "ANONYMIZED"),
                (Side::Output, "Contextual grounding", "GROUNDING", "BLOCKED"),
            ]
        );
        assert_eq!(found[1].degree.as_deref(), Some("HIGH"));
        assert_eq!(found[3].matched.as_deref(), Some("a@b.c"));
        assert_eq!(found[4].degree.as_deref(), Some("0.50, asked for 0.80"));
    }
}
