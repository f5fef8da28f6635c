//! Beside the list: what vectors are made with, and the nearest of the chosen text.

use egui::{Label, RichText, ScrollArea, Ui};

use super::analysis::Analyses;
use super::heat_map::name;
use super::open::OpenCollection;
use crate::catalog::{FoundationModel, Lifecycle, ModelId, Namesakes};
use crate::embeddings::{Offer, Outcome, Purpose};
use crate::pricing::Meter;
use crate::ui::icons;
use crate::ui::numbers::thousands;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{
    DollarLimit, accessible_name, checkbox, combo_box, icon_button, labelled_value, model_id_line,
    model_option, panel_title, section_title,
};

/// Most letters of a neighbour.
const LETTERS: usize = 90;

/// Numbers of a vector that are shown.
const NUMBERS: usize = 6;

pub(super) fn ui(
    ui: &mut Ui,
    open: &mut OpenCollection,
    analyses: &Analyses,
    selected: &mut Option<usize>,
    shared: &Shared,
) {
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.set_max_width(ui.available_width() - space::M);
        if let Some(place) = *selected
            && place < open.list.items().len()
        {
            chosen(ui, open, analyses, place, selected);
        } else {
            *selected = None;
        }
        panel_title(ui, "Vectors");
        let running = open.is_running();
        ui.add_enabled_ui(!running, |ui| settings(ui, open, shared));
        price(ui, open, shared);
        ui.add_space(space::S);
        DollarLimit {
            label: "Stop before it costs more than",
            name: "Most the embeddings may cost",
        }
        .ui(ui, &mut open.max_cost);
        if open.is_changed() && !running {
            ui.add_space(space::S);
            let words = "The vectors that are there were made with other settings. Vectors made \
                         differently cannot be compared: the next ones replace them.";
            ui.add(Label::new(theme::small(words).color(palette(ui).warning)).wrap());
        }
    });
}

fn settings(ui: &mut Ui, open: &mut OpenCollection, shared: &Shared) {
    let secondary = palette(ui).text_secondary;
    let caption = |ui: &mut Ui, words: &str| {
        ui.label(theme::small(words).color(secondary));
    };
    caption(ui, "Model");
    model(ui, open, shared);
    let Some(offer) = open.settings.offer() else {
        return;
    };
    caption(ui, "Dimensions");
    let lengths = offer.dimensions();
    let length = open.settings.length();
    let shown = length.map_or_else(String::new, |length| length.to_string());
    if lengths.len() > 1 {
        let combo = combo_box("dimensions")
            .selected_text(shown)
            .width(ui.available_width())
            .show_ui(ui, |ui| {
                for (at, other) in lengths.iter().enumerate() {
                    let usual = if at == 0 { " (usual)" } else { "" };
                    let label = format!("{other}{usual}");
                    if ui.selectable_label(length == Some(*other), label).clicked() {
                        open.settings.dimensions = Some(*other);
                    }
                }
            });
        accessible_name(&combo.response, "Dimensions");
    } else {
        ui.label(format!("{shown}, the model's only length"));
    }
    if offer.may_leave_length() {
        checkbox(ui, &mut open.settings.normalize, "Normalise to length one")
            .on_hover_text("Similarity is the same either way; products of vectors are not");
    }
    if offer.has_purposes() {
        caption(ui, "What the vectors are for");
        let combo = combo_box("purpose")
            .selected_text(open.settings.purpose.label())
            .width(ui.available_width())
            .show_ui(ui, |ui| {
                for purpose in Purpose::ALL {
                    ui.selectable_value(&mut open.settings.purpose, purpose, purpose.label());
                }
            });
        accessible_name(&combo.response, "What the vectors are for");
    }
    ui.add_space(space::XS);
    let mut takes = vec![match offer.most_characters() {
        Some(most) => format!("texts of up to {} characters", thousands(most as u64)),
        None => format!("texts of up to {} tokens", thousands(offer.most_tokens())),
    }];
    if offer.takes_images() {
        takes.push("images".to_owned());
    }
    if offer.texts_at_once() > 1 {
        takes.push(format!(
            "{} texts a request",
            thousands(offer.texts_at_once() as u64)
        ));
    }
    labelled_value(ui, "Takes", &takes.join(", "));
}

