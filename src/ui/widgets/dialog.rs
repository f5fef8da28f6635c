//! Dialogs: a frame over the window that is left by its button, by Escape, or by a click beside it.

use egui::{Align, Frame, Id, Layout, Margin, Modal, ScrollArea, Ui};

use super::button::icon_button;
use crate::ui::icons;
use crate::ui::theme::{self, palette};

/// Space around a dialog's content, in points.
const MARGIN: i8 = 20;
/// Space of the window that stays visible around a dialog, in points.
const AROUND: f32 = 80.0;
/// The height of a window that every dialog fits into, in points.
const LOW: f32 = 640.0;

/// Draws a dialog with a title; true when it is to be closed.
pub fn dialog(ui: &mut Ui, title: &str, width: f32, content: impl FnOnce(&mut Ui)) -> bool {
    let mut closed = false;
    let left = modal(ui, title, width, MARGIN, |ui| {
        ui.horizontal(|ui| {
            ui.label(theme::h2(title).color(palette(ui).heading));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                closed = icon_button(ui, icons::CLOSE, "Close").clicked();
            });
        });
        content(ui);
    });
    closed || left
}

/// Draws a dialog without a head; true when it is to be closed.
pub fn modal(ui: &mut Ui, id: &str, width: f32, margin: i8, content: impl FnOnce(&mut Ui)) -> bool {
    let scrim = palette(ui).scrim;
    Modal::new(Id::unique(id))
        .backdrop_color(scrim)
        .frame(Frame::popup(ui.style()).inner_margin(Margin::same(margin)))
        .show(ui.ctx(), |ui| {
            ui.set_width(width.min(ui.ctx().content_rect().width() - AROUND));
            // Where the window is low or its text large, a dialog scrolls.
            let room = ui.ctx().content_rect().height();
            if room < LOW {
                let area = ScrollArea::vertical().max_height(room - AROUND);
                area.show(ui, content);
            } else {
                content(ui);
            }
        })
        .should_close()
}
