//! The box at the foot of a playground that a prompt is written in.

use egui::{Frame, Margin, Stroke, StrokeKind, Ui};

use crate::ui::theme::{palette, size};

/// Draws the box; `content` is the prompt and the buttons below it. What is written in it has no border of
/// its own, so the box shows where the caret is.
pub fn composer_box(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let palette = palette(ui);
    let before = ui.ctx().memory(egui::Memory::focused);
    let shown = Frame::new()
        .fill(palette.input)
        .stroke(Stroke::new(1.0, palette.outline))
        .corner_radius(size::RADIUS_CONTAINER)
        .inner_margin(Margin::same(10))
        .show(ui, content);
    let rect = shown.response.rect;
    let writes = before
        .and_then(|id| ui.ctx().read_response(id))
        .is_some_and(|focused| {
            focused.has_focus() && rect.contains(focused.interact_rect.center())
        })
        && ui.ctx().text_edit_focused();
    if writes {
        ui.painter().rect_stroke(
            rect,
            f32::from(size::RADIUS_CONTAINER),
            Stroke::new(2.0, palette.accent),
            StrokeKind::Inside,
        );
    }
}
