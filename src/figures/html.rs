//! Images of web pages: HTML as browsers read it, and XHTML. Pages are read by tokens, and written by replacing
//! attributes where they stand.

mod attributes;
mod closed;
mod srcset;

use std::borrow::Cow;
use std::ops::Range;

use html5gum::{DefaultEmitter, EndTag, StartTag, Token, Tokenizer};

use super::edits::Edits;
use super::flow::{Flow, Role, Spot, one_line};
use super::{AltText, Change, Document, Figure, FiguresError, ImageSource, Surroundings};

/// The largest page that is read, in bytes.
const LARGEST: usize = 64 * 1024 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Enough of a page to find its charset in, in bytes (the HTML standard's own measure).
const HEAD: usize = 1_024;

/// How deep elements that matter here may stand in each other: no page needs more, and hostile ones take time by it.
const DEEPEST: usize = 64;

/// Most images of a page.
const MOST_FIGURES: usize = 10_000;

/// An address within the page that is no longer than this only keeps the place of an image that comes later.
const LONGEST_PLACEHOLDER: usize = 512;

/// Where an image's address is kept until it comes into view.
const LAZY: [&str; 4] = ["data-src", "data-original", "data-lazy-src", "data-lazy"];

/// Elements whose text is not read with what is around them.
const SILENT: &[&str] = &[
    "audio", "canvas", "iframe", "math", "nav", "noscript", "object", "script", "select", "style",
    "svg", "template", "textarea", "video",
];

/// Elements that stand in a line of text; any other ends a paragraph.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "button", "cite", "code", "data",
    "del", "dfn", "em", "font", "i", "img", "input", "ins", "kbd", "label", "map", "mark",
    "output", "picture", "q", "rp", "rt", "ruby", "s", "samp", "small", "source", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
];

/// How a page is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Syntax {
    /// As browsers read most pages, those too that only say in a name that they are XML.
    #[default]
    Html,
    /// As XML: a script is an element like others, and may be closed at once.
    Xml,
}

impl Syntax {
    /// What a page is read as that comes by itself: as XML where it begins so.
    pub(super) fn of_page(bytes: &[u8]) -> Self {
        let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        if text.trim_ascii_start().starts_with(b"<?xml") {
            Self::Xml
        } else {
            Self::Html
        }
    }
}

/// Finds the images of a page.
pub(super) fn read(bytes: &[u8], syntax: Syntax) -> Result<Document, FiguresError> {
    Ok(Page::read(bytes, syntax)?.into_document())
}

/// The page with other alt texts.
pub(super) fn write(
    bytes: &[u8],
    syntax: Syntax,
    changes: &[Change],
) -> Result<Vec<u8>, FiguresError> {
    if changes.is_empty() {
        return Ok(bytes.to_vec());
    }
    let page = Page::read(bytes, syntax)?;
    // In every charset only these are the same.
    let by_number: fn(char) -> bool = if is_utf8(bytes, syntax) {
        |_| false
    } else {
        |c| !c.is_ascii()
    };
    let mut edits = Edits::default();
    for change in changes {
        let place = page.figures.get(change.figure);
        let Some(found) = place.filter(|found| found.image == change.image) else {
            return Err(change.refused());
        };
        attributes::say(bytes, found.tag.clone(), &change.alt, by_number, &mut edits);
    }
    Ok(edits.apply(bytes))
}

/// Finds the images in a piece of a text that has HTML in it.
pub(super) fn images(text: &[u8], piece: Range<usize>) -> Vec<Found> {
    let mut page = Page::default();
    page.flow.begin(Role::Text);
    page.take_in(text, piece);
    page.end_link();
    page.figures
}

/// Lets a tag in Markdown say something else.
pub(super) fn say(text: &[u8], tag: Range<usize>, alt: &AltText, edits: &mut Edits) {
    // Code and cells of tables would end at these.
    attributes::say(text, tag, alt, |c| matches!(c, '`' | '|'), edits);
}

/// Whether a reader takes a page for UTF-8: by letters that are so, by its word, or as XML by its silence.
fn is_utf8(bytes: &[u8], syntax: Syntax) -> bool {
    let head = bytes[..bytes.len().min(HEAD)].to_ascii_lowercase();
    let says = |word: &[u8]| memchr::memmem::find(&head, word).is_some();
    std::str::from_utf8(bytes).is_ok()
        && (!bytes.is_ascii() || says(b"utf-8") || (syntax == Syntax::Xml && !says(b"encoding=")))
}

/// An image as it was found.
pub(super) struct Found {
    /// Its whole tag.
    pub tag: Range<usize>,
    pub image: ImageSource,
    pub alt: AltText,
    spot: Spot,
    pub title: Option<String>,
    pub link: Option<String>,
    caption: Option<String>,
}

/// A link that is open.
struct Link {
    address: String,
    /// Whether it holds words.
    has_text: bool,
    first_figure: usize,
}

/// A `<figure>` that is open.
#[derive(Default)]
struct Group {
    first_figure: usize,
    caption: Option<String>,
}

