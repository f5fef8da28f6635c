//! Chat playground: a conversation with one model.
//!
//! The screen owns the conversation and the call that is running; [`ChatScreen::collect`] takes in
//! what has come, [`ChatScreen::ui`] draws. Whatever needs the connection is a [`Command`] that the
//! app hands back.

mod composer;
mod configuration;
mod conversation;
mod intake;
mod metrics;
mod turn;

use std::path::PathBuf;

use egui::{CentralPanel, Context, Frame, Margin, Panel, Ui};

use self::composer::Composer;
use self::configuration::Configuration;
use self::conversation::Conversation;
use self::intake::Intake;
use crate::catalog::{Catalog, ModelId};
use crate::chat::{ALT_TEXT_PROMPT, Invocation, Transcript};
use crate::tasks::{InvocationEvent, RunningInvocation, Session, Tasks};
use crate::ui::icons;
use crate::ui::load::Load;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    Alert, AlertKind, failure_alert, link_button, loading_state, secondary_button,
};
use crate::ui::{Command, Commands};

/// The chat playground's own state.
#[derive(Default)]
pub struct ChatScreen {
    transcript: Transcript,
    running: Option<RunningInvocation>,
    configuration: Configuration,
    composer: Composer,
    intake: Intake,
    conversation: Conversation,
}

impl ChatScreen {
    /// Takes in what background work has brought.
    pub fn collect(&mut self, ctx: &Context) {
        self.intake.collect(ctx);
        let Some(running) = &mut self.running else {
            return;
        };
        let id = running.id();
        while let Some(event) = running.try_next() {
            match event {
                InvocationEvent::Stream(event) => self.transcript.apply(id, event),
                InvocationEvent::Complete => self.transcript.complete(id),
                InvocationEvent::Failed(error) => self.transcript.fail(id, error.into()),
            }
        }
        if !self.transcript.is_running() {
            self.running = None;
        }
    }

    /// Chooses a model to begin with, once it is known what there is.
    pub fn offer_models(&mut self, catalog: &Catalog, region: &str) {
        self.configuration.offer_models(catalog, region);
    }

    /// Talks to this model from now on.
    pub fn use_model(&mut self, id: ModelId) {
        self.configuration.use_model(id);
    }

    /// The model that is talked to.
    #[must_use]
    pub fn model(&self) -> Option<&ModelId> {
        self.configuration.model.as_ref()
    }

    /// Takes files in.
    pub fn attach(&mut self, tasks: &Tasks, paths: Vec<PathBuf>) {
        self.intake.open(tasks, paths);
    }

    /// Takes a pasted picture in.
    pub fn paste_image(&mut self, tasks: &Tasks, image: &egui::ColorImage) {
        self.intake.paste(tasks, image);
    }

    /// Whether an answer is coming in.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Sends what the composer holds.
    pub fn send(&mut self, tasks: &mut Tasks, session: &Session) {
        if self.unready_reason().is_none() {
            let prompt = self.composer.take();
            self.ask(tasks, session, prompt);
        }
    }

    /// Sends the attached pictures with the alt-text prompt; the composer keeps its text.
    pub fn write_alt_text(&mut self, tasks: &mut Tasks, session: &Session) {
        if self.alt_text_unready_reason().is_none() {
            self.ask(tasks, session, ALT_TEXT_PROMPT.to_owned());
        }
    }

    /// Asks again for the last answer.
    pub fn regenerate(&mut self, tasks: &mut Tasks, session: &Session) {
        let last_is_answer = self
            .transcript
            .turns()
            .last()
            .is_some_and(|turn| turn.invocation.is_some());
        if self.running.is_none() && last_is_answer {
            self.transcript.pop();
            self.conversation.truncate(self.transcript.turns().len());
            self.invoke(tasks, session);
        }
    }

