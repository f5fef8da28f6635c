//! Signing in: the code that the browser shows, until it is confirmed there.

use egui::{Label, RichText, TextStyle, Ui};

use crate::bedrock::{PendingSignIn, SignIn, SignInPrompt};
use crate::chat::Failure;
use crate::tasks::SessionOptions;
use crate::ui::icons;
use crate::ui::load::Load;
use crate::ui::theme::{self, font, palette, space};
use crate::ui::widgets::{
    at_the_end, dialog, failure_alert, icon_button, primary_button, secondary_button, spinner,
    word_button,
};
use crate::ui::{Command, Commands};

const WIDTH: f32 = 460.0;

/// The open dialog's state.
pub struct SignInDialog {
    options: SessionOptions,
    stage: Stage,
}

enum Stage {
    /// A code is being asked for.
    Begins(Load<(SignInPrompt, PendingSignIn)>),
    /// It waits to be confirmed.
    Waits(SignInPrompt, Load<SignIn>),
    Failed(Failure),
}

/// What has come.
pub enum Progress {
    /// A code, which the person confirms on this page.
    Code(SignInPrompt, Box<PendingSignIn>),
    /// The sign-in, for the connection it was made for.
    SignedIn(SignIn, Box<SessionOptions>),
}

impl SignInDialog {
    /// Opens while a code is being asked for.
    #[must_use]
    pub fn open(options: SessionOptions, begun: Load<(SignInPrompt, PendingSignIn)>) -> Self {
        Self {
            options,
            stage: Stage::Begins(begun),
        }
    }

    /// Shows the code until it is confirmed.
    pub fn wait(&mut self, prompt: SignInPrompt, confirmed: Load<SignIn>) {
        self.stage = Stage::Waits(prompt, confirmed);
    }

    /// Takes in what has come.
    pub fn collect(&mut self) -> Option<Progress> {
        match &mut self.stage {
            Stage::Begins(begun) => {
                begun.poll();
                match std::mem::replace(begun, Load::Idle) {
                    Load::Ready((prompt, pending)) => {
                        return Some(Progress::Code(prompt, Box::new(pending)));
                    }
                    Load::Failed(failure) => self.stage = Stage::Failed(failure),
                    still => *begun = still,
                }
            }
            Stage::Waits(_, confirmed) => {
                confirmed.poll();
                match std::mem::replace(confirmed, Load::Idle) {
                    Load::Ready(sign_in) => {
                        let options = Box::new(self.options.clone());
                        return Some(Progress::SignedIn(sign_in, options));
                    }
                    Load::Failed(failure) => self.stage = Stage::Failed(failure),
                    still => *confirmed = still,
                }
            }
            Stage::Failed(_) => {}
        }
        None
    }

    /// Draws the dialog; true when it is done with.
    pub fn ui(&mut self, ui: &mut Ui, commands: &mut Commands) -> bool {
        let mut done = false;
        let closed = dialog(ui, "Sign in to AWS", WIDTH, |ui| {
            ui.add_space(space::XS);
            match &self.stage {
                Stage::Begins(_) => {
                    ui.horizontal(|ui| {
                        spinner(ui);
                        ui.label("Asking for a code…");
                    });
                }
                Stage::Waits(prompt, _) => code_ui(ui, prompt),
                Stage::Failed(failure) => failure_alert(ui, failure, |ui| {
                    if secondary_button(ui, icons::RETRY, "Begin again").clicked() {
                        let options = Box::new(self.options.clone());
                        commands.push(Command::SignIn(Some(options)));
                    }
                }),
            }
            ui.add_space(space::M);
            ui.horizontal(|ui| {
                at_the_end(ui, "sign in or not", |ui| {
                    done |= word_button(ui, "Cancel").clicked();
                    if let Stage::Waits(prompt, _) = &self.stage {
                        way_to_page(ui, prompt);
                    }
                });
            });
        });
        done || closed
    }
}

/// The way out of a failure that another sign-in ends, where it is one.
pub fn way_out(ui: &mut Ui, failure: &Failure, commands: &mut Commands) {
    let label = "Sign in with the browser";
    if failure.wants_sign_in() && secondary_button(ui, icons::PERSON, label).clicked() {
        commands.push(Command::SignIn(None));
    }
}

fn code_ui(ui: &mut Ui, prompt: &SignInPrompt) {
    let says = format!(
        "For profile {}: confirm in the browser that it shows this code, and sign in at {} if it asks you to.",
        prompt.profile, prompt.start_url
    );
    ui.add(Label::new(says).wrap());
    ui.add_space(space::S);
    ui.horizontal(|ui| {
        let code = RichText::new(&prompt.user_code)
            .text_style(TextStyle::Monospace)
            .size(font::H1)
            .strong()
            .color(palette(ui).heading);
        ui.label(code);
        if icon_button(ui, icons::COPY, "Copy the code").clicked() {
            ui.ctx().copy_text(prompt.user_code.clone());
        }
    });
    ui.add_space(space::S);
    ui.horizontal(|ui| {
        spinner(ui);
        ui.label("Waiting for the browser…");
    });
    let minutes = prompt.valid_for.as_secs() / 60;
    let kept = format!(
        "The code is good for {minutes} minutes. The sign-in is kept in memory until the program ends, and in no file."
    );
    ui.add(Label::new(theme::small(kept).color(palette(ui).text_secondary)).wrap());
}

fn way_to_page(ui: &mut Ui, prompt: &SignInPrompt) {
    if word_button(ui, "Copy the address").clicked() {
        ui.ctx().copy_text(prompt.address.clone());
    }
    if primary_button(ui, true, icons::WEB, "Open the browser again").clicked() {
        ui.ctx().open_url(egui::OpenUrl::new_tab(&prompt.address));
    }
}
