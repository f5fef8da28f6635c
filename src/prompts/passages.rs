//! A difference as it is read: what changed with a few lines around it, and long passages that did not change
//! folded between.

use std::ops::Range;

use super::{DiffLine, LineSide};

/// Unchanged lines that are shown before and after a change.
const AROUND: usize = 3;

/// So many lines at least are worth folding.
const WORTH: usize = 4;

/// Lines of a difference that stand together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Which lines.
    pub lines: Range<usize>,
    /// Whether they are unchanged and far from any change.
    pub is_folded: bool,
}

/// All lines in their order. Where nothing differs, nothing is folded.
#[must_use]
pub fn passages(lines: &[DiffLine]) -> Vec<Passage> {
    let mut passages = Vec::new();
    let mut at = 0;
    let mut shown_from = 0;
    for run in lines.chunk_by(|a, b| is_same(a) == is_same(b)) {
        let end = at + run.len();
        if run.first().is_some_and(is_same) && run.len() < lines.len() {
            let before = if at == 0 { 0 } else { AROUND };
            let after = if end == lines.len() { 0 } else { AROUND };
            let far = at + before..end.saturating_sub(after).max(at + before);
            if far.len() >= WORTH {
                push(&mut passages, shown_from..far.start, false);
                shown_from = far.end;
                push(&mut passages, far, true);
            }
        }
        at = end;
    }
    push(&mut passages, shown_from..lines.len(), false);
    passages
}

fn is_same(line: &DiffLine) -> bool {
    line.side == LineSide::Both
}

fn push(passages: &mut Vec<Passage>, lines: Range<usize>, is_folded: bool) {
    if !lines.is_empty() {
        passages.push(Passage { lines, is_folded });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines as `=`, `-` and `+` for the sides; the passages as `3` for shown and `(5)` for folded lines.
    fn told(sides: &str) -> String {
        let lines: Vec<DiffLine> = sides
            .chars()
            .map(|side| DiffLine {
                side: match side {
                    '-' => LineSide::Before,
                    '+' => LineSide::After,
                    _ => LineSide::Both,
                },
                text: String::new(),
                changed: Vec::new(),
            })
            .collect();
        let passages = passages(&lines);
        let all: Vec<usize> = passages.iter().flat_map(|of| of.lines.clone()).collect();
        assert!(all.into_iter().eq(0..lines.len()), "{passages:?}");
        let words: Vec<String> = passages
            .iter()
            .map(|of| match of.lines.len() {
                length if of.is_folded => format!("({length})"),
                length => length.to_string(),
            })
            .collect();
        words.join(" ")
    }

    #[test]
    fn what_is_far_from_a_change_is_folded() {
        for (sides, expected) in [
            ("", ""),
            ("==========", "10"),
            ("-+", "2"),
            ("-==========", "4 (7)"),
            ("==========+", "(7) 4"),
            ("-==========+", "4 (4) 4"),
            ("-=========+", "11"),
            ("==========-+==========", "(7) 8 (7)"),
            ("-======", "7"),
        ] {
            assert_eq!(told(sides), expected, "{sides}");
        }
    }
}
