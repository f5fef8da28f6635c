//! What people and judges said of answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{ColumnId, Judgement, RunRef};

/// The best rating a person gives; the worst is 1.
pub const MOST_STARS: u8 = 5;

/// Ratings, winners and scores.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdicts {
    ratings: BTreeMap<RunRef, u8>,
    winners: BTreeMap<(usize, usize), ColumnId>,
    /// Shared, so that a copy to be saved costs little.
    judgements: BTreeMap<RunRef, Arc<Judgement>>,
    changes: Changes,
}

/// How often something was said of each row. Not of what was said: it is no part of a comparison.
#[derive(Clone, Debug, Default)]
struct Changes(BTreeMap<usize, u64>);

impl PartialEq for Changes {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Changes {
    fn count(&mut self, row: usize) {
        *self.0.entry(row).or_default() += 1;
    }
}

impl Verdicts {
    /// Rates an answer from 1 to [`MOST_STARS`]; anything else takes the rating away.
    pub fn rate(&mut self, at: RunRef, stars: u8) {
        self.changes.count(at.row);
        if (1..=MOST_STARS).contains(&stars) {
            self.ratings.insert(at, stars);
        } else {
            self.ratings.remove(&at);
        }
    }

    /// Says which column answered a prompt best, or that none did.
    pub fn pick(&mut self, row: usize, round: usize, winner: Option<ColumnId>) {
        self.changes.count(row);
        match winner {
            Some(column) => self.winners.insert((row, round), column),
            None => self.winners.remove(&(row, round)),
        };
    }

    /// Takes a judge's verdict in; a later one counts.
    pub fn judge(&mut self, at: RunRef, judgement: Judgement) {
        self.changes.count(at.row);
        self.judgements.insert(at, Arc::new(judgement));
    }

    /// The rating of an answer.
    #[must_use]
    pub fn rating(&self, at: RunRef) -> Option<u8> {
        self.ratings.get(&at).copied()
    }

    /// The column that answered a prompt best.
    #[must_use]
    pub fn winner(&self, row: usize, round: usize) -> Option<ColumnId> {
        self.winners.get(&(row, round)).copied()
    }

    /// What a judge said of an answer.
    #[must_use]
    pub fn judgement(&self, at: RunRef) -> Option<&Judgement> {
        self.judgements.get(&at).map(Arc::as_ref)
    }

    /// Every rating.
    pub fn ratings(&self) -> impl Iterator<Item = (RunRef, u8)> {
        self.ratings.iter().map(|(at, stars)| (*at, *stars))
    }

    /// Every winner, by row and round.
    pub fn winners(&self) -> impl Iterator<Item = (usize, usize, ColumnId)> {
        self.winners
            .iter()
            .map(|((row, round), column)| (*row, *round, *column))
    }

    /// Every verdict of a judge.
    pub fn judgements(&self) -> impl Iterator<Item = (RunRef, &Judgement)> {
        self.judgements
            .iter()
            .map(|(at, judgement)| (*at, judgement.as_ref()))
    }

    /// How often something was said of a row.
    pub(super) fn changes(&self, row: usize) -> u64 {
        self.changes.0.get(&row).copied().unwrap_or_default()
    }

    /// Of a row: the column that answered best, for each round that has one.
    pub(super) fn winners_of(&self, row: usize) -> impl Iterator<Item = ColumnId> {
        let rounds = (row, 0)..=(row, usize::MAX);
        self.winners.range(rounds).map(|(_, column)| *column)
    }

    pub(super) fn forget_column(&mut self, column: ColumnId) {
        for changes in self.changes.0.values_mut() {
            *changes += 1;
        }
        self.ratings.retain(|at, _| at.column != column);
        self.winners.retain(|_, winner| *winner != column);
        self.judgements.retain(|at, _| at.column != column);
    }
}
