//! Where a prompt is written: text, attached pictures, and the buttons that send them.

use egui::{
    Button, Event, Frame, Key, KeyboardShortcut, Label, Modifiers, RichText, ScrollArea, TextEdit,
    Ui, vec2,
};

use super::forecast::Forecast;
use super::intake::Intake;
use crate::store::SendKey;
use crate::ui::icons;
use crate::ui::screens::compare::CompareCommand;
use crate::ui::screens::prompts::PromptsCommand;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    TILE_LEAST, TileWish, accessible_name, checkbox, composer_box, icon_button, menu_button,
    menu_item, preview_tile, primary_button, secondary_button, spinner, tiles,
};
use crate::ui::{Command, Commands};

/// Longest sides that a person can choose; models scale down to about the second one anyway.
const EDGES: [(Option<u32>, &str); 4] = [
    (None, "As large as the service takes"),
    (Some(1_568), "1,568 pixels"),
    (Some(1_024), "1,024 pixels"),
    (Some(512), "512 pixels"),
];

/// Room for the button that sends and the words beside it, and for the wider one of alt text.
const RUN_WIDTH: f32 = 190.0;
const ALT_TEXT_WIDTH: f32 = 345.0;
const ATTACH_MENU_WIDTH: f32 = 250.0;

/// The tallest the text may grow before it scrolls, in points.
const TEXT_HEIGHT: f32 = 180.0;

/// Frames in which the caret is asked for.
const FOCUS_FRAMES: u8 = 3;

/// What surrounds the composer.
pub struct Surroundings {
    /// Why a button does nothing now; `None` when it works.
    pub send: Option<&'static str>,
    pub alt_text: Option<&'static str>,
    pub send_key: SendKey,
    /// Whether there is one request to look at, and what is attached can be taken to several models.
    pub asks_one_model: bool,
}

/// The prompt that is being written.
#[derive(Default)]
pub struct Composer {
    text: String,
    revision: u64,
    /// In how many frames it still asks for the caret; a dialog keeps it until the frame after it is gone.
    asks_for_focus: u8,
    /// Of its text field, once it was drawn.
    id: Option<egui::Id>,
}

impl Composer {
    /// Whether nothing but white space is written.
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// What is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Puts a prompt in the place of what is written.
    pub fn set(&mut self, text: String) {
        self.revision += 1;
        self.text = text;
    }

    /// Counts the changes.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Takes the prompt out.
    pub fn take(&mut self) -> String {
        self.revision += 1;
        std::mem::take(&mut self.text)
    }

    /// Whether the caret is here.
    pub fn has_focus(&self, ctx: &egui::Context) -> bool {
        self.id
            .is_some_and(|id| ctx.memory(|memory| memory.has_focus(id)))
    }

    /// Puts the caret here at the next frame.
    pub fn focus(&mut self) {
        self.asks_for_focus = FOCUS_FRAMES;
    }

    /// Draws it.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        intake: &mut Intake,
        around: &Surroundings,
        running: bool,
        forecast: &Forecast,
        commands: &mut Commands,
    ) {
        composer_box(ui, |ui| {
            attachments(ui, intake, commands);
            self.text_ui(ui, around.send_key, commands);
            ui.add_space(space::XXS);
            self.buttons(ui, intake, around, running, forecast, commands);
        });
    }

    fn text_ui(&mut self, ui: &mut Ui, send_key: SendKey, commands: &mut Commands) {
        let begins_a_line = match send_key {
            SendKey::CommandEnter => Modifiers::NONE,
            SendKey::Enter => Modifiers::SHIFT,
        };
        if send_key == SendKey::Enter && self.has_focus(ui.ctx()) && takes_enter(ui) {
            commands.push(Command::Send);
        }
        ScrollArea::vertical()
            .id_salt("prompt")
            .max_height(TEXT_HEIGHT)
            .show(ui, |ui| {
                let response = ui.add(
                    TextEdit::multiline(&mut self.text)
                        .id_salt("composer")
                        .frame(Frame::NONE)
                        .desired_rows(2)
                        .desired_width(f32::INFINITY)
                        .hint_text("Write a prompt, or drop images anywhere")
                        .return_key(KeyboardShortcut::new(begins_a_line, Key::Enter)),
                );
                accessible_name(&response, "Prompt");
                self.id = Some(response.id);
                let up = ui.input(|input| input.key_pressed(Key::ArrowUp));
                if up && response.has_focus() && self.text.is_empty() {
                    commands.push(Command::EditLastPrompt);
                }
                if response.changed() {
                    self.revision += 1;
                }
                if self.asks_for_focus > 0 {
                    self.ask_for_focus(&response);
                }
            });
    }

    fn ask_for_focus(&mut self, field: &egui::Response) {
        let has_dialog = |memory: &egui::Memory| memory.top_modal_layer().is_some();
        if field.ctx.memory(has_dialog) {
            self.asks_for_focus -= 1;
            field.ctx.request_repaint();
        } else {
            field.request_focus();
            self.asks_for_focus = 0;
        }
    }

    fn buttons(
        &mut self,
        ui: &mut Ui,
        intake: &Intake,
        around: &Surroundings,
        running: bool,
        forecast: &Forecast,
        commands: &mut Commands,
    ) {
        let secondary = palette(ui).text_secondary;
        ui.horizontal(|ui| {
            attach_menu(ui, intake, commands);
            if around.asks_one_model && icon_button(ui, icons::CODE, "View request").clicked() {
                commands.push(Command::ViewRequest);
            }
            // In a place of its own, so that nothing moves when it comes.
            let right = if self.is_empty() {
                ALT_TEXT_WIDTH
            } else {
                RUN_WIDTH
            };
            let room = (ui.available_width() - right).max(0.0);
            ui.allocate_ui_with_layout(
                vec2(room, size::CONTROL),
                egui::Layout::left_to_right(egui::Align::Center),
                |ui| {
                    ui.set_min_width(room);
                    forecast.ui(ui);
                },
            );
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if running {
                    if primary_button(ui, true, icons::STOP, "Stop").clicked() {
                        commands.push(Command::Stop);
                        self.focus();
                    }
                } else {
                    let alone = self.is_empty() && intake.has_image() && !intake.has_text();
                    if alone {
                        let alt_text = primary_button(
                            ui,
                            around.alt_text.is_none(),
                            icons::ALT_TEXT,
                            "Write alt text",
                        );
                        if with_reason(alt_text, around.alt_text).clicked() {
                            commands.push(Command::WriteAltText);
                            self.focus();
                        }
                        if around.asks_one_model
                            && secondary_button(ui, icons::COMPARE, "Compare models…").clicked()
                        {
                            commands.push(Command::Compare(CompareCommand::Bring));
                            return;
                        }
                    } else {
                        let run = primary_button(ui, around.send.is_none(), icons::SEND, "Run");
                        if with_reason(run, around.send).clicked() {
                            commands.push(Command::Send);
                            // The button is gone now; what is written next is another prompt.
                            self.focus();
                        }
                    }
                    let reason = if alone { around.alt_text } else { around.send };
                    let hint = match (reason, alone, around.send_key) {
                        (Some(reason), ..) => reason.to_owned(),
                        (None, true, _) => "Or write a prompt of your own".to_owned(),
                        (None, false, SendKey::Enter) => "Enter".to_owned(),
                        (None, false, SendKey::CommandEnter) => Command::Send.keys(ui.ctx()),
                    };
                    // A hint of which only dots are seen is none.
                    if reason.is_some() || theme::small_width(ui, &hint) <= ui.available_width() {
                        ui.add(Label::new(theme::small(hint).color(secondary)).truncate());
                    }
                }
            });
        });
    }
}

