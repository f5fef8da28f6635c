//! The words of Markdown, line by line, its emphasis and links read as plain words: for text from
//! right to left, whose words are put in order here, and for copying.

use egui::{RichText, Ui};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::ui::theme;
use crate::ui::widgets::bidi;

/// What a line of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Heading,
    Code,
}

/// Draws a block with text from right to left.
pub fn ui(ui: &mut Ui, source: &str) {
    for (kind, text) in lines(source) {
        bidi::styled_label(ui, &text, |text| match kind {
            Kind::Text => RichText::new(text),
            Kind::Heading => theme::h3(text),
            Kind::Code => RichText::new(text).monospace(),
        });
    }
}

/// The lines of a block, each with what it is.
pub fn lines(source: &str) -> Vec<(Kind, String)> {
    let mut lines = vec![];
    let mut line = String::new();
    let mut kind = Kind::Text;
    let mut lists: Vec<Option<u64>> = Vec::new();
    let mut end = |kind: Kind, line: &mut String| {
        if !line.trim().is_empty() {
            lines.push((kind, line.trim_end().to_owned()));
        }
        line.clear();
    };
    for event in Parser::new(source) {
        match event {
            Event::Start(Tag::Heading { .. }) => kind = Kind::Heading,
            Event::Start(Tag::CodeBlock(_)) => kind = Kind::Code,
            Event::Start(Tag::List(first)) => {
                end(kind, &mut line);
                lists.push(first);
            }
            Event::Start(Tag::Item) => match lists.last_mut() {
                Some(Some(number)) => {
                    line = format!("{number}. ");
                    *number += 1;
                }
                _ => "• ".clone_into(&mut line),
            },
            Event::End(TagEnd::List(_)) => {
                lists.pop();
            }
            Event::End(TagEnd::Heading(_) | TagEnd::CodeBlock) => {
                end(kind, &mut line);
                kind = Kind::Text;
            }
            Event::End(TagEnd::Paragraph | TagEnd::Item) | Event::HardBreak => {
                end(kind, &mut line);
            }
            Event::SoftBreak => line.push(' '),
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                line.push_str(&text);
            }
            _ => {}
        }
    }
    end(kind, &mut line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structure_is_kept_and_emphasis_read_as_words() {
        assert_eq!(
            lines("# שלום\n\n1. **אחד**\n2. שתיים\n\nסוף `קוד`"),
            [
                (Kind::Heading, "שלום".to_owned()),
                (Kind::Text, "1. אחד".to_owned()),
                (Kind::Text, "2. שתיים".to_owned()),
                (Kind::Text, "סוף קוד".to_owned()),
            ]
        );
    }
}
