//! Answers that were paid for, so that nobody pays for them again. They outlive what they were asked
//! for.

use rusqlite::{OptionalExtension as _, params};

use super::{Store, StoreError};

impl Store {
    /// Keeps answers, as JSON, by the SHA-256 of all that was asked; all of them or none.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn keep_paid_answers<'a>(
        &self,
        answers: impl IntoIterator<Item = ([u8; 32], &'a str)>,
    ) -> Result<(), StoreError> {
        let now = self.now().0;
        self.write(|transaction| {
            let mut keep = transaction.prepare_cached(
                "INSERT INTO paid_answers (key, record, at) VALUES (?1, ?2, ?3) \
                 ON CONFLICT (key) DO UPDATE SET record = ?2, at = ?3",
            )?;
            for (key, record) in answers {
                keep.execute(params![key, record, now])?;
            }
            Ok(())
        })
    }

    /// The answer to what was asked before; `None` when it was not.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn paid_answer(&self, key: [u8; 32]) -> Result<Option<String>, StoreError> {
        self.read(|connection| {
            let record = connection
                .prepare_cached("SELECT record FROM paid_answers WHERE key = ?1")?
                .query_row([key], |row| row.get(0))
                .optional()?;
            Ok(record)
        })
    }
}
