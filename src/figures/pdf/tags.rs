//! The tags of a PDF (ISO 32000-1, 14.7 and 14.8): its figures, and what is read before and after them. Which letters
//! and pictures a tag stands for, its page tells.

use std::collections::{BTreeSet, HashMap, HashSet};

use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{
    Array, Dict, MaybeRef, Name, ObjRef, Object, ObjectIdentifier, Rect, String as PdfString,
};
use hayro_interpret::hayro_syntax::xref::XRef;

use super::strings;
use crate::figures::flow::Role;
use crate::figures::{AltText, FiguresError};

/// Tags in each other; authors nest a few dozen.
const DEEPEST: usize = 200;
/// Tags and marks altogether.
const MOST: usize = 4_000_000;
/// Tags below a figure that are looked at for another one, and how far below.
const LOOKED_AT: usize = 200;
const LOOKED_DOWN: usize = 6;
/// Names that a name may stand for, one after the other.
const LONGEST_CHAIN: usize = 8;

/// The tags of a document.
#[derive(Debug, Default)]
pub(super) struct Tags {
    pub(super) figures: Vec<Tagged>,
    /// What is read, from the beginning to the end.
    pub(super) steps: Vec<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A paragraph begins, or goes on after something within it.
    Begin(Role),
    Text(Mark),
    /// The next figure.
    Figure,
}

/// A piece of a page that a tag stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// The page, from 0.
    pub(super) page: usize,
    /// Its number on the page (`MCID`).
    pub(super) id: i32,
}

/// A figure.
#[derive(Debug, Default)]
pub(super) struct Tagged {
    /// What the figure is called.
    pub(super) name: String,
    /// Its tag; `None` where it is no object of its own.
    pub(super) element: Option<ObjRef>,
    pub(super) alt: AltText,
    pub(super) marks: Vec<Mark>,
    pub(super) caption: Vec<Mark>,
    /// The area it says it takes, with the page's own axes.
    pub(super) area: Option<Rect>,
    /// Where it leads.
    pub(super) link: Option<String>,
    pub(super) said_page: Option<usize>,
}

impl Tagged {
    /// The page where it begins.
    pub(super) fn page(&self) -> Option<usize> {
        self.marks.first().map(|mark| mark.page).or(self.said_page)
    }
}

impl Tags {
    /// Reads them; `None` where there are none.
    pub(super) fn read(pdf: &Pdf) -> Result<Option<Self>, FiguresError> {
        let xref = pdf.xref();
        let catalog = xref.get::<Dict<'_>>(xref.root_id()).unwrap_or_default();
        let Some(root) = catalog.get::<Dict<'_>>(b"StructTreeRoot") else {
            return Ok(None);
        };
        let pages = pdf.pages().iter().enumerate();
        let mut walk = Walk {
            xref,
            roles: root.get::<Dict<'_>>(b"RoleMap").unwrap_or_default(),
            pages: pages
                .filter_map(|(number, page)| Some((page.raw().obj_id()?, number)))
                .collect(),
            seen: HashSet::new(),
            left: MOST,
            tags: Self { ..Self::default() },
        };
        let top = Around {
            page: None,
            role: Role::Text,
            within: Within::Text,
            depth: 0,
        };
        walk.kids(&root, top, None)?;
        Ok(Some(walk.tags.without_empty()))
    }

    /// Without figures that show nothing, such as one of a browser whose image is not there.
    fn without_empty(mut self) -> Self {
        let has_place = |figure: &Tagged| !figure.marks.is_empty() || figure.area.is_some();
        let mut kept = self.figures.iter().map(has_place);
        self.steps
            .retain(|step| *step != Step::Figure || kept.next().unwrap_or_default());
        self.figures.retain(has_place);
        for (at, figure) in self.figures.iter_mut().enumerate() {
            let object = figure.element.map_or(0, |element| element.obj_number);
            figure.name = name(object, figure.page(), at);
        }
        self
    }

    /// The pages whose text can stand beside a figure: those of figures, of what is read around them, and of the
    /// headings they stand under.
    pub(super) fn pages_around_figures(&self) -> BTreeSet<usize> {
        let mut wanted = BTreeSet::new();
        for figure in &self.figures {
            wanted.extend(
                figure
                    .marks
                    .iter()
                    .chain(&figure.caption)
                    .map(|mark| mark.page),
            );
            wanted.extend(figure.said_page);
        }
        let mut heading = BTreeSet::new();
        let (mut in_heading, mut last) = (false, None);
        let mut after_figure = false;
        for step in &self.steps {
            match step {
                Step::Begin(role) => {
                    if *role == Role::Heading && !in_heading {
                        heading.clear();
                    }
                    in_heading = *role == Role::Heading;
                }
                Step::Text(mark) => {
                    if in_heading {
                        heading.insert(mark.page);
                    }
                    if std::mem::take(&mut after_figure) {
                        wanted.insert(mark.page);
                    }
                    last = Some(mark.page);
                }
                Step::Figure => {
                    wanted.extend(heading.iter().copied().chain(last));
                    after_figure = true;
                }
            }
        }
        wanted
    }
}

