//! The pictures of one job with their texts, as a person reviews them: plain data, what can be done to
//! it, and how that is taken back.
//!
//! It must not know files, the network or a window. A picture's place in the list is its name: places
//! are never used again, and what is removed is only marked so.

mod filter;
mod item;
mod undo;

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

pub use self::filter::{Counts, Filter};
pub use self::item::{Item, LongDescription, Review, Status, Suggestion};
use self::undo::{Decision, History, Step};
use super::checks::{Checker, Problem};
use super::documents::{DocumentPlace, Origin};
use super::job::ImageResult;
use super::metadata::Texts;
use super::prompt::Alt;
use crate::chat::Failure;
use crate::figures::AltText;
use crate::pricing::Usd;

/// What a job has taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Tokens of requests.
    pub tokens_in: u64,
    /// Tokens of answers.
    pub tokens_out: u64,
    /// What is charged, as far as it is known.
    pub charged: Usd,
    /// What AWS would have charged for what was simulated.
    pub simulated: Usd,
    /// Answers whose price is not known.
    pub unknown: usize,
}

/// The list.
#[derive(Clone, Debug, Default)]
pub struct Worklist {
    items: Vec<Arc<Item>>,
    /// What is wrong with each text by itself; that another picture has it too is looked up.
    problems: Vec<Vec<Problem>>,
    /// Who has a text, whatever its case.
    same: HashMap<String, BTreeSet<usize>>,
    max_length: Option<usize>,
    history: History,
    taken: Taken,
    revision: u64,
    unsaved: BTreeSet<usize>,
}

impl Worklist {
    /// A list as it was kept; a picture that was being asked about waits again.
    #[must_use]
    pub fn from_items(items: Vec<Item>, max_length: Option<usize>) -> Self {
        let mut list = Self {
            max_length,
            ..Self::default()
        };
        for mut item in items {
            if item.status == Status::Asked {
                item.status = Status::Waiting;
            }
            for suggestion in &item.suggestions {
                list.taken.add(suggestion);
            }
            list.push(item);
        }
        list.unsaved.clear();
        list
    }

    /// Adds pictures behind the others; gives their places.
    pub fn add<I: Into<Item>>(&mut self, pictures: impl IntoIterator<Item = I>) -> Range<usize> {
        let first = self.items.len();
        for picture in pictures {
            self.push(picture.into());
        }
        first..self.items.len()
    }

    fn push(&mut self, item: Item) {
        let place = self.items.len();
        self.items.push(Arc::new(item));
        self.problems.push(Vec::new());
        self.enter_text(place);
        self.touched(place);
    }

    /// How many pictures there are, removed ones included: one more than the last place.
    #[must_use]
    pub fn places(&self) -> usize {
        self.items.len()
    }

