//! Small coloured words.

use egui::{FontId, Response, Sense, Ui, WidgetInfo, vec2};

use crate::catalog::ModelId;
use crate::ui::theme::{font, palette, size, space};

/// What a badge says beyond its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A fact.
    Neutral,
    /// In use, or chosen.
    Accent,
    /// Wants attention.
    Warning,
    /// Good.
    Success,
    /// Bad.
    Error,
}

/// Says of an answer that Amazon Bedrock did not give it: made up by the embedded endpoint, or by a
/// local server's model.
pub fn origin_badge(ui: &mut Ui, simulated: bool, model: &ModelId) {
    if simulated {
        badge(ui, "Simulated", Tone::Warning);
    } else if model.is_local() {
        badge(ui, "Local", Tone::Accent).on_hover_text("A local server answered; nobody charges");
    }
}

/// A word in a small box. Painted at its own height: in a row of buttons a frame would grow to theirs.
pub fn badge(ui: &mut Ui, text: &str, tone: Tone) -> Response {
    let palette = palette(ui);
    let (fill, color) = match tone {
        Tone::Neutral => (palette.divider, palette.text_secondary),
        Tone::Accent => (palette.accent_soft, palette.accent),
        Tone::Warning => (palette.warning_soft, palette.warning),
        Tone::Success => (palette.success_soft, palette.success),
        Tone::Error => (palette.error_soft, palette.error),
    };
    let galley =
        ui.painter()
            .layout_no_wrap(text.to_owned(), FontId::proportional(font::SMALL), color);
    let padding = vec2(space::XS, 2.0);
    let (rect, response) = ui.allocate_exact_size(galley.size() + 2.0 * padding, Sense::hover());
    ui.painter()
        .rect_filled(rect, f32::from(size::RADIUS_BADGE), fill);
    ui.painter().galley(rect.min + padding, galley, color);
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, text));
    response
}
