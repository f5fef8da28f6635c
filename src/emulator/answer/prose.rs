//! The words of simulated answers.

use std::fmt::Write as _;

use super::fingerprint;
use crate::catalog::ModelFacts;
use crate::emulator::picture::Picture;
use crate::emulator::request::{Block, ConverseRequest};
use crate::emulator::tokens;

/// Words that say nothing about a prompt's subject.
const COMMON: [&str; 40] = [
    "about", "after", "also", "and", "answer", "are", "can", "could", "does", "each", "explain",
    "for", "from", "give", "have", "how", "into", "just", "list", "make", "more", "please", "show",
    "some", "tell", "than", "that", "the", "their", "them", "then", "there", "these", "this",
    "what", "when", "where", "which", "with", "write",
];

/// What is said of pictures: one phrase when alt text is asked for, else a short list.
pub fn of_pictures(prompt: &str, pictures: &[&Picture]) -> String {
    let prompt = prompt.to_lowercase();
    let phrase_only =
        prompt.contains("alt text") || prompt.contains("alt-text") || prompt.contains("one phrase");
    if let ([picture], true) = (pictures, phrase_only) {
        return format!("{} (simulated)", picture.phrase());
    }
    let mut text = String::from("**Simulated description**, worked out from the pixels alone:\n\n");
    for (index, picture) in pictures.iter().enumerate() {
        writeln!(text, "{}. {}", index + 1, picture.phrase()).ok();
    }
    text
}

/// What a reasoning model would show of its thoughts.
pub fn reasoning(prompt: &str) -> String {
    let words = prompt.split_whitespace().count();
    format!(
        "Simulated reasoning: the prompt has {words} words. I shall name its subject, then show one of each kind of Markdown."
    )
}

/// An answer to text, with one of each kind of Markdown, about the prompt's own words.
pub fn markdown(request: &ConverseRequest, model: &ModelFacts, seed: u64) -> String {
    let prompt = request.prompt();
    let subject = subject(&prompt);
    let opening = [
        "This answer is **simulated** by the embedded endpoint: no model has read your prompt.",
        "No model stands behind this answer: the embedded endpoint **simulates** it.",
        "You are reading a **simulated** answer, made by the embedded endpoint from your prompt's words.",
    ];
    let chosen = usize::try_from(fingerprint(&[&prompt, model.id], seed) % 3).unwrap_or(0);
    let mut text = format!("## {subject}\n\n{}\n\n", opening[chosen]);
    writeln!(text, "What the request held:\n").ok();
    writeln!(
        text,
        "- the prompt, {} words in {} characters",
        prompt.split_whitespace().count(),
        prompt.chars().count()
    )
    .ok();
    writeln!(
        text,
        "- {} earlier messages and {} system prompts",
        request.messages.len() - 1,
        request.system.len()
    )
    .ok();
    let documents = request
        .blocks()
        .filter(|block| matches!(block, Block::Document { .. }))
        .count();
    if documents > 0 {
        writeln!(text, "- {documents} documents").ok();
    }
    let results = request.last().iter().filter_map(|block| match block {
        Block::ToolResult(result) => Some(result.as_str()),
        _ => None,
    });
    for result in results {
        writeln!(text, "- a tool's result: {}", excerpt(result)).ok();
    }
    write!(
        text,
        "\n```json\n{{\n  \"modelId\": \"{}\",\n  \"simulated\": true\n}}\n```\n\n\
         | what | value |\n|---|---|\n| model | {} |\n| provider | {} |\n| prompt tokens, about | {} |\n",
        model.id,
        model.name,
        model.provider,
        tokens::of_text(&prompt),
    )
    .ok();
    text
}

/// The prompt's longest telling words, in their order.
fn subject(prompt: &str) -> String {
    let mut words: Vec<&str> = Vec::new();
    for word in prompt.split(|c: char| !c.is_alphanumeric()) {
        let telling = word.chars().count() > 2 && !COMMON.contains(&word.to_lowercase().as_str());
        if telling && !words.contains(&word) {
            words.push(word);
        }
        if words.len() == 4 {
            break;
        }
    }
    let subject = words.join(" ").to_lowercase();
    let mut letters = subject.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => "Your prompt".to_owned(),
    }
}

fn excerpt(text: &str) -> String {
    let short: String = text.chars().take(80).collect();
    if short.len() < text.len() {
        format!("{short}…")
    } else {
        short
    }
}
