//! A list of texts and pictures with their vectors, as plain data.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::out::Row;
use super::settings::Settings;
use crate::chat::Failure;
use crate::pricing::Usd;

/// What a vector is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// A text.
    Text(String),
    /// A picture's file.
    Image(PathBuf),
}

impl Source {
    /// The text; `None` for a picture.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Image(_) => None,
        }
    }

    /// The text, or the picture's name.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Image(path) => path
                .file_name()
                .unwrap_or(path.as_os_str())
                .to_string_lossy()
                .into_owned(),
        }
    }
}

/// A vector, and what it took.
#[derive(Clone, Debug, PartialEq)]
pub struct Vector {
    /// Its numbers.
    pub numbers: Arc<[f32]>,
    /// Tokens of its text, where they were counted for it alone.
    pub tokens: Option<u64>,
}

impl AsRef<[f32]> for Vector {
    fn as_ref(&self) -> &[f32] {
        &self.numbers
    }
}

/// What became of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Nothing yet.
    Waiting,
    /// It was sent.
    Running,
    /// It has its vector.
    Done(Vector),
    /// It has none, and why.
    Failed(Box<Failure>),
}

/// One text or picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What it is.
    pub source: Source,
    /// What became of it.
    pub outcome: Outcome,
}

/// What a list has taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Taken {
    /// Requests that were answered.
    pub requests: u64,
    /// Tokens, as the service counted them.
    pub tokens: u64,
    /// What is known of the cost.
    pub cost: Usd,
    /// Requests whose cost is not known.
    pub unknown: u64,
    /// Whether the embedded endpoint answered any.
    pub simulated: bool,
}

/// An item as it is kept.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    source: Source,
    /// Numbers in single precision, little-endian, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    vector: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tokens: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failure: Option<Box<Failure>>,
}

impl From<&Item> for Record {
    fn from(item: &Item) -> Self {
        let (vector, failure) = match &item.outcome {
            Outcome::Done(vector) => (Some(vector), None),
            Outcome::Failed(failure) => (None, Some(failure.clone())),
            Outcome::Waiting | Outcome::Running => (None, None),
        };
        Self {
            source: item.source.clone(),
            tokens: vector.and_then(|vector| vector.tokens),
            vector: vector.map(|vector| {
                let bytes: Vec<u8> = vector
                    .numbers
                    .iter()
                    .flat_map(|n| n.to_le_bytes())
                    .collect();
                STANDARD.encode(bytes)
            }),
            failure,
        }
    }
}

impl From<Record> for Item {
    fn from(record: Record) -> Self {
        let vector = record.vector.and_then(|coded| numbers(&coded));
        let outcome = match (vector, record.failure) {
            (Some(numbers), _) => Outcome::Done(Vector {
                numbers,
                tokens: record.tokens,
            }),
            (None, Some(failure)) => Outcome::Failed(failure),
            (None, None) => Outcome::Waiting,
        };
        Self {
            source: record.source,
            outcome,
        }
    }
}

fn numbers(coded: &str) -> Option<Arc<[f32]>> {
    let bytes = STANDARD.decode(coded).ok()?;
    let (numbers, rest) = bytes.as_chunks::<4>();
    let numbers: Vec<f32> = numbers
        .iter()
        .map(|bytes| f32::from_le_bytes(*bytes))
        .collect();
    let sound = rest.is_empty() && numbers.iter().all(|number| number.is_finite());
    (sound && !numbers.is_empty()).then(|| numbers.into())
}

/// A list of texts and pictures.
#[derive(Clone, Debug, Default)]
pub struct Collection {
    // Shared with what is being written to the disk.
    items: Vec<Arc<Item>>,
    /// What the vectors were made with.
    made_with: Option<Settings>,
    /// What it has taken.
    pub taken: Taken,
    revision: u64,
    vectors_revision: u64,
    unsaved: BTreeSet<usize>,
    /// What was taken out, the last at the end, with the place it had.
    removed: Vec<(usize, Arc<Item>)>,
}

