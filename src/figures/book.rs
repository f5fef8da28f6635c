//! Figures of a book (EPUB 2 and 3): those of its chapters, which are web pages, in the order of the spine.

use std::collections::{HashMap, HashSet};

use super::drawing::damaged;
use super::flow::one_line;
use super::html::{self, Syntax};
use super::package::Package;
use super::rewrite::Rewrite;
use super::xml::{At, Space, Tree};
use super::{Change, Document, FiguresError, ImageSource, Kind};

const CONTAINER: &str = "META-INF/container.xml";
const ENCRYPTION: &str = "META-INF/encryption.xml";
const PACKAGE_DOCUMENT: &str = "application/oebps-package+xml";

/// What is done to fonts hides nothing that is read here (EPUB 3.3, 4.4; and Adobe's way).
const FONT_OBFUSCATION: &[&str] = &[
    "http://www.idpf.org/2008/embedding",
    "http://ns.adobe.com/pdf/enc#RC",
];

/// What chapters are.
const PAGES: &[&str] = &["application/xhtml+xml", "text/html", "text/x-oeb1-document"];

/// Finds the figures.
pub(super) fn read(bytes: &[u8]) -> Result<Document, FiguresError> {
    let mut package = Package::open(Kind::Book, bytes)?;
    let book = Book::of(&mut package)?;
    let mut document = Document {
        title: book.title,
        language: book.language,
        ..Document::default()
    };
    for chapter in &book.chapters {
        let page = package.text(chapter)?;
        let read = html::read(&page, Syntax::Xml).map_err(|error| in_chapter(error, chapter, 0))?;
        if read.figures.is_empty() {
            continue;
        }
        // Some programs give each chapter the title of the book.
        let title = read
            .title
            .filter(|title| document.title.as_ref() != Some(title));
        let division = title.or_else(|| first_heading(&page));
        for mut figure in read.figures {
            figure.image = image(&package, chapter, figure.image);
            figure.surroundings.division.clone_from(&division);
            document.figures.push(figure);
        }
    }
    Ok(document)
}

/// Writes texts.
pub(super) fn write(bytes: &[u8], changes: &[Change]) -> Result<Vec<u8>, FiguresError> {
    let mut package = Package::open(Kind::Book, bytes)?;
    let book = Book::of(&mut package)?;
    let mut rewrite = Rewrite::new(changes);
    let mut before = 0;
    for chapter in &book.chapters {
        let page = package.text(chapter)?;
        let figures = html::read(&page, Syntax::Xml)
            .map_err(|error| in_chapter(error, chapter, before))?
            .figures;
        let mut own = Vec::new();
        for (place, change) in rewrite.of_part(figures.len()) {
            let there = &figures[place].image;
            if image(&package, chapter, there.clone()) != change.image {
                return Err(change.refused());
            }
            own.push(Change {
                figure: place,
                image: there.clone(),
                alt: change.alt.clone(),
            });
        }
        if !own.is_empty() {
            let written = html::write(&page, Syntax::Xml, &own)
                .map_err(|error| in_chapter(error, chapter, before))?;
            rewrite.replace(chapter, &page, written);
        }
        before += figures.len();
    }
    rewrite.finish(package, bytes)
}

/// What a book's package document says.
struct Book {
    title: Option<String>,
    language: Option<String>,
    chapters: Vec<String>,
}

