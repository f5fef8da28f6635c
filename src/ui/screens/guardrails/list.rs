//! The list on the left.

use egui::{ScrollArea, Ui};

use super::{Leave, in_words};
use crate::ui::icons;
use crate::ui::load::Load;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{Entry, icon_button, library_entry, primary_button, spinner};
use crate::ui::{Command, Commands};

/// Draws the list; what was chosen.
pub fn ui(
    ui: &mut Ui,
    shared: &Shared,
    open: Option<&str>,
    commands: &mut Commands,
) -> Option<Leave> {
    let mut chosen = None;
    ui.horizontal(|ui| {
        let connected = shared.session.ready().is_some();
        if primary_button(ui, connected, icons::ADD, "New guardrail").clicked() {
            chosen = Some(Leave::New);
        }
        if icon_button(ui, icons::RETRY, "Fetch the guardrails again").clicked() {
            commands.push(Command::LoadGuardrails);
        }
    });
    ui.add_space(space::S);
    let secondary = palette(ui).text_secondary;
    match &shared.guardrails {
        Load::Idle => {
            if shared.session.ready().is_some() {
                commands.push(Command::LoadGuardrails);
            }
            ui.label(theme::small("Not connected yet").color(secondary));
        }
        Load::Loading(_) => {
            ui.horizontal(|ui| {
                spinner(ui);
                ui.label(theme::small("Fetching the guardrails…").color(secondary));
            });
        }
        Load::Failed(failure) => {
            let color = palette(ui).error;
            ui.label(theme::small("They could not be fetched").color(color))
                .on_hover_text(format!("{}\n{}", failure.message, failure.advice));
        }
        Load::Ready(guardrails) if guardrails.is_empty() => {
            ui.label(theme::small("This account has no guardrails here").color(secondary));
        }
        Load::Ready(guardrails) => {
            ScrollArea::vertical()
                .id_salt("guardrails")
                .auto_shrink(false)
                .show(ui, |ui| {
                    ui.set_width(ui.available_width() - space::S);
                    for guardrail in guardrails {
                        let selected = open == Some(guardrail.id.as_str());
                        let entry = Entry {
                            selected,
                            ..Entry::default()
                        };
                        if library_entry(ui, "guardrail", &guardrail.name, entry)
                            .on_hover_text(format!(
                                "{}, {}",
                                guardrail.id,
                                in_words(&guardrail.status)
                            ))
                            .clicked()
                            && !selected
                        {
                            chosen = Some(Leave::Open(guardrail.id.clone()));
                        }
                    }
                });
        }
    }
    chosen
}
