//! What stands in the way of every call, where something does: no connection, or no list of models. Each
//! with the ways out.

use egui::Ui;

use super::sign_in;
use crate::chat::Failure;
use crate::ui::icons;
use crate::ui::load::Load;
use crate::ui::shared::Shared;
use crate::ui::theme::space;
use crate::ui::widgets::{failure_alert, failure_alert_in_little_room, secondary_button};
use crate::ui::{Command, Commands};

/// Where there is less room than this, in points, the ways out come before the words.
const LOW: f32 = 260.0;

/// Says it, with so many points free on the right, where lists have their bar; true when there was something
/// to say.
pub fn ui(ui: &mut Ui, free: f32, shared: &Shared, commands: &mut Commands) -> bool {
    let (failure, again) = match (&shared.session, &shared.catalog) {
        (Load::Failed(failure), _) => (failure, ("Connect again", Command::Reconnect)),
        (_, Load::Failed(failure)) => (failure, ("Try again", Command::ReloadCatalog)),
        _ => return false,
    };
    failed(ui, free, failure, again, commands);
    ui.add_space(space::S);
    true
}

/// Says what failed, with what tries it again under its name, and the way to another connection.
pub fn failed(
    ui: &mut Ui,
    free: f32,
    failure: &Failure,
    (label, again): (&str, Command),
    commands: &mut Commands,
) {
    ui.add_space(space::XXS);
    ui.scope(|ui| {
        ui.set_max_width(ui.available_width() - free);
        let ways_out = |ui: &mut Ui| {
            sign_in::way_out(ui, failure, commands);
            if secondary_button(ui, icons::RETRY, label).clicked() {
                commands.push(again);
            }
            if secondary_button(ui, icons::REGION, "Change connection…").clicked() {
                commands.push(Command::ShowConnection);
            }
        };
        if ui.available_height() < LOW {
            failure_alert_in_little_room(ui, failure, ways_out);
        } else {
            failure_alert(ui, failure, ways_out);
        }
    });
}