impl Collection {
    /// A list as it was kept.
    #[must_use]
    pub fn from_items(items: Vec<Item>, made_with: Option<Settings>, taken: Taken) -> Self {
        Self {
            items: items.into_iter().map(Arc::new).collect(),
            made_with,
            taken,
            revision: 1,
            vectors_revision: 1,
            unsaved: BTreeSet::new(),
            removed: Vec::new(),
        }
    }

    /// All of it.
    #[must_use]
    pub fn items(&self) -> &[Arc<Item>] {
        &self.items
    }

    /// Changes whenever anything does.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Changes whenever a vector comes or goes.
    #[must_use]
    pub fn vectors_revision(&self) -> u64 {
        self.vectors_revision
    }

    /// What its vectors were made with.
    #[must_use]
    pub fn made_with(&self) -> Option<&Settings> {
        self.made_with.as_ref()
    }

    /// Adds texts and pictures.
    pub fn add(&mut self, sources: impl IntoIterator<Item = Source>) {
        for source in sources {
            self.unsaved.insert(self.items.len());
            self.items.push(Arc::new(Item {
                source,
                outcome: Outcome::Waiting,
            }));
        }
        self.revision += 1;
    }

    /// Takes one out; those behind it move up.
    pub fn remove(&mut self, place: usize) {
        if place < self.items.len() {
            let item = self.items.remove(place);
            self.removed.push((place, item));
            self.moved(place);
        }
    }

    /// Whether something was taken out that can come back.
    #[must_use]
    pub fn can_restore(&self) -> bool {
        !self.removed.is_empty()
    }

    /// Brings back what was taken out last.
    pub fn restore(&mut self) {
        if let Some((place, item)) = self.removed.pop() {
            let place = place.min(self.items.len());
            self.items.insert(place, item);
            self.moved(place);
        }
    }

    /// All from a place on stand elsewhere now. The place behind the last is saved too, as one that
    /// is empty.
    fn moved(&mut self, from: usize) {
        self.revision += 1;
        self.vectors_revision += 1;
        self.unsaved.extend(from..=self.items.len());
    }

    /// The places that are still to be sent.
    #[must_use]
    pub fn waiting(&self) -> Vec<usize> {
        self.places(|outcome| matches!(outcome, Outcome::Waiting))
    }

    /// The places that failed.
    #[must_use]
    pub fn failed(&self) -> Vec<usize> {
        self.places(|outcome| matches!(outcome, Outcome::Failed(_)))
    }

    /// The places that have a vector.
    #[must_use]
    pub fn done(&self) -> Vec<usize> {
        self.places(|outcome| matches!(outcome, Outcome::Done(_)))
    }

    fn places(&self, wanted: impl Fn(&Outcome) -> bool) -> Vec<usize> {
        let items = self.items.iter().enumerate();
        items
            .filter(|(_, item)| wanted(&item.outcome))
            .map(|(place, _)| place)
            .collect()
    }

    /// Begins: vectors made with other settings are let go, since they cannot be compared. Gives the
    /// places that are to be sent.
    pub fn begin(&mut self, settings: &Settings, retry: bool) -> Vec<usize> {
        let same = self
            .made_with
            .as_ref()
            .is_some_and(|made_with| made_with.makes_the_same(settings));
        if !same {
            for place in self.done() {
                self.set(place, Outcome::Waiting);
            }
        }
        self.made_with = Some(settings.clone());
        let mut places = self.waiting();
        if retry || !same {
            places.extend(self.failed());
            places.sort_unstable();
        }
        for place in &places {
            self.set(*place, Outcome::Running);
        }
        places
    }

    /// Sets what became of one.
    pub fn set(&mut self, place: usize, outcome: Outcome) {
        let Some(item) = self.items.get_mut(place) else {
            return;
        };
        let is_vector = |outcome: &Outcome| matches!(outcome, Outcome::Done(_));
        if is_vector(&outcome) || is_vector(&item.outcome) {
            self.vectors_revision += 1;
        }
        Arc::make_mut(item).outcome = outcome;
        self.revision += 1;
        self.unsaved.insert(place);
    }

