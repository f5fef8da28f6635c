//! One turn on screen: who speaks, what they said, and for an answer what it took.

mod actions;
mod answer;
mod blocks;
mod citations;
mod guardrail;
mod tools;

use egui::{
    CornerRadius, Frame, Key, KeyboardShortcut, Margin, Modifiers, Rect, TextEdit, Ui, vec2,
};
use egui_commonmark::CommonMarkCache;

pub use self::blocks::{content, note};
use self::tools::ToolAnswers;
use super::conversation::{Editing, Height};
use super::metrics::AnswerCost;
use crate::chat::{Alternatives, Role, Turn, TurnId};
use crate::pricing::Prices;
use crate::store::Expected;
use crate::ui::command::TurnCommand;
use crate::ui::icons;
use crate::ui::theme::{palette, size, space};
use crate::ui::widgets::{Markdown, Preview, accessible_name, primary_button, secondary_button};
use crate::ui::{Command, Commands};

/// What is remembered of a turn between frames.
#[derive(Default)]
pub struct TurnView {
    /// Whether something that is looked for was found in it.
    pub is_marked: bool,
    /// As it was when last drawn; `None` when it never was.
    pub height: Option<Height>,
    /// Pictures and documents that were sent with it.
    pub previews: Vec<Preview>,
    /// Whether the previews it lacks are being opened.
    pub awaits_previews: bool,
    /// What the answer was asked to keep to.
    pub schema: Option<serde_json::Value>,
    /// What was expected before the answer.
    pub expected: Option<Expected>,
    /// Whether it keeps to it; checked once, when it is whole.
    keeps_to_schema: Option<Result<(), Vec<String>>>,
    texts: Vec<Markdown>,
    cost: Option<AnswerCost>,
    /// The model's own fields as text, written once.
    response_fields: Option<String>,
    /// What is known of the cost of an answer that was stopped.
    stopped: Option<String>,
    tool_answers: Option<ToolAnswers>,
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

/// A turn and where it stands.
pub struct TurnContext<'a> {
    pub id: TurnId,
    pub turn: &'a Turn,
    pub is_last: bool,
    /// Whether what is asked next is asked with this turn before it.
    pub is_remembered: bool,
    /// Whether an answer is coming in, anywhere in this conversation.
    pub busy: bool,
    pub alternatives: Alternatives,
    /// What everything costs.
    pub prices: &'a Prices,
    /// The text being rewritten, when it is this turn's.
    pub editing: Option<&'a mut Editing>,
}

/// Draws a turn.
pub fn ui(
    ui: &mut Ui,
    view: &mut TurnView,
    mut context: TurnContext<'_>,
    cache: &mut CommonMarkCache,
    commands: &mut Commands,
) {
    let palette = palette(ui);
    let fill = match context.turn.message.role {
        Role::User => palette.raised,
        Role::Assistant => palette.background,
    };
    Frame::new()
        .fill(fill)
        .corner_radius(CornerRadius::same(size::RADIUS_CONTAINER))
        .inner_margin(Margin::symmetric(14, 12))
        .show(ui, |ui| {
            if view.is_marked {
                mark(ui);
            }
            ui.set_width(ui.available_width());
            actions::head(ui, &context, commands);
            if let Some(editing) = context.editing.take() {
                blocks::previews(ui, view);
                edit(ui, &context, editing, commands);
            } else {
                let looked_at = content(ui, view, &context.turn.message, cache);
                if let Some(place) = looked_at {
                    let look = TurnCommand::LookAt(place);
                    commands.push(Command::Turn(context.id, look));
                }
            }
            if let Some(invocation) = &context.turn.invocation {
                answer::ui(ui, view, &context, invocation, commands);
            }
            tools::ui(ui, &mut view.tool_answers, &context, commands);
        });
    ui.add_space(space::XXS);
}

/// A bar at the side of what something was found in; nothing moves by it.
fn mark(ui: &Ui) {
    let rect = ui.max_rect();
    let top = rect.left_top() - vec2(8.0, 0.0);
    ui.painter().with_clip_rect(ui.clip_rect()).rect_filled(
        Rect::from_min_size(top, vec2(3.0, size::CONTROL)),
        CornerRadius::same(1),
        palette(ui).accent,
    );
}

/// The text of a turn, open for rewriting.
fn edit(ui: &mut Ui, context: &TurnContext<'_>, editing: &mut Editing, commands: &mut Commands) {
    let is_prompt = context.turn.message.role == Role::User;
    let response = ui.add(
        TextEdit::multiline(&mut editing.text)
            .id_salt("rewrite")
            .desired_rows(2)
            .desired_width(f32::INFINITY)
            .margin(Margin::same(8))
            .return_key(KeyboardShortcut::new(Modifiers::NONE, Key::Enter)),
    );
    accessible_name(
        &response,
        if is_prompt {
            "Edit prompt"
        } else {
            "Edit answer"
        },
    );
    if std::mem::take(&mut editing.wants_focus) {
        response.request_focus();
    }
    let finish = KeyboardShortcut::new(Modifiers::COMMAND, Key::Enter);
    let mut finished =
        response.has_focus() && ui.input_mut(|input| input.consume_shortcut(&finish));
    // The field gives the focus up on Escape by itself.
    let mut cancelled = (response.has_focus() || response.lost_focus())
        && ui.input(|input| input.key_pressed(Key::Escape));
    ui.add_space(space::XXS);
    let writable = !editing.text.trim().is_empty() && !context.busy;
    ui.horizontal(|ui| {
        let (icon, label) = if is_prompt {
            (icons::SEND, "Send edited prompt")
        } else {
            (icons::SAVE, "Keep edited answer")
        };
        finished |= primary_button(ui, writable, icon, label)
            .on_disabled_hover_text(if context.busy {
                "An answer is coming in; stop it first or wait"
            } else {
                "Write something first"
            })
            .clicked();
        cancelled |= secondary_button(ui, icons::CLOSE, "Cancel edit").clicked();
    });
    if finished && writable {
        let command = TurnCommand::FinishEdit(editing.text.trim().to_owned());
        commands.push(Command::Turn(context.id, command));
    } else if cancelled {
        commands.push(Command::Turn(context.id, TurnCommand::CancelEdit));
    }
}
