//! Changes carried out part by part, in the order in which figures are read, and the package in the end.

use std::collections::HashMap;

use super::package::Package;
use super::{Change, FiguresError};

/// Parts of a package that are written anew.
pub(super) struct Rewrite<'c> {
    changes: &'c [Change],
    /// Figures in the parts so far.
    figures: usize,
    parts: HashMap<String, Vec<u8>>,
}

impl<'c> Rewrite<'c> {
    pub(super) fn new(changes: &'c [Change]) -> Self {
        Self {
            changes,
            figures: 0,
            parts: HashMap::new(),
        }
    }

    /// The changes for the next part, which has this many figures: each with its place among them.
    pub(super) fn of_part(&mut self, figures: usize) -> Vec<(usize, &'c Change)> {
        let before = self.figures;
        self.figures += figures;
        let place = |change: &Change| {
            let place = change.figure.checked_sub(before)?;
            (place < figures).then_some(place)
        };
        let own = self.changes.iter();
        own.filter_map(|change| Some((place(change)?, change)))
            .collect()
    }

    /// Puts a part in the place of what it was.
    pub(super) fn replace(&mut self, part: &str, before: &[u8], after: Vec<u8>) {
        if before != after {
            self.parts.insert(part.to_owned(), after);
        }
    }

    /// The package with what was written; as it was when that is nothing.
    pub(super) fn finish(
        self,
        package: Package<&[u8]>,
        bytes: &[u8],
    ) -> Result<Vec<u8>, FiguresError> {
        let is_gone = |change: &&Change| change.figure >= self.figures;
        if let Some(change) = self.changes.iter().find(is_gone) {
            return Err(change.refused());
        }
        if self.parts.is_empty() {
            return Ok(bytes.to_vec());
        }
        package.with_parts(self.parts)
    }
}