/// A page while it is read.
#[derive(Default)]
struct Page {
    document: Document,
    figures: Vec<Found>,
    flow: Flow,
    /// What text is written to beside the flow, or instead of it.
    beside: Beside,
    link: Option<Link>,
    groups: Vec<Group>,
    /// The silent elements that are open.
    silent: Vec<String>,
    /// What a `<picture>` offers before its image.
    offered: Option<String>,
    /// Where the content of a `<noscript>` begins.
    noscript: Option<usize>,
    syntax: Syntax,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Beside {
    #[default]
    Nothing,
    Title,
    Caption,
}

impl Page {
    fn read(bytes: &[u8], syntax: Syntax) -> Result<Self, FiguresError> {
        if bytes.len() > LARGEST {
            return Err(FiguresError::TooLarge {
                what: "a page".to_owned(),
                megabytes: bytes.len() as u64 / 1_000_000,
                limit: LARGEST as u64 / 1_000_000,
            });
        }
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            return Err(FiguresError::NotThat {
                expected: "web page",
                reason: "it is in UTF-16; save it in UTF-8".to_owned(),
            });
        }
        let mut page = Self {
            syntax,
            ..Self::default()
        };
        page.flow.begin(Role::Text);
        let begins = if bytes.starts_with(BYTE_ORDER_MARK) {
            BYTE_ORDER_MARK.len()
        } else {
            0
        };
        page.take_in(bytes, begins..bytes.len());
        page.end_link();
        page.flow.begin(Role::Text);
        Ok(page)
    }

    fn into_document(mut self) -> Document {
        let mut figures = Vec::with_capacity(self.figures.len());
        for found in self.figures {
            let around = self.flow.surroundings(found.spot);
            let caption = found.caption.or(found.title);
            figures.push(Figure {
                image: found.image,
                alt: found.alt,
                can_be_decorative: true,
                surroundings: Surroundings {
                    caption: caption.as_deref().and_then(one_line),
                    link: found.link,
                    ..around
                },
            });
        }
        let title = self.document.title.as_deref().and_then(one_line);
        Document {
            title,
            figures,
            ..self.document
        }
    }

    /// Reads a piece of a page.
    fn take_in(&mut self, bytes: &[u8], piece: Range<usize>) {
        let mut emitter = DefaultEmitter::<usize>::new_with_span();
        emitter.naively_switch_states(true);
        let text = match self.syntax {
            Syntax::Html => Cow::Borrowed(&bytes[piece.clone()]),
            Syntax::Xml => Cow::Owned(closed::masked(&bytes[piece.clone()])),
        };
        for token in Tokenizer::new_with_emitter(text.as_ref(), emitter) {
            let Ok(token) = token;
            match token {
                Token::StartTag(tag) => self.start(&tag, piece.start),
                Token::EndTag(tag) => self.end(bytes, &tag, piece.start),
                Token::String(text) => self.text(&String::from_utf8_lossy(&text.value)),
                Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
            }
        }
    }

    fn start(&mut self, tag: &StartTag<usize>, from: usize) {
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        let value = |name: &str| value(tag, name);
        let is_closed = self.syntax == Syntax::Xml && tag.self_closing;
        match name.as_str() {
            "html" => self.document.language = value("lang").or_else(|| value("xml:lang")),
            "base" if self.document.base.is_none() => self.document.base = value("href"),
            "title" if self.silent.is_empty() && self.document.title.is_none() && !is_closed => {
                self.beside = Beside::Title;
                self.document.title = Some(String::new());
            }
            "a" => {
                self.end_link();
                self.link = value("href").map(|address| Link {
                    address,
                    has_text: false,
                    first_figure: self.figures.len(),
                });
            }
            "br" => self.text(" "),
            "picture" => self.offered = None,
            "source" if self.offered.is_none() => {
                let candidates = value("srcset").or_else(|| value("data-srcset"));
                self.offered = candidates.as_deref().and_then(srcset::largest);
            }
            "img" => self.image(tag, from),
            "input" if value("type").is_some_and(|kind| kind.eq_ignore_ascii_case("image")) => {
                self.image(tag, from);
            }
            "noscript" if !is_closed => self.noscript = Some(from + tag.span.end),
            _ => {}
        }
        if SILENT.contains(&name.as_str()) && !is_closed {
            if self.silent.len() < DEEPEST {
                self.silent.push(name);
            }
            return;
        }
        if INLINE.contains(&name.as_str()) {
            return;
        }
        self.blank_in_caption();
        match name.as_str() {
            "figure" if self.groups.len() < DEEPEST => self.groups.push(Group {
                first_figure: self.figures.len(),
                caption: None,
            }),
            "figcaption" => {
                self.beside = Beside::Caption;
                self.flow.begin(Role::Caption);
                return;
            }
            _ => {}
        }
        self.flow.begin(if is_heading(&name) {
            Role::Heading
        } else {
            Role::Text
        });
    }

