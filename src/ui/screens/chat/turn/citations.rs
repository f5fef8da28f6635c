//! What an answer rests on.

use egui::{CollapsingHeader, Label, RichText, Ui};

use crate::chat::{Citation, CitationLocation};
use crate::ui::theme::{self, palette, space};

/// Lists the sources, folded.
pub fn ui(ui: &mut Ui, citations: &[Citation]) {
    let title = match citations.len() {
        1 => "1 source cited".to_owned(),
        count => format!("{count} sources cited"),
    };
    let secondary = palette(ui).text_secondary;
    CollapsingHeader::new(theme::small(title))
        .id_salt("citations")
        .show(ui, |ui| {
            for (index, citation) in citations.iter().enumerate() {
                let name = citation
                    .title
                    .as_deref()
                    .or(citation.source.as_deref())
                    .unwrap_or("A source without a title");
                let place = citation.location.as_ref().map(place).unwrap_or_default();
                let head = format!("{}. {name}", index + 1);
                ui.add(Label::new(theme::strong(head)).wrap());
                if !place.is_empty() {
                    ui.add(Label::new(theme::small(place).color(secondary)).wrap());
                }
                for words in &citation.source_content {
                    ui.add(Label::new(RichText::new(format!("“{words}”")).italics()).wrap());
                }
                ui.add_space(space::XXS);
            }
        });
}

fn place(location: &CitationLocation) -> String {
    match location {
        CitationLocation::Web { url, domain } => url
            .as_deref()
            .or(domain.as_deref())
            .unwrap_or("the web")
            .to_owned(),
        CitationLocation::DocumentChar {
            document,
            start,
            end,
        } => within("document", *document, "characters", *start, *end),
        CitationLocation::DocumentPage {
            document,
            start,
            end,
        } => within("document", *document, "pages", *start, *end),
        CitationLocation::DocumentChunk {
            document,
            start,
            end,
        } => within("document", *document, "chunks", *start, *end),
        CitationLocation::SearchResult {
            search_result,
            start,
            end,
        } => within("search result", *search_result, "blocks", *start, *end),
        CitationLocation::Unknown => "a place this version does not know".to_owned(),
    }
}

/// People count documents from 1; what lies within them is told as the service does, the end not
/// included.
fn within(
    kind: &str,
    index: Option<u32>,
    unit: &str,
    start: Option<u32>,
    end: Option<u32>,
) -> String {
    let which = match index {
        Some(index) => format!("{kind} {}", index + 1),
        None => kind.to_owned(),
    };
    match (start, end) {
        (Some(start), Some(end)) => format!("{which}, {unit} {start} to {end}"),
        (Some(start), None) => format!("{which}, {unit} from {start}"),
        _ => which,
    }
}
