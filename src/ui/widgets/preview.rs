//! A file that was taken in: its preview, its name, what will be sent.

use egui::{
    CornerRadius, Frame, Image, Label, Margin, Stroke, TextureHandle, Ui, Vec2, WidgetInfo, vec2,
};

use super::button::icon_button;
use crate::ui::icons::{self, Icon};
use crate::ui::theme::{self, palette, size, space};

/// A file on the screen.
#[derive(Clone)]
pub struct Preview {
    /// Its file's name.
    pub name: String,
    /// Size and form, in words.
    pub caption: String,
    /// What was done to it before sending; empty when nothing was.
    pub changes: Vec<String>,
    /// The pixels; `None` for what has none, such as a document.
    pub texture: Option<TextureHandle>,
    /// What stands in the pixels' place.
    pub icon: Icon,
}

impl Preview {
    /// Draws the picture alone, at most this long on its longer side; an icon where there is none.
    pub fn picture(&self, ui: &mut Ui, longest: f32) {
        let Some(texture) = &self.texture else {
            let response = ui
                .scope(|ui| {
                    icons::paint(ui, self.icon, size::ICON_LARGE, palette(ui).text_secondary);
                })
                .response;
            response.widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, &self.name));
            return;
        };
        let pixels = texture.size_vec2();
        let scale = (longest / pixels.max_elem()).min(1.0);
        let response = ui.add(
            Image::new((texture.id(), pixels * scale))
                .corner_radius(CornerRadius::same(size::RADIUS_BADGE))
                .alt_text(&self.name),
        );
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, &self.name));
    }
}

/// A file waiting to be sent; true when it shall be taken away.
pub fn preview_tile(ui: &mut Ui, preview: &Preview) -> bool {
    let palette = palette(ui);
    let mut removed = false;
    Frame::new()
        .fill(palette.surface)
        .stroke(Stroke::new(1.0, palette.divider))
        .corner_radius(CornerRadius::same(size::RADIUS))
        .inner_margin(Margin::same(6))
        .show(ui, |ui| {
            ui.horizontal(|ui| {
                let box_size = Vec2::splat(size::PREVIEW);
                ui.allocate_ui_with_layout(
                    box_size,
                    egui::Layout::centered_and_justified(egui::Direction::TopDown),
                    |ui| preview.picture(ui, size::PREVIEW),
                );
                ui.allocate_ui_with_layout(
                    vec2(170.0, size::PREVIEW),
                    egui::Layout::top_down(egui::Align::Min),
                    |ui| {
                        ui.spacing_mut().item_spacing.y = space::XXS / 2.0;
                        ui.add(Label::new(theme::strong(&preview.name)).truncate());
                        ui.label(theme::small(&preview.caption).color(palette.text_secondary));
                        for change in &preview.changes {
                            ui.add(
                                Label::new(theme::small(change).color(palette.text_secondary))
                                    .wrap(),
                            );
                        }
                    },
                );
                removed =
                    icon_button(ui, icons::CLOSE, &format!("Remove {}", preview.name)).clicked();
            });
        });
    removed
}
