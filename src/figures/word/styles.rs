//! Which paragraphs are headings and which captions, by the styles of a Word document.

use std::collections::HashMap;

use super::super::FiguresError;
use super::super::drawing;
use super::super::flow::{Role, one_line};
use super::super::package::Package;
use super::super::xml::{At, Space, Tree};

/// Styles that are based on each other.
const MOST_BASES: usize = 32;
/// The outline level of text that is no heading.
const BODY: u32 = 9;

/// The styles of paragraphs, by their ids, and the language that they begin with.
#[derive(Debug, Default)]
pub(super) struct Styles {
    roles: HashMap<String, Role>,
    pub(super) language: Option<String>,
}

#[derive(Debug)]
struct Style {
    role: Option<Role>,
    base: Option<String>,
}

impl Styles {
    pub(super) fn read(package: &mut Package<&[u8]>, part: &str) -> Result<Self, FiguresError> {
        let Some(xml) = package.optional_xml(part)? else {
            return Ok(Self::default());
        };
        let tree = Tree::parse(&xml).map_err(drawing::damaged(part))?;
        let mut styles = HashMap::new();
        for at in tree.children(0) {
            if tree.is(at, Space::Word, "style")
                && let Some(id) = tree.attribute_in(at, Space::Word, "styleId")
            {
                let base = value_of(&tree, at, "basedOn");
                let role = own_role(&tree, at);
                styles.insert(id.into_owned(), Style { role, base });
            }
        }
        let roles = styles
            .keys()
            .filter_map(|id| Some((id.clone(), role_of(&styles, id)?)))
            .collect();
        let language = tree
            .child(0, Space::Word, "docDefaults")
            .and_then(|defaults| tree.within(defaults, Space::Word, "lang"))
            .and_then(|at| tree.attribute_in(at, Space::Word, "val"))
            .and_then(|language| one_line(&language));
        Ok(Self { roles, language })
    }

    /// What a paragraph is.
    pub(super) fn role(&self, tree: &Tree<'_>, paragraph: At) -> Role {
        let Some(properties) = tree.child(paragraph, Space::Word, "pPr") else {
            return Role::Text;
        };
        if let Some(role) = outline(tree, properties) {
            return role;
        }
        let Some(style) = value_of(tree, properties, "pStyle") else {
            return Role::Text;
        };
        let known = self.roles.get(&style).copied();
        // Without styles, ids are named as Word names them in English.
        known.or_else(|| role_of_name(&style)).unwrap_or_default()
    }
}

fn value_of(tree: &Tree<'_>, at: At, name: &str) -> Option<String> {
    let at = tree.child(at, Space::Word, name)?;
    let value = tree.attribute_in(at, Space::Word, "val")?;
    Some(value.into_owned())
}

fn own_role(tree: &Tree<'_>, style: At) -> Option<Role> {
    tree.child(style, Space::Word, "pPr")
        .and_then(|properties| outline(tree, properties))
        .or_else(|| role_of_name(&value_of(tree, style, "name")?))
}

fn outline(tree: &Tree<'_>, properties: At) -> Option<Role> {
    let level: u32 = value_of(tree, properties, "outlineLvl")?.parse().ok()?;
    Some(if level < BODY {
        Role::Heading
    } else {
        Role::Text
    })
}

/// Names of built-in styles are English in every language's Word.
fn role_of_name(name: &str) -> Option<Role> {
    let name = name.to_ascii_lowercase();
    if name == "caption" {
        return Some(Role::Caption);
    }
    let level = name.strip_prefix("heading")?.trim_start();
    let is_level = level.len() == 1 && level.starts_with(|c: char| ('1'..='9').contains(&c));
    is_level.then_some(Role::Heading)
}

/// What a style is, or what it is based on; bases may go in a circle.
fn role_of(styles: &HashMap<String, Style>, id: &str) -> Option<Role> {
    let first = styles.get(id);
    std::iter::successors(first, |style| styles.get(style.base.as_ref()?))
        .take(MOST_BASES)
        .find_map(|style| style.role)
}
