//! What of a list is published in tables, pages and the clipboard, and what a table says of it.

use std::collections::HashMap;
use std::path::PathBuf;

use super::job::OpenJob;
use crate::alt_text::{ContextTable, Row};
use crate::ui::numbers::thousands;

impl OpenJob {
    /// The list as it is published: what has a text, or a reason why not.
    pub fn rows(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut seen: HashMap<[u8; 32], usize> = HashMap::new();
        for (place, item) in self.list.shown() {
            let Some(mut result) = item.result(place) else {
                continue;
            };
            result.index = rows.len();
            let long = item.review.long_description.as_ref();
            if let Ok(described) = &mut result.outcome {
                // One part that was made up makes it so.
                described.simulated |= long.is_some_and(|long| long.simulated);
            }
            if let Some(hash) = item.content_hash {
                let first = *seen.entry(hash).or_insert(rows.len());
                result.same_as = (first != rows.len()).then_some(first);
            }
            rows.push(Row {
                result,
                problems: self.list.problems(place),
                written: None,
                long_description: long.map(|long| long.text.clone()),
                kept_cost: item.chosen().or(item.latest()).and_then(|from| from.cost),
                approved: Some(item.review.approved),
                context: item.context.clone(),
                origin: item.origin.clone(),
            });
        }
        rows
    }

    /// That some texts are not approved though others are, for people; empty when that is not so.
    pub fn not_approved_in_words(&self) -> String {
        let with_text = self
            .list
            .shown()
            .filter(|(_, item)| !item.is_without_text());
        let (approved, open): (Vec<_>, Vec<_>) =
            with_text.partition(|(_, item)| item.review.approved);
        match (approved.len(), open.len()) {
            (0, _) | (_, 0) => String::new(),
            (_, 1) => "; 1 of them is not approved".to_owned(),
            (_, count) => format!("; {} of them are not approved", thousands(count as u64)),
        }
    }

    /// Gives pictures what a table says of them; gives how many it names, and its files that suit none.
    pub fn give_context(&mut self, table: &ContextTable) -> (usize, Vec<PathBuf>) {
        let shown: Vec<(usize, PathBuf)> = self
            .list
            .shown()
            .map(|(place, item)| (place, item.path.clone()))
            .collect();
        let mut said = vec![None; shown.len()];
        let pictures = shown.iter().map(|(_, path)| path.as_path());
        let left = table.give(pictures, |at, context| said[at] = Some(context.to_owned()));
        let left = left.into_iter().map(PathBuf::from).collect();
        let mut named = 0;
        for ((place, _), context) in shown.iter().zip(said) {
            if context.is_some() {
                named += 1;
                self.list.set_context(*place, context);
            }
        }
        (named, left)
    }
}
