//! One turn on screen: who speaks, what they said, and for an answer what it took.

use egui::{CollapsingHeader, CornerRadius, Frame, Label, Margin, RichText, Ui};
use egui_commonmark::CommonMarkCache;

use super::metrics::{self, AnswerCost};
use crate::chat::{
    ContentBlock, Invocation, InvocationStatus, Message, Reasoning, Role, StopReason, Turn,
};
use crate::ui::icons::{self, Icon};
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    Alert, AlertKind, Markdown, Preview, Tone, badge, failure_alert, icon_button, link_button,
    secondary_button,
};
use crate::ui::{Command, Commands};

/// What is remembered of a turn between frames.
#[derive(Default)]
pub struct TurnView {
    /// As it was when last drawn; `None` when it must be measured.
    pub height: Option<f32>,
    previews: Vec<Preview>,
    texts: Vec<Markdown>,
    cost: Option<AnswerCost>,
}

impl TurnView {
    /// A turn with pictures.
    pub fn with_previews(previews: Vec<Preview>) -> Self {
        Self {
            previews,
            ..Self::default()
        }
    }
}

/// Draws a turn.
pub fn ui(
    ui: &mut Ui,
    view: &mut TurnView,
    turn: &Turn,
    is_last: bool,
    cache: &mut CommonMarkCache,
    commands: &mut Commands,
) {
    let palette = palette(ui);
    let fill = match turn.message.role {
        Role::User => palette.raised,
        Role::Assistant => palette.background,
    };
    Frame::new()
        .fill(fill)
        .corner_radius(CornerRadius::same(size::RADIUS_CONTAINER))
        .inner_margin(Margin::symmetric(14, 12))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            head(ui, turn);
            content(ui, view, &turn.message, cache);
            if let Some(invocation) = &turn.invocation {
                answer(ui, view, turn, invocation, is_last, commands);
            }
        });
    ui.add_space(space::XXS);
}

fn head(ui: &mut Ui, turn: &Turn) {
    let palette = palette(ui);
    let (icon, name): (Icon, &str) = match &turn.invocation {
        Some(invocation) => (icons::MODEL, invocation.model_id.as_str()),
        None => (icons::PERSON, "You"),
    };
    ui.horizontal(|ui| {
        icons::paint(ui, icon, size::ICON, palette.text_secondary);
        ui.label(
            theme::strong(name)
                .color(palette.text_secondary)
                .size(theme::font::SMALL),
        );
        if turn
            .invocation
            .as_ref()
            .is_some_and(|invocation| invocation.simulated)
        {
            badge(ui, "Simulated", Tone::Warning);
        }
        if !turn.message.text().is_empty() {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let name = if turn.invocation.is_some() {
                    "Copy answer"
                } else {
                    "Copy prompt"
                };
                if icon_button(ui, icons::COPY, name).clicked() {
                    ui.ctx().copy_text(turn.message.text());
                }
            });
        }
    });
}

fn content(ui: &mut Ui, view: &mut TurnView, message: &Message, cache: &mut CommonMarkCache) {
    if !view.previews.is_empty() {
        ui.horizontal_wrapped(|ui| {
            for preview in &view.previews {
                ui.vertical(|ui| {
                    preview.image(ui, size::SENT_IMAGE);
                    let caption = format!("{}, {}", preview.name, preview.caption);
                    ui.label(theme::small(caption).color(palette(ui).text_secondary));
                });
            }
        });
    }
    view.texts
        .resize_with(message.content.len(), Markdown::default);
    for (index, (block, markdown)) in message.content.iter().zip(&mut view.texts).enumerate() {
        ui.push_id(index, |ui| {
            block_ui(ui, block, markdown, message.role, cache);
        });
    }
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
        ContentBlock::Text(text) if role == Role::User => {
            ui.add(Label::new(text).wrap());
        }
        ContentBlock::Text(text) => markdown.ui(ui, cache, text),
        ContentBlock::Citations(cited) => {
            markdown.ui(ui, cache, &cited.content.concat());
            note(
                ui,
                icons::INFO,
                &format!("{} sources cited", cited.citations.len()),
            );
        }
        ContentBlock::Reasoning(Reasoning::Text { text, .. }) => {
            CollapsingHeader::new("Reasoning")
                .id_salt("reasoning")
                .show(ui, |ui| {
                    markdown.ui(ui, cache, text);
                });
        }
        ContentBlock::Reasoning(Reasoning::Redacted(_)) => {
            note(
                ui,
                icons::REASONING,
                "Reasoning that the provider keeps encrypted",
            );
        }
        ContentBlock::ToolUse(tool) => {
            note(ui, icons::TOOL, &format!("Asks for the tool {}", tool.name));
            let arguments = serde_json::to_string_pretty(&tool.input).unwrap_or_default();
            ui.add(Label::new(RichText::new(arguments).monospace()).wrap());
        }
        ContentBlock::ToolResult(result) => {
            note(
                ui,
                icons::TOOL,
                &format!("Result of the tool call {}", result.tool_use_id),
            );
        }
        // Pictures are drawn from their previews.
        ContentBlock::Image(_) if role == Role::User => {}
        ContentBlock::Image(_) | ContentBlock::GuardImage(_) => note(ui, icons::IMAGE, "An image"),
        ContentBlock::Document(document) => note(ui, icons::DOCUMENT, &document.name),
        ContentBlock::Video(_) => note(ui, icons::DOCUMENT, "A video"),
        ContentBlock::Audio { .. } => note(ui, icons::DOCUMENT, "Audio"),
        ContentBlock::GuardText { text, .. } => {
            ui.add(Label::new(text).wrap());
        }
        ContentBlock::CachePoint(_) => note(ui, icons::INFO, "Cache point"),
        ContentBlock::SearchResult(result) => note(ui, icons::SEARCH, &result.title),
        ContentBlock::Unknown(name) => {
            note(
                ui,
                icons::WARNING,
                &format!("A part this version does not know: {name}"),
            );
        }
    }
}

