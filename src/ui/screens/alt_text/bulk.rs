//! What can be done at once with all pictures that are looked at.

use egui::{Button, Ui, vec2};

use super::bar::unready;
use super::job::OpenJob;
use crate::alt_text::{Item, Worklist};
use crate::pricing::Usd;
use crate::ui::command::AltTextCommand;
use crate::ui::icons;
use crate::ui::numbers::thousands;
use crate::ui::shared::Shared;
use crate::ui::theme::size;
use crate::ui::widgets::{icon_menu_item, icon_menu_item_unless, menu_button, secondary_button};
use crate::ui::{Command, Commands};

const MENU_WIDTH: f32 = 400.0;

/// What of these pictures is done with; others are theirs who wrote or approved them.
#[derive(Default)]
pub struct Bulk {
    /// How many have a text that nobody approved.
    open: usize,
    /// How many are approved.
    approved: usize,
    /// How many have a model's text that nobody changed or approved.
    again: usize,
    /// What their texts cost the last time.
    again_cost: Usd,
}

fn is_open(item: &Item) -> bool {
    !item.is_without_text() && !item.review.approved
}

fn may_be_asked_again(item: &Item) -> bool {
    is_open(item) && !item.review.by_hand && !item.is_under_way() && item.latest().is_some()
}

impl Bulk {
    /// Counts.
    pub fn of(list: &Worklist, places: &[usize]) -> Self {
        let mut bulk = Self::default();
        for item in places.iter().filter_map(|place| list.item(*place)) {
            bulk.open += usize::from(is_open(item));
            bulk.approved += usize::from(item.review.approved);
            if may_be_asked_again(item) {
                bulk.again += 1;
                let cost = item.latest().and_then(|latest| latest.cost);
                bulk.again_cost = bulk.again_cost + cost.unwrap_or(Usd::ZERO);
            }
        }
        bulk
    }

    /// Draws the buttons. What is decided is taken back in one step.
    pub fn ui(
        &self,
        ui: &mut Ui,
        job: &mut OpenJob,
        places: &[usize],
        shared: &Shared,
        commands: &mut Commands,
    ) {
        if places.is_empty() {
            return;
        }
        if self.open > 0 {
            let label = format!("Approve these {}", thousands(self.open as u64));
            if secondary_button(ui, icons::SUCCESS, &label).clicked() {
                job.approve(&those(&job.list, places, is_open));
            }
        }
        let button = Button::new(icons::atom(icons::MORE)).min_size(vec2(0.0, size::CONTROL));
        menu_button(ui, button, "More for these images", MENU_WIDTH, |ui| {
            self.menu(ui, job, places, shared, commands);
        });
    }

    fn menu(
        &self,
        ui: &mut Ui,
        job: &mut OpenJob,
        places: &[usize],
        shared: &Shared,
        commands: &mut Commands,
    ) {
        let count = |count: usize| thousands(count as u64);
        let reason = match self.again {
            0 => Some("None of them has a model's text that nobody changed or approved"),
            _ if job.progress().is_some() => Some("Wait until the others are done"),
            _ => unready(job, shared),
        };
        let mut label = format!("Ask again about these {}", count(self.again));
        if self.again_cost > Usd::ZERO {
            let charged = if shared.is_embedded() { " on AWS" } else { "" };
            label = format!("{label} (about {}{charged})", self.again_cost);
        }
        if icon_menu_item_unless(ui, reason, icons::RETRY, &label) {
            let places = those(&job.list, places, may_be_asked_again);
            commands.push(Command::AltText(AltTextCommand::Ask(places)));
        }
        if self.approved > 0 {
            let label = format!("Take back the approval of these {}", count(self.approved));
            if icon_menu_item(ui, icons::APPROVE, &label) {
                let places = those(&job.list, places, |item| item.review.approved);
                job.list.review(&places, |review| review.approved = false);
                job.list.end_step();
            }
        }
        let label = format!("Remove these {} from the list", count(places.len()));
        if icon_menu_item(ui, icons::CLOSE, &label) {
            job.list.review(places, |review| review.removed = true);
            job.list.end_step();
        }
    }
}

fn those(list: &Worklist, places: &[usize], wanted: fn(&Item) -> bool) -> Vec<usize> {
    let places = places.iter().copied();
    places
        .filter(|place| list.item(*place).is_some_and(wanted))
        .collect()
}
