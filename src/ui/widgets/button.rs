//! Buttons: one main button a screen, outlined ones beside it, bare icons where space is short.

use egui::{Button, Color32, CornerRadius, Response, RichText, Stroke, Ui, WidgetInfo, vec2};

use super::focus::focus_ring;
use crate::ui::icons::{self, Icon};
use crate::ui::theme::{self, palette, size, space};

/// The one thing a screen is for.
pub fn primary_button(ui: &mut Ui, enabled: bool, icon: Icon, label: &str) -> Response {
    let palette = palette(ui);
    let (fill, hover, text) = if enabled {
        (palette.accent, palette.accent_hover, palette.on_accent)
    } else {
        (palette.divider, palette.divider, palette.text_disabled)
    };
    ui.scope(|ui| {
        let visuals = ui.visuals_mut();
        // What cannot be pressed is grey, not a pale copy of the accent.
        visuals.disabled_alpha = 1.0;
        let widgets = &mut visuals.widgets;
        for (state, fill) in [
            (&mut widgets.inactive, fill),
            (&mut widgets.noninteractive, fill),
            (&mut widgets.hovered, hover),
            (&mut widgets.active, hover),
        ] {
            state.weak_bg_fill = fill;
            state.bg_stroke = Stroke::NONE;
            state.fg_stroke.color = text;
        }
        let button = Button::new((icons::atom(icon), theme::strong(label)));
        let response = ui.add_enabled(enabled, button.min_size(vec2(0.0, size::CONTROL)));
        focus_ring(ui, &response);
        response
    })
    .inner
}

/// Everything else that acts.
pub fn secondary_button(ui: &mut Ui, icon: Icon, label: &str) -> Response {
    ui.add(
        Button::new((icons::atom(icon), RichText::new(label))).min_size(vec2(0.0, size::CONTROL)),
    )
}

/// Words alone, beside the button that goes on: a way out.
pub fn word_button(ui: &mut Ui, label: &str) -> Response {
    ui.add(Button::new(label).min_size(vec2(0.0, size::CONTROL)))
}

/// An icon alone; its words are its accessible name and its tooltip.
pub fn icon_button(ui: &mut Ui, icon: Icon, name: &str) -> Response {
    let response = ui
        .scope(|ui| {
            ui.spacing_mut().button_padding = vec2(space::XXS, space::XXS);
            let inactive = &mut ui.visuals_mut().widgets.inactive;
            inactive.weak_bg_fill = Color32::TRANSPARENT;
            inactive.bg_stroke = Stroke::NONE;
            ui.add(
                Button::new(icons::atom(icon))
                    .corner_radius(CornerRadius::same(size::RADIUS))
                    .min_size(vec2(size::CONTROL - 4.0, size::CONTROL - 4.0)),
            )
        })
        .inner;
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, name));
    response.on_hover_text(name)
}

/// Words that act, inside a text.
pub fn link_button(ui: &mut Ui, label: &str) -> Response {
    let accent = palette(ui).accent;
    let button = Button::new(theme::strong(label).color(accent)).frame(false);
    let response = ui.add(button.min_size(vec2(0.0, size::TARGET)));
    focus_ring(ui, &response);
    response
}
