//! What a page draws, by the marks of its content (ISO 32000-1, 14.6): where, which letters, and how many photographs.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use hayro_interpret::font::GlyphRun;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::object::{Dict, ObjectIdentifier};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect, Shape as _};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, SoftMask, TransformExt as _, interpret_page,
};

const FONT: &[u8] = include_bytes!("../../../assets/fonts/OpenSans-Regular.ttf");

/// Letters of one mark that are kept: a paragraph.
const LONGEST_TEXT: usize = 20_000;

/// What a page may do before it is given up: forms within forms can make a million of ten. Maps have some 100,000 paths.
const MOST_STEPS: u32 = 1_000_000;

/// Pixels of all photographs of a page that are unpacked for a drawing of a part of it.
const MOST_PIXELS: f64 = 400_000_000.0;

/// How much of a photograph may be cut off before it is another picture.
const MARGIN: f64 = 0.03;

/// What a page draws.
#[derive(Debug)]
pub(super) struct Drawn {
    marks: HashMap<i32, Seen>,
    /// Those that are seen, in the order in which they are drawn.
    pub(super) photographs: Vec<Photograph>,
    /// The last piece of an untagged page; they are numbered from 1.
    pub(super) last: i32,
    /// The page, in points.
    pub(super) size: Rect,
    /// Why no drawing can be made of it.
    pub(super) refused: Option<&'static str>,
}

/// A photograph on a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Photograph {
    pub(super) piece: i32,
    pub(super) object: ObjectIdentifier,
    /// Where, in points from the upper left corner of the page.
    pub(super) shown: Rect,
    /// It stands upright, and nothing of it is cut off.
    pub(super) is_whole: bool,
}

/// What was drawn within a mark.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// Where, in points from the upper left corner of the page.
    pub(super) bounds: Option<Rect>,
    /// Photographs that stand upright and whole.
    pub(super) photographs: usize,
    /// All else: letters, lines, photographs that are turned or cut.
    pub(super) others: usize,
    /// The most pixels for a point.
    pub(super) density: f64,
    text: String,
    line: Option<f64>,
}

impl Drawn {
    /// Looks at a page.
    pub(super) fn of(page: &Page<'_>, marking: Marking) -> Self {
        let mut looks = Looks::new(page, marking);
        let whole = catch_unwind(AssertUnwindSafe(|| interpret(page, &mut looks)));
        let refused = if whole.is_err() {
            Some("its page draws too much, or cannot be understood")
        } else if looks.pixels > MOST_PIXELS {
            Some("the photographs on its page are too large")
        } else {
            None
        };
        Self {
            marks: looks.marks,
            photographs: looks.photographs,
            last: looks.piece.last,
            size: looks.size,
            refused,
        }
    }

    pub(super) fn text(&self, mark: i32) -> Option<&str> {
        Some(self.marks.get(&mark)?.text.as_str())
    }

    /// All that some marks draw.
    pub(super) fn together(&self, marks: impl Iterator<Item = i32>) -> Seen {
        let mut all = Seen::default();
        for seen in marks.filter_map(|mark| self.marks.get(&mark)) {
            all.photographs += seen.photographs;
            all.others += seen.others;
            all.density = all.density.max(seen.density);
            if let Some(bounds) = seen.bounds {
                all.reaches(bounds);
            }
        }
        all
    }
}

impl Seen {
    fn reaches(&mut self, area: Rect) {
        self.bounds = Some(self.bounds.map_or(area, |bounds| bounds.union(area)));
    }
}

/// Draws a page on a device.
pub(super) fn interpret<'a>(page: &Page<'a>, device: &mut impl Device<'a>) {
    let cache = InterpreterCache::new();
    let mut context = Context::new(
        page.initial_transform(true).to_kurbo(),
        size(page),
        &cache,
        page.xref(),
        settings(),
    );
    interpret_page(page, &mut context, device);
}

/// Letters whose font is not in the file are set in this program's.
pub(super) fn settings() -> InterpreterSettings {
    InterpreterSettings {
        font_resolver: Arc::new(|_| Some((Arc::new(FONT), 0))),
        ..InterpreterSettings::default()
    }
}

fn size(page: &Page<'_>) -> Rect {
    let (width, height) = page.render_dimensions();
    Rect::new(0.0, 0.0, f64::from(width), f64::from(height))
}

/// What tells the pieces of a page apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marking {
    /// Marks that tags refer to.
    Tagged,
    /// The order in which it is drawn: a photograph is a piece, and all that comes between two.
    Untagged,
}

/// The piece that is being drawn.
#[derive(Debug)]
pub(super) struct Piece {
    marking: Marking,
    /// Marks that are open; one without a number belongs to the one around it.
    open: Vec<Option<i32>>,
    last: i32,
    is_between: bool,
}

impl Piece {
    pub(super) fn new(marking: Marking) -> Self {
        Self {
            marking,
            open: Vec::new(),
            last: 0,
            is_between: false,
        }
    }

    pub(super) fn begin(&mut self, properties: Option<&Dict<'_>>) {
        self.open
            .push(properties.and_then(|properties| properties.get::<i32>(b"MCID")));
    }

    pub(super) fn end(&mut self) {
        self.open.pop();
    }

    /// The one that a photograph is, or belongs to.
    pub(super) fn of_photograph(&mut self) -> Option<i32> {
        self.is_between = false;
        self.next()
    }

