//! Up to four models' facts side by side.

use egui::{Grid, Label, RichText, ScrollArea, Ui};

use super::facts::{self, Line, playground};
use crate::catalog::{Catalog, ModelId};
use crate::pricing::Day;
use crate::ui::icons;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{checkbox, dialog, secondary_button};
use crate::ui::{Command, Commands};

/// Most models.
pub const MOST: usize = 4;

/// Width of the first column, in points.
const NAMES: f32 = 110.0;

/// Width of a model's column where there is room, and the least, in points.
const COLUMN: f32 = 210.0;
const LEAST_COLUMN: f32 = 150.0;

/// Height of the window that is left for what stands around the facts, in points.
const AROUND: f32 = 240.0;

/// Draws the dialog; true when it is to be closed.
pub fn ui(
    ui: &mut Ui,
    catalog: &Catalog,
    ids: &[ModelId],
    shared: &Shared,
    only_differences: &mut bool,
    commands: &mut Commands,
) -> bool {
    let models: Vec<_> = ids.iter().filter_map(|id| catalog.model(id)).collect();
    let mut done = false;
    #[expect(clippy::cast_precision_loss, reason = "four at the most")]
    let width = NAMES + (COLUMN + space::L) * models.len() as f32;
    let closed = dialog(ui, "Models side by side", width.max(420.0), |ui| {
        checkbox(ui, only_differences, "Only what differs");
        #[expect(clippy::cast_precision_loss, reason = "four at the most")]
        let share = (ui.available_width() - NAMES - space::L) / models.len().max(1) as f32;
        let column = (share - space::L).clamp(LEAST_COLUMN, COLUMN);
        let mut lines = facts::side_by_side(catalog, &models, shared, Day::today());
        lines.retain(Line::says_something);
        let room = ui.ctx().content_rect().height() - AROUND;
        // A dialog begins small, and what scrolls in it would stay so.
        let area = ScrollArea::both()
            .max_height(room)
            .min_scrolled_height(room);
        area.show(ui, |ui| {
            Grid::new("facts side by side")
                .striped(true)
                .spacing([space::L, space::XS])
                .show(ui, |ui| {
                    cell(ui, NAMES, RichText::new(""));
                    for model in &models {
                        cell(ui, column, theme::strong(&model.name));
                    }
                    ui.end_row();
                    for line in lines
                        .iter()
                        .filter(|line| !*only_differences || line.differs())
                    {
                        let secondary = palette(ui).text_secondary;
                        cell(ui, NAMES, theme::small(line.name).color(secondary));
                        for value in &line.values {
                            cell(ui, column, RichText::new(value).size(theme::font::CODE));
                        }
                        ui.end_row();
                    }
                    cell(ui, NAMES, RichText::new(""));
                    for model in &models {
                        let screen = playground(model);
                        ui.horizontal(|ui| {
                            if let Some(screen) = screen
                                && secondary_button(ui, icons::SEND, "Try it")
                                    .on_hover_text(screen.label())
                                    .clicked()
                            {
                                let id = catalog.invocation_id(model, shared.region());
                                commands.push(Command::TryModel(screen, id));
                                done = true;
                            }
                        });
                    }
                    ui.end_row();
                });
        });
    });
    closed || done
}

fn cell(ui: &mut Ui, width: f32, text: RichText) {
    ui.scope(|ui| {
        ui.set_width(width);
        ui.add(Label::new(text).wrap());
    });
}