impl Book {
    fn of(package: &mut Package<&[u8]>) -> Result<Self, FiguresError> {
        let not_that = |reason: &str| FiguresError::NotThat {
            expected: Kind::Book.label(),
            reason: reason.to_owned(),
        };
        let container = package
            .optional_xml(CONTAINER)?
            .ok_or_else(|| not_that("it does not say where its contents are"))?;
        let tree = Tree::parse(&container).map_err(damaged(CONTAINER))?;
        let name = all(&tree, "rootfile")
            .find(|at| tree.attribute(*at, "media-type").as_deref() == Some(PACKAGE_DOCUMENT))
            .and_then(|at| package.referred("", &tree.attribute(at, "full-path")?))
            .ok_or_else(|| not_that("it does not say where its contents are"))?;
        let xml = package.xml(&name)?;
        let tree = Tree::parse(&xml).map_err(damaged(&name))?;
        let mut items = HashMap::new();
        let mut readable = HashSet::new();
        for at in all(&tree, "item") {
            let [Some(id), Some(address), Some(kind)] =
                ["id", "href", "media-type"].map(|name| tree.attribute(at, name))
            else {
                continue;
            };
            let Some(part) = package.referred(&name, &address) else {
                continue;
            };
            let is_page = PAGES.contains(&kind.as_ref());
            if is_page || kind.starts_with("image/") {
                readable.insert(part.clone());
            }
            items.insert(id.into_owned(), (part, is_page));
        }
        check_encryption(package, &readable)?;
        let mut seen = HashSet::new();
        let chapters = all(&tree, "itemref")
            .filter_map(|at| items.get(tree.attribute(at, "idref")?.as_ref()))
            .filter(|(part, is_page)| *is_page && package.has(part) && seen.insert(part.clone()))
            .map(|(part, _)| part.clone())
            .collect();
        let said = |name: &str| {
            let at = tree.within(0, Space::DublinCore, name)?;
            one_line(&tree.text(at))
        };
        Ok(Self {
            title: said("title"),
            language: said("language"),
            chapters,
        })
    }
}

/// Elements of a name, whatever its namespace, which old books leave out.
fn all<'t>(tree: &'t Tree<'t>, name: &'t str) -> impl Iterator<Item = At> {
    (0..tree.len()).filter(move |at| tree.local(*at) == name)
}

/// What shops encrypt is not read.
fn check_encryption(
    package: &mut Package<&[u8]>,
    readable: &HashSet<String>,
) -> Result<(), FiguresError> {
    let Some(xml) = package.optional_xml(ENCRYPTION)? else {
        return Ok(());
    };
    let tree = Tree::parse(&xml).map_err(damaged(ENCRYPTION))?;
    for at in all(&tree, "EncryptedData") {
        let algorithm = tree
            .children(at)
            .find(|child| tree.local(*child) == "EncryptionMethod")
            .and_then(|method| tree.attribute(method, "Algorithm"));
        if algorithm.is_some_and(|algorithm| FONT_OBFUSCATION.contains(&algorithm.as_ref())) {
            continue;
        }
        let hides = (at + 1..tree.after(at))
            .filter(|inner| tree.local(*inner) == "CipherReference")
            .filter_map(|inner| package.referred("", &tree.attribute(inner, "URI")?))
            .any(|part| readable.contains(&part));
        if hides {
            return Err(FiguresError::Encrypted);
        }
    }
    Ok(())
}

/// An image as the book has it: a chapter's own address becomes the part that it leads to.
fn image(package: &Package<&[u8]>, chapter: &str, image: ImageSource) -> ImageSource {
    match image {
        ImageSource::Address(address) => package.image_at(chapter, address),
        part @ ImageSource::Part(_) => part,
    }
}

/// What a chapter without a title of its own begins with.
fn first_heading(page: &[u8]) -> Option<String> {
    let tree = Tree::parse(std::str::from_utf8(page).ok()?).ok()?;
    let is_heading = |at: &At| {
        let name = tree.local(*at);
        tree.space(*at) == Space::Xhtml && matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
    };
    let at = (0..tree.len()).find(is_heading)?;
    one_line(&tree.text(at))
}

/// An error of a chapter as one of the book, whose figures are numbered from its beginning.
fn in_chapter(error: FiguresError, chapter: &str, before: usize) -> FiguresError {
    match error {
        FiguresError::Changed { figure } => FiguresError::Changed {
            figure: figure + before,
        },
        FiguresError::NoRoom { figure, reason } => FiguresError::NoRoom {
            figure: figure + before,
            reason,
        },
        other => FiguresError::Damaged {
            part: chapter.to_owned(),
            reason: other.to_string(),
        },
    }
}
