//! Requests that gave nothing: what the service said, and what can be done.

use egui::Ui;

use super::ImagesCommand;
use super::gallery::{OpenGallery, Why};
use crate::ui::icons;
use crate::ui::widgets::{Alert, AlertKind, failure_alert, secondary_button};
use crate::ui::{Command, Commands};

/// Draws them; what is put away is forgotten.
pub fn ui(ui: &mut Ui, gallery: &mut OpenGallery, commands: &mut Commands) {
    let mut put_away = None;
    for (index, refused) in gallery.refused.iter().enumerate() {
        ui.push_id(("refused", index), |ui| match &refused.why {
            Why::Policy(words) => {
                let closed = Alert::new(AlertKind::Warning, "Rejected by the content policy")
                    .line(words)
                    .line("Say it in other words, or use another image or seed")
                    .dismissible()
                    .show(ui, |_| {});
                if closed {
                    put_away = Some(index);
                }
            }
            Why::Failed(failure) => failure_alert(ui, failure, |ui| {
                if secondary_button(ui, icons::RETRY, "Try again").clicked() {
                    commands.push(Command::Images(ImagesCommand::TryAgain(index)));
                }
                if secondary_button(ui, icons::CLOSE, "Put away").clicked() {
                    put_away = Some(index);
                }
            }),
        });
    }
    if let Some(index) = put_away {
        gallery.refused.remove(index);
    }
}
