//! SVG drawn to pixels: nothing is loaded from the disk or the network, text is set in the bundled
//! font, and neither memory nor time can run away.

mod budget;

use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::Duration;

use image::{DynamicImage, RgbImage};
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{self, ImageHrefResolver, ImageKind, Options, Tree, fontdb};

use super::{Limits, MediaError, pixel_size};

/// A drawing without a size of its own worth showing is drawn this large, in pixels of its longer
/// side: models see little in 24 × 24.
const SMALLEST_SIDE: f32 = 768.0;
/// No drawing is drawn larger: it has no more to tell.
const LARGEST_SIDE: f32 = 2_048.0;
/// A drawing has no honest reason to take longer.
const TIME: Duration = Duration::from_secs(20);
/// Drawings are nested, and the library follows them down.
const STACK: usize = 64 * 1024 * 1024;
/// Most bytes of the text.
const TEXT_BYTES: usize = 32 * 1024 * 1024;

const FONT: &[u8] = include_bytes!("../../assets/fonts/OpenSans-Regular.ttf");
const FONT_FAMILY: &str = "Open Sans";

/// The bundled font, for every family there is.
static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_source(fontdb::Source::Binary(Arc::new(FONT)));
    fonts.set_serif_family(FONT_FAMILY);
    fonts.set_sans_serif_family(FONT_FAMILY);
    fonts.set_cursive_family(FONT_FAMILY);
    fonts.set_fantasy_family(FONT_FAMILY);
    fonts.set_monospace_family(FONT_FAMILY);
    Arc::new(fonts)
});

/// Draws an SVG on white, or on dark grey where all of it is nearly white.
pub fn draw(name: &str, bytes: &[u8], limits: &Limits) -> Result<DynamicImage, MediaError> {
    if bytes.len() > TEXT_BYTES {
        return Err(too_costly(name, "it is too long"));
    }
    let (sender, receiver) = mpsc::channel();
    let (name_there, bytes, limits) = (name.to_owned(), bytes.to_vec(), limits.clone());
    // In a thread of its own for its stack, and because nothing else can end a drawing that does not
    // end itself: it is left behind then.
    thread::Builder::new()
        .name("svg".to_owned())
        .stack_size(STACK)
        .spawn(move || sender.send(draw_here(&name_there, &bytes, &limits)))
        .map_err(|_| too_costly(name, "there is no memory to draw it"))?;
    match receiver.recv_timeout(TIME) {
        Ok(drawn) => drawn,
        Err(RecvTimeoutError::Timeout) => Err(too_costly(name, "drawing it takes too long")),
        // The thread is gone: the library panicked.
        Err(RecvTimeoutError::Disconnected) => Err(too_costly(name, "it cannot be drawn")),
    }
}

fn too_costly(name: &str, reason: &str) -> MediaError {
    MediaError::UnsupportedForm {
        name: name.to_owned(),
        format: "SVG",
        reason: reason.to_owned(),
    }
}

fn draw_here(name: &str, bytes: &[u8], limits: &Limits) -> Result<DynamicImage, MediaError> {
    let damaged = |reason: String| MediaError::Damaged {
        name: name.to_owned(),
        reason,
    };
    let tree = Tree::from_data(bytes, &options(limits)).map_err(|error| match error {
        usvg::Error::ElementsLimitReached
        | usvg::Error::ParsingFailed(usvg::roxmltree::Error::NodesLimitReached) => {
            too_costly(name, "it has too many elements")
        }
        error => damaged(error.to_string()),
    })?;
    let scale = scale(tree.size(), limits);
    let size = tree
        .size()
        .to_int_size()
        .scale_by(scale)
        .ok_or_else(|| damaged("its size is not valid".to_owned()))?;
    let needed = budget::bytes(&tree, size.width(), size.height(), scale);
    if needed > limits.decoded_bytes {
        return Err(too_costly(name, "its layers would take too much memory"));
    }
    let mut pixels = Pixmap::new(size.width(), size.height())
        .ok_or_else(|| damaged("its size is not valid".to_owned()))?;
    #[expect(clippy::cast_precision_loss, reason = "at most a few thousand")]
    let transform = Transform::from_scale(
        size.width() as f32 / tree.size().width(),
        size.height() as f32 / tree.size().height(),
    );
    resvg::render(&tree, transform, &mut pixels.as_mut());
    on_background(&pixels).ok_or_else(|| damaged("its size is not valid".to_owned()))
}

/// How much larger than it says a drawing is drawn.
fn scale(size: usvg::Size, limits: &Limits) -> f32 {
    let longest = size.width().max(size.height());
    #[expect(clippy::cast_precision_loss, reason = "at most a few thousand")]
    let most = (limits.longest_side() as f32).min(LARGEST_SIDE);
    longest.clamp(SMALLEST_SIDE.min(most), most) / longest
}

fn options(limits: &Limits) -> Options<'static> {
    let room = limits.decoded_bytes / 8;
    Options {
        font_family: FONT_FAMILY.to_owned(),
        fontdb: Arc::clone(&FONTS),
        image_href_resolver: ImageHrefResolver {
            // Pictures inside the file, as long as each is small enough; no drawing in a drawing.
            resolve_data: Box::new(move |_, data, _| {
                let (width, height) = pixel_size(&data)?;
                if u64::from(width) * u64::from(height) * 4 > room {
                    return None;
                }
                match image::guess_format(&data).ok()? {
                    image::ImageFormat::Png => Some(ImageKind::PNG(data)),
                    image::ImageFormat::Jpeg => Some(ImageKind::JPEG(data)),
                    image::ImageFormat::Gif => Some(ImageKind::GIF(data)),
                    image::ImageFormat::WebP => Some(ImageKind::WEBP(data)),
                    _ => None,
                }
            }),
            // Neither files nor addresses.
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    }
}

