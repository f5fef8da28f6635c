//! A failed call on screen: the service's words, what they mean, and what support asks for.

use egui::Ui;

use super::alert::{Alert, AlertKind};
use crate::chat::Failure;
use crate::ui::theme::{self, palette, space};

/// Shows a failure with room for buttons that lead out of it.
pub fn failure_alert(ui: &mut Ui, failure: &Failure, actions: impl FnOnce(&mut Ui)) {
    let title = match failure.status {
        Some(status) => format!("{} (HTTP {status})", failure.code),
        None => failure.code.clone(),
    };
    Alert::new(AlertKind::Error, &title)
        .line(&failure.message)
        .line(&failure.advice)
        .show(ui, |ui| {
            if let Some(id) = &failure.request_id {
                let color = palette(ui).text_secondary;
                ui.label(theme::small(format!("Request id {id}")).color(color));
            }
            ui.add_space(space::XXS);
            ui.horizontal_wrapped(actions);
        });
}
