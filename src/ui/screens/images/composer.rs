//! Where the words are written, and the button that sends them: with what it will cost.

use egui::{Frame, ScrollArea, TextEdit, Ui};

use super::ImagesCommand;
use super::gallery::OpenGallery;
use crate::images::{Draft, Need, Problem};
use crate::pricing::CostBreakdown;
use crate::ui::icons;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{
    accessible_name, composer_box, ends_apart, icon_button, primary_button, secondary_button,
};
use crate::ui::{Command, Commands};

/// Longest the prompt grows before it scrolls, in points.
const TEXT_HEIGHT: f32 = 120.0;

/// The height of a window that has room for a prompt of two lines, in points.
const LOW: f32 = 560.0;

/// Where buttons have no words beside the most important one, in points.
const NARROW: f32 = 320.0;

/// The least room for what it will cost, in points.
const ROOM_FOR_COST: f32 = 60.0;

/// Draws it.
pub fn ui(
    ui: &mut Ui,
    gallery: &mut OpenGallery,
    shared: &Shared,
    focus: bool,
    commands: &mut Commands,
) {
    composer_box(ui, |ui| {
        words(ui, &mut gallery.draft, focus);
        ui.add_space(space::XXS);
        buttons(ui, gallery, shared, commands);
    });
}

fn words(ui: &mut Ui, draft: &mut Draft, focus: bool) {
    let offer = draft.offer();
    let prompt = offer.map_or(Need::Required, |offer| offer.prompt);
    if prompt == Need::None {
        let note = "This task takes no words: the image is enough";
        ui.label(theme::small(note).color(palette(ui).text_secondary));
        return;
    }
    let hint = match prompt {
        Need::Optional => "Say what the image shall show, if you like",
        _ => "Say what the image shall show",
    };
    ScrollArea::vertical()
        .id_salt("image prompt")
        .max_height(TEXT_HEIGHT)
        .show(ui, |ui| {
            let is_low = ui.ctx().content_rect().height() < LOW;
            let rows = if is_low { 1 } else { 2 };
            let response = field(ui, "Prompt", hint, rows, &mut draft.prompt);
            if focus {
                response.request_focus();
            }
        });
    if offer.is_none_or(|offer| offer.negative.is_some()) {
        ui.separator();
        let hint = "What must not be seen (negative prompt)";
        field(ui, "Negative prompt", hint, 1, &mut draft.negative);
    }
}

fn field(ui: &mut Ui, name: &str, hint: &str, rows: usize, text: &mut String) -> egui::Response {
    let response = ui.add(
        TextEdit::multiline(text)
            .id_salt(name)
            .frame(Frame::NONE)
            .desired_rows(rows)
            .desired_width(f32::INFINITY)
            .hint_text(hint),
    );
    accessible_name(&response, name);
    response
}

fn buttons(ui: &mut Ui, gallery: &OpenGallery, shared: &Shared, commands: &mut Commands) {
    let secondary = palette(ui).text_secondary;
    let problems = gallery.draft.problems();
    let connected = shared.session.ready().is_some();
    let is_narrow = ui.available_width() < NARROW;
    let problem = problems.first();
    let told = problem.filter(|problem| !gallery.is_running() && is_worth_a_word(problem));
    ui.horizontal(|ui| {
        ends_apart(
            ui,
            ("what the images take", told.map(ToString::to_string)),
            |ui| {
                if ui.available_width() < ROOM_FOR_COST {
                    return;
                }
                let words = cost(&gallery.draft, shared);
                ui.add(egui::Label::new(theme::small(&words).color(secondary)).truncate())
                    .on_hover_text(words);
            },
            |ui| {
                if gallery.is_running() {
                    let stop = if is_narrow {
                        icon_button(ui, icons::STOP, "Stop all")
                    } else {
                        secondary_button(ui, icons::STOP, "Stop all")
                    };
                    if stop.clicked() {
                        commands.push(Command::Stop);
                    }
                } else if let Some(problem) = told {
                    let words = theme::small(problem.to_string()).color(palette(ui).warning);
                    ui.add(egui::Label::new(words).truncate())
                        .on_hover_text(problem.to_string());
                }
                let name = "View request";
                if icon_button(ui, icons::CODE, name).clicked() {
                    commands.push(Command::Images(ImagesCommand::ViewRequest(None)));
                }
                let reason = match problem {
                    _ if !connected => "Not connected yet".to_owned(),
                    Some(problem) => problem.to_string(),
                    None => String::new(),
                };
                let can = problem.is_none() && connected;
                let run = primary_button(ui, can, icons::SEND, "Generate");
                if run.on_disabled_hover_text(&reason).clicked() {
                    commands.push(Command::Images(ImagesCommand::Generate));
                }
            },
        );
    });
}

/// An empty prompt needs no warning before anything is written.
fn is_worth_a_word(problem: &Problem) -> bool {
    !matches!(problem, Problem::NoPrompt)
}

/// What will be made and what that costs.
fn cost(draft: &Draft, shared: &Shared) -> String {
    let images = match draft.count {
        1 => "1 image".to_owned(),
        count => format!("{count} images"),
    };
    let bill = draft.bill(&shared.prices, shared.region(), draft.count);
    let total = bill.as_ref().and_then(CostBreakdown::total);
    match total {
        Some(total) if shared.is_embedded() => format!("{images}, simulated ({total} on AWS)"),
        Some(total) => format!("{images}, {total}"),
        None => format!("{images}, price unknown"),
    }
}