/// The drawing on a ground it can be seen on: most are made for white pages, some for dark ones.
fn on_background(pixels: &Pixmap) -> Option<DynamicImage> {
    const NEARLY_WHITE: u64 = 225;
    let (mut light, mut opaque) = (0_u64, 0_u64);
    for pixel in pixels.pixels() {
        // Premultiplied: a faint white counts as much as it covers.
        light += u64::from(pixel.red()) + u64::from(pixel.green()) + u64::from(pixel.blue());
        opaque += 3 * u64::from(pixel.alpha());
    }
    let covers_all = pixels.pixels().iter().all(|pixel| pixel.alpha() == u8::MAX);
    let ground = if !covers_all && opaque > 0 && light * 255 / opaque >= NEARLY_WHITE {
        Color::from_rgba8(64, 64, 64, 255)
    } else {
        Color::WHITE
    };
    let mut page = Pixmap::new(pixels.width(), pixels.height())?;
    page.fill(ground);
    page.draw_pixmap(
        0,
        0,
        pixels.as_ref(),
        &resvg::tiny_skia::PixmapPaint::default(),
        Transform::identity(),
        None,
    );
    let rgb: Vec<u8> = page
        .pixels()
        .iter()
        .flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()])
        .collect();
    RgbImage::from_raw(page.width(), page.height(), rgb).map(DynamicImage::ImageRgb8)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn drawn(svg: &str) -> Result<RgbImage, MediaError> {
        draw("x.svg", svg.as_bytes(), &Limits::converse()).map(DynamicImage::into_rgb8)
    }

    fn svg(inside: &str) -> String {
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='100' height='50'>{inside}</svg>"
        )
    }

    #[test]
    fn shapes_are_drawn_large_enough_to_be_seen_on_white() {
        let image = drawn(&svg("<rect width='50' height='50' fill='#dc1414'/>")).unwrap();
        assert_eq!(image.dimensions(), (768, 384));
        assert_eq!(image.get_pixel(100, 100).0, [220, 20, 20]);
        assert_eq!(image.get_pixel(700, 100).0, [255, 255, 255]);
    }

    #[test]
    fn white_on_nothing_is_seen_on_grey() {
        let image = drawn(&svg("<rect width='50' height='50' fill='white'/>")).unwrap();
        assert_eq!(image.get_pixel(100, 100).0, [255, 255, 255]);
        assert_eq!(image.get_pixel(700, 100).0, [64, 64, 64]);
    }

    #[test]
    fn text_is_set_whatever_font_it_asks_for() {
        let text = "<text y='40' font-size='40' font-family='No Such Font, serif'>HHH</text>";
        let image = drawn(&svg(text)).unwrap();
        let dark = image.pixels().filter(|pixel| pixel.0[0] < 100).count();
        assert!(dark > 5_000, "{dark}");
    }

    #[test]
    fn nothing_is_read_from_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("secret.png");
        RgbImage::from_pixel(8, 8, image::Rgb([0, 0, 255]))
            .save(&secret)
            .unwrap();
        for address in [
            secret.display().to_string(),
            format!("file://{}", secret.display()),
        ] {
            let inside = format!("<image width='100' height='50' xlink:href='{address}'/>");
            let image = drawn(&svg(&inside)).unwrap();
            assert!(
                image.pixels().all(|pixel| pixel.0 == [255, 255, 255]),
                "{address}"
            );
        }
    }

    #[test]
    fn many_laughs_deep_nests_and_layers_end() {
        let mut laughs = String::from("<g id='l0'><rect width='9' height='9'/></g>");
        for level in 1..12 {
            let uses = format!("<use xlink:href='#l{}'/>", level - 1).repeat(10);
            write!(laughs, "<g id='l{level}'>{uses}</g>").unwrap();
        }
        let nested = |start: &str, end: &str, depth: usize| {
            format!(
                "{}<rect width='100' height='50'/>{}",
                start.repeat(depth),
                end.repeat(depth)
            )
        };
        for (inside, reason) in [
            (laughs, "too many elements"),
            (nested("<g opacity='.9'>", "</g>", 900), "too much memory"),
            (nested("<g>", "</g>", 100_000), ""),
        ] {
            let error = drawn(&svg(&inside)).unwrap_err();
            assert!(error.to_string().contains(reason), "{error}");
        }
        // Depth alone costs nothing.
        assert!(drawn(&svg(&nested("<g>", "</g>", 500))).is_ok());
    }

    #[test]
    fn a_pattern_larger_than_memory_is_refused() {
        let pattern = "<pattern id='p' width='1' height='1'><rect width='9' height='9'/></pattern>\
            <rect width='2000000' height='2000000' fill='url(#p)'/>";
        let error = drawn(&svg(pattern)).unwrap_err();
        assert!(error.to_string().contains("too much memory"), "{error}");
    }

    #[test]
    fn absurd_sizes_are_drawn_small_or_refused() {
        for size in [
            "width='1e9' height='1e9'",
            "width='1e9' height='1'",
            "width='0' height='5'",
            "",
        ] {
            let text = format!("<svg xmlns='http://www.w3.org/2000/svg' {size}/>");
            match drawn(&text) {
                Ok(image) => assert!(image.width() <= 2_048 && image.height() <= 2_048),
                Err(error) => assert!(error.to_string().starts_with("x.svg"), "{error}"),
            }
        }
    }
}
