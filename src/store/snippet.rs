//! The piece of a text around what was looked for.

use std::ops::Range;

use super::search::{fold, folded};

/// Characters before the first hit, and altogether.
const BEFORE: usize = 40;
const ALL: usize = 160;

/// A piece of a turn, with what was looked for marked in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// The turn's place, as [`crate::chat::TurnId::index`] gives it.
    pub turn: usize,
    /// The piece, in one line.
    pub text: String,
    /// Bytes of it that were looked for, in order and apart.
    pub highlights: Vec<Range<usize>>,
}

/// Bytes of a text that are one of the words, whatever their case and accents; in order and apart.
pub(super) fn highlights(text: &str, words: &[String]) -> Vec<Range<usize>> {
    let chars: Vec<(usize, char)> = text
        .char_indices()
        .filter_map(|(at, c)| Some((at, fold(c)?)))
        .collect();
    let mut hits: Vec<Range<usize>> = Vec::new();
    for word in words {
        let word: Vec<char> = folded(word).collect();
        let mut at = 0;
        while !word.is_empty() && at + word.len() <= chars.len() {
            let fits = chars[at..at + word.len()]
                .iter()
                .map(|(_, c)| c)
                .eq(word.iter());
            if fits {
                let end = chars
                    .get(at + word.len())
                    .map_or(text.len(), |(end, _)| *end);
                hits.push(chars[at].0..end);
                at += word.len();
            } else {
                at += 1;
            }
        }
    }
    hits.sort_by_key(|hit| (hit.start, hit.end));
    let mut apart: Vec<Range<usize>> = Vec::new();
    for hit in hits {
        match apart.last_mut() {
            Some(last) if hit.start <= last.end => last.end = last.end.max(hit.end),
            _ => apart.push(hit),
        }
    }
    apart
}

/// The piece around the first hit.
pub(super) fn snippet(turn: usize, text: &str, words: &[String]) -> Snippet {
    let first = highlights(text, words).first().map_or(0, |hit| hit.start);
    let start = text[..first]
        .char_indices()
        .rev()
        .nth(BEFORE - 1)
        .map_or(0, |(at, _)| at);
    let end = text[start..]
        .char_indices()
        .nth(ALL)
        .map_or(text.len(), |(at, _)| start + at);
    let mut piece = String::new();
    if start > 0 {
        piece.push('…');
    }
    piece.extend(
        text[start..end]
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c }),
    );
    if end < text.len() {
        piece.push('…');
    }
    Snippet {
        turn,
        highlights: highlights(&piece, words),
        text: piece,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, words: &[&str]) -> Vec<String> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        highlights(text, &words)
            .into_iter()
            .map(|range| text[range].to_owned())
            .collect()
    }

    #[test]
    fn hits_are_marked_whatever_their_case_and_script() {
        assert_eq!(marked("Über über", &["ÜBER"]), ["Über", "über"]);
        assert_eq!(marked("東京都の天気", &["京都", "天"]), ["京都", "天"]);
        assert_eq!(marked("abcabc", &["abc", "cab"]), ["abcabc"]);
        assert_eq!(
            marked("Cafe\u{301} crème", &["café", "creme"]),
            ["Cafe\u{301}", "crème"]
        );
        assert!(marked("abc", &["abcd", "", "\u{301}"]).is_empty());
    }

    #[test]
    fn the_piece_is_around_the_first_hit_and_in_one_line() {
        let text = format!("{}here\nit is{}", "x".repeat(50), "y".repeat(200));
        let snippet = snippet(3, &text, &["HERE".to_owned()]);
        // 40 before, 4 of the hit, a space, 5, and 110 that fill up to 160.
        let expected = format!("…{}here it is{}…", "x".repeat(40), "y".repeat(110));
        assert_eq!(snippet.text, expected);
        // The ellipsis is three bytes.
        assert_eq!(snippet.highlights.len(), 1);
        assert_eq!(snippet.highlights[0], 43..47);
    }

    #[test]
    fn a_short_text_is_shown_whole() {
        let snippet = snippet(0, "short", &["or".to_owned()]);
        assert_eq!(snippet.text, "short");
        assert_eq!(snippet.highlights[0], 2..4);
    }
}
