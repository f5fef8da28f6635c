//! What few need: latency, tier, metadata, and fields only one model knows.

use egui::Ui;

use super::{problem, reason};
use crate::chat::{Configuration, Latency, ServiceTier};
use crate::pricing::Usd;
use crate::ui::icons;
use crate::ui::widgets::{
    DollarLimit, accessible_name, code_area, combo_box, fold, icon_button, link_button, text_field,
};

const TIERS: [(Option<ServiceTier>, &str); 5] = [
    (None, "Standard"),
    (Some(ServiceTier::Default), "Standard, asked for by name"),
    (Some(ServiceTier::Flex), "Flex: cheaper, when there is room"),
    (
        Some(ServiceTier::Priority),
        "Priority: dearer, before others",
    ),
    (Some(ServiceTier::Reserved), "Reserved"),
];

pub(super) fn ui(ui: &mut Ui, settings: &mut Configuration, ask_above: &mut Option<Usd>) {
    let set = usize::from(settings.latency.is_some())
        + usize::from(settings.service_tier.is_some())
        + usize::from(!settings.additional_fields.trim().is_empty())
        + usize::from(!settings.response_field_paths.trim().is_empty())
        + settings.request_metadata.len();
    let summary = if set == 0 {
        String::new()
    } else {
        format!("{set} set")
    };
    fold(ui, "Advanced", &summary, false, |ui| {
        let mut optimized = settings.latency == Some(Latency::Optimized);
        if ui
            .checkbox(&mut optimized, "Latency-optimised inference")
            .on_hover_text("Few models offer it, in few Regions, at a price of its own")
            .changed()
        {
            settings.latency = optimized.then_some(Latency::Optimized);
        }
        tier(ui, settings);
        DollarLimit {
            label: "Ask before sending above",
            name: "Limit of one call",
        }
        .ui(ui, ask_above)
        .on_hover_text(
            "Compared with the most the call may cost: its input and the longest answer",
        );
        additional_fields(ui, settings);
        response_fields(ui, settings);
        metadata(ui, settings);
    });
}

fn tier(ui: &mut Ui, settings: &mut Configuration) {
    ui.label("Service tier");
    let shown = TIERS
        .iter()
        .find(|(tier, _)| *tier == settings.service_tier)
        .map_or("", |(_, name)| *name);
    let combo = combo_box("service tier")
        .width(ui.available_width() - 12.0)
        .selected_text(shown)
        .show_ui(ui, |ui| {
            for (tier, name) in TIERS {
                ui.selectable_value(&mut settings.service_tier, tier, name);
            }
        });
    accessible_name(&combo.response, "Service tier");
}

fn additional_fields(ui: &mut Ui, settings: &mut Configuration) {
    ui.label("Additional model request fields");
    code_area(
        ui,
        "Additional model request fields",
        "{\"only_this_model\": true}",
        3,
        &mut settings.additional_fields,
    );
    if let Err(error) = settings.check_additional_fields() {
        problem(ui, &error.to_string());
    }
}

fn response_fields(ui: &mut Ui, settings: &mut Configuration) {
    ui.label("Additional model response fields");
    reason(
        ui,
        "Parts of the model's own answer that come along: a JSON pointer a line",
    );
    // Claude's, for which most ask: a pointer into a stream is one into its last event.
    let example = if settings.stream {
        "/delta/stop_sequence"
    } else {
        "/stop_sequence"
    };
    code_area(
        ui,
        "Additional model response fields",
        example,
        2,
        &mut settings.response_field_paths,
    );
    if let Err(error) = settings.check_response_field_paths() {
        problem(ui, &error.to_string());
    }
}

fn metadata(ui: &mut Ui, settings: &mut Configuration) {
    ui.label("Request metadata");
    reason(ui, "Names and values for the account's invocation logs");
    let mut removed = None;
    for (index, (name, value)) in settings.request_metadata.iter_mut().enumerate() {
        ui.horizontal(|ui| {
            let width = (ui.available_width() - 60.0) / 2.0;
            for (label, text) in [("Name", name), ("Value", value)] {
                ui.allocate_ui(egui::vec2(width, 30.0), |ui| {
                    text_field(ui, &format!("{label} of pair {}", index + 1), label, text);
                });
            }
            if icon_button(ui, icons::CLOSE, &format!("Remove pair {}", index + 1)).clicked() {
                removed = Some(index);
            }
        });
    }
    if let Some(index) = removed {
        settings.request_metadata.remove(index);
    }
    if let Err(error) = settings.check_metadata() {
        problem(ui, &error.to_string());
    }
    if link_button(ui, "Add a pair").clicked() {
        settings
            .request_metadata
            .push((String::new(), String::new()));
    }
}
