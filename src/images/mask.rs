//! A mask painted by hand: what of a picture is changed.

use image::{DynamicImage, GrayImage, Luma};

use super::{MaskOffer, Picture, picture};

/// Most things that can be taken back.
const MOST_UNDONE: usize = 60;

/// A line that is being painted.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Line {
    last: (f32, f32),
    radius: f32,
    erases: bool,
}

/// A whole mask as it was, a bit a pixel: taking something back costs the same however much was
/// painted.
#[derive(Clone, Debug, PartialEq)]
struct Snapshot(Box<[u64]>);

impl Snapshot {
    fn of(selected: &[bool]) -> Self {
        let word = |pixels: &[bool]| {
            let bit = |(at, selected): (usize, &bool)| u64::from(*selected) << at;
            pixels
                .iter()
                .enumerate()
                .map(bit)
                .fold(0, |word, bit| word | bit)
        };
        Self(selected.chunks(64).map(word).collect())
    }

    fn put_into(&self, selected: &mut [bool]) {
        for (pixels, word) in selected.chunks_mut(64).zip(&self.0) {
            for (at, pixel) in pixels.iter_mut().enumerate() {
                *pixel = word >> at & 1 == 1;
            }
        }
    }
}

/// What is changed, and how it came to be so.
#[derive(Clone, Debug, PartialEq)]
pub struct Mask {
    width: u32,
    height: u32,
    selected: Vec<bool>,
    /// The masks before each thing that was done, the last one last.
    before: Vec<Snapshot>,
    undone: Vec<Snapshot>,
    line: Option<Line>,
    revision: u64,
}

/// The area that changed: from and to, the end not included.
type Area = (u32, u32, u32, u32);

impl Mask {
    /// Nothing is changed yet.
    #[must_use]
    pub fn new(width: u32, height: u32) -> Self {
        let pixels = width as usize * height as usize;
        Self {
            width,
            height,
            selected: vec![false; pixels],
            before: Vec::new(),
            undone: Vec::new(),
            line: None,
            revision: 0,
        }
    }

