//! Looking at a text with a guardrail's policies: words, personal data, patterns, denied topics.
//!
//! Content filters and grounding need a model and are not simulated: they never find anything.

use regex::{Regex, RegexBuilder};
use serde_json::{Value, json};

/// Whose text it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Input,
    Output,
}

/// What a guardrail says of a text.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The text must not pass.
    pub blocked: bool,
    /// Parts of the text were replaced.
    pub masked: bool,
    /// The text with those parts replaced.
    pub text: String,
    /// The reasons, in the service's form.
    pub assessment: Value,
}

/// Kinds of personal data that a pattern can find.
const PERSONAL_DATA: [(&str, &str); 8] = [
    ("EMAIL", r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}"),
    ("URL", r"https?://[^\s]+"),
    ("US_SOCIAL_SECURITY_NUMBER", r"\b\d{3}-\d{2}-\d{4}\b"),
    ("CREDIT_DEBIT_CARD_NUMBER", r"\b(?:\d[ -]?){13,19}\b"),
    (
        "IP_ADDRESS",
        r"\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b",
    ),
    (
        "MAC_ADDRESS",
        r"\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b",
    ),
    ("AWS_ACCESS_KEY", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    (
        "PHONE",
        r"(?:\+\d{1,3}[ -]?)?(?:\(\d{3}\)|\b\d{3})[ -.]?\d{3}[ -.]?\d{4}\b",
    ),
];

/// A few words of the managed list.
const PROFANITY: [&str; 4] = ["damn", "crap", "bastard", "shit"];

/// Looks at a text.
pub fn assess(guardrail: &Value, text: &str, source: Source) -> Verdict {
    let mut verdict = Verdict {
        blocked: false,
        masked: false,
        text: text.to_owned(),
        assessment: json!({}),
    };
    words(guardrail, text, source, &mut verdict);
    personal_data(guardrail, source, &mut verdict);
    topics(guardrail, text, source, &mut verdict);
    verdict
}

/// What an entry does with what it finds; `None` when it is switched off for this side.
fn action(entry: &Value, source: Source, default: &str) -> Option<String> {
    let (enabled, action) = match source {
        Source::Input => ("inputEnabled", "inputAction"),
        Source::Output => ("outputEnabled", "outputAction"),
    };
    if entry[enabled] == json!(false) {
        return None;
    }
    let action = entry[action]
        .as_str()
        .or(entry["action"].as_str())
        .unwrap_or(default);
    Some(action.to_owned())
}

fn list<'a>(guardrail: &'a Value, policy: &str, name: &str) -> &'a [Value] {
    guardrail[policy][name]
        .as_array()
        .map_or(&[], Vec::as_slice)
}

/// Notes a reason. A policy with any reason has both of its lists: the service model requires them.
fn found(verdict: &mut Verdict, policy: &str, name: &str, entry: Value) {
    let lists: &[&str] = match policy {
        "wordPolicy" => &["customWords", "managedWordLists"],
        "sensitiveInformationPolicy" => &["piiEntities", "regexes"],
        _ => &["topics"],
    };
    let place = &mut verdict.assessment[policy];
    if place.is_null() {
        *place = lists
            .iter()
            .map(|list| ((*list).to_owned(), json!([])))
            .collect();
    }
    if let Some(entries) = place[name].as_array_mut() {
        entries.push(entry);
    }
}

fn contains_word(text: &str, word: &str) -> Option<String> {
    let pattern = format!(r"\b{}\b", regex::escape(word));
    let regex = RegexBuilder::new(&pattern)
        .case_insensitive(true)
        .build()
        .ok()?;
    regex.find(text).map(|hit| hit.as_str().to_owned())
}

fn words(guardrail: &Value, text: &str, source: Source, verdict: &mut Verdict) {
    for entry in list(guardrail, "wordPolicy", "words") {
        let Some(action) = action(entry, source, "BLOCK") else {
            continue;
        };
        if let Some(hit) = contains_word(text, entry["text"].as_str().unwrap_or_default()) {
            let blocks = action == "BLOCK";
            verdict.blocked |= blocks;
            let entry = json!({ "match": hit, "action": if blocks { "BLOCKED" } else { "NONE" }, "detected": true });
            found(verdict, "wordPolicy", "customWords", entry);
        }
    }
    for entry in list(guardrail, "wordPolicy", "managedWordLists") {
        let Some(action) = action(entry, source, "BLOCK") else {
            continue;
        };
        for hit in PROFANITY
            .iter()
            .filter_map(|word| contains_word(text, word))
        {
            let blocks = action == "BLOCK";
            verdict.blocked |= blocks;
            let entry = json!({
                "match": hit, "type": "PROFANITY", "action": if blocks { "BLOCKED" } else { "NONE" }, "detected": true,
            });
            found(verdict, "wordPolicy", "managedWordLists", entry);
        }
    }
}

