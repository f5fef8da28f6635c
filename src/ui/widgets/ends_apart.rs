//! A line with something at either end, drawn from the left to the right: layouts from the right would have
//! Tab go backwards.

use egui::{Id, Ui};

/// Draws something at the right end of a line, from the left to the right. What is called alike must be
/// equally wide.
pub fn at_the_end(
    ui: &mut Ui,
    name: impl std::hash::Hash + std::fmt::Debug,
    content: impl FnOnce(&mut Ui),
) {
    ends_apart(ui, name, |_| {}, content);
}

/// Draws `left` and, at the right end of the line, `right`. What is called alike must be equally wide: where it
/// has been drawn once its width is known.
pub fn ends_apart(
    ui: &mut Ui,
    name: impl std::hash::Hash + std::fmt::Debug,
    left: impl FnOnce(&mut Ui),
    right: impl FnOnce(&mut Ui),
) {
    ends_apart_of(ui, name, &mut (), |ui, ()| left(ui), |ui, ()| right(ui));
}

/// The same where both ends change the same thing.
pub fn ends_apart_of<S: ?Sized>(
    ui: &mut Ui,
    name: impl std::hash::Hash + std::fmt::Debug,
    of: &mut S,
    left: impl FnOnce(&mut Ui, &mut S),
    right: impl FnOnce(&mut Ui, &mut S),
) {
    let id = Id::unique(("ends apart", &name));
    let known = ui.data(|data| data.get_temp::<f32>(id));
    let reserved = known.unwrap_or_default();
    let gap = if reserved > 0.0 {
        ui.spacing().item_spacing.x
    } else {
        0.0
    };
    ui.scope(|ui| {
        ui.set_max_width((ui.available_width() - reserved - gap).max(0.0));
        left(ui, of);
    });
    ui.add_space((ui.available_width() - reserved).max(0.0));
    let width = ui.scope(|ui| right(ui, of)).response.rect.width();
    if known.is_none_or(|known| (known - width).abs() > 0.5) {
        ui.data_mut(|data| data.insert_temp(id, width));
        ui.ctx().request_discard("something has another width");
    }
}
