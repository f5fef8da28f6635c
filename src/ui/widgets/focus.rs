//! The ring around what has the keyboard's focus, for controls that have no border to show it with.

use egui::{Response, Stroke, StrokeKind, Ui};

use crate::ui::theme::{palette, size};

/// Room between a control and its ring, in points.
const GAP: f32 = 2.0;

/// Draws the ring when the control has the focus.
pub fn focus_ring(ui: &Ui, response: &Response) {
    if response.has_focus() {
        ui.painter().rect_stroke(
            response.rect.expand(GAP),
            f32::from(size::RADIUS),
            Stroke::new(2.0, palette(ui).accent),
            StrokeKind::Inside,
        );
    }
}