fn personal_data(guardrail: &Value, source: Source, verdict: &mut Verdict) {
    for entry in list(guardrail, "sensitiveInformationPolicy", "piiEntities") {
        let kind = entry["type"].as_str().unwrap_or_default();
        let Some((_, pattern)) = PERSONAL_DATA.iter().find(|(of, _)| *of == kind) else {
            continue;
        };
        let accepts = |hit: &str| kind != "CREDIT_DEBIT_CARD_NUMBER" || luhn(hit);
        if let (Some(action), Ok(regex)) = (action(entry, source, "BLOCK"), Regex::new(pattern)) {
            replace(
                verdict,
                &regex,
                &action,
                kind,
                accepts,
                "piiEntities",
                |hit, action| json!({ "match": hit, "type": kind, "action": action, "detected": true }),
            );
        }
    }
    for entry in list(guardrail, "sensitiveInformationPolicy", "regexes") {
        let name = entry["name"].as_str().unwrap_or_default();
        let pattern = entry["pattern"].as_str().unwrap_or_default();
        if let (Some(action), Ok(regex)) = (action(entry, source, "BLOCK"), Regex::new(pattern)) {
            replace(
                verdict,
                &regex,
                &action,
                name,
                |_| true,
                "regexes",
                |hit, action| json!({ "match": hit, "name": name, "regex": pattern, "action": action, "detected": true }),
            );
        }
    }
}

/// Finds all matches; blocks, or puts `{NAME}` in their place.
fn replace(
    verdict: &mut Verdict,
    regex: &Regex,
    action: &str,
    name: &str,
    accepts: impl Fn(&str) -> bool,
    list: &str,
    entry: impl Fn(&str, &str) -> Value,
) {
    let hits: Vec<String> = regex
        .find_iter(&verdict.text)
        .map(|hit| hit.as_str().to_owned())
        .filter(|hit| accepts(hit))
        .collect();
    for hit in hits {
        let done = match action {
            "BLOCK" => {
                verdict.blocked = true;
                "BLOCKED"
            }
            "ANONYMIZE" => {
                verdict.masked = true;
                verdict.text = verdict.text.replace(&hit, &format!("{{{name}}}"));
                "ANONYMIZED"
            }
            _ => "NONE",
        };
        found(
            verdict,
            "sensitiveInformationPolicy",
            list,
            entry(&hit, done),
        );
    }
}

/// The checksum of card numbers, ISO/IEC 7812-1.
fn luhn(number: &str) -> bool {
    let digits: Vec<u32> = number.chars().filter_map(|c| c.to_digit(10)).collect();
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => *digit,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    digits.len() >= 13 && sum.is_multiple_of(10)
}

/// A topic is met when the text has the words of its name, or most of an example's telling words.
fn topics(guardrail: &Value, text: &str, source: Source, verdict: &mut Verdict) {
    let text = telling_words(text);
    let share = |words: &[String]| {
        let shared = words.iter().filter(|word| text.contains(word)).count();
        !words.is_empty() && shared * 10 >= words.len() * 6
    };
    for entry in list(guardrail, "topicPolicy", "topics") {
        let Some(action) = action(entry, source, "BLOCK") else {
            continue;
        };
        let name = entry["name"].as_str().unwrap_or_default();
        let name_words = telling_words(name);
        let examples = entry["examples"].as_array().map_or(&[][..], Vec::as_slice);
        let named = !name_words.is_empty() && name_words.iter().all(|word| text.contains(word));
        let met = named
            || examples
                .iter()
                .filter_map(Value::as_str)
                .any(|example| share(&telling_words(example)));
        if met {
            let blocks = action == "BLOCK";
            verdict.blocked |= blocks;
            let entry = json!({
                "name": name, "type": "DENY", "action": if blocks { "BLOCKED" } else { "NONE" }, "detected": true,
            });
            found(verdict, "topicPolicy", "topics", entry);
        }
    }
}

/// Words of four letters and more, in lower case and without a plural's s.
fn telling_words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| word.chars().count() > 3)
        .map(|word| word.strip_suffix('s').map_or(word.clone(), str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pii(kind: &str, action: &str) -> Value {
        json!({ "sensitiveInformationPolicy": { "piiEntities": [{ "type": kind, "action": action }] } })
    }

    #[test]
    fn personal_data_is_masked_or_blocked() {
        let text = "Write to abc@pqrt.com today";
        let masked = assess(&pii("EMAIL", "ANONYMIZE"), text, Source::Input);
        assert_eq!(masked.text, "Write to {EMAIL} today");
        assert!(masked.masked && !masked.blocked);
        assert!(assess(&pii("EMAIL", "BLOCK"), text, Source::Input).blocked);
        assert!(!assess(&pii("PHONE", "BLOCK"), text, Source::Input).blocked);
    }

    /// 4111 1111 1111 1111 is the well-known test number; with another last digit the checksum fails.
    #[test]
    fn card_numbers_must_have_a_right_checksum() {
        let guardrail = pii("CREDIT_DEBIT_CARD_NUMBER", "BLOCK");
        assert!(assess(&guardrail, "4111 1111 1111 1111", Source::Output).blocked);
        assert!(!assess(&guardrail, "4111 1111 1111 1112", Source::Output).blocked);
    }

    #[test]
    fn words_are_whole_words_on_the_side_they_are_for() {
        let guardrail =
            json!({ "wordPolicy": { "words": [{ "text": "HATE", "outputEnabled": false }] } });
        assert!(assess(&guardrail, "I hate it", Source::Input).blocked);
        assert!(!assess(&guardrail, "whatever", Source::Input).blocked);
        assert!(!assess(&guardrail, "I hate it", Source::Output).blocked);
    }

    #[test]
    fn a_topic_is_met_by_its_examples() {
        let guardrail = json!({ "topicPolicy": { "topics": [{
            "name": "Investment", "definition": "Advice on money", "type": "DENY",
            "examples": ["Which stocks should I buy?"],
        }] } });
        assert!(
            assess(
                &guardrail,
                "Tell me which stock I should buy now",
                Source::Input
            )
            .blocked
        );
        assert!(!assess(&guardrail, "Tell me about rivers", Source::Input).blocked);
    }
}
