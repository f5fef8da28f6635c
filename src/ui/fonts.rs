//! The typefaces: Open Sans or a family of the system for words, Hack for code, the system's emoji or Noto Emoji, one icon
//! face, and the system's own fonts for every script these lack.

use std::sync::Arc;

use egui::{Context, FontData, FontDefinitions, FontFamily, FontTweak};
use egui_material_icons::FONT_FAMILY_OUTLINED;
use epaint_default_fonts::{HACK_REGULAR, NOTO_EMOJI_REGULAR};

use super::theme::SEMIBOLD;
use super::typefaces::Typeface;

const CODE: &str = "hack";
const EMOJI: &str = "noto-emoji";
const SYSTEM_EMOJI: &str = "emoji-of-the-system";
const ICONS: &str = "icons";

/// Registers the typefaces; before the first frame, and when another family is chosen for words.
pub fn install(ctx: &Context, chosen: Option<&Typeface>, system_emoji: Option<&FontData>) {
    let mut fonts = FontDefinitions::empty();
    let mut add = |face: &str, data: FontData| {
        fonts.font_data.insert(face.to_owned(), Arc::new(data));
        face.to_owned()
    };
    let code = add(CODE, FontData::from_static(HACK_REGULAR));
    // The system's are in colour and know the newest; the bundled ones are for where it has none.
    let emoji: Vec<String> = system_emoji
        .map(|face| add(SYSTEM_EMOJI, face.clone()))
        .into_iter()
        .chain([add(EMOJI, emoji_face())])
        .collect();
    let icons = add(ICONS, icon_face());
    let mut words = |face: &str, data: &'static [u8], chosen: Option<&FontData>| {
        let chosen = chosen.map(|chosen| add(&format!("{face}-instead"), chosen.clone()));
        // The face for code comes last: it has arrows and box lines that the others lack.
        chosen
            .into_iter()
            .chain([add(face, FontData::from_static(data))])
            .chain(emoji.clone())
            .chain([code.clone()])
            .collect()
    };
    let regular = words(
        "open-sans",
        include_bytes!("../../assets/fonts/OpenSans-Regular.ttf"),
        chosen.map(|chosen| &chosen.regular),
    );
    let semibold = words(
        "open-sans-semibold",
        include_bytes!("../../assets/fonts/OpenSans-Semibold.ttf"),
        chosen.map(|chosen| &chosen.semibold),
    );
    let monospace = [code.clone()].into_iter().chain(emoji.clone()).collect();
    fonts.families.extend([
        (FontFamily::Proportional, regular),
        (FontFamily::Name(SEMIBOLD.into()), semibold),
        (FontFamily::Monospace, monospace),
        (FontFamily::Name(FONT_FAMILY_OUTLINED.into()), vec![icons]),
    ]);
    ctx.set_fonts(fonts);
}

/// As large as the letters beside it.
fn emoji_face() -> FontData {
    FontData::from_static(NOTO_EMOJI_REGULAR).tweak(FontTweak {
        scale: 0.81,
        ..FontTweak::default()
    })
}

/// Those icons that are used, which is one in sixty of what `egui_material_icons` brings; set as it sets them.
fn icon_face() -> FontData {
    let face = include_bytes!("../../assets/fonts/MaterialSymbolsRounded-Icons.ttf");
    FontData::from_static(face).tweak(FontTweak {
        y_offset_factor: 0.05,
        ..FontTweak::default()
    })
}
