//! What a screen shows before there is anything: what to do, or that something is on its way.

use egui::{Label, RichText, TextStyle, Ui};

use super::spinner::sized_spinner;
use crate::ui::icons::{self, Icon};
use crate::ui::theme::{self, palette, size, space};

/// Where there is less room than this, in points, words and buttons take all of it.
const LOW: f32 = 200.0;

/// An empty screen that says what to do, with room for buttons that do it.
pub fn empty_state(
    ui: &mut Ui,
    icon: Icon,
    title: &str,
    text: &str,
    actions: impl FnOnce(&mut Ui),
) {
    let palette = palette(ui);
    let is_low = ui.available_height() < LOW;
    ui.vertical_centered(|ui| {
        if !is_low {
            ui.add_space((ui.available_height() * 0.25).min(120.0));
            icons::paint(ui, icon, size::ICON_LARGE, palette.text_disabled);
        }
        ui.add_space(space::S);
        ui.label(theme::h2(title).color(palette.heading));
        ui.scope(|ui| {
            ui.set_max_width(ui.available_width().min(460.0));
            ui.add(Label::new(RichText::new(text).color(palette.text_secondary)).wrap());
        });
        ui.add_space(space::S);
        actions(ui);
    });
}

/// Things beside each other in the middle; below each other where there is no room.
pub fn centered_row(ui: &mut Ui, contents: impl FnOnce(&mut Ui)) {
    let height = ui.text_style_height(&TextStyle::Button);
    let id = ui.scope_id().with(("centered row", height.to_bits()));
    let known: Option<f32> = ui.data(|data| data.get_temp(id));
    let available = ui.available_width();
    if known.is_some_and(|width| width > available) {
        ui.horizontal_wrapped(contents);
        return;
    }
    let width = ui
        .horizontal(|ui| {
            ui.add_space(known.map_or(0.0, |width| (available - width) / 2.0));
            let start = ui.cursor().left();
            contents(ui);
            ui.min_rect().right() - start
        })
        .inner;
    if known.is_none_or(|known| (known - width).abs() > 0.5) {
        ui.data_mut(|data| data.insert_temp(id, width));
        ui.ctx().request_discard("the width of a row is known now");
    }
}

/// A screen whose content is being fetched.
pub fn loading_state(ui: &mut Ui, text: &str) {
    let color = palette(ui).text_secondary;
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.3).min(140.0));
        sized_spinner(ui, size::ICON_LARGE * 0.6);
        ui.add_space(space::S);
        ui.label(RichText::new(text).color(color));
    });
}
