//! What Word and `PowerPoint` have in common: how their parts refer to each other, their pictures, and the places
//! where a picture's alternative text is written.

use std::collections::{HashMap, HashSet};

use super::edits::Edits;
use super::flow::one_line;
use super::package::Package;
use super::rewrite::Rewrite;
use super::xml::{At, DECORATIVE, Space, Tree, XmlError, escaped};
use super::{AltText, Document, FiguresError, ImageSource};

/// The extension that marks a picture as decorative (MS-ODRAWXML 2.2.3.1).
const DECORATIVE_EXTENSION: &str = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}";

/// What a part refers to.
#[derive(Debug, Default)]
pub(super) struct Relations {
    by_id: HashMap<String, usize>,
    all: Vec<Relation>,
}

#[derive(Debug)]
pub(super) struct Relation {
    /// The last segment of its type's address, which transitional and strict documents share.
    pub(super) kind: String,
    pub(super) target: Target,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Part(String),
    Address(String),
}

impl Relations {
    /// Those of a part; those of the package for "".
    pub(super) fn of<B: AsRef<[u8]>>(
        package: &mut Package<B>,
        part: &str,
    ) -> Result<Self, FiguresError> {
        let (folder, name) = part
            .rsplit_once('/')
            .map_or(("", part), |(folder, name)| (&part[..=folder.len()], name));
        let own = format!("{folder}_rels/{name}.rels");
        let Some(xml) = package.optional_xml(&own)? else {
            return Ok(Self::default());
        };
        let tree = Tree::parse(&xml).map_err(damaged(&own))?;
        let mut found = Self::default();
        for at in 1..tree.len() {
            let [Some(id), Some(kind), Some(target)] =
                ["Id", "Type", "Target"].map(|name| tree.attribute(at, name))
            else {
                continue;
            };
            let target = match tree.attribute(at, "TargetMode").as_deref() {
                Some("External") => Target::Address(target.into_owned()),
                _ => match package.referred(part, &target) {
                    Some(part) => Target::Part(part),
                    None => continue,
                },
            };
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            found.by_id.insert(id.into_owned(), found.all.len());
            found.all.push(Relation { kind, target });
        }
        Ok(found)
    }

    pub(super) fn target(&self, id: &str) -> Option<&Target> {
        self.by_id.get(id).map(|at| &self.all[*at].target)
    }

    /// The parts of a kind, each once.
    pub(super) fn parts<'s>(&'s self, kind: &'s str) -> impl Iterator<Item = &'s str> {
        let mut seen = HashSet::new();
        self.all
            .iter()
            .filter(move |relation| relation.kind == kind)
            .filter_map(|relation| match &relation.target {
                Target::Part(part) => Some(part.as_str()),
                Target::Address(_) => None,
            })
            .filter(move |part| seen.insert(*part))
    }

    pub(super) fn address(&self, id: &str) -> Option<&str> {
        match self.target(id)? {
            Target::Address(address) => Some(address),
            Target::Part(_) => None,
        }
    }

    fn image(&self, id: &str) -> Option<ImageSource> {
        Some(match self.target(id)?.clone() {
            Target::Part(part) => ImageSource::Part(part),
            Target::Address(address) => ImageSource::Address(address),
        })
    }
}

/// A part that is not well-formed.
pub(super) fn damaged(part: &str) -> impl Fn(XmlError) -> FiguresError {
    move |error| FiguresError::Damaged {
        part: part.to_owned(),
        reason: error.to_string(),
    }
}

/// The part that the whole begins with.
pub(super) fn main_part<B: AsRef<[u8]>>(
    package: &mut Package<B>,
    expected: &'static str,
) -> Result<String, FiguresError> {
    let relations = Relations::of(package, "")?;
    let part = relations.parts("officeDocument").next();
    part.map(str::to_owned)
        .ok_or_else(|| FiguresError::NotThat {
            expected,
            reason: "it does not say where its text is".to_owned(),
        })
}

