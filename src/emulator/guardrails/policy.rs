//! Looking at a text with a guardrail's policies: words, personal data, patterns, denied topics,
//! content filters, contextual grounding.
//!
//! What AWS decides with models is simulated here by words: a content filter knows a few, a topic is
//! met by its name and examples, an answer is grounded as far as its words stand in the source.

mod content;
mod grounding;

use regex::{Regex, RegexBuilder};
use serde_json::{Value, json};

/// Whose text it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Input,
    Output,
}

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    pub text: &'a str,
    pub source: Source,
    /// What an answer is to be grounded in; empty when it was not said.
    pub grounding_source: &'a str,
    /// What it is to answer; empty when it was not said.
    pub query: &'a str,
    /// Whether what was looked for in vain is told, too.
    pub full: bool,
}

impl<'a> Subject<'a> {
    /// A text alone.
    pub fn text(text: &'a str, source: Source) -> Self {
        Self {
            text,
            source,
            grounding_source: "",
            query: "",
            full: false,
        }
    }
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

impl Verdict {
    /// Takes a finding in that blocks, or is only told.
    fn block_or_tell(&mut self, action: &str) -> &'static str {
        let blocks = action == "BLOCK";
        self.blocked |= blocks;
        if blocks { "BLOCKED" } else { "NONE" }
    }
}

/// Kinds of personal data that a pattern can find.
const PERSONAL_DATA: [(&str, &str); 16] = [
    ("EMAIL", r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}"),
    ("URL", r"https?://[^\s]+"),
    ("US_SOCIAL_SECURITY_NUMBER", r"\b\d{3}-\d{2}-\d{4}\b"),
    ("CREDIT_DEBIT_CARD_NUMBER", r"\b\d(?:[ -]?\d){12,18}\b"),
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
        r"(?:\+\d{1,3}[ -]?)?(?:\(\d{3}\)|\b\d{3})[ .-]?\d{3}[ .-]?\d{4}\b",
    ),
    (
        "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
        r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b",
    ),
    (
        "UK_NATIONAL_INSURANCE_NUMBER",
        r"\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b",
    ),
    (
        "NAME",
        r"\b(?:Mr|Mrs|Ms|Dr)\.? \p{Lu}\p{L}+(?: \p{Lu}\p{L}+)?",
    ),
    (
        "ADDRESS",
        r"\b\d{1,5} (?:\p{Lu}\p{L}+ )+(?:Street|Avenue|Road|Lane|Boulevard|Drive)\b",
    ),
    ("AGE", r"\b\d{1,3}[ -]years?[ -]old\b"),
    ("PASSWORD", r"(?i)\bpassword(?: is|:) ?\S+"),
    ("PIN", r"(?i)\bPIN(?: is|:) ?\d{4,6}\b"),
    (
        "VEHICLE_IDENTIFICATION_NUMBER",
        r"\b[A-HJ-NPR-Z0-9]{8}[0-9X][A-HJ-NPR-Z0-9]{8}\b",
    ),
];

/// A few words of the managed list.
const PROFANITY: [&str; 4] = ["damn", "crap", "bastard", "shit"];

/// Looks at a text alone.
pub fn assess(guardrail: &Value, text: &str, source: Source) -> Verdict {
    assess_subject(guardrail, &Subject::text(text, source))
}

/// Looks at a text and all that belongs to it.
pub fn assess_subject(guardrail: &Value, subject: &Subject<'_>) -> Verdict {
    let mut verdict = Verdict {
        blocked: false,
        masked: false,
        text: subject.text.to_owned(),
        assessment: json!({}),
    };
    words(guardrail, subject, &mut verdict);
    personal_data(guardrail, subject, &mut verdict);
    topics(guardrail, subject, &mut verdict);
    content::filters(guardrail, subject, &mut verdict);
    grounding::filters(guardrail, subject, &mut verdict);
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
        "topicPolicy" => &["topics"],
        _ => &["filters"],
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
    // A boundary beside a sign, as in "C++", would never be met.
    let boundary =
        |edge: Option<char>| edge.map_or("", |c| if c.is_alphanumeric() { r"\b" } else { "" });
    let (before, after) = (boundary(word.chars().next()), boundary(word.chars().last()));
    let pattern = format!("{before}{}{after}", regex::escape(word));
    let regex = RegexBuilder::new(&pattern)
        .case_insensitive(true)
        .build()
        .ok()?;
    regex.find(text).map(|hit| hit.as_str().to_owned())
}

fn words(guardrail: &Value, subject: &Subject<'_>, verdict: &mut Verdict) {
    for entry in list(guardrail, "wordPolicy", "words") {
        let Some(action) = action(entry, subject.source, "BLOCK") else {
            continue;
        };
        let word = entry["text"].as_str().unwrap_or_default();
        let hit = contains_word(subject.text, word);
        if hit.is_some() || subject.full {
            let done = hit
                .as_ref()
                .map_or("NONE", |_| verdict.block_or_tell(&action));
            let entry = json!({
                "match": hit.as_deref().unwrap_or_default(), "action": done, "detected": hit.is_some(),
            });
            found(verdict, "wordPolicy", "customWords", entry);
        }
    }
    for entry in list(guardrail, "wordPolicy", "managedWordLists") {
        let Some(action) = action(entry, subject.source, "BLOCK") else {
            continue;
        };
        let hits: Vec<String> = PROFANITY
            .iter()
            .filter_map(|word| contains_word(subject.text, word))
            .collect();
        for hit in &hits {
            let entry = json!({
                "match": hit, "type": "PROFANITY", "action": verdict.block_or_tell(&action), "detected": true,
            });
            found(verdict, "wordPolicy", "managedWordLists", entry);
        }
        if hits.is_empty() && subject.full {
            let entry =
                json!({ "match": "", "type": "PROFANITY", "action": "NONE", "detected": false });
            found(verdict, "wordPolicy", "managedWordLists", entry);
        }
    }
}

