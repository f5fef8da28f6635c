//! The system's own font families. Looking through them takes a moment and touches the disk, so it is
//! done by background work; what is found is handed to [`fonts`](super::fonts).

use egui::FontData;
use fontique::{
    Collection, CollectionOptions, FontInfo, FontStyle, FontWeight, FontWidth, SourceCache,
    SourceCacheOptions,
};

/// A family that words can be set in.
#[derive(Clone)]
pub struct Typeface {
    /// For words.
    pub regular: FontData,
    /// For headings; the regular one where the family has nothing bolder.
    pub semibold: FontData,
}

/// The names of all families, in order. Blocks.
pub fn families() -> Vec<String> {
    let mut collection = collection();
    let mut names: Vec<String> = collection
        .family_names()
        // Those with a dot are the system's, and not for choosing.
        .filter(|name| !name.starts_with('.'))
        .map(str::to_owned)
        .collect();
    names.sort_by_key(|name| name.to_lowercase());
    names.dedup();
    names
}

/// A family by its name; `None` when the system has none of it. Blocks.
pub fn load(family: &str) -> Option<Typeface> {
    let mut collection = collection();
    let mut cache = SourceCache::new(SourceCacheOptions::default());
    let found = collection.family_by_name(family)?;
    let mut face = |weight: FontWeight| {
        let font = found.match_font(FontWidth::NORMAL, FontStyle::Normal, weight, false)?;
        data(font, &mut cache)
    };
    let regular = face(FontWeight::NORMAL)?;
    let semibold = face(FontWeight::SEMI_BOLD).unwrap_or_else(|| regular.clone());
    Some(Typeface { regular, semibold })
}

fn data(font: &FontInfo, cache: &mut SourceCache) -> Option<FontData> {
    let (blob, _) = font.load(Some(cache))?.into_raw_parts();
    Some(FontData::from_blob(blob, font.index()))
}

fn collection() -> Collection {
    Collection::new(CollectionOptions {
        shared: false,
        system_fonts: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_that_is_offered_can_be_loaded_and_others_cannot() {
        let names = families();
        // A system without fonts has nothing to try.
        for name in names.iter().take(5) {
            let face = load(name).expect(name);
            assert!(!face.regular.bytes().is_empty());
        }
        assert!(load("No Such Family").is_none());
    }
}
