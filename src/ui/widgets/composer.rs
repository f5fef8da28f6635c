//! The box at the foot of a playground that a prompt is written in.

use egui::{Frame, Margin, Stroke, Ui};

use crate::ui::theme::{palette, size};

/// Draws the box; `content` is the prompt and the buttons below it.
pub fn composer_box(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let palette = palette(ui);
    Frame::new()
        .fill(palette.input)
        .stroke(Stroke::new(1.0, palette.outline))
        .corner_radius(size::RADIUS_CONTAINER)
        .inner_margin(Margin::same(10))
        .show(ui, content);
}
