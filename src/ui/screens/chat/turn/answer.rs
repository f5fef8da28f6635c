//! What is said below an answer: how it ended, what it took, what can be done next.

use egui::{Label, RichText, Ui};
use serde_json::Value;

use super::blocks::note;
use super::{TurnContext, TurnView, guardrail};
use crate::chat::{Invocation, InvocationStatus, StopReason, keeps_to_schema};
use crate::pricing::{Meter, PriceQuery, Prices, text_tokens};
use crate::ui::command::TurnCommand;
use crate::ui::icons;
use crate::ui::numbers::thousands;
use crate::ui::screens::chat::metrics::{self, AnswerCost};
use crate::ui::screens::sign_in;
use crate::ui::theme::{self, palette};
use crate::ui::widgets::{Alert, AlertKind, failure_alert, link_button, secondary_button, spinner};
use crate::ui::{Command, Commands};

/// Most characters that are shown of the model's own fields.
const RESPONSE_FIELDS: usize = 2_000;

/// Draws it.
pub fn ui(
    ui: &mut Ui,
    view: &mut TurnView,
    context: &TurnContext<'_>,
    invocation: &Invocation,
    commands: &mut Commands,
) {
    let is_last = context.is_last;
    let nothing_yet = context.turn.message.content.is_empty();
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
                sign_in::way_out(ui, failure, commands);
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
        InvocationStatus::Complete => {
            remarks(ui, context, invocation, nothing_yet, commands);
            structure(ui, view, context, invocation);
        }
    }
    if let Some(trace) = &invocation.trace {
        guardrail::ui(ui, trace);
    }
    if let Some(fields) = &invocation.additional_model_response_fields {
        let text = view.response_fields.get_or_insert_with(|| written(fields));
        response_fields(ui, text);
    }
    if invocation.usage.is_some() {
        let prices = context.prices;
        let cost = view
            .cost
            .get_or_insert_with(|| AnswerCost::of(invocation, prices));
        metrics::ui(ui, invocation, cost, view.expected.as_ref(), commands);
    } else if matches!(invocation.status, InvocationStatus::Stopped) {
        let text = view.stopped.get_or_insert_with(|| {
            stopped(&context.turn.message.text(), invocation, context.prices)
        });
        ui.add(Label::new(theme::small(&*text).color(palette(ui).text_secondary)).wrap());
    }
    if is_last && !context.busy && !matches!(invocation.status, InvocationStatus::Failed(_)) {
        ui.horizontal(|ui| {
            if secondary_button(ui, icons::RETRY, "Regenerate").clicked() {
                commands.push(Command::Regenerate);
            }
            if secondary_button(ui, icons::MODEL, "Try another model…").clicked() {
                commands.push(Command::Turn(context.id, TurnCommand::AnswerWith));
                commands.push(Command::ChooseModel);
            }
        });
    }
}

/// The model's own fields as text, of which the beginning is enough here.
fn written(fields: &Value) -> String {
    let text = fields.to_string();
    match text.char_indices().nth(RESPONSE_FIELDS) {
        Some((end, _)) => format!("{}… (the response has all of it)", &text[..end]),
        None => text,
    }
}

fn response_fields(ui: &mut Ui, text: &str) {
    egui::CollapsingHeader::new(theme::small("Additional model response fields"))
        .id_salt("response fields")
        .default_open(true)
        .show(ui, |ui| {
            let words = theme::small(text).monospace();
            ui.add(Label::new(words.color(palette(ui).text_secondary)).wrap());
        });
}

/// What is known of the cost of an answer that was stopped: its text can be counted, roughly.
fn stopped(text: &str, invocation: &Invocation, prices: &Prices) -> String {
    if text.is_empty() && !invocation.model_id.is_local() {
        return "The service tells tokens only at the end of an answer. Nothing had come; the prompt and what was \
                written after stopping may be billed"
            .to_owned();
    }
    let tokens = text_tokens(text);
    let query = PriceQuery::on_demand(&invocation.model_id, &invocation.region);
    let amount = |count: u64| {
        let price = prices.unit_price(Meter::Output, &query)?;
        price.amount.times(count, price.per)
    };
    if invocation.model_id.is_local() {
        return format!(
            "Tokens are told only at the end of an answer. What came is about {} to {} tokens; a local \
             model costs nothing",
            thousands(tokens.low),
            thousands(tokens.high)
        );
    }
    let cost = match (amount(tokens.low), amount(tokens.high)) {
        (Some(low), Some(high)) if invocation.simulated => {
            format!(", {low} to {high} on AWS, not charged")
        }
        (Some(low), Some(high)) => format!(", {low} to {high}"),
        _ => String::new(),
    };
    format!(
        "The service tells tokens only at the end of an answer. What came is about {} to {} tokens{cost}; \
         the prompt and what was written after stopping are billed too",
        thousands(tokens.low),
        thousands(tokens.high)
    )
}

/// Whether an answer keeps to the schema it was asked for.
fn structure(ui: &mut Ui, view: &mut TurnView, context: &TurnContext<'_>, invocation: &Invocation) {
    // An answer that asks for a tool first is not the one the schema is for.
    let Some(schema) = view
        .schema
        .as_ref()
        .filter(|_| invocation.stop_reason != Some(StopReason::ToolUse))
    else {
        return;
    };
    let checked = view
        .keeps_to_schema
        .get_or_insert_with(|| keeps_to_schema(&context.turn.message.text(), schema));
    match checked {
        Ok(()) => note(ui, icons::SUCCESS, "The answer keeps to the output schema"),
        Err(reasons) => {
            let title = "The answer does not keep to the output schema";
            let mut alert = Alert::new(AlertKind::Warning, title);
            for reason in reasons {
                alert = alert.line(reason);
            }
            alert.show(ui, |_| {});
        }
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
        spinner(ui);
        ui.add(Label::new(RichText::new(text).color(color)).wrap());
    });
}

/// What a whole answer wants to say beside its text.
fn remarks(
    ui: &mut Ui,
    context: &TurnContext<'_>,
    invocation: &Invocation,
    empty: bool,
    commands: &mut Commands,
) {
    if empty {
        note(ui, icons::INFO, "The model answered with nothing");
    }
    if let Some(reason) = &invocation.stop_reason
        && !matches!(reason, StopReason::EndTurn | StopReason::ToolUse)
    {
        let may_go_on = *reason == StopReason::MaxTokens
            && context.is_last
            && context.is_remembered
            && !context.busy;
        Alert::new(AlertKind::Warning, reason.explanation()).show(ui, |ui| {
            if may_go_on && link_button(ui, "Continue the answer").clicked() {
                commands.push(Command::Turn(context.id, TurnCommand::Continue));
            }
        });
    }
    for name in &invocation.unknown_events {
        note(
            ui,
            icons::WARNING,
            &format!("An event this version does not know: {name}"),
        );
    }
}
