//! Whole answers, kept as each of them comes, so that `--resume` asks only for what is missing.
//!
//! They are kept by all that was asked, beside those of `alt-text`; a judge's verdict is an answer too.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::task::spawn_blocking;

use crate::bedrock::Connection;
use crate::chat::{
    ContentBlock, Invocation, InvocationId, InvocationRecord, InvocationStatus, Message, Request,
};
use crate::cli::output::Output;
use crate::store::Store;

/// What an answer is kept under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key([u8; 32]);

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    content: Vec<ContentBlock>,
    call: InvocationRecord,
}

/// The answers of this command and of those before it.
pub struct Paid {
    store: Option<Store>,
    /// Whether what was answered before is not asked again.
    reuses: bool,
    found: usize,
    /// How often the same was asked in this command: two runs are two answers, and two rows may be alike.
    asked: HashMap<[u8; 32], u32>,
}

impl Paid {
    /// Keeps answers in this store; looks among those that are there before anything is asked, if they are to
    /// be reused.
    pub fn new(store: Option<Store>, reuses: bool) -> Self {
        Self {
            store,
            reuses,
            found: 0,
            asked: HashMap::new(),
        }
    }

    /// Whether answers are kept.
    pub fn is_kept(&self) -> bool {
        self.store.is_some()
    }

    /// How many answers were there before.
    pub fn found(&self) -> usize {
        self.found
    }

    /// What the answer to a request is kept under; `None` when nothing is kept.
    pub async fn key(&mut self, request: &Request, connection: &Connection) -> Option<Key> {
        self.store.as_ref()?;
        let (request, region) = (request.clone(), connection.region().to_owned());
        let is_local = connection.is_local();
        let digest = spawn_blocking(move || digest(&request, &region, is_local));
        let digest = digest.await.ok()?;
        let times = self.asked.entry(digest).or_default();
        *times += 1;
        Some(nth(digest, *times))
    }

    /// The answer that is there, under the number of this call; one that cannot be read is none.
    pub async fn find(
        &mut self,
        key: Option<Key>,
        call: InvocationId,
    ) -> Option<(Message, Invocation)> {
        let (store, Key(key)) = (self.store.clone().filter(|_| self.reuses)?, key?);
        let found = spawn_blocking(move || store.paid_answer(key)).await.ok()?;
        let found = found.unwrap_or_else(|error| {
            tracing::warn!("an answer that may have been paid for cannot be looked up: {error}");
            None
        });
        let record: Record = serde_json::from_str(&found?).ok()?;
        self.found += 1;
        let invocation = record.call.into_invocation(call);
        Some((Message::assistant(record.content), invocation))
    }

    /// Keeps an answer, if it is whole. The answers matter more than a store that refuses, which is said once.
    pub async fn keep(
        &mut self,
        key: Option<Key>,
        answer: &Message,
        call: &Invocation,
        output: &mut Output,
    ) {
        let (Some(store), Some(Key(key))) = (self.store.clone(), key) else {
            return;
        };
        if call.status != InvocationStatus::Complete {
            return;
        }
        let record = serde_json::to_string(&Record {
            content: answer.content.clone(),
            call: InvocationRecord::of(call),
        });
        let kept = spawn_blocking(move || {
            let record = record.map_err(|error| error.to_string())?;
            let answers = [(key, record.as_str())];
            let kept = store.keep_paid_answers(answers);
            kept.map_err(|error| error.to_string())
        });
        let reason = match kept.await {
            Ok(Ok(())) => return,
            Ok(Err(reason)) => reason,
            Err(died) => died.to_string(),
        };
        output.note(&format!("What is paid for is not kept for later: {reason}"));
        self.store = None;
    }
}

/// All that was asked: a simulated answer never stands for a real one, nor that of one Region for another's,
/// whose prices and times are its own.
fn digest(request: &Request, region: &str, simulated_or_local: bool) -> [u8; 32] {
    /// Raised when the meaning of what follows changes.
    const FORM: u8 = 1;
    let mut hash = Sha256::new();
    hash.update(b"compare");
    hash.update([FORM, u8::from(simulated_or_local)]);
    let body = request.to_converse_json().to_string();
    // With their lengths, so that the end of one cannot be taken for the beginning of the next.
    for part in [region, request.model_id.as_str(), &body] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// The key of the n-th time that the same is asked.
fn nth(digest: [u8; 32], times: u32) -> Key {
    let mut hash = Sha256::new();
    hash.update(digest);
    hash.update(times.to_be_bytes());
    Key(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(model: &str, text: &str) -> Request {
        let content = vec![ContentBlock::Text(text.to_owned())];
        Request::new(model.into(), vec![Message::user(content)])
    }

    #[test]
    fn another_question_has_another_key() {
        let asked = request("m", "Why?");
        let first = digest(&asked, "eu-west-1", false);
        assert_eq!(first, digest(&asked.clone(), "eu-west-1", false));
        let mut warmer = asked.clone();
        warmer.inference.temperature = Some(0.5);
        for other in [
            digest(&request("m", "Why? "), "eu-west-1", false),
            digest(&request("n", "Why?"), "eu-west-1", false),
            digest(&warmer, "eu-west-1", false),
            digest(&asked, "us-east-1", false),
            digest(&asked, "eu-west-1", true),
        ] {
            assert_ne!(other, first);
        }
        assert_ne!(
            nth(first, 1),
            nth(first, 2),
            "a second run is another answer"
        );
    }
}
