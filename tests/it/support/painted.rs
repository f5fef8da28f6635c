//! Pictures of windows, painted as the program paints them where there is no GPU: the same on every machine,
//! without a driver.

use bedrock_playground_painter::{Canvas, Painter};
use egui::{Color32, Context, FullOutput, TexturesDelta};
use egui_kittest::{LazyRenderer, TestRenderer};
use image::{Rgba, RgbaImage};

/// A painter, from the first picture on: most tests want none.
pub fn renderer() -> LazyRenderer {
    LazyRenderer::new(Painted::default)
}

#[derive(Default)]
struct Painted(Painter);

impl TestRenderer for Painted {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        self.0.update_textures(delta);
        self.0.free_textures(delta);
        // Else a debug build takes them for forgotten.
        delta.clear();
    }

    fn render(&mut self, ctx: &Context, output: &FullOutput) -> Result<RgbaImage, String> {
        let scale = output.pixels_per_point;
        let size = ctx.content_rect().size() * scale;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the pixels of a window"
        )]
        let (width, height) = (size.x.round() as u32, size.y.round() as u32);
        let mut pixels = vec![0; (width * height) as usize];
        let mut canvas = Canvas {
            pixels: &mut pixels,
            width,
            height,
            age: 0,
        };
        let primitives = ctx.tessellate(output.shapes.clone(), scale);
        self.0
            .paint(&mut canvas, primitives, scale, Color32::TRANSPARENT);
        Ok(RgbaImage::from_fn(width, height, |x, y| {
            let [_, red, green, blue] = pixels[(y * width + x) as usize].to_be_bytes();
            Rgba([red, green, blue, u8::MAX])
        }))
    }
}
