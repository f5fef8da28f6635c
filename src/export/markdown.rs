//! Markdown, for reading and for other programs' notes.

use std::fmt::Write as _;

use super::Export;
use super::facts::{self, Fact};
use super::pieces::{Numbers, Piece};
use crate::chat::{InvocationStatus, Role, SystemBlock, Turn};

pub(super) fn write(export: &Export<'_>) -> String {
    let mut page = Page::default();
    page.paragraph(&format!("# {}", one_line(export.title)));
    let mut about = vec![("Date", export.date.to_owned())];
    about.extend(facts::of_head(export.head));
    page.table(&about);
    if simulated(export.turns) {
        page.paragraph(&format!("> **{}**", facts::SOME_SIMULATED));
    }
    for block in &export.head.system {
        if let SystemBlock::Text(text) | SystemBlock::GuardText { text, .. } = block {
            page.paragraph("## System");
            page.text(text);
        }
    }
    let mut numbers = Numbers::default();
    for turn in export.turns {
        page.turn(turn, &mut numbers);
    }
    page.0
}

pub(super) fn simulated(turns: &[&Turn]) -> bool {
    turns
        .iter()
        .filter_map(|turn| turn.invocation.as_ref())
        .any(|invocation| invocation.simulated)
}

#[derive(Default)]
struct Page(String);

impl Page {
    /// A block with an empty line before it.
    fn paragraph(&mut self, text: &str) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.0.push_str(text);
        self.0.push('\n');
    }

    /// What somebody wrote, as it is; a fence left open is closed, or it would swallow the rest.
    fn text(&mut self, text: &str) {
        let text = text.trim_end();
        if text.is_empty() {
            return;
        }
        self.paragraph(&whole_markdown(text));
    }

    fn table(&mut self, facts: &[Fact]) {
        let mut table = String::from("| | |\n|---|---|");
        for (name, value) in facts {
            let _ = write!(table, "\n| {name} | {} |", cell(value));
        }
        self.paragraph(&table);
    }

    fn turn(&mut self, turn: &Turn, numbers: &mut Numbers) {
        match turn.message.role {
            Role::User => self.paragraph("## User"),
            Role::Assistant => match &turn.invocation {
                Some(invocation) if invocation.simulated => {
                    self.paragraph("## Assistant (simulated)");
                }
                _ => self.paragraph("## Assistant"),
            },
        }
        self.pieces(&numbers.pieces(&turn.message.content));
        let Some(invocation) = &turn.invocation else {
            return;
        };
        if invocation.simulated {
            self.paragraph(&format!("> **{}**", facts::SIMULATED));
        } else if invocation.model_id.is_local() {
            self.paragraph(&format!("> {}", facts::LOCAL));
        }
        if let InvocationStatus::Failed(failure) = &invocation.status {
            self.paragraph(&format!(
                "> **{}**: {}",
                one_line(&failure.code),
                one_line(&failure.message)
            ));
        }
        self.table(&facts::of_invocation(invocation));
    }

    fn pieces(&mut self, pieces: &[Piece<'_>]) {
        for piece in pieces {
            match piece {
                Piece::Text(text) => self.text(text),
                Piece::Thought(text) => {
                    let quoted: Vec<_> = text
                        .trim_end()
                        .lines()
                        .map(|line| format!("> {line}").trim_end().to_owned())
                        .collect();
                    self.paragraph(&format!("> **Reasoning**\n>\n{}", quoted.join("\n")));
                }
                Piece::Picture(name, _) | Piece::Named(name) => {
                    self.paragraph(&format!("*[{}]*", escaped(name)));
                }
                Piece::Code(title, code) => {
                    self.paragraph(&format!("**{}**", escaped(title)));
                    self.paragraph(&fenced(code, "json"));
                }
                Piece::Group(title, pieces) => {
                    self.paragraph(&format!("**{}**", escaped(title)));
                    self.pieces(pieces);
                }
                Piece::Sources(sources) => {
                    let lines: Vec<_> = sources
                        .iter()
                        .enumerate()
                        .map(|(index, (title, address))| {
                            let number = index + 1;
                            let title = escaped(title);
                            match address {
                                Some(address) => {
                                    format!("{number}. {title} — <{}>", one_line(address))
                                }
                                None => format!("{number}. {title}"),
                            }
                        })
                        .collect();
                    self.paragraph(&lines.join("\n"));
                }
            }
        }
    }
}

/// A text with the fence closed that it leaves open.
pub(crate) fn whole_markdown(text: &str) -> String {
    match open_fence(text) {
        Some(fence) => format!("{text}\n{fence}"),
        None => text.to_owned(),
    }
}

/// A text in a fence that nothing in it ends.
pub(crate) fn fenced(text: &str, language: &str) -> String {
    let fence = fence_around(text);
    format!("{fence}{language}\n{text}\n{fence}")
}

/// The fence that a text leaves open.
fn open_fence(text: &str) -> Option<String> {
    let mut open: Option<(char, usize)> = None;
    for line in text.lines() {
        let inner = line.trim_start_matches(' ');
        if line.len() - inner.len() > 3 {
            continue;
        }
        let Some(mark) = inner.chars().next().filter(|c| matches!(c, '`' | '~')) else {
            continue;
        };
        let length = inner.chars().take_while(|c| *c == mark).count();
        let rest = &inner[length..];
        match open {
            None if length >= 3 && !(mark == '`' && rest.contains('`')) => {
                open = Some((mark, length));
            }
            Some((of, least)) if of == mark && length >= least && rest.trim().is_empty() => {
                open = None;
            }
            _ => {}
        }
    }
    open.map(|(mark, length)| mark.to_string().repeat(length))
}

/// A fence longer than any in the code.
fn fence_around(code: &str) -> String {
    let longest = code
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    "`".repeat((longest + 1).max(3))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Words of ours around words of theirs: what would be markup is not.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        if "\\`*_[]<>|".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

fn cell(text: &str) -> String {
    escaped(text)
}
