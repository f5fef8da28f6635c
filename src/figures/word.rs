//! Figures of a Word document (ECMA-376 part 1, `WordprocessingML`): those of its text, then those of its headers,
//! footers and notes.

mod styles;

use super::drawing::{self, Picture, Relations};
use super::flow::{Flow, Role, Spot, one_line};
use super::package::Package;
use super::rewrite::Rewrite;
use super::xml::{At, Space, Tree};
use super::{Change, Document, Figure, FiguresError, Kind};
use styles::Styles;

/// Parts beside the text, by the kind of what refers to them, and what people call them.
const BESIDE: &[(&str, &str)] = &[
    ("header", "Header"),
    ("footer", "Footer"),
    ("footnotes", "Footnotes"),
    ("endnotes", "Endnotes"),
];

/// Elements in a link that are looked at for text.
const LINK: usize = 1_000;

/// A part with figures.
struct Part {
    name: String,
    division: Option<&'static str>,
}

/// Finds the figures.
pub(super) fn read(bytes: &[u8]) -> Result<Document, FiguresError> {
    let mut package = Package::open(Kind::Word, bytes)?;
    let (parts, relations) = parts(&mut package)?;
    let mut document = drawing::properties(&mut package)?;
    let styles = match relations.parts("styles").next() {
        Some(part) => Styles::read(&mut package, part)?,
        None => Styles::default(),
    };
    if styles.language.is_some() {
        document.language.clone_from(&styles.language);
    }
    for part in parts {
        let relations = Relations::of(&mut package, &part.name)?;
        let xml = package.xml(&part.name)?;
        let tree = parsed(&part, &xml)?;
        let pictures = drawing::pictures(&tree, &relations);
        let shown: Vec<Picture> = pictures.into_iter().filter(Picture::is_shown).collect();
        let mut reader = Reader {
            tree: &tree,
            styles: &styles,
            flow: Flow::default(),
            open: Vec::new(),
        };
        let spots = reader.read(&shown);
        let links = Links {
            tree: &tree,
            relations: &relations,
        };
        for (picture, spot) in shown.into_iter().zip(spots) {
            let can_be_decorative = picture.can_be_decorative();
            let mut surroundings = reader.flow.surroundings(spot);
            surroundings.division = part.division.map(str::to_owned);
            surroundings.link = picture.link.or_else(|| links.around(picture.at));
            surroundings.caption = surroundings.caption.or(picture.title);
            document.figures.push(Figure {
                can_be_decorative,
                image: picture.image,
                alt: picture.alt,
                surroundings,
            });
        }
    }
    Ok(document)
}

/// Writes texts.
pub(super) fn write(bytes: &[u8], changes: &[Change]) -> Result<Vec<u8>, FiguresError> {
    let mut package = Package::open(Kind::Word, bytes)?;
    let (parts, _) = parts(&mut package)?;
    let mut rewrite = Rewrite::new(changes);
    for part in parts {
        let relations = Relations::of(&mut package, &part.name)?;
        let xml = package.xml(&part.name)?;
        let tree = parsed(&part, &xml)?;
        drawing::write(&mut rewrite, &part.name, &xml, &tree, &relations)?;
    }
    rewrite.finish(package, bytes)
}

/// The parts with figures, in order, and what the text's own refers to.
fn parts(package: &mut Package<&[u8]>) -> Result<(Vec<Part>, Relations), FiguresError> {
    let name = drawing::main_part(package, Kind::Word.label())?;
    let relations = Relations::of(package, &name)?;
    let mut parts = vec![Part {
        name,
        division: None,
    }];
    for (kind, division) in BESIDE {
        for name in relations.parts(kind) {
            if package.has(name) && parts.iter().all(|part| part.name != name) {
                parts.push(Part {
                    name: name.to_owned(),
                    division: Some(division),
                });
            }
        }
    }
    Ok((parts, relations))
}

fn parsed<'x>(part: &Part, xml: &'x str) -> Result<Tree<'x>, FiguresError> {
    let tree = Tree::parse(xml).map_err(drawing::damaged(&part.name))?;
    if part.division.is_none() && !tree.is(0, Space::Word, "document") {
        return Err(FiguresError::NotThat {
            expected: Kind::Word.label(),
            reason: format!("it begins with {}", tree.name(0)),
        });
    }
    Ok(tree)
}

/// Reads a part once from its beginning to its end.
struct Reader<'r> {
    tree: &'r Tree<'r>,
    styles: &'r Styles,
    flow: Flow,
    /// Paragraphs that are open: a text box stands within one, and has its own.
    open: Vec<(At, Role)>,
}

impl Reader<'_> {
    /// Where the pictures stand, which are in order.
    fn read(&mut self, pictures: &[Picture]) -> Vec<Spot> {
        let mut spots = Vec::with_capacity(pictures.len());
        let mut at = 0;
        while at < self.tree.len() {
            self.close(at);
            let picture = pictures.get(spots.len());
            if picture.is_some_and(|picture| picture.at == at) {
                spots.push(self.flow.picture());
            }
            let aside = self.tree.is(at, Space::Compatibility, "Fallback");
            if aside || drawing::is_deleted(self.tree, at) {
                at = self.tree.after(at);
                continue;
            }
            if self.tree.space(at) == Space::Word {
                self.word(at);
            }
            at += 1;
        }
        self.flow.begin(Role::Text);
        spots
    }

    fn word(&mut self, at: At) {
        match self.tree.local(at) {
            "p" => {
                let role = self.styles.role(self.tree, at);
                self.open.push((self.tree.after(at), role));
                self.flow.begin(role);
            }
            "t" => self.flow.push(&self.tree.text(at)),
            "tab" | "br" | "cr" => self.flow.push(" "),
            "noBreakHyphen" => self.flow.push("\u{2011}"),
            _ => {}
        }
    }

    /// Ends the paragraphs that end before a place, and goes on with the one around them.
    fn close(&mut self, at: At) {
        while self.open.last().is_some_and(|(after, _)| *after <= at) {
            self.open.pop();
            let role = self.open.last().map_or(Role::Text, |(_, role)| *role);
            self.flow.begin(role);
        }
    }
}

/// Where hyperlinks lead.
struct Links<'r> {
    tree: &'r Tree<'r>,
    relations: &'r Relations,
}

impl Links<'_> {
    /// The hyperlink around a picture that holds no text.
    fn around(&self, picture: At) -> Option<String> {
        let is_link = |at: &At| self.tree.is(*at, Space::Word, "hyperlink");
        let link = self.tree.ancestors(picture).find(is_link)?;
        let id = self.tree.attribute_in(link, Space::Relations, "id")?;
        let address = one_line(self.relations.address(&id)?)?;
        let mut inside = (link + 1..self.tree.after(link)).take(LINK);
        let says_something = inside
            .any(|at| self.tree.is(at, Space::Word, "t") && !self.tree.text(at).trim().is_empty());
        (!says_something).then_some(address)
    }
}
