//! Textures, and what a point of one looks like.

use std::collections::{HashMap, HashSet};

use egui::TextureId;
use egui::TexturesDelta;
use egui::epaint::{ImageData, ImageDelta};
use egui::{Pos2, TextureFilter};

use crate::area::whole;
use crate::pixel;

/// An image that triangles are covered with.
#[derive(Debug)]
pub struct Texture {
    width: usize,
    height: usize,
    texels: Vec<u32>,
    magnified: TextureFilter,
    /// Whether the texel in the first corner is white: it is what shapes without a picture point at.
    has_white: bool,
}

impl Texture {
    fn new(delta: &ImageDelta) -> Self {
        let ImageData::Color(image) = &delta.image;
        let mut texture = Self {
            width: image.width(),
            height: image.height(),
            texels: image.pixels.iter().copied().map(pixel::pack).collect(),
            magnified: delta.options.magnification,
            has_white: false,
        };
        texture.has_white = texture.texels.first() == Some(&pixel::WHITE);
        texture
    }

    fn patch(&mut self, delta: &ImageDelta, [left, top]: [usize; 2]) {
        let ImageData::Color(image) = &delta.image;
        let rows = image.pixels.chunks_exact(image.width().max(1));
        for (row, y) in rows.zip(top..self.height) {
            let start = y * self.width + left.min(self.width);
            let end = (y * self.width + left + row.len()).min((y + 1) * self.width);
            let Some(into) = self.texels.get_mut(start..end) else {
                return;
            };
            for (texel, colour) in into.iter_mut().zip(row) {
                *texel = pixel::pack(*colour);
            }
        }
        self.has_white = self.texels.first() == Some(&pixel::WHITE);
    }

    /// Whether a triangle whose corners all point here shows its own colours and nothing else.
    pub fn is_white_at(&self, uv: Pos2) -> bool {
        self.has_white && uv == egui::epaint::WHITE_UV
    }

    /// Where a point of the texture is, in texels.
    #[expect(
        clippy::cast_precision_loss,
        reason = "sides are below 2^24, which a float counts exactly"
    )]
    pub fn place(&self, uv: Pos2) -> Pos2 {
        Pos2::new(uv.x * self.width as f32, uv.y * self.height as f32)
    }

    pub fn is_smooth(&self) -> bool {
        self.magnified == TextureFilter::Linear
    }

    /// The texel of a column and a row, or the nearest that there is.
    pub fn texel(&self, x: i32, y: i32) -> u32 {
        let within = |place: i32, side: usize| {
            usize::try_from(place)
                .unwrap_or(0)
                .min(side.saturating_sub(1))
        };
        let place = within(y, self.height) * self.width + within(x, self.width);
        self.texels.get(place).copied().unwrap_or_default()
    }

    /// A part of a row of texels, when it has all of them.
    pub fn row(&self, y: i32, from: i32, count: usize) -> Option<&[u32]> {
        let (y, from) = (usize::try_from(y).ok()?, usize::try_from(from).ok()?);
        if y >= self.height || from + count > self.width {
            return None;
        }
        let start = y * self.width + from;
        self.texels.get(start..start + count)
    }

    /// What is seen at a place in texels: the texel, or what lies between the four around.
    pub fn sample(&self, place: Pos2) -> u32 {
        if !self.is_smooth() {
            return self.texel(whole(place.x.floor()), whole(place.y.floor()));
        }
        let (x, right) = corner(place.x);
        let (y, down) = corner(place.y);
        let above = pixel::between(self.texel(x, y), self.texel(x + 1, y), right);
        let below = pixel::between(self.texel(x, y + 1), self.texel(x + 1, y + 1), right);
        pixel::between(above, below, down)
    }
}

/// The texel whose middle lies before a place, and how far from there to the next, in 256ths.
fn corner(place: f32) -> (i32, u32) {
    let before = (place - 0.5).floor();
    let way = (place - 0.5 - before) * 256.0;
    (whole(before), whole(way).unsigned_abs().min(256))
}

/// All textures of a window.
#[derive(Debug, Default)]
pub struct Textures {
    textures: HashMap<TextureId, Texture>,
    /// Those whose pictures are others since the last frame.
    redrawn: HashSet<TextureId>,
}

impl Textures {
    pub fn update(&mut self, delta: &TexturesDelta) {
        for (&id, deltas) in &delta.set {
            for delta in deltas {
                if let (Some(place), Some(texture)) = (delta.pos, self.textures.get_mut(&id)) {
                    texture.patch(delta, place);
                    // Letters are added where there were none; what was there stays.
                    if id == TextureId::default() {
                        continue;
                    }
                } else {
                    self.textures.insert(id, Texture::new(delta));
                }
                self.redrawn.insert(id);
            }
        }
    }

    pub fn free(&mut self, delta: &TexturesDelta) {
        for id in &delta.free {
            self.textures.remove(id);
        }
    }

    pub fn get(&self, id: TextureId) -> Option<&Texture> {
        self.textures.get(&id)
    }

    pub fn take_redrawn(&mut self) -> HashSet<TextureId> {
        std::mem::take(&mut self.redrawn)
    }
}
