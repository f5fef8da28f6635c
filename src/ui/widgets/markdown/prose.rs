//! Headings, paragraphs and lists, each one text: it wraps, is marked and is read aloud as a whole, and bold
//! letters are bold, which the Markdown library only shows by their colour. A link stands among the words as a
//! control of its own; it may lead to the web alone, or its address is told and leads nowhere. What is more
//! than letters and links is left to the library.

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, FontFamily, FontId, Hyperlink, Label, Stroke, Ui, vec2};
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::ui::theme::{SEMIBOLD, font, palette, size, space};

/// How large headings are, from the first level on.
const HEADINGS: [f32; 6] = [
    font::H2,
    font::H2,
    font::H3,
    font::BODY,
    font::BODY,
    font::BODY,
];

/// How far items of a list stand in, and the room of their sign, in points.
const INDENT: f32 = 20.0;

/// A block of prose.
#[derive(Debug, PartialEq)]
pub struct Prose {
    lines: Vec<Line>,
}

/// A paragraph, a heading, or a paragraph of a list's item.
#[derive(Debug, Default, PartialEq)]
struct Line {
    /// From 1 on, of a heading.
    level: Option<usize>,
    /// In how many lists it is.
    depth: usize,
    /// The sign of an item, at its first line.
    sign: Option<String>,
    parts: Vec<Part>,
}

/// Words that are drawn as one.
#[derive(Debug, PartialEq)]
struct Part {
    spans: Vec<(String, Look)>,
    /// Where they lead.
    address: Option<String>,
}

impl Part {
    fn push(&mut self, text: &str, look: Look) {
        match self.spans.last_mut() {
            Some((last, same)) if *same == look => last.push_str(text),
            _ => self.spans.push((text.to_owned(), look)),
        }
    }
}

/// How letters look.
#[expect(
    clippy::struct_excessive_bools,
    reason = "Markdown's marks, each with or without the others"
)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Look {
    strong: bool,
    emphasis: bool,
    struck: bool,
    code: bool,
}

impl Prose {
    /// The prose a block is; `None` when the library is to draw it.
    pub fn of(block: &str) -> Option<Self> {
        let options =
            Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
        let mut reading = Reading::default();
        for event in Parser::new_ext(block, options) {
            reading.take(event)?;
        }
        reading.end_line();
        Some(Self {
            lines: reading.lines,
        })
    }

    /// Draws it. A heading that is not the first has more room above it.
    pub fn ui(&self, ui: &mut Ui, is_first: bool) {
        for (at, line) in self.lines.iter().enumerate() {
            if line.level.is_some() && !(is_first && at == 0) {
                ui.add_space(space::XS);
            }
            let is_item = line.depth > 0;
            if !is_item {
                line.ui(ui);
                continue;
            }
            if at > 0 {
                // Items stand closer than paragraphs.
                ui.add_space(2.0 - ui.spacing().item_spacing.y);
            }
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                #[expect(clippy::cast_precision_loss, reason = "a handful of lists")]
                let before = (line.depth - 1) as f32 * INDENT;
                ui.add_space(before);
                let room = vec2(INDENT, size::LINE);
                let right = egui::Layout::left_to_right(egui::Align::Min);
                ui.allocate_ui_with_layout(room, right, |ui| {
                    ui.set_min_width(INDENT);
                    if let Some(sign) = &line.sign {
                        ui.label(sign);
                    }
                });
                line.ui(ui);
            });
        }
    }
}

