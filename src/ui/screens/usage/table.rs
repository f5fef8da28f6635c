//! The sums of each group.

use egui::{Align, Layout, Ui};
use egui_extras::{Column, TableBuilder};

use crate::spending::{By, Half, Sum};
use crate::ui::numbers::thousands;
use crate::ui::theme::{self, palette, size};

/// Height of a row, in points.
const ROW: f32 = 28.0;

const HEADS: [&str; 6] = [
    "Calls",
    "Input",
    "Output",
    "Cache read",
    "Cache write",
    "Cost",
];

/// The least width of the names, and the widths of numbers and costs, in points.
const WIDE: (f32, f32, f32) = (180.0, 92.0, 260.0);
const NARROW: (f32, f32, f32) = (120.0, 76.0, 150.0);

/// From this width on there is room for the wide ones.
const ROOM_FOR_WIDE: f32 = 920.0;

/// Draws the table; the sum of all is its first row, and of days the last one comes next.
pub fn ui(ui: &mut Ui, by: By, half: &Half) {
    let is_wide = ui.available_width() >= ROOM_FOR_WIDE;
    let (name, number, cost) = if is_wide { WIDE } else { NARROW };
    ui.push_id("groups", |ui| {
        let groups = half.groups.len();
        TableBuilder::new(ui)
            .striped(true)
            .vscroll(false)
            .cell_layout(Layout::left_to_right(Align::Center))
            .column(Column::remainder().at_least(name).clip(true))
            .columns(Column::exact(number), HEADS.len() - 1)
            .column(Column::exact(cost).clip(true))
            .header(size::TABLE_HEAD, |mut header| {
                header.col(|ui| {
                    head(ui, by.label());
                });
                for name in HEADS {
                    header.col(|ui| right(ui, |ui| head(ui, name)));
                }
            })
            .body(|body| {
                body.rows(ROW, groups + 1, |mut row| {
                    let place = match by {
                        By::Day => (groups + 1).checked_sub(row.index() + 1),
                        _ => row.index().checked_sub(1),
                    };
                    let (name, sum, is_total) = match place.and_then(|at| half.groups.get(at)) {
                        Some(group) => (group.name.as_str(), &group.sum, false),
                        None => ("Total", &half.total, true),
                    };
                    row.col(|ui| cell(ui, name, is_total));
                    for value in values(sum) {
                        row.col(|ui| right(ui, |ui| cell(ui, &value, is_total)));
                    }
                });
            });
    });
}

fn values(sum: &Sum) -> [String; HEADS.len()] {
    [
        thousands(sum.calls),
        thousands(sum.input),
        thousands(sum.output),
        thousands(sum.cache_read),
        thousands(sum.cache_write),
        sum.cost_in_words(),
    ]
}

fn head(ui: &mut Ui, name: &str) {
    let color = palette(ui).text_secondary;
    ui.label(theme::strong(name).size(theme::font::SMALL).color(color));
}

fn cell(ui: &mut Ui, text: &str, is_total: bool) {
    let text = if is_total {
        theme::strong(text)
    } else {
        theme::small(text).size(theme::font::CODE)
    };
    ui.add(egui::Label::new(text.size(theme::font::CODE)).truncate());
}

fn right(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    ui.with_layout(Layout::right_to_left(Align::Center), content);
}
