//! A list of things by name on the left, and the one that is open beside it.

use egui::{
    Atom, AtomExt as _, Atoms, Button, CentralPanel, Frame, Margin, Panel, Response, RichText, Ui,
    WidgetInfo, vec2,
};

use super::pane::in_pane;
use crate::ui::icons;
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

/// How a row of the list stands.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entry {
    /// Whether it is the one that is open.
    pub selected: bool,
    /// Whether it is at work.
    pub running: bool,
}

/// A row of the list; `kind` is what it opens, for those who hear it.
pub fn library_entry(ui: &mut Ui, kind: &str, name: &str, entry: Entry) -> Response {
    let Entry { selected, running } = entry;
    let palette = palette(ui);
    let text = if selected {
        theme::strong(name).color(palette.accent)
    } else {
        RichText::new(name).color(palette.text)
    };
    let text = text.atom_shrink(true);
    let mut row = Atoms::new((text, Atom::grow()));
    if running {
        row.push_right(icons::atom(icons::WAITING));
    }
    let button = Button::new(row)
        .truncate()
        .selected(selected)
        .frame_when_inactive(selected)
        .min_size(vec2(ui.available_width(), size::CONTROL));
    let response = ui.add(button);
    response.widget_info(|| {
        let state = if running { ", running" } else { "" };
        let name = format!("Open {kind} {name}{state}");
        WidgetInfo::selected(egui::Role::Button, true, selected, name)
    });
    response
}
