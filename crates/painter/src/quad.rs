//! Rectangles of one colour, or with a part of a texture that is neither turned nor slanted.

use egui::epaint::Vertex;
use egui::{Pos2, Rect};

use crate::Canvas;
use crate::area::{Area, whole};
use crate::pixel;
use crate::texture::Texture;

/// How far from exact a step from texel to texel may be to count as one.
const NEARLY: f32 = 1.0 / 512.0;

/// Two triangles that are one rectangle.
pub struct Quad {
    place: Rect,
    uv: Rect,
    tint: u32,
}

impl Quad {
    /// A rectangle, when these corners are one: the first three of a triangle, the fourth opposite to the
    /// first.
    pub fn of([first, second, third]: [Vertex; 3], fourth: Vertex) -> Option<Self> {
        #[expect(
            clippy::float_cmp,
            reason = "corners of one rectangle are made of the same numbers"
        )]
        let is_upright = |at: fn(&Vertex) -> Pos2| {
            let (first, second, third, fourth) = (at(&first), at(&second), at(&third), at(&fourth));
            first.y == second.y && third.y == fourth.y && first.x == third.x && second.x == fourth.x
        };
        let has_one_colour = [second, third, fourth]
            .iter()
            .all(|corner| corner.color == first.color);
        let place = Rect {
            min: first.pos,
            max: fourth.pos,
        };
        let is_one = has_one_colour
            && is_upright(|corner| corner.pos)
            && is_upright(|corner| corner.uv)
            && place.is_positive();
        is_one.then(|| Self {
            place,
            uv: Rect {
                min: first.uv,
                max: fourth.uv,
            },
            tint: pixel::pack(first.color),
        })
    }

    /// Paints it where the clip lets it: every pixel whose middle is inside.
    pub fn paint(&self, canvas: &mut Canvas<'_>, clip: Area, texture: &Texture) {
        let middle_after = |edge: f32| whole((edge - 0.5).ceil());
        let area = Area {
            left: middle_after(self.place.min.x),
            top: middle_after(self.place.min.y),
            right: middle_after(self.place.max.x),
            bottom: middle_after(self.place.max.y),
        }
        .intersection(clip);
        if area.is_empty() || self.tint == 0 {
            return;
        }
        if texture.is_white_at(self.uv.min) && texture.is_white_at(self.uv.max) {
            for y in area.rows() {
                pixel::fill(canvas.span(y, area.left, area.right), self.tint);
            }
            return;
        }
        let (from, to) = (texture.place(self.uv.min), texture.place(self.uv.max));
        let step = (to - from) / self.place.size();
        // The middle of the first pixel, in texels.
        let first = from + (middle(area.left, area.top) - self.place.min) * step;
        if (step.x - 1.0).abs() < NEARLY && (step.y - 1.0).abs() < NEARLY && is_middle(first) {
            self.copy(canvas, area, texture, first);
            return;
        }
        for (y, row) in area.rows().zip(0_u16..) {
            let line = first.y + f32::from(row) * step.y;
            let pixels = canvas.span(y, area.left, area.right);
            for (pixel, column) in pixels.iter_mut().zip(0_u16..) {
                let at = Pos2::new(first.x + f32::from(column) * step.x, line);
                *pixel = pixel::over(*pixel, pixel::multiply(texture.sample(at), self.tint));
            }
        }
    }

    /// Texel by texel: letters, and pictures at their size.
    fn copy(&self, canvas: &mut Canvas<'_>, area: Area, texture: &Texture, first: Pos2) {
        let (x, top) = (whole(first.x.floor()), whole(first.y.floor()));
        for (y, line) in area.rows().zip(top..) {
            let pixels = canvas.span(y, area.left, area.right);
            let Some(texels) = texture.row(line, x, pixels.len()) else {
                for (pixel, column) in pixels.iter_mut().zip(x..) {
                    let texel = pixel::multiply(texture.texel(column, line), self.tint);
                    *pixel = pixel::over(*pixel, texel);
                }
                continue;
            };
            for (pixel, &texel) in pixels.iter_mut().zip(texels) {
                // Most of a letter's rectangle is not covered by it.
                if texel != 0 {
                    *pixel = pixel::over(*pixel, pixel::multiply(texel, self.tint));
                }
            }
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "no window has 2^24 pixels on a side"
)]
fn middle(x: i32, y: i32) -> Pos2 {
    Pos2::new(x as f32 + 0.5, y as f32 + 0.5)
}

/// Whether a place is so near to the middle of a texel that its neighbours cannot be seen in it.
fn is_middle(place: Pos2) -> bool {
    let off = |value: f32| (value - value.floor() - 0.5).abs();
    off(place.x) < 16.0 * NEARLY && off(place.y) < 16.0 * NEARLY
}
