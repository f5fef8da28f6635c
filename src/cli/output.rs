//! Where results and remarks go, and the one form answers have in JSON.

use std::borrow::Cow;
use std::io::{self, IsTerminal as _, Write};

use serde::Serialize;

use crate::chat::{Failure, Invocation, Metrics, Turn, Usage};
use crate::pricing::{CostBreakdown, Prices};

/// Results to one writer, remarks to another.
pub struct Output {
    results: Box<dyn Write>,
    remarks: Box<dyn Write>,
    /// Whether they are read in a terminal, which obeys some characters instead of showing them.
    results_on_terminal: bool,
    remarks_on_terminal: bool,
}

impl Output {
    /// Standard output and standard error.
    pub fn standard() -> Self {
        Self {
            results: Box::new(io::stdout()),
            remarks: Box::new(io::stderr()),
            results_on_terminal: io::stdout().is_terminal(),
            remarks_on_terminal: io::stderr().is_terminal(),
        }
    }

    /// A line of result.
    pub fn line(&mut self, text: &str) -> io::Result<()> {
        let text = readable(text, self.results_on_terminal);
        writeln!(self.results, "{text}")
    }

    /// A piece of result, shown at once.
    pub fn piece(&mut self, text: &str) -> io::Result<()> {
        let text = readable(text, self.results_on_terminal);
        self.results.write_all(text.as_bytes())?;
        self.results.flush()
    }

    /// A result that need not be text.
    pub fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.results.write_all(bytes)?;
        self.results.flush()
    }

    /// One object on one line.
    pub fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string(value).map_err(io::Error::other)?;
        self.line(&text)
    }

    /// A remark. There is nobody to tell when this fails.
    pub fn note(&mut self, text: &str) {
        let text = readable(text, self.remarks_on_terminal);
        writeln!(self.remarks, "{text}").ok();
    }

    /// A failure, in words.
    pub fn failure(&mut self, what: Option<&str>, failure: &Failure) {
        let what = what.map_or_else(String::new, |what| format!("{what}: "));
        let status = failure
            .status
            .map_or_else(String::new, |status| format!(" (HTTP {status})"));
        self.note(&format!(
            "{what}{}{status}: {}",
            failure.code, failure.message
        ));
        self.note(&failure.advice);
    }
}

/// A text as it may go to a terminal: what models and services say must not move its cursor, rename its window
/// or write to its clipboard. Files and pipes get it as it is.
fn readable(text: &str, on_terminal: bool) -> Cow<'_, str> {
    let is_obeyed = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
    if !on_terminal || !text.contains(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let shown = |letter: char| {
        if is_obeyed(letter) {
            char::REPLACEMENT_CHARACTER
        } else {
            letter
        }
    };
    Cow::Owned(text.chars().map(shown).collect())
}

/// An answer as a script reads it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AnswerRecord<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<&'a str>,
    pub model_id: &'a str,
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<&'a Usage>,
    pub metrics: Metrics,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<CostBreakdown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<&'a str>,
    pub simulated: bool,
    /// Whether a local server answered.
    pub local: bool,
}

impl<'a> AnswerRecord<'a> {
    /// An answer that is whole.
    pub fn new(
        file: Option<&'a str>,
        turn: &'a Turn,
        invocation: &'a Invocation,
        prices: &Prices,
    ) -> Self {
        Self {
            file,
            model_id: invocation.model_id.as_str(),
            text: turn.message.text(),
            stop_reason: invocation
                .stop_reason
                .as_ref()
                .map(crate::chat::StopReason::as_str),
            usage: invocation.usage.as_ref(),
            metrics: invocation.metrics,
            cost: prices.of_invocation(invocation),
            request_id: invocation.request_id.as_deref(),
            simulated: invocation.simulated,
            local: invocation.model_id.is_local(),
        }
    }

    /// What it took, on one line for people.
    pub fn summary(&self) -> String {
        let mut parts = Vec::new();
        if let Some(usage) = self.usage {
            parts.push(format!(
                "{} tokens in, {} out",
                usage.input_tokens, usage.output_tokens
            ));
        }
        if let Some(latency) = self.metrics.latency_ms {
            parts.push(format!("{latency} ms"));
        }
        if let Some(first) = self.metrics.time_to_first_token_ms {
            parts.push(format!("first token after {first} ms"));
        }
        match self.cost.as_ref().map(CostBreakdown::total) {
            Some(Some(total)) if self.simulated => {
                parts.push(format!("simulated, not charged ({total} on AWS)"));
            }
            _ if self.local => parts.push("local model, not charged".to_owned()),
            Some(Some(total)) => parts.push(total.to_string()),
            Some(None) => parts.push("cost unknown".to_owned()),
            None => {}
        }
        parts.join(", ")
    }
}

/// A failure as a script reads it.
#[derive(Serialize)]
pub struct FailureRecord<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<&'a str>,
    pub error: &'a Failure,
}

/// Columns under one another.
pub fn table(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    rows.iter()
        .map(|row| {
            let cells: Vec<_> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell:width$}"))
                .collect();
            cells.join("  ").trim_end().to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        assert_eq!(
            table(&[row(["é", "b"]), row(["long", "c"])]),
            ["é     b", "long  c"]
        );
    }

    #[test]
    fn a_terminal_is_not_told_what_to_do_by_an_answer() {
        // The window's name, the clipboard, the cursor, and C1's one-letter forms.
        let said = "\u{1b}]0;mine\u{7}a\u{1b}]52;c;aGk=\u{7}b\u{1b}[2Jc\u{9b}2Jd\r\n\te";
        let shown = readable(said, true);
        let obeyed = ['\u{1b}', '\u{7}', '\u{9b}', '\r'];
        assert!(!shown.contains(obeyed), "{shown:?}");
        assert!(shown.contains("\n\te"), "{shown:?}");
        assert_eq!(readable(said, false), said, "a file has it as it was said");
    }
}