    /// The one that anything else belongs to.
    pub(super) fn of_other(&mut self) -> Option<i32> {
        if std::mem::replace(&mut self.is_between, true) && self.marking == Marking::Untagged {
            return Some(self.last);
        }
        self.next()
    }

    fn next(&mut self) -> Option<i32> {
        match self.marking {
            Marking::Tagged => self.open.iter().rev().find_map(|mark| *mark),
            Marking::Untagged => {
                self.last = self.last.checked_add(1)?;
                Some(self.last)
            }
        }
    }
}

struct Looks {
    marks: HashMap<i32, Seen>,
    piece: Piece,
    photographs: Vec<Photograph>,
    /// What of the page is shown, the innermost last.
    clips: Vec<Rect>,
    size: Rect,
    steps_left: u32,
    pixels: f64,
}

impl Looks {
    fn new(page: &Page<'_>, marking: Marking) -> Self {
        Self {
            marks: HashMap::new(),
            piece: Piece::new(marking),
            photographs: Vec::new(),
            clips: Vec::new(),
            size: size(page),
            steps_left: MOST_STEPS,
            pixels: 0.0,
        }
    }

    /// The library has no other way to be stopped.
    fn step(&mut self) {
        match self.steps_left.checked_sub(1) {
            Some(left) => self.steps_left = left,
            None => resume_unwind(Box::new("too many steps")),
        }
    }

    fn clip(&self) -> Rect {
        self.clips.last().copied().unwrap_or(self.size)
    }

    /// Something is drawn that takes an area; gives what of it is shown, and what else its piece draws.
    fn seen(&mut self, area: Rect, piece: Option<i32>) -> Option<(Rect, &mut Seen)> {
        self.step();
        let shown = area.intersect(self.clip());
        let mark = piece?;
        // Lines have no height of their own.
        let is_shown = shown.is_finite() && (shown.width() > 0.0 || shown.height() > 0.0);
        if !is_shown {
            return None;
        }
        let seen = self.marks.entry(mark).or_default();
        seen.reaches(shown);
        Some((shown, seen))
    }
}

/// A photograph's area, and whether it stands upright in it.
pub(super) fn place(image: &Image<'_, '_>, transform: Affine) -> (Rect, bool) {
    let whole = Rect::new(
        0.0,
        0.0,
        f64::from(image.width()),
        f64::from(image.height()),
    );
    let [a, b, c, d, ..] = transform.as_coeffs();
    let is_upright = a > 0.0 && d > 0.0 && b.abs() < a * MARGIN && c.abs() < d * MARGIN;
    (transform.transform_rect_bbox(whole), is_upright)
}

impl<'a> Device<'a> for Looks {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, _: &DrawMode) {
        let area = props.transform.transform_rect_bbox(path.bounding_box());
        let piece = self.piece.of_other();
        if let Some((_, seen)) = self.seen(area, piece) {
            seen.others += 1;
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.step();
        let clip = clip.path.bounding_box().intersect(self.clip());
        self.clips.push(clip);
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.step();
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        for glyph in run.glyphs() {
            let transform = props.transform * glyph.transform();
            let at = transform * Point::ZERO;
            // Fonts are drawn a thousand units high.
            let height = transform.determinant().abs().sqrt() * 1_000.0;
            let area = Rect::from_origin_size((at.x, at.y - height), (height / 2.0, height));
            let piece = self.piece.of_other();
            let Some((_, seen)) = self.seen(area, piece) else {
                continue;
            };
            seen.others += 1;
            if seen.text.len() > LONGEST_TEXT {
                continue;
            }
            let is_new_line = seen
                .line
                .replace(at.y)
                .is_some_and(|line| (line - at.y).abs() > height / 2.0);
            if is_new_line && !seen.text.ends_with(char::is_whitespace) {
                seen.text.push(' ');
            }
            match glyph.as_unicode() {
                Some(BfString::Char(letter)) => seen.text.push(letter),
                Some(BfString::String(letters)) => seen.text.push_str(&letters),
                None => {}
            }
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let (area, is_upright) = place(&image, props.transform);
        let density = f64::from(image.width()) / area.width();
        self.pixels += f64::from(image.width()) * f64::from(image.height());
        let object = match &image {
            Image::Raster(photograph) => Some(photograph.stream().obj_id()),
            Image::Stencil(_) => None,
        };
        let piece = match object {
            Some(_) => self.piece.of_photograph(),
            None => self.piece.of_other(),
        };
        let Some((shown, seen)) = self.seen(area, piece) else {
            return;
        };
        let is_whole = is_upright && shown.area() > area.area() * (1.0 - MARGIN);
        if object.is_some() && is_whole {
            seen.photographs += 1;
        } else {
            seen.others += 1;
        }
        if density.is_finite() {
            seen.density = seen.density.max(density);
        }
        if let (Some(piece), Some(object)) = (piece, object) {
            self.photographs.push(Photograph {
                piece,
                object,
                shown,
                is_whole,
            });
        }
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn pop_transparency_group(&mut self) {}

    fn begin_marked_content(&mut self, _: &[u8], properties: Option<&Dict<'_>>) {
        self.step();
        self.piece.begin(properties);
    }

    fn end_marked_content(&mut self) {
        self.piece.end();
    }
}
