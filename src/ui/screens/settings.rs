//! Settings: what holds for every conversation, and where everything is kept.

use egui::{DragValue, ScrollArea, Slider, Ui};

use crate::store::{DataFolder, Settings, Theme};
use crate::ui::command::SettingsCommand;
use crate::ui::icons;
use crate::ui::theme::{size, space};
use crate::ui::widgets::{
    Alert, AlertKind, DollarLimit, accessible_name, labelled_value, page, secondary_button,
    section_title,
};
use crate::ui::{Command, Commands};

/// Scales that leave something to be clicked on.
const SCALES: std::ops::RangeInclusive<f32> = 0.5..=3.0;

/// What the screen shows beside the settings themselves.
pub struct About<'a> {
    pub folder: Option<&'a DataFolder>,
    /// In words; `None` while it is being added up.
    pub size: Option<&'a str>,
}

/// Draws the screen. `None` when there is no settings file that could be used.
pub fn ui(ui: &mut Ui, settings: Option<&Settings>, about: &About<'_>, commands: &mut Commands) {
    page(
        ui,
        "Settings",
        |_| {},
        |ui| {
            ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                ui.set_max_width(size::READING);
                match settings {
                    Some(settings) => fields(ui, settings, commands),
                    None => {
                        Alert::new(AlertKind::Warning, "Settings are not kept now")
                            .line("There is no data folder, or its settings.json cannot be used; what is in the file stays as it is.")
                            .show(ui, |_| {});
                    }
                }
                kept(ui, about, commands);
                section_title(ui, "Telemetry");
                ui.label("None, ever. Prompts and files go to Amazon Bedrock in the region you chose and nowhere else.");
                ui.add_space(space::L);
            });
        },
    );
}

fn fields(ui: &mut Ui, settings: &Settings, commands: &mut Commands) {
    let mut changed = settings.clone();
    section_title(ui, "Appearance");
    ui.horizontal(|ui| {
        ui.label("Theme");
        for (theme, label) in [
            (Theme::System, "As the system has it"),
            (Theme::Light, "Light"),
            (Theme::Dark, "Dark"),
        ] {
            ui.selectable_value(&mut changed.theme, theme, label);
        }
    });
    ui.horizontal(|ui| {
        ui.label("Scale");
        let mut percent = changed.scale * 100.0;
        let slider = Slider::new(&mut percent, SCALES.start() * 100.0..=SCALES.end() * 100.0)
            .step_by(5.0)
            .fixed_decimals(0)
            .suffix(" %");
        let response = ui.add(slider);
        accessible_name(&response, "Scale");
        // Not while the handle is held: it would run away from under the pointer.
        if response.drag_stopped() || (response.changed() && !response.dragged()) {
            changed.scale = percent / 100.0;
        }
    });
    section_title(ui, "New conversations");
    labelled_value(
        ui,
        "Model",
        changed
            .default_model
            .as_ref()
            .map_or("Nova Lite where the account has it", |id| id.as_str()),
    );
    labelled_value(
        ui,
        "Configuration",
        if changed.default_configuration.is_some() {
            "As you saved it"
        } else {
            "Every model's own defaults"
        },
    );
    ui.horizontal(|ui| {
        if secondary_button(ui, icons::SAVE, "Begin like the current conversation").clicked() {
            commands.push(Command::Settings(SettingsCommand::SaveAsDefault));
        }
        if (changed.default_model.is_some() || changed.default_configuration.is_some())
            && secondary_button(ui, icons::RESET, "Begin with the usual defaults").clicked()
        {
            changed.default_model = None;
            changed.default_configuration = None;
        }
    });
    section_title(ui, "Spending");
    DollarLimit {
        label: "Ask before a call that may cost more than",
        name: "Limit of one call in new conversations",
    }
    .ui(ui, &mut changed.ask_above);
    section_title(ui, "History");
    ui.horizontal(|ui| {
        ui.label("Deleted conversations can be brought back for");
        let edit = ui.add(
            DragValue::new(&mut changed.retention_days)
                .range(1..=3_650)
                .suffix(" days"),
        );
        accessible_name(&edit, "Days of retention");
    });
    if changed != *settings {
        let command = SettingsCommand::Save(Box::new(changed));
        commands.push(Command::Settings(command));
    }
}

fn kept(ui: &mut Ui, about: &About<'_>, commands: &mut Commands) {
    section_title(ui, "Data folder");
    let Some(folder) = about.folder else {
        ui.label("Nothing is kept: this system names no folder for it, and none was given");
        return;
    };
    labelled_value(ui, "Place", &folder.path().display().to_string());
    labelled_value(ui, "Size", about.size.unwrap_or("being added up…"));
    ui.horizontal(|ui| {
        if secondary_button(ui, icons::COPY, "Copy the place").clicked() {
            ui.ctx().copy_text(folder.path().display().to_string());
        }
        if secondary_button(ui, icons::SAVE, "Back up the history now").clicked() {
            commands.push(Command::Settings(SettingsCommand::BackUp));
        }
        if secondary_button(ui, icons::SUCCESS, "Check the history").clicked() {
            commands.push(Command::Settings(SettingsCommand::CheckHistory));
        }
    });
}
