//! A list to choose one of many from, closed until it is clicked.

use egui::{AsIdSalt, ComboBox};

use crate::ui::icons;
use crate::ui::theme::size;

/// The list, with the arrow of the one icon set.
pub fn combo_box<'a>(salt: impl AsIdSalt) -> ComboBox<'a> {
    ComboBox::from_id_salt(salt).icon(|ui, rect, visuals, _is_open| {
        let color = visuals.fg_stroke.color;
        icons::paint_at(ui, icons::EXPAND, rect.center(), size::ICON, color);
    })
}
