//! Text that may run from right to left.
//!
//! egui shapes each word by its script but sets words from left to right. For text that is only
//! shown, each line is put into visual order here, by the Unicode bidirectional algorithm, before
//! it is laid out. Copying such a line from the screen copies the visual order; the copy buttons
//! copy the text itself.

use std::ops::Range;

use egui::text::LayoutJob;
use egui::{Align, FontId, FontSelection, Label, RichText, Ui};
use unicode_bidi::{BidiInfo, Level, ParagraphInfo};

/// Draws a text, wrapped.
pub fn label(ui: &mut Ui, text: &str) {
    styled_label(ui, text, RichText::new);
}

/// Draws a text, wrapped, in a style.
pub fn styled_label(ui: &mut Ui, text: &str, style: impl Fn(String) -> RichText) {
    if !has_right_to_left(text) {
        ui.add(Label::new(style(text.to_owned())).wrap());
        return;
    }
    let bidi = BidiInfo::new(text, None);
    for paragraph in &bidi.paragraphs {
        let rows = rows(ui, &bidi, paragraph, &style);
        let align = if paragraph.level.is_rtl() {
            Align::Max
        } else {
            Align::Min
        };
        ui.with_layout(egui::Layout::top_down(align), |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            for row in rows {
                ui.add(Label::new(style(row)).extend());
            }
        });
    }
}

/// Whether a text has letters that run from right to left.
pub fn has_right_to_left(text: &str) -> bool {
    // All scripts written from right to left stand in these blocks.
    text.chars().any(|c| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    })
}

/// The lines that a paragraph takes at this width, each in visual order.
fn rows(
    ui: &Ui,
    bidi: &BidiInfo<'_>,
    paragraph: &ParagraphInfo,
    style: &impl Fn(String) -> RichText,
) -> Vec<String> {
    let text = bidi.text[paragraph.range.clone()].trim_end_matches(['\n', '\r']);
    let mut sample = LayoutJob::default();
    style(" ".to_owned()).append_to(&mut sample, ui.style(), FontSelection::Default, Align::Min);
    let font = sample
        .sections
        .first()
        .map_or_else(FontId::default, |section| section.format.font_id.clone());
    let color = ui.visuals().text_color();
    let width = |word: &str| {
        let galley = ui
            .painter()
            .layout_no_wrap(word.to_owned(), font.clone(), color);
        galley.size().x
    };
    let available = ui.available_width();
    let mut rows = Vec::new();
    let mut start = paragraph.range.start;
    let mut end = start;
    let mut used = 0.0;
    // egui's own wrapping counts glyphs, of which text from right to left has more than letters.
    for word in text.split_inclusive(char::is_whitespace) {
        let needed = width(word.trim_end());
        if used + needed > available && end > start {
            rows.push(visual(bidi, paragraph, start..end));
            start = end;
            used = 0.0;
        }
        used += width(word);
        end += word.len();
    }
    rows.push(visual(bidi, paragraph, start..end));
    rows
}

/// A line in visual order, as a renderer wants it that sets words from left to right and shapes
/// each by itself.
fn visual(bidi: &BidiInfo<'_>, paragraph: &ParagraphInfo, line: Range<usize>) -> String {
    let (levels, runs) = bidi.visual_runs(paragraph, line);
    let mut visual = String::new();
    for run in runs {
        let level = levels.get(run.start).copied().unwrap_or(Level::ltr());
        let text = &bidi.text[run];
        if level.is_rtl() {
            for word in words(text).into_iter().rev() {
                match word {
                    Word::Letters(letters) => visual.push_str(letters),
                    Word::Sign(sign) => visual.push(mirrored(sign)),
                }
            }
        } else {
            visual.push_str(text);
        }
    }
    visual
}

/// One line in visual order, in pieces that are marked or not. Of text from right to left words are
/// marked whole, since they are shaped so.
pub fn marked_line(text: &str, marks: &[Range<usize>]) -> Vec<(String, bool)> {
    if !has_right_to_left(text) {
        return pieces(text, 0, marks);
    }
    let bidi = BidiInfo::new(text, None);
    let mut line = Vec::new();
    for paragraph in &bidi.paragraphs {
        let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
        for run in runs {
            let level = levels.get(run.start).copied().unwrap_or(Level::ltr());
            let start = run.start;
            let text = &bidi.text[run];
            if !level.is_rtl() {
                line.extend(pieces(text, start, marks));
                continue;
            }
            let mut at = start + text.len();
            for word in words(text).into_iter().rev() {
                let (piece, length) = match word {
                    Word::Letters(letters) => (letters.to_owned(), letters.len()),
                    Word::Sign(sign) => (mirrored(sign).to_string(), sign.len_utf8()),
                };
                let place = at - length..at;
                at = place.start;
                let is_marked = marks
                    .iter()
                    .any(|mark| mark.start < place.end && place.start < mark.end);
                line.push((piece, is_marked));
            }
        }
    }
    line
}

