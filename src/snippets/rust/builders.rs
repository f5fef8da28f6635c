//! Values as calls of the SDK's builders.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::shapes::{Kind, Struct, Union};
use crate::snippets::escape::{Escapes, quoted};
use crate::snippets::layout::{self, Style};
use crate::snippets::tree::Tree;

/// The longest chain of calls that stays on one line.
const CHAIN_WIDTH: usize = 60;

/// Writes values and remembers what they need.
#[derive(Debug, Default)]
pub(super) struct Builders {
    /// The SDK's types that were named.
    pub(super) types: BTreeSet<&'static str>,
    /// Whether there is free JSON.
    pub(super) documents: bool,
    /// Whether there are bytes.
    pub(super) blobs: bool,
}

impl Builders {
    /// The setter of a member, a line of its own; of a list one for each item.
    pub(super) fn setter(
        &mut self,
        of: &'static Struct,
        name: &str,
        value: &Tree,
        indent: usize,
    ) -> String {
        let Some((_, setter, kind)) = of.members.iter().find(|(wire, ..)| *wire == name) else {
            // Said where it is missing, so that it is noticed; the tables name all that is written.
            return format!("{}// {name} is not known here\n", " ".repeat(indent));
        };
        let space = " ".repeat(indent);
        match (kind, value) {
            (Kind::Map, Tree::Object(pairs)) => {
                pairs
                    .iter()
                    .fold(String::new(), |mut lines, (name, value)| {
                        let name = quoted(name, Escapes::Braces);
                        let value = self.value(Kind::Text, value, indent + 4, true);
                        let _ = writeln!(lines, "{space}.{setter}({name}, {value})");
                        lines
                    })
            }
            (kind, Tree::List(items)) if !matches!(kind, Kind::List(_) | Kind::Document) => {
                if items.is_empty() {
                    let setter = setter.trim_start_matches("r#");
                    return format!("{space}.set_{setter}(Some(Vec::new()))\n");
                }
                items.iter().fold(String::new(), |mut lines, item| {
                    let item = self.argument(*kind, item, indent);
                    let _ = writeln!(lines, "{space}.{setter}({item})");
                    lines
                })
            }
            (kind, value) => {
                let value = self.argument(*kind, value, indent);
                format!("{space}.{setter}({value})\n")
            }
        }
    }

    /// A value in the parentheses of a call; what has several lines begins on its own.
    fn argument(&mut self, kind: Kind, value: &Tree, indent: usize) -> String {
        if !matches!(kind, Kind::Struct(_)) {
            return self.value(kind, value, indent, true);
        }
        let written = self.value(kind, value, indent + 4, true);
        if written.contains('\n') {
            let space = " ".repeat(indent);
            return format!("\n{space}    {written},\n{space}");
        }
        written
    }

    /// A value. Setters convert texts themselves, variants do not.
    fn value(&mut self, kind: Kind, value: &Tree, indent: usize, converts: bool) -> String {
        match (kind, value) {
            (Kind::Struct(of), Tree::Object(members)) => self.structure(of, members, indent),
            (Kind::Union(of), Tree::Object(members)) => self.variant(of, members, indent),
            (Kind::List(item), Tree::List(items)) => {
                let items: Vec<_> = items
                    .iter()
                    .map(|value| self.value(*item, value, indent, false))
                    .collect();
                format!("vec![{}]", items.join(", "))
            }
            (Kind::Name(of), Tree::Text(name)) => {
                self.types.insert(of);
                format!("{of}::from({})", quoted(name, Escapes::Braces))
            }
            (Kind::Variant(of), Tree::Text(name)) => {
                self.types.insert(of);
                format!("{of}::{}", pascal_case(name))
            }
            (Kind::Document, value) => {
                self.documents = true;
                let json = layout::value(&Json, value, indent);
                format!("document({})?", raw(&json))
            }
            (Kind::Bytes, Tree::File(name)) => {
                self.blobs = true;
                let name = quoted(name, Escapes::Braces);
                format!("Blob::new(std::fs::read({name})?)")
            }
            (Kind::Bytes, Tree::Bytes(bytes)) => {
                self.blobs = true;
                format!("Blob::new(b\"{}\")", bytes.escape_ascii())
            }
            (Kind::Float, Tree::Number(number)) => {
                format!("{:?}", number.as_f64().unwrap_or_default())
            }
            (_, Tree::Text(text)) if converts => quoted(text, Escapes::Braces),
            (_, Tree::Text(text)) => format!("{}.into()", quoted(text, Escapes::Braces)),
            (_, Tree::Flag(flag)) => flag.to_string(),
            (_, Tree::Number(number)) => number.to_string(),
            _ => "Default::default()".to_owned(),
        }
    }

    fn structure(
        &mut self,
        of: &'static Struct,
        members: &[(String, Tree)],
        indent: usize,
    ) -> String {
        self.types.insert(of.name);
        let setters: Vec<_> = members
            .iter()
            .map(|(name, value)| self.setter(of, name, value, indent + 4))
            .collect();
        let end = if of.fallible { ".build()?" } else { ".build()" };
        let begin = format!("{}::builder()", of.name);
        // What is short stands on one line, as the formatter would have it.
        if setters
            .iter()
            .all(|setter| setter.trim_end().lines().count() == 1)
        {
            let calls: String = setters.iter().map(|setter| setter.trim()).collect();
            if begin.len() + calls.len() + end.len() <= CHAIN_WIDTH {
                return format!("{begin}{calls}{end}");
            }
        }
        let space = " ".repeat(indent + 4);
        format!("{begin}\n{}{space}{end}", setters.concat())
    }

    fn variant(&mut self, of: &'static Union, members: &[(String, Tree)], indent: usize) -> String {
        self.types.insert(of.name);
        let Some((name, value)) = members.first() else {
            return "Default::default()".to_owned();
        };
        let Some((_, variant, kind)) = of.members.iter().find(|(wire, ..)| wire == name) else {
            return format!("/* {name} is not known here */");
        };
        let value = match kind {
            Kind::Struct(of) => match value {
                Tree::Object(inner) if inner.is_empty() => self.structure(of, inner, indent),
                Tree::Object(inner) => {
                    let space = " ".repeat(indent);
                    let inner = self.structure(of, inner, indent + 4);
                    if inner.contains('\n') {
                        format!("\n{space}    {inner},\n{space}")
                    } else {
                        inner
                    }
                }
                _ => "Default::default()".to_owned(),
            },
            kind => self.value(*kind, value, indent, false),
        };
        format!("{}::{variant}({value})", of.name)
    }
}

/// `end_turn` as `EndTurn`.
fn pascal_case(name: &str) -> String {
    name.split('_')
        .map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(letters).collect::<String>()
        })
        .collect()
}

/// JSON, for the inside of a raw text.
struct Json;

impl Style for Json {
    const INDENT: usize = 4;
    const LAST_COMMA: bool = false;
    const AIRY: bool = false;

    fn null(&self) -> &'static str {
        "null"
    }

    fn flag(&self, flag: bool) -> &'static str {
        if flag { "true" } else { "false" }
    }

    fn text(&self, text: &str) -> String {
        quoted(text, Escapes::Json)
    }

    fn file(&self, _: &str) -> String {
        self.null().to_owned()
    }

    fn bytes(&self, _: &[u8]) -> String {
        self.null().to_owned()
    }
}

/// A raw text with as many hashes as keep it from ending early.
fn raw(text: &str) -> String {
    let mut hashes = String::new();
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{text}\"{hashes}")
}
