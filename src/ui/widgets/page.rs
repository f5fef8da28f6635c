//! The frame that every screen beside the playgrounds has.

use egui::{CentralPanel, Frame, Margin, Ui};

use crate::ui::theme::{self, palette, space};

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
    CentralPanel::default().frame(frame).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.label(theme::h1(title).color(palette(ui).heading));
            beside(ui);
        });
        ui.add_space(space::XXS);
        content(ui);
    });
}
