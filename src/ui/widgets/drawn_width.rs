//! How wide something is that is drawn after what depends on it.

use egui::{Id, Ui};

/// A width that is known once it was drawn. A frame that was laid out by another is drawn again.
pub struct DrawnWidth {
    id: Id,
    known: Option<f32>,
}

impl DrawnWidth {
    /// The width of what goes by this id.
    pub fn of(ui: &Ui, id: Id) -> Self {
        let known = ui.data(|data| data.get_temp(id));
        Self { id, known }
    }

    /// In points; nothing where it was never drawn.
    pub fn points(&self) -> f32 {
        self.known.unwrap_or_default()
    }

    /// Takes in how wide it is now.
    pub fn set(self, ui: &Ui, points: f32) {
        if self.known.is_none_or(|known| (known - points).abs() > 0.5) {
            ui.data_mut(|data| data.insert_temp(self.id, points));
            ui.ctx().request_discard("something has another width");
        }
    }
}
