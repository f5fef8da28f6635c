//! One model's facts: what it can do, how it is invoked, what it costs.

use egui::{Label, RichText, ScrollArea, Ui};

use super::rows::{labels, tokens};
use crate::catalog::{
    Catalog, FoundationModel, InferenceProfile, InferenceType, Lifecycle, ModelId, Support, facts,
};
use crate::pricing::Meter;
use crate::ui::command::PricesCommand;
use crate::ui::icons;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{
    Tone, badge, icon_button, labelled_value, link_button, primary_button, section_title,
};
use crate::ui::{Command, Commands};

/// Draws the panel; true when it shall be closed.
pub fn ui(
    ui: &mut Ui,
    catalog: &Catalog,
    model: &FoundationModel,
    shared: &Shared,
    commands: &mut Commands,
) -> bool {
    let palette = palette(ui);
    let mut close = false;
    ui.horizontal(|ui| {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Min), |ui| {
            close = icon_button(ui, icons::CLOSE, "Close details").clicked();
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                ui.add(Label::new(theme::h2(&model.name).color(palette.heading)).wrap());
            });
        });
    });
    ui.horizontal_wrapped(|ui| {
        badge(ui, &model.provider, Tone::Neutral);
        let tone = if model.lifecycle == Lifecycle::Active {
            Tone::Success
        } else {
            Tone::Warning
        };
        badge(ui, model.lifecycle.label(), tone);
    });
    ui.add_space(space::S);
    let invoked = catalog.invocation_id(model, shared.region());
    let talks = model.answers_in_text();
    let open = primary_button(ui, talks, icons::CHAT, "Open in chat playground")
        .on_disabled_hover_text("The chat playground needs a model that takes and gives text");
    if open.clicked() {
        commands.push(Command::UseModel(invoked.clone()));
    }
    ScrollArea::vertical()
        .id_salt("model facts")
        .auto_shrink(false)
        .show(ui, |ui| {
            section_title(ui, "Model");
            copyable(ui, "Model id", model.id.as_str());
            copyable(ui, "ARN", &model.arn);
            labelled_value(ui, "Takes", &labels(&model.input_modalities));
            labelled_value(ui, "Gives", &labels(&model.output_modalities));
            if let Some(facts) = facts(&model.id) {
                if let Some(window) = facts.context_window {
                    labelled_value(ui, "Context window", &format!("{} tokens", tokens(window)));
                }
                if let Some(most) = facts.max_output_tokens {
                    labelled_value(ui, "Longest answer", &format!("{} tokens", tokens(most)));
                }
                if let Some(day) = facts.end_of_life {
                    labelled_value(ui, "End of life", day);
                }
                support(ui, facts.supports);
            }
            section_title(ui, "Price for 1M tokens");
            prices(ui, &invoked, shared, commands);
            section_title(ui, "How to invoke it");
            let kinds: Vec<_> = model
                .inference_types
                .iter()
                .map(InferenceType::label)
                .collect();
            if !kinds.is_empty() {
                labelled_value(ui, "Inference types", &kinds.join(", "));
            }
            for profile in catalog.profiles_of(&model.id) {
                profile_ui(ui, profile, commands);
            }
        });
    close
}

/// What it costs on demand, where that comes from, and the way to another price.
fn prices(ui: &mut Ui, invoked: &ModelId, shared: &Shared, commands: &mut Commands) {
    let palette = palette(ui);
    let meters = [
        (Meter::Input, "Input"),
        (Meter::Output, "Output"),
        (Meter::CacheRead, "Cache read"),
        (Meter::CacheWrite5m, "Cache write, 5 min"),
        (Meter::CacheWrite1h, "Cache write, 1 h"),
    ];
    for (meter, name) in meters {
        let price = shared.unit_price(invoked, meter);
        if price.is_none() && !matches!(meter, Meter::Input | Meter::Output) {
            continue;
        }
        let shown = price.map_or_else(|| "unknown".to_owned(), |price| price.amount.to_string());
        ui.scope(|ui| labelled_value(ui, name, &shown))
            .response
            .on_hover_text(price.map_or_else(
                || "No source has this price".to_owned(),
                |price| price.source.detail(),
            ));
    }
    let source = shared.unit_price(invoked, Meter::Input);
    let source = source.map_or_else(String::new, |price| format!("; {}", price.source));
    ui.add(
        Label::new(
            theme::small(format!("{invoked} from {}{source}", shared.region()))
                .color(palette.text_secondary),
        )
        .wrap(),
    );
    if link_button(ui, "Enter your own price…").clicked() {
        commands.push(Command::Prices(PricesCommand::ShowOwn(invoked.clone())));
    }
}

fn support(ui: &mut Ui, support: Support) {
    let abilities = [
        ("Streaming", support.streaming),
        ("System prompt", support.system),
        ("Tools", support.tools),
        ("Images", support.vision),
        ("Documents", support.documents),
        ("Reasoning", support.reasoning),
        ("Prompt caching", support.prompt_caching),
    ];
    let list = |wanted: bool| {
        let names: Vec<_> = abilities
            .iter()
            .filter(|(_, is)| *is == Some(wanted))
            .map(|(name, _)| *name)
            .collect();
        names.join(", ")
    };
    let (can, cannot) = (list(true), list(false));
    if !can.is_empty() {
        labelled_value(ui, "Can", &can);
    }
    if !cannot.is_empty() {
        labelled_value(ui, "Cannot", &cannot);
    }
}

fn profile_ui(ui: &mut Ui, profile: &InferenceProfile, commands: &mut Commands) {
    ui.horizontal(|ui| {
        if let Some(geography) = profile.id.geography() {
            badge(ui, geography.label(), Tone::Accent);
        }
        let id = profile.id.as_str();
        let link = ui.add(
            egui::Button::new(RichText::new(id).size(theme::font::SMALL))
                .truncate()
                .frame(false),
        );
        if link.on_hover_text("Open in chat playground").clicked() {
            commands.push(Command::UseModel(profile.id.clone()));
        }
    });
}

fn copyable(ui: &mut Ui, name: &str, value: &str) {
    let palette = palette(ui);
    ui.horizontal(|ui| {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if icon_button(ui, icons::COPY, &format!("Copy {}", name.to_lowercase())).clicked() {
                ui.ctx().copy_text(value.to_owned());
            }
            ui.with_layout(egui::Layout::top_down(egui::Align::Min), |ui| {
                ui.spacing_mut().item_spacing.y = 1.0;
                ui.label(theme::small(name).color(palette.text_secondary));
                ui.add(Label::new(RichText::new(value).color(palette.text)).truncate());
            });
        });
    });
}
