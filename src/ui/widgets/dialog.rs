//! Dialogs: a frame over the window that is left by its button, by Escape, or by a click beside it.

use egui::{Align, Align2, Frame, Id, Layout, Margin, Modal, ScrollArea, Ui, Vec2, vec2};

use super::button::icon_button;
use crate::ui::icons;
use crate::ui::theme::{self, palette};

/// Space around a dialog's content, in points.
const MARGIN: i8 = 20;
/// Space of the window that stays visible around a dialog, in points.
const AROUND: f32 = 80.0;
/// Where dialogs stand.
const MIDDLE: (Align2, Vec2) = (Align2::CENTER_CENTER, Vec2::ZERO);
const NEAR_TOP: (Align2, Vec2) = (Align2::CENTER_TOP, vec2(0.0, AROUND / 4.0));
/// The height of a window that every dialog fits into, in points.
const LOW: f32 = 640.0;

/// Draws a dialog with a title in the middle of the window; true when it is to be closed.
pub fn dialog(ui: &mut Ui, title: &str, width: f32, content: impl FnOnce(&mut Ui)) -> bool {
    titled(ui, title, width, MIDDLE, content)
}

/// The same near the top of the window, where what is chosen in it decides how high it is: no choice moves away
/// from the pointer.
pub fn dialog_near_top(
    ui: &mut Ui,
    title: &str,
    width: f32,
    content: impl FnOnce(&mut Ui),
) -> bool {
    titled(ui, title, width, NEAR_TOP, content)
}

fn titled(
    ui: &mut Ui,
    title: &str,
    width: f32,
    place: (Align2, Vec2),
    content: impl FnOnce(&mut Ui),
) -> bool {
    let mut closed = false;
    let left = modal_at(ui, title, width, MARGIN, place, |ui| {
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
    modal_at(ui, id, width, margin, MIDDLE, content)
}

fn modal_at(
    ui: &mut Ui,
    id: &str,
    width: f32,
    margin: i8,
    (align, offset): (Align2, Vec2),
    content: impl FnOnce(&mut Ui),
) -> bool {
    let scrim = palette(ui).scrim;
    let id = Id::unique(id);
    Modal::new(id)
        .area(Modal::default_area(id).anchor(align, offset))
        .backdrop_color(scrim)
        .frame(Frame::popup(ui.style()).inner_margin(Margin::same(margin)))
        .show(ui.ctx(), |ui| {
            ui.set_width(width.min(ui.ctx().content_rect().width() - AROUND));
            // Where the window is low or its text large, a dialog scrolls; one that grows by what is chosen in it
            // does wherever it must.
            let room = ui.ctx().content_rect().height();
            if room < LOW || align == NEAR_TOP.0 {
                let room = room - AROUND;
                ScrollArea::vertical()
                    .auto_shrink([false, true])
                    .max_height(room)
                    // What the dialog had before is not all it may have.
                    .min_scrolled_height(room)
                    .show(ui, content);
            } else {
                content(ui);
            }
        })
        .should_close()
}
