//! What is seen of a figure: its photograph as it lies in the file, or the part of the page as a drawing.

use std::collections::HashSet;
use std::io::Cursor;

use hayro_interpret::font::GlyphRun;
use hayro_interpret::hayro_syntax::Filter;
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier, Stream};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::{BezPath, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps, LumaData,
    RasterImage, SoftMask, TransformExt as _,
};
use image::{DynamicImage, GrayImage, ImageFormat, RgbImage};

use super::drawn::{self, Drawn, Marking, Piece, Seen};
use super::tags::Tagged;

/// The most pixels of a photograph that are unpacked.
const MOST_PIXELS: u64 = 200_000_000;

/// Pixels of a drawing for each point: that of a screen, twice.
const DENSITY: f64 = 2.0;

/// What a drawing is not made larger than, in pixels.
const LARGEST_SIDE: f64 = 2_048.0;

/// The picture of a figure.
pub(super) fn of(
    page: &Page<'_>,
    figure: &Tagged,
    number: usize,
    drawn: &Drawn,
    marking: Marking,
) -> Result<Vec<u8>, String> {
    let marks: HashSet<i32> = figure
        .marks
        .iter()
        .filter(|mark| mark.page == number)
        .map(|mark| mark.id)
        .collect();
    let seen = drawn.together(marks.iter().copied());
    if let Some(reason) = drawn.refused {
        return Err(reason.to_owned());
    }
    let mut photographs = drawn.photographs.iter();
    let shown = photographs.find(|photograph| marks.contains(&photograph.piece));
    if let (Some(shown), 1, 0) = (shown, seen.photographs, seen.others) {
        let mut search = Search {
            marks,
            object: shown.object,
            piece: Piece::new(marking),
            found: None,
        };
        drawn::interpret(page, &mut search);
        if let Some(found) = search.found {
            return found;
        }
    }
    let said = figure.area.map(|area| {
        let area = Rect::new(area.x0, area.y0, area.x1, area.y1);
        page.initial_transform(true)
            .to_kurbo()
            .transform_rect_bbox(area)
    });
    let area = seen.bounds.or(said).map(|area| area.intersect(drawn.size));
    let area = area.filter(|area| area.width() >= 1.0 && area.height() >= 1.0);
    let area = area.ok_or("nothing that could be seen is marked as its own")?;
    Ok(drawing(page, area, &seen))
}

/// The part of a page. The rest of the page lies outside of what is seen of it.
fn drawing(page: &Page<'_>, area: Rect, seen: &Seen) -> Vec<u8> {
    let whole = hayro_svg::convert(
        page,
        &hayro_svg::RenderCache::new(),
        &drawn::settings(),
        &hayro_svg::SvgRenderSettings::default(),
    );
    let longest = area.width().max(area.height());
    let density = seen.density.max(DENSITY).min(LARGEST_SIDE / longest);
    let head = format!(
        "<svg viewBox=\"{} {} {} {}\" width=\"{}\" height=\"{}\" xmlns=\"http://www.w3.org/2000/svg\" \
         xmlns:xlink=\"http://www.w3.org/1999/xlink\">",
        area.x0,
        area.y0,
        area.width(),
        area.height(),
        area.width() * density,
        area.height() * density
    );
    let inner = whole.find('>').map_or("", |end| &whole[end + 1..]);
    [head.as_bytes(), inner.as_bytes()].concat()
}

/// Looks for the one photograph within some marks that is seen.
struct Search {
    marks: HashSet<i32>,
    object: ObjectIdentifier,
    piece: Piece,
    found: Option<Result<Vec<u8>, String>>,
}

