//! A number below its name, as one of several in a row that wraps.

use egui::{Label, RichText, TextStyle, TextWrapMode, Ui, WidgetText, vec2};

use crate::ui::theme::{self, palette};

/// Draws it. A child whose size is not known first would take what the row has left, however little that is.
pub fn figure(ui: &mut Ui, name: &str, value: RichText) {
    let palette = palette(ui);
    let name = theme::small(name).color(palette.text_secondary);
    let value = value.color(palette.heading);
    let laid_out = [name, value].map(|text| {
        let text = WidgetText::from(text);
        text.into_galley(
            ui,
            Some(TextWrapMode::Extend),
            f32::INFINITY,
            TextStyle::Body,
        )
    });
    let [width, height] = laid_out
        .iter()
        .fold([0.0_f32, 0.0], |[width, height], text| {
            [width.max(text.size().x), height + text.size().y]
        });
    ui.allocate_ui(vec2(width, height), |ui| {
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for text in laid_out {
                ui.add(Label::new(text));
            }
        });
    });
}
