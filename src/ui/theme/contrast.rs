//! How well one colour is told from another, as WCAG 2.2 reckons it. Knows no roles and no widgets.

use egui::Color32;

/// Least contrast of text (WCAG 2.2, 1.4.3).
pub const TEXT: f64 = 4.5;

/// Least contrast of the borders of controls, of icons and of the focus (WCAG 2.2, 1.4.11).
#[cfg(test)]
pub const CONTROL: f64 = 3.0;

/// Steps from a colour to the one that is surely told apart.
const STEPS: u8 = 20;

/// From 1 (the same) to 21 (black on white). Both colours are opaque.
#[must_use]
pub fn ratio(a: Color32, b: Color32) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The colour, or the nearest on its way to `sure` that can be read on what is behind.
#[must_use]
pub fn readable(color: Color32, behind: Color32, sure: Color32) -> Color32 {
    (0..STEPS)
        .map(|step| color.lerp_to_gamma(sure, f32::from(step) / f32::from(STEPS)))
        .find(|color| ratio(*color, behind) >= TEXT)
        .unwrap_or(sure)
}

/// WCAG 2.2, "relative luminance".
fn luminance(color: Color32) -> f64 {
    let channel = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(color.r()) + 0.7152 * channel(color.g()) + 0.0722 * channel(color.b())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(value: u8) -> Color32 {
        #[expect(clippy::disallowed_methods, reason = "a role has no known ratio")]
        Color32::from_gray(value)
    }

    #[test]
    fn ratios_are_those_of_the_definition() {
        // (1 + 0.05) / (0 + 0.05), and the grey that WCAG's own tools give 4.54 on white.
        assert!((ratio(Color32::WHITE, Color32::BLACK) - 21.0).abs() < 1e-9);
        assert!((ratio(grey(0x76), Color32::WHITE) - 4.54).abs() < 0.005);
        assert!((ratio(grey(7), grey(7)) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn what_cannot_be_read_is_moved_just_until_it_can() {
        let white = Color32::WHITE;
        let moved = readable(grey(0xc0), white, Color32::BLACK);
        assert!((TEXT..6.0).contains(&ratio(moved, white)), "{moved:?}");
        assert_eq!(readable(grey(0x20), white, Color32::BLACK), grey(0x20));
    }
}
