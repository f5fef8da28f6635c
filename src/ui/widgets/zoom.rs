//! A picture looked at closely: zoomed by the wheel, a pinch or keys, and moved by dragging.

use egui::{Image, Key, Pos2, Rect, Response, Sense, TextureHandle, Ui, Vec2, WidgetInfo, vec2};

use super::spinner;

/// How often the size at which all of it is seen, at most.
const MOST: f32 = 16.0;
/// One step of a key or a button.
const STEP: f32 = 1.5;

/// How a picture, or several side by side, are zoomed and moved.
pub struct Zoom {
    /// Times the size at which all of it is seen.
    times: f32,
    /// The point in the middle, in shares of the sides.
    middle: Vec2,
}

impl Default for Zoom {
    fn default() -> Self {
        Self {
            times: 1.0,
            middle: Vec2::splat(0.5),
        }
    }
}

impl Zoom {
    /// Shows all of it.
    pub fn fit(&mut self) {
        *self = Self::default();
    }

    /// One step closer.
    pub fn closer(&mut self) {
        self.by(STEP);
    }

    /// How close, in words.
    pub fn in_words(&self) -> String {
        format!("{:.0} %", self.times * 100.0)
    }

    fn by(&mut self, times: f32) {
        self.times = (self.times * times).clamp(1.0, MOST);
        if self.times <= 1.0 {
            self.fit();
        }
    }

    /// Plus, minus and 0.
    pub fn keys(&mut self, ui: &Ui) {
        let pressed = |key| ui.input(|input| input.modifiers.is_none() && input.key_pressed(key));
        if pressed(Key::Plus) || pressed(Key::Equals) {
            self.by(STEP);
        }
        if pressed(Key::Minus) {
            self.by(1.0 / STEP);
        }
        if pressed(Key::Num0) {
            self.fit();
        }
    }

    /// Draws a picture in so much of the height; something may be painted behind it.
    pub fn picture(
        &mut self,
        ui: &mut Ui,
        name: &str,
        height: f32,
        texture: Option<&TextureHandle>,
        behind: impl FnOnce(&Ui, Rect),
    ) -> Response {
        let area = vec2(ui.available_width(), height);
        let (rect, response) = ui.allocate_exact_size(area, Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, name));
        let Some(texture) = texture else {
            ui.put(rect, spinner);
            return response;
        };
        let sides = texture.size_vec2();
        let fit = (area.x / sides.x).min(area.y / sides.y);
        let size = sides * fit * self.times;
        if response.hovered() {
            let (scroll, pinch) =
                ui.input(|input| (input.smooth_scroll_delta().y, input.zoom_delta()));
            self.by(pinch * (scroll / 240.0).exp());
        }
        self.middle -= response.drag_delta() / size;
        self.middle = self.middle.clamp(Vec2::ZERO, Vec2::splat(1.0));
        let corner: Pos2 = rect.center() - size * self.middle;
        let placed = Rect::from_min_size(corner, size);
        let mut inside = ui.new_child(egui::UiBuilder::new().max_rect(rect));
        inside.set_clip_rect(rect.intersect(ui.clip_rect()));
        behind(&inside, placed.intersect(rect));
        Image::new((texture.id(), size)).paint_at(&inside, placed);
        response
    }
}
