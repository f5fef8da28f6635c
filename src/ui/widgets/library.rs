//! A list of things by name on the left, and the one that is open beside it.

use egui::{
    Atom, Button, CentralPanel, Frame, Margin, Panel, Response, RichText, Ui, WidgetInfo, vec2,
};

use super::pane::in_pane;
use crate::ui::theme::{self, palette, size};

/// Width of the list, in points.
pub const LIBRARY_WIDTH: f32 = 232.0;

/// Draws the list's side of the window.
pub fn library_list(ui: &mut Ui, id: &'static str, content: impl FnOnce(&mut Ui)) {
    let margin = Margin {
        left: 12,
        right: 4,
        top: 16,
        bottom: 8,
    };
    let frame = Frame::new().fill(palette(ui).surface).inner_margin(margin);
    Panel::left(id)
        .exact_size(LIBRARY_WIDTH)
        .resizable(false)
        .frame(frame)
        .show(ui, in_pane(content));
}

/// Draws the side of what is open.
pub fn library_page(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let margin = Margin {
        left: 20,
        right: 12,
        top: 16,
        bottom: 8,
    };
    let frame = Frame::new()
        .fill(palette(ui).background)
        .inner_margin(margin);
    CentralPanel::default()
        .frame(frame)
        .show(ui, in_pane(content));
}

/// A row of the list; `kind` is what it opens, for those who hear it.
pub fn library_entry(
    ui: &mut Ui,
    kind: &str,
    name: &str,
    selected: bool,
    enabled: bool,
) -> Response {
    let palette = palette(ui);
    let text = if selected {
        theme::strong(name).color(palette.accent)
    } else {
        RichText::new(name).color(palette.text)
    };
    let button = Button::new((text, Atom::grow()))
        .truncate()
        .selected(selected)
        .frame_when_inactive(selected)
        .min_size(vec2(ui.available_width(), size::CONTROL));
    let response = ui.add_enabled(enabled, button);
    response.widget_info(|| {
        let name = format!("Open {kind} {name}");
        WidgetInfo::selected(egui::Role::Button, enabled, selected, name)
    });
    response
}