impl Line {
    fn ui(&self, ui: &mut Ui) {
        if let [words] = &self.parts[..]
            && words.address.is_none()
        {
            ui.add(Label::new(self.job(ui, words)).wrap());
            return;
        }
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            for part in &self.parts {
                let words = self.job(ui, part);
                match &part.address {
                    Some(address) => ui.add(Hyperlink::from_label_and_url(words, address)),
                    None => ui.label(words),
                };
            }
        });
    }

    fn job(&self, ui: &Ui, part: &Part) -> LayoutJob {
        let palette = palette(ui);
        let heading = self
            .level
            .map(|level| HEADINGS[level.clamp(1, HEADINGS.len()) - 1]);
        let points = heading.unwrap_or(font::BODY);
        let mut job = LayoutJob::default();
        for (text, look) in &part.spans {
            let bold = look.strong || heading.is_some();
            let color = match (&part.address, bold) {
                (Some(_), _) => palette.accent,
                (None, true) => palette.heading,
                (None, false) => palette.text,
            };
            let (font_id, background) = if look.code {
                let points = points * font::CODE / font::BODY;
                (FontId::monospace(points), palette.code)
            } else if bold {
                let family = FontFamily::Name(SEMIBOLD.into());
                (FontId::new(points, family), Color32::TRANSPARENT)
            } else {
                (FontId::proportional(points), Color32::TRANSPARENT)
            };
            let strikethrough = if look.struck {
                Stroke::new(1.0, color)
            } else {
                Stroke::NONE
            };
            let format = TextFormat {
                font_id,
                color,
                background,
                italics: look.emphasis,
                strikethrough,
                ..TextFormat::default()
            };
            job.append(text, 0.0, format);
        }
        job
    }
}

/// Whether a model may offer to open an address.
pub fn leads_to_the_web(address: &str) -> bool {
    ["http://", "https://", "mailto:"].iter().any(|scheme| {
        let start = address.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })
}

/// A block while it is read.
#[derive(Default)]
struct Reading {
    lines: Vec<Line>,
    line: Line,
    look: Look,
    /// Where the link leads whose words these are, when that is the web.
    address: Option<String>,
    /// Where it leads when it is not.
    elsewhere: Option<String>,
    /// The numbers of the lists that are open; `None` for those with bullets.
    lists: Vec<Option<u64>>,
}

impl Reading {
    /// Takes in what comes next; `None` where that is more than prose.
    fn take(&mut self, event: Event<'_>) -> Option<()> {
        match event {
            Event::Start(tag) => self.begin(&tag)?,
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.push(&text, self.look),
            Event::Code(text) => self.push(
                &text,
                Look {
                    code: true,
                    ..self.look
                },
            ),
            Event::SoftBreak => self.push(" ", self.look),
            Event::HardBreak => self.push("\n", self.look),
            _ => return None,
        }
        Some(())
    }

