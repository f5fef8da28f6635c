//! The list of pictures: filtered, searched, and drawn only where it is looked at.

use egui::{ScrollArea, Ui};

use super::job::OpenJob;
use super::row;
use super::thumbnails::Thumbnails;
use crate::alt_text::{Counts, Filter, Worklist};
use crate::ui::Commands;
use crate::ui::icons;
use crate::ui::theme::space;
use crate::ui::widgets::{empty_state, link_button, secondary_button, text_field};

/// What is looked at.
#[derive(Default)]
pub struct ListView {
    filter: Filter,
    words: String,
    found: Option<Found>,
    /// A picture that shall be brought into view.
    pub reveal: Option<usize>,
}

/// What was found, and in which state of the list.
struct Found {
    revision: u64,
    filter: Filter,
    words: String,
    places: Vec<usize>,
    counts: Counts,
}

impl ListView {
    /// The places that are looked at, in order.
    pub fn places(&self) -> &[usize] {
        self.found.as_ref().map_or(&[], |found| &found.places)
    }

    /// How many pictures each filter has.
    pub fn counts(&self) -> Counts {
        self.found
            .as_ref()
            .map_or_else(Counts::default, |found| found.counts)
    }

    /// Finds anew when something has changed.
    fn update(&mut self, list: &Worklist) {
        let same = self.found.as_ref().is_some_and(|found| {
            found.revision == list.revision()
                && found.filter == self.filter
                && found.words == self.words
        });
        if same {
            return;
        }
        let (places, counts) = list.find(self.filter, &self.words);
        self.found = Some(Found {
            revision: list.revision(),
            filter: self.filter,
            words: self.words.clone(),
            places,
            counts,
        });
    }

    /// Draws the filters and the search.
    pub fn tools(&mut self, ui: &mut Ui, list: &Worklist) {
        self.update(list);
        let counts = self.counts();
        ui.add_space(space::XXS);
        ui.horizontal_wrapped(|ui| {
            for filter in Filter::ALL {
                let count = counts.of(filter);
                // A filter that would show nothing is noise, unless it is the one in use.
                if count == 0 && filter != Filter::All && filter != self.filter {
                    continue;
                }
                let label = format!("{} {count}", filter.label());
                ui.selectable_value(&mut self.filter, filter, label);
            }
        });
        text_field(ui, "Find", "Words of names and texts", &mut self.words);
        ui.add_space(space::XXS);
        self.update(list);
    }

    /// Draws the list; gives the picture that was chosen.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        job: &mut OpenJob,
        thumbnails: &mut Thumbnails,
        selected: Option<usize>,
        commands: &mut Commands,
    ) -> Option<usize> {
        self.update(&job.list);
        let Some(found) = &self.found else {
            return None;
        };
        if found.places.is_empty() {
            let mut all = false;
            empty_state(
                ui,
                icons::SEARCH,
                "No image is like that",
                "Other images are in the list; this filter or search leaves them all out.",
                |ui| all = link_button(ui, "Show all").clicked(),
            );
            if all {
                self.filter = Filter::All;
                self.words.clear();
            }
            return None;
        }
        let mut chosen = None;
        let spacing = ui.spacing().item_spacing.y;
        let mut area = ScrollArea::vertical()
            .id_salt("alt texts")
            .auto_shrink(false);
        if let Some(at) = self
            .reveal
            .take()
            .and_then(|place| found.places.iter().position(|other| *other == place))
        {
            #[expect(clippy::cast_precision_loss, reason = "points on a screen")]
            let top = at as f32 * (row::HEIGHT + spacing);
            area = area.vertical_scroll_offset((top - row::HEIGHT).max(0.0));
        }
        let places = &found.places;
        area.show_rows(ui, row::HEIGHT, places.len(), |ui, shown| {
            for place in &places[shown] {
                let is_selected = selected == Some(*place);
                let clicked = row::ui(ui, job, *place, thumbnails, is_selected, commands);
                if clicked {
                    chosen = Some(*place);
                }
            }
        });
        chosen
    }

    /// Draws what can be done with all that is looked at.
    pub fn bulk_ui(&self, ui: &mut Ui, job: &mut OpenJob) {
        let open: Vec<usize> = self
            .places()
            .iter()
            .copied()
            .filter(|place| {
                let item = job.list.item(*place);
                item.is_some_and(|item| item.review.alt.is_some() && !item.review.approved)
            })
            .collect();
        let label = format!("Approve these {}", open.len());
        if !open.is_empty() && secondary_button(ui, icons::SUCCESS, &label).clicked() {
            job.approve(&open);
        }
    }
}
