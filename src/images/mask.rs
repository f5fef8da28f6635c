//! A mask painted by hand: what of a picture is changed.

use image::{DynamicImage, GrayImage, Luma};

use super::{MaskOffer, Picture, picture};

/// A line of the brush, in pixels of the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Stroke {
    /// Where it went.
    pub points: Vec<(f32, f32)>,
    /// Half the brush.
    pub radius: f32,
    /// Whether it takes away instead.
    pub erases: bool,
}

/// One thing that was done.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    Stroke(Stroke),
    Invert,
    Clear,
    /// What was opened from a file.
    Replace(Vec<bool>),
}

/// What is changed, and how it came to be so.
#[derive(Clone, Debug, PartialEq)]
pub struct Mask {
    width: u32,
    height: u32,
    selected: Vec<bool>,
    steps: Vec<Step>,
    undone: Vec<Step>,
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
            steps: Vec::new(),
            undone: Vec::new(),
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

    /// Begins a line.
    pub fn begin(&mut self, at: (f32, f32), radius: f32, erases: bool) {
        let stroke = Stroke {
            points: vec![at],
            radius,
            erases,
        };
        self.paint_line(at, at, radius, !erases);
        self.steps.push(Step::Stroke(stroke));
        self.undone.clear();
        self.revision += 1;
    }

    /// Carries the line on.
    pub fn go_on(&mut self, to: (f32, f32)) {
        let Some(Step::Stroke(stroke)) = self.steps.last_mut() else {
            return;
        };
        let from = stroke.points.last().copied().unwrap_or(to);
        // Less than half a pixel changes nothing.
        if (from.0 - to.0).abs() + (from.1 - to.1).abs() < 0.5 {
            return;
        }
        stroke.points.push(to);
        let (radius, erases) = (stroke.radius, stroke.erases);
        self.paint_line(from, to, radius, !erases);
        self.revision += 1;
    }

    /// Changes what was not, and nothing else.
    pub fn invert(&mut self) {
        self.take(Step::Invert);
    }

    /// Changes nothing.
    pub fn clear(&mut self) {
        self.take(Step::Clear);
    }

    /// Whether there is something to take back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.steps.is_empty()
    }

    /// Whether there is something to do again.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// Takes the last thing back.
    pub fn undo(&mut self) {
        if let Some(step) = self.steps.pop() {
            self.undone.push(step);
            self.paint_anew();
        }
    }

    /// Does it again.
    pub fn redo(&mut self) {
        if let Some(step) = self.undone.pop() {
            self.apply(&step);
            self.steps.push(step);
            self.revision += 1;
        }
    }

    /// Takes what a file says, in the model's black and white.
    pub fn replace(&mut self, selected: Vec<bool>) {
        if selected.len() == self.selected.len() {
            self.take(Step::Replace(selected));
        }
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

    fn take(&mut self, step: Step) {
        self.apply(&step);
        self.steps.push(step);
        self.undone.clear();
        self.revision += 1;
    }

    fn paint_anew(&mut self) {
        self.selected.fill(false);
        for step in std::mem::take(&mut self.steps) {
            self.apply(&step);
            self.steps.push(step);
        }
        self.revision += 1;
    }

    fn apply(&mut self, step: &Step) {
        match step {
            Step::Stroke(stroke) => {
                let mut from = stroke.points.first().copied();
                for to in &stroke.points {
                    self.paint_line(from.unwrap_or(*to), *to, stroke.radius, !stroke.erases);
                    from = Some(*to);
                }
            }
            Step::Invert => self.selected.iter_mut().for_each(|pixel| *pixel = !*pixel),
            Step::Clear => self.selected.fill(false),
            Step::Replace(selected) => self.selected.clone_from(selected),
        }
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