    /// Pixels across and down.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// Grows with each change, so that what is drawn of it can be kept.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether nothing is changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.selected.contains(&true)
    }

    /// Whether each pixel is changed, row by row.
    #[must_use]
    pub fn selected(&self) -> &[bool] {
        &self.selected
    }

    /// Begins a line, half a brush wide to each side.
    pub fn begin(&mut self, at: (f32, f32), radius: f32, erases: bool) {
        self.remember();
        self.line = Some(Line {
            last: at,
            radius,
            erases,
        });
        self.paint_line(at, at, radius, !erases);
    }

    /// Carries the line on.
    pub fn go_on(&mut self, to: (f32, f32)) {
        let Some(line) = self.line else { return };
        // Less than half a pixel changes nothing.
        if (line.last.0 - to.0).abs() + (line.last.1 - to.1).abs() < 0.5 {
            return;
        }
        self.line = Some(Line { last: to, ..line });
        self.paint_line(line.last, to, line.radius, !line.erases);
        self.revision += 1;
    }

    /// Changes what was not, and nothing else.
    pub fn invert(&mut self) {
        self.remember();
        self.selected.iter_mut().for_each(|pixel| *pixel = !*pixel);
    }

    /// Changes nothing.
    pub fn clear(&mut self) {
        self.remember();
        self.selected.fill(false);
    }

    /// Takes what a file says.
    pub fn replace(&mut self, selected: Vec<bool>) {
        if selected.len() == self.selected.len() {
            self.remember();
            self.selected = selected;
        }
    }

    /// Whether there is something to take back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.before.is_empty()
    }

    /// Whether there is something to do again.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// Takes the last thing back.
    pub fn undo(&mut self) {
        if let Some(before) = self.before.pop() {
            self.undone.push(Snapshot::of(&self.selected));
            self.show(&before);
        }
    }

    /// Does it again.
    pub fn redo(&mut self) {
        if let Some(after) = self.undone.pop() {
            self.before.push(Snapshot::of(&self.selected));
            self.show(&after);
        }
    }

    fn show(&mut self, snapshot: &Snapshot) {
        snapshot.put_into(&mut self.selected);
        self.line = None;
        self.revision += 1;
    }

    /// Keeps the mask as it is, before it becomes another.
    fn remember(&mut self) {
        if self.before.len() == MOST_UNDONE {
            self.before.remove(0);
        }
        self.before.push(Snapshot::of(&self.selected));
        self.undone.clear();
        self.line = None;
        self.revision += 1;
    }

    /// What of a picture is white, or black: the mask of a file. It blocks.
    ///
    /// # Errors
    /// When the picture cannot be read, or has another size.
    pub fn of_file(
        file: &Picture,
        size: (u32, u32),
        changes_white: bool,
    ) -> Result<Vec<bool>, String> {
        if (file.width, file.height) != size {
            return Err(format!(
                "The mask is {} × {}, the image {} × {}: both must have the same size",
                file.width, file.height, size.0, size.1
            ));
        }
        let pixels = file.pixels().map_err(|problem| problem.to_string())?;
        let grey = pixels.to_luma8();
        Ok(grey
            .pixels()
            .map(|pixel| (pixel.0[0] >= 128) == changes_white)
            .collect())
    }

    /// As the model wants it. It blocks.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn to_picture(&self, offer: MaskOffer) -> Result<Picture, String> {
        let mut grey = GrayImage::new(self.width, self.height);
        for (pixel, selected) in grey.pixels_mut().zip(&self.selected) {
            *pixel = Luma([if *selected == offer.changes_white {
                255
            } else {
                0
            }]);
        }
        Ok(Picture {
            name: "mask".to_owned(),
            width: self.width,
            height: self.height,
            bytes: picture::png(&DynamicImage::ImageLuma8(grey))?,
        })
    }

    /// All pixels that are no further from the line than the radius.
    fn paint_line(&mut self, from: (f32, f32), to: (f32, f32), radius: f32, value: bool) {
        let (left, top, right, bottom) = self.around(from, to, radius);
        let across = (to.0 - from.0, to.1 - from.1);
        let length = across.0 * across.0 + across.1 * across.1;
        for y in top..bottom {
            for x in left..right {
                let centre = (coordinate(x) + 0.5, coordinate(y) + 0.5);
                let away = (centre.0 - from.0, centre.1 - from.1);
                let along = if length > 0.0 {
                    ((away.0 * across.0 + away.1 * across.1) / length).clamp(0.0, 1.0)
                } else {
                    0.0
                };
                let nearest = (away.0 - across.0 * along, away.1 - across.1 * along);
                let near = nearest.0 * nearest.0 + nearest.1 * nearest.1 <= radius * radius;
                let place = y as usize * self.width as usize + x as usize;
                if near && let Some(pixel) = self.selected.get_mut(place) {
                    *pixel = value;
                }
            }
        }
    }

    fn around(&self, from: (f32, f32), to: (f32, f32), radius: f32) -> Area {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "casts saturate, and what lies outside is cut off"
        )]
        let pixel = |value: f32, most: u32| (value.max(0.0) as u32).min(most);
        (
            pixel(from.0.min(to.0) - radius, self.width),
            pixel(from.1.min(to.1) - radius, self.height),
            pixel((from.0.max(to.0) + radius).ceil() + 1.0, self.width),
            pixel((from.1.max(to.1) + radius).ceil() + 1.0, self.height),
        )
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "sides of pictures have far fewer digits than a float"
)]
fn coordinate(pixel: u32) -> f32 {
    pixel as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(mask: &Mask) -> usize {
        mask.selected().iter().filter(|pixel| **pixel).count()
    }

    /// A brush of radius 1 in the middle of a pixel covers it and its four neighbours: their middles
    /// are 1 away, those of the corners 1.41.
    #[test]
    fn a_brush_covers_what_is_near() {
        let mut mask = Mask::new(5, 5);
        mask.begin((2.5, 2.5), 1.0, false);
        assert_eq!(count(&mask), 5);
        // One to the right: three pixels more.
        mask.go_on((3.5, 2.5));
        assert_eq!(count(&mask), 8);
    }

    #[test]
    fn everything_can_be_taken_back_and_done_again() {
        let mut mask = Mask::new(4, 4);
        mask.begin((0.5, 0.5), 0.5, false);
        mask.invert();
        mask.begin((3.5, 3.5), 0.5, true);
        assert_eq!(count(&mask), 14);
        mask.undo();
        assert_eq!(count(&mask), 15);
        mask.undo();
        assert_eq!(count(&mask), 1);
        mask.redo();
        mask.clear();
        assert!(mask.is_empty());
        mask.undo();
        assert_eq!(count(&mask), 15);
        mask.undo();
        mask.undo();
        assert!(mask.is_empty() && !mask.can_undo() && mask.can_redo());
    }

    #[test]
    fn black_or_white_is_what_the_model_says() {
        let mut mask = Mask::new(2, 1);
        mask.begin((0.5, 0.5), 0.4, false);
        for changes_white in [true, false] {
            let offer = MaskOffer {
                name: "mask",
                changes_white,
                prompt: None,
            };
            let picture = mask.to_picture(offer).unwrap();
            let grey = picture.pixels().unwrap().to_luma8();
            let (changed, kept) = if changes_white { (255, 0) } else { (0, 255) };
            assert_eq!(grey.as_raw(), &[changed, kept]);
            let read = Mask::of_file(&picture, (2, 1), changes_white).unwrap();
            assert_eq!(read, mask.selected());
            assert!(Mask::of_file(&picture, (1, 2), changes_white).is_err());
        }
    }
}
