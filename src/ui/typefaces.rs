//! The system's own font families. Looking through them takes a moment and touches the disk, so it is
//! done by background work; what is found is handed to [`fonts`](super::fonts).

use egui::FontData;
use fontique::{
    Collection, CollectionOptions, FontInfo, FontStyle, FontWeight, FontWidth, GenericFamily,
    QueryFamily, QueryStatus, SourceCache, SourceCacheOptions,
};

/// Of 2010, 2015 and 2018: what a face of emoji has that is kept up to date.
const RECENT_EMOJI: [char; 3] = ['😊', '🤖', '🥰'];

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

/// The system's emoji, in colour where it has them so; `None` when it has none, or only old ones. Blocks.
pub fn emoji() -> Option<FontData> {
    let mut collection = collection();
    let mut cache = SourceCache::new(SourceCacheOptions::default());
    let mut query = collection.query(&mut cache);
    query.set_families([QueryFamily::Generic(GenericFamily::Emoji)]);
    let mut found = None;
    query.matches_with(|font| {
        let characters = font.charmap();
        let has = |letter: char| {
            characters
                .as_ref()
                .and_then(|characters| characters.map(letter))
                .is_some_and(|glyph| glyph != 0)
        };
        if !RECENT_EMOJI.into_iter().all(has) {
            return QueryStatus::Continue;
        }
        found = Some(font.clone());
        QueryStatus::Stop
    });
    let font = found?;
    let (blob, _) = font.blob.into_raw_parts();
    Some(FontData::from_blob(blob, font.index))
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