fn note(ui: &mut Ui, icon: Icon, text: &str) {
    let color = palette(ui).text_secondary;
    ui.horizontal(|ui| {
        icons::paint(ui, icon, size::ICON, color);
        ui.add(Label::new(RichText::new(text).color(color)).wrap());
    });
}

fn answer(
    ui: &mut Ui,
    view: &mut TurnView,
    turn: &Turn,
    invocation: &Invocation,
    is_last: bool,
    commands: &mut Commands,
) {
    let nothing_yet = turn.message.content.is_empty();
    match &invocation.status {
        InvocationStatus::Waiting | InvocationStatus::Streaming => {
            if nothing_yet {
                waiting(ui, invocation);
            }
            return;
        }
        InvocationStatus::Failed(failure) => {
            if !nothing_yet {
                note(
                    ui,
                    icons::WARNING,
                    "The answer ended early; this is what came",
                );
            }
            failure_alert(ui, failure, |ui| {
                if let Some(id) = failure.use_instead.as_ref().filter(|_| is_last)
                    && link_button(ui, &format!("Ask {id}")).clicked()
                {
                    commands.push(Command::UseModel(id.clone()));
                    commands.push(Command::Regenerate);
                }
                if is_last && link_button(ui, "Ask again").clicked() {
                    commands.push(Command::Regenerate);
                }
                if link_button(ui, "Choose another model…").clicked() {
                    commands.push(Command::ChooseModel);
                }
            });
        }
        InvocationStatus::Stopped => note(ui, icons::STOP, "Stopped; what came before is kept"),
        InvocationStatus::Complete => remarks(ui, invocation, nothing_yet),
    }
    if invocation.usage.is_some() {
        let cost = view.cost.get_or_insert_with(|| AnswerCost::of(invocation));
        metrics::ui(ui, invocation, cost);
    } else if matches!(invocation.status, InvocationStatus::Stopped) {
        let text = "The service tells tokens only at the end of an answer, so the cost of this one is unknown";
        ui.label(theme::small(text).color(palette(ui).text_secondary));
    }
    if is_last && !matches!(invocation.status, InvocationStatus::Failed(_)) {
        ui.horizontal(|ui| {
            if secondary_button(ui, icons::RETRY, "Regenerate").clicked() {
                commands.push(Command::Regenerate);
            }
        });
    }
}

/// Nothing has come yet; further attempts are said, since they take time.
fn waiting(ui: &mut Ui, invocation: &Invocation) {
    let color = palette(ui).text_secondary;
    let text = match &invocation.retry {
        Some(retry) => format!("Attempt {} after: {}", retry.attempt, retry.because),
        None => "Waiting for the first token…".to_owned(),
    };
    ui.horizontal(|ui| {
        ui.spinner();
        ui.add(Label::new(RichText::new(text).color(color)).wrap());
    });
}

/// What a whole answer wants to say beside its text.
fn remarks(ui: &mut Ui, invocation: &Invocation, empty: bool) {
    if empty {
        note(ui, icons::INFO, "The model answered with nothing");
    }
    if let Some(reason) = &invocation.stop_reason
        && !matches!(reason, StopReason::EndTurn | StopReason::ToolUse)
    {
        Alert::new(AlertKind::Warning, reason.explanation()).show(ui, |_| {});
    }
    for name in &invocation.unknown_events {
        note(
            ui,
            icons::WARNING,
            &format!("An event this version does not know: {name}"),
        );
    }
}
