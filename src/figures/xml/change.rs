//! Changes to elements, as edits of the part that they stand in.

use super::super::edits::Edits;
use super::{At, Space, Tree};

impl Tree<'_> {
    /// Gives an attribute a value, which is escaped already.
    pub(in crate::figures) fn set(
        &self,
        at: At,
        space: Space,
        local: &str,
        value: &str,
        edits: &mut Edits,
    ) {
        if let Some(place) = self.place_of(at, space, local) {
            edits.replace(place, value);
        } else {
            let (room, (name, declaration)) = (self.room(at), self.named(at, space, local));
            edits.replace(room..room, format!("{declaration} {name}=\"{value}\""));
        }
    }

    /// Puts text, which is escaped already, in the place of all that is in an element.
    pub(in crate::figures) fn set_text(&self, at: At, text: &str, edits: &mut Edits) {
        if self.closed(at).is_some() {
            self.put_in(at, text, edits);
        } else {
            edits.replace(self.inner(at), text);
        }
    }

    /// Puts something behind all that is in an element.
    pub(in crate::figures) fn put_in(&self, at: At, inner: &str, edits: &mut Edits) {
        if let Some(slash) = self.closed(at) {
            edits.replace(slash, format!(">{inner}</{}>", self.name(at)));
        } else {
            let end = self.inner(at).end;
            edits.replace(end..end, inner);
        }
    }

    /// Puts something before all that is in an element.
    pub(in crate::figures) fn put_first(&self, at: At, inner: &str, edits: &mut Edits) {
        if self.closed(at).is_some() {
            self.put_in(at, inner, edits);
        } else {
            let start = self.inner(at).start;
            edits.replace(start..start, inner);
        }
    }

    /// An element with its attributes and what is in it, all of it escaped already, as it can be written at a place.
    pub(in crate::figures) fn element(
        &self,
        at: At,
        (space, local): (Space, &str),
        attributes: &[(Space, &str, &str)],
        inner: &str,
    ) -> String {
        let (name, mut declarations) = self.named(at, space, local);
        let mut written = String::new();
        for (space, local, value) in attributes {
            let (name, declaration) = self.named(at, *space, local);
            if !declarations.contains(&declaration) {
                declarations.push_str(&declaration);
            }
            written.extend([" ", &name, "=\"", value, "\""]);
        }
        if inner.is_empty() {
            format!("<{name}{declarations}{written}/>")
        } else {
            format!("<{name}{declarations}{written}>{inner}</{name}>")
        }
    }

    /// A name as it can be written at a place, and the declaration that it needs there.
    fn named(&self, at: At, space: Space, local: &str) -> (String, String) {
        if space == Space::Own {
            return (local.to_owned(), String::new());
        }
        let binding = self.nodes[at as usize].binding;
        let known = self.known(binding).find(|found| {
            found.space == space
                && !found.prefix.is_empty()
                && self.space_of(found.prefix, binding) == space
        });
        if let Some(found) = known {
            return (format!("{}:{local}", found.prefix), String::new());
        }
        let mut prefix = space.usual_prefix().to_owned();
        while self.known(binding).any(|found| found.prefix == prefix) {
            prefix.push('_');
        }
        let declaration = format!(" xmlns:{prefix}=\"{}\"", space.address());
        (format!("{prefix}:{local}"), declaration)
    }
}
