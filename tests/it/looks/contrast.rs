//! Every word that a frame holds, against what is painted behind it.

use egui::epaint::{ClippedShape, Shape, TextShape};
use egui::{Color32, FontFamily, Rect};

/// WCAG 2.2: 1.4.3 for text, 1.4.11 for icons.
const TEXT: f64 = 4.5;
const ICON: f64 = 3.0;

/// Words of what cannot be used now need no contrast (WCAG 2.2, 1.4.3), and have some.
const INACTIVE: [Color32; 2] = [
    Color32::from_rgba_premultiplied(0x7a, 0x7a, 0x83, 0xff),
    Color32::from_rgba_premultiplied(0x7d, 0x85, 0x92, 0xff),
];

/// What is painted somewhere; `None` where it is a picture or lets something through.
type Ground = (Rect, Option<Color32>);

/// What cannot be read, in words.
pub fn unreadable(shapes: &[ClippedShape]) -> Vec<String> {
    let mut grounds = Vec::new();
    let mut found = Vec::new();
    for ClippedShape {
        clip_rect, shape, ..
    } in shapes
    {
        walk(shape, *clip_rect, &mut grounds, &mut found);
    }
    found
}

fn walk(shape: &Shape, clip: Rect, grounds: &mut Vec<Ground>, found: &mut Vec<String>) {
    match shape {
        Shape::Vec(shapes) => {
            for shape in shapes {
                walk(shape, clip, grounds, found);
            }
        }
        Shape::Rect(rect) if rect.fill != Color32::TRANSPARENT => {
            let opaque = rect.fill.is_opaque() && rect.brush.is_none();
            grounds.push((rect.rect.intersect(clip), opaque.then_some(rect.fill)));
        }
        Shape::Mesh(mesh) => grounds.push((mesh.calc_bounds().intersect(clip), None)),
        Shape::Circle(circle) if circle.fill != Color32::TRANSPARENT => {
            let rect = circle.visual_bounding_rect().intersect(clip);
            grounds.push((rect, circle.fill.is_opaque().then_some(circle.fill)));
        }
        Shape::Text(text) => read(text, clip, grounds, found),
        _ => {}
    }
}

fn read(text: &TextShape, clip: Rect, grounds: &[Ground], found: &mut Vec<String>) {
    let words = text.galley.text();
    let rect = text.visual_bounding_rect().intersect(clip);
    // What is faded cannot be used now.
    if words.trim().is_empty() || !rect.is_positive() || text.opacity_factor < 1.0 {
        return;
    }
    let at = rect.center();
    let behind = grounds.iter().rev().find(|(rect, _)| rect.contains(at));
    let Some((_, Some(behind))) = behind else {
        return;
    };
    for section in &text.galley.job.sections {
        let format = &section.format;
        let color = match text.override_text_color {
            Some(color) => color,
            None if format.color == Color32::PLACEHOLDER => text.fallback_color,
            None => format.color,
        };
        if !color.is_opaque() {
            continue;
        }
        let behind = if format.background.is_opaque() {
            format.background
        } else {
            *behind
        };
        let is_icon =
            matches!(&format.font_id.family, FontFamily::Name(name) if name.contains("icon"));
        let least = if is_icon || INACTIVE.contains(&color) {
            ICON
        } else {
            TEXT
        };
        let ratio = ratio(color, behind);
        if ratio < least {
            let words: String = words.chars().take(40).collect();
            found.push(format!(
                "{words:?}: {color:?} on {behind:?} has {ratio:.2} at {at:?}"
            ));
        }
    }
}

fn ratio(a: Color32, b: Color32) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// By WCAG's formula.
fn luminance(color: Color32) -> f64 {
    let [red, green, blue] = [color.r(), color.g(), color.b()].map(|value| {
        let value = f64::from(value) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[test]
fn pale_words_are_found() {
    let mut harness = egui_kittest::Harness::new_ui(|ui| {
        egui::Frame::new().fill(Color32::WHITE).show(ui, |ui| {
            ui.colored_label(Color32::LIGHT_GRAY, "pale");
            ui.colored_label(Color32::BLACK, "dark");
        });
    });
    harness.run();
    let found = unreadable(&harness.output().shapes);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("pale"), "{found:#?}");
}