/// What a figure is called: by its object too, so that a figure of another export is another one.
pub(super) fn name(object: u32, page: Option<usize>, at: usize) -> String {
    let page = page.map_or(0, |page| page + 1);
    format!("{object}/page {page} figure {}", at + 1)
}

/// The language of a document.
pub(super) fn language(pdf: &Pdf) -> Option<String> {
    let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id())?;
    let tag = catalog.get::<PdfString<'_>>(b"Lang")?;
    let tag = strings::decoded(tag.as_bytes());
    (!tag.trim().is_empty()).then_some(tag)
}

/// Whether somebody has signed it (12.7.2, `SigFlags`).
pub(super) fn is_signed(pdf: &Pdf) -> bool {
    let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
    let flags = catalog
        .and_then(|catalog| catalog.get::<Dict<'_>>(b"AcroForm"))
        .and_then(|form| form.get::<i32>(b"SigFlags"));
    flags.is_some_and(|flags| flags & 1 != 0)
}

struct Walk<'p> {
    xref: &'p XRef,
    roles: Dict<'p>,
    pages: HashMap<ObjectIdentifier, usize>,
    seen: HashSet<ObjRef>,
    left: usize,
    tags: Tags,
}

/// What is true of the tag whose content comes.
#[derive(Clone, Copy)]
struct Around {
    page: Option<usize>,
    role: Role,
    within: Within,
    depth: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Text,
    Figure(usize),
    CaptionOf(usize),
}

/// What a type of tag is here (14.8.4).
enum Kind {
    Figure,
    Caption,
    Block(Role),
    Inline,
    Link,
}

