//! Boxes that something is written in: the one at the foot of a playground, and those of long texts.

use egui::{CornerRadius, Frame, Margin, Stroke, StrokeKind, Ui};

use crate::ui::theme::{palette, size};

/// Draws the box at the foot; `content` is the prompt and the buttons below it.
pub fn composer_box(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    writing_box(ui, size::RADIUS_CONTAINER, 10, content);
}

/// Draws a box; what is written in it has no border of its own, so the box shows where the caret is.
pub(super) fn writing_box<R>(
    ui: &mut Ui,
    radius: u8,
    margin: i8,
    content: impl FnOnce(&mut Ui) -> R,
) -> R {
    let palette = palette(ui);
    let before = ui.ctx().memory(egui::Memory::focused);
    let shown = Frame::new()
        .fill(palette.input)
        .stroke(Stroke::new(1.0, palette.outline))
        .corner_radius(CornerRadius::same(radius))
        .inner_margin(Margin::same(margin))
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
            f32::from(radius),
            Stroke::new(2.0, palette.accent),
            StrokeKind::Inside,
        );
    }
    shown.inner
}
