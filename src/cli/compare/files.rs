//! The images and documents of a table's rows: read when their row is asked, and kept no longer than a call with
//! them is under way. A table may name more of them than there is memory.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Weak};

use super::calls::died;
use super::open_files;
use crate::chat::{ContentBlock, Failure};
use crate::compare::Comparison;

/// What the files of one row hold.
pub type Opened = Arc<Vec<ContentBlock>>;

/// Where the files of each row are, and what of them is in memory.
pub struct RowFiles {
    paths: Vec<Vec<PathBuf>>,
    opened: HashMap<usize, Weak<Vec<ContentBlock>>>,
}

impl RowFiles {
    /// The files that the rows name.
    pub fn of(comparison: &Comparison) -> Self {
        let rounds = comparison.rows().iter().map(|row| row.rounds.last());
        let paths = rounds.map(|round| round.map_or(Vec::new(), |round| round.files.clone()));
        Self {
            paths: paths.collect(),
            opened: HashMap::new(),
        }
    }

    /// What the files of a row hold. The comparison is told what they are, and not given their bytes.
    pub async fn open(
        &mut self,
        row: usize,
        comparison: &mut Comparison,
    ) -> Result<Opened, Box<Failure>> {
        if let Some(opened) = self.opened.get(&row).and_then(Weak::upgrade) {
            return Ok(opened);
        }
        let paths = self.paths.get(row).cloned().unwrap_or_default();
        if paths.is_empty() {
            return Ok(Opened::default());
        }
        let opened = tokio::task::spawn_blocking(move || open_files(&paths)).await;
        let opened = Arc::new(opened.map_err(|error| Box::new(died(&error)))??);
        self.opened.retain(|_, opened| opened.strong_count() > 0);
        self.opened.insert(row, Arc::downgrade(&opened));
        let round = comparison.rows().get(row).and_then(|row| row.rounds.last());
        if let Some(round) = round.filter(|round| !round.files.is_empty()) {
            let mut media = round.media.clone();
            let blocks = opened.iter().cloned();
            media.extend(blocks.map(ContentBlock::without_bytes));
            comparison.attach(row, media);
        }
        Ok(opened)
    }
}

/// Puts what a row's files hold into a message that names them: behind what all rows have in common, in front
/// of the words.
pub fn put_into(
    content: &mut [ContentBlock],
    row: usize,
    opened: &Opened,
    comparison: &Comparison,
) {
    let round = comparison.rows().get(row).and_then(|row| row.rounds.last());
    let all = round.map_or(0, |round| round.media.len());
    let common = all.saturating_sub(opened.len());
    let places = content.iter_mut().take(all).skip(common);
    for (place, block) in places.zip(opened.iter()) {
        place.clone_from(block);
    }
}
