//! Prompt caching: where cache points are put.

use egui::Ui;

use super::reason;
use crate::catalog::Support;
use crate::chat::{CacheTtl, Configuration};
use crate::ui::widgets::{checkbox, fold};

pub(super) fn ui(ui: &mut Ui, settings: &mut Configuration, support: Support) {
    let points = &mut settings.cache_points;
    let takes_none = support.prompt_caching == Some(false);
    let summary = if points.any() && !takes_none {
        "on"
    } else {
        "off"
    };
    fold(ui, "Prompt caching", summary, false, |ui| {
        if takes_none {
            reason(
                ui,
                "This model does not cache prompts; cache points are not sent to it",
            );
            return;
        }
        reason(
            ui,
            "What stands before a cache point is billed cheaper when it comes again",
        );
        checkbox(ui, &mut points.system, "Cache the system prompt");
        checkbox(ui, &mut points.messages, "Cache the conversation so far");
        checkbox(ui, &mut points.tools, "Cache the tools");
        ui.add_enabled_ui(points.any(), |ui| {
            ui.horizontal(|ui| {
                ui.label("Kept for");
                ui.selectable_value(&mut points.ttl, None, "5 minutes");
                ui.selectable_value(&mut points.ttl, Some(CacheTtl::OneHour), "1 hour")
                    .on_hover_text("Writing for an hour costs more, and not every model takes it");
            });
        });
    });
}