    fn end(&mut self, bytes: &[u8], tag: &EndTag<usize>, from: usize) {
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        if let Some(at) = self.silent.iter().rposition(|open| *open == name) {
            self.silent.truncate(at);
        }
        match name.as_str() {
            "a" => self.end_link(),
            "title" if self.beside == Beside::Title => self.beside = Beside::Nothing,
            "figcaption" => self.beside = Beside::Nothing,
            "picture" => self.offered = None,
            "figure" => self.end_group(),
            "noscript" => {
                let ends = from + tag.span.start;
                if let Some(begins) = self.noscript.take()
                    && begins <= ends
                {
                    self.without_script(bytes, begins..ends);
                }
            }
            _ => {}
        }
        if !INLINE.contains(&name.as_str()) && !SILENT.contains(&name.as_str()) {
            self.flow.begin(Role::Text);
        }
    }

    /// Paragraphs of a caption are not one word.
    fn blank_in_caption(&mut self) {
        if self.beside == Beside::Caption
            && let Some(Group {
                caption: Some(caption),
                ..
            }) = self.groups.last_mut()
        {
            caption.push(' ');
        }
    }

    fn text(&mut self, text: &str) {
        if self.beside == Beside::Title {
            self.document.title.get_or_insert_default().push_str(text);
            return;
        }
        if !self.silent.is_empty() {
            return;
        }
        if self.beside == Beside::Caption
            && let Some(group) = self.groups.last_mut()
        {
            group.caption.get_or_insert_default().push_str(text);
        }
        if let Some(link) = &mut self.link {
            link.has_text |= !text.trim().is_empty();
        }
        self.flow.push(text);
    }

    /// What stands in for an image that a script shows is often there once more for those without scripts.
    fn without_script(&mut self, bytes: &[u8], piece: Range<usize>) {
        let first = self.figures.len();
        // What is in it is not read aloud where scripts run.
        self.silent.push("noscript".to_owned());
        self.take_in(bytes, piece);
        self.silent.pop();
        let Some(before) = first.checked_sub(1) else {
            return;
        };
        let known = self.figures[before].image.clone();
        let mut found = self.figures.split_off(first);
        found.retain(|found| found.image != known);
        self.figures.append(&mut found);
    }

    fn image(&mut self, tag: &StartTag<usize>, from: usize) {
        let offered = self.offered.take();
        let is_dot = |name| value(tag, name).is_some_and(|size| matches!(size.trim(), "0" | "1"));
        let in_template = self
            .silent
            .iter()
            .any(|open| matches!(open.as_str(), "template" | "script" | "style" | "textarea"));
        if in_template
            || self.figures.len() >= MOST_FIGURES
            || (is_dot("width") && is_dot("height"))
        {
            return;
        }
        let Some(address) = address(tag, offered) else {
            return;
        };
        self.figures.push(Found {
            tag: from + tag.span.start..from + tag.span.end,
            image: ImageSource::Address(address),
            alt: alt(tag),
            spot: self.flow.picture(),
            title: value(tag, "title"),
            link: None,
            caption: None,
        });
    }

    fn end_link(&mut self) {
        if let Some(link) = self.link.take()
            && !link.has_text
        {
            let within = self.figures.get_mut(link.first_figure..);
            for found in within.unwrap_or_default() {
                found.link = one_line(&link.address);
            }
        }
    }

    fn end_group(&mut self) {
        self.beside = Beside::Nothing;
        if let Some(Group {
            first_figure,
            caption: Some(caption),
        }) = self.groups.pop()
        {
            let within = self.figures.get_mut(first_figure..);
            for found in within.unwrap_or_default() {
                found.caption.get_or_insert_with(|| caption.clone());
            }
        }
    }
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// An attribute that is there and not blank.
fn value(tag: &StartTag<usize>, name: &str) -> Option<String> {
    let value = tag.attributes.get(name.as_bytes())?;
    let value = String::from_utf8_lossy(&value.value);
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// Where the image of a tag is.
fn address(tag: &StartTag<usize>, offered: Option<String>) -> Option<String> {
    let source = value(tag, "src");
    let lazy = LAZY.iter().find_map(|name| value(tag, name));
    let is_placeholder = |source: &String| {
        source.starts_with("data:") && (lazy.is_some() || source.len() <= LONGEST_PLACEHOLDER)
    };
    if let Some(source) = source.as_ref().filter(|source| !is_placeholder(source)) {
        return Some(source.clone());
    }
    let largest_of = |name| srcset::largest(&value(tag, name)?);
    lazy.clone()
        .or_else(|| largest_of("srcset").filter(|address| !is_placeholder(address)))
        .or_else(|| largest_of("data-srcset"))
        .or(offered)
        .or(source)
}

/// What a tag says of its image to those who cannot see it.
fn alt(tag: &StartTag<usize>) -> AltText {
    let is = |name: &str, values: &[&str]| {
        let value = value(tag, name).map(|value| value.to_ascii_lowercase());
        value.is_some_and(|value| values.contains(&value.as_str()))
    };
    if is("role", &["presentation", "none"]) || is("aria-hidden", &["true"]) {
        return AltText::Decorative;
    }
    if let Some(label) = value(tag, "aria-label") {
        return AltText::Text(label);
    }
    let alt = tag.attributes.get(b"alt".as_slice());
    let alt = alt.map(|alt| String::from_utf8_lossy(&alt.value).into_owned());
    AltText::of_attribute(alt.as_deref())
}
