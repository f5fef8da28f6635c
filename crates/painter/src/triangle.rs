//! A triangle, row by row. A pixel belongs to it when its middle is inside; one on the line between two
//! triangles belongs to one of them.

use egui::epaint::Vertex;
use egui::{Pos2, Vec2};

use crate::Canvas;
use crate::area::{Area, whole};
use crate::pixel;
use crate::texture::Texture;

/// Paints a triangle where the clip lets it.
pub fn paint(canvas: &mut Canvas<'_>, clip: Area, corners: &[Vertex; 3], texture: &Texture) {
    let mut sorted = corners.map(|corner| corner.pos);
    if sorted.iter().any(|corner| !corner.is_finite()) {
        return;
    }
    sorted.sort_by(|one, other| one.y.total_cmp(&other.y));
    let [upper, middle, lower] = sorted;
    let is_white = corners.iter().all(|corner| texture.is_white_at(corner.uv));
    let [first, others @ ..] = corners;
    let is_even = others.iter().all(|other| other.color == first.color);
    let paint = match (is_white, is_even) {
        (true, true) if first.color.to_array() == [0; 4] => return,
        (true, true) => Paint::Even(pixel::pack(first.color)),
        (true, false) => Paint::Gradient(Planes::of_colours(corners)),
        (false, _) => Paint::Texture(
            Planes::of_colours(corners),
            Planes::of_places(corners, texture),
        ),
    };

    let from = whole((upper.y - 0.5).ceil()).max(clip.top);
    let to = whole((lower.y - 0.5).ceil()).min(clip.bottom);
    let mut middle_of_row = centre(from);
    for y in from..to {
        let long = crossing(upper, lower, middle_of_row);
        let short = if middle_of_row < middle.y {
            crossing(upper, middle, middle_of_row)
        } else {
            crossing(middle, lower, middle_of_row)
        };
        let left = whole((long.min(short) - 0.5).ceil()).max(clip.left);
        let right = whole((long.max(short) - 0.5).ceil()).min(clip.right);
        if left < right {
            let pixels = canvas.span(y, left, right);
            paint.row(pixels, Pos2::new(centre(left), middle_of_row), texture);
        }
        middle_of_row += 1.0;
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "no window has 2^24 pixels on a side"
)]
fn centre(pixel: i32) -> f32 {
    pixel as f32 + 0.5
}

/// Where an edge crosses a row. The same for both triangles at an edge, as it goes from above to below.
fn crossing(above: Pos2, below: Pos2, y: f32) -> f32 {
    above.x + (y - above.y) * (below.x - above.x) / (below.y - above.y)
}

/// What a triangle is covered with.
enum Paint {
    Even(u32),
    Gradient(Planes<4>),
    Texture(Planes<4>, Planes<2>),
}

impl Paint {
    fn row(&self, pixels: &mut [u32], first: Pos2, texture: &Texture) {
        match self {
            Self::Even(colour) => pixel::fill(pixels, *colour),
            Self::Gradient(colours) => {
                let mut at = colours.at(first);
                for pixel in pixels {
                    *pixel = pixel::over(*pixel, packed(at));
                    at = colours.right_of(at);
                }
            }
            Self::Texture(colours, places) => {
                let (mut colour, mut place) = (colours.at(first), places.at(first));
                for pixel in pixels {
                    let texel = texture.sample(Pos2::from(place));
                    *pixel = pixel::over(*pixel, pixel::multiply(texel, packed(colour)));
                    colour = colours.right_of(colour);
                    place = places.right_of(place);
                }
            }
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float that leaves a byte's range ends at its ends"
)]
fn packed([r, g, b, a]: [f32; 4]) -> u32 {
    let byte = |value: f32| (value + 0.5) as u8;
    u32::from_be_bytes([byte(a), byte(r), byte(g), byte(b)])
}

/// Values that change evenly over a triangle.
struct Planes<const N: usize> {
    origin: Pos2,
    value: [f32; N],
    to_the_right: [f32; N],
    downwards: [f32; N],
}

impl Planes<4> {
    fn of_colours(corners: &[Vertex; 3]) -> Self {
        let colours = corners.map(|corner| corner.color.to_array().map(f32::from));
        Self::through(corners, colours)
    }
}

impl Planes<2> {
    fn of_places(corners: &[Vertex; 3], texture: &Texture) -> Self {
        let places = corners.map(|corner| texture.place(corner.uv).into());
        Self::through(corners, places)
    }
}

impl<const N: usize> Planes<N> {
    fn through(corners: &[Vertex; 3], values: [[f32; N]; 3]) -> Self {
        let origin = corners[0].pos;
        let (one, other): (Vec2, Vec2) = (corners[1].pos - origin, corners[2].pos - origin);
        let twice_its_area = one.x * other.y - one.y * other.x;
        // One without an area covers no pixel.
        let factor = if twice_its_area == 0.0 {
            0.0
        } else {
            1.0 / twice_its_area
        };
        let [value, at_one, at_other] = values;
        let by_one: [f32; N] = std::array::from_fn(|n| at_one[n] - value[n]);
        let by_other: [f32; N] = std::array::from_fn(|n| at_other[n] - value[n]);
        Self {
            origin,
            value,
            to_the_right: std::array::from_fn(|n| {
                (by_one[n] * other.y - by_other[n] * one.y) * factor
            }),
            downwards: std::array::from_fn(|n| {
                (by_other[n] * one.x - by_one[n] * other.x) * factor
            }),
        }
    }

    fn at(&self, place: Pos2) -> [f32; N] {
        let way = place - self.origin;
        std::array::from_fn(|n| {
            self.value[n] + self.to_the_right[n] * way.x + self.downwards[n] * way.y
        })
    }

    fn right_of(&self, values: [f32; N]) -> [f32; N] {
        std::array::from_fn(|n| values[n] + self.to_the_right[n])
    }
}
