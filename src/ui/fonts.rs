//! The typefaces: Open Sans for words, egui's monospace for code, one icon face, and the system's
//! own fonts for every script these lack.

use std::sync::Arc;

use egui::{Context, FontData, FontDefinitions, FontFamily};

use super::theme::SEMIBOLD;

/// Registers the typefaces; once, before the first frame.
pub fn install(ctx: &Context) {
    let mut fonts = FontDefinitions::default();
    // The monospace faces come last: they have arrows and box lines that the others lack.
    let fallback: Vec<String> = [FontFamily::Proportional, FontFamily::Monospace]
        .iter()
        .filter_map(|family| fonts.families.get(family))
        .flatten()
        .cloned()
        .collect();
    for (family, face, data) in [
        (
            FontFamily::Proportional,
            "open-sans",
            &include_bytes!("../../assets/fonts/OpenSans-Regular.ttf")[..],
        ),
        (
            FontFamily::Name(SEMIBOLD.into()),
            "open-sans-semibold",
            &include_bytes!("../../assets/fonts/OpenSans-Semibold.ttf")[..],
        ),
    ] {
        fonts
            .font_data
            .insert(face.to_owned(), Arc::new(FontData::from_static(data)));
        let mut faces = vec![face.to_owned()];
        faces.extend(fallback.iter().cloned());
        fonts.families.insert(family, faces);
    }
    ctx.set_fonts(fonts);
    egui_material_icons::initialize(ctx);
}
