//! Configurations under names: saved, taken out again, thrown away.

use egui::containers::menu::MenuButton;
use egui::{Button, Ui};

use super::ConfigurationPanel;
use crate::store::Preset;
use crate::ui::icons;
use crate::ui::theme::{palette, size, space};
use crate::ui::widgets::{icon_button, primary_button, text_field};
use crate::ui::{Command, Commands};

/// What a person does with presets.
#[derive(Clone, Debug, PartialEq)]
pub enum PresetCommand {
    /// Keeps this one, in place of another of its name.
    Save(Box<Preset>),
    /// Throws the one of this name away.
    Delete(String),
}

impl PresetCommand {
    /// Does it to these.
    pub fn carry_out(self, presets: &mut Vec<Preset>) {
        match self {
            Self::Save(preset) => {
                presets.retain(|other| other.name != preset.name);
                presets.push(*preset);
                presets.sort_by(|a, b| a.name.cmp(&b.name));
            }
            Self::Delete(name) => presets.retain(|preset| preset.name != name),
        }
    }
}

/// Draws the menu.
pub(super) fn ui(
    ui: &mut Ui,
    panel: &mut ConfigurationPanel,
    presets: &[Preset],
    commands: &mut Commands,
) {
    let button = Button::new(("Presets", icons::atom(icons::EXPAND)))
        .min_size(egui::vec2(0.0, size::CONTROL - 4.0));
    let (response, _) = MenuButton::from_button(button)
        .config(
            egui::containers::menu::MenuConfig::new()
                .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside),
        )
        .ui(ui, |ui| {
            ui.set_width(250.0);
            list(ui, panel, presets, commands);
            ui.separator();
            text_field(ui, "Name of the preset", "Name", &mut panel.preset_name);
            let name = panel.preset_name.trim().to_owned();
            ui.add_space(space::XXS);
            if primary_button(ui, !name.is_empty(), icons::SAVE, "Save as preset").clicked() {
                let preset = Preset {
                    name,
                    model: panel.model().cloned(),
                    configuration: panel.settings.clone(),
                };
                commands.push(Command::Preset(PresetCommand::Save(Box::new(preset))));
                panel.preset_name.clear();
                ui.close();
            }
        });
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, "Presets"));
}

fn list(ui: &mut Ui, panel: &mut ConfigurationPanel, presets: &[Preset], commands: &mut Commands) {
    if presets.is_empty() {
        ui.label(crate::ui::theme::small("Nothing saved yet").color(palette(ui).text_secondary));
    }
    for preset in presets {
        ui.horizontal(|ui| {
            let row = Button::new((preset.name.as_str(), egui::Atom::grow()))
                .truncate()
                .min_size(egui::vec2(200.0, size::CONTROL - 2.0));
            let used = ui
                .add_sized([200.0, size::CONTROL - 2.0], row)
                .on_hover_text(preset.model.as_ref().map_or("", |id| id.as_str()));
            used.widget_info(|| {
                let name = format!("Use preset {}", preset.name);
                egui::WidgetInfo::labeled(egui::Role::Button, true, name)
            });
            if used.clicked() {
                let what = format!("{} is used", preset.name);
                panel.replace(&what, preset.configuration.clone());
                if let Some(model) = &preset.model {
                    commands.push(Command::UseModel(model.clone()));
                }
                ui.close();
            }
            if icon_button(ui, icons::DELETE, &format!("Delete preset {}", preset.name)).clicked() {
                panel.preset_deleted(preset);
                let command = PresetCommand::Delete(preset.name.clone());
                commands.push(Command::Preset(command));
            }
        });
    }
}