/// The content of a tag.
enum Kid<'p> {
    Mark(Mark),
    Tag(Dict<'p>, Option<ObjRef>),
    /// Something with an object of its own, such as the area of a link.
    Object(Dict<'p>),
}

impl<'p> Walk<'p> {
    fn kids(
        &mut self,
        parent: &Dict<'p>,
        around: Around,
        link: Option<&str>,
    ) -> Result<(), FiguresError> {
        for kid in self.content(parent, around.page) {
            self.left = self.left.checked_sub(1).ok_or_else(too_many)?;
            match kid {
                Kid::Mark(mark) => self.mark(mark, around.within),
                Kid::Tag(tag, id) => {
                    if id.is_none_or(|id| self.seen.insert(id)) {
                        self.tag(&tag, id, around, link)?;
                    }
                }
                Kid::Object(_) => {}
            }
        }
        Ok(())
    }

    fn mark(&mut self, mark: Mark, within: Within) {
        match within {
            Within::Text => self.tags.steps.push(Step::Text(mark)),
            Within::Figure(figure) => self.tags.figures[figure].marks.push(mark),
            Within::CaptionOf(figure) => self.tags.figures[figure].caption.push(mark),
        }
    }

    fn tag(
        &mut self,
        tag: &Dict<'p>,
        id: Option<ObjRef>,
        around: Around,
        link: Option<&str>,
    ) -> Result<(), FiguresError> {
        if around.depth == DEEPEST {
            return Err(too_many());
        }
        let mut inner = Around {
            page: self.page_of(tag).or(around.page),
            depth: around.depth + 1,
            ..around
        };
        match (self.kind(tag), around.within) {
            // What browsers make of a figure with an image in it: the image is what has a text.
            (Kind::Figure, Within::Text)
                if self.holds_figure(tag, LOOKED_DOWN, &mut LOOKED_AT.clone()) =>
            {
                self.block(tag, inner, around.role, around)
            }
            (Kind::Figure, Within::Text) => {
                let figure = self.tags.figures.len();
                self.tags.figures.push(Tagged {
                    element: id,
                    alt: alt_text(tag),
                    area: area(tag),
                    link: link.map(str::to_owned),
                    said_page: inner.page,
                    ..Tagged::default()
                });
                self.tags.steps.push(Step::Figure);
                inner.within = Within::Figure(figure);
                self.kids(tag, inner, None)
            }
            (Kind::Caption, Within::Figure(figure)) => {
                inner.within = Within::CaptionOf(figure);
                self.kids(tag, inner, None)
            }
            (_, Within::Figure(_) | Within::CaptionOf(_)) | (Kind::Inline, _) => {
                self.kids(tag, inner, link)
            }
            (Kind::Link, Within::Text) => {
                let address = self.address(tag, inner.page);
                self.kids(tag, inner, address.as_deref())
            }
            (Kind::Caption, Within::Text) => self.block(tag, inner, Role::Caption, around),
            (Kind::Block(role), Within::Text) => {
                let role = if role == Role::Text {
                    around.role
                } else {
                    role
                };
                self.block(tag, inner, role, around)
            }
        }
    }

    /// A paragraph, and what comes behind it of what it stands in.
    fn block(
        &mut self,
        tag: &Dict<'p>,
        inner: Around,
        role: Role,
        around: Around,
    ) -> Result<(), FiguresError> {
        self.tags.steps.push(Step::Begin(role));
        self.kids(tag, Around { role, ..inner }, None)?;
        self.tags.steps.push(Step::Begin(around.role));
        Ok(())
    }

    fn content(&self, parent: &Dict<'p>, page: Option<usize>) -> Vec<Kid<'p>> {
        let Some(content) = parent.get_raw::<Object<'p>>(b"K") else {
            return Vec::new();
        };
        let list = match &content {
            MaybeRef::NotRef(Object::Array(list)) => Some(list.clone()),
            MaybeRef::NotRef(_) => None,
            MaybeRef::Ref(id) => self.xref.get::<Array<'p>>((*id).into()),
        };
        match list {
            Some(list) => list
                .raw_iter()
                .filter_map(|kid| self.kid(kid, page))
                .collect(),
            None => self.kid(content, page).into_iter().collect(),
        }
    }

    fn kid(&self, kid: MaybeRef<Object<'p>>, page: Option<usize>) -> Option<Kid<'p>> {
        let (object, id) = match kid {
            MaybeRef::Ref(id) => (self.xref.get::<Object<'p>>(id.into())?, Some(id)),
            MaybeRef::NotRef(object) => (object, None),
        };
        let kid = match object {
            Object::Dict(kid) => kid,
            object => {
                let id = object.into_i32()?;
                return Some(Kid::Mark(Mark { page: page?, id }));
            }
        };
        let type_name = kid.get::<Name<'_>>(b"Type");
        match type_name.as_deref() {
            Some(b"MCR") => {
                // What a form draws is numbered by itself.
                if kid.contains_key(b"Stm") {
                    return None;
                }
                Some(Kid::Mark(Mark {
                    page: self.page_of(&kid).or(page)?,
                    id: kid.get::<i32>(b"MCID")?,
                }))
            }
            Some(b"OBJR") => Some(Kid::Object(kid.get::<Dict<'p>>(b"Obj")?)),
            _ => Some(Kid::Tag(kid, id)),
        }
    }

    fn holds_figure(&self, tag: &Dict<'p>, down: usize, left: &mut usize) -> bool {
        down > 0
            && self.content(tag, None).iter().any(|kid| {
                let Kid::Tag(tag, id) = kid else {
                    return false;
                };
                if id.is_some_and(|id| self.seen.contains(&id)) {
                    return false;
                }
                *left = left.saturating_sub(1);
                *left > 0
                    && (matches!(self.kind(tag), Kind::Figure)
                        || self.holds_figure(tag, down - 1, left))
            })
    }

    fn page_of(&self, tag: &Dict<'_>) -> Option<usize> {
        self.pages.get(&tag.get_ref(b"Pg")?.into()).copied()
    }

    /// What a tag's type is, once its own name is replaced by the standard's that it stands for.
    fn kind(&self, tag: &Dict<'p>) -> Kind {
        let mut name = tag.get::<Name<'p>>(b"S");
        for _ in 0..LONGEST_CHAIN {
            let standard = name
                .as_deref()
                .and_then(|name| self.roles.get::<Name<'p>>(name));
            match standard {
                Some(standard) if Some(&standard) != name.as_ref() => name = Some(standard),
                _ => break,
            }
        }
        match name.as_deref().unwrap_or_default() {
            b"Figure" => Kind::Figure,
            b"Caption" => Kind::Caption,
            b"Link" => Kind::Link,
            b"Span" | b"Quote" | b"Note" | b"Reference" | b"BibEntry" | b"Code" | b"Annot"
            | b"Ruby" | b"RB" | b"RT" | b"RP" | b"Warichu" | b"WT" | b"WP" | b"Em" | b"Strong"
            | b"Sub" | b"Lbl" | b"NonStruct" | b"Form" => Kind::Inline,
            b"Title" | b"H" => Kind::Block(Role::Heading),
            [b'H', level @ ..] if level.iter().all(u8::is_ascii_digit) => {
                Kind::Block(Role::Heading)
            }
            _ => Kind::Block(Role::Text),
        }
    }

    /// Where a link leads that holds nothing but a figure.
    fn address(&self, link: &Dict<'p>, page: Option<usize>) -> Option<String> {
        let (mut address, mut figures) = (None, 0);
        for kid in self.content(link, page) {
            match kid {
                Kid::Object(area) => {
                    let action = area.get::<Dict<'_>>(b"A");
                    let uri = action.and_then(|action| action.get::<PdfString<'_>>(b"URI"));
                    address = uri.map(|uri| strings::decoded(uri.as_bytes()));
                }
                Kid::Tag(tag, _) if matches!(self.kind(&tag), Kind::Figure) => figures += 1,
                Kid::Tag(..) | Kid::Mark(_) => return None,
            }
        }
        address.filter(|_| figures == 1)
    }
}

/// A blank text says nothing: what decorates is no figure.
fn alt_text(tag: &Dict<'_>) -> AltText {
    let said = tag.get::<PdfString<'_>>(b"Alt");
    let said = said.map(|said| strings::decoded(said.as_bytes()));
    match AltText::of_attribute(said.as_deref()) {
        AltText::Decorative => AltText::Missing,
        said => said,
    }
}

/// The attribute `BBox` of the layout (14.8.5.4.3).
fn area(tag: &Dict<'_>) -> Option<Rect> {
    match tag.get::<Object<'_>>(b"A")? {
        Object::Dict(attributes) => attributes.get::<Rect>(b"BBox"),
        Object::Array(lists) => lists
            .iter::<Object<'_>>()
            .filter_map(Object::into_dict)
            .find_map(|attributes| attributes.get::<Rect>(b"BBox")),
        _ => None,
    }
}

fn too_many() -> FiguresError {
    FiguresError::NotThat {
        expected: crate::figures::Kind::Pdf.label(),
        reason: "it has too many tags, or tags in each other too deeply".to_owned(),
    }
}
