//! Personal data and patterns of one's own.

use egui::{ScrollArea, Ui};

use super::general::told;
use super::policies::count;
use super::sides::{self, Actions};
use crate::guardrails::{Action, Definition, PII_KINDS, Pattern, PiiEntity, Place, Problem, Sides};
use crate::ui::icons;
use crate::ui::theme::{self, palette};
use crate::ui::widgets::{
    accessible_name, combo_box, fold, icon_button, secondary_button, text_field,
};

/// Draws personal data.
pub fn pii(ui: &mut Ui, definition: &mut Definition) {
    let summary = count(definition.pii.len());
    fold(ui, "Personal data", &summary, false, |ui| {
        let mut removed = None;
        for (at, entity) in definition.pii.iter_mut().enumerate() {
            let name = label(&entity.kind);
            ui.horizontal_wrapped(|ui| {
                if icon_button(ui, icons::CLOSE, &format!("Remove {name}")).clicked() {
                    removed = Some(at);
                }
                ui.label(theme::strong(name));
                sides::ui(ui, name, Actions::Mask, &mut entity.sides);
            });
        }
        if let Some(at) = removed {
            definition.pii.remove(at);
        }
        let combo = combo_box("kind of personal data")
            .width(240.0)
            .selected_text("Add a kind…")
            .show_ui(ui, |ui| {
                ScrollArea::vertical().max_height(280.0).show(ui, |ui| {
                    for (kind, label) in PII_KINDS {
                        let there = definition.pii.iter().any(|entity| entity.kind == kind);
                        if !there && ui.selectable_label(false, label).clicked() {
                            definition.pii.push(PiiEntity {
                                kind: kind.to_owned(),
                                sides: Sides::both(Action::Anonymize),
                            });
                        }
                    }
                });
            });
        accessible_name(&combo.response, "Add a kind of personal data");
    });
}

fn label(kind: &str) -> &str {
    PII_KINDS
        .iter()
        .find(|(known, _)| *known == kind)
        .map_or(kind, |(_, label)| *label)
}

/// Draws regular expressions.
pub fn patterns(ui: &mut Ui, definition: &mut Definition, problems: &[Problem]) {
    let summary = count(definition.patterns.len());
    fold(ui, "Regular expressions", &summary, false, |ui| {
        let mut removed = None;
        for (at, pattern) in definition.patterns.iter_mut().enumerate() {
            ui.push_id(("pattern", at), |ui| {
                if pattern_ui(ui, at, pattern) {
                    removed = Some(at);
                }
                told(ui, problems, Place::Pattern(at));
            });
            ui.separator();
        }
        if let Some(at) = removed {
            definition.patterns.remove(at);
        }
        if secondary_button(ui, icons::ADD, "Add a regular expression").clicked() {
            definition.patterns.push(Pattern {
                sides: Sides::both(Action::Anonymize),
                ..Pattern::default()
            });
        }
        let secondary = palette(ui).text_secondary;
        let text = "What is masked is replaced by the name in braces. They are free of charge.";
        ui.label(theme::small(text).color(secondary));
    });
}

fn pattern_ui(ui: &mut Ui, at: usize, pattern: &mut Pattern) -> bool {
    let number = at + 1;
    let mut removed = false;
    ui.horizontal(|ui| {
        ui.scope(|ui| {
            ui.set_width((ui.available_width() - 44.0) * 0.4);
            let name = format!("Name of expression {number}");
            text_field(
                ui,
                &name,
                "Name, for instance Order number",
                &mut pattern.name,
            );
        });
        ui.scope(|ui| {
            ui.set_width(ui.available_width() - 44.0);
            let name = format!("Expression {number}");
            text_field(
                ui,
                &name,
                r"Expression, for instance \bORD-\d{6}\b",
                &mut pattern.pattern,
            );
        });
        let name = format!("Remove expression {number}");
        removed = icon_button(ui, icons::DELETE, &name).clicked();
    });
    let name = format!("Description of expression {number}");
    text_field(
        ui,
        &name,
        "What it is for (may stay empty)",
        &mut pattern.description,
    );
    sides::ui(
        ui,
        &format!("expression {number}"),
        Actions::Mask,
        &mut pattern.sides,
    );
    removed
}
