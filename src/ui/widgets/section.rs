//! Titles of sections, and values with their names.

use egui::{Label, RichText, Ui};

use crate::ui::theme::{self, palette, size, space};

/// A section's title with the space above it.
pub fn section_title(ui: &mut Ui, title: &str) {
    ui.add_space(space::M);
    ui.label(theme::h3(title).color(palette(ui).heading));
}

/// The title of a panel at the side, on the line of the screen's own title.
pub fn panel_title(ui: &mut Ui, title: &str) {
    ui.horizontal(|ui| {
        ui.set_min_height(size::CONTROL);
        ui.label(theme::h2(title).color(palette(ui).heading));
    });
}

/// A value below its name.
pub fn labelled_value(ui: &mut Ui, name: &str, value: &str) {
    let palette = palette(ui);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        ui.label(theme::small(name).color(palette.text_secondary));
        ui.add(Label::new(RichText::new(value).color(palette.text)).wrap());
    });
    ui.add_space(space::XXS);
}

/// What the field below it is, in small letters.
pub fn caption(ui: &mut Ui, words: &str) {
    ui.add_space(space::XXS);
    ui.label(theme::small(words).color(palette(ui).text_secondary));
}
