//! The content blocks of a message. Every kind has a place; what is unknown is shown as such.

use egui::{CollapsingHeader, Label, RichText, Ui};
use egui_commonmark::CommonMarkCache;

use super::{TurnView, citations};
use crate::chat::{
    CacheTtl, ContentBlock, Message, Reasoning, Role, ToolResult, ToolResultContent,
    ToolResultStatus,
};
use crate::ui::icons::{self, Icon};
use crate::ui::screens::chat::pictures::is_shown_as_preview;
use crate::ui::theme::{self, palette, size};
use crate::ui::widgets::{Markdown, bidi, tiles};

/// Draws the pictures and documents that were sent.
pub fn previews(ui: &mut Ui, view: &TurnView) -> Option<usize> {
    if view.previews.is_empty() {
        return None;
    }
    let mut looked_at = None;
    let least = size::SENT_IMAGE_LEAST;
    tiles(ui, view.previews.len(), least, |ui, place, width| {
        let preview = &view.previews[place];
        ui.vertical(|ui| {
            ui.set_max_width(width);
            if preview.picture_to_look_at(ui, size::SENT_IMAGE.min(width)) {
                looked_at = Some(place);
            }
            let caption = format!("{}, {}", preview.name, preview.caption);
            ui.label(theme::small(caption).color(palette(ui).text_secondary));
        });
    });
    looked_at
}

/// Draws what a message says; the place among its previews of a picture that shall be looked at closely.
pub fn content(
    ui: &mut Ui,
    view: &mut TurnView,
    message: &Message,
    cache: &mut CommonMarkCache,
) -> Option<usize> {
    let looked_at = previews(ui, view);
    let drawn_as_previews = !view.previews.is_empty();
    view.texts
        .resize_with(message.content.len(), Markdown::default);
    for (index, (block, markdown)) in message.content.iter().zip(&mut view.texts).enumerate() {
        if drawn_as_previews && is_shown_as_preview(block) {
            continue;
        }
        ui.push_id(index, |ui| {
            block_ui(ui, block, markdown, message.role, cache);
        });
    }
    looked_at
}

fn block_ui(
    ui: &mut Ui,
    block: &ContentBlock,
    markdown: &mut Markdown,
    role: Role,
    cache: &mut CommonMarkCache,
) {
    match block {
        // What a person wrote is shown as written; only answers are Markdown.
        ContentBlock::Text(text) if role == Role::User => bidi::label(ui, text),
        ContentBlock::Text(text) => markdown.ui(ui, cache, text),
        ContentBlock::Citations(cited) => {
            markdown.ui(ui, cache, &cited.content.concat());
            citations::ui(ui, &cited.citations);
        }
        ContentBlock::Reasoning(Reasoning::Text { text, .. }) => {
            CollapsingHeader::new("Reasoning")
                .id_salt("reasoning")
                .show(ui, |ui| {
                    markdown.ui(ui, cache, text);
                });
        }
        ContentBlock::Reasoning(Reasoning::Redacted(_)) => note(
            ui,
            icons::REASONING,
            "Reasoning that the provider keeps encrypted",
        ),
        ContentBlock::ToolUse(tool) => {
            let by = if tool.is_run_by_service() {
                "The service runs the tool"
            } else {
                "Asks for the tool"
            };
            note(ui, icons::TOOL, &format!("{by} {}", tool.name));
            json(ui, &tool.input);
        }
        ContentBlock::ToolResult(result) => tool_result(ui, result),
        ContentBlock::Image(_) | ContentBlock::GuardImage(_) => note(ui, icons::IMAGE, "An image"),
        ContentBlock::Document(document) => note(ui, icons::DOCUMENT, &document.name),
        ContentBlock::Video(_) => note(ui, icons::VIDEO, "A video"),
        ContentBlock::Audio { .. } => note(ui, icons::DOCUMENT, "Audio"),
        ContentBlock::GuardText { text, .. } => {
            bidi::label(ui, text);
            note(ui, icons::SHIELD, "Marked for the guardrail");
        }
        ContentBlock::CachePoint(point) => {
            let text = match point.ttl {
                Some(CacheTtl::OneHour) => "Cached up to here, for an hour",
                Some(CacheTtl::FiveMinutes) | None => "Cached up to here",
            };
            note(ui, icons::CACHE, text);
        }
        ContentBlock::SearchResult(result) => note(ui, icons::SEARCH, &result.title),
        ContentBlock::Unknown(name) => note(
            ui,
            icons::WARNING,
            &format!("A part this version does not know: {name}"),
        ),
    }
}

/// A line with an icon, in small print.
pub fn note(ui: &mut Ui, icon: Icon, text: &str) {
    let color = palette(ui).text_secondary;
    ui.horizontal(|ui| {
        icons::paint(ui, icon, size::ICON, color);
        ui.add(Label::new(RichText::new(text).color(color)).wrap());
    });
}

fn json(ui: &mut Ui, value: &serde_json::Value) {
    let text = match value {
        // Half an object, from a stream that was cut.
        serde_json::Value::String(text) => text.clone(),
        value => serde_json::to_string_pretty(value).unwrap_or_default(),
    };
    ui.add(Label::new(RichText::new(text).monospace()).wrap());
}

fn tool_result(ui: &mut Ui, result: &ToolResult) {
    let outcome = match result.status {
        Some(ToolResultStatus::Error) => "Error from the tool call",
        Some(ToolResultStatus::Success) | None => "Result of the tool call",
    };
    note(
        ui,
        icons::TOOL,
        &format!("{outcome} {}", result.tool_use_id),
    );
    for content in &result.content {
        match content {
            ToolResultContent::Text(text) => bidi::label(ui, text),
            ToolResultContent::Json(value) => json(ui, value),
            ToolResultContent::Image(_) => note(ui, icons::IMAGE, "An image"),
            ToolResultContent::Document(document) => note(ui, icons::DOCUMENT, &document.name),
            ToolResultContent::Video(_) => note(ui, icons::VIDEO, "A video"),
            ToolResultContent::SearchResult(found) => note(ui, icons::SEARCH, &found.title),
            ToolResultContent::Unknown(name) => note(
                ui,
                icons::WARNING,
                &format!("A part this version does not know: {name}"),
            ),
        }
    }
}
