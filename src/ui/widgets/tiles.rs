//! Things of one width beside each other, in as many columns as have room.

use egui::Ui;

/// Draws `count` tiles that are at least so wide, in points; each is given its place and its width.
pub fn tiles(ui: &mut Ui, count: usize, least: f32, mut tile: impl FnMut(&mut Ui, usize, f32)) {
    if count == 0 {
        return;
    }
    let gap = ui.spacing().item_spacing.x;
    let room = ui.available_width() + gap;
    let fit = (room / (least + gap)).floor().max(1.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a handful of columns"
    )]
    let columns = (fit as usize).min(count);
    #[expect(clippy::cast_precision_loss, reason = "a handful of columns")]
    let width = (room / columns as f32 - gap).floor();
    for first in (0..count).step_by(columns) {
        ui.horizontal_top(|ui| {
            for place in first..count.min(first + columns) {
                ui.push_id(place, |ui| tile(ui, place, width));
            }
        });
    }
}
