//! How a conversation is drawn: its head, its turns, the composer, the configuration.

use egui::{Button, CentralPanel, Frame, Margin, Panel, Ui};

use super::Playground;
use crate::chat::{Mode, TurnId};
use crate::store::Preset;
use crate::ui::command::{ExportFormat, TurnCommand};
use crate::ui::icons;
use crate::ui::load::Load;
use crate::ui::screens::chat::composer::Surroundings;
use crate::ui::screens::chat::find::{Find, Wish};
use crate::ui::screens::chat::pictures::is_shown_as_preview;
use crate::ui::screens::chat::tabs::Tabs;
use crate::ui::screens::close_up::Subject;
use crate::ui::screens::out_of_reach;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    Alert, AlertKind, empty_state, in_pane, link_button, loading_state, menu_button, menu_item,
    menu_item_unless, secondary_button, title_row,
};
use crate::ui::{Command, Commands};

/// Room for title and buttons side by side, in points.
const ROOM_FOR_HEAD: f32 = 445.0;

const MENU_WIDTH: f32 = 210.0;

impl Playground {
    /// Draws the screen.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        shared: &Shared,
        tabs: &Tabs,
        presets: &[Preset],
        commands: &mut Commands,
    ) {
        let background = palette(ui).background;
        Panel::right("configuration")
            .exact_size(theme::side_panel(ui, 0.0))
            .resizable(false)
            .frame(Frame::new().fill(palette(ui).surface).inner_margin(Margin {
                left: 16,
                right: 8,
                top: 16,
                bottom: 8,
            }))
            .show(
                ui,
                in_pane(|ui| {
                    self.configuration.ui(ui, shared, presets, commands);
                }),
            );
        Panel::top("chat head")
            .resizable(false)
            .show_separator_line(false)
            .frame(Frame::new().fill(background).inner_margin(Margin {
                left: 20,
                right: 20,
                top: 16,
                bottom: 4,
            }))
            .show(ui, in_pane(|ui| self.head(ui, tabs, commands)));
        let around = Surroundings {
            send: self.unready_reason(),
            alt_text: self.alt_text_unready_reason(),
            send_key: shared.send_key,
            asks_one_model: true,
        };
        Panel::bottom("composer")
            .resizable(false)
            .show_separator_line(false)
            .frame(Frame::new().fill(background).inner_margin(Margin {
                left: 20,
                right: 20,
                top: 4,
                bottom: 16,
            }))
            .show(
                ui,
                in_pane(|ui| {
                    self.notices_ui(ui, commands);
                    self.intake.problems_ui(ui);
                    self.composer.ui(
                        ui,
                        &mut self.intake,
                        &around,
                        self.running.is_some(),
                        &self.forecast,
                        commands,
                    );
                }),
            );
        CentralPanel::default()
            .frame(Frame::new().fill(background).inner_margin(Margin {
                left: 20,
                right: 8,
                top: 0,
                bottom: 0,
            }))
            .show(ui, in_pane(|ui| self.body(ui, shared, commands)));
        if let Some(dialog) = &mut self.s3
            && dialog.ui(ui, &mut self.intake)
        {
            self.s3 = None;
        }
    }

    fn head(&mut self, ui: &mut Ui, tabs: &Tabs, commands: &mut Commands) {
        title_row(ui, "Chat playground", ROOM_FOR_HEAD, |ui| {
            more_menu(ui, !self.transcript.is_empty(), commands);
            if !self.is_unused() && secondary_button(ui, icons::ADD, "New conversation").clicked() {
                commands.push(Command::NewConversation);
            }
        });
        tabs.ui(ui, commands);
        self.find_ui(ui);
        if let Some(line) = self.totals.line() {
            ui.label(theme::small(line).color(palette(ui).text_secondary));
        }
    }

    /// Looks for words in what is shown; for none yet where none are given.
    pub fn find(&mut self, words: Option<String>) {
        match (&mut self.find, words) {
            (Some(find), None) => find.focus(),
            (find, words) => *find = Some(Find::new(words.unwrap_or_default())),
        }
    }

    /// Whether Escape closes something here.
    pub fn closes_something(&self) -> bool {
        self.find.is_some()
    }

    /// A picture of a turn, by its place among what is shown as tiles.
    pub fn picture(&self, turn: TurnId, place: usize) -> Option<Subject> {
        let blocks = &self.transcript.turn(turn).message.content;
        let block = blocks
            .iter()
            .filter(|block| is_shown_as_preview(block))
            .nth(place)?;
        Subject::of(block, self.conversation.preview(turn, place)?)
    }

    fn find_ui(&mut self, ui: &mut Ui) {
        let Some(find) = &mut self.find else { return };
        match find.ui(ui, &self.transcript) {
            Some(Wish::Show(hit)) => self.conversation.go_to(hit.at, hit.share),
            Some(Wish::Close) => self.find = None,
            None => {}
        }
        self.conversation
            .mark(self.find.as_ref().and_then(Find::shown));
    }

    /// What just happened and can be taken back, and what could not be done.
    fn notices_ui(&mut self, ui: &mut Ui, commands: &mut Commands) {
        if let Some(turn) = self.deleted {
            ui.horizontal(|ui| {
                ui.label(theme::small("Turn deleted").color(palette(ui).text_secondary));
                if link_button(ui, "Undo").clicked() {
                    commands.push(Command::Turn(turn, TurnCommand::Restore));
                }
            });
            ui.add_space(space::XXS);
        }
        if let (Some(asking), Some(limit)) = (&self.asking, self.configuration.ask_above) {
            let upper = asking.upper;
            let title = format!("This may cost up to {upper}, above your limit of {limit}");
            Alert::new(AlertKind::Warning, &title).show(ui, |ui| {
                ui.horizontal(|ui| {
                    if link_button(ui, "Send anyway").clicked() {
                        commands.push(Command::SendAnyway);
                    }
                    if link_button(ui, "Don't send").clicked() {
                        commands.push(Command::DoNotSend);
                    }
                });
            });
            ui.add_space(space::XXS);
        }
        if let Some(refusal) = &self.refusal {
            let dismissed = Alert::new(AlertKind::Error, "This cannot be sent")
                .line(refusal)
                .dismissible()
                .show(ui, |_| {});
            if dismissed {
                self.refusal = None;
            }
            ui.add_space(space::XXS);
        }
    }

    fn body(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        if self.transcript.is_empty() && out_of_reach::ui(ui, space::M, shared, commands) {
            return;
        }
        match (&shared.session, self.transcript.is_empty()) {
            (Load::Idle | Load::Loading(_), true) => loading_state(ui, "Connecting…"),
            (_, true) => self.welcome(ui, shared, commands),
            (_, false) => {
                let mode = self.configuration.settings.mode;
                self.conversation.set_remembered(mode != Mode::SinglePrompt);
                self.conversation.ui(
                    ui,
                    &self.transcript,
                    &shared.prices,
                    &mut self.editing,
                    commands,
                );
            }
        }
    }

    fn welcome(&self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        let text = match self.configuration.model() {
            Some(id) => {
                let known = shared.catalog.ready().and_then(|catalog| catalog.model(id));
                let name = known.map_or(id.as_str(), |model| model.name.as_str());
                format!(
                    "Ask {name} something, or drop images anywhere in the window to get alt text for them."
                )
            }
            None => "Choose a model, then ask it something or drop images anywhere in the window."
                .to_owned(),
        };
        empty_state(ui, icons::CHAT, "Start a conversation", &text, |ui| {
            if self.intake.is_empty()
                && secondary_button(ui, icons::ATTACH, "Attach files…").clicked()
            {
                commands.push(Command::PickFiles);
            }
        });
        if self.intake.has_image()
            && !self.configuration.takes_images()
            && self.configuration.model().is_some()
        {
            ui.add_space(space::M);
            ui.vertical_centered(|ui| {
                Alert::new(AlertKind::Warning, "This model takes no images")
                    .line("The images stay attached; choose a model that reads images to use them.")
                    .show(ui, |ui| {
                        if link_button(ui, "Choose a model…").clicked() {
                            commands.push(Command::ChooseModel);
                        }
                    });
            });
        }
    }
}

/// What can be done with the whole conversation.
fn more_menu(ui: &mut Ui, has_turns: bool, commands: &mut Commands) {
    let button = Button::new((icons::atom(icons::EXPORT), "Export"))
        .min_size(egui::vec2(0.0, size::CONTROL));
    let reason = (!has_turns).then_some("There is nothing to export yet");
    menu_button(ui, button, "Export or import", MENU_WIDTH, |ui| {
        for format in ExportFormat::ALL {
            if menu_item_unless(ui, reason, &format!("As {}…", format.label())) {
                commands.push(Command::Export(format));
            }
        }
        ui.separator();
        if menu_item(ui, "Import a conversation…") {
            commands.push(Command::Import);
        }
    });
}
