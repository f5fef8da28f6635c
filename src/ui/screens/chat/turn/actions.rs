//! The head of a turn: who speaks, which of several tries is shown, and what can be done with it.

use egui::{Button, Color32, Stroke, Ui, vec2};

use super::TurnContext;
use crate::chat::Role;
use crate::ui::command::TurnCommand;
use crate::ui::icons::{self, Icon};
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    at_the_end, icon_button, icon_menu_item, icon_menu_item_unless, menu_button, origin_badge,
    plain_text,
};
use crate::ui::{Command, Commands};

/// Width of the menu of a turn, in points.
const MENU_WIDTH: f32 = 240.0;

/// Draws the head.
pub fn head(ui: &mut Ui, context: &TurnContext<'_>, commands: &mut Commands) {
    let palette = palette(ui);
    let (icon, name): (Icon, &str) = match (&context.turn.invocation, context.turn.message.role) {
        (Some(invocation), _) => (icons::MODEL, invocation.model_id.as_str()),
        (None, Role::User) => (icons::PERSON, "You"),
        (None, Role::Assistant) => (icons::EDIT, "Answer written by you"),
    };
    ui.horizontal(|ui| {
        icons::paint(ui, icon, size::ICON, palette.text_secondary);
        ui.label(
            theme::strong(name)
                .color(palette.text_secondary)
                .size(theme::font::SMALL),
        );
        if let Some(invocation) = &context.turn.invocation {
            origin_badge(ui, invocation.simulated, &invocation.model_id);
        }
        at_the_end(ui, ("actions of a turn", context.id), |ui| {
            ui.spacing_mut().item_spacing.x = space::XXS;
            alternatives(ui, context, commands);
            let message = &context.turn.message;
            if !message.is_wordless() && icon_button(ui, icons::COPY, copy_label(context)).clicked()
            {
                ui.ctx().copy_text(message.text());
            }
            menu(ui, context, commands);
        });
    });
}

fn copy_label(context: &TurnContext<'_>) -> &'static str {
    match context.turn.message.role {
        Role::User => "Copy prompt",
        Role::Assistant => "Copy answer",
    }
}

fn alternatives(ui: &mut Ui, context: &TurnContext<'_>, commands: &mut Commands) {
    let tried = context.alternatives;
    if tried.count < 2 {
        return;
    }
    let mut show = |position: usize| {
        let command = TurnCommand::ShowAlternative(position);
        commands.push(Command::Turn(context.id, command));
    };
    let previous = icon_button(ui, icons::PREVIOUS, "Previous alternative");
    if previous.clicked() && tried.position > 0 {
        show(tried.position - 1);
    }
    let place = format!("{} of {}", tried.position + 1, tried.count);
    ui.label(theme::small(place).color(palette(ui).text_secondary));
    let next = icon_button(ui, icons::NEXT, "Next alternative");
    if next.clicked() && tried.position + 1 < tried.count {
        show(tried.position + 1);
    }
}

fn menu(ui: &mut Ui, context: &TurnContext<'_>, commands: &mut Commands) {
    let is_prompt = context.turn.message.role == Role::User;
    let name = if is_prompt {
        "Prompt actions"
    } else {
        "Answer actions"
    };
    let response = ui
        .scope(|ui| {
            ui.spacing_mut().button_padding = vec2(space::XXS, space::XXS);
            let inactive = &mut ui.visuals_mut().widgets.inactive;
            inactive.weak_bg_fill = Color32::TRANSPARENT;
            inactive.bg_stroke = Stroke::NONE;
            let side = size::CONTROL - 4.0;
            let button = Button::new(icons::atom(icons::MORE)).min_size(vec2(side, side));
            menu_button(ui, button, name, MENU_WIDTH, |ui| {
                items(ui, context, is_prompt, commands);
            })
        })
        .inner;
    response.on_hover_text(name);
}

fn items(ui: &mut Ui, context: &TurnContext<'_>, is_prompt: bool, commands: &mut Commands) {
    let busy = context
        .busy
        .then_some("An answer is coming in; stop it first or wait");
    let push = |commands: &mut Commands, command| {
        commands.push(Command::Turn(context.id, command));
    };
    if icon_menu_item_unless(ui, busy, icons::EDIT, "Edit") {
        push(commands, TurnCommand::Edit);
    }
    let again = if is_prompt {
        "Answer again"
    } else {
        "Regenerate this answer"
    };
    if icon_menu_item_unless(ui, busy, icons::RETRY, again) {
        push(commands, TurnCommand::Regenerate);
    }
    let other = icon_menu_item_unless(ui, busy, icons::MODEL, "Answer with another model…");
    let has_exchange = context
        .turn
        .invocation
        .as_ref()
        .is_some_and(|invocation| invocation.exchange.is_some());
    let exchange =
        !is_prompt && has_exchange && icon_menu_item(ui, icons::CODE, "View request and response…");
    let message = &context.turn.message;
    if !is_prompt && !message.is_wordless() && icon_menu_item(ui, icons::COPY, "Copy as plain text")
    {
        ui.ctx().copy_text(plain_text(&message.text()));
    }
    let branch = icon_menu_item(ui, icons::BRANCH, "Branch into a new conversation");
    if icon_menu_item_unless(ui, busy, icons::DELETE, "Delete") {
        push(commands, TurnCommand::Delete);
    }
    if exchange {
        commands.push(Command::ViewExchange(context.id));
    }
    if branch {
        push(commands, TurnCommand::BranchOff);
    }
    if other {
        push(commands, TurnCommand::AnswerWith);
        commands.push(Command::ChooseModel);
    }
}
