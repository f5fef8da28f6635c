//! What is told by the styles of an `OpenDocument`: which paragraphs are captions, and which pictures only decorate.

use std::collections::HashMap;

use super::super::flow::{Role, one_line};
use super::super::xml::{At, Space, Tree};

/// Styles that are based on each other.
const MOST_PARENTS: usize = 32;

/// The mark of what only decorates: `LibreOffice`'s own, and the one of `OpenDocument` 1.4.
pub(super) const MARKS: [Space; 2] = [Space::LibreOffice, Space::OdfDraw];

/// Styles, by family and name, and the language that they begin with.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    styles: HashMap<String, Style>,
    pub(super) language: Option<String>,
}

#[derive(Debug)]
struct Style {
    at: At,
    parent: Option<String>,
    decorates: Option<bool>,
}

/// The styles that hold in a part: its own, which programs make as they need them, and those that have names.
#[derive(Debug)]
pub(super) struct Styles<'s> {
    own: Sheet,
    common: &'s Sheet,
}

/// The style that a frame names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Named {
    pub(super) family: &'static str,
    pub(super) name: String,
}

impl Named {
    /// That of a frame. On slides it may be one of the presentation.
    pub(super) fn of_frame(tree: &Tree<'_>, frame: At) -> Option<Self> {
        let of = |space: Space, family: &'static str| {
            let name = tree.attribute_in(frame, space, "style-name")?;
            Some(Self {
                family,
                name: name.into_owned(),
            })
        };
        of(Space::OdfDraw, "graphic").or_else(|| of(Space::OdfPresentation, "presentation"))
    }
}

fn key(family: &str, name: &str) -> String {
    format!("{family}:{name}")
}

impl Sheet {
    /// The styles in a container of a part.
    pub(super) fn of(tree: &Tree<'_>, container: &str) -> Self {
        let mut found = Self::default();
        let Some(container) = tree.child(0, Space::OdfOffice, container) else {
            return found;
        };
        for at in tree.children(container) {
            if tree.is(at, Space::OdfStyle, "default-style") {
                found.language = found.language.or_else(|| language(tree, at));
            }
            if !tree.is(at, Space::OdfStyle, "style") {
                continue;
            }
            let [family, name, parent] = ["family", "name", "parent-style-name"]
                .map(|name| tree.attribute_in(at, Space::OdfStyle, name));
            if let (Some(family), Some(name)) = (family, name) {
                let style = Style {
                    at,
                    parent: parent.map(std::borrow::Cow::into_owned),
                    decorates: decorates(tree, at),
                };
                found.styles.insert(key(&family, &name), style);
            }
        }
        found
    }
}

/// The language of a default style, such as `pt-BR`.
fn language(tree: &Tree<'_>, style: At) -> Option<String> {
    let properties = tree.child(style, Space::OdfStyle, "text-properties")?;
    let said = |name: &str| {
        let value = tree.attribute_in(properties, Space::OdfFormat, name)?;
        one_line(&value).filter(|value| value != "none" && value != "zxx")
    };
    let language = said("language")?;
    Some(match said("country") {
        Some(country) => format!("{language}-{country}"),
        None => language,
    })
}

fn decorates(tree: &Tree<'_>, style: At) -> Option<bool> {
    let properties = tree.child(style, Space::OdfStyle, "graphic-properties")?;
    let value = MARKS
        .into_iter()
        .find_map(|space| tree.attribute_in(properties, space, "decorative"))?;
    Some(matches!(value.trim(), "true" | "1"))
}

impl<'s> Styles<'s> {
    /// Those of a part.
    pub(super) fn of(tree: &Tree<'_>, common: &'s Sheet) -> Self {
        Self {
            own: Sheet::of(tree, "automatic-styles"),
            common,
        }
    }

    /// Where a style of the part itself is.
    pub(super) fn place(&self, style: &Named) -> Option<At> {
        let own = self.own.styles.get(&key(style.family, &style.name));
        own.map(|style| style.at)
    }

    /// Whether a style of that name is there.
    pub(super) fn has(&self, style: &Named) -> bool {
        self.find(style.family, &style.name).is_some()
    }

    fn find(&self, family: &str, name: &str) -> Option<&Style> {
        let key = key(family, name);
        let own = self.own.styles.get(&key);
        own.or_else(|| self.common.styles.get(&key))
    }

    /// A style and those that it is based on, which may go in a circle: each with its name.
    fn chain<'a>(
        &'a self,
        family: &'a str,
        name: &'a str,
    ) -> impl Iterator<Item = (&'a str, Option<&'a Style>)> {
        let first = Some((name, self.find(family, name)));
        let parent = move |(_, style): &(&'a str, Option<&'a Style>)| {
            let parent = (*style)?.parent.as_deref()?;
            // What a style is based on always has a name.
            let found = self.common.styles.get(&key(family, parent));
            Some((parent, found))
        };
        std::iter::successors(first, parent).take(MOST_PARENTS)
    }

    /// What a paragraph is.
    pub(super) fn role(&self, tree: &Tree<'_>, paragraph: At) -> Role {
        if tree.local(paragraph) == "h" {
            return Role::Heading;
        }
        let name = tree.attribute_in(paragraph, Space::OdfText, "style-name");
        let is_caption = name.is_some_and(|name| {
            self.chain("paragraph", &name).any(|(name, style)| {
                // Without styles, those of figures are known by the names that they have in every language.
                name.eq_ignore_ascii_case("caption")
                    || style.is_none() && matches!(name, "Illustration" | "Figure")
            })
        });
        if is_caption {
            Role::Caption
        } else {
            Role::Text
        }
    }

    /// Whether a picture only decorates: the innermost style that says so, or the contrary, is believed.
    pub(super) fn decorates(&self, tree: &Tree<'_>, frame: At) -> bool {
        let Some(style) = Named::of_frame(tree, frame) else {
            return false;
        };
        self.chain(style.family, &style.name)
            .find_map(|(_, style)| style?.decorates)
            .unwrap_or_default()
    }
}
