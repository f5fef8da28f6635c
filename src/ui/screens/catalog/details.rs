//! One model's facts: what it can do, how it is invoked, what it costs.

use egui::{Label, RichText, ScrollArea, Ui};

use super::access;
use super::facts::{
    End, abilities, dimensions, gives_text, inference_types, on_demand, playground,
    profile_regions, support, tiers,
};
use super::rows::{labels, tokens};
use crate::catalog::{
    Catalog, FoundationModel, InferenceProfile, Lifecycle, ModelId, Support, facts,
};
use crate::pricing::{Day, Meter};
use crate::ui::command::{PricesCommand, Screen};
use crate::ui::icons;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{
    Alert, AlertKind, Tone, badge, icon_button, labelled_value, link_button, primary_button,
    section_title,
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
    let end = End::of(&model.id, Day::today());
    if let Some(end) = end.filter(|end| end.is_soon()) {
        let words = "Requests fail from that day on: move to another model before.";
        Alert::new(AlertKind::Warning, &end.words())
            .line(words)
            .show(ui, |_| {});
        ui.add_space(space::S);
    }
    let screen = playground(model);
    let (icon, label) = match screen {
        Some(Screen::Embeddings) => (icons::EMBEDDINGS, "Open in embeddings"),
        Some(Screen::Images) => (icons::IMAGE_PLAYGROUND, "Open in image playground"),
        Some(Screen::Videos) => (icons::VIDEO, "Open in video playground"),
        _ => (icons::CHAT, "Open in chat playground"),
    };
    let open = primary_button(ui, screen.is_some(), icon, label)
        .on_disabled_hover_text("No playground here takes what this model takes and gives");
    if open.clicked()
        && let Some(screen) = screen
    {
        commands.push(Command::TryModel(screen, invoked.clone()));
    }
    access::ui(ui, &model.id, shared, commands);
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
                if !facts.embedding_dimensions.is_empty() {
                    labelled_value(ui, "Dimensions", &dimensions(&model.id));
                }
                if let Some(least) = facts.prompt_cache_min_tokens {
                    let words = format!("{} tokens", tokens(least));
                    labelled_value(ui, "Shortest cached prefix", &words);
                }
                if let Some(end) = end {
                    labelled_value(ui, "End of life", &end.words());
                }
            }
            abilities_ui(ui, support(model));
            section_title(ui, "Price");
            prices(ui, &invoked, model, shared, commands);
            section_title(ui, "How to invoke it");
            labelled_value(ui, "Inference types", &inference_types(model));
            labelled_value(ui, "On demand in", &on_demand(&model.id));
            for profile in catalog.profiles_of(&model.id) {
                profile_ui(ui, profile, screen, commands);
            }
        });
    close
}

/// What it costs on demand, where that comes from, and the way to another price.
fn prices(
    ui: &mut Ui,
    invoked: &ModelId,
    model: &FoundationModel,
    shared: &Shared,
    commands: &mut Commands,
) {
    let palette = palette(ui);
    for (name, price) in super::facts::prices(shared, invoked, model) {
        let shown = price.map_or_else(
            || "unknown".to_owned(),
            |price| match price.per {
                1 => price.amount.to_string(),
                per => format!("{} for {}", price.amount, count(per)),
            },
        );
        ui.scope(|ui| labelled_value(ui, &name, &shown))
            .response
            .on_hover_text(price.map_or_else(
                || "No source has this price".to_owned(),
                |price| price.source.detail(),
            ));
    }
    for (name, words) in tiers(shared, invoked, gives_text(model)) {
        labelled_value(ui, name, &words);
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

fn abilities_ui(ui: &mut Ui, support: Support) {
    let abilities = abilities(support);
    let list = |wanted: Option<bool>| {
        let names: Vec<_> = abilities
            .iter()
            .filter(|(_, is)| *is == wanted)
            .map(|(name, _)| *name)
            .collect();
        names.join(", ")
    };
    let lines = [
        ("Can", Some(true)),
        ("Cannot", Some(false)),
        ("Not known", None),
    ];
    for (name, wanted) in lines {
        let names = list(wanted);
        if !names.is_empty() {
            labelled_value(ui, name, &names);
        }
    }
}

/// For how many a price is, in words.
fn count(per: u64) -> String {
    match per {
        1_000_000 => "1M tokens".to_owned(),
        per => per.to_string(),
    }
}

fn profile_ui(
    ui: &mut Ui,
    profile: &InferenceProfile,
    screen: Option<Screen>,
    commands: &mut Commands,
) {
    ui.horizontal(|ui| {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let id = profile.id.as_str();
            if icon_button(ui, icons::COPY, &format!("Copy {id}")).clicked() {
                ui.ctx().copy_text(id.to_owned());
            }
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                if let Some(geography) = profile.id.geography() {
                    badge(ui, geography.label(), Tone::Accent);
                }
                let link = ui.add_enabled(
                    screen.is_some(),
                    egui::Button::new(RichText::new(id).size(theme::font::SMALL))
                        .truncate()
                        .frame(false),
                );
                let words = screen.map_or("", Screen::label);
                if link.on_hover_text(format!("Open in {words}")).clicked()
                    && let Some(screen) = screen
                {
                    commands.push(Command::TryModel(screen, profile.id.clone()));
                }
            });
        });
    });
    let regions = profile_regions(&profile.id);
    if !regions.is_empty() {
        let color = palette(ui).text_secondary;
        let words = format!("from {}", regions.join(", "));
        ui.add(Label::new(theme::small(words).color(color)).wrap());
    }
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
