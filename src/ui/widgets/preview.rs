//! A file that was taken in: its preview, its name, what will be sent.

use egui::{
    CornerRadius, CursorIcon, Frame, Image, Label, Margin, Sense, Stroke, TextureHandle, Ui,
    WidgetInfo, vec2,
};

use super::button::icon_button;
use super::focus::focus_ring;
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

impl Preview {
    /// The same to be looked at closely by a click or a key, where there is a picture; true when that is wished.
    pub fn picture_to_look_at(&self, ui: &mut Ui, longest: f32) -> bool {
        let Some(texture) = &self.texture else {
            self.picture(ui, longest);
            return false;
        };
        let pixels = texture.size_vec2();
        let scale = (longest / pixels.max_elem()).min(1.0);
        let picture = Image::new((texture.id(), pixels * scale))
            .corner_radius(CornerRadius::same(size::RADIUS_BADGE))
            .sense(Sense::click());
        let response = ui.add(picture).on_hover_cursor(CursorIcon::ZoomIn);
        response.widget_info(|| {
            let name = format!("Look at {}", self.name);
            WidgetInfo::labeled(egui::Role::Button, true, name)
        });
        focus_ring(ui, &response);
        response.clicked()
    }
}

/// The least and the most width of a tile, and of its picture, its margins and its button, in points.
pub const TILE_LEAST: f32 = 208.0;
const TILE_MOST: f32 = 272.0;
const PICTURE: f32 = 72.0;
const MARGIN: i8 = 6;
const BUTTON: f32 = 28.0;

/// What a person wishes of a tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TileWish {
    /// To see its picture closely.
    LookAt,
    /// To have it taken away.
    Remove,
}

/// A file waiting to be sent, in so much room.
pub fn preview_tile(ui: &mut Ui, preview: &Preview, room: f32) -> Option<TileWish> {
    let palette = palette(ui);
    let mut wish = None;
    Frame::new()
        .fill(palette.surface)
        .stroke(Stroke::new(1.0, palette.divider))
        .corner_radius(CornerRadius::same(size::RADIUS))
        .inner_margin(Margin::same(MARGIN))
        .show(ui, |ui| {
            let width = room.min(TILE_MOST) - 2.0 * f32::from(MARGIN) - 2.0;
            let words = width - PICTURE - BUTTON - 2.0 * space::XS;
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space::XS;
                let box_size = vec2(PICTURE, size::PREVIEW);
                ui.allocate_ui_with_layout(
                    box_size,
                    egui::Layout::centered_and_justified(egui::Direction::TopDown),
                    |ui| {
                        if preview.picture_to_look_at(ui, PICTURE) {
                            wish = Some(TileWish::LookAt);
                        }
                    },
                );
                ui.allocate_ui_with_layout(
                    vec2(words, size::PREVIEW),
                    egui::Layout::top_down(egui::Align::Min),
                    |ui| {
                        ui.set_width(words);
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
                let remove = format!("Remove {}", preview.name);
                if icon_button(ui, icons::CLOSE, &remove).clicked() {
                    wish = Some(TileWish::Remove);
                }
            });
        });
    wish
}