fn personal_data(guardrail: &Value, subject: &Subject<'_>, verdict: &mut Verdict) {
    for entry in list(guardrail, "sensitiveInformationPolicy", "piiEntities") {
        let kind = entry["type"].as_str().unwrap_or_default();
        let known = PERSONAL_DATA.iter().find(|(of, _)| *of == kind);
        let accepts = |hit: &str| kind != "CREDIT_DEBIT_CARD_NUMBER" || luhn(hit);
        let Some(action) = action(entry, subject.source, "BLOCK") else {
            continue;
        };
        let regex = known.and_then(|(_, pattern)| Regex::new(pattern).ok());
        let search = Search {
            list: "piiEntities",
            name: kind,
            action: &action,
            full: subject.full,
        };
        search.run(verdict, regex.as_ref(), accepts, |hit, action, detected| {
            json!({ "match": hit, "type": kind, "action": action, "detected": detected })
        });
    }
    for entry in list(guardrail, "sensitiveInformationPolicy", "regexes") {
        let name = entry["name"].as_str().unwrap_or_default();
        let pattern = entry["pattern"].as_str().unwrap_or_default();
        let Some(action) = action(entry, subject.source, "BLOCK") else {
            continue;
        };
        let search = Search {
            list: "regexes",
            name,
            action: &action,
            full: subject.full,
        };
        search.run(
            verdict,
            Regex::new(pattern).ok().as_ref(),
            |_| true,
            |hit, action, detected| {
                json!({ "match": hit, "name": name, "regex": pattern, "action": action, "detected": detected })
            },
        );
    }
}

/// A search for one kind of sensitive information.
struct Search<'a> {
    list: &'a str,
    name: &'a str,
    action: &'a str,
    full: bool,
}

impl Search<'_> {
    /// Finds all matches; blocks, or puts `{NAME}` in their place.
    fn run(
        &self,
        verdict: &mut Verdict,
        regex: Option<&Regex>,
        accepts: impl Fn(&str) -> bool,
        entry: impl Fn(&str, &str, bool) -> Value,
    ) {
        let policy = "sensitiveInformationPolicy";
        let hits: Vec<String> = regex
            .into_iter()
            .flat_map(|regex| regex.find_iter(&verdict.text))
            .map(|hit| hit.as_str().to_owned())
            .filter(|hit| !hit.is_empty() && accepts(hit))
            .collect();
        for hit in &hits {
            let done = match self.action {
                "BLOCK" => {
                    verdict.blocked = true;
                    "BLOCKED"
                }
                "ANONYMIZE" => {
                    verdict.masked = true;
                    verdict.text = verdict.text.replace(hit, &format!("{{{}}}", self.name));
                    "ANONYMIZED"
                }
                _ => "NONE",
            };
            found(verdict, policy, self.list, entry(hit, done, true));
        }
        if hits.is_empty() && self.full {
            found(verdict, policy, self.list, entry("", "NONE", false));
        }
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
fn topics(guardrail: &Value, subject: &Subject<'_>, verdict: &mut Verdict) {
    let text = telling_words(subject.text);
    for entry in list(guardrail, "topicPolicy", "topics") {
        let Some(action) = action(entry, subject.source, "BLOCK") else {
            continue;
        };
        let name = entry["name"].as_str().unwrap_or_default();
        let name_words = telling_words(name);
        let examples = entry["examples"].as_array().map_or(&[][..], Vec::as_slice);
        let named = !name_words.is_empty() && name_words.iter().all(|word| text.contains(word));
        let mut examples = examples.iter().filter_map(Value::as_str);
        let met = named || examples.any(|example| share(&telling_words(example), &text) >= 0.6);
        if met || subject.full {
            let done = if met {
                verdict.block_or_tell(&action)
            } else {
                "NONE"
            };
            let entry = json!({ "name": name, "type": "DENY", "action": done, "detected": met });
            found(verdict, "topicPolicy", "topics", entry);
        }
    }
}

/// How many of some words stand in a text, from 0 to 1.
fn share(words: &[String], text: &[String]) -> f64 {
    if words.is_empty() {
        return 0.0;
    }
    let shared = words.iter().filter(|word| text.contains(word)).count();
    #[expect(clippy::cast_precision_loss, reason = "no text has that many words")]
    let share = shared as f64 / words.len() as f64;
    share
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

    /// The blank behind the number belongs to the text.
    #[test]
    fn what_stands_beside_personal_data_stays() {
        let masked = |kind, text| assess(&pii(kind, "ANONYMIZE"), text, Source::Input).text;
        assert_eq!(
            masked("CREDIT_DEBIT_CARD_NUMBER", "pay 4111 1111 1111 1111 now"),
            "pay {CREDIT_DEBIT_CARD_NUMBER} now"
        );
        assert_eq!(masked("PHONE", "call 206-555-0100 now"), "call {PHONE} now");
        assert_eq!(masked("PHONE", "sums 206,555,0100"), "sums 206,555,0100");
    }

    #[test]
    fn words_may_end_in_signs() {
        let guardrail = json!({ "wordPolicy": { "words": [{ "text": "C++" }] } });
        assert!(assess(&guardrail, "I write c++ daily", Source::Input).blocked);
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
