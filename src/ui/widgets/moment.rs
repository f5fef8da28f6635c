//! A moment in small letters, and all of it to whoever points there.

use egui::{Response, Ui};

use crate::store::UnixMs;
use crate::ui::clock::Clock;
use crate::ui::theme::{self, palette};

/// Draws it.
pub fn moment(ui: &mut Ui, clock: &Clock, at: UnixMs) -> Response {
    let text = theme::small(clock.short(at)).color(palette(ui).text_secondary);
    ui.label(text).on_hover_ui(|ui| {
        ui.label(clock.full(at));
    })
}