/// Whether Enter was pressed, without any other key; nobody else sees it then.
fn takes_enter(ui: &Ui) -> bool {
    let is_enter = |event: &Event| {
        matches!(
            event,
            Event::Key {
                key: Key::Enter,
                pressed: true,
                modifiers,
                ..
            } if modifiers.is_none()
        )
    };
    ui.input_mut(|input| {
        let before = input.events.len();
        input.events.retain(|event| !is_enter(event));
        input.events.len() < before
    })
}

/// What can be attached from where, and how pictures are fitted.
fn attach_menu(ui: &mut Ui, intake: &Intake, commands: &mut Commands) {
    let button = Button::new(icons::atom(icons::ATTACH))
        .min_size(vec2(size::CONTROL - 4.0, size::CONTROL - 4.0));
    let response = menu_button(ui, button, "Attach", ATTACH_MENU_WIDTH, |ui| {
        if menu_item(ui, "Attach files…") {
            commands.push(Command::PickFiles);
        }
        if menu_item(ui, "Attach a file in S3…") {
            commands.push(Command::ShowS3);
        }
        if menu_item(ui, "Paste from the clipboard") {
            commands.push(Command::Paste);
        }
        if menu_item(ui, "Save as prompt") {
            commands.push(Command::Prompts(PromptsCommand::SaveFromChat));
        }
        ui.separator();
        ui.label(theme::small("Longest side of images").color(palette(ui).text_secondary));
        let limits = intake.limits();
        let mut max_edge = limits.max_edge;
        let mut keep_metadata = limits.keep_metadata;
        for (edge, label) in EDGES {
            ui.radio_value(&mut max_edge, edge, label);
        }
        checkbox(ui, &mut keep_metadata, "Send metadata too")
            .on_hover_text("EXIF, XMP and with them the place a photo was taken");
        if max_edge != limits.max_edge || keep_metadata != limits.keep_metadata {
            commands.push(Command::FitImages {
                max_edge,
                keep_metadata,
            });
        }
    });
    response.on_hover_text("Attach files, and how images are sent");
}

fn with_reason(response: egui::Response, reason: Option<&str>) -> egui::Response {
    match reason {
        Some(reason) => response.on_disabled_hover_text(RichText::new(reason)),
        None => response,
    }
}

fn attachments(ui: &mut Ui, intake: &mut Intake, commands: &mut Commands) {
    if intake.is_empty() && !intake.is_opening() {
        return;
    }
    let secondary = palette(ui).text_secondary;
    let mut wished = None;
    ScrollArea::vertical()
        .id_salt("attachments")
        // Two rows of them.
        .max_height(2.45 * size::PREVIEW)
        .show(ui, |ui| {
            let ready = intake.ready();
            tiles(ui, ready.len(), TILE_LEAST, |ui, index, width| {
                if let Some(wish) = preview_tile(ui, &ready[index].preview, width) {
                    wished = Some((index, wish));
                }
            });
            if intake.is_opening() {
                ui.horizontal_wrapped(|ui| {
                    for name in intake.opening() {
                        spinner(ui);
                        ui.label(theme::small(format!("Reading {name}…")).color(secondary));
                    }
                });
            }
        });
    match wished {
        Some((index, TileWish::Remove)) => intake.remove(index),
        Some((index, TileWish::LookAt)) => {
            if let Some(subject) = intake.ready()[index].picture() {
                commands.push(Command::LookAt(subject));
            }
        }
        None => {}
    }
    ui.add_space(space::XXS);
}
