//! Markdown of an answer as HTML that cannot do anything.
//!
//! Markup in it is shown as text. Links lead to web and mail addresses only; pictures are not
//! fetched but linked, since fetching one tells its server who reads.

use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};

use super::escaped;

/// Writes an answer.
pub(crate) fn write(page: &mut String, markdown: &str) {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut open_links = Vec::new();
    let events =
        Parser::new_ext(markdown, options).filter_map(|event| tamed(event, &mut open_links));
    page.push_str("<div lang=\"\" dir=\"auto\">\n");
    html::push_html(page, events);
    page.push_str("</div>\n");
}

/// An event without what it must not have. Words of theirs leave as text, which is escaped; only
/// words of ours leave as HTML.
fn tamed<'a>(event: Event<'a>, open_links: &mut Vec<bool>) -> Option<Event<'a>> {
    Some(match event {
        Event::Html(markup) | Event::InlineHtml(markup) => Event::Text(markup),
        Event::Start(Tag::HtmlBlock) => ours("<p class=\"plain\" dir=\"auto\">"),
        Event::End(TagEnd::HtmlBlock | TagEnd::Paragraph) => ours("</p>\n"),
        // Each paragraph has its own direction; languages are mixed.
        Event::Start(Tag::Paragraph) => ours("<p dir=\"auto\">"),
        Event::Start(Tag::Item) => ours("<li dir=\"auto\">"),
        Event::End(TagEnd::Item) => ours("</li>\n"),
        Event::Start(Tag::Heading { level, .. }) => {
            ours(format!("<{} dir=\"auto\">", below(level)))
        }
        Event::End(TagEnd::Heading(level)) => ours(format!("</{}>\n", below(level))),
        Event::Start(
            Tag::Link {
                link_type,
                dest_url,
                ..
            }
            | Tag::Image {
                link_type,
                dest_url,
                ..
            },
        ) => {
            let dest_url = match link_type {
                LinkType::Email => format!("mailto:{dest_url}").into(),
                _ => dest_url,
            };
            let linked = may_be_linked(&dest_url);
            open_links.push(linked);
            if !linked {
                return None;
            }
            ours(link(&dest_url))
        }
        Event::End(TagEnd::Link | TagEnd::Image) => {
            if !open_links.pop().unwrap_or_default() {
                return None;
            }
            ours("</a>")
        }
        event => event,
    })
}

fn ours<'a>(markup: impl Into<CowStr<'a>>) -> Event<'a> {
    Event::InlineHtml(markup.into())
}

/// Headings of an answer stand below those of the page.
fn below(level: HeadingLevel) -> &'static str {
    match level {
        HeadingLevel::H1 => "h3",
        HeadingLevel::H2 => "h4",
        HeadingLevel::H3 => "h5",
        HeadingLevel::H4 | HeadingLevel::H5 | HeadingLevel::H6 => "h6",
    }
}

/// Whether an address is of the web or of mail. Others are programs, files, or other places.
pub(super) fn may_be_linked(address: &str) -> bool {
    let address = address.to_ascii_lowercase();
    ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| address.starts_with(scheme))
}

/// The beginning of a link; what it leads to learns nothing of this page.
pub(super) fn link(address: &str) -> String {
    format!(
        "<a href=\"{}\" rel=\"noopener noreferrer nofollow\">",
        escaped(address)
    )
}
