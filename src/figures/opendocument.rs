//! Figures of `OpenDocument` (OASIS, version 1.3, part 3): those of a text, then those of its headers and footers;
//! those on slides, in the order of the slides.

mod pictures;
mod reader;
mod restyle;
mod styles;

use std::collections::HashSet;

use super::drawing::damaged;
use super::edits::Edits;
use super::flow::one_line;
use super::package::Package;
use super::rewrite::Rewrite;
use super::xml::{At, Space, Tree};
use super::{AltText, Change, Document, Figure, FiguresError, Kind, Surroundings};
use pictures::Picture;
use reader::Reader;
use restyle::Restyle;
use styles::{Sheet, Styles};

const CONTENT: &str = "content.xml";
const STYLES: &str = "styles.xml";
const META: &str = "meta.xml";
const MANIFEST: &str = "META-INF/manifest.xml";

/// Finds the figures.
pub(super) fn read(kind: Kind, bytes: &[u8]) -> Result<Document, FiguresError> {
    let mut package = open(kind, bytes)?;
    let mut document = properties(&mut package)?;
    let common = common_styles(&mut package)?;
    if document.language.is_none() {
        document.language.clone_from(&common.language);
    }
    for name in parts(kind, &package) {
        let xml = package.xml(name)?;
        let tree = parsed(kind, name, &xml)?;
        let styles = Styles::of(&tree, &common);
        for section in sections(kind, name, &tree) {
            let pictures = pictures::pictures(&tree, section.at, &styles, (&package, name));
            if !pictures.is_empty() {
                document
                    .figures
                    .extend(figures(&tree, &styles, &section, pictures));
            }
        }
    }
    Ok(document)
}

/// Writes texts.
pub(super) fn write(kind: Kind, bytes: &[u8], changes: &[Change]) -> Result<Vec<u8>, FiguresError> {
    let mut package = open(kind, bytes)?;
    let common = common_styles(&mut package)?;
    let mut rewrite = Rewrite::new(changes);
    for name in parts(kind, &package) {
        let xml = package.xml(name)?;
        let tree = parsed(kind, name, &xml)?;
        let styles = Styles::of(&tree, &common);
        let pictures: Vec<Picture> = sections(kind, name, &tree)
            .into_iter()
            .flat_map(|section| pictures::pictures(&tree, section.at, &styles, (&package, name)))
            .collect();
        let mut edits = Edits::default();
        let mut restyle = Restyle::new(&tree, &xml, &styles);
        let mut written = HashSet::new();
        for (place, change) in rewrite.of_part(pictures.len()) {
            let picture = &pictures[place];
            if picture.image != change.image {
                return Err(change.refused());
            }
            let is_said = change.alt == AltText::Missing || picture.alt == change.alt;
            if is_said || !written.insert(place) {
                continue;
            }
            picture.say(&tree, &change.alt, &mut edits);
            let decorates = change.alt == AltText::Decorative;
            if decorates != (picture.alt == AltText::Decorative) {
                restyle.mark(picture.at, decorates, &mut edits);
            }
        }
        restyle.finish(&mut edits);
        rewrite.replace(name, xml.as_bytes(), edits.apply(xml.as_bytes()));
    }
    rewrite.finish(package, bytes)
}

/// A package of which nothing is encrypted.
fn open(kind: Kind, bytes: &[u8]) -> Result<Package<&[u8]>, FiguresError> {
    let mut package = Package::open(kind, bytes)?;
    if let Some(xml) = package.optional_xml(MANIFEST)? {
        let tree = Tree::parse(&xml).map_err(damaged(MANIFEST))?;
        if (0..tree.len()).any(|at| tree.local(at) == "encryption-data") {
            return Err(FiguresError::Encrypted);
        }
    }
    if package.has(CONTENT) {
        Ok(package)
    } else {
        Err(FiguresError::NotThat {
            expected: kind.label(),
            reason: format!("it has no {CONTENT}"),
        })
    }
}

/// What it says of itself.
fn properties(package: &mut Package<&[u8]>) -> Result<Document, FiguresError> {
    let mut document = Document::default();
    if let Some(xml) = package.optional_xml(META)? {
        let tree = Tree::parse(&xml).map_err(damaged(META))?;
        let said = |name: &str| {
            let at = tree.within(0, Space::DublinCore, name)?;
            one_line(&tree.text(at))
        };
        document.title = said("title");
        document.language = said("language");
    }
    Ok(document)
}

/// The styles that have names.
fn common_styles(package: &mut Package<&[u8]>) -> Result<Sheet, FiguresError> {
    let Some(xml) = package.optional_xml(STYLES)? else {
        return Ok(Sheet::default());
    };
    let tree = Tree::parse(&xml).map_err(damaged(STYLES))?;
    Ok(Sheet::of(&tree, "styles"))
}

