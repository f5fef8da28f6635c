//! What a person does in a column, carried out after drawing.

use super::CompareScreen;
use super::parameters::Target;
use crate::chat::TurnId;
use crate::compare::{ColumnId, RunRef};

/// What a person did while the screen was drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wish {
    Retry(ColumnId),
    Stop(ColumnId),
    Remove(ColumnId),
    Duplicate(ColumnId),
    Move(ColumnId, usize),
    Link(ColumnId, bool),
    Parameters(ColumnId),
    Rate(RunRef, u8),
    Pick(usize, Option<ColumnId>),
    ShowAlternative(ColumnId, TurnId, usize),
    ShowRow(usize),
}

impl CompareScreen {
    pub(super) fn carry_out(&mut self, wish: Wish) {
        match wish {
            Wish::Retry(id) => self.calls.ask(self.row, &[id], 1),
            Wish::Stop(id) => {
                let over = self.calls.stop(&mut self.comparison, Some(id));
                self.spend_of(&over);
            }
            Wish::Remove(id) => {
                let over = self.calls.stop(&mut self.comparison, Some(id));
                self.spend_of(&over);
                self.comparison.remove_column(id);
                self.views.retain(|(_, column), _| *column != id);
                self.parameters = None;
                self.blind = None;
            }
            Wish::Duplicate(id) => self.duplicate(id),
            Wish::Move(id, place) => match &mut self.blind {
                Some(blind) => {
                    blind.order.retain(|other| *other != id);
                    blind.order.insert(place.min(blind.order.len()), id);
                }
                None => self.comparison.move_column(id, place),
            },
            Wish::Link(id, linked) => {
                let shared = self.comparison.shared.clone();
                if let Some(column) = self.comparison.column_mut(id) {
                    column.set_linked(linked, &shared);
                }
                if linked {
                    self.parameters = None;
                } else {
                    self.show_parameters(Target::Column(id));
                }
            }
            Wish::Parameters(id) => self.show_parameters(Target::Column(id)),
            Wish::Rate(run, stars) => self.comparison.verdicts_mut().rate(run, stars),
            Wish::Pick(round, winner) => {
                self.comparison.verdicts_mut().pick(self.row, round, winner);
            }
            Wish::ShowAlternative(id, turn, position) => {
                self.comparison
                    .show_alternative(self.row, id, turn, position);
            }
            Wish::ShowRow(row) => {
                self.row = row;
                self.as_grid = false;
                self.follow();
            }
        }
    }

    fn duplicate(&mut self, id: ColumnId) {
        let Some(column) = self.comparison.column(id).cloned() else {
            return;
        };
        let place = self
            .comparison
            .columns()
            .iter()
            .position(|other| other.id == id);
        if let Some(new) = self.comparison.add_column(column.model_id) {
            if let Some(copy) = self.comparison.column_mut(new) {
                copy.own = column.own;
                copy.prompt = column.prompt;
            }
            self.comparison
                .move_column(new, place.map_or(usize::MAX, |place| place + 1));
            if let Some(blind) = &mut self.blind {
                blind.order.push(new);
            }
        }
    }
}
