//! A parameter that is the model's own default until it is touched.

use std::ops::RangeInclusive;

use egui::{Slider, Ui, vec2};

use super::button::icon_button;
use super::name::accessible_name;
use crate::ui::icons;
use crate::ui::theme::{self, palette, size, space};

/// What a slider moves by.
const STEP: f32 = 0.01;

/// A number with two decimals. `None` means that nothing is sent.
pub fn number_parameter(
    ui: &mut Ui,
    name: &str,
    help: &str,
    value: &mut Option<f32>,
    range: RangeInclusive<f32>,
    model_default: Option<f32>,
) {
    head(
        ui,
        name,
        help,
        value,
        model_default.map(|value| format!("{value}")),
    );
    let before = value.or(model_default).unwrap_or(*range.start());
    let mut shown = before;
    let known = value.or(model_default).is_some();
    let slider = Slider::new(&mut shown, range)
        .step_by(f64::from(STEP))
        .fixed_decimals(2)
        .show_value(known);
    // The slider rounds what it shows, and calls that a change.
    if slider_ui(ui, slider, name).changed() && (shown - before).abs() > STEP / 2.0 {
        *value = Some(shown);
    }
}

/// A whole number. `None` means that nothing is sent.
pub fn integer_parameter(
    ui: &mut Ui,
    name: &str,
    help: &str,
    value: &mut Option<u32>,
    range: RangeInclusive<u32>,
    model_default: Option<u32>,
) {
    head(
        ui,
        name,
        help,
        value,
        model_default.map(|value| value.to_string()),
    );
    let mut shown = value.or(model_default).unwrap_or(*range.end());
    let known = value.or(model_default).is_some();
    let slider = Slider::new(&mut shown, range)
        .logarithmic(true)
        .show_value(known);
    if slider_ui(ui, slider, name).changed() {
        *value = Some(shown);
    }
}

fn head<T>(ui: &mut Ui, name: &str, help: &str, value: &mut Option<T>, default: Option<String>) {
    let secondary = palette(ui).text_secondary;
    ui.horizontal(|ui| {
        ui.set_min_height(26.0);
        ui.label(name).on_hover_text(help);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if value.is_some() {
                if icon_button(
                    ui,
                    icons::RESET,
                    &format!("Use the model's default {}", name.to_lowercase()),
                )
                .clicked()
                {
                    *value = None;
                }
            } else {
                let text = match default {
                    Some(default) => format!("model default ({default})"),
                    None => "model default".to_owned(),
                };
                ui.label(theme::small(text).color(secondary));
            }
        });
    });
}

/// A slider's own label would stand beside it; its name goes to assistive technology only.
fn slider_ui(ui: &mut Ui, slider: Slider<'_>, name: &str) -> egui::Response {
    ui.scope(|ui| {
        let spacing = ui.spacing_mut();
        spacing.interact_size.y = size::SLIDER;
        spacing.button_padding = vec2(space::XS, 2.0);
        // The part before the handle is drawn in the colour of selections, which is too pale for it.
        ui.visuals_mut().selection.bg_fill = palette(ui).accent;
        ui.spacing_mut().slider_width = (ui.available_width() - size::SLIDER_VALUE).max(80.0);
        let response = ui.add(slider);
        accessible_name(&response, name);
        response
    })
    .inner
}