impl<'a> Device<'a> for Search {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {
        self.piece.of_other();
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {
        if !run.glyphs().is_empty() {
            self.piece.of_other();
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, _: ImageDrawProps<'a>) {
        let Image::Raster(photograph) = image else {
            self.piece.of_other();
            return;
        };
        let piece = self.piece.of_photograph();
        let is_within = piece.is_some_and(|piece| self.marks.contains(&piece));
        if self.found.is_none() && is_within && photograph.stream().obj_id() == self.object {
            self.found = Some(bytes_of(&photograph));
        }
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}

    fn begin_marked_content(&mut self, _: &[u8], properties: Option<&Dict<'_>>) {
        self.piece.begin(properties);
    }

    fn end_marked_content(&mut self) {
        self.piece.end();
    }
}

/// A photograph as a file.
fn bytes_of(photograph: &RasterImage<'_>) -> Result<Vec<u8>, String> {
    let (width, height) = (photograph.width(), photograph.height());
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(format!(
            "a photograph of {width} × {height} pixels is too large"
        ));
    }
    if is_plain_jpeg(photograph.stream()) {
        return Ok(photograph.stream().raw_data().into_owned());
    }
    let mut picture = None;
    photograph.with_rgba(|colors, alpha| picture = picture_of(colors, alpha), None);
    let picture = picture.ok_or("its photograph cannot be unpacked")?;
    let mut bytes = Vec::new();
    picture
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
        .map_err(|error| error.to_string())?;
    Ok(bytes)
}

/// Whether the bytes in the file are what others would show as the same photograph.
fn is_plain_jpeg(stream: &Stream<'_>) -> bool {
    const OTHERS: [&[u8]; 4] = [b"SMask", b"Mask", b"Decode", b"SMaskInData"];
    let dict = stream.dict();
    let colors = match dict.get::<Object<'_>>(b"ColorSpace") {
        Some(Object::Name(name)) => Some(name),
        Some(Object::Array(list)) => {
            let is_icc = list.iter::<Name<'_>>().next().as_deref() == Some(b"ICCBased");
            return is_icc
                && is_jpeg(stream)
                && components(&list).is_some_and(|components| components != 4)
                && OTHERS.iter().all(|key| !dict.contains_key(key));
        }
        _ => None,
    };
    let is_known = matches!(colors.as_deref(), Some(b"DeviceRGB" | b"DeviceGray"));
    is_known && is_jpeg(stream) && OTHERS.iter().all(|key| !dict.contains_key(key))
}

fn is_jpeg(stream: &Stream<'_>) -> bool {
    matches!(stream.filters().as_slice(), [Filter::DctDecode])
}

/// How many colours a profile is for.
fn components(color_space: &Array<'_>) -> Option<i32> {
    let profile = color_space.iter::<Stream<'_>>().next()?;
    profile.dict().get::<i32>(b"N")
}

/// What is transparent is seen as on paper.
fn picture_of(colors: ImageData, alpha: Option<LumaData>) -> Option<DynamicImage> {
    let picture = match colors {
        ImageData::Rgb(rgb) => RgbImage::from_raw(rgb.width, rgb.height, rgb.data)?.into(),
        ImageData::Luma(luma) => gray(luma)?.into(),
    };
    let Some(alpha) = alpha else {
        return Some(picture);
    };
    let mut alpha = gray(alpha)?;
    let mut picture = picture.into_rgb8();
    if alpha.dimensions() != picture.dimensions() {
        let (width, height) = picture.dimensions();
        alpha = image::imageops::thumbnail(&alpha, width, height);
    }
    for (pixel, alpha) in picture.pixels_mut().zip(alpha.pixels()) {
        let opacity = u16::from(alpha.0[0]);
        pixel.0 = pixel.0.map(|channel| on_white(channel, opacity));
    }
    Some(picture.into())
}

fn on_white(channel: u8, opacity: u16) -> u8 {
    let mixed = (u16::from(channel) * opacity + 255 * (255 - opacity) + 127) / 255;
    u8::try_from(mixed).unwrap_or(u8::MAX)
}

fn gray(luma: LumaData) -> Option<GrayImage> {
    GrayImage::from_raw(luma.width, luma.height, luma.data)
}
