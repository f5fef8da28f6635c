//! Pictures of the clipboard as other modules take them.

use egui::{Color32, ColorImage};

/// Width, height, and red, green, blue and alpha of each pixel, row by row, alpha not multiplied in.
#[must_use]
pub fn to_rgba(image: &ColorImage) -> (u32, u32, Vec<u8>) {
    let [width, height] = image
        .size
        .map(|side| u32::try_from(side).unwrap_or(u32::MAX));
    let pixels = image
        .pixels
        .iter()
        .flat_map(Color32::to_srgba_unmultiplied)
        .collect();
    (width, height, pixels)
}
