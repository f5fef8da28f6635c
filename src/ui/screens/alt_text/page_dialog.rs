//! The address of a page of the web whose images are wanted.

use egui::{Key, Label, Ui};

use crate::ui::command::AltTextCommand;
use crate::ui::icons;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    at_the_end, dialog, primary_button, secondary_button, spinner, text_field,
};
use crate::ui::{Command, Commands};

const WIDTH: f32 = 520.0;

/// The dialog; closed at first.
#[derive(Default)]
pub struct PageDialog {
    stage: Stage,
    address: String,
    problem: Option<String>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Closed,
    /// It was opened just now, and the address gets the caret.
    Opened,
    Asking,
    Reading,
}

impl PageDialog {
    /// Asks for an address.
    pub fn open(&mut self, address: String) {
        *self = Self {
            stage: Stage::Opened,
            address,
            problem: None,
        };
    }

    /// The page is being read.
    pub fn reading(&mut self) {
        self.stage = Stage::Reading;
        self.problem = None;
    }

    /// It is read no more.
    pub fn stopped(&mut self) {
        if self.stage == Stage::Reading {
            self.stage = Stage::Opened;
        }
    }

    /// It could not be read.
    pub fn failed(&mut self, problem: String) {
        self.stopped();
        self.problem = Some(problem);
    }

    /// It was read.
    pub fn close(&mut self) {
        *self = Self::default();
    }

    /// Draws it while it is open.
    pub fn ui(&mut self, ui: &mut Ui, commands: &mut Commands) {
        if self.stage == Stage::Closed {
            return;
        }
        let closed = dialog(ui, "Images of a web page", WIDTH, |ui| {
            self.content(ui, commands);
        });
        if closed {
            if self.stage == Stage::Reading {
                commands.push(Command::AltText(AltTextCommand::StopReadingPage));
            }
            self.close();
        }
    }

    fn content(&mut self, ui: &mut Ui, commands: &mut Commands) {
        let what = "Each image comes with the alt text it has and with the words around it. The page is fetched \
                    without signing in anywhere, and what it loads by script is not seen.";
        ui.add(Label::new(what).wrap());
        ui.add_space(space::S);
        let is_reading = self.stage == Stage::Reading;
        let mut goes = false;
        ui.add_enabled_ui(!is_reading, |ui| {
            let field = text_field(ui, "Address", "https://", &mut self.address);
            if self.stage == Stage::Opened {
                field.request_focus();
                self.stage = Stage::Asking;
            }
            goes = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        });
        if let Some(problem) = &self.problem {
            ui.horizontal_top(|ui| {
                let error = palette(ui).error;
                icons::paint(ui, icons::ERROR, size::ICON, error);
                ui.add(Label::new(theme::small(problem).color(error)).wrap());
            });
        }
        ui.add_space(space::M);
        ui.horizontal(|ui| {
            if is_reading {
                spinner(ui);
                ui.label("Reading the page…");
            }
            at_the_end(ui, ("find images", is_reading), |ui| {
                if is_reading {
                    if secondary_button(ui, icons::STOP, "Stop").clicked() {
                        commands.push(Command::AltText(AltTextCommand::StopReadingPage));
                    }
                    return;
                }
                let has_address = !self.address.trim().is_empty();
                goes |= primary_button(ui, has_address, icons::SEARCH, "Find images").clicked();
                if goes && has_address {
                    let address = with_scheme(self.address.trim());
                    commands.push(Command::AltText(AltTextCommand::ReadPage(address)));
                }
            });
        });
    }
}

/// As people write addresses: without the beginning that all have.
fn with_scheme(address: &str) -> String {
    if address.contains("://") {
        address.to_owned()
    } else {
        format!("https://{address}")
    }
}

/// The address that a text is, when it is one of a page and nothing else.
pub fn address_in(text: &str) -> Option<&str> {
    let text = text.trim();
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))?;
    (!rest.is_empty() && !text.contains(char::is_whitespace)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_an_address_and_nothing_else() {
        assert_eq!(
            address_in(" https://a.example/b\n"),
            Some("https://a.example/b")
        );
        for text in [
            "https://",
            "a.example",
            "see https://a.example",
            "https://a.example b",
        ] {
            assert_eq!(address_in(text), None, "{text}");
        }
        assert_eq!(with_scheme("a.example"), "https://a.example");
        assert_eq!(with_scheme("http://a.example"), "http://a.example");
    }
}
