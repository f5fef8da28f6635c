//! The elements of a part of XML with their places in it, so that an attribute can be replaced and all else stays as
//! it is. Flat, in the order of the document: what is in an element follows it up to [`Tree::after`].

mod change;
mod pieces;
mod space;

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::escape;
use quick_xml::events::Event;

pub(super) use pieces::Piece;
pub(super) use space::{DECORATIVE, Space};
use space::{STRICT_DRAWING, TRANSITIONAL_DRAWING};

/// Elements of one part; a document of a thousand pages has about a million.
const MOST_ELEMENTS: usize = 4_000_000;
/// Elements in each other; tables in tables take five for each.
const DEEPEST: usize = 512;
/// Prefixes that are known at a place. Word declares about forty.
const MOST_PREFIXES: u16 = 256;

/// Children among which one that is asked for by its name stands.
const MOST_PROPERTIES: usize = 100;

/// Why a part cannot be understood; the caller names it.
#[derive(Debug, thiserror::Error)]
pub(super) enum XmlError {
    #[error("{0}")]
    Syntax(#[from] quick_xml::Error),
    #[error("it ends early")]
    EndsEarly,
    #[error("it has no element")]
    Empty,
    #[error("its elements are nested too deeply")]
    TooDeep,
    #[error("it has too many elements")]
    TooMany,
    #[error("it has too many namespaces")]
    TooManyPrefixes,
}

/// A place among the elements.
pub(super) type At = u32;

/// The elements of a part.
#[derive(Debug)]
pub(super) struct Tree<'x> {
    xml: &'x str,
    nodes: Vec<Node>,
    bindings: Vec<Binding<'x>>,
    strict: bool,
}

#[derive(Debug)]
struct Node {
    /// The start tag.
    tag: Range<u32>,
    /// Where the end tag begins; where the start tag ends when there is none.
    inner_end: u32,
    parent: Option<At>,
    after: At,
    local: Range<u32>,
    space: Space,
    /// The innermost prefix that is known here.
    binding: Option<u32>,
}

#[derive(Debug)]
struct Binding<'x> {
    prefix: &'x str,
    space: Space,
    outer: Option<u32>,
    depth: u16,
}

impl<'x> Tree<'x> {
    /// Reads a part, which is well-formed.
    pub(super) fn parse(xml: &'x str) -> Result<Self, XmlError> {
        let mut tree = Self {
            xml,
            nodes: Vec::new(),
            bindings: Vec::new(),
            strict: false,
        };
        let mark = xml.len() - xml.trim_start_matches('\u{feff}').len();
        let mut reader = Reader::from_str(&xml[mark..]);
        let mut open: Vec<At> = Vec::new();
        loop {
            let start = position(mark, &reader);
            match reader.read_event()? {
                Event::Start(_) => {
                    if open.len() == DEEPEST {
                        return Err(XmlError::TooDeep);
                    }
                    let tag = start..position(mark, &reader);
                    open.push(tree.push(tag, open.last().copied())?);
                }
                Event::Empty(_) => {
                    let tag = start..position(mark, &reader);
                    tree.push(tag, open.last().copied())?;
                }
                Event::End(_) => {
                    let after = tree.len();
                    if let Some(at) = open.pop() {
                        let node = &mut tree.nodes[at as usize];
                        node.inner_end = start;
                        node.after = after;
                    }
                }
                Event::Eof if !open.is_empty() => return Err(XmlError::EndsEarly),
                Event::Eof if tree.nodes.is_empty() => return Err(XmlError::Empty),
                Event::Eof => return Ok(tree),
                _ => {}
            }
        }
    }

    fn push(&mut self, tag: Range<u32>, parent: Option<At>) -> Result<At, XmlError> {
        let at = self.len();
        if self.nodes.len() == MOST_ELEMENTS {
            return Err(XmlError::TooMany);
        }
        let outer = parent.and_then(|parent| self.nodes[parent as usize].binding);
        let binding = self.declare(&tag, outer)?;
        let name = name_in(self.xml, &tag);
        let (prefix, local) = split(self.xml, name);
        self.nodes.push(Node {
            inner_end: tag.end,
            parent,
            after: at + 1,
            space: self.space_of(prefix, binding),
            local,
            binding,
            tag,
        });
        Ok(at)
    }

