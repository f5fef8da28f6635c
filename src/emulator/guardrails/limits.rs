//! What a guardrail may be made of: the lengths, counts and words of the service model, and the service's
//! way to say what is wrong.

use regex::Regex;
use serde_json::{Value, json};

use crate::emulator::api_error::ApiError;

const POLICIES: [&str; 6] = [
    "topicPolicyConfig",
    "contentPolicyConfig",
    "wordPolicyConfig",
    "sensitiveInformationPolicyConfig",
    "contextualGroundingPolicyConfig",
    "automatedReasoningPolicyConfig",
];

const CONTENT_KINDS: [&str; 6] = [
    "SEXUAL",
    "VIOLENCE",
    "HATE",
    "INSULTS",
    "MISCONDUCT",
    "PROMPT_ATTACK",
];

/// Looks at the body of a request that makes or changes a guardrail.
pub fn check(body: &Value) -> Result<(), ApiError> {
    for member in ["name", "blockedInputMessaging", "blockedOutputsMessaging"] {
        if body[member].as_str().is_none_or(str::is_empty) {
            return Err(ApiError::validation(format!(
                "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"
            )));
        }
    }
    let name = body["name"].as_str().unwrap_or_default();
    length("name", name, 50)?;
    if !name
        .bytes()
        .all(|c| c.is_ascii_alphanumeric() || b"-_".contains(&c))
    {
        return Err(constraint(
            "name",
            "Member must satisfy regular expression pattern: [0-9a-zA-Z-_]+",
        ));
    }
    optional(body, "", "description", 200)?;
    optional(body, "", "blockedInputMessaging", 500)?;
    optional(body, "", "blockedOutputsMessaging", 500)?;
    if POLICIES.iter().all(|policy| body[*policy].is_null()) {
        return Err(ApiError::validation(
            "At least one policy must be configured for the guardrail.",
        ));
    }
    topics(body)?;
    content(body)?;
    words(body)?;
    patterns(body)?;
    grounding(body)
}

fn topics(body: &Value) -> Result<(), ApiError> {
    for (at, entry) in list(body, "topicPolicyConfig", "topicsConfig", 30)? {
        required(entry, &at, "name", 100)?;
        required(entry, &at, "definition", 200)?;
        let examples = entry["examples"].as_array().map_or(0, Vec::len);
        count(&format!("{at}.examples"), examples, 5)?;
        for example in entry["examples"].as_array().into_iter().flatten() {
            length(
                &format!("{at}.examples"),
                example.as_str().unwrap_or_default(),
                100,
            )?;
        }
    }
    Ok(())
}

fn content(body: &Value) -> Result<(), ApiError> {
    for (at, entry) in list(body, "contentPolicyConfig", "filtersConfig", 6)? {
        let kind = entry["type"].as_str().unwrap_or_default();
        if !CONTENT_KINDS.contains(&kind) {
            return Err(constraint(
                &format!("{at}.type"),
                &format!(
                    "Member must satisfy enum value set: [{}]",
                    CONTENT_KINDS.join(", ")
                ),
            ));
        }
        if kind == "PROMPT_ATTACK" && !matches!(entry["outputStrength"].as_str(), Some("NONE")) {
            return Err(ApiError::validation(
                "The output strength of the PROMPT_ATTACK filter must be NONE.",
            ));
        }
    }
    Ok(())
}

fn words(body: &Value) -> Result<(), ApiError> {
    for (at, entry) in list(body, "wordPolicyConfig", "wordsConfig", 10_000)? {
        required(entry, &at, "text", 100)?;
    }
    Ok(())
}

fn patterns(body: &Value) -> Result<(), ApiError> {
    let policy = "sensitiveInformationPolicyConfig";
    for (at, entry) in list(body, policy, "regexesConfig", 30)? {
        required(entry, &at, "name", 100)?;
        required(entry, &at, "pattern", 500)?;
        optional(entry, &at, "description", 1_000)?;
        let pattern = entry["pattern"].as_str().unwrap_or_default();
        if Regex::new(pattern).is_err() {
            return Err(ApiError::validation(format!(
                "The regex pattern {pattern} is not valid."
            )));
        }
    }
    Ok(())
}

