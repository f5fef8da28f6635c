//! Which guardrail looks at prompt and answer.

use egui::Ui;

use super::reason;
use crate::chat::{Configuration, GuardrailConfig};
use crate::ui::load::Load;
use crate::ui::shared::Shared;
use crate::ui::widgets::{
    accessible_name, checkbox, combo_box, fold, link_button, spinner, text_field,
};
use crate::ui::{Command, Commands};

pub(super) fn ui(
    ui: &mut Ui,
    settings: &mut Configuration,
    shared: &Shared,
    commands: &mut Commands,
) {
    let guardrail = &mut settings.guardrail;
    let summary = if guardrail.is_some() { "on" } else { "off" };
    fold(ui, "Guardrail", summary, false, |ui| {
        list(ui, guardrail, shared, commands);
        let Some(chosen) = guardrail else { return };
        ui.horizontal(|ui| {
            ui.label("Version");
            version(ui, chosen, shared, commands);
        });
        checkbox(ui, &mut chosen.trace, "Say what it found (trace)");
        checkbox(ui, &mut chosen.asynchronous, "Stream before it has looked")
            .on_hover_text(
                "Text is shown as it comes and may be taken back; without this, the answer waits for the guardrail",
            );
    });
}

/// The versions there are, or a field where they may not be listed.
fn version(ui: &mut Ui, chosen: &mut GuardrailConfig, shared: &Shared, commands: &mut Commands) {
    match &shared.guardrail_versions {
        Some((id, Load::Ready(versions))) if *id == chosen.id && !versions.is_empty() => {
            let combo = combo_box("guardrail version")
                .selected_text(&chosen.version)
                .show_ui(ui, |ui| {
                    for version in versions {
                        let text = version.version.clone();
                        ui.selectable_value(&mut chosen.version, text.clone(), text);
                    }
                });
            accessible_name(&combo.response, "Guardrail version");
        }
        Some((id, Load::Loading(_))) if *id == chosen.id => {
            spinner(ui);
        }
        other => {
            if other.as_ref().is_none_or(|(id, _)| *id != chosen.id) {
                commands.push(Command::LoadGuardrailVersions(chosen.id.clone()));
            }
            text_field(ui, "Guardrail version", "DRAFT", &mut chosen.version);
        }
    }
}

fn list(
    ui: &mut Ui,
    chosen: &mut Option<GuardrailConfig>,
    shared: &Shared,
    commands: &mut Commands,
) {
    match &shared.guardrails {
        Load::Idle => commands.push(Command::LoadGuardrails),
        Load::Loading(_) => {
            ui.horizontal(|ui| {
                spinner(ui);
                ui.label("Fetching the guardrails…");
            });
        }
        Load::Failed(failure) => {
            reason(ui, &format!("{}. {}", failure.message, failure.advice));
            if link_button(ui, "Fetch again").clicked() {
                commands.push(Command::LoadGuardrails);
            }
            typed(ui, chosen);
        }
        Load::Ready(guardrails) if guardrails.is_empty() => {
            reason(ui, "This account has no guardrails");
            if link_button(ui, "Fetch again").clicked() {
                commands.push(Command::LoadGuardrails);
            }
            typed(ui, chosen);
        }
        Load::Ready(guardrails) => {
            let name = |id: &str| {
                guardrails
                    .iter()
                    .find(|guardrail| guardrail.id == id || guardrail.arn == id)
                    .map_or(id.to_owned(), |guardrail| guardrail.name.clone())
            };
            let shown = chosen
                .as_ref()
                .map_or("None".to_owned(), |guardrail| name(&guardrail.id));
            let combo = combo_box("guardrail")
                .width(ui.available_width() - 12.0)
                .selected_text(shown)
                .show_ui(ui, |ui| {
                    ui.selectable_value(chosen, None, "None");
                    for guardrail in guardrails {
                        let selected = chosen
                            .as_ref()
                            .is_some_and(|chosen| chosen.id == guardrail.id);
                        if ui.selectable_label(selected, &guardrail.name).clicked() {
                            *chosen = Some(config(&guardrail.id, &guardrail.version));
                        }
                    }
                });
            accessible_name(&combo.response, "Guardrail");
        }
    }
}

/// An id or ARN, for those who may use a guardrail and not list them.
fn typed(ui: &mut Ui, chosen: &mut Option<GuardrailConfig>) {
    let mut id = chosen
        .as_ref()
        .map_or_else(String::new, |guardrail| guardrail.id.clone());
    if text_field(ui, "Guardrail id", "Or an id or ARN", &mut id).changed() {
        let version = chosen.take().map_or("DRAFT".to_owned(), |old| old.version);
        *chosen = (!id.trim().is_empty()).then(|| config(id.trim(), &version));
    }
}

fn config(id: &str, version: &str) -> GuardrailConfig {
    GuardrailConfig {
        id: id.to_owned(),
        version: version.to_owned(),
        trace: true,
        asynchronous: false,
    }
}