    /// Whether nothing is to be seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.iter().all(|item| item.review.removed)
    }

    /// The picture at a place.
    #[must_use]
    pub fn item(&self, place: usize) -> Option<&Item> {
        self.items.get(place).map(Arc::as_ref)
    }

    /// Every picture, removed ones included, to be kept.
    #[must_use]
    pub fn items(&self) -> &[Arc<Item>] {
        &self.items
    }

    /// The pictures that are not removed, with their places.
    pub fn shown(&self) -> impl Iterator<Item = (usize, &Item)> + Clone {
        self.items
            .iter()
            .enumerate()
            .map(|(place, item)| (place, item.as_ref()))
            .filter(|(_, item)| !item.review.removed)
    }

    /// Counts the changes.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// What the job has taken.
    #[must_use]
    pub fn taken(&self) -> Taken {
        self.taken
    }

    /// What is wrong with a text, the same text of another picture included.
    #[must_use]
    pub fn problems(&self, place: usize) -> Vec<Problem> {
        let mut problems = self.problems.get(place).cloned().unwrap_or_default();
        problems.extend(
            self.twin(place)
                .map(|name| Problem::SameAs(name.to_owned())),
        );
        problems
    }

    /// Whether anything is wrong with a text.
    #[must_use]
    pub fn has_problem(&self, place: usize) -> bool {
        self.problems.get(place).is_some_and(|own| !own.is_empty()) || self.twin(place).is_some()
    }

    /// The name of an earlier picture, of other bytes, that has the same text.
    fn twin(&self, place: usize) -> Option<&str> {
        let item = self.item(place)?;
        let key = key(item)?;
        self.same
            .get(&key)?
            .range(..place)
            .filter_map(|other| self.item(*other))
            .find(|other| other.content_hash.is_none() || other.content_hash != item.content_hash)
            .map(Item::name)
    }

    /// Objects to texts of more characters than this from now on.
    pub fn set_max_length(&mut self, max_length: Option<usize>) {
        if self.max_length == max_length {
            return;
        }
        self.max_length = max_length;
        for place in 0..self.items.len() {
            self.check(place);
        }
        self.revision += 1;
    }

    /// Notes how large a picture is, as its file says.
    pub fn set_pixel_size(&mut self, place: usize, size: Option<(u32, u32)>) {
        self.change(place, |item| item.pixel_size = size);
    }

    /// Notes what is true of a picture.
    pub fn set_context(&mut self, place: usize, context: Option<String>) {
        self.change(place, |item| item.context = context);
    }

    /// Notes where a picture stands in its document by now.
    pub fn set_origin(&mut self, place: usize, origin: Origin) {
        self.change(place, |item| item.origin = Some(Box::new(origin)));
    }

    /// Notes what a document says by now of its images, by what it calls them.
    pub fn document_says(&mut self, document: &DocumentPlace, texts: &[(String, AltText)]) {
        let texts: HashMap<&str, &AltText> = texts
            .iter()
            .map(|(image, alt)| (image.as_str(), alt))
            .collect();
        for place in 0..self.items.len() {
            let origin = self.items[place].origin.as_ref();
            let Some(origin) = origin.filter(|origin| origin.document == *document) else {
                continue;
            };
            if let Some(alt) = texts.get(origin.image.as_str()) {
                let now = Origin {
                    alt: (*alt).clone(),
                    is_missing: false,
                    ..origin.as_ref().clone()
                };
                self.set_origin(place, now);
            }
        }
    }

    /// A picture is being asked about.
    pub fn begin(&mut self, place: usize) {
        self.change(place, |item| item.status = Status::Asked);
    }

    /// Pictures are in a batch job.
    pub fn put_in_batch(&mut self, places: &[usize], batch: &str) {
        for place in places {
            self.change(*place, |item| {
                item.status = Status::InBatch(batch.to_owned());
            });
        }
    }

    /// The same for those of them that wait, when it was not noted that they were submitted.
    pub fn found_in_batch(&mut self, places: &[usize], batch: &str) {
        let waits = |place: &usize| {
            let item = self.item(*place);
            item.is_some_and(|item| item.status == Status::Waiting)
        };
        let waiting: Vec<usize> = places.iter().copied().filter(waits).collect();
        self.put_in_batch(&waiting, batch);
    }

    /// Nothing comes any more from batch jobs but these; pictures of others wait again.
    pub fn keep_batches(&mut self, batches: &[&str]) {
        for place in 0..self.items.len() {
            if let Status::InBatch(batch) = &self.items[place].status
                && !batches.contains(&batch.as_str())
            {
                self.change(place, |item| item.status = item.status_without_run());
            }
        }
    }

    /// Nothing comes any more from this batch job; its pictures wait again.
    pub fn leave_batch(&mut self, batch: &str) {
        for place in 0..self.items.len() {
            if matches!(&self.items[place].status, Status::InBatch(of) if of == batch) {
                self.change(place, |item| item.status = item.status_without_run());
            }
        }
    }

    /// Nothing came for these; they wait again.
    pub fn give_back(&mut self, places: impl IntoIterator<Item = usize>) {
        for place in places {
            if self
                .item(place)
                .is_some_and(|item| item.status == Status::Asked)
            {
                self.change(place, |item| item.status = item.status_without_run());
            }
        }
    }

    /// A picture cannot be used.
    pub fn fail(&mut self, place: usize, failure: Failure) {
        self.change(place, |item| {
            item.status = Status::Failed(Box::new(failure));
        });
    }

    /// Takes in what came of a picture. A text that was approved or written by hand stays; the new one
    /// stands beside it.
    pub fn take(&mut self, place: usize, result: ImageResult) {
        let suggestion = result.outcome.map(Suggestion::from);
        if let Ok(suggestion) = &suggestion {
            self.taken.add(suggestion);
        }
        self.change(place, |item| {
            item.content_hash = result.content_hash.or(item.content_hash);
            match suggestion {
                Ok(suggestion) => item.suggest(suggestion),
                Err(failure) => item.status = Status::Failed(failure),
            }
        });
    }

    /// Changes what a person decides about some pictures; it can be taken back. Changes of one text that
    /// follow each other are one.
    pub fn review(&mut self, places: &[usize], change: impl Fn(&mut Review)) {
        let mut step = Step::new();
        for place in places {
            let Some(item) = self.item(*place) else {
                continue;
            };
            let mut after = item.review.clone();
            change(&mut after);
            self.decide(*place, after, &mut step);
        }
        self.history.did(step);
    }

    fn decide(&mut self, place: usize, after: Review, step: &mut Step) {
        let Some(item) = self.item(place) else {
            return;
        };
        let before = item.review.clone();
        if after != before {
            step.push(Decision {
                place,
                before,
                after: after.clone(),
            });
            self.set_review(place, after);
        }
    }

    /// Takes in what came of a picture that was asked about for a long description. It can be taken
    /// back. That it failed says nothing of the alt text.
    ///
    /// # Errors
    /// Why there is none.
    pub fn take_long_description(
        &mut self,
        place: usize,
        result: ImageResult,
    ) -> Result<(), Box<Failure>> {
        self.give_back([place]);
        let described = result.outcome?;
        let description = LongDescription {
            text: described.alt.text().to_owned(),
            simulated: described.simulated,
        };
        self.taken.add(&Suggestion::from(described));
        self.end_step();
        self.review(&[place], |review| {
            review.long_description = Some(description.clone());
        });
        self.end_step();
        Ok(())
    }

    /// Writes a long description by hand; an empty one is none.
    pub fn write_long_description(&mut self, place: usize, text: &str) {
        self.review(&[place], |review| {
            review.long_description = (!text.is_empty()).then(|| LongDescription {
                text: text.to_owned(),
                simulated: false,
            });
        });
    }

    /// Writes a text by hand; the picture is no longer approved.
    pub fn write(&mut self, place: usize, alt: &Alt) {
        self.review(&[place], |review| {
            review.alt = Some(alt.clone());
            review.by_hand = true;
            review.approved = false;
        });
    }

    /// Takes over what files have already for pictures that have nothing in its place; gives how many have
    /// taken something. It is taken back as one.
    pub fn take_from_files(&mut self, found: &[(usize, Texts)]) -> usize {
        let mut step = Step::new();
        for (place, texts) in found {
            let Some(item) = self.item(*place) else {
                continue;
            };
            let mut review = item.review.clone();
            if let Some(text) = &texts.alt_text
                && item.is_without_text()
                && !item.is_under_way()
            {
                review.alt = Some(Alt::Text(text.clone()));
                review.by_hand = true;
                review.approved = false;
            }
            if let Some(text) = &texts.long_description
                && review.long_description.is_none()
            {
                review.long_description = Some(LongDescription {
                    text: text.clone(),
                    simulated: false,
                });
            }
            self.decide(*place, review, &mut step);
        }
        let taken = step.len();
        self.history.did(step);
        self.history.end_step();
        taken
    }

    /// Takes one of the model's texts.
    pub fn choose(&mut self, place: usize, suggestion: usize) {
        let Some(alt) = self
            .item(place)
            .and_then(|item| item.suggestions.get(suggestion))
            .map(|suggestion| suggestion.alt.clone())
        else {
            return;
        };
        self.review(&[place], |review| {
            review.alt = Some(alt.clone());
            review.by_hand = false;
            review.approved = false;
        });
    }

    /// Lets the next change of a text be a step of its own.
    pub fn end_step(&mut self) {
        self.history.end_step();
    }

    /// Whether there is something to take back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.history.can_undo()
    }

    /// Whether something was taken back.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        self.history.can_redo()
    }

    /// Takes the last decision back; gives a picture it was about.
    pub fn undo(&mut self) -> Option<usize> {
        let step = self.history.take_undo()?;
        for decision in &step {
            self.change_review(decision.place, &decision.after, &decision.before);
        }
        let place = step.first().map(|decision| decision.place);
        self.history.undid(step);
        place
    }

    /// Does again what was taken back last.
    pub fn redo(&mut self) -> Option<usize> {
        let step = self.history.take_redo()?;
        for decision in &step {
            self.change_review(decision.place, &decision.before, &decision.after);
        }
        let place = step.first().map(|decision| decision.place);
        self.history.redid(step);
        place
    }

    fn change_review(&mut self, place: usize, from: &Review, to: &Review) {
        self.change(place, |item| {
            item.review = item.review.with_change(from, to);
            // An answer that came meanwhile is the text again where no other is.
            if item.review.alt.is_none() && !item.review.by_hand {
                item.review.alt = item.latest().map(|latest| latest.alt.clone());
            }
        });
    }

    /// Takes the places whose pictures have changed since this was asked last.
    pub fn take_unsaved(&mut self) -> BTreeSet<usize> {
        std::mem::take(&mut self.unsaved)
    }

    /// Whether there are any.
    #[must_use]
    pub fn has_unsaved(&self) -> bool {
        !self.unsaved.is_empty()
    }

    /// What was taken to be saved did not reach the disk.
    pub fn forget_saved(&mut self) {
        self.unsaved.extend(0..self.items.len());
    }

    fn set_review(&mut self, place: usize, review: Review) {
        self.change(place, |item| item.review = review);
    }

    fn change(&mut self, place: usize, change: impl FnOnce(&mut Item)) {
        let Some(item) = self.items.get(place) else {
            return;
        };
        if let Some(key) = key(item)
            && let Some(places) = self.same.get_mut(&key)
        {
            places.remove(&place);
            if places.is_empty() {
                self.same.remove(&key);
            }
        }
        change(Arc::make_mut(&mut self.items[place]));
        self.enter_text(place);
        self.touched(place);
    }

    fn enter_text(&mut self, place: usize) {
        if let Some(key) = key(&self.items[place]) {
            self.same.entry(key).or_default().insert(place);
        }
        self.check(place);
    }

    fn check(&mut self, place: usize) {
        let item = &self.items[place];
        let mut problems = match &item.review.alt {
            Some(Alt::Text(text)) => {
                Checker::new(self.max_length).check(item.name(), [0; 32], text)
            }
            Some(Alt::Decorative { .. }) | None => Vec::new(),
        };
        if item.is_cut_off() && !problems.contains(&Problem::Unfinished) {
            problems.push(Problem::Unfinished);
        }
        self.problems[place] = problems;
    }

    fn touched(&mut self, place: usize) {
        self.revision += 1;
        self.unsaved.insert(place);
    }
}

impl Taken {
    fn add(&mut self, suggestion: &Suggestion) {
        let Some(usage) = &suggestion.usage else {
            // A picture that was there before used nothing.
            return;
        };
        self.tokens_in +=
            usage.input_tokens + usage.cache_read_input_tokens + usage.cache_write_input_tokens;
        self.tokens_out += usage.output_tokens;
        match suggestion.cost {
            None => self.unknown += 1,
            Some(cost) if suggestion.simulated => self.simulated = self.simulated + cost,
            Some(cost) => self.charged = self.charged + cost,
        }
    }
}

/// What two pictures must not share.
fn key(item: &Item) -> Option<String> {
    match &item.review.alt {
        Some(Alt::Text(text)) if !item.review.removed && !text.trim().is_empty() => {
            Some(text.trim().to_lowercase())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
