//! Images of Markdown files (`CommonMark` with GitHub's tables and notes), those in HTML within them included.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use super::edits::Edits;
use super::flow::{Flow, Role, Spot, one_line};
use super::html;
use super::{AltText, Change, Document, Figure, FiguresError, ImageSource, Surroundings};

/// The largest file that is read, in bytes.
const LARGEST: usize = 16 * 1024 * 1024;

/// Most images of a file.
const MOST_FIGURES: usize = 10_000;

/// What some editors begin a file with; it is no part of its text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Finds the images of a file.
pub fn read(bytes: &[u8]) -> Result<Document, FiguresError> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    Ok(File::read(text_of(bytes)?).into_document())
}

/// The file with other alt texts.
pub fn write(bytes: &[u8], changes: &[Change]) -> Result<Vec<u8>, FiguresError> {
    if let Some(rest) = bytes.strip_prefix(BYTE_ORDER_MARK) {
        return Ok([BYTE_ORDER_MARK, &write(rest, changes)?].concat());
    }
    let text = text_of(bytes)?;
    let file = File::read(text);
    let mut edits = Edits::default();
    for change in changes {
        let place = file.figures.get(change.figure);
        let Some(found) = place.filter(|found| found.image == change.image) else {
            return Err(change.refused());
        };
        match &found.place {
            Place::Html(tag) => html::say(bytes, tag.clone(), &change.alt, &mut edits),
            Place::Markdown { alt, label } => {
                let words = match &change.alt {
                    AltText::Text(text) => escaped(text.trim()),
                    AltText::Decorative | AltText::Missing => String::new(),
                };
                edits.replace(alt.clone(), words);
                // Where the words were what names the image too, that stays.
                if let Some(label) = label {
                    edits.replace(label.clone(), format!("[{}]", &text[alt.clone()]));
                }
            }
        }
    }
    Ok(edits.apply(bytes))
}

fn text_of(bytes: &[u8]) -> Result<&str, FiguresError> {
    if bytes.len() > LARGEST {
        return Err(FiguresError::TooLarge {
            what: "a file".to_owned(),
            megabytes: bytes.len() as u64 / 1_000_000,
            limit: LARGEST as u64 / 1_000_000,
        });
    }
    std::str::from_utf8(bytes).map_err(|_| FiguresError::NotThat {
        expected: "Markdown file",
        reason: "it is not in UTF-8".to_owned(),
    })
}

/// Where an alt text goes.
enum Place {
    /// Between the brackets; and what stands behind these when it says no more than they do.
    Markdown {
        alt: Range<usize>,
        label: Option<Range<usize>>,
    },
    /// Into the tag.
    Html(Range<usize>),
}

struct Found {
    image: ImageSource,
    alt: AltText,
    place: Place,
    spot: Spot,
    title: Option<String>,
    link: Option<String>,
}

/// An image whose description is being read.
struct Open {
    whole: Range<usize>,
    address: String,
    title: Option<String>,
    kind: LinkType,
    alt: String,
    /// Where its description ends, as far as it was read.
    alt_ends: usize,
    /// How many images stand in the description.
    nested: usize,
}

/// A link that is open.
struct Link {
    address: String,
    has_text: bool,
    first_figure: usize,
}

/// What text belongs to.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Inside {
    #[default]
    Text,
    /// The file's first heading, which is its title.
    FirstHeading,
    FrontMatter,
}

/// A file while it is read.
#[derive(Default)]
struct File<'a> {
    text: &'a str,
    title: Option<String>,
    first_heading: Option<String>,
    inside: Inside,
    figures: Vec<Found>,
    flow: Flow,
    open: Option<Open>,
    link: Option<Link>,
}

