//! What stands in the way of what is kept, for the screens that live by it, with the way out.

use egui::Ui;

use crate::ui::icons;
use crate::ui::shared::History;
use crate::ui::theme::space;
use crate::ui::widgets::{Alert, AlertKind, secondary_button};
use crate::ui::{Command, Commands};

/// Why something kept cannot be shown.
pub enum Obstacle<'a> {
    /// The history is open, and what was asked of it failed.
    Failed(&'a str),
    /// The history could not be opened.
    Refused(&'a str),
    /// There is no folder for it.
    Nowhere,
}

impl<'a> Obstacle<'a> {
    /// What is in the way, where something is; `problem` is what was last said about the screen's own part.
    pub fn of(history: History<'a>, problem: Option<&'a str>) -> Option<Self> {
        match history {
            History::Opening => None,
            History::Open => problem.map(Self::Failed),
            History::Refused(reason) => Some(Self::Refused(reason)),
            History::Nowhere => Some(Self::Nowhere),
        }
    }

    /// Says it; true when the screen is to ask for its part again.
    pub fn ui(self, ui: &mut Ui, title: &str, commands: &mut Commands) -> bool {
        let (kind, title, reason) = match self {
            Self::Failed(reason) | Self::Refused(reason) => (AlertKind::Error, title, reason),
            Self::Nowhere => (
                AlertKind::Warning,
                "Nothing is kept",
                "There is no data folder. Name one with --data-dir, and conversations and calls are written down.",
            ),
        };
        let mut again = false;
        Alert::new(kind, title).line(reason).show(ui, |ui| {
            if !matches!(self, Self::Nowhere) {
                ui.add_space(space::XXS);
                again = secondary_button(ui, icons::RETRY, "Try again").clicked();
            }
        });
        if again && matches!(self, Self::Refused(_)) {
            commands.push(Command::ReopenHistory);
        }
        again
    }
}