fn grounding(body: &Value) -> Result<(), ApiError> {
    let policy = "contextualGroundingPolicyConfig";
    for (at, entry) in list(body, policy, "filtersConfig", 2)? {
        let threshold = entry["threshold"].as_f64().unwrap_or(-1.0);
        if !(0.0..1.0).contains(&threshold) {
            return Err(constraint(
                &format!("{at}.threshold"),
                "Member must be between 0 and 0.99",
            ));
        }
    }
    Ok(())
}

/// The entries of a policy's list, each with the place the service calls it by.
fn list<'a>(
    body: &'a Value,
    policy: &str,
    name: &str,
    most: usize,
) -> Result<Vec<(String, &'a Value)>, ApiError> {
    let entries = body[policy][name].as_array().map_or(&[][..], Vec::as_slice);
    count(&format!("{policy}.{name}"), entries.len(), most)?;
    let places = entries.iter().enumerate();
    Ok(places
        .map(|(at, entry)| (format!("{policy}.{name}.{}.member", at + 1), entry))
        .collect())
}

fn required(entry: &Value, at: &str, member: &str, longest: usize) -> Result<(), ApiError> {
    if entry[member].as_str().is_none_or(str::is_empty) {
        return Err(constraint(
            &format!("{at}.{member}"),
            "Member must have length greater than or equal to 1",
        ));
    }
    optional(entry, at, member, longest)
}

fn optional(entry: &Value, at: &str, member: &str, longest: usize) -> Result<(), ApiError> {
    let place = if at.is_empty() {
        member.to_owned()
    } else {
        format!("{at}.{member}")
    };
    length(&place, entry[member].as_str().unwrap_or_default(), longest)
}

fn length(place: &str, text: &str, longest: usize) -> Result<(), ApiError> {
    count(place, text.chars().count(), longest)
}

fn count(place: &str, count: usize, most: usize) -> Result<(), ApiError> {
    if count > most {
        return Err(constraint(
            place,
            &format!("Member must have length less than or equal to {most}"),
        ));
    }
    Ok(())
}

/// What was given is not repeated: the service model calls it sensitive.
fn constraint(place: &str, rule: &str) -> ApiError {
    ApiError::validation(format!(
        "1 validation error detected: Value at '{place}' failed to satisfy constraint: {rule}"
    ))
}

/// What the playground's own endpoint begins with, so that there is something to look at and to try.
pub fn example() -> Value {
    json!({
        "name": "example-guardrail",
        "description": "An example of the embedded endpoint: simulated, and gone with the window",
        "blockedInputMessaging": "Sorry, this question cannot be answered here.",
        "blockedOutputsMessaging": "Sorry, the answer cannot be shown here.",
        "contentPolicyConfig": { "filtersConfig": [
            { "type": "HATE", "inputStrength": "HIGH", "outputStrength": "HIGH" },
            { "type": "VIOLENCE", "inputStrength": "MEDIUM", "outputStrength": "MEDIUM" },
            { "type": "PROMPT_ATTACK", "inputStrength": "HIGH", "outputStrength": "NONE" },
        ] },
        "topicPolicyConfig": { "topicsConfig": [{
            "name": "Investment advice",
            "definition": "Recommendations on what to buy, sell or hold to make money.",
            "examples": ["Which stocks should I buy?"],
            "type": "DENY",
        }] },
        "wordPolicyConfig": {
            "wordsConfig": [{ "text": "heist" }],
            "managedWordListsConfig": [{ "type": "PROFANITY" }],
        },
        "sensitiveInformationPolicyConfig": {
            "piiEntitiesConfig": [
                { "type": "EMAIL", "action": "ANONYMIZE" },
                { "type": "CREDIT_DEBIT_CARD_NUMBER", "action": "BLOCK" },
            ],
            "regexesConfig": [{
                "name": "Order number", "pattern": r"\bORD-\d{6}\b", "action": "ANONYMIZE",
            }],
        },
        "contextualGroundingPolicyConfig": { "filtersConfig": [
            { "type": "GROUNDING", "threshold": 0.6 },
            { "type": "RELEVANCE", "threshold": 0.3 },
        ] },
    })
}
