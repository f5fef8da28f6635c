//! Whether the account may use a model, and what to do when it may not.

use egui::{Label, Ui};

use crate::catalog::ModelId;
use crate::ui::icons;
use crate::ui::load::Load;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{link_button, spinner};
use crate::ui::{Command, Commands};

/// Draws what is known of the access to a model.
pub fn ui(ui: &mut Ui, id: &ModelId, shared: &Shared, commands: &mut Commands) {
    let asked = shared.access.as_ref().filter(|(of, _)| of == id);
    let palette = palette(ui);
    ui.add_space(space::XS);
    match asked.map(|(_, load)| load) {
        None | Some(Load::Idle) => {
            if link_button(ui, "Check access").clicked() {
                commands.push(Command::CheckAccess(id.clone()));
            }
        }
        Some(Load::Loading(_)) => {
            ui.horizontal(|ui| {
                spinner(ui);
                let words = "Asking whether the account may use it…";
                ui.label(theme::small(words).color(palette.text_secondary));
            });
        }
        Some(Load::Ready(access)) if access.can_be_used() => {
            ui.horizontal(|ui| {
                icons::paint(ui, icons::SUCCESS, size::ICON, palette.success);
                ui.label(theme::small("The account may use this model").color(palette.text));
            });
        }
        Some(Load::Ready(access)) => {
            ui.horizontal(|ui| {
                icons::paint(ui, icons::WARNING, size::ICON, palette.warning);
                ui.label(theme::strong("The account may not use this model yet"));
            });
            for step in access.what_to_do() {
                ui.add(Label::new(theme::small(step).color(palette.text)).wrap());
            }
            if link_button(ui, "Check again").clicked() {
                commands.push(Command::CheckAccess(id.clone()));
            }
        }
        Some(Load::Failed(failure)) => {
            let words = format!(
                "Access is not known: {}. {}",
                failure.message, failure.advice
            );
            ui.add(Label::new(theme::small(words).color(palette.text_secondary)).wrap());
            if link_button(ui, "Check again").clicked() {
                commands.push(Command::CheckAccess(id.clone()));
            }
        }
    }
}