impl<'a> File<'a> {
    fn read(text: &'a str) -> Self {
        let mut file = Self {
            text,
            ..Self::default()
        };
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
        file.flow.begin(Role::Text);
        for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
            file.take(event, range);
        }
        file.flow.begin(Role::Text);
        file
    }

    fn into_document(mut self) -> Document {
        let mut figures = Vec::with_capacity(self.figures.len());
        for found in self.figures {
            let around = self.flow.surroundings(found.spot);
            figures.push(Figure {
                image: found.image,
                alt: found.alt,
                can_be_decorative: true,
                surroundings: Surroundings {
                    caption: found.title.as_deref().and_then(one_line),
                    link: found.link,
                    ..around
                },
            });
        }
        let title = self.title.or(self.first_heading);
        Document {
            title: title.as_deref().and_then(one_line),
            figures,
            ..Document::default()
        }
    }

    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        if let Some(open) = &mut self.open {
            match event {
                Event::Start(Tag::Image { .. }) => open.nested += 1,
                Event::End(TagEnd::Image) if open.nested == 0 => return self.end_image(),
                Event::End(TagEnd::Image) => open.nested -= 1,
                Event::Text(text) | Event::Code(text) => open.alt.push_str(&text),
                Event::SoftBreak | Event::HardBreak => open.alt.push(' '),
                _ => {}
            }
            open.alt_ends = open.alt_ends.max(range.end);
            return;
        }
        match event {
            Event::Start(Tag::Image {
                link_type,
                dest_url,
                title,
                ..
            }) => {
                self.open = Some(Open {
                    alt_ends: range.start + 2,
                    whole: range,
                    address: dest_url.into_string(),
                    title: (!title.is_empty()).then(|| title.into_string()),
                    kind: link_type,
                    alt: String::new(),
                    nested: 0,
                });
            }
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) => self.say(&text),
            Event::SoftBreak | Event::HardBreak => self.flow.push(" "),
            Event::InlineHtml(_) => self.html(range),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Heading { .. } => {
                self.flow.begin(Role::Heading);
                if self.first_heading.is_none() {
                    self.first_heading = Some(String::new());
                    self.inside = Inside::FirstHeading;
                }
            }
            Tag::HtmlBlock => {
                self.flow.begin(Role::Text);
                self.html(range);
            }
            Tag::MetadataBlock(_) => self.inside = Inside::FrontMatter,
            Tag::Link { dest_url, .. } => {
                self.link = Some(Link {
                    address: dest_url.to_string(),
                    has_text: false,
                    first_figure: self.figures.len(),
                });
            }
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough => {}
            _ => self.flow.begin(Role::Text),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Link => {
                if let Some(link) = self.link.take()
                    && !link.has_text
                {
                    for found in &mut self.figures[link.first_figure..] {
                        found.link = one_line(&link.address);
                    }
                }
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {}
            TagEnd::MetadataBlock(_) => self.inside = Inside::Text,
            _ => {
                self.inside = Inside::Text;
                self.flow.begin(Role::Text);
            }
        }
    }

    fn say(&mut self, text: &str) {
        match self.inside {
            Inside::FrontMatter => {
                let mut lines = text.lines();
                let title = lines.find_map(|line| line.strip_prefix("title:"));
                let unquoted = |title: &str| title.trim().trim_matches(['"', '\'']).to_owned();
                self.title = title.map(unquoted).or(self.title.take());
                return;
            }
            Inside::FirstHeading => self.first_heading.get_or_insert_default().push_str(text),
            Inside::Text => {}
        }
        if let Some(link) = &mut self.link {
            link.has_text |= !text.trim().is_empty();
        }
        self.flow.push(text);
    }

    fn end_image(&mut self) {
        let Some(open) = self.open.take() else {
            return;
        };
        let begins = open.whole.start + 2;
        // Only blanks stand between the description and its bracket.
        let behind = &self.text[open.alt_ends..open.whole.end];
        let Some(bracket) = behind
            .find(']')
            .filter(|at| behind[..*at].trim().is_empty())
        else {
            return;
        };
        let ends = open.alt_ends + bracket;
        let behind = ends + 1;
        let label = match open.kind {
            LinkType::Collapsed if self.text[behind..].starts_with("[]") => {
                Some(behind..behind + 2)
            }
            LinkType::Collapsed | LinkType::Shortcut => Some(behind..behind),
            _ => None,
        };
        // What nobody wrote a text for is written like what has none on purpose, and is far more common.
        let alt = match open.alt.trim() {
            "" => AltText::Missing,
            text => AltText::Text(text.to_owned()),
        };
        let spot = self.flow.picture();
        self.push(Found {
            image: ImageSource::Address(open.address),
            alt,
            place: Place::Markdown {
                alt: begins..ends,
                label,
            },
            spot,
            title: open.title,
            link: None,
        });
    }

    /// Images in HTML.
    fn html(&mut self, piece: Range<usize>) {
        for image in html::images(self.text.as_bytes(), piece) {
            let spot = self.flow.picture();
            self.push(Found {
                image: image.image,
                alt: image.alt,
                place: Place::Html(image.tag),
                spot,
                title: image.title,
                link: image.link,
            });
        }
    }

    fn push(&mut self, found: Found) {
        if self.figures.len() < MOST_FIGURES {
            self.figures.push(found);
        }
    }
}

/// A text on one line that is read as it is.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // These end code and comments that begin before them, with a backslash too.
            '`' => escaped.push_str("&#96;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\\' | '*' | '_' | '[' | ']' | '&' | '~' | '|' | '!' | '$' | ':' | '@' => {
                escaped.extend(['\\', c]);
            }
            c => escaped.push(if c.is_control() { ' ' } else { c }),
        }
    }
    escaped
}