    fn begin(&mut self, tag: &Tag<'_>) -> Option<()> {
        match tag {
            Tag::Paragraph => {}
            Tag::Heading { level, .. } => {
                self.end_line();
                self.line.level = Some(*level as usize);
            }
            Tag::List(first) => {
                self.end_line();
                self.lists.push(*first);
            }
            Tag::Item => {
                self.end_line();
                self.line.sign = Some(match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let sign = format!("{number}.");
                        *number += 1;
                        sign
                    }
                    _ => "\u{2022}".to_owned(),
                });
            }
            Tag::Strong => self.look.strong = true,
            Tag::Emphasis => self.look.emphasis = true,
            Tag::Strikethrough => self.look.struck = true,
            Tag::Link {
                link_type,
                dest_url,
                ..
            } => {
                let scheme = if *link_type == LinkType::Email {
                    "mailto:"
                } else {
                    ""
                };
                let address = format!("{scheme}{dest_url}");
                let slot = if leads_to_the_web(&address) {
                    &mut self.address
                } else {
                    &mut self.elsewhere
                };
                *slot = Some(address);
            }
            _ => return None,
        }
        Some(())
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item => self.end_line(),
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::Strong => self.look.strong = false,
            TagEnd::Emphasis => self.look.emphasis = false,
            TagEnd::Strikethrough => self.look.struck = false,
            TagEnd::Link => self.end_link(),
            _ => {}
        }
    }

    fn push(&mut self, text: &str, look: Look) {
        let parts = &mut self.line.parts;
        match parts.last_mut() {
            Some(part) if part.address == self.address => part.push(text, look),
            _ => parts.push(Part {
                spans: vec![(text.to_owned(), look)],
                address: self.address.clone(),
            }),
        }
    }

    fn end_link(&mut self) {
        self.address = None;
        if let Some(address) = self.elsewhere.take() {
            self.push(&format!(" ({address})"), self.look);
        }
    }

    fn end_line(&mut self) {
        let mut line = std::mem::take(&mut self.line);
        // An empty item is one, too; a list may begin in it.
        if !line.parts.is_empty() || line.sign.is_some() {
            line.depth = self.lists.len();
            self.lines.push(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(prose: &Prose) -> Vec<String> {
        let line = |line: &Line| {
            let spans = line.parts.iter().flat_map(|part| &part.spans);
            let text: String = spans.map(|(text, _)| text.as_str()).collect();
            let sign = line.sign.clone().unwrap_or_default();
            format!("{}{sign}{text}", "  ".repeat(line.depth))
        };
        prose.lines.iter().map(line).collect()
    }

    #[test]
    fn headings_paragraphs_and_lists_are_lines() {
        let prose = Prose::of(
            "## A *new* title\nTwo\nlines\n\n1. one\n2. two\n   - inner\n\n     more\n3. three",
        )
        .unwrap();
        assert_eq!(
            words(&prose),
            [
                "A new title",
                "Two lines",
                "  1.one",
                "  2.two",
                "    \u{2022}inner",
                "    more",
                "  3.three",
            ]
        );
        assert_eq!(prose.lines[0].level, Some(2));
    }

    #[test]
    fn letters_look_as_they_are_marked() {
        let prose = Prose::of("a **b *c*** `d` ~~e~~").unwrap();
        let strong = Look {
            strong: true,
            ..Look::default()
        };
        let spans: Vec<_> = prose.lines[0].parts[0]
            .spans
            .iter()
            .map(|(text, look)| (text.as_str(), *look))
            .collect();
        assert_eq!(
            spans[..3],
            [
                ("a ", Look::default()),
                ("b ", strong),
                (
                    "c",
                    Look {
                        emphasis: true,
                        ..strong
                    }
                ),
            ]
        );
        assert!(spans[4].1.code && spans[6].1.struck, "{spans:?}");
    }

    #[test]
    fn a_link_leads_to_the_web_or_nowhere() {
        let prose = Prose::of(
            "see [**this** page](https://example.com/a) or [that](file:///etc/passwd), <me@example.com>",
        )
        .unwrap();
        let parts: Vec<_> = prose.lines[0]
            .parts
            .iter()
            .map(|part| {
                let text: String = part.spans.iter().map(|(text, _)| text.as_str()).collect();
                (text, part.address.as_deref())
            })
            .collect();
        let parts: Vec<_> = parts
            .iter()
            .map(|(text, to)| (text.as_str(), *to))
            .collect();
        assert_eq!(
            parts,
            [
                ("see ", None),
                ("this page", Some("https://example.com/a")),
                (" or that (file:///etc/passwd), ", None),
                ("me@example.com", Some("mailto:me@example.com")),
            ]
        );
        assert!(leads_to_the_web("HTTPS://example.com"));
        for address in [
            "javascript:alert(1)",
            "file:///tmp",
            "/etc",
            "",
            "data:text/html,x",
            "smb://host",
        ] {
            assert!(!leads_to_the_web(address), "{address}");
        }
    }

    #[test]
    fn what_is_more_than_letters_is_left_to_the_library() {
        for block in [
            "![a picture](p.png)",
            "| a |\n|---|\n| b |",
            "> quoted",
            "- [ ] to do",
            "    code",
            "---",
            "<b>html</b>",
        ] {
            assert_eq!(Prose::of(block), None, "{block}");
        }
    }
}
