//! The guardrail screen's part of the app: what it asks of the service, and what uses a guardrail here.

use super::App;
use crate::bedrock::{Connection, Error, Guardrail, GuardrailContent, GuardrailVerdict};
use crate::chat::{Failure, GuardrailConfig};
use crate::guardrails::bill;
use crate::pricing::guardrail_usage;
use crate::store::{Screen as MadeIn, SpendRow};
use crate::tasks::{Job, JobDied};
use crate::ui::command::{Command, Screen};
use crate::ui::screens::guardrails::{GuardrailsCommand, Trial};

type Answered<T> = Job<Result<T, Failure>>;

/// Work under way for the screen.
#[derive(Default)]
pub struct GuardrailWork {
    fetching: Option<Answered<Guardrail>>,
    /// Gives the id.
    saving: Option<Answered<String>>,
    numbering: Option<Answered<(String, String)>>,
    /// Gives what was deleted.
    deleting: Option<Answered<(String, Option<String>)>>,
    trying: Option<Trying>,
    /// The window goes although something is not saved: it was asked about.
    closing: bool,
}

/// A trial under way.
struct Trying {
    trial: Trial,
    /// Where, and what the person calls the connection.
    region: String,
    connection: String,
    verdict: Answered<GuardrailVerdict>,
}

impl GuardrailWork {
    /// Whether a guardrail is being changed or tried.
    pub fn is_under_way(&self) -> bool {
        self.is_changing() || self.trying.is_some()
    }

    /// What another account answers is not for what is open now.
    pub fn connection_changed(&mut self) {
        self.fetching = None;
        self.saving = None;
        self.numbering = None;
        self.deleting = None;
    }

    fn is_changing(&self) -> bool {
        self.saving.is_some() || self.numbering.is_some() || self.deleting.is_some()
    }
}

impl App {
    /// Takes in what the service answered.
    pub(super) fn collect_guardrails(&mut self) {
        if let Some(fetched) = answered(&mut self.guardrail_work.fetching) {
            match fetched {
                Ok(guardrail) => self.guardrails.show(&guardrail),
                Err(failure) => self.guardrails.failed(failure),
            }
        }
        if let Some(saved) = answered(&mut self.guardrail_work.saving) {
            match saved {
                Ok(id) => {
                    self.notices.done("The guardrail is saved");
                    self.load_guardrails();
                    self.guardrails.saved(&id, &mut self.commands);
                }
                Err(failure) => self.guardrails.failed(failure),
            }
        }
        if let Some(numbered) = answered(&mut self.guardrail_work.numbering) {
            match numbered {
                Ok((id, version)) => {
                    self.notices.done(format!("Version {version} is made"));
                    self.load_guardrail_versions(id);
                }
                Err(failure) => self.guardrails.failed(failure),
            }
        }
        if let Some(deleted) = answered(&mut self.guardrail_work.deleting) {
            match deleted {
                Ok((id, version)) => {
                    self.notices.done("Deleted");
                    self.load_guardrails();
                    if version.is_some() {
                        self.load_guardrail_versions(id.clone());
                    }
                    self.guardrails
                        .deleted(&id, version.as_deref(), &mut self.commands);
                }
                Err(failure) => self.guardrails.failed(failure),
            }
        }
        self.collect_trial();
        let busy = self.guardrail_work.is_changing();
        self.guardrails.set_busy(busy);
    }

    fn collect_trial(&mut self) {
        let trying = self.guardrail_work.trying.as_mut();
        let Some(verdict) = trying.and_then(|trying| trying.verdict.take()) else {
            return;
        };
        let Some(trying) = self.guardrail_work.trying.take() else {
            return;
        };
        let verdict = match verdict {
            Ok(verdict) => verdict,
            Err(died) => Err(ended_early(died)),
        };
        let trial = trying.trial;
        if let Ok(verdict) = &verdict {
            let units = verdict.usage.as_ref().map(guardrail_usage);
            let region = &trying.region;
            let bill = bill(
                &self.shared.prices,
                &trial.id,
                region,
                &units.unwrap_or_default(),
            );
            let (simulated, screen) = (verdict.simulated, MadeIn::guardrails());
            let row = SpendRow {
                connection: trying.connection,
                ..SpendRow::of_guardrail(&trial.id, region, &bill, simulated, screen)
            };
            self.keeping.add_spend(vec![row]);
        }
        self.guardrails.tried(trial, verdict);
    }

