//! The painter of windows without a GPU beside a driver: both draw the same picture.

use bedrock_playground_painter::{Canvas, Painter};
use egui::{Color32, Context, FullOutput, TexturesDelta};
use egui_kittest::TestRenderer;
use egui_kittest::wgpu::WgpuTestRenderer;
use image::{Rgba, RgbaImage};

/// How a problem begins that says they differ.
pub const OTHERWISE: &str = "painted otherwise";

/// How far a channel may be off: a driver mixes colours with other fractions. Mesa's is off by 1, or not at all.
const ROUNDING: u8 = 2;

/// How many pixels may be off by more: where an edge goes right through the middle of a pixel, either side is
/// right.
const ON_THE_EDGE: usize = 40;

/// Draws with a driver, and with the painter for comparison.
#[derive(Default)]
pub struct Renderers {
    painter: Painter,
    pending: TexturesDelta,
    /// Once there is something to draw: it takes a while to begin.
    driver: Option<WgpuTestRenderer>,
}

impl Drop for Renderers {
    fn drop(&mut self) {
        // Else a debug build takes them for forgotten.
        self.pending.clear();
    }
}

impl TestRenderer for Renderers {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        self.painter.update_textures(delta);
        self.painter.free_textures(delta);
        self.pending.append(std::mem::take(delta));
    }

    fn render(&mut self, ctx: &Context, output: &FullOutput) -> Result<RgbaImage, String> {
        let driver = self.driver.get_or_insert_with(WgpuTestRenderer::new);
        driver.handle_delta(&mut self.pending);
        let drawn = driver.render(ctx, output)?;
        let painted = self.paint(ctx, output, drawn.width(), drawn.height());
        let differing: Vec<_> = drawn
            .enumerate_pixels()
            .zip(painted.pixels())
            .filter(|((_, _, one), other)| is_off(**one, **other))
            .map(|((x, y, one), other)| (x, y, one.0, other.0))
            .collect();
        if differing.len() > ON_THE_EDGE {
            let some = &differing[..differing.len().min(8)];
            return Err(format!("{OTHERWISE}: {} pixels, {some:?}", differing.len()));
        }
        Ok(drawn)
    }
}

impl Renderers {
    fn paint(&mut self, ctx: &Context, output: &FullOutput, width: u32, height: u32) -> RgbaImage {
        let mut pixels = vec![0; (width * height) as usize];
        let mut canvas = Canvas {
            pixels: &mut pixels,
            width,
            height,
            age: 0,
        };
        let scale = output.pixels_per_point;
        let primitives = ctx.tessellate(output.shapes.clone(), scale);
        // As the driver begins here.
        self.painter
            .paint(&mut canvas, primitives, scale, Color32::TRANSPARENT);
        RgbaImage::from_fn(width, height, |x, y| {
            let [_, red, green, blue] = pixels[(y * width + x) as usize].to_be_bytes();
            Rgba([red, green, blue, u8::MAX])
        })
    }
}

fn is_off(one: Rgba<u8>, other: Rgba<u8>) -> bool {
    let channels = one.0.iter().zip(other.0);
    channels
        .take(3)
        .any(|(one, other)| one.abs_diff(other) > ROUNDING)
}
