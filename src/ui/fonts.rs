//! The typefaces: Open Sans or a family of the system for words, egui's monospace for code, one icon face, and the system's
//! own fonts for every script these lack.

use std::sync::Arc;

use egui::{Context, FontData, FontDefinitions, FontFamily, FontTweak};
use egui_material_icons::FONT_FAMILY_OUTLINED;

use super::theme::SEMIBOLD;
use super::typefaces::Typeface;

/// Registers the typefaces; before the first frame, and when another family is chosen for words.
pub fn install(ctx: &Context, chosen: Option<&Typeface>) {
    let mut fonts = FontDefinitions::default();
    // The monospace faces come last: they have arrows and box lines that the others lack.
    let fallback: Vec<String> = [FontFamily::Proportional, FontFamily::Monospace]
        .iter()
        .filter_map(|family| fonts.families.get(family))
        .flatten()
        .cloned()
        .collect();
    for (family, face, data, chosen) in [
        (
            FontFamily::Proportional,
            "open-sans",
            &include_bytes!("../../assets/fonts/OpenSans-Regular.ttf")[..],
            chosen.map(|chosen| &chosen.regular),
        ),
        (
            FontFamily::Name(SEMIBOLD.into()),
            "open-sans-semibold",
            &include_bytes!("../../assets/fonts/OpenSans-Semibold.ttf")[..],
            chosen.map(|chosen| &chosen.semibold),
        ),
    ] {
        let mut faces = Vec::new();
        if let Some(chosen) = chosen {
            let name = format!("{face}-instead");
            fonts
                .font_data
                .insert(name.clone(), Arc::new(chosen.clone()));
            faces.push(name);
        }
        fonts
            .font_data
            .insert(face.to_owned(), Arc::new(FontData::from_static(data)));
        faces.push(face.to_owned());
        faces.extend(fallback.iter().cloned());
        fonts.families.insert(family, faces);
    }
    let icons = "icons";
    fonts
        .font_data
        .insert(icons.to_owned(), Arc::new(icon_face()));
    fonts.families.insert(
        FontFamily::Name(FONT_FAMILY_OUTLINED.into()),
        vec![icons.to_owned()],
    );
    ctx.set_fonts(fonts);
}

/// Those icons that are used, which is one in sixty of what `egui_material_icons` brings; set as it sets them.
fn icon_face() -> FontData {
    let face = include_bytes!("../../assets/fonts/MaterialSymbolsRounded-Icons.ttf");
    FontData::from_static(face).tweak(FontTweak {
        y_offset_factor: 0.05,
        ..FontTweak::default()
    })
}