    pub(super) fn guardrails(&mut self, ctx: &egui::Context, command: GuardrailsCommand) {
        if command == GuardrailsCommand::CloseWindow {
            self.guardrail_work.closing = true;
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
            return;
        }
        let Some(session) = self.shared.session.ready() else {
            return;
        };
        let connection = session.connection().clone();
        match command {
            GuardrailsCommand::Fetch { id, version } => {
                self.guardrail_work.fetching = Some(self.tasks.spawn(async move {
                    let found = connection.guardrail(&id, version.as_deref()).await;
                    found.map_err(Failure::from)
                }));
            }
            GuardrailsCommand::Save => self.save_guardrail(connection),
            GuardrailsCommand::CreateVersion(note) => {
                if let Some(id) = self.guardrails.open_id()
                    && !self.guardrail_work.is_changing()
                {
                    self.guardrail_work.numbering = Some(self.tasks.spawn(async move {
                        let note = Some(note.trim()).filter(|note| !note.is_empty());
                        let made = connection.create_guardrail_version(&id, note).await;
                        made.map(|version| (id, version)).map_err(Failure::from)
                    }));
                }
            }
            GuardrailsCommand::Delete { id, version } => {
                self.guardrail_work.deleting = Some(self.tasks.spawn(async move {
                    let deleted = connection.delete_guardrail(&id, version.as_deref()).await;
                    deleted.map(|()| (id, version)).map_err(Failure::from)
                }));
            }
            GuardrailsCommand::Test => self.try_guardrail(connection),
            GuardrailsCommand::UseInChat { id, version } => {
                self.chat.use_guardrail(GuardrailConfig {
                    id,
                    version,
                    trace: true,
                    asynchronous: false,
                });
                self.screen = Screen::Chat;
            }
            GuardrailsCommand::CloseWindow => {}
        }
    }

    fn save_guardrail(&mut self, connection: Connection) {
        if self.guardrail_work.is_changing() {
            return;
        }
        let Some((id, definition)) = self.guardrails.to_save() else {
            return;
        };
        self.guardrail_work.saving = Some(self.tasks.spawn(async move {
            let saved: Result<String, Error> = match id {
                None => connection.create_guardrail(&definition).await,
                Some(id) => connection
                    .update_guardrail(&id, &definition)
                    .await
                    .map(|()| id),
            };
            saved.map_err(Failure::from)
        }));
    }

    fn try_guardrail(&mut self, connection: Connection) {
        if self.guardrail_work.trying.is_some() || !self.may_spend() {
            return;
        }
        let Some(trial) = self.guardrails.begin_trial() else {
            return;
        };
        let asked = trial.clone();
        let region = connection.region().to_owned();
        let verdict = self.tasks.spawn(async move {
            let content =
                GuardrailContent::of_text(&asked.text, &asked.grounding_source, &asked.query);
            let (id, version) = (&asked.id, &asked.version);
            let verdict = connection.apply_guardrail(id, version, asked.source, &content, false);
            verdict.await.map_err(Failure::from)
        });
        self.guardrail_work.trying = Some(Trying {
            trial,
            region,
            connection: self.connection_label(),
            verdict,
        });
    }

    /// Draws the questions of the guardrail screen.
    pub(super) fn guardrail_dialogs(&mut self, ui: &mut egui::Ui) {
        let (chat, prompts) = (&self.chat, &self.prompts);
        let users = |id: &str| {
            let is =
                |config: Option<&GuardrailConfig>| config.is_some_and(|config| config.id == id);
            let mut users = Vec::new();
            if is(chat.configuration().guardrail.as_ref()) {
                users.push("the open conversation".to_owned());
            }
            for preset in chat.presets() {
                if is(preset.configuration.guardrail.as_ref()) {
                    users.push(format!("the preset {}", preset.name));
                }
            }
            for prompt in prompts.all() {
                if is(prompt.draft.configuration.guardrail.as_ref()) {
                    users.push(format!("the prompt {}", prompt.name));
                }
            }
            users
        };
        self.guardrails.dialogs(ui, users, &mut self.commands);
    }

    /// Whether the window has to stay for now: what is not saved is asked about first.
    pub(super) fn look_at_closing(&mut self, ctx: &egui::Context) -> bool {
        let wanted = ctx.input(|input| input.viewport().close_requested());
        if !wanted || self.guardrail_work.closing || self.guardrails.may_close() {
            return false;
        }
        self.screen = Screen::Guardrails;
        ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
        true
    }

    /// What a command of every screen means here; gives it back when it means what it always does.
    pub(super) fn on_guardrails(&mut self, command: Command) -> Option<Command> {
        match command {
            Command::Send => self
                .commands
                .push(Command::Guardrails(GuardrailsCommand::Test)),
            Command::NewConversation => self.guardrails.begin(&mut self.commands),
            other => return Some(other),
        }
        None
    }
}

/// The answer, once it is there.
fn answered<T: Send + 'static>(job: &mut Option<Answered<T>>) -> Option<Result<T, Failure>> {
    let result = job.as_mut().and_then(Job::take)?;
    *job = None;
    Some(match result {
        Ok(result) => result,
        Err(died) => Err(ended_early(died)),
    })
}

fn ended_early(died: JobDied) -> Failure {
    Failure::local(
        "InternalError",
        format!("The request ended early: {died}"),
        "Please report this as a bug",
    )
}
