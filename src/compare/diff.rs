//! What two answers have in common, word by word.

use std::time::Duration;

use similar::{ChangeTag, TextDiff};

/// How long words may be matched up; past that what is left counts as different.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whose words a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Both answers have it.
    Both,
    /// Only the left one.
    Left,
    /// Only the right one.
    Right,
}

/// Some words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Whose.
    pub side: Side,
    /// The words, with what is between them.
    pub text: String,
}

/// Compares two answers. All pieces of one side and of both, in their order, are that side's text.
/// Takes time for long texts, so it is called from a worker thread.
#[must_use]
pub fn diff_words(left: &str, right: &str) -> Vec<Piece> {
    let diff = TextDiff::configure()
        .timeout(PATIENCE)
        .diff_unicode_words(left, right);
    let mut spans: Vec<Span> = Vec::new();
    for change in diff.iter_all_changes() {
        let text = change.value();
        match change.tag() {
            ChangeTag::Equal => match spans.last_mut() {
                Some(Span::Same(same)) => same.push_str(text),
                _ => spans.push(Span::Same(text.to_owned())),
            },
            ChangeTag::Delete => changed(&mut spans).0.push_str(text),
            ChangeTag::Insert => changed(&mut spans).1.push_str(text),
        }
    }
    joined(spans).into_iter().flat_map(Span::pieces).collect()
}

enum Span {
    Same(String),
    Changed(String, String),
}

impl Span {
    fn pieces(self) -> Vec<Piece> {
        let pieces = match self {
            Self::Same(text) => vec![(Side::Both, text)],
            Self::Changed(left, right) => vec![(Side::Left, left), (Side::Right, right)],
        };
        pieces
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(side, text)| Piece { side, text })
            .collect()
    }
}

/// The change at the end, begun if there is none.
fn changed(spans: &mut Vec<Span>) -> (&mut String, &mut String) {
    if !matches!(spans.last(), Some(Span::Changed(..))) {
        spans.push(Span::Changed(String::new(), String::new()));
    }
    match spans.last_mut() {
        Some(Span::Changed(left, right)) => (left, right),
        _ => unreachable!("a change was just put there"),
    }
}

/// A space between two changed words is no agreement worth showing: the words around it are one
/// change.
fn joined(spans: Vec<Span>) -> Vec<Span> {
    let mut joined: Vec<Span> = Vec::new();
    let mut spans = spans.into_iter().peekable();
    while let Some(span) = spans.next() {
        match span {
            Span::Same(text)
                if text.chars().all(char::is_whitespace)
                    && matches!(joined.last(), Some(Span::Changed(..)))
                    && matches!(spans.peek(), Some(Span::Changed(..))) =>
            {
                let (left, right) = changed(&mut joined);
                left.push_str(&text);
                right.push_str(&text);
            }
            Span::Changed(l, r) if matches!(joined.last(), Some(Span::Changed(..))) => {
                let (left, right) = changed(&mut joined);
                left.push_str(&l);
                right.push_str(&r);
            }
            span => joined.push(span),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(left: &str, right: &str) -> String {
        let pieces = diff_words(left, right);
        let text_of = |side: Side| -> String {
            let own = pieces.iter().filter(|piece| piece.side != side);
            own.map(|piece| piece.text.as_str()).collect()
        };
        assert_eq!(text_of(Side::Right), left, "nothing of the left is lost");
        assert_eq!(text_of(Side::Left), right, "nothing of the right is lost");
        let shown = pieces.iter().map(|piece| match piece.side {
            Side::Both => piece.text.clone(),
            Side::Left => format!("[-{}-]", piece.text),
            Side::Right => format!("[+{}+]", piece.text),
        });
        shown.collect()
    }

    #[test]
    fn words_are_told_apart_not_letters() {
        assert_eq!(
            shown("A red boat at sea.", "A blue boat at sea."),
            "A [-red-][+blue+] boat at sea."
        );
        assert_eq!(shown("same", "same"), "same");
        assert_eq!(shown("", "new"), "[+new+]");
        assert_eq!(shown("", ""), "");
    }

    #[test]
    fn a_space_between_two_changes_belongs_to_them() {
        assert_eq!(
            shown("the old man sleeps", "the young woman sleeps"),
            "the [-old man-][+young woman+] sleeps"
        );
    }

    #[test]
    fn words_of_other_scripts_are_words() {
        // Each syllable of Chinese is a word to Unicode's rules; the emoji is one with its joiners.
        assert_eq!(shown("我爱猫", "我爱狗"), "我爱[-猫-][+狗+]");
        assert_eq!(shown("Hallo 👩‍👩‍👧 da", "Hallo 👩‍👩‍👦 da"), "Hallo [-👩‍👩‍👧-][+👩‍👩‍👦+] da");
    }
}