/// A text that begins at a place of another, cut where marks begin and end.
fn pieces(text: &str, start: usize, marks: &[Range<usize>]) -> Vec<(String, bool)> {
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut add = |from: usize, to: usize, is_marked: bool| {
        if let Some(piece) = text.get(from..to).filter(|piece| !piece.is_empty()) {
            pieces.push((piece.to_owned(), is_marked));
        }
    };
    for mark in marks {
        let from = mark.start.saturating_sub(start).clamp(at, text.len());
        let to = mark.end.saturating_sub(start).clamp(from, text.len());
        add(at, from, false);
        add(from, to, true);
        at = to;
    }
    add(at, text.len(), false);
    pieces
}

/// What is shaped as one, and what stands alone.
enum Word<'a> {
    Letters(&'a str),
    Sign(char),
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        // Marks combine with the letter before them.
        if c.is_alphanumeric() || (!c.is_ascii() && has_right_to_left(c.encode_utf8(&mut [0; 4]))) {
            start.get_or_insert(at);
            continue;
        }
        if let Some(start) = start.take() {
            words.push(Word::Letters(&text[start..at]));
        }
        words.push(Word::Sign(c));
    }
    if let Some(start) = start {
        words.push(Word::Letters(&text[start..]));
    }
    words
}

/// Brackets open the other way.
fn mirrored(c: char) -> char {
    match c {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '{' => '}',
        '}' => '{',
        '<' => '>',
        '>' => '<',
        '«' => '»',
        '»' => '«',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable as _;

    use super::*;

    /// The first paragraph on one line.
    fn line(text: &str) -> String {
        let bidi = BidiInfo::new(text, None);
        let paragraph = &bidi.paragraphs[0];
        visual(&bidi, paragraph, paragraph.range.clone())
    }

    #[test]
    fn words_stand_from_right_to_left_and_keep_their_letters() {
        assert_eq!(line("שלום עולם טוב"), "טוב עולם שלום");
    }

    #[test]
    fn signs_change_sides_and_brackets_turn() {
        assert_eq!(line("שלום (עולם)!"), "!(עולם) שלום");
    }

    #[test]
    fn marks_go_where_their_words_go() {
        let text = "שלום (עולם)!";
        let world = text.find("עולם").unwrap();
        let marks = vec![0..0, world..world + "עולם".len()];
        let line = marked_line(text, &marks);
        let whole: String = line.iter().map(|(piece, _)| piece.as_str()).collect();
        assert_eq!(whole, "!(עולם) שלום");
        let marked: Vec<_> = line.iter().filter(|(_, marked)| *marked).collect();
        assert_eq!(marked, [&("עולם".to_owned(), true)]);
        assert_eq!(
            marked_line("abcd", &[1..2, 3..9]),
            [("a", false), ("b", true), ("c", false), ("d", true)]
                .map(|(piece, marked)| (piece.to_owned(), marked))
        );
    }

    #[test]
    fn names_and_numbers_inside_keep_their_own_order() {
        assert_eq!(
            line("השתמש ב Amazon Bedrock 2026 היום"),
            "היום Amazon Bedrock 2026 ב השתמש"
        );
    }

    #[test]
    fn a_word_inside_text_from_left_to_right_stays_where_it_is() {
        assert_eq!(
            line("The word שלום means peace"),
            "The word שלום means peace"
        );
    }

    #[test]
    fn every_line_of_a_wrapped_text_is_drawn_in_its_order() {
        let text = "The word שלום means peace";
        let mut harness = egui_kittest::Harness::builder()
            .with_size([400.0, 200.0])
            .allow_missing_glyphs()
            .build_ui(move |ui| label(ui, text));
        harness.run();
        assert!(
            harness.query_by_label(text).is_some(),
            "{:?}",
            harness.root()
        );
    }

    #[test]
    fn other_scripts_are_left_alone() {
        for text in ["English", "日本語", "Ελληνικά", "हिन्दी", "🙂"] {
            assert!(!has_right_to_left(text), "{text}");
        }
        assert!(has_right_to_left("العربية"));
    }
}
