//! Buttons: one main button a screen, outlined ones beside it, bare icons where space is short.

use egui::{Button, Color32, CornerRadius, Response, RichText, Stroke, Ui, WidgetInfo, WidgetType, vec2};

use crate::ui::icons::{self, Icon};
use crate::ui::theme::{self, palette, size, space};

/// The one thing a screen is for.
pub fn primary_button(ui: &mut Ui, enabled: bool, icon: Icon, label: &str) -> Response {
    let palette = palette(ui);
    ui.scope(|ui| {
        let widgets = &mut ui.visuals_mut().widgets;
        for (state, fill) in [
            (&mut widgets.inactive, palette.accent),
            (&mut widgets.hovered, palette.accent_hover),
            (&mut widgets.active, palette.accent_hover),
            (&mut widgets.noninteractive, palette.divider),
        ] {
            state.weak_bg_fill = fill;
            state.bg_stroke = Stroke::NONE;
            state.fg_stroke.color = palette.on_accent;
        }
        if !enabled {
            ui.visuals_mut().widgets.noninteractive.fg_stroke.color = palette.text_disabled;
        }
        // What cannot be pressed is grey, not a pale copy of the accent.
        ui.visuals_mut().disabled_alpha = 1.0;
        ui.add_enabled(
            enabled,
            Button::new((icons::atom(icon), theme::strong(label)))
                .min_size(vec2(0.0, size::CONTROL)),
        )
    })
    .inner
}

/// Everything else that acts.
pub fn secondary_button(ui: &mut Ui, icon: Icon, label: &str) -> Response {
    ui.add(
        Button::new((icons::atom(icon), RichText::new(label))).min_size(vec2(0.0, size::CONTROL)),
    )
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
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, name));
    response.on_hover_text(name)
}

/// Words that act, inside a text.
pub fn link_button(ui: &mut Ui, label: &str) -> Response {
    let accent = palette(ui).accent;
    ui.add(Button::new(theme::strong(label).color(accent)).frame(false))
}
