//! The list of pictures: filtered, searched, and drawn only where it is looked at.

use egui::{ScrollArea, Ui};

use super::bulk::Bulk;
use super::job::OpenJob;
use super::row;
use super::thumbnails::Thumbnails;
use crate::alt_text::{Counts, Filter, Worklist};
use crate::ui::Commands;
use crate::ui::icons;
use crate::ui::numbers::thousands;
use crate::ui::shared::Shared;
use crate::ui::theme::space;
use crate::ui::widgets::{empty_state, ends_apart, link_button, text_field};

/// What is looked at.
#[derive(Default)]
pub struct ListView {
    filter: Filter,
    words: String,
    found: Option<Found>,
    /// A picture that shall be brought into view.
    pub reveal: Option<usize>,
    /// A picture whose text shall get the caret.
    pub write_in: Option<usize>,
    /// Whose text has the caret.
    written_in: Option<usize>,
}

/// What was found, and in which state of the list.
struct Found {
    revision: u64,
    filter: Filter,
    words: String,
    places: Vec<usize>,
    counts: Counts,
    /// What can be done with all of them.
    bulk: Bulk,
}

impl ListView {
    /// The places that are looked at, in order.
    pub fn places(&self) -> &[usize] {
        self.found.as_ref().map_or(&[], |found| &found.places)
    }

    /// The picture in whose text, in the list, the caret is.
    pub fn written_in(&self) -> Option<usize> {
        self.written_in
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
            bulk: Bulk::of(list, &places),
            places,
            counts,
        });
    }

    /// Draws the filters and the search.
    pub fn tools(
        &mut self,
        ui: &mut Ui,
        job: &mut OpenJob,
        shared: &Shared,
        commands: &mut Commands,
    ) {
        self.update(&job.list);
        let counts = self.counts();
        ui.add_space(space::XXS);
        ui.horizontal_wrapped(|ui| {
            for filter in Filter::ALL {
                let count = counts.of(filter);
                // A filter that would show nothing is noise, unless it is the one in use.
                if count == 0 && filter != Filter::All && filter != self.filter {
                    continue;
                }
                let label = format!("{} {}", filter.label(), thousands(count as u64));
                ui.selectable_value(&mut self.filter, filter, label);
            }
        });
        let mut words = std::mem::take(&mut self.words);
        ui.horizontal(|ui| {
            ends_apart(
                ui,
                "find or decide",
                |ui| {
                    text_field(ui, "Find", "Words of names and texts", &mut words);
                },
                |ui| {
                    if let Some(Found { bulk, places, .. }) = &self.found {
                        bulk.ui(ui, job, places, shared, commands);
                    }
                },
            );
        });
        self.words = words;
        ui.add_space(space::XXS);
        self.update(&job.list);
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
        let height = row::height(ui);
        let mut area = ScrollArea::vertical()
            .id_salt("alt texts")
            .auto_shrink(false);
        if let Some(at) = self
            .reveal
            .take()
            .and_then(|place| found.places.iter().position(|other| *other == place))
        {
            #[expect(clippy::cast_precision_loss, reason = "points on a screen")]
            let top = at as f32 * (height + spacing);
            area = area.vertical_scroll_offset((top - height).max(0.0));
        }
        let places = &found.places;
        let write_in = self.write_in.take();
        self.written_in = None;
        area.show_rows(ui, height, places.len(), |ui, shown| {
            for place in &places[shown] {
                let is_selected = selected == Some(*place);
                let takes_caret = write_in == Some(*place);
                let row = row::ui(
                    ui,
                    job,
                    *place,
                    thumbnails,
                    (is_selected, takes_caret),
                    commands,
                );
                if row.is_chosen {
                    chosen = Some(*place);
                }
                if row.has_caret {
                    self.written_in = Some(*place);
                }
            }
        });
        chosen
    }
}
