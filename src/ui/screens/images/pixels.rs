//! Pictures as textures: decoded in the background when they are looked at, a few at a time, and
//! forgotten when they are out of view for long.

use std::sync::Arc;

use egui::{ColorImage, Context, TextureHandle, TextureOptions};

use crate::images::Picture;
use crate::tasks::{Job, Tasks};

/// Pictures decoded at once.
const AT_ONCE: usize = 3;
/// Most textures that are kept beyond those in view.
const KEPT: usize = 64;
/// Longest side of a tile's texture, in pixels.
pub const TILE: u32 = 512;
/// Longest side of a texture that is looked at closely; every renderer takes as much.
pub const CLOSE: u32 = 4_096;

struct Texture {
    /// Kept, so that its address is not used again.
    bytes: Arc<[u8]>,
    side: u32,
    state: State,
    /// When it was looked at last, in looks.
    seen: u64,
}

enum State {
    Waiting,
    Decoding(Job<Option<ColorImage>>),
    Here(TextureHandle),
    Broken,
}

/// The textures.
#[derive(Default)]
pub struct Textures {
    textures: Vec<Texture>,
    looks: u64,
}

impl Textures {
    /// A picture, at most so long on its longer side; `None` while it is being decoded.
    pub fn look(&mut self, picture: &Picture, side: u32) -> Option<&TextureHandle> {
        self.looks += 1;
        let looks = self.looks;
        let found = self.textures.iter().position(|texture| {
            texture.side == side && Arc::ptr_eq(&texture.bytes, &picture.bytes)
        });
        let at = found.unwrap_or_else(|| {
            self.textures.push(Texture {
                bytes: Arc::clone(&picture.bytes),
                side,
                state: State::Waiting,
                seen: looks,
            });
            self.textures.len() - 1
        });
        let texture = self.textures.get_mut(at)?;
        texture.seen = looks;
        match &texture.state {
            State::Here(handle) => Some(handle),
            _ => None,
        }
    }

    /// Takes in what was decoded, and begins with what was looked at.
    pub fn collect(&mut self, ctx: &Context, tasks: &Tasks) {
        let mut busy = 0;
        for texture in &mut self.textures {
            let State::Decoding(job) = &mut texture.state else {
                continue;
            };
            match job.take() {
                None => busy += 1,
                Some(Ok(Some(pixels))) => {
                    let handle = ctx.load_texture("image", pixels, TextureOptions::LINEAR);
                    texture.state = State::Here(handle);
                }
                Some(_) => texture.state = State::Broken,
            }
        }
        for texture in &mut self.textures {
            if busy < AT_ONCE && matches!(texture.state, State::Waiting) {
                let (bytes, side) = (Arc::clone(&texture.bytes), texture.side);
                texture.state = State::Decoding(tasks.spawn_blocking(move || decode(&bytes, side)));
                busy += 1;
            }
        }
        if self.textures.len() > KEPT {
            let mut seen: Vec<u64> = self.textures.iter().map(|texture| texture.seen).collect();
            seen.sort_unstable_by(|a, b| b.cmp(a));
            let oldest = seen.get(KEPT).copied().unwrap_or(0);
            self.textures.retain(|texture| texture.seen > oldest);
        }
    }
}

/// The pixels, scaled down where they are more.
pub fn decode(bytes: &[u8], side: u32) -> Option<ColorImage> {
    let mut picture = image::load_from_memory(bytes).ok()?;
    if picture.width().max(picture.height()) > side {
        picture = picture.thumbnail(side, side);
    }
    let rgba = picture.into_rgba8();
    let sides = [rgba.width() as usize, rgba.height() as usize];
    Some(ColorImage::from_rgba_unmultiplied(sides, rgba.as_raw()))
}