    /// Stops the answer; what has come stays.
    pub fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            self.transcript.stop(running.id());
        }
    }

    /// Begins anew; attachments and configuration stay.
    pub fn clear(&mut self) {
        self.stop();
        self.transcript.clear();
        self.conversation.truncate(0);
    }

    /// Puts the caret into the composer.
    pub fn focus_composer(&mut self) {
        self.composer.focus();
    }

    fn ask(&mut self, tasks: &mut Tasks, session: &Session, prompt: String) {
        let (mut content, previews) = self.intake.take();
        if !prompt.is_empty() {
            content.push(crate::chat::ContentBlock::Text(prompt));
        }
        self.transcript.push_user(content);
        self.conversation.push_user(previews);
        self.invoke(tasks, session);
    }

    fn invoke(&mut self, tasks: &mut Tasks, session: &Session) {
        let Some(request) = self.configuration.request(self.transcript.messages()) else {
            return;
        };
        let model_id = request.model_id.clone();
        let connection = session.connection();
        let running = tasks.invoke(session, request);
        self.transcript
            .begin(Invocation::new(running.id(), model_id, connection.region()));
        self.running = Some(running);
        self.conversation.follow();
    }

    /// Why the button does nothing now, in words; `None` when it works.
    fn unready_reason(&self) -> Option<&'static str> {
        if self.running.is_some() {
            Some("An answer is coming in; stop it first or wait")
        } else if self.configuration.model.is_none() {
            Some("Choose a model first")
        } else if self.intake.is_opening() {
            Some("The attached files are still being read")
        } else if self.composer.is_empty() && self.intake.is_empty() {
            Some("Write a prompt or attach an image first")
        } else if self.composer.is_empty() {
            Some("Write a prompt for the image, or press Write alt text")
        } else {
            None
        }
    }

    fn alt_text_unready_reason(&self) -> Option<&'static str> {
        if self.running.is_some() {
            Some("An answer is coming in; stop it first or wait")
        } else if self.configuration.model.is_none() {
            Some("Choose a model first")
        } else if self.intake.is_opening() {
            Some("The attached files are still being read")
        } else if self.intake.is_empty() {
            Some("Attach an image first")
        } else if !self.configuration.takes_images {
            Some("This model takes no images; choose one that does")
        } else {
            None
        }
    }

    /// Draws the screen.
    pub fn ui(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        let background = palette(ui).background;
        Panel::right("configuration")
            .exact_size(size::SIDE_PANEL)
            .resizable(false)
            .frame(
                Frame::new()
                    .fill(palette(ui).surface)
                    .inner_margin(Margin::same(16)),
            )
            .show(ui, |ui| self.configuration.ui(ui, shared, commands));
        Panel::top("chat head")
            .resizable(false)
            .show_separator_line(false)
            .frame(Frame::new().fill(background).inner_margin(Margin {
                left: 20,
                right: 20,
                top: 16,
                bottom: 4,
            }))
            .show(ui, |ui| self.head(ui, commands));
        let reasons = composer::Reasons {
            send: self.unready_reason(),
            alt_text: self.alt_text_unready_reason(),
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
            .show(ui, |ui| {
                self.intake.problems_ui(ui);
                self.composer.ui(
                    ui,
                    &mut self.intake,
                    &reasons,
                    self.running.is_some(),
                    commands,
                );
            });
        CentralPanel::default()
            .frame(Frame::new().fill(background).inner_margin(Margin {
                left: 20,
                right: 8,
                top: 0,
                bottom: 0,
            }))
            .show(ui, |ui| self.body(ui, shared, commands));
    }

    fn head(&self, ui: &mut Ui, commands: &mut Commands) {
        ui.horizontal(|ui| {
            ui.label(theme::h1("Chat playground").color(palette(ui).heading));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if !self.transcript.is_empty()
                    && secondary_button(ui, icons::CLEAR, "New conversation").clicked()
                {
                    commands.push(Command::NewConversation);
                }
            });
        });
    }

    fn body(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        match (&shared.session, self.transcript.is_empty()) {
            (Load::Failed(failure), true) => failure_alert(ui, failure, |ui| {
                if secondary_button(ui, icons::RETRY, "Connect again").clicked() {
                    commands.push(Command::Reconnect);
                }
                if secondary_button(ui, icons::REGION, "Change connection…").clicked() {
                    commands.push(Command::ShowConnection);
                }
            }),
            (Load::Idle | Load::Loading(_), true) => loading_state(ui, "Connecting…"),
            (Load::Ready(_), true) => self.welcome(ui, shared, commands),
            (_, false) => self.conversation.ui(ui, &self.transcript, commands),
        }
    }

    fn welcome(&self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        if let Load::Failed(failure) = &shared.catalog {
            failure_alert(ui, failure, |ui| {
                if secondary_button(ui, icons::RETRY, "Try again").clicked() {
                    commands.push(Command::ReloadCatalog);
                }
            });
        }
        let text = match self.model() {
            Some(id) => format!(
                "Ask {id} something, or drop images anywhere in the window to get alt text for them."
            ),
            None => "Choose a model, then ask it something or drop images anywhere in the window."
                .to_owned(),
        };
        crate::ui::widgets::empty_state(ui, icons::CHAT, "Start a conversation", &text, |ui| {
            if self.intake.is_empty()
                && secondary_button(ui, icons::IMAGE, "Attach images…").clicked()
            {
                commands.push(Command::PickFiles);
            }
        });
        if self.intake.is_empty() {
            return;
        }
        ui.add_space(space::M);
        ui.vertical_centered(|ui| {
            let mut alert = None;
            if !self.configuration.takes_images && self.model().is_some() {
                alert = Some("This model takes no images");
            }
            if let Some(title) = alert {
                Alert::new(AlertKind::Warning, title)
                    .line("The images stay attached; choose a model that reads images to use them.")
                    .show(ui, |ui| {
                        if link_button(ui, "Choose a model…").clicked() {
                            commands.push(Command::ChooseModel);
                        }
                    });
            }
        });
    }
}