fn model(ui: &mut Ui, open: &mut OpenCollection, shared: &Shared) {
    let catalog = shared.catalog.ready();
    let current = open.settings.model_id.clone();
    let name = current
        .as_ref()
        .and_then(|id| catalog?.model(id))
        .map(|model| model.name.clone());
    let title = name
        .or_else(|| current.as_ref().map(ModelId::to_string))
        .unwrap_or_else(|| "Choose a model…".to_owned());
    let combo = combo_box("embedding model")
        .selected_text(title)
        .width(ui.available_width())
        .height(360.0)
        .truncate()
        .show_ui(ui, |ui| {
            let Some(catalog) = catalog else {
                ui.label("The list of models is not here yet");
                return;
            };
            let offered = |model: &&FoundationModel| {
                Offer::of(&model.id).is_some() && model.lifecycle == Lifecycle::Active
            };
            let models: Vec<_> = catalog.models.iter().filter(offered).collect();
            let namesakes = Namesakes::of_models(&models);
            for model in models {
                let id = catalog.invocation_id(model, shared.region());
                let apart = namesakes.apart(&model.name, &model.id);
                let selected = current.as_ref() == Some(&id);
                if model_option(ui, selected, &model.name, apart.as_deref())
                    .on_hover_text(id.as_str())
                    .clicked()
                {
                    open.settings.use_model(id);
                }
            }
        });
    accessible_name(&combo.response, "Embedding model");
    model_id_line(ui, open.settings.model_id.as_ref());
}

fn price(ui: &mut Ui, open: &OpenCollection, shared: &Shared) {
    let Some(id) = &open.settings.model_id else {
        return;
    };
    let price = shared.unit_price(id, Meter::Input);
    let mut words = price.map_or_else(
        || "unknown".to_owned(),
        |price| format!("{} for 1M tokens", price.amount),
    );
    if open.settings.offer().is_some_and(Offer::takes_images)
        && let Some(image) = shared.unit_price(id, Meter::InputImage)
    {
        words = format!("{words}, {} an image", image.amount);
    }
    ui.scope(|ui| labelled_value(ui, "Price", &words))
        .response
        .on_hover_text(price.map_or_else(
            || "No source has this price".to_owned(),
            |price| price.source.detail(),
        ));
}

/// The chosen text: its vector's beginning, and its nearest.
fn chosen(
    ui: &mut Ui,
    open: &OpenCollection,
    analyses: &Analyses,
    place: usize,
    selected: &mut Option<usize>,
) {
    let palette = palette(ui);
    ui.horizontal(|ui| {
        ui.label(theme::h2(format!("Text {}", place + 1)).color(palette.heading));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if icon_button(ui, icons::CLOSE, "Close the text").clicked() {
                *selected = None;
            }
        });
    });
    ui.add(Label::new(name(&open.list, place, 600)).wrap());
    match open.list.items().get(place).map(|item| &item.outcome) {
        Some(Outcome::Done(vector)) => {
            let numbers = vector.numbers.iter().take(NUMBERS);
            let first: Vec<String> = numbers.map(|number| format!("{number:.4}")).collect();
            let length: f32 = vector.numbers.iter().map(|n| n * n).sum::<f32>().sqrt();
            let words = format!("{}, … (length {length:.2})", first.join(", "));
            let count = thousands(vector.numbers.len() as u64);
            labelled_value(ui, &format!("{count} numbers"), &words);
        }
        Some(Outcome::Failed(failure)) => {
            let words = format!("{} {}", failure.message, failure.advice);
            ui.add(Label::new(RichText::new(words).color(palette.error)).wrap());
        }
        _ => {}
    }
    section_title(ui, "Nearest");
    match analyses.nearest(place) {
        None => {
            let words = "Known once it and another text have a vector";
            ui.add(Label::new(theme::small(words).color(palette.text_secondary)).wrap());
        }
        Some(near) => {
            for near in near {
                let words = format!(
                    "{:.3}  {}",
                    near.similarity,
                    name(&open.list, near.place, LETTERS)
                );
                let button = egui::Button::new(words)
                    .frame_when_inactive(false)
                    .truncate();
                if ui.add(button).on_hover_text("Choose this text").clicked() {
                    *selected = Some(near.place);
                }
            }
        }
    }
    ui.add_space(space::M);
    ui.separator();
}
