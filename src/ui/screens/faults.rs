//! Faults on request: what shall go wrong at the embedded endpoint, to see how everything copes.

use std::time::Duration;

use egui::{DragValue, Ui};

use crate::emulator::{FaultKind, FaultReach, Faults};
use crate::ui::icons;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    accessible_name, at_the_end, checkbox, combo_box, dialog, primary_button, word_button,
};
use crate::ui::{Command, Commands};

const WIDTH: f32 = 440.0;

const KINDS: [(FaultKind, &str); 6] = [
    (FaultKind::Throttling, "ThrottlingException (429)"),
    (FaultKind::AccessDenied, "AccessDeniedException (403)"),
    (FaultKind::InternalServer, "InternalServerException (500)"),
    (
        FaultKind::ServiceUnavailable,
        "ServiceUnavailableException (503)",
    ),
    (FaultKind::ModelTimeout, "ModelTimeoutException (408)"),
    (FaultKind::ModelError, "ModelErrorException (424)"),
];

const REACHES: [(FaultReach, &str); 3] = [
    (FaultReach::Invocations, "Invocations of models"),
    (FaultReach::Lists, "Lists of models and more"),
    (FaultReach::Everything, "Both"),
];

/// The open dialog's state.
pub struct FaultsDialog {
    faults: Faults,
}

impl FaultsDialog {
    /// Opens on the faults in force.
    #[must_use]
    pub fn open(faults: Faults) -> Self {
        Self { faults }
    }

    /// Draws the dialog; true when it is done with.
    pub fn ui(&mut self, ui: &mut Ui, commands: &mut Commands) -> bool {
        let mut done = false;
        let closed = dialog(ui, "Faults on request", WIDTH, |ui| {
            let text = "What shall go wrong at the embedded endpoint from now on";
            ui.label(theme::small(text).color(palette(ui).text_secondary));
            ui.add_space(space::S);
            self.fields(ui);
            ui.add_space(space::M);
            ui.horizontal(|ui| {
                at_the_end(ui, "faults or none", |ui| {
                    if word_button(ui, "No faults").clicked() {
                        commands.push(Command::SetFaults(Faults::default()));
                        done = true;
                    }
                    if primary_button(ui, true, icons::SUCCESS, "Apply").clicked() {
                        commands.push(Command::SetFaults(self.faults.clone()));
                        done = true;
                    }
                });
            });
        });
        done || closed
    }

    fn fields(&mut self, ui: &mut Ui) {
        let faults = &mut self.faults;
        row(ui, "Meets", |ui, name| {
            reach_ui(ui, name, &mut faults.reach);
        });
        let mut latency = u64::try_from(faults.latency.as_millis()).unwrap_or(u64::MAX);
        row(ui, "Wait before answering", |ui, name| {
            let edit = ui.add(DragValue::new(&mut latency).range(0..=60_000).suffix(" ms"));
            accessible_name(&edit, name);
        });
        faults.latency = Duration::from_millis(latency);
        let mut share = faults.throttling_share * 100.0;
        row(ui, "Throttled", |ui, name| {
            let edit = ui.add(
                DragValue::new(&mut share)
                    .range(0.0..=100.0)
                    .fixed_decimals(0)
                    .suffix(" %"),
            );
            accessible_name(&edit, name);
        });
        faults.throttling_share = share / 100.0;
        optional(
            ui,
            "Tokens a second",
            &mut faults.tokens_per_second,
            20.0,
            |ui, value| ui.add(DragValue::new(value).range(0.5..=10_000.0)),
        );
        optional(
            ui,
            "Fail the n-th",
            &mut faults.fail_nth,
            (1, FaultKind::Throttling),
            |ui, (nth, kind)| {
                let shown = KINDS
                    .iter()
                    .find(|(of, _)| of == kind)
                    .map_or("", |(_, name)| *name);
                let errors = combo_box("error")
                    .width(190.0)
                    .selected_text(shown)
                    .show_ui(ui, |ui| {
                        for (value, name) in KINDS {
                            ui.selectable_value(kind, value, name);
                        }
                    });
                accessible_name(&errors.response, "The error to fail with");
                ui.add(DragValue::new(nth).range(1..=1_000))
            },
        );
        let event =
            |ui: &mut Ui, value: &mut usize| ui.add(DragValue::new(value).range(1..=10_000));
        optional(
            ui,
            "Cut streams after events",
            &mut faults.cut_after_events,
            5,
            event,
        );
        optional(
            ui,
            "Break the connection after events",
            &mut faults.break_after_events,
            5,
            event,
        );
        optional(ui, "Damage the event", &mut faults.corrupt_event, 3, event);
        optional(
            ui,
            "Fall silent after events",
            &mut faults.stall_after_events,
            5,
            event,
        );
    }
}

fn reach_ui(ui: &mut Ui, name: &str, reach: &mut FaultReach) {
    let shown = REACHES.iter().find(|(of, _)| of == reach);
    let combo = combo_box("reach")
        .width(190.0)
        .selected_text(shown.map_or("", |(_, label)| label))
        .show_ui(ui, |ui| {
            for (value, label) in REACHES {
                ui.selectable_value(reach, value, label);
            }
        });
    accessible_name(&combo.response, name);
}

fn row(ui: &mut Ui, name: &str, control: impl FnOnce(&mut Ui, &str)) {
    ui.horizontal(|ui| {
        ui.label(name);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            control(ui, name);
        });
    });
}

/// A fault that is off until it is ticked.
fn optional<T>(
    ui: &mut Ui,
    name: &str,
    value: &mut Option<T>,
    initial: T,
    control: impl FnOnce(&mut Ui, &mut T) -> egui::Response,
) {
    ui.horizontal(|ui| {
        ui.set_min_height(size::CONTROL);
        let mut on = value.is_some();
        if checkbox(ui, &mut on, name).changed() {
            *value = on.then_some(initial);
        }
        if let Some(value) = value {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let edit = control(ui, value);
                accessible_name(&edit, name);
            });
        }
    });
}