/// What a document says of itself: its title and its language.
pub(super) fn properties<B: AsRef<[u8]>>(
    package: &mut Package<B>,
) -> Result<Document, FiguresError> {
    let mut document = Document::default();
    let relations = Relations::of(package, "")?;
    let Some(part) = relations.parts("core-properties").next() else {
        return Ok(document);
    };
    let Some(xml) = package.optional_xml(part)? else {
        return Ok(document);
    };
    let tree = Tree::parse(&xml).map_err(damaged(part))?;
    let said = |name: &str| {
        let at = tree.within(0, Space::DublinCore, name)?;
        one_line(&tree.text(at))
    };
    document.title = said("title");
    document.language = said("language");
    Ok(document)
}

/// A picture in a part.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) at: At,
    pub(super) image: ImageSource,
    pub(super) alt: AltText,
    pub(super) title: Option<String>,
    pub(super) link: Option<String>,
    place: Place,
    /// The innermost `mc:Fallback` it is in: what old programs show in the place of another.
    fallback: Option<At>,
}

/// Where the text of a picture is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// The attribute `descr` of the non-visual properties.
    Properties(At),
    /// The attribute `alt` of a shape in VML, which has no mark for what only decorates.
    Shape(At),
}

impl Picture {
    /// It is shown by programs of today.
    pub(super) fn is_shown(&self) -> bool {
        self.fallback.is_none()
    }

    pub(super) fn can_be_decorative(&self) -> bool {
        matches!(self.place, Place::Properties(_))
    }
}

/// All pictures of a part, in order; those that were deleted with changes tracked are gone.
pub(super) fn pictures(tree: &Tree<'_>, relations: &Relations) -> Vec<Picture> {
    let mut found = Vec::new();
    let mut fallbacks: Vec<At> = Vec::new();
    let mut at = 0;
    while at < tree.len() {
        while fallbacks.last().is_some_and(|last| tree.after(*last) <= at) {
            fallbacks.pop();
        }
        if is_deleted(tree, at) {
            at = tree.after(at);
            continue;
        }
        if tree.is(at, Space::Compatibility, "Fallback") {
            fallbacks.push(at);
        }
        let fallback = fallbacks.last().copied();
        found.extend(
            drawn(tree, relations, at, fallback)
                .or_else(|| old_picture(tree, relations, at, fallback)),
        );
        at += 1;
    }
    found
}

/// Text and pictures of a change that was tracked and not yet taken on.
pub(super) fn is_deleted(tree: &Tree<'_>, at: At) -> bool {
    tree.space(at) == Space::Word && matches!(tree.local(at), "del" | "moveFrom")
}

/// A `pic:pic` or `p:pic`.
fn drawn(tree: &Tree<'_>, relations: &Relations, at: At, fallback: Option<At>) -> Option<Picture> {
    let space = tree.space(at);
    if !matches!(space, Space::Picture | Space::Presentation) || tree.local(at) != "pic" {
        return None;
    }
    // The picture of an embedded object, whose text is the object's.
    let is_of_object = tree
        .ancestors(at)
        .any(|outer| tree.is(outer, Space::Presentation, "graphicFrame"));
    if is_of_object {
        return None;
    }
    let blip = tree
        .child(at, space, "blipFill")
        .and_then(|fill| tree.child(fill, Space::Drawing, "blip"))?;
    let refers = |at: At, name: &str| {
        let id = tree.attribute_in(at, Space::Relations, name)?;
        relations.image(&id)
    };
    let vector = || {
        let svg = tree.within(blip, Space::Svg, "svgBlip")?;
        refers(svg, "embed")
    };
    let image = refers(blip, "embed")
        .or_else(|| refers(blip, "link"))
        .or_else(vector)?;
    let own = tree
        .child(at, space, "nvPicPr")
        .and_then(|properties| tree.child(properties, space, "cNvPr"));
    let properties = frame(tree, at).or(own)?;
    let link = tree
        .child(properties, Space::Drawing, "hlinkClick")
        .and_then(|link| tree.attribute_in(link, Space::Relations, "id"))
        .and_then(|id| one_line(relations.address(&id)?));
    Some(Picture {
        at,
        image,
        alt: said(tree, Place::Properties(properties)),
        title: tree
            .attribute(properties, "title")
            .and_then(|title| one_line(&title)),
        link,
        place: Place::Properties(properties),
        fallback,
    })
}