    /// What was sent and will not come waits again.
    pub fn give_back(&mut self) {
        for place in self.places(|outcome| matches!(outcome, Outcome::Running)) {
            self.set(place, Outcome::Waiting);
        }
    }

    /// The texts that have a vector, with their places.
    #[must_use]
    pub fn vectors(&self) -> (Vec<usize>, Vec<Arc<[f32]>>) {
        self.items
            .iter()
            .enumerate()
            .filter_map(|(place, item)| match &item.outcome {
                Outcome::Done(vector) => Some((place, Arc::clone(&vector.numbers))),
                _ => None,
            })
            .unzip()
    }

    /// What is written into files.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        self.items
            .iter()
            .filter_map(|item| match &item.outcome {
                Outcome::Done(vector) => Some(Row {
                    name: item.source.name(),
                    is_image: item.source.text().is_none(),
                    tokens: vector.tokens,
                    vector: Arc::clone(&vector.numbers),
                }),
                _ => None,
            })
            .collect()
    }

    /// Whether something is not on its way to the disk.
    #[must_use]
    pub fn has_unsaved(&self) -> bool {
        !self.unsaved.is_empty()
    }

    /// Takes the places that are to be saved.
    pub fn take_unsaved(&mut self) -> BTreeSet<usize> {
        std::mem::take(&mut self.unsaved)
    }

    /// Everything is to be saved again.
    pub fn forget_saved(&mut self) {
        self.unsaved = (0..self.items.len()).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(count: usize) -> Collection {
        let mut collection = Collection::default();
        collection.add((0..count).map(|n| Source::Text(format!("text {n}"))));
        collection
    }

    fn vector(numbers: &[f32]) -> Outcome {
        Outcome::Done(Vector {
            numbers: numbers.into(),
            tokens: Some(2),
        })
    }

    #[test]
    fn other_settings_let_go_of_vectors_that_cannot_be_compared() {
        let mut collection = texts(3);
        let settings = Settings::of("amazon.titan-embed-text-v2:0".into());
        assert_eq!(collection.begin(&settings, false), [0, 1, 2]);
        collection.set(0, vector(&[1.0]));
        collection.set(1, Outcome::Failed(Box::new(Failure::local("X", "x", "x"))));
        collection.give_back();
        assert_eq!(
            (collection.done(), collection.waiting()),
            (vec![0], vec![2])
        );
        assert_eq!(collection.begin(&settings, false), [2]);
        collection.give_back();
        assert_eq!(
            collection.begin(&settings, true),
            [1, 2],
            "with the failed one"
        );
        collection.give_back();
        let shorter = Settings {
            dimensions: Some(256),
            ..settings
        };
        assert_eq!(collection.begin(&shorter, false), [0, 1, 2]);
    }

    #[test]
    fn an_item_comes_back_as_it_was_kept() {
        for outcome in [
            Outcome::Waiting,
            vector(&[0.1, -1.5e-20, 3.0]),
            Outcome::Failed(Box::new(Failure::local("X", "why", "what to do"))),
        ] {
            let item = Item {
                source: Source::Text("a".to_owned()),
                outcome,
            };
            let kept = serde_json::to_string(&Record::from(&item)).unwrap();
            let back: Record = serde_json::from_str(&kept).unwrap();
            assert_eq!(Item::from(back), item);
        }
        // 0.5 is 3F000000; a cut vector is none.
        assert_eq!(numbers("AAAAPw==").as_deref(), Some(&[0.5][..]));
        assert_eq!(numbers("AAAA"), None);
        assert_eq!(numbers(""), None);
    }

    #[test]
    fn removing_moves_the_others_up_and_saves_them() {
        let mut collection = texts(3);
        collection.take_unsaved();
        collection.remove(1);
        assert_eq!(collection.items()[1].source.text(), Some("text 2"));
        assert_eq!(
            collection.take_unsaved(),
            BTreeSet::from([1, 2]),
            "place 2 is empty now"
        );
        collection.restore();
        assert_eq!(collection.items()[1].source.text(), Some("text 1"));
        assert!(!collection.can_restore());
    }
}
