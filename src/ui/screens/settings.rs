//! Settings: what holds for every conversation, and where everything is kept.

mod fields;
mod kept;

use egui::{ScrollArea, Ui};

use crate::store::{DataFolder, FolderSizes, Settings};
use crate::ui::Commands;
use crate::ui::theme::{size, space};
use crate::ui::widgets::{Alert, AlertKind, page, section_title};

/// What the screen shows beside the settings themselves.
pub struct About<'a> {
    pub folder: Option<&'a DataFolder>,
    /// `None` while they are being added up.
    pub sizes: Option<&'a FolderSizes>,
    /// The system's font families; `None` while they are being looked for.
    pub families: Option<&'a [String]>,
    pub archive: ArchiveView<'a>,
}

/// The work on an archive, as it is shown.
pub struct ArchiveView<'a> {
    /// Whether it is an import, and how much is done of all.
    pub running: Option<(bool, u64, u64)>,
    /// What came of the last one.
    pub report: Option<&'a [String]>,
}

/// The screen's own state.
#[derive(Default)]
pub struct SettingsScreen {
    /// A proxy that is being typed.
    proxy: Option<String>,
    replace_settings: bool,
    asks_to_empty: bool,
}

impl SettingsScreen {
    /// Draws the screen. `None` when there is no settings file that could be used.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        settings: Option<&Settings>,
        about: &About<'_>,
        commands: &mut Commands,
    ) {
        page(
            ui,
            "Settings",
            |_| {},
            |ui| {
                ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                    ui.set_max_width(size::READING);
                    match settings {
                        Some(settings) => self.fields(ui, settings, about.families, commands),
                        None => {
                            Alert::new(AlertKind::Warning, "Settings are not kept now")
                                .line("There is no data folder, or its settings.json cannot be used; what is in the file stays as it is.")
                                .show(ui, |_| {});
                        }
                    }
                    self.folder(ui, about, commands);
                    self.archive(ui, about, commands);
                    section_title(ui, "Telemetry");
                    ui.label("None, ever. Prompts and files go to Amazon Bedrock in the region you chose and nowhere else.");
                    ui.add_space(space::L);
                });
            },
        );
    }
}
