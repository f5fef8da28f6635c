//! Menus: the button that opens one, and its entries.

use egui::containers::menu::MenuButton;
use egui::{Atom, Button, IntoAtoms, Response, Role, Ui, WidgetInfo, vec2};

use crate::ui::icons::{self, Icon};
use crate::ui::theme::size;

/// Opens a menu of the given width below a button, and names the button.
pub fn menu_button(
    ui: &mut Ui,
    button: Button<'_>,
    name: &str,
    width: f32,
    content: impl FnOnce(&mut Ui),
) -> Response {
    let (response, _) = MenuButton::from_button(button).ui(ui, |ui| {
        ui.set_width(width);
        content(ui);
    });
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    response
}

/// The same below three dots without a frame, as small as a target may be.
pub fn small_menu(ui: &mut Ui, name: &str, width: f32, content: impl FnOnce(&mut Ui)) -> Response {
    let button = Button::new(icons::atom(icons::MORE))
        .frame(false)
        .min_size(vec2(size::TARGET, size::TARGET));
    menu_button(ui, button, name, width, content)
}

/// An entry of a menu; true when it was chosen, and the menu is closed then.
pub fn menu_item(ui: &mut Ui, label: &str) -> bool {
    entry(ui, label, None)
}

/// An entry with an icon.
pub fn icon_menu_item(ui: &mut Ui, icon: Icon, label: &str) -> bool {
    entry(ui, (icons::atom(icon), label), None)
}

/// An entry that cannot be chosen while there is a reason not to.
pub fn menu_item_unless(ui: &mut Ui, reason: Option<&str>, label: &str) -> bool {
    entry(ui, label, reason)
}

/// An entry with an icon that cannot be chosen while there is a reason not to.
pub fn icon_menu_item_unless(ui: &mut Ui, reason: Option<&str>, icon: Icon, label: &str) -> bool {
    entry(ui, (icons::atom(icon), label), reason)
}

fn entry<'a>(ui: &mut Ui, label: impl IntoAtoms<'a>, reason: Option<&str>) -> bool {
    let mut atoms = label.into_atoms();
    atoms.push_right(Atom::grow());
    let button = Button::new(atoms).min_size(vec2(ui.available_width(), size::CONTROL - 2.0));
    let clicked = ui
        .add_enabled(reason.is_none(), button)
        .on_disabled_hover_text(reason.unwrap_or_default())
        .clicked();
    if clicked {
        // A click by assistive technology does not close the menu by itself.
        ui.close();
    }
    clicked
}
