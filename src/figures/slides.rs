//! Figures of a presentation (ECMA-376 part 1, `PresentationML`): the pictures on its slides, in the order of the
//! slides.

use std::borrow::Cow;
use std::collections::HashSet;

use super::Change;
use super::drawing::{self, Picture, Relations, Target};
use super::flow::{Flow, Role, Spot, one_line};
use super::package::Package;
use super::rewrite::Rewrite;
use super::xml::{At, Space, Tree};
use super::{Document, Figure, FiguresError, Kind, Surroundings};

/// Finds the figures.
pub(super) fn read(bytes: &[u8]) -> Result<Document, FiguresError> {
    let mut package = Package::open(Kind::Slides, bytes)?;
    let (slides, language) = slides(&mut package)?;
    let mut document = drawing::properties(&mut package)?;
    document.language = document.language.or(language);
    for (number, slide) in slides.iter().enumerate() {
        let relations = Relations::of(&mut package, slide)?;
        let xml = package.xml(slide)?;
        let tree = Tree::parse(&xml).map_err(drawing::damaged(slide))?;
        let pictures = drawing::pictures(&tree, &relations);
        let shown: Vec<Picture> = pictures.into_iter().filter(Picture::is_shown).collect();
        if shown.is_empty() {
            continue;
        }
        let notes = match relations.parts("notesSlide").next() {
            Some(part) => notes(&mut package, part)?,
            None => None,
        };
        let mut page = Page::default();
        let spots = page.read(&tree, &shown);
        let heading = one_line(&page.title);
        for (picture, spot) in shown.into_iter().zip(spots) {
            let around = page.flow.surroundings(spot);
            document.figures.push(Figure {
                can_be_decorative: picture.can_be_decorative(),
                image: picture.image,
                alt: picture.alt,
                surroundings: Surroundings {
                    division: Some(format!("Slide {}", number + 1)),
                    heading: heading.clone(),
                    caption: picture.title,
                    link: picture.link,
                    before: around.before,
                    after: around.after.or_else(|| notes.clone()),
                },
            });
        }
    }
    Ok(document)
}

/// Writes texts.
pub(super) fn write(bytes: &[u8], changes: &[Change]) -> Result<Vec<u8>, FiguresError> {
    let mut package = Package::open(Kind::Slides, bytes)?;
    let (slides, _) = slides(&mut package)?;
    let mut rewrite = Rewrite::new(changes);
    for slide in slides {
        let relations = Relations::of(&mut package, &slide)?;
        let xml = package.xml(&slide)?;
        let tree = Tree::parse(&xml).map_err(drawing::damaged(&slide))?;
        drawing::write(&mut rewrite, &slide, &xml, &tree, &relations)?;
    }
    rewrite.finish(package, bytes)
}

/// The slides in order, hidden ones too, and the language that texts begin with.
fn slides(package: &mut Package<&[u8]>) -> Result<(Vec<String>, Option<String>), FiguresError> {
    let main = drawing::main_part(package, Kind::Slides.label())?;
    let relations = Relations::of(package, &main)?;
    let xml = package.xml(&main)?;
    let tree = Tree::parse(&xml).map_err(drawing::damaged(&main))?;
    if !tree.is(0, Space::Presentation, "presentation") {
        return Err(FiguresError::NotThat {
            expected: Kind::Slides.label(),
            reason: format!("it begins with {}", tree.name(0)),
        });
    }
    let language = tree
        .child(0, Space::Presentation, "defaultTextStyle")
        .and_then(|style| tree.within(style, Space::Drawing, "defRPr"))
        .and_then(|at| one_line(&tree.attribute(at, "lang")?));
    let Some(list) = tree.child(0, Space::Presentation, "sldIdLst") else {
        return Ok((Vec::new(), language));
    };
    let mut slides = Vec::new();
    let mut seen = HashSet::new();
    for at in tree.children(list) {
        if let Some(id) = tree.attribute_in(at, Space::Relations, "id")
            && let Some(Target::Part(slide)) = relations.target(&id)
            && package.has(slide)
            && seen.insert(slide.clone())
        {
            slides.push(slide.clone());
        }
    }
    Ok((slides, language))
}

/// What a slide says beside its pictures.
#[derive(Default)]
struct Page {
    title: String,
    flow: Flow,
}

/// What a shape's text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Text {
    Title,
    Body,
    /// The date, the footer or the slide's number.
    Frame,
}

impl Page {
    /// Reads a slide once, and says where the pictures stand, which are in order.
    fn read(&mut self, tree: &Tree<'_>, pictures: &[Picture]) -> Vec<Spot> {
        let mut spots = Vec::with_capacity(pictures.len());
        // The shape whose text is read.
        let mut shape = (0, Text::Body);
        let mut at = 0;
        while at < tree.len() {
            let picture = pictures.get(spots.len());
            if picture.is_some_and(|picture| picture.at == at) {
                self.flow.begin(Role::Text);
                spots.push(self.flow.picture());
                self.flow.begin(Role::Text);
            }
            if tree.is(at, Space::Compatibility, "Fallback") {
                at = tree.after(at);
                continue;
            }
            if tree.is(at, Space::Presentation, "sp") {
                shape = (tree.after(at), text_of(tree, at));
            }
            let text = if at < shape.0 { shape.1 } else { Text::Body };
            if tree.space(at) == Space::Drawing {
                self.drawing(tree, at, text);
            }
            at += 1;
        }
        self.flow.begin(Role::Text);
        spots
    }

    fn drawing(&mut self, tree: &Tree<'_>, at: At, text: Text) {
        let words = match tree.local(at) {
            "p" if text == Text::Body => return self.flow.begin(Role::Text),
            "p" | "br" => " ".to_owned(),
            "t" => tree.text(at),
            _ => return,
        };
        match text {
            Text::Title => self.title.push_str(&words),
            Text::Body => self.flow.push(&words),
            Text::Frame => {}
        }
    }
}

fn text_of(tree: &Tree<'_>, shape: At) -> Text {
    match placeholder(tree, shape).as_deref() {
        Some("title" | "ctrTitle") => Text::Title,
        Some("dt" | "ftr" | "hdr" | "sldNum") => Text::Frame,
        _ => Text::Body,
    }
}

/// The kind of placeholder that a shape fills; "obj" where it does not say.
fn placeholder(tree: &Tree<'_>, shape: At) -> Option<String> {
    let properties = tree.child(shape, Space::Presentation, "nvSpPr")?;
    let properties = tree.child(properties, Space::Presentation, "nvPr")?;
    let placeholder = tree.child(properties, Space::Presentation, "ph")?;
    let kind = tree.attribute(placeholder, "type");
    Some(kind.map_or_else(|| "obj".to_owned(), Cow::into_owned))
}

/// What the speaker is to say.
fn notes(package: &mut Package<&[u8]>, part: &str) -> Result<Option<String>, FiguresError> {
    let Some(xml) = package.optional_xml(part)? else {
        return Ok(None);
    };
    let tree = Tree::parse(&xml).map_err(drawing::damaged(part))?;
    let is_body = |at: &At| {
        tree.is(*at, Space::Presentation, "sp")
            && placeholder(&tree, *at).as_deref() == Some("body")
    };
    let Some(body) = (0..tree.len()).find(is_body) else {
        return Ok(None);
    };
    let mut text = String::new();
    for at in body..tree.after(body) {
        if tree.is(at, Space::Drawing, "t") {
            text.push_str(&tree.text(at));
        } else if tree.space(at) == Space::Drawing && matches!(tree.local(at), "p" | "br") {
            text.push(' ');
        }
    }
    Ok(one_line(&text))
}
