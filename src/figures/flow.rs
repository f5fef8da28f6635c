//! The text of a part in the order in which it is read, and what of it stands around a picture.

use std::ops::Range;

use super::Surroundings;

/// Characters before a picture, and after it, that are context.
const CONTEXT: usize = 200;
/// Bytes of a paragraph that are looked at for that: blanks are not counted as characters.
const LOOKED_AT: usize = 16 * CONTEXT;
/// Paragraphs that are looked at on each side.
const FARTHEST: usize = 60;

/// What has more letters is no word of a language that has blanks between them.
const LONGEST_WORD: usize = 40;

/// What a paragraph is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Role {
    #[default]
    Text,
    Heading,
    Caption,
}

/// Text in paragraphs; one that another interrupts is two.
#[derive(Debug, Default)]
pub(super) struct Flow {
    text: String,
    paragraphs: Vec<Paragraph>,
    last_heading: Option<usize>,
}

#[derive(Debug)]
struct Paragraph {
    text: Range<usize>,
    role: Role,
    holds_picture: bool,
    /// It is the caption of the pictures in another one.
    caption_of: Option<usize>,
}

/// Where a picture stands in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    paragraph: usize,
    at: usize,
    heading: Option<usize>,
}

impl Flow {
    /// Begins a paragraph. One without text or a picture before it was none.
    pub(super) fn begin(&mut self, role: Role) {
        if let Some(last) = self.paragraphs.last()
            && !last.holds_picture
            && self.text[last.text.clone()].trim().is_empty()
        {
            self.paragraphs.pop();
        }
        if let Some((at, last)) = self.paragraphs.iter().enumerate().next_back()
            && last.role == Role::Heading
            && !self.text[last.text.clone()].trim().is_empty()
        {
            self.last_heading = Some(at);
        }
        let end = self.text.len();
        self.paragraphs.push(Paragraph {
            text: end..end,
            role,
            holds_picture: false,
            caption_of: None,
        });
    }

    /// Goes on with the paragraph.
    pub(super) fn push(&mut self, text: &str) {
        if self.paragraphs.is_empty() {
            self.begin(Role::Text);
        }
        self.text.push_str(text);
        if let Some(last) = self.paragraphs.last_mut() {
            last.text.end = self.text.len();
        }
    }

    /// A picture stands here.
    pub(super) fn picture(&mut self) -> Spot {
        self.push("");
        if let Some(last) = self.paragraphs.last_mut() {
            last.holds_picture = true;
        }
        Spot {
            paragraph: self.paragraphs.len() - 1,
            at: self.text.len(),
            heading: self.last_heading,
        }
    }

    /// What stands around a picture. To be asked in the order of the pictures, when all text is there: a caption
    /// belongs to one paragraph.
    pub(super) fn surroundings(&mut self, spot: Spot) -> Surroundings {
        let caption = self.caption(spot.paragraph);
        if let Some(caption) = caption {
            self.paragraphs[caption].caption_of = Some(spot.paragraph);
        }
        let own = &self.paragraphs[spot.paragraph];
        let heading = if own.role == Role::Heading && !self.of(spot.paragraph).trim().is_empty() {
            Some(spot.paragraph)
        } else {
            spot.heading
        };
        Surroundings {
            heading: heading.and_then(|heading| one_line(self.of(heading))),
            caption: caption.and_then(|caption| one_line(self.of(caption))),
            before: self.before(spot, caption),
            after: self.after(spot, caption),
            ..Surroundings::default()
        }
    }

    fn of(&self, paragraph: usize) -> &str {
        &self.text[self.paragraphs[paragraph].text.clone()]
    }

    /// The caption beside a paragraph with pictures. Where captions stand on both sides, those of the document are
    /// all above or all below: the one before is taken when the one behind has a picture behind it.
    fn caption(&self, paragraph: usize) -> Option<usize> {
        let is_free = |at: &usize| {
            let found = self.paragraphs.get(*at);
            found.is_some_and(|found| {
                found.role == Role::Caption && found.caption_of.is_none_or(|of| of == paragraph)
            })
        };
        if self.paragraphs[paragraph].role == Role::Caption {
            return Some(paragraph);
        }
        let before = paragraph.checked_sub(1).filter(is_free);
        let behind = Some(paragraph + 1).filter(is_free);
        match (before, behind) {
            (Some(before), Some(behind)) => {
                let next = self.paragraphs.get(behind + 1);
                let above = next.is_some_and(|next| next.holds_picture);
                Some(if above { before } else { behind })
            }
            (before, behind) => before.or(behind),
        }
    }

    /// The text before a picture in its section, but for what is said as its heading or caption.
    fn before(&self, spot: Spot, caption: Option<usize>) -> Option<String> {
        let own = &self.paragraphs[spot.paragraph];
        let mut pieces = match own.role {
            Role::Heading => return None,
            Role::Caption => Vec::new(),
            Role::Text => vec![tail(&self.text[own.text.start..spot.at])],
        };
        let mut characters = pieces.first().map_or(0, |piece| length(piece));
        for at in (0..spot.paragraph).rev().take(FARTHEST) {
            if self.paragraphs[at].role == Role::Heading || characters > CONTEXT {
                break;
            }
            if Some(at) != caption {
                let piece = tail(self.of(at));
                characters += length(piece);
                pieces.push(piece);
            }
        }
        pieces.reverse();
        last_words(&pieces.join(" "))
    }

