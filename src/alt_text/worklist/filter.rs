//! Which pictures of a list are looked at.

use super::{Item, Status, Worklist};
use crate::alt_text::checks::Problem;
use crate::alt_text::prompt::Alt;

/// What is looked for in a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Filter {
    /// Every picture.
    #[default]
    All,
    /// Those with a text that nobody approved.
    NotReviewed,
    /// Those that were approved.
    Approved,
    /// Those whose text has something wrong with it.
    Objected,
    /// Those whose text is too long.
    TooLong,
    /// Those whose text says that it is an image.
    SaysImage,
    /// Those with the text of another picture.
    SameAsAnother,
    /// Those that only decorate.
    Decorative,
    /// Those for which no text came.
    Failed,
    /// Those that are still to be asked about.
    Waiting,
    /// Those that are in a batch job.
    InBatch,
}

impl Filter {
    /// Every filter.
    pub const ALL: [Self; 11] = [
        Self::All,
        Self::NotReviewed,
        Self::Approved,
        Self::Objected,
        Self::TooLong,
        Self::SaysImage,
        Self::SameAsAnother,
        Self::Decorative,
        Self::Failed,
        Self::Waiting,
        Self::InBatch,
    ];

    /// What people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::NotReviewed => "Not reviewed",
            Self::Approved => "Approved",
            Self::Objected => "With remarks",
            Self::TooLong => "Too long",
            Self::SaysImage => "Says “image of”",
            Self::SameAsAnother => "Same as another",
            Self::Decorative => "Decorative",
            Self::Failed => "Failed",
            Self::Waiting => "Waiting",
            Self::InBatch => "In a batch job",
        }
    }

    fn place(self) -> usize {
        Self::ALL
            .iter()
            .position(|filter| *filter == self)
            .unwrap_or_default()
    }
}

/// How many pictures each filter has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([usize; Filter::ALL.len()]);

impl Counts {
    /// How many this one has.
    #[must_use]
    pub fn of(&self, filter: Filter) -> usize {
        self.0[filter.place()]
    }
}

impl Worklist {
    /// The places of what is looked for, in order, and how many each filter has. Looks at every
    /// picture: for when something changed, not for every frame.
    #[must_use]
    pub fn find(&self, filter: Filter, words: &str) -> (Vec<usize>, Counts) {
        let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
        let mut counts = Counts::default();
        let mut found = Vec::new();
        for (place, item) in self.shown() {
            let mut passes = false;
            for (at, of) in Filter::ALL.into_iter().enumerate() {
                if self.passes(place, item, of) {
                    counts.0[at] += 1;
                    passes |= of == filter;
                }
            }
            if passes && has_words(item, &words) {
                found.push(place);
            }
        }
        (found, counts)
    }

    fn passes(&self, place: usize, item: &Item, filter: Filter) -> bool {
        let own = |wanted: fn(&Problem) -> bool| {
            let problems = self.problems.get(place);
            problems.is_some_and(|problems| problems.iter().any(wanted))
        };
        let review = &item.review;
        match filter {
            Filter::All => true,
            Filter::NotReviewed => !item.is_without_text() && !review.approved,
            Filter::Approved => review.approved,
            Filter::Objected => self.has_problem(place),
            Filter::TooLong => own(|problem| matches!(problem, Problem::TooLong { .. })),
            Filter::SaysImage => own(|problem| matches!(problem, Problem::SaysImage(_))),
            Filter::SameAsAnother => self.twin(place).is_some(),
            Filter::Decorative => matches!(review.alt, Some(Alt::Decorative { .. })),
            Filter::Failed => item.has_failed(),
            Filter::Waiting => item.is_waiting(),
            Filter::InBatch => matches!(item.status, Status::InBatch(_)),
        }
    }
}

fn has_words(item: &Item, words: &[String]) -> bool {
    if words.is_empty() {
        return true;
    }
    let origin = item.origin.as_ref().map(|origin| origin.in_words());
    let origin = origin.unwrap_or_default();
    let text = format!("{} {} {origin}", item.name(), item.text()).to_lowercase();
    words.iter().all(|word| text.contains(word))
}
