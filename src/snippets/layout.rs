//! Trees as nested literals: on one line where there is room, else one member a line.

use serde_json::Number;

use super::tree::Tree;

/// Where lines end, roughly.
const WIDTH: usize = 96;

/// How a language writes values.
pub(super) trait Style {
    /// Spaces for each level.
    const INDENT: usize;
    /// Whether the last member of several lines is followed by a comma.
    const LAST_COMMA: bool;
    /// Whether an object on one line has spaces inside its braces.
    const AIRY: bool;

    fn null(&self) -> &'static str;
    fn flag(&self, flag: bool) -> &'static str;
    fn number(&self, number: &Number) -> String {
        number.to_string()
    }
    fn text(&self, text: &str) -> String;
    fn file(&self, name: &str) -> String;
    fn bytes(&self, bytes: &[u8]) -> String;
    fn key(&self, name: &str) -> String {
        self.text(name)
    }
}

/// A value that begins in column `indent` plus what stands before it on the line.
pub(super) fn value(style: &impl Style, tree: &Tree, indent: usize) -> String {
    if let Some(line) = on_one_line(style, tree, WIDTH.saturating_sub(indent)) {
        return line;
    }
    match tree {
        Tree::List(items) => {
            let inside = indent + indent_of(style);
            let items = items.iter().map(|item| value(style, item, inside));
            lines(style, "[", items, "]", indent)
        }
        Tree::Object(members) => {
            let inside = indent + indent_of(style);
            let members = members.iter().map(|(name, member)| {
                format!("{}: {}", style.key(name), value(style, member, inside))
            });
            lines(style, "{", members, "}", indent)
        }
        Tree::Call(function, argument) => format!("{function}({})", value(style, argument, indent)),
        leaf => self::leaf(style, leaf),
    }
}

fn indent_of<S: Style>(_: &S) -> usize {
    S::INDENT
}

fn lines<S: Style>(
    _: &S,
    open: &str,
    items: impl Iterator<Item = String>,
    close: &str,
    indent: usize,
) -> String {
    let inside = " ".repeat(indent + S::INDENT);
    let separator = format!(",\n{inside}");
    let items = items.collect::<Vec<_>>().join(&separator);
    let last = if S::LAST_COMMA { "," } else { "" };
    format!(
        "{open}\n{inside}{items}{last}\n{}{close}",
        " ".repeat(indent)
    )
}

fn leaf(style: &impl Style, tree: &Tree) -> String {
    match tree {
        Tree::Flag(flag) => style.flag(*flag).to_owned(),
        Tree::Number(number) => style.number(number),
        Tree::Text(text) => style.text(text),
        Tree::File(name) => style.file(name),
        Tree::Bytes(bytes) => style.bytes(bytes),
        Tree::Null | Tree::List(_) | Tree::Object(_) | Tree::Call(..) => style.null().to_owned(),
    }
}

/// The value on one line, unless that would be too long. Gives up early, so that trees of any size
/// are laid out in little time.
fn on_one_line<S: Style>(style: &S, tree: &Tree, room: usize) -> Option<String> {
    let (open, close, items) = match tree {
        Tree::List(items) => {
            let mut left = room;
            let mut parts = Vec::with_capacity(items.len());
            for item in items {
                let part = on_one_line(style, item, left)?;
                left = left.checked_sub(part.chars().count() + 2)?;
                parts.push(part);
            }
            ("[", "]", parts)
        }
        Tree::Object(members) if members.is_empty() => return Some("{}".to_owned()),
        Tree::Object(members) => {
            let mut left = room;
            let mut parts = Vec::with_capacity(members.len());
            for (name, member) in members {
                let key = style.key(name);
                left = left.checked_sub(key.chars().count() + 2)?;
                let part = on_one_line(style, member, left)?;
                left = left.checked_sub(part.chars().count() + 2)?;
                parts.push(format!("{key}: {part}"));
            }
            if S::AIRY {
                ("{ ", " }", parts)
            } else {
                ("{", "}", parts)
            }
        }
        Tree::Call(function, argument) => {
            let room = room.checked_sub(function.len() + 2)?;
            return Some(format!(
                "{function}({})",
                on_one_line(style, argument, room)?
            ));
        }
        Tree::Text(text) if text.len() > room.saturating_mul(4) => return None,
        tree => {
            let leaf = leaf(style, tree);
            return (leaf.chars().count() <= room).then_some(leaf);
        }
    };
    let line = format!("{open}{}{close}", items.join(", "));
    (line.chars().count() <= room).then_some(line)
}
