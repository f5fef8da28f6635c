//! Rectangles of whole pixels, and a few of them together.

use std::ops::Range;

use egui::Rect;

/// A rectangle of pixels; right and bottom are the first that are no longer in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// The first column.
    pub left: i32,
    /// The first row.
    pub top: i32,
    /// The column after the last.
    pub right: i32,
    /// The row after the last.
    pub bottom: i32,
}

impl Area {
    /// All of a surface.
    pub fn of_size(width: u32, height: u32) -> Self {
        let side = |length: u32| i32::try_from(length).unwrap_or(i32::MAX);
        Self {
            left: 0,
            top: 0,
            right: side(width),
            bottom: side(height),
        }
    }

    /// The pixels of a clip rectangle, as egui's painters round it.
    pub(crate) fn of_clip(clip: Rect, pixels_per_point: f32) -> Self {
        let pixels = |points: f32| whole((points * pixels_per_point).round());
        Self {
            left: pixels(clip.min.x),
            top: pixels(clip.min.y),
            right: pixels(clip.max.x),
            bottom: pixels(clip.max.y),
        }
    }

    /// Every pixel that something between these corners may touch.
    pub(crate) fn around(bounds: Rect, pixels_per_point: f32) -> Self {
        Self {
            left: whole((bounds.min.x * pixels_per_point).floor()),
            top: whole((bounds.min.y * pixels_per_point).floor()),
            right: whole((bounds.max.x * pixels_per_point).ceil()),
            bottom: whole((bounds.max.y * pixels_per_point).ceil()),
        }
    }

    pub(crate) fn intersection(self, other: Self) -> Self {
        Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        }
    }

    fn union(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    pub(crate) fn is_empty(self) -> bool {
        self.left >= self.right || self.top >= self.bottom
    }

    pub(crate) fn rows(self) -> Range<i32> {
        self.top..self.bottom
    }
}

/// A float that is whole, or as far as an area goes; nothing is drawn where it is not a number.
#[expect(
    clippy::cast_possible_truncation,
    reason = "what is out of range is as far away as can be"
)]
pub(crate) fn whole(value: f32) -> i32 {
    value as i32
}

/// A few areas that do not overlap.
#[derive(Clone, Debug)]
pub(crate) struct Areas {
    within: Area,
    areas: Vec<Area>,
}

impl Areas {
    /// More than this are one: to go through all triangles for each costs more than what they leave out.
    const MOST: usize = 8;

    pub fn new(within: Area) -> Self {
        Self {
            within,
            areas: Vec::new(),
        }
    }

    pub fn all(within: Area) -> Self {
        let mut all = Self::new(within);
        all.add(within);
        all
    }

    pub fn iter(&self) -> impl Iterator<Item = &Area> {
        self.areas.iter()
    }

    pub fn is_empty(&self) -> bool {
        self.areas.is_empty()
    }

    pub fn into_vec(self) -> Vec<Area> {
        self.areas
    }

    pub fn extend(&mut self, other: &Self) {
        for &area in &other.areas {
            self.add(area);
        }
    }

    pub fn add(&mut self, area: Area) {
        let mut area = area.intersection(self.within);
        if area.is_empty() {
            return;
        }
        // What joins two may touch a third.
        while let Some(place) = self
            .areas
            .iter()
            .position(|other| !area.intersection(*other).is_empty())
        {
            area = area.union(self.areas.swap_remove(place));
        }
        self.areas.push(area);
        if self.areas.len() > Self::MOST {
            let all = self.areas.drain(..).reduce(Area::union);
            self.areas.extend(all);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(left: i32, top: i32, right: i32, bottom: i32) -> Area {
        Area {
            left,
            top,
            right,
            bottom,
        }
    }

    #[test]
    fn what_overlaps_is_one_and_what_does_not_stays_apart() {
        let mut areas = Areas::new(area(0, 0, 100, 100));
        areas.add(area(0, 0, 10, 10));
        areas.add(area(50, 50, 60, 60));
        assert_eq!(areas.iter().count(), 2);
        // Reaches into both.
        areas.add(area(5, 5, 55, 55));
        assert_eq!(areas.into_vec(), [area(0, 0, 60, 60)]);
    }

    #[test]
    fn what_is_outside_does_not_count() {
        let mut areas = Areas::new(area(0, 0, 100, 100));
        areas.add(area(-20, 10, 0, 20));
        areas.add(area(90, 90, 200, 200));
        assert_eq!(areas.into_vec(), [area(90, 90, 100, 100)]);
    }

    #[test]
    fn many_are_one() {
        let mut areas = Areas::new(area(0, 0, 1000, 10));
        for place in 0..=8 {
            areas.add(area(place * 20, 0, place * 20 + 5, 5));
        }
        assert_eq!(areas.into_vec(), [area(0, 0, 165, 5)]);
    }
}
