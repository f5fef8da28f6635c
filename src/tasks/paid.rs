//! Answers that were paid for, kept in the store.

use crate::alt_text::{PaidAnswer, PaidAnswers};
use crate::store::Store;

impl PaidAnswers for Store {
    fn find(&self, key: [u8; 32]) -> Result<Option<String>, String> {
        self.paid_answer(key).map_err(|error| error.to_string())
    }

    fn keep(&self, answers: &[PaidAnswer]) -> Result<(), String> {
        let answers = answers.iter().map(|one| (one.key, one.record.as_str()));
        self.keep_paid_answers(answers)
            .map_err(|error| error.to_string())
    }
}
