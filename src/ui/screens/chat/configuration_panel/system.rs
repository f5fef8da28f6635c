//! System prompts: one at least, several where wanted.

use egui::{ScrollArea, Ui};

use super::reason;
use crate::catalog::Support;
use crate::chat::Configuration;
use crate::ui::icons;
use crate::ui::widgets::{icon_button, link_button, section_title, text_area};

/// How high one may grow before it scrolls, in points.
const HEIGHT: f32 = 220.0;

pub(super) fn ui(ui: &mut Ui, settings: &mut Configuration, support: Support) {
    section_title(ui, "System prompt");
    if support.system == Some(false) {
        reason(
            ui,
            "This model takes no system prompt; what is written here is kept, and sending it is refused by the service",
        );
    }
    if settings.system.is_empty() {
        settings.system.push(String::new());
    }
    let several = settings.system.len() > 1;
    let mut removed = None;
    for (index, text) in settings.system.iter_mut().enumerate() {
        let name = if index == 0 {
            "System prompt".to_owned()
        } else {
            format!("System prompt {}", index + 1)
        };
        let hint = "Who the model is, and how it should answer";
        // A long one leaves the other settings within reach.
        ScrollArea::vertical()
            .id_salt(&name)
            .max_height(HEIGHT)
            .auto_shrink([false, true])
            .show(ui, |ui| text_area(ui, &name, hint, 3, text));
        if several && icon_button(ui, icons::DELETE, &format!("Remove {name}")).clicked() {
            removed = Some(index);
        }
    }
    if let Some(index) = removed {
        settings.system.remove(index);
    }
    let last_is_written = settings
        .system
        .last()
        .is_some_and(|text| !text.trim().is_empty());
    if last_is_written && link_button(ui, "Add another block").clicked() {
        settings.system.push(String::new());
    }
}
