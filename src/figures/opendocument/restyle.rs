//! Styles for pictures that only decorate from now on, or do so no more: the mark stands in the style, which other
//! pictures may have too, so that a picture is given a copy of its own one.

use std::collections::{HashMap, HashSet};

use super::super::edits::Edits;
use super::super::xml::{At, Space, Tree, escaped};
use super::styles::{MARKS, Named, Styles};

/// How the names of copies end.
const DECORATIVE: &str = "_decorative";
const DESCRIBED: &str = "_described";

/// New styles of a part.
pub(super) struct Restyle<'r> {
    tree: &'r Tree<'r>,
    xml: &'r str,
    styles: &'r Styles<'r>,
    /// Where the styles of the part are.
    list: Option<At>,
    /// The names of copies, by what they are copies of.
    copies: HashMap<(Option<Named>, bool), String>,
    taken: HashSet<Named>,
    written: String,
}

impl<'r> Restyle<'r> {
    pub(super) fn new(tree: &'r Tree<'r>, xml: &'r str, styles: &'r Styles<'r>) -> Self {
        Self {
            tree,
            xml,
            styles,
            list: tree.child(0, Space::OdfOffice, "automatic-styles"),
            copies: HashMap::new(),
            taken: HashSet::new(),
            written: String::new(),
        }
    }

    /// Gives a frame a style that says whether it only decorates.
    pub(super) fn mark(&mut self, frame: At, decorates: bool, edits: &mut Edits) {
        let style = Named::of_frame(self.tree, frame);
        let space = match &style {
            Some(style) if style.family == "presentation" => Space::OdfPresentation,
            _ => Space::OdfDraw,
        };
        let name = self.copy(style, decorates);
        self.tree
            .set(frame, space, "style-name", &escaped(&name), edits);
    }

    /// Puts the new styles behind the others.
    pub(super) fn finish(self, edits: &mut Edits) {
        if self.written.is_empty() {
            return;
        }
        let tree = self.tree;
        if let Some(list) = self.list {
            tree.put_in(list, &self.written, edits);
            return;
        }
        let list = (Space::OdfOffice, "automatic-styles");
        let list = tree.element(0, list, &[], &self.written);
        let behind = ["master-styles", "body"]
            .into_iter()
            .find_map(|name| tree.child(0, Space::OdfOffice, name));
        if let Some(behind) = behind {
            let start = tree.whole(behind).start;
            edits.replace(start..start, list);
        }
    }

    /// The name of a style that is like another but for the mark.
    fn copy(&mut self, style: Option<Named>, decorates: bool) -> String {
        let wanted = (style, decorates);
        if let Some(name) = self.copies.get(&wanted) {
            return name.clone();
        }
        let name = self.free_name(wanted.0.as_ref(), decorates);
        let written = match &wanted.0 {
            Some(style) => match self.styles.place(style) {
                Some(own) => self.copy_of(own, &name, decorates),
                None => self.based_on(Some(style), &name, decorates),
            },
            None => self.based_on(None, &name, decorates),
        };
        self.written.push_str(&written);
        self.copies.insert(wanted, name.clone());
        name
    }

    fn free_name(&mut self, style: Option<&Named>, decorates: bool) -> String {
        let (family, old) = style.map_or(("graphic", "picture"), |style| {
            (style.family, style.name.as_str())
        });
        let stem = old
            .strip_suffix(DECORATIVE)
            .or_else(|| old.strip_suffix(DESCRIBED))
            .unwrap_or(old);
        let name = format!("{stem}{}", if decorates { DECORATIVE } else { DESCRIBED });
        let mut free = Named { family, name };
        let mut number = 2;
        while self.styles.has(&free) || self.taken.contains(&free) {
            free.name = format!("{old}_{number}");
            number += 1;
        }
        self.taken.insert(free.clone());
        free.name
    }

    /// A style of the part again, under another name.
    fn copy_of(&self, style: At, name: &str, decorates: bool) -> String {
        let tree = self.tree;
        let mut edits = Edits::default();
        tree.set(style, Space::OdfStyle, "name", &escaped(name), &mut edits);
        match tree.child(style, Space::OdfStyle, "graphic-properties") {
            Some(properties) => {
                let value = decorates.to_string();
                let there = MARKS
                    .into_iter()
                    .filter(|space| tree.place_of(properties, *space, "decorative").is_some());
                let mut marks: Vec<Space> = there.collect();
                if marks.is_empty() {
                    marks.push(Space::LibreOffice);
                }
                for mark in marks {
                    tree.set(properties, mark, "decorative", &value, &mut edits);
                }
            }
            // They come first in a style.
            None => tree.put_first(style, &self.properties(style, decorates), &mut edits),
        }
        let written = edits.apply_within(self.xml.as_bytes(), tree.whole(style));
        String::from_utf8_lossy(&written).into_owned()
    }

    /// A style that differs from one with a name in the mark alone.
    fn based_on(&self, style: Option<&Named>, name: &str, decorates: bool) -> String {
        let family = style.map_or("graphic", |style| style.family);
        let parent = style.map(|style| escaped(&style.name));
        let name = escaped(name);
        let mut attributes = vec![
            (Space::OdfStyle, "name", name.as_str()),
            (Space::OdfStyle, "family", family),
        ];
        if let Some(parent) = &parent {
            attributes.push((Space::OdfStyle, "parent-style-name", parent));
        }
        let list = self.list.unwrap_or(0);
        let properties = self.properties(list, decorates);
        self.tree
            .element(list, (Space::OdfStyle, "style"), &attributes, &properties)
    }

    fn properties(&self, at: At, decorates: bool) -> String {
        let value = decorates.to_string();
        let mark = [(Space::LibreOffice, "decorative", value.as_str())];
        let name = (Space::OdfStyle, "graphic-properties");
        self.tree.element(at, name, &mark, "")
    }
}