    /// The prefixes that a tag declares.
    fn declare(&mut self, tag: &Range<u32>, outer: Option<u32>) -> Result<Option<u32>, XmlError> {
        let xml = self.xml;
        let mut innermost = outer;
        if memchr::memmem::find(&xml.as_bytes()[range(tag)], b"xmlns").is_none() {
            return Ok(innermost);
        }
        for (name, value) in Attributes::of(xml, tag) {
            let name = &xml[name];
            let prefix = match name.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) if rest.starts_with(':') => &rest[1..],
                _ => continue,
            };
            let address = unescaped(&xml[value]);
            self.strict |= address == STRICT_DRAWING;
            let depth = innermost.map_or(0, |inner| self.bindings[inner as usize].depth) + 1;
            if depth > MOST_PREFIXES {
                return Err(XmlError::TooManyPrefixes);
            }
            self.bindings.push(Binding {
                prefix,
                space: Space::of_address(&address),
                outer: innermost,
                depth,
            });
            innermost = u32::try_from(self.bindings.len() - 1).ok();
        }
        Ok(innermost)
    }

    fn space_of(&self, prefix: &str, binding: Option<u32>) -> Space {
        self.known(binding)
            .find(|found| found.prefix == prefix)
            .map_or(Space::Other, |found| found.space)
    }

    /// The prefixes that are known where this one is, from the innermost on.
    fn known(&self, binding: Option<u32>) -> impl Iterator<Item = &Binding<'x>> {
        let found = |at: u32| &self.bindings[at as usize];
        std::iter::successors(binding.map(found), move |inner| inner.outer.map(found))
    }

    /// Elements in all.
    pub(super) fn len(&self) -> At {
        // No part has more bytes than fit.
        u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)
    }

    /// The first element behind all that is in this one.
    pub(super) fn after(&self, at: At) -> At {
        self.nodes[at as usize].after
    }

    pub(super) fn is(&self, at: At, space: Space, local: &str) -> bool {
        let node = &self.nodes[at as usize];
        node.space == space && &self.xml[range(&node.local)] == local
    }

    pub(super) fn space(&self, at: At) -> Space {
        self.nodes[at as usize].space
    }

    /// The name without its prefix.
    pub(super) fn local(&self, at: At) -> &'x str {
        &self.xml[range(&self.nodes[at as usize].local)]
    }

    pub(super) fn parent(&self, at: At) -> Option<At> {
        self.nodes[at as usize].parent
    }

    /// What it is in, from the innermost on.
    pub(super) fn ancestors(&self, at: At) -> impl Iterator<Item = At> {
        std::iter::successors(self.parent(at), |at| self.parent(*at))
    }

    pub(super) fn children(&self, at: At) -> impl Iterator<Item = At> {
        let end = self.after(at);
        let first = Some(at + 1).filter(|first| *first < end);
        std::iter::successors(first, move |child| {
            Some(self.after(*child)).filter(|next| *next < end)
        })
    }

    /// A child that says something of its parent; those have few.
    pub(super) fn child(&self, at: At, space: Space, local: &str) -> Option<At> {
        self.children(at)
            .take(MOST_PROPERTIES)
            .find(|child| self.is(*child, space, local))
    }

    /// The first of these elements in it, at any depth.
    pub(super) fn within(&self, at: At, space: Space, local: &str) -> Option<At> {
        (at + 1..self.after(at)).find(|inner| self.is(*inner, space, local))
    }

    /// An attribute without a prefix.
    pub(super) fn attribute(&self, at: At, local: &str) -> Option<Cow<'x, str>> {
        self.attribute_in(at, Space::Own, local)
    }

    pub(super) fn attribute_in(&self, at: At, space: Space, local: &str) -> Option<Cow<'x, str>> {
        let value = self.place_of(at, space, local)?;
        Some(unescaped(&self.xml[value]))
    }

    /// Where an attribute's value stands, between its quotes.
    pub(super) fn place_of(&self, at: At, space: Space, local: &str) -> Option<Range<usize>> {
        let node = &self.nodes[at as usize];
        Attributes::of(self.xml, &node.tag).find_map(|(name, value)| {
            let name = &self.xml[name];
            let (found, name) = match name.split_once(':') {
                Some((prefix, name)) => (self.space_of(prefix, node.binding), name),
                None => (Space::Own, name),
            };
            (found == space && name == local).then_some(value)
        })
    }

    /// Where one more attribute can stand.
    pub(super) fn room(&self, at: At) -> usize {
        let tag = &self.nodes[at as usize].tag;
        let name = name_in(self.xml, tag);
        // Behind the last one's quote.
        Attributes::of(self.xml, tag)
            .last()
            .map_or(name.end, |(_, value)| value.end + 1)
    }

    /// The whole of it: tags and what is between them.
    pub(super) fn whole(&self, at: At) -> Range<usize> {
        let node = &self.nodes[at as usize];
        let start = node.tag.start as usize;
        if self.closed(at).is_some() {
            return range(&node.tag);
        }
        let inner_end = node.inner_end as usize;
        let end = memchr::memchr(b'>', &self.xml.as_bytes()[inner_end..]);
        start..end.map_or(inner_end, |end| inner_end + end + 1)
    }

    /// The `/>` of an element without an end tag.
    pub(super) fn closed(&self, at: At) -> Option<Range<usize>> {
        let tag = range(&self.nodes[at as usize].tag);
        let slash = tag.end.checked_sub(2)?;
        self.xml[tag.clone()]
            .ends_with("/>")
            .then_some(slash..tag.end)
    }

    /// What is between its tags.
    fn inner(&self, at: At) -> Range<usize> {
        let node = &self.nodes[at as usize];
        node.tag.end as usize..node.inner_end as usize
    }

    /// Its name with the prefix, as its end tag has to have it.
    pub(super) fn name(&self, at: At) -> &'x str {
        &self.xml[name_in(self.xml, &self.nodes[at as usize].tag)]
    }

    /// All text in it.
    pub(super) fn text(&self, at: At) -> String {
        let inner = &self.xml[self.inner(at)];
        if !inner.contains(['<', '&']) {
            return inner.to_owned();
        }
        let mut text = String::new();
        for piece in self.pieces(at) {
            if let Piece::Text(piece) = piece {
                text.push_str(&piece);
            }
        }
        text
    }

    /// The namespace of drawings as this document writes it.
    pub(super) fn drawing_space(&self) -> &'static str {
        if self.strict {
            STRICT_DRAWING
        } else {
            TRANSITIONAL_DRAWING
        }
    }
}

