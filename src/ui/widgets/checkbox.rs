//! A box to tick: filled while it is ticked, so that its state is seen at a glance.

use egui::{Checkbox, IntoAtoms, Response, Stroke, Ui};

use super::focus::focus_ring;
use crate::ui::theme::palette;

/// Draws a box with its words.
pub fn checkbox<'a>(ui: &mut Ui, checked: &'a mut bool, label: impl IntoAtoms<'a>) -> Response {
    enabled_checkbox(ui, true, checked, label)
}

/// The same, for a box that cannot always be ticked.
pub fn enabled_checkbox<'a>(
    ui: &mut Ui,
    enabled: bool,
    checked: &'a mut bool,
    label: impl IntoAtoms<'a>,
) -> Response {
    let palette = palette(ui);
    let on = *checked;
    ui.scope(|ui| {
        let visuals = ui.visuals_mut();
        // The words would take the colour of the tick.
        visuals.override_text_color = Some(palette.text);
        let widgets = &mut visuals.widgets;
        for state in [
            &mut widgets.noninteractive,
            &mut widgets.inactive,
            &mut widgets.hovered,
            &mut widgets.active,
        ] {
            if on {
                state.bg_fill = palette.accent;
                state.bg_stroke.color = palette.accent;
                state.fg_stroke = Stroke::new(2.0, palette.on_accent);
            } else {
                state.bg_fill = palette.input;
            }
        }
        let response = ui.add_enabled(enabled, Checkbox::new(checked, label));
        focus_ring(ui, &response);
        response
    })
    .inner
}
