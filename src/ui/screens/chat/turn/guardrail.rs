//! What a guardrail found, readable: which policy, what matched, what was done.

use egui::{CollapsingHeader, Grid, Label, Ui};
use serde_json::Value;

use crate::chat::{Side, findings};
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{Tone, badge};

/// Draws the findings of a trace, and the model a prompt router chose.
pub fn ui(ui: &mut Ui, trace: &Value) {
    let secondary = palette(ui).text_secondary;
    if let Some(model) = trace["promptRouter"]["invokedModelId"].as_str() {
        ui.label(theme::small(format!("The prompt router chose {model}")).color(secondary));
    }
    if trace["guardrail"].is_null() {
        return;
    }
    let found = findings(trace);
    let title = match found.len() {
        0 => "Guardrail trace: nothing found".to_owned(),
        1 => "Guardrail trace: 1 finding".to_owned(),
        count => format!("Guardrail trace: {count} findings"),
    };
    CollapsingHeader::new(theme::small(title))
        .id_salt("guardrail trace")
        .default_open(!found.is_empty())
        .show(ui, |ui| {
            Grid::new("findings")
                .num_columns(4)
                .spacing([space::L, 4.0])
                .show(ui, |ui| {
                    for finding in &found {
                        ui.label(theme::small(match finding.side {
                            Side::Input => "Prompt",
                            Side::Output => "Answer",
                        }));
                        ui.label(theme::small(&finding.policy));
                        let what = match (&finding.matched, &finding.degree) {
                            (Some(matched), _) if *matched != finding.name => {
                                format!("{}: “{matched}”", finding.name)
                            }
                            (_, Some(degree)) => format!("{} ({degree})", finding.name),
                            _ => finding.name.clone(),
                        };
                        ui.add(Label::new(theme::small(what)).wrap());
                        let (words, tone) = match finding.action.as_str() {
                            "BLOCKED" => ("Blocked", Tone::Error),
                            "ANONYMIZED" => ("Masked", Tone::Warning),
                            "NONE" => ("Noted only", Tone::Neutral),
                            other => (other, Tone::Neutral),
                        };
                        badge(ui, words, tone);
                        ui.end_row();
                    }
                });
            CollapsingHeader::new(theme::small("As the service sent it"))
                .id_salt("raw trace")
                .show(ui, |ui| {
                    let text = serde_json::to_string_pretty(trace).unwrap_or_default();
                    ui.add(Label::new(theme::small(text).monospace()).wrap());
                });
        });
}
