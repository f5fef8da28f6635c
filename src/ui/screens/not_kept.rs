//! What stands in the way of what is kept, for the screens that live by it, with the way out.

use egui::Ui;

use crate::ui::icons;
use crate::ui::shared::History;
use crate::ui::theme::space;
use crate::ui::widgets::{Alert, AlertKind, secondary_button};
use crate::ui::{Command, Commands};

/// Says why nothing kept can be shown, where that is so; true when the screen is to ask for its part again.
pub fn ui(ui: &mut Ui, history: History<'_>, title: &str, commands: &mut Commands) -> bool {
    let (kind, title, reason) = match history {
        History::Opening | History::Open => return false,
        History::Failed(reason) | History::Refused(reason) => (AlertKind::Error, title, reason),
        History::Nowhere => (
            AlertKind::Warning,
            "Nothing is kept",
            "There is no data folder. Name one with --data-dir, and conversations and calls are written down.",
        ),
    };
    let mut again = false;
    Alert::new(kind, title).line(reason).show(ui, |ui| {
        if history != History::Nowhere {
            ui.add_space(space::XXS);
            again = secondary_button(ui, icons::RETRY, "Try again").clicked();
        }
    });
    if again && matches!(history, History::Refused(_)) {
        commands.push(Command::ReopenHistory);
    }
    again
}
