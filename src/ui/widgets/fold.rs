//! A section that folds away; folded, it says in a word what it holds.

use egui::text::LayoutJob;
use egui::{Align, CollapsingHeader, FontSelection, Ui};

use crate::ui::theme::{self, font, palette, space};

/// Draws a section; `summary` stands beside the title and may be empty.
pub fn fold(ui: &mut Ui, title: &str, summary: &str, open: bool, body: impl FnOnce(&mut Ui)) {
    let palette = palette(ui);
    let mut job = LayoutJob::default();
    let title_text = theme::strong(title).size(font::BODY).color(palette.heading);
    let summary_text = theme::small(format!("  {summary}")).color(palette.text_secondary);
    for text in [title_text, summary_text] {
        text.append_to(&mut job, ui.style(), FontSelection::Default, Align::Center);
    }
    ui.add_space(space::XXS);
    CollapsingHeader::new(job)
        .id_salt(title)
        .default_open(open)
        .show_unindented(ui, |ui| {
            ui.add_space(space::XXS);
            body(ui);
            ui.add_space(space::XXS);
        });
}