    fn after(&self, spot: Spot, caption: Option<usize>) -> Option<String> {
        let own = &self.paragraphs[spot.paragraph];
        let mut pieces = match own.role {
            Role::Heading | Role::Caption => Vec::new(),
            Role::Text => vec![head(&self.text[spot.at..own.text.end])],
        };
        let mut characters = pieces.first().map_or(0, |piece| length(piece));
        let later = self.paragraphs.iter().enumerate();
        for (at, found) in later.skip(spot.paragraph + 1).take(FARTHEST) {
            if found.role == Role::Heading || characters > CONTEXT {
                break;
            }
            if Some(at) != caption {
                let piece = head(self.of(at));
                characters += length(piece);
                pieces.push(piece);
            }
        }
        one_line(&pieces.join(" "))
    }
}

/// The first words of a text without line breaks; `None` when it is blank.
pub(super) fn one_line(text: &str) -> Option<String> {
    let (words, part) = fitting(head(text).split_whitespace());
    let part = part.map(|(word, room)| word.chars().take(room).collect::<String>());
    joined(words.into_iter().chain(part.as_deref()))
}

/// The last words of a text without line breaks.
fn last_words(text: &str) -> Option<String> {
    let (words, part) = fitting(tail(text).split_whitespace().rev());
    let part = part.map(|(word, room)| {
        let skipped = word.chars().count() - room;
        word.chars().skip(skipped).collect::<String>()
    });
    joined(part.as_deref().into_iter().chain(words.into_iter().rev()))
}

/// The words that fit, and the one to cut with what is left for it: Chinese and Japanese have no blanks.
fn fitting<'t>(words: impl Iterator<Item = &'t str>) -> (Vec<&'t str>, Option<(&'t str, usize)>) {
    let mut fitting = Vec::new();
    let mut room = CONTEXT;
    for word in words {
        let (blank, letters) = (usize::from(!fitting.is_empty()), word.chars().count());
        if letters + blank > room {
            let cut = (letters > LONGEST_WORD).then(|| (word, room.saturating_sub(blank)));
            return (fitting, cut);
        }
        room -= letters + blank;
        fitting.push(word);
    }
    (fitting, None)
}

fn joined<'t>(words: impl Iterator<Item = &'t str>) -> Option<String> {
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn length(text: &str) -> usize {
    text.trim().chars().count()
}

fn head(text: &str) -> &str {
    &text[..text.floor_char_boundary(LOOKED_AT.min(text.len()))]
}

fn tail(text: &str) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(LOOKED_AT))..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_not_cut_and_blanks_are_one() {
        let long = "word ".repeat(100);
        assert_eq!(one_line(" a\t b\r\n c "), Some("a b c".to_owned()));
        assert_eq!(one_line(" \n"), None);
        // Forty words of four letters with a blank between each.
        assert_eq!(one_line(&long), Some("word ".repeat(40).trim().to_owned()));
        assert_eq!(last_words(&long), one_line(&long));
        assert_eq!(last_words("a b\n c"), Some("a b c".to_owned()));
        assert_eq!(one_line(&"ü".repeat(300)), Some("ü".repeat(200)));
        assert_eq!(last_words(&"ü".repeat(300)), Some("ü".repeat(200)));
        // What is written without blanks fills what is left.
        let (short, block) = ("图 ".to_owned(), "猫".repeat(300));
        assert_eq!(
            one_line(&(short.clone() + &block)),
            Some(short + &"猫".repeat(198))
        );
        assert_eq!(last_words(&(block + " 图")), Some("猫".repeat(198) + " 图"));
    }

    #[test]
    fn captions_are_those_above_or_those_below() {
        for (order, expected) in [
            // p picture, c caption, t text; the captions of the pictures by their number.
            ("pcpc", [1, 3].as_slice()),
            ("cpcp", &[0, 2]),
            ("cpct", &[2]),
            ("tpct", &[2]),
            ("tcpt", &[1]),
            ("ptc", &[]),
        ] {
            let mut flow = Flow::default();
            let mut spots = Vec::new();
            for (number, what) in order.chars().enumerate() {
                flow.begin(if what == 'c' {
                    Role::Caption
                } else {
                    Role::Text
                });
                if what == 'p' {
                    spots.push(flow.picture());
                } else {
                    flow.push(&number.to_string());
                }
            }
            flow.begin(Role::Text);
            let captions: Vec<usize> = spots
                .into_iter()
                .filter_map(|spot| flow.surroundings(spot).caption)
                .filter_map(|caption| caption.parse().ok())
                .collect();
            assert_eq!(captions, expected, "{order}");
        }
    }
}
