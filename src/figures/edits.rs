//! Pieces of a text put in the place of others, and everything between them as it was.

use std::ops::Range;

/// New bytes for some ranges of a text.
#[derive(Debug, Default)]
pub struct Edits {
    edits: Vec<(Range<usize>, Vec<u8>)>,
}

impl Edits {
    /// Puts bytes in the place of a range; an empty range is a place between two bytes.
    pub fn replace(&mut self, range: Range<usize>, by: impl Into<Vec<u8>>) {
        self.edits.push((range, by.into()));
    }

    /// The text with all of it done. Ranges must not overlap: of two that do, the later one is left out.
    #[must_use]
    pub fn apply(self, text: &[u8]) -> Vec<u8> {
        self.apply_within(text, 0..text.len())
    }

    /// A piece of the text with what of it lies there done.
    #[must_use]
    pub fn apply_within(mut self, text: &[u8], piece: Range<usize>) -> Vec<u8> {
        self.edits
            .sort_by_key(|(range, _)| (range.start, range.end));
        let mut written = Vec::with_capacity(piece.len() + 64 * self.edits.len());
        let mut at = piece.start;
        for (range, by) in self.edits {
            let (Some(before), true) = (text.get(at..range.start), range.end <= piece.end) else {
                continue;
            };
            written.extend_from_slice(before);
            written.extend_from_slice(&by);
            at = range.end;
        }
        written.extend_from_slice(&text[at..piece.end]);
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_put_in_their_places_whatever_their_order() {
        let mut edits = Edits::default();
        edits.replace(4..7, "B");
        edits.replace(3..3, "+");
        edits.replace(0..1, "A");
        assert_eq!(edits.apply(b"one two"), b"Ane+ B");
    }

    #[test]
    fn what_lies_outside_or_in_another_is_left_out() {
        let mut edits = Edits::default();
        edits.replace(0..3, "x");
        edits.replace(2..5, "y");
        edits.replace(6..9, "z");
        assert_eq!(edits.apply(b"one two"), b"x two");
    }

    #[test]
    fn a_piece_has_what_lies_in_it() {
        let mut edits = Edits::default();
        edits.replace(0..1, "x");
        edits.replace(4..5, "T");
        edits.replace(7..7, "!");
        edits.replace(8..9, "T");
        assert_eq!(edits.apply_within(b"one two three", 4..7), b"Two!");
    }
}
