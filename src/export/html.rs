//! One HTML page that needs nothing else: no script, no font, no address it would fetch from.
//!
//! Whatever was said is untrusted. Text is escaped; Markdown of answers goes through
//! [`answer`], which lets no markup of theirs through; and a policy in the head forbids the browser
//! what should not be there anyway.

mod answer;

pub(crate) use answer::write as answer_as_html;

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::Export;
use super::facts::{self, Fact};
use super::markdown::simulated;
use super::pieces::{Numbers, Piece};
use crate::chat::{Image, InvocationStatus, MediaSource, Role, SystemBlock, Turn};

const STYLE: &str = include_str!("html/style.css");

/// Pictures from the page itself and the style in it; nothing else, from nowhere.
const POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; \
                      base-uri 'none'; form-action 'none'";

pub(super) fn write(export: &Export<'_>) -> String {
    let mut page = String::new();
    let mut about = vec![("Date", export.date.to_owned())];
    about.extend(facts::of_head(export.head));
    table(&mut page, "About this conversation", &about);
    if simulated(export.turns) {
        let words = facts::SOME_SIMULATED;
        let _ = writeln!(page, "<p class=\"simulated\">{words}</p>");
    }
    for block in &export.head.system {
        if let SystemBlock::Text(text) | SystemBlock::GuardText { text, .. } = block {
            page.push_str("<article class=\"system\">\n<h2>System</h2>\n");
            plain(&mut page, text);
            page.push_str("</article>\n");
        }
    }
    let mut numbers = Numbers::default();
    for turn in export.turns {
        write_turn(&mut page, turn, &mut numbers);
    }
    page_as_html(export.title, &page)
}

/// A whole page around what stands in it.
pub(crate) fn page_as_html(title: &str, body: &str) -> String {
    let title = escaped(title);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1 dir=\"auto\">{title}</h1>\n{body}</main>\n</body>\n</html>\n"
    )
}

fn write_turn(page: &mut String, turn: &Turn, numbers: &mut Numbers) {
    let (class, name) = match turn.message.role {
        Role::User => ("user", "User"),
        Role::Assistant => ("assistant", "Assistant"),
    };
    let _ = writeln!(
        page,
        "<article class=\"{class}\">\n<h2>{name}</h2>\n<div class=\"words\">"
    );
    let is_answer = turn.message.role == Role::Assistant;
    pieces(page, &numbers.pieces(&turn.message.content), is_answer);
    page.push_str("</div>\n");
    if let Some(invocation) = &turn.invocation {
        if invocation.simulated {
            let _ = writeln!(page, "<p class=\"simulated\">{}</p>", facts::SIMULATED);
        } else if invocation.model_id.is_local() {
            let _ = writeln!(page, "<p>{}</p>", facts::LOCAL);
        }
        if let InvocationStatus::Failed(failure) = &invocation.status {
            let _ = writeln!(
                page,
                "<p class=\"failure\" dir=\"auto\">{}: {}</p>",
                escaped(&failure.code),
                escaped(&failure.message)
            );
        }
        table(page, "About this answer", &facts::of_invocation(invocation));
    }
    page.push_str("</article>\n");
}

fn pieces(page: &mut String, content: &[Piece<'_>], is_answer: bool) {
    for piece in content {
        match piece {
            Piece::Text(text) if is_answer => answer::write(page, text),
            Piece::Text(text) => plain(page, text),
            Piece::Thought(text) => {
                page.push_str("<details>\n<summary>Reasoning</summary>\n");
                answer::write(page, text);
                page.push_str("</details>\n");
            }
            Piece::Picture(name, image) => picture(page, name, image),
            Piece::Named(name) => {
                let _ = writeln!(page, "<p dir=\"auto\">[{}]</p>", escaped(name));
            }
            Piece::Code(title, code) => {
                let _ = writeln!(
                    page,
                    "<details>\n<summary>{}</summary>\n<pre><code>{}</code></pre>\n</details>",
                    escaped(title),
                    escaped(code)
                );
            }
            Piece::Group(title, inner) => {
                let _ = writeln!(page, "<details>\n<summary>{}</summary>", escaped(title));
                // What tools gave is nobody's Markdown.
                pieces(page, inner, false);
                page.push_str("</details>\n");
            }
            Piece::Sources(sources) => {
                page.push_str("<ol>\n");
                for (title, address) in sources {
                    let title = escaped(title);
                    let item = match address {
                        Some(address) if answer::may_be_linked(address) => {
                            format!("{}{title}</a>", answer::link(address))
                        }
                        Some(address) => format!("{title} ({})", escaped(address)),
                        None => title,
                    };
                    let _ = writeln!(page, "<li dir=\"auto\">{item}</li>");
                }
                page.push_str("</ol>\n");
            }
        }
    }
}

/// Words as they were typed, line breaks and all. Which language they are in is not known.
fn plain(page: &mut String, text: &str) {
    let _ = writeln!(
        page,
        "<p class=\"plain\" dir=\"auto\" lang=\"\">{}</p>",
        escaped(text)
    );
}

fn picture(page: &mut String, name: &str, image: &Image) {
    let name = escaped(name);
    match &image.source {
        MediaSource::Bytes(bytes) => {
            let _ = writeln!(
                page,
                "<figure>\n<img alt=\"{name}\" src=\"data:image/{};base64,{}\">\n\
                 <figcaption>{name}</figcaption>\n</figure>",
                image.format.as_str(),
                BASE64.encode(bytes)
            );
        }
        MediaSource::S3 { .. } | MediaSource::Unknown => {
            let _ = writeln!(page, "<p>[{name}]</p>");
        }
    }
}

fn table(page: &mut String, title: &str, facts: &[Fact]) {
    let _ = writeln!(
        page,
        "<details class=\"facts\">\n<summary>{title}</summary>\n<table>"
    );
    for (name, value) in facts {
        let _ = writeln!(
            page,
            "<tr><th scope=\"row\">{name}</th><td dir=\"auto\">{}</td></tr>",
            escaped(value)
        );
    }
    page.push_str("</table>\n</details>\n");
}

/// Text that is nothing but text, in an element and in an attribute.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // HTML has no way to write most of these.
            c if c.is_control() && !matches!(c, '\n' | '\t') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