/// An attribute's value as it is written between double or single quotes.
pub(super) fn escaped(text: &str) -> String {
    let legal: String = text
        .chars()
        .filter(|c| !matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}'))
        .collect();
    escape::escape(legal)
        .replace('\n', "&#10;")
        .replace('\r', "&#13;")
        .replace('\t', "&#9;")
}

/// What is written, with line breaks as the blanks that they count for; an entity that is not known stays.
fn unescaped(raw: &str) -> Cow<'_, str> {
    if !raw.contains(['&', '\n', '\r', '\t']) {
        return Cow::Borrowed(raw);
    }
    let flat = raw.replace(['\n', '\r', '\t'], " ");
    match escape::unescape(&flat) {
        Ok(text) => Cow::Owned(text.into_owned()),
        Err(_) => Cow::Owned(flat),
    }
}

fn position(mark: usize, reader: &Reader<&[u8]>) -> u32 {
    u32::try_from(reader.buffer_position())
        .unwrap_or(u32::MAX)
        .saturating_add(u32::try_from(mark).unwrap_or(u32::MAX))
}

fn range(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}

/// The name in a start tag.
fn name_in(xml: &str, tag: &Range<u32>) -> Range<usize> {
    let tag = range(tag);
    let start = (tag.start + 1).min(tag.end);
    let rest = &xml.as_bytes()[start..tag.end];
    let length = rest
        .iter()
        .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'))
        .unwrap_or(rest.len());
    start..start + length
}

fn split(xml: &str, name: Range<usize>) -> (&str, Range<u32>) {
    let (prefix, start) = match xml[name.clone()].find(':') {
        Some(colon) => (&xml[name.start..name.start + colon], name.start + colon + 1),
        None => ("", name.start),
    };
    let narrow = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    (prefix, narrow(start)..narrow(name.end))
}

/// The attributes of a start tag, up to the first that is not well-formed.
struct Attributes<'x> {
    xml: &'x str,
    at: usize,
    end: usize,
}

impl<'x> Attributes<'x> {
    fn of(xml: &'x str, tag: &Range<u32>) -> Self {
        Self {
            xml,
            at: name_in(xml, tag).end,
            end: tag.end as usize,
        }
    }

    fn skip(&mut self, while_: impl Fn(u8) -> bool) {
        let rest = &self.xml.as_bytes()[self.at..self.end];
        self.at += rest
            .iter()
            .position(|byte| !while_(*byte))
            .unwrap_or(rest.len());
    }
}

impl Iterator for Attributes<'_> {
    /// Where the name and the value stand.
    type Item = (Range<usize>, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        let blank = |byte: u8| byte.is_ascii_whitespace();
        self.skip(blank);
        let name = self.at;
        self.skip(|byte| !blank(byte) && !matches!(byte, b'=' | b'/' | b'>'));
        let name = name..self.at;
        self.skip(blank);
        let bytes = &self.xml.as_bytes()[..self.end];
        if bytes.get(self.at) != Some(&b'=') || name.is_empty() {
            return None;
        }
        self.at += 1;
        self.skip(blank);
        let quote = *bytes
            .get(self.at)
            .filter(|byte| matches!(byte, b'"' | b'\''))?;
        let start = self.at + 1;
        let length = memchr::memchr(quote, &bytes[start..])?;
        self.at = start + length + 1;
        Some((name, start..start + length))
    }
}