/// The parts with figures. What a presentation's slides have in common is no content.
fn parts(kind: Kind, package: &Package<&[u8]>) -> Vec<&'static str> {
    let mut parts = vec![CONTENT];
    if kind == Kind::OpenDocumentText && package.has(STYLES) {
        parts.push(STYLES);
    }
    parts
}

fn parsed<'x>(kind: Kind, name: &str, xml: &'x str) -> Result<Tree<'x>, FiguresError> {
    let tree = Tree::parse(xml).map_err(damaged(name))?;
    if name != CONTENT || content(kind, &tree).is_some() {
        return Ok(tree);
    }
    let body = tree.child(0, Space::OdfOffice, "body");
    let found = body.and_then(|body| tree.children(body).next());
    Err(FiguresError::NotThat {
        expected: kind.label(),
        reason: format!("it begins with {}", tree.name(found.unwrap_or(0))),
    })
}

/// The element that all content is in.
fn content(kind: Kind, tree: &Tree<'_>) -> Option<At> {
    let name = match kind {
        Kind::OpenDocumentSlides => "presentation",
        _ => "text",
    };
    let body = tree.child(0, Space::OdfOffice, "body")?;
    tree.child(body, Space::OdfOffice, name)
}

/// What is read by itself: a text, a header or footer, a slide.
struct Section {
    at: At,
    division: Option<String>,
    /// What a slide without a title is called.
    name: Option<String>,
}

/// The sections of a part, in order.
fn sections(kind: Kind, part: &str, tree: &Tree<'_>) -> Vec<Section> {
    if part == STYLES {
        return margins(tree);
    }
    match content(kind, tree) {
        Some(deck) if kind == Kind::OpenDocumentSlides => slides(tree, deck),
        Some(text) => vec![Section {
            at: text,
            division: None,
            name: None,
        }],
        None => Vec::new(),
    }
}

fn slides(tree: &Tree<'_>, deck: At) -> Vec<Section> {
    let is_page = |at: &At| tree.is(*at, Space::OdfDraw, "page");
    let pages = tree.children(deck).filter(is_page).enumerate();
    pages
        .map(|(number, at)| Section {
            at,
            division: Some(format!("Slide {}", number + 1)),
            name: tree
                .attribute_in(at, Space::OdfDraw, "name")
                .and_then(|name| one_line(&name))
                .filter(|name| !is_given_by_program(name)),
        })
        .collect()
}

/// Headers and footers.
fn margins(tree: &Tree<'_>) -> Vec<Section> {
    let masters = tree.child(0, Space::OdfOffice, "master-styles");
    let pages = masters.into_iter().flat_map(|at| tree.children(at));
    pages
        .flat_map(|page| tree.children(page))
        .filter_map(|at| {
            Some(Section {
                at,
                division: Some(beside(tree, at)?.to_owned()),
                name: None,
            })
        })
        .collect()
}

/// What stands above or below the text of a page, by the element that it is.
fn beside(tree: &Tree<'_>, at: At) -> Option<&'static str> {
    // Those of first pages were an extension.
    if !matches!(tree.space(at), Space::OdfStyle | Space::LibreOffice) {
        return None;
    }
    match tree.local(at) {
        "header" | "header-left" | "header-first" => Some("Header"),
        "footer" | "footer-left" | "footer-first" => Some("Footer"),
        _ => None,
    }
}

/// Whether a slide is called by its number, as programs do where a person gave no name.
fn is_given_by_program(name: &str) -> bool {
    let number = name.strip_prefix("page");
    number.is_some_and(|number| number.chars().all(|c| c.is_ascii_digit()))
}

/// The pictures of a section with what stands around them.
fn figures(
    tree: &Tree<'_>,
    styles: &Styles<'_>,
    section: &Section,
    pictures: Vec<Picture>,
) -> Vec<Figure> {
    let mut reader = Reader::new(tree, styles);
    let spots = reader.read(section.at, &pictures);
    let heading = one_line(&reader.title).or_else(|| section.name.clone());
    let notes = reader::notes(tree, section.at);
    let with_surroundings = |(picture, spot): (Picture, _)| {
        let around = reader.flow.surroundings(spot);
        let division = reader::note(tree, picture.at).map(str::to_owned);
        Figure {
            can_be_decorative: true,
            surroundings: Surroundings {
                division: division.or_else(|| section.division.clone()),
                heading: heading.clone().or(around.heading),
                caption: around.caption.or(picture.description),
                link: reader.links.around(tree, picture.at),
                before: around.before,
                after: around.after.or_else(|| notes.clone()),
            },
            image: picture.image,
            alt: picture.alt,
        }
    };
    pictures
        .into_iter()
        .zip(spots)
        .map(with_surroundings)
        .collect()
}
