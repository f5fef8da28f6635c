//! Attaching an object in S3 by its address.

use egui::Ui;

use super::intake::Intake;
use crate::ui::icons;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{dialog, primary_button, secondary_button, text_field};

const WIDTH: f32 = 440.0;

/// The open dialog.
#[derive(Default)]
pub struct S3Dialog {
    uri: String,
    owner: String,
    problem: Option<String>,
}

impl S3Dialog {
    /// Draws the dialog; true when it is done with.
    pub fn ui(&mut self, ui: &mut Ui, intake: &mut Intake) -> bool {
        let mut done = false;
        let closed = dialog(ui, "Attach a file in S3", WIDTH, |ui| {
            let secondary = palette(ui).text_secondary;
            ui.label(
                    theme::small(
                        "The service reads the object itself: not every model can, and the caller must be allowed to read it",
                    )
                    .color(secondary),
                );
            ui.add_space(space::S);
            text_field(
                ui,
                "Address in S3",
                "s3://bucket/folder/file.pdf",
                &mut self.uri,
            );
            text_field(
                ui,
                "Owner of the bucket",
                "Account number of the bucket's owner, when it is another",
                &mut self.owner,
            );
            if let Some(problem) = &self.problem {
                ui.colored_label(palette(ui).error, problem);
            }
            ui.add_space(space::S);
            ui.horizontal(|ui| {
                if primary_button(ui, true, icons::ATTACH, "Attach it").clicked() {
                    match intake.attach_s3(&self.uri, &self.owner) {
                        Ok(()) => done = true,
                        Err(error) => self.problem = Some(error.to_string()),
                    }
                }
                done |= secondary_button(ui, icons::CLOSE, "Cancel").clicked();
            });
        });
        done || closed
    }
}
