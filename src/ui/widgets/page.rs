//! The frame that every screen beside the playgrounds has.

use egui::{CentralPanel, Frame, Margin, Ui};

use super::ends_apart::ends_apart;
use super::pane::in_pane;
use crate::ui::theme::{self, palette, space};

/// A screen's title with what acts on the whole screen at the right end; below the title where both do not fit
/// into `room` points.
pub fn title_row(ui: &mut Ui, title: &str, room: f32, actions: impl FnOnce(&mut Ui)) {
    let heading = theme::h1(title).color(palette(ui).heading);
    if ui.available_width() < room {
        ui.label(heading);
        ui.horizontal_wrapped(actions);
    } else {
        ui.horizontal(|ui| {
            ends_apart(ui, title, |ui| drop(ui.label(heading)), actions);
        });
    }
}

/// Fills the window beside the navigation with a titled page; `beside` draws what stands right of the title.
pub fn page(ui: &mut Ui, title: &str, beside: impl FnOnce(&mut Ui), content: impl FnOnce(&mut Ui)) {
    let margin = Margin {
        left: 20,
        right: 8,
        top: 16,
        bottom: 8,
    };
    let frame = Frame::new()
        .fill(palette(ui).background)
        .inner_margin(margin);
    CentralPanel::default().frame(frame).show(
        ui,
        in_pane(|ui| {
            ui.horizontal(|ui| {
                ui.label(theme::h1(title).color(palette(ui).heading));
                beside(ui);
            });
            ui.add_space(space::XXS);
            content(ui);
        }),
    );
}
