//! Answers that were paid for, so that nobody pays for them again: what makes one the answer to a
//! question, and where they are kept.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::job::{Described, JobOptions};
use super::prompt::Alt;
use crate::catalog::ModelId;
use crate::chat::Metrics;

/// An answer by the SHA-256 of all that was asked, as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaidAnswer {
    /// The SHA-256.
    pub key: [u8; 32],
    /// The answer.
    pub record: String,
}

impl PaidAnswer {
    pub(super) fn new(key: [u8; 32], described: &Described) -> Result<Self, String> {
        let record = serde_json::to_string(&Record::from(described));
        let record = record.map_err(|error| error.to_string())?;
        Ok(Self { key, record })
    }
}

/// Where answers are kept, by the SHA-256 of all that was asked. Both ways block.
pub trait PaidAnswers: Send + Sync {
    /// The answer to what was asked before.
    ///
    /// # Errors
    /// In words, when it cannot be looked up.
    fn find(&self, key: [u8; 32]) -> Result<Option<String>, String>;

    /// Keeps answers, all of them or none.
    ///
    /// # Errors
    /// In words, when they cannot be kept.
    fn keep(&self, answers: &[PaidAnswer]) -> Result<(), String>;
}

/// The answers a job keeps, and looks among before it asks.
#[derive(Clone)]
pub struct Paid {
    answers: Arc<dyn PaidAnswers>,
    ask_again: bool,
}

impl fmt::Debug for Paid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Paid(ask_again: {})", self.ask_again)
    }
}

impl Paid {
    /// Nothing is asked twice.
    pub fn reused(answers: Arc<dyn PaidAnswers>) -> Self {
        Self {
            answers,
            ask_again: false,
        }
    }

    /// Everything is asked, and kept for a later job.
    pub fn kept_only(answers: Arc<dyn PaidAnswers>) -> Self {
        Self {
            answers,
            ask_again: true,
        }
    }

    /// The answer to what was asked before; one that cannot be read is none.
    pub(super) fn find(&self, key: [u8; 32]) -> Option<Described> {
        if self.ask_again {
            return None;
        }
        let found = self.answers.find(key).unwrap_or_else(|error| {
            tracing::warn!("an answer that may have been paid for cannot be looked up: {error}");
            None
        })?;
        let record: Record = serde_json::from_str(&found).ok()?;
        Some(record.into())
    }

    pub(super) fn keep(&self, answers: &[PaidAnswer]) -> Result<(), String> {
        self.answers.keep(answers)
    }
}

/// What makes an answer the answer to a question: the picture's bytes, the model, the whole text, and
/// what changes how the picture or the answer looks. Simulated answers never stand for real ones.
pub(super) fn key(
    content_hash: [u8; 32],
    text: &str,
    options: &JobOptions,
    simulated_or_local: bool,
) -> [u8; 32] {
    /// Raised when the meaning of what follows changes.
    const FORM: u8 = 1;
    let mut hash = Sha256::new();
    hash.update([FORM, u8::from(simulated_or_local)]);
    hash.update(content_hash);
    // With their lengths, so that the end of one cannot be taken for the beginning of the next.
    for part in [options.model_id.as_str(), text] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.update(options.max_tokens.to_be_bytes());
    hash.update(options.limits.longest_side().to_be_bytes());
    hash.finalize().into()
}

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    alt: Alt,
    model_id: ModelId,
    #[serde(default)]
    stop_reason: Option<String>,
    #[serde(default)]
    request_id: Option<String>,
    simulated: bool,
}

impl From<&Described> for Record {
    fn from(described: &Described) -> Self {
        Self {
            alt: described.alt.clone(),
            model_id: described.model_id.clone(),
            stop_reason: described.stop_reason.clone(),
            request_id: described.request_id.clone(),
            simulated: described.simulated,
        }
    }
}

impl From<Record> for Described {
    fn from(record: Record) -> Self {
        Self {
            alt: record.alt,
            model_id: record.model_id,
            stop_reason: record.stop_reason,
            // What it took was billed then.
            usage: None,
            metrics: Metrics::default(),
            cost: None,
            request_id: record.request_id,
            simulated: record.simulated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_question_has_another_key() {
        let options = JobOptions::new("model".into());
        let first = key([1; 32], "text", &options, false);
        assert_eq!(first, key([1; 32], "text", &options.clone(), false));
        let mut others = vec![
            key([2; 32], "text", &options, false),
            key([1; 32], "text ", &options, false),
            key([1; 32], "text", &options, true),
            key([1; 32], "text", &JobOptions::new("model2".into()), false),
            // The same letters, divided otherwise.
            key([1; 32], "ltext", &JobOptions::new("mode".into()), false),
        ];
        let mut longer = options.clone();
        longer.max_tokens += 1;
        others.push(key([1; 32], "text", &longer, false));
        let mut smaller = options;
        smaller.limits.max_edge = Some(800);
        others.push(key([1; 32], "text", &smaller, false));
        assert!(others.iter().all(|other| *other != first));
    }
}
