//! Answers that were paid for, kept in the store.

use crate::alt_text::PaidAnswers;
use crate::store::Store;

impl PaidAnswers for Store {
    fn find(&self, key: [u8; 32]) -> Result<Option<String>, String> {
        self.paid_answer(key).map_err(|error| error.to_string())
    }

    fn keep(&self, key: [u8; 32], record: &str) -> Result<(), String> {
        self.keep_paid_answer(key, record)
            .map_err(|error| error.to_string())
    }
}
