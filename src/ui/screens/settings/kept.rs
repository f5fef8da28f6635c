//! The data folder, and all of it as one file.

use egui::{ProgressBar, Ui};

use super::{About, SettingsScreen};
use crate::ui::command::SettingsCommand;
use crate::ui::icons;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{
    checkbox, dialog, labelled_value, link_button, primary_button, secondary_button, section_title,
};
use crate::ui::{Command, Commands};

const ASK_WIDTH: f32 = 420.0;

impl SettingsScreen {
    pub(super) fn folder(&mut self, ui: &mut Ui, about: &About<'_>, commands: &mut Commands) {
        section_title(ui, "Data folder");
        let Some(folder) = about.folder else {
            ui.label("Nothing is kept: this system names no folder for it, and none was given");
            return;
        };
        labelled_value(ui, "Place", &folder.path().display().to_string());
        let sizes = about.sizes.map(|sizes| {
            format!(
                "{} (history {}, attachments {}, backups {})",
                megabytes(sizes.all()),
                megabytes(sizes.database),
                megabytes(sizes.attachments),
                megabytes(sizes.backups)
            )
        });
        let sizes = sizes.as_deref().unwrap_or("being added up…");
        labelled_value(ui, "Size", sizes);
        let mut push = |command| commands.push(Command::Settings(command));
        ui.horizontal_wrapped(|ui| {
            if secondary_button(ui, icons::COPY, "Copy the place").clicked() {
                ui.ctx().copy_text(folder.path().display().to_string());
            }
            if secondary_button(ui, icons::SAVE, "Back up the history now").clicked() {
                push(SettingsCommand::BackUp);
            }
            if secondary_button(ui, icons::SUCCESS, "Check the history").clicked() {
                push(SettingsCommand::CheckHistory);
            }
            if secondary_button(ui, icons::CLEAR, "Clean up")
                .on_hover_text("Removes what is past its time, and gives the room back to the disk")
                .clicked()
            {
                push(SettingsCommand::Tidy);
            }
            if secondary_button(ui, icons::DELETE, "Empty the trash…").clicked() {
                self.asks_to_empty = true;
            }
        });
        if self.asks_to_empty {
            let closed = dialog(ui, "Empty the trash", ASK_WIDTH, |ui| {
                ui.label("What is in the trash is removed for good and cannot be brought back.");
                ui.add_space(space::S);
                if primary_button(ui, true, icons::DELETE, "Remove it for good").clicked() {
                    push(SettingsCommand::EmptyTrash);
                    self.asks_to_empty = false;
                }
            });
            self.asks_to_empty &= !closed;
        }
    }

    pub(super) fn archive(&mut self, ui: &mut Ui, about: &About<'_>, commands: &mut Commands) {
        if about.folder.is_none() {
            return;
        }
        section_title(ui, "Back up and move");
        let words = "One file with all that is kept: conversations with attachments, comparisons, \
                     lists of alt text, images, presets, prices, budgets, the ledger and settings. No keys \
                     are in it.";
        ui.label(theme::small(words).color(palette(ui).text_secondary));
        let mut push = |command| commands.push(Command::Settings(command));
        if let Some((is_import, done, all)) = about.archive.running {
            ui.horizontal(|ui| {
                let what = if is_import {
                    "Importing…"
                } else {
                    "Exporting…"
                };
                ui.label(what);
                #[expect(clippy::cast_precision_loss, reason = "a bar of some pixels")]
                let part = if all == 0 {
                    0.0
                } else {
                    done as f32 / all as f32
                };
                ui.add(
                    ProgressBar::new(part)
                        .desired_width(240.0)
                        .show_percentage(),
                );
                if secondary_button(ui, icons::STOP, "Stop").clicked() {
                    push(SettingsCommand::StopArchive);
                }
            });
        } else {
            ui.horizontal_wrapped(|ui| {
                if secondary_button(ui, icons::EXPORT, "Export everything…").clicked() {
                    push(SettingsCommand::ExportAll);
                }
                if secondary_button(ui, icons::FOLDER, "Import an archive…").clicked() {
                    let replace_settings = self.replace_settings;
                    push(SettingsCommand::ImportAll { replace_settings });
                }
                checkbox(
                    ui,
                    &mut self.replace_settings,
                    "Take over its settings and prices in place of mine",
                );
            });
        }
        if let Some(report) = about.archive.report {
            for line in report {
                ui.label(line);
            }
            if link_button(ui, "Close the report").clicked() {
                push(SettingsCommand::CloseReport);
            }
        }
    }
}

fn megabytes(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "rounded for display anyway")]
    let megabytes = bytes as f64 / 1e6;
    format!("{megabytes:.1} MB")
}
