//! Where a growing Markdown text may be cut into blocks that never change again.
//!
//! A block ends at a blank line outside a code fence, unless what follows belongs to it: an
//! indented line, or the next item of a list; a heading is a block of its own. A text with link definitions is left whole, since
//! those reach across blocks.

use super::Block;

/// Cuts a text that is only appended to; remembers what it has cut.
#[derive(Default)]
pub(super) struct Splitter {
    blocks: Vec<Block>,
    length: usize,
    whole: bool,
}

impl Splitter {
    /// The blocks so far; together they are the whole text.
    pub(super) fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Takes the longer text in, and says how many of the leading blocks are as they were.
    pub(super) fn update(&mut self, source: &str) -> usize {
        if source.len() == self.length {
            return self.blocks.len();
        }
        if source.len() < self.length {
            *self = Self::default();
        }
        self.length = source.len();
        if self.whole {
            self.blocks[0].end = source.len();
            return 0;
        }
        // Only the last block can still change.
        let start = self.blocks.pop().map_or(0, |last| last.start);
        let unchanged = self.blocks.len();
        self.cut(source, start);
        if self.whole {
            self.blocks = std::iter::once(0..source.len()).collect();
            return 0;
        }
        unchanged
    }

    fn cut(&mut self, source: &str, start: usize) {
        let mut block_start = start;
        let mut at = start;
        let mut fence: Option<Fence> = None;
        let mut list = false;
        let mut after_blank = false;
        let mut after_heading = false;
        for line in source[start..].split_inclusive('\n') {
            let text = line.trim_end();
            if let Some(open) = fence {
                if open.closed_by(text) {
                    fence = None;
                }
                after_blank = false;
            } else if text.is_empty() {
                after_blank = true;
            } else {
                self.whole |= is_link_definition(text);
                let belongs = text.starts_with([' ', '\t']) || (list && is_list_item(text));
                let heading = is_heading(text);
                let apart = after_blank || after_heading || heading;
                if apart && at > block_start && !belongs {
                    self.blocks.push(block_start..at);
                    block_start = at;
                    list = false;
                }
                after_heading = heading;
                list |= is_list_item(text);
                fence = Fence::opened_by(text);
                after_blank = false;
            }
            at += line.len();
        }
        if at > block_start {
            self.blocks.push(block_start..at);
        }
    }
}

/// An open code fence: its character and how many of it.
#[derive(Clone, Copy)]
struct Fence {
    mark: char,
    length: usize,
}

impl Fence {
    fn opened_by(line: &str) -> Option<Self> {
        let line = line.trim_start();
        let mark = line
            .chars()
            .next()
            .filter(|mark| matches!(mark, '`' | '~'))?;
        let length = line.chars().take_while(|c| *c == mark).count();
        // A backtick in the info string makes it inline code.
        let info = &line[length..];
        (length >= 3 && !(mark == '`' && info.contains('`'))).then_some(Self { mark, length })
    }

    fn closed_by(self, line: &str) -> bool {
        let line = line.trim();
        line.chars().all(|c| c == self.mark) && line.chars().count() >= self.length
    }
}

/// Whether it is one already and stays one, however the line goes on.
fn is_heading(line: &str) -> bool {
    let signs = line.chars().take_while(|c| *c == '#').count();
    (1..=6).contains(&signs) && line[signs..].starts_with(' ')
}

fn is_list_item(line: &str) -> bool {
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let marker = if digits == 0 {
        line.strip_prefix(['-', '*', '+'])
    } else {
        line[digits..].strip_prefix(['.', ')'])
    };
    marker.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
}

fn is_link_definition(line: &str) -> bool {
    line.starts_with('[')
        && line
            .find("]:")
            .is_some_and(|end| end > 1 && !line[1..end].contains(']'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(source: &str) -> Vec<&str> {
        let mut splitter = Splitter::default();
        splitter.update(source);
        splitter
            .blocks()
            .iter()
            .map(|range| &source[range.clone()])
            .collect()
    }

    #[test]
    fn paragraphs_are_blocks() {
        assert_eq!(blocks("# A\n\nb\nc\n\nd"), ["# A\n\n", "b\nc\n\n", "d"]);
    }

    #[test]
    fn headings_are_blocks_of_their_own() {
        assert_eq!(
            blocks("# A\nb\n## C\n- d\n# E\n#f"),
            ["# A\n", "b\n", "## C\n", "- d\n", "# E\n", "#f"]
        );
    }

    #[test]
    fn a_fence_is_one_block_with_its_blank_lines() {
        assert_eq!(
            blocks("a\n\n```rust\nx\n\ny\n```\n\nb"),
            ["a\n\n", "```rust\nx\n\ny\n```\n\n", "b"]
        );
        assert_eq!(blocks("````\n```\n\nx\n````\n\nb").len(), 2);
    }

    #[test]
    fn a_loose_list_is_one_block() {
        assert_eq!(blocks("- a\n\n- b\n\n  more of b\n\nc").len(), 2);
        assert_eq!(blocks("1. a\n\n2. b\n\nc").len(), 2);
    }

    #[test]
    fn link_definitions_keep_the_text_whole() {
        assert_eq!(blocks("a [x]\n\nb\n\n[x]: https://example.org\n").len(), 1);
    }

    #[test]
    fn growing_by_one_character_gives_the_same_blocks_as_all_at_once() {
        let source = "# A\n\npara\n## B\nmore\n\n- x\n\n- y\n\n```\ncode\n\nmore\n```\n\nend – ü\n\n| a | b |\n|---|---|\n| 1 | 2 |\n";
        let mut splitter = Splitter::default();
        for (at, c) in source.char_indices() {
            splitter.update(&source[..at + c.len_utf8()]);
        }
        let grown: Vec<&str> = splitter
            .blocks()
            .iter()
            .map(|range| &source[range.clone()])
            .collect();
        assert_eq!(grown, blocks(source));
        assert_eq!(grown.concat(), source);
    }

    #[test]
    fn blocks_before_the_last_stay() {
        let mut splitter = Splitter::default();
        splitter.update("a\n\nb\n\nc");
        assert_eq!(splitter.update("a\n\nb\n\nc more"), 2);
    }
}
