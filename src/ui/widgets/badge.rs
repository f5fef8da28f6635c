//! Small coloured words.

use egui::{Color32, CornerRadius, Frame, Label, Margin, Response, Ui};

use crate::ui::theme::{self, palette, size};

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
}

/// A word in a small box.
pub fn badge(ui: &mut Ui, text: &str, tone: Tone) -> Response {
    let palette = palette(ui);
    let (fill, color): (Color32, Color32) = match tone {
        Tone::Neutral => (palette.raised, palette.text_secondary),
        Tone::Accent => (palette.accent_soft, palette.accent),
        Tone::Warning => (palette.warning_soft, palette.warning),
        Tone::Success => (palette.raised, palette.success),
    };
    Frame::new()
        .fill(fill)
        .corner_radius(CornerRadius::same(size::RADIUS_BADGE))
        .inner_margin(Margin::symmetric(6, 1))
        .show(ui, |ui| {
            ui.add(Label::new(theme::small(text).color(color)).extend());
        })
        .response
}