/// The properties of the drawing in a Word document that holds this picture and nothing else.
fn frame(tree: &Tree<'_>, picture: At) -> Option<At> {
    let data = tree.parent(picture)?;
    let graphic = tree.parent(data)?;
    let frame = tree.parent(graphic)?;
    // The first of its kind all the way: properties are those of one picture.
    let is_frame = data + 1 == picture
        && tree.child(graphic, Space::Drawing, "graphicData") == Some(data)
        && tree.child(frame, Space::Drawing, "graphic") == Some(graphic)
        && tree.space(frame) == Space::WordDrawing
        && matches!(tree.local(frame), "inline" | "anchor");
    is_frame.then(|| tree.child(frame, Space::WordDrawing, "docPr"))?
}

/// A picture as Word before 2007 drew it: `v:imagedata` in a shape.
fn old_picture(
    tree: &Tree<'_>,
    relations: &Relations,
    at: At,
    fallback: Option<At>,
) -> Option<Picture> {
    if !tree.is(at, Space::Vml, "imagedata") {
        return None;
    }
    let shape = tree.parent(at)?;
    let is_picture = tree.space(shape) == Space::Vml
        && tree.child(shape, Space::Vml, "imagedata") == Some(at)
        && tree
            .ancestors(shape)
            .find(|outer| tree.space(*outer) == Space::Word)
            .is_some_and(|outer| tree.local(outer) == "pict");
    if !is_picture {
        return None;
    }
    let id = tree
        .attribute_in(at, Space::Relations, "id")
        .or_else(|| tree.attribute_in(at, Space::Office, "relid"))
        .or_else(|| tree.attribute_in(at, Space::Relations, "href"))?;
    Some(Picture {
        at,
        image: relations.image(&id)?,
        alt: said(tree, Place::Shape(shape)),
        title: tree
            .attribute_in(at, Space::Office, "title")
            .and_then(|title| one_line(&title)),
        link: tree
            .attribute(shape, "href")
            .and_then(|link| one_line(&link)),
        place: Place::Shape(shape),
        fallback,
    })
}

/// What a picture's properties say. Unlike in HTML, a blank text says nothing: there is a mark for decoration.
fn said(tree: &Tree<'_>, place: Place) -> AltText {
    let (at, name) = match place {
        Place::Properties(at) => (at, "descr"),
        Place::Shape(at) => (at, "alt"),
    };
    if let Place::Properties(at) = place
        && let Some(extension) = mark(tree, at)
        && tree
            .within(extension, Space::Decorative, "decorative")
            .is_some_and(|mark| {
                matches!(tree.attribute(mark, "val").as_deref(), Some("1" | "true"))
            })
    {
        return AltText::Decorative;
    }
    match AltText::of_attribute(tree.attribute(at, name).as_deref()) {
        AltText::Decorative => AltText::Missing,
        said => said,
    }
}

/// The `a:ext` that says whether a picture only decorates.
fn mark(tree: &Tree<'_>, properties: At) -> Option<At> {
    let list = tree.child(properties, Space::Drawing, "extLst")?;
    tree.children(list).find(|extension| {
        let uri = tree.attribute(*extension, "uri");
        uri.is_some_and(|uri| uri.eq_ignore_ascii_case(DECORATIVE_EXTENSION))
    })
}

