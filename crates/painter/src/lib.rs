//! Paints what egui tessellated into a buffer of pixels, by the processor: for machines without a GPU, where
//! an OpenGL in software costs more memory and time than all the rest of the window.
//!
//! A frame is painted where it differs from the one before. It knows no window, no event and no file: only
//! triangles, textures and pixels. A crate of its own because the program is compiled for size and this for
//! time.

mod area;
mod damage;
mod mesh;
mod pixel;
mod quad;
mod texture;
mod triangle;

use std::collections::VecDeque;

use egui::epaint::{ClippedPrimitive, Mesh, Primitive};
use egui::{Color32, Rect, TexturesDelta};

pub use area::Area;

use area::Areas;
use texture::Textures;

/// Of how many frames it is remembered what they changed: a window has seldom more than three buffers in turn.
const REMEMBERED: usize = 3;

/// The pixels of a window, row by row, each `0x00RRGGBB`.
#[derive(Debug)]
pub struct Canvas<'a> {
    /// All pixels, `width * height` of them.
    pub pixels: &'a mut [u32],
    /// How many pixels a row has.
    pub width: u32,
    /// How many rows there are.
    pub height: u32,
    /// How many frames ago this buffer was painted; 0 when nobody knows what is in it.
    pub age: u8,
}

impl Canvas<'_> {
    fn area(&self) -> Area {
        Area::of_size(self.width, self.height)
    }

    /// The pixels of a row between two columns.
    fn span(&mut self, y: i32, from: i32, to: i32) -> &mut [u32] {
        let start = y.unsigned_abs() as usize * self.width as usize;
        let span = start + from.unsigned_abs() as usize..start + to.unsigned_abs() as usize;
        self.pixels.get_mut(span).unwrap_or_default()
    }
}

/// What a frame is painted with.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Surface {
    area: Area,
    pixels_per_point: f32,
    background: Color32,
}

/// A mesh, and where it may be seen.
#[derive(Debug, PartialEq)]
struct Piece {
    clip: Rect,
    mesh: Mesh,
}

impl Piece {
    /// Nothing of what is drawn by a callback: that is for a GPU.
    fn of(clipped: ClippedPrimitive) -> Option<Self> {
        match clipped.primitive {
            Primitive::Mesh(mesh) => Some(Self {
                clip: clipped.clip_rect,
                mesh,
            }),
            Primitive::Callback(_) => None,
        }
    }
}

/// Paints frames, and remembers the last of them.
#[derive(Debug, Default)]
pub struct Painter {
    textures: Textures,
    surface: Option<Surface>,
    painted: Vec<Piece>,
    /// What the last frames changed, the newest first.
    changes: VecDeque<Areas>,
}

impl Painter {
    /// One that has painted nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The longest side that a texture may have.
    pub const fn max_texture_side() -> usize {
        1 << 14
    }

    /// Takes in new textures. It comes before the frame that shows them.
    pub fn update_textures(&mut self, delta: &TexturesDelta) {
        self.textures.update(delta);
    }

    /// Forgets textures. It comes after the last frame that shows them.
    pub fn free_textures(&mut self, delta: &TexturesDelta) {
        self.textures.free(delta);
    }

    /// Paints a frame and says where its pixels may differ from those of the frame before. What the canvas
    /// holds from `age` frames ago stays where nothing has changed since.
    pub fn paint(
        &mut self,
        canvas: &mut Canvas<'_>,
        primitives: Vec<ClippedPrimitive>,
        pixels_per_point: f32,
        background: Color32,
    ) -> Vec<Area> {
        let surface = Surface {
            area: canvas.area(),
            pixels_per_point,
            background,
        };
        let pieces: Vec<_> = primitives.into_iter().filter_map(Piece::of).collect();
        let all = Areas::all(surface.area);
        let changed = if self.surface == Some(surface) {
            let mut changed = Areas::new(surface.area);
            let redrawn = self.textures.take_redrawn();
            damage::between(
                &self.painted,
                &pieces,
                &redrawn,
                pixels_per_point,
                &mut changed,
            );
            changed
        } else {
            self.textures.take_redrawn();
            self.changes.clear();
            all.clone()
        };
        self.surface = Some(surface);

        // Before this frame, a buffer of age 1 holds the last one.
        let before = usize::from(canvas.age).checked_sub(1);
        let stale = match before {
            Some(before) if before <= self.changes.len() => {
                let mut stale = changed.clone();
                for changes in self.changes.iter().take(before) {
                    stale.extend(changes);
                }
                stale
            }
            _ => all,
        };
        for &area in stale.iter() {
            self.paint_area(canvas, &pieces, surface, area);
        }
        self.painted = pieces;
        // A frame that changes nothing may stay unseen: it must not make the others seem older than they are.
        if !changed.is_empty() {
            self.changes.push_front(changed.clone());
            self.changes.truncate(REMEMBERED);
        }
        changed.into_vec()
    }

    fn paint_area(&self, canvas: &mut Canvas<'_>, pieces: &[Piece], surface: Surface, area: Area) {
        let background = pixel::opaque(surface.background);
        for y in area.rows() {
            canvas.span(y, area.left, area.right).fill(background);
        }
        for Piece { clip, mesh } in pieces {
            let clip = Area::of_clip(*clip, surface.pixels_per_point).intersection(area);
            if let Some(texture) = self.textures.get(mesh.texture_id)
                && !clip.is_empty()
            {
                mesh::paint(canvas, clip, mesh, texture, surface.pixels_per_point);
            }
        }
    }
}
