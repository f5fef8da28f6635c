//! The text of a section in the order in which it is read, and where in it the pictures stand.

use std::collections::HashSet;

use super::super::flow::{Flow, Role, Spot, one_line};
use super::super::xml::{At, Piece, Space, Tree};
use super::pictures::{Picture, is_aside};
use super::styles::Styles;

/// Reads a section once from its beginning to its end.
pub(super) struct Reader<'r> {
    tree: &'r Tree<'r>,
    styles: &'r Styles<'r>,
    pub(super) flow: Flow,
    /// What stands in the title of a slide.
    pub(super) title: String,
    pub(super) links: Links,
    /// Paragraphs that are open: a text box stands within one, and has its own.
    open: Vec<(At, Role)>,
    /// The frame of a slide's title that is open.
    title_frame: Option<At>,
    /// Links that are open, with what was said before them.
    open_links: Vec<(At, usize)>,
    /// Texts that were said so far.
    said: usize,
}

/// Links of a section that hold no text.
#[derive(Debug, Default)]
pub(super) struct Links(HashSet<At>);

/// What a frame of a slide is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Title,
    Content,
    /// The date, the header, the footer or the slide's number.
    Margin,
}

impl<'r> Reader<'r> {
    pub(super) fn new(tree: &'r Tree<'r>, styles: &'r Styles<'r>) -> Self {
        Self {
            tree,
            styles,
            flow: Flow::default(),
            title: String::new(),
            links: Links::default(),
            open: Vec::new(),
            title_frame: None,
            open_links: Vec::new(),
            said: 0,
        }
    }

    /// Where the pictures stand, which are in order.
    pub(super) fn read(&mut self, section: At, pictures: &[Picture]) -> Vec<Spot> {
        let mut spots = Vec::with_capacity(pictures.len());
        let mut aside = None;
        for piece in self.tree.pieces(section) {
            match piece {
                Piece::End(at) if aside == Some(at) => aside = None,
                _ if aside.is_some() => {}
                Piece::Begin(at) => {
                    let next = pictures.get(spots.len()).map(|picture| picture.at);
                    if next == Some(at) {
                        spots.push(self.picture());
                    }
                    if self.is_skipped(at, next) {
                        aside = Some(at);
                    } else {
                        self.begin(at);
                    }
                }
                Piece::End(at) => self.end(at),
                Piece::Text(text) => self.text(&text),
            }
        }
        self.flow.begin(Role::Text);
        spots
    }

    /// A note interrupts the sentence that it belongs to, and margins are no content: they are read where the next
    /// picture is in them.
    fn is_skipped(&self, at: At, picture: Option<At>) -> bool {
        let is_note = || self.tree.is(at, Space::OdfText, "note");
        let is_margin = || purpose(self.tree, at) == Purpose::Margin;
        let has_picture = picture.is_some_and(|picture| picture < self.tree.after(at));
        is_aside(self.tree, at) || !has_picture && (is_note() || is_margin())
    }

    fn begin(&mut self, at: At) {
        match (self.tree.space(at), self.tree.local(at)) {
            (Space::OdfText, "p" | "h") if self.title_frame.is_some() => self.title.push(' '),
            (Space::OdfText, "p" | "h") => {
                let role = self.styles.role(self.tree, at);
                self.open.push((at, role));
                self.flow.begin(role);
            }
            (Space::OdfText, "s" | "tab" | "line-break") => self.text(" "),
            (Space::OdfText, "a") => self.open_links.push((at, self.said)),
            (Space::OdfDraw, "frame") if purpose(self.tree, at) == Purpose::Title => {
                self.title_frame = self.title_frame.or(Some(at));
            }
            _ => {}
        }
    }

    fn end(&mut self, at: At) {
        if self.title_frame == Some(at) {
            self.title_frame = None;
        }
        if let Some((_, said)) = self.open_links.pop_if(|(link, _)| *link == at)
            && said == self.said
        {
            self.links.0.insert(at);
        }
        if self
            .open
            .pop_if(|(paragraph, _)| *paragraph == at)
            .is_some()
        {
            let role = self.open.last().map_or(Role::Text, |(_, role)| *role);
            self.flow.begin(role);
        }
    }

    fn text(&mut self, text: &str) {
        if self.title_frame.is_some() {
            self.title.push_str(text);
        } else if !self.open.is_empty() {
            self.said += usize::from(!text.trim().is_empty());
            self.flow.push(text);
        }
    }

    fn picture(&mut self) -> Spot {
        if !self.open.is_empty() {
            return self.flow.picture();
        }
        // It stands on the page, and is a paragraph by itself.
        self.flow.begin(Role::Text);
        let spot = self.flow.picture();
        self.flow.begin(Role::Text);
        spot
    }
}

impl Links {
    /// Where a picture leads: the link that is its own, or the one around it that holds no text.
    pub(super) fn around(&self, tree: &Tree<'_>, picture: At) -> Option<String> {
        let is_link = |at: &At| {
            tree.is(*at, Space::OdfDraw, "a")
                || tree.is(*at, Space::OdfText, "a") && self.0.contains(at)
        };
        let link = tree.ancestors(picture).find(is_link)?;
        one_line(&tree.attribute_in(link, Space::Xlink, "href")?)
    }
}

fn purpose(tree: &Tree<'_>, at: At) -> Purpose {
    if tree.space(at) != Space::OdfDraw {
        return Purpose::Content;
    }
    match tree
        .attribute_in(at, Space::OdfPresentation, "class")
        .as_deref()
    {
        Some("title") => Purpose::Title,
        Some("date-time" | "header" | "footer" | "page-number") => Purpose::Margin,
        _ => Purpose::Content,
    }
}

/// The notes that a picture stands in.
pub(super) fn note(tree: &Tree<'_>, picture: At) -> Option<&'static str> {
    let note = tree
        .ancestors(picture)
        .find(|at| tree.is(*at, Space::OdfText, "note"))?;
    let class = tree.attribute_in(note, Space::OdfText, "note-class");
    Some(match class.as_deref() {
        Some("endnote") => "Endnotes",
        _ => "Footnotes",
    })
}

/// What the speaker of a slide is to say.
pub(super) fn notes(tree: &Tree<'_>, page: At) -> Option<String> {
    let notes = tree
        .children(page)
        .find(|at| tree.is(*at, Space::OdfPresentation, "notes"))?;
    let frame = tree.children(notes).find(|at| {
        let class = tree.attribute_in(*at, Space::OdfPresentation, "class");
        class.as_deref() == Some("notes")
    })?;
    let is_break = |at: At| {
        tree.space(at) == Space::OdfText
            && matches!(tree.local(at), "p" | "s" | "tab" | "line-break")
    };
    let mut text = String::new();
    for piece in tree.pieces(frame) {
        match piece {
            Piece::Begin(at) if is_break(at) => text.push(' '),
            Piece::Text(piece) => text.push_str(&piece),
            Piece::Begin(_) | Piece::End(_) => {}
        }
    }
    one_line(&text)
}
