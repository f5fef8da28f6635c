//! What a part of XML consists of, in order, for what mixes elements with text.

use quick_xml::Reader;
use quick_xml::escape;
use quick_xml::events::Event;

use super::{At, Tree};

/// A piece of a part.
#[derive(Debug)]
pub(in crate::figures) enum Piece {
    /// An element begins.
    Begin(At),
    /// It ends.
    End(At),
    /// Some text, or a part of it.
    Text(String),
}

/// The pieces of an element.
pub(in crate::figures) struct Pieces<'x> {
    reader: Reader<&'x [u8]>,
    next: At,
    open: Vec<At>,
    /// An element without an end tag, which has begun.
    closed: Option<At>,
}

impl<'x> Tree<'x> {
    /// What an element consists of, from its own beginning to its end.
    pub(in crate::figures) fn pieces(&self, at: At) -> Pieces<'x> {
        Pieces {
            reader: Reader::from_str(&self.xml[self.whole(at)]),
            next: at,
            open: Vec::new(),
            closed: None,
        }
    }
}

impl Pieces<'_> {
    fn begin(&mut self) -> At {
        let at = self.next;
        self.next += 1;
        at
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        if let Some(at) = self.closed.take() {
            return Some(Piece::End(at));
        }
        loop {
            match self.reader.read_event().ok()? {
                Event::Start(_) => {
                    let at = self.begin();
                    self.open.push(at);
                    return Some(Piece::Begin(at));
                }
                Event::Empty(_) => {
                    let at = self.begin();
                    self.closed = Some(at);
                    return Some(Piece::Begin(at));
                }
                Event::End(_) => return self.open.pop().map(Piece::End),
                Event::Eof => return None,
                event => {
                    if let Some(text) = text_of(&event) {
                        return Some(Piece::Text(text));
                    }
                }
            }
        }
    }
}

/// What an event says; an entity that is not known says nothing.
fn text_of(event: &Event<'_>) -> Option<String> {
    match event {
        Event::Text(piece) => Some(piece.decode().ok()?.into_owned()),
        Event::CData(piece) => Some(piece.decode().ok()?.into_owned()),
        Event::GeneralRef(reference) => {
            if let Ok(Some(character)) = reference.resolve_char_ref() {
                return Some(character.to_string());
            }
            let name = reference.decode().ok()?;
            escape::resolve_predefined_entity(&name).map(str::to_owned)
        }
        _ => None,
    }
}
