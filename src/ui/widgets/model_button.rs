//! The button that names the model in use and opens the list of all.

use egui::{Atom, Button, Role, Ui, WidgetInfo, vec2};

use crate::ui::icons;
use crate::ui::theme::{self, size};

/// Draws it; true when the list shall be opened, which takes `known` models.
pub fn model_button(ui: &mut Ui, title: &str, known: bool) -> bool {
    let button = ui.add_enabled(
        known,
        Button::new((
            icons::atom(icons::MODEL),
            theme::strong(title),
            Atom::grow(),
            icons::atom(icons::EXPAND),
        ))
        .truncate()
        .min_size(vec2(ui.available_width(), size::CONTROL + 6.0)),
    );
    button.widget_info(|| WidgetInfo::labeled(Role::Button, known, format!("Model: {title}")));
    button
        .on_disabled_hover_text("The list of models is not here yet")
        .clicked()
}
