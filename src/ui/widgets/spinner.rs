//! The sign that something is on its way: it turns, and stands still where motion is reduced.

use egui::{Color32, Response, Role, Sense, Spinner, Ui, Vec2, WidgetInfo};

use crate::ui::icons;
use crate::ui::theme::{self, palette, size};

/// As high as a control.
pub fn spinner(ui: &mut Ui) -> Response {
    sized_spinner(ui, size::ICON)
}

/// Of another size, in points.
pub fn sized_spinner(ui: &mut Ui, points: f32) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(points), Sense::hover());
    let color: Color32 = palette(ui).accent;
    if theme::moves(ui) {
        Spinner::new().color(color).paint_at(ui, rect);
    } else if ui.is_rect_visible(rect) {
        icons::paint_at(ui, icons::WAITING, rect.center(), points, color);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, "In progress"));
    response
}