/// Writes what of the changes is about a part's pictures.
pub(super) fn write(
    rewrite: &mut Rewrite<'_>,
    part: &str,
    xml: &str,
    tree: &Tree<'_>,
    relations: &Relations,
) -> Result<(), FiguresError> {
    let pictures = pictures(tree, relations);
    let shown: Vec<usize> = (0..pictures.len())
        .filter(|at| pictures[*at].is_shown())
        .collect();
    let mut edits = Edits::default();
    let mut written = HashSet::new();
    for (place, change) in rewrite.of_part(shown.len()) {
        let picture = shown[place];
        if pictures[picture].image != change.image {
            return Err(change.refused());
        }
        if change.alt == AltText::Decorative && !pictures[picture].can_be_decorative() {
            return Err(FiguresError::NoRoom {
                figure: change.figure + 1,
                reason: "a picture of Word before 2007 cannot be marked as decorative",
            });
        }
        for picture in with_twins(tree, &pictures, picture) {
            if written.insert(picture) {
                say(tree, pictures[picture].place, &change.alt, &mut edits);
            }
        }
    }
    rewrite.replace(part, xml.as_bytes(), edits.apply(xml.as_bytes()));
    Ok(())
}

/// A picture and those that old programs show in its place.
fn with_twins(tree: &Tree<'_>, pictures: &[Picture], picture: usize) -> Vec<usize> {
    let mut same = vec![picture];
    let mut next = 0;
    while let Some(&one) = same.get(next) {
        next += 1;
        for choice in tree.ancestors(pictures[one].at) {
            if !tree.is(choice, Space::Compatibility, "Choice") {
                continue;
            }
            // Within both, the pictures that one program shows correspond to each other.
            let those = |outer: At| {
                let from = pictures.partition_point(|found| found.at < outer);
                let (end, image) = (tree.after(outer), &pictures[one].image);
                (from..pictures.len())
                    .take_while(move |at| pictures[*at].at < end)
                    .filter(move |at| pictures[*at].fallback.is_none_or(|inner| inner <= outer))
                    .filter(move |at| pictures[*at].image == *image)
            };
            let Some(number) = those(choice).position(|at| at == one) else {
                continue;
            };
            let siblings = tree.parent(choice).into_iter();
            for fallback in siblings.flat_map(|outer| tree.children(outer)) {
                if tree.is(fallback, Space::Compatibility, "Fallback")
                    && let Some(twin) = those(fallback).nth(number)
                    && !same.contains(&twin)
                {
                    same.push(twin);
                }
            }
        }
    }
    same
}

/// Writes what a picture says from now on.
fn say(tree: &Tree<'_>, place: Place, alt: &AltText, edits: &mut Edits) {
    if *alt == AltText::Missing || said(tree, place) == *alt {
        return;
    }
    let text = match alt {
        AltText::Text(text) => escaped(text),
        AltText::Missing | AltText::Decorative => String::new(),
    };
    match place {
        Place::Shape(at) => tree.set(at, Space::Own, "alt", &text, edits),
        Place::Properties(at) => {
            tree.set(at, Space::Own, "descr", &text, edits);
            match (alt, mark(tree, at)) {
                (AltText::Decorative, mark) => set_mark(tree, at, mark, edits),
                (_, Some(mark)) => remove_mark(tree, at, mark, edits),
                (_, None) => {}
            }
        }
    }
}

/// Says that a picture only decorates, in whatever of the extension is there already.
fn set_mark(tree: &Tree<'_>, properties: At, mark: Option<At>, edits: &mut Edits) {
    let space = tree.drawing_space();
    let extension = format!(
        "<a:ext xmlns:a=\"{space}\" uri=\"{DECORATIVE_EXTENSION}\">\
         <adec:decorative xmlns:adec=\"{DECORATIVE}\" val=\"1\"/></a:ext>"
    );
    if let Some(mark) = mark {
        edits.replace(tree.whole(mark), extension);
    } else if let Some(list) = tree.child(properties, Space::Drawing, "extLst") {
        tree.put_in(list, &extension, edits);
    } else {
        let list = format!("<a:extLst xmlns:a=\"{space}\">{extension}</a:extLst>");
        tree.put_in(properties, &list, edits);
    }
}

fn remove_mark(tree: &Tree<'_>, properties: At, mark: At, edits: &mut Edits) {
    let list = tree.child(properties, Space::Drawing, "extLst");
    match list {
        // An empty list would say nothing.
        Some(list) if tree.children(list).count() == 1 => {
            edits.replace(tree.whole(list), "");
        }
        _ => edits.replace(tree.whole(mark), ""),
    }
}
