//! What tests of documents say of figures.

use bedrock_playground::figures::{self, AltText, Change, Kind};

pub fn text(text: &str) -> AltText {
    AltText::Text(text.to_owned())
}

#[expect(clippy::unnecessary_wraps, reason = "it stands beside what is none")]
pub fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Texts for some figures of a document as it is now.
pub fn changes(kind: Kind, bytes: &[u8], alts: &[(usize, AltText)]) -> Vec<Change> {
    let found = figures::read(kind, bytes).expect("a document").figures;
    alts.iter()
        .map(|(figure, alt)| Change {
            figure: *figure,
            image: found[*figure].image.clone(),
            alt: alt.clone(),
        })
        .collect()
}
