//! The prices AWS publishes: fetched, shown beside what was known, and taken or left.

use egui::{Align, Grid, Label, Layout, ScrollArea, Ui};

use crate::tasks::Refresh;
use crate::ui::command::PricesCommand;
use crate::ui::icons;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{
    Alert, AlertKind, dialog, loading_state, primary_button, secondary_button,
};
use crate::ui::{Command, Commands};

const WIDTH: f32 = 720.0;

/// Height of the list of changes, in points.
const LIST: f32 = 300.0;

/// The open dialog's state.
#[derive(Default)]
pub enum RefreshDialog {
    /// The files are coming.
    #[default]
    Fetching,
    /// They could not be fetched or read, and why.
    Failed(String),
    /// They are here.
    Found(Box<Refresh>),
}

impl RefreshDialog {
    /// Draws the dialog; true when it is done with.
    pub fn ui(&self, ui: &mut Ui, commands: &mut Commands) -> bool {
        let mut taken = false;
        let closed = dialog(ui, "Prices AWS publishes", WIDTH, |ui| match self {
            Self::Fetching => {
                loading_state(ui, "Fetching the price files of AWS…");
                ui.add_space(space::M);
            }
            Self::Failed(problem) => {
                Alert::new(AlertKind::Error, "The prices were not refreshed")
                    .line(problem)
                    .show(ui, |ui| {
                        if secondary_button(ui, icons::RETRY, "Try again").clicked() {
                            commands.push(Command::Prices(PricesCommand::Refresh));
                        }
                    });
            }
            Self::Found(found) => {
                found_ui(ui, found);
                ui.add_space(space::M);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let some = !found.files.is_empty();
                    let take = primary_button(ui, some, icons::SUCCESS, "Take these prices")
                        .on_disabled_hover_text("There is nothing new to take");
                    if take.clicked() {
                        commands.push(Command::Prices(PricesCommand::TakeRefreshed));
                        taken = true;
                    }
                });
            }
        });
        taken || closed
    }
}

fn found_ui(ui: &mut Ui, found: &Refresh) {
    let color = palette(ui).text_secondary;
    for line in files(found) {
        ui.add(Label::new(theme::small(line).color(color)).wrap());
    }
    ui.add_space(space::S);
    let (changes, all) = (found.review.changes.len(), found.review.len());
    ui.label(theme::strong(format!(
        "{changes} prices change, {} stay, {} are held back",
        all - changes,
        found.review.rejects.len()
    )));
    ui.add_space(space::XS);
    if changes > 0 {
        changes_ui(ui, found);
    }
    if !found.review.rejects.is_empty() {
        egui::CollapsingHeader::new("Held back").show(ui, |ui| {
            for reject in &found.review.rejects {
                let text = format!("{}: {}", reject.name, reject.reason);
                ui.add(Label::new(theme::small(text).color(color)).wrap());
            }
        });
    }
    let note = "What AWS publishes is for information only; the bill counts. Your own prices stay \
                before these.";
    ui.add(Label::new(theme::small(note).color(color)).wrap());
}

fn changes_ui(ui: &mut Ui, found: &Refresh) {
    ScrollArea::vertical()
        .id_salt("changes")
        .max_height(LIST)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            Grid::new("changes")
                .num_columns(3)
                .striped(true)
                .spacing([space::L, 2.0])
                .show(ui, |ui| {
                    for change in &found.review.changes {
                        ui.label(theme::small(change.key.to_string()));
                        let from = change.from;
                        let from = from.map_or_else(|| "new".to_owned(), |usd| usd.to_string());
                        ui.label(theme::small(from).color(palette(ui).text_secondary));
                        ui.label(theme::small(format!("→ {}", change.to)));
                        ui.end_row();
                    }
                });
        });
}

fn files(found: &Refresh) -> Vec<String> {
    let read = found.files.iter().map(|file| {
        format!(
            "{} for {}: published {}",
            file.offer.code(),
            file.region,
            file.published
        )
    });
    let unchanged = found
        .unchanged
        .iter()
        .map(|offer| format!("{}: nothing new since it was read", offer.code()));
    let missing = found
        .missing
        .iter()
        .map(|offer| format!("{}: no file for {}", offer.code(), found.region));
    read.chain(unchanged).chain(missing).collect()
}
