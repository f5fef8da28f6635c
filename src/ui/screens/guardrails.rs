//! Guardrails: which there are, what they are made of, and a bench to try them on.
//!
//! The screen owns what is being edited and the texts of the bench. What needs the connection is a
//! [`GuardrailsCommand`]; nothing that was edited goes without a question.

mod bench;
mod general;
mod list;
mod open;
mod policies;
mod sensitive;
mod sides;

use egui::Ui;

pub use self::bench::Trial;
use self::open::Open;
use crate::bedrock::{Guardrail, GuardrailSummary, GuardrailVerdict};
use crate::chat::Failure;
use crate::guardrails::Definition;
use crate::ui::icons;
use crate::ui::load::Load;
use crate::ui::screens::out_of_reach;
use crate::ui::shared::Shared;
use crate::ui::theme::{palette, space};
use crate::ui::widgets::{
    dialog, empty_state, failure_alert, library_list, loading_state, page, primary_button,
    secondary_button,
};
use crate::ui::{Command, Commands};

/// What this screen asks of the app.
#[derive(Clone, Debug, PartialEq)]
pub enum GuardrailsCommand {
    /// Fetches a guardrail whole; a version of it, or its draft.
    Fetch {
        /// Which.
        id: String,
        /// A number; `None` is the draft.
        version: Option<String>,
    },
    /// Saves what was edited.
    Save,
    /// Numbers the draft.
    CreateVersion(String),
    /// Deletes a guardrail, or one version of it.
    Delete {
        /// Which.
        id: String,
        /// A number; `None` is all of it.
        version: Option<String>,
    },
    /// Lets the open guardrail look at the text of the bench.
    Test,
    /// Uses a guardrail in the chat.
    UseInChat {
        /// Which.
        id: String,
        /// A number, or `DRAFT`.
        version: String,
    },
    /// Closes the window after all.
    CloseWindow,
}

/// What a person wants to do, where something is not saved.
#[derive(Clone, Debug, PartialEq)]
enum Leave {
    Open(String),
    New,
    CloseWindow,
}

/// The screen's own state.
#[derive(Default)]
pub struct GuardrailsScreen {
    open: Option<Open>,
    /// The guardrail that is being fetched.
    fetching: Option<String>,
    problem: Option<Failure>,
    /// What waits for an answer to "save first?".
    leaving: Option<Leave>,
    /// What is done once the save has succeeded.
    after_save: Option<Leave>,
    /// What is asked about before it is deleted, with what uses it.
    deleting: Option<Deleting>,
    /// Whether a request that changes something is under way.
    busy: bool,
}

/// Something that is to be deleted.
struct Deleting {
    id: String,
    name: String,
    version: Option<String>,
}

impl GuardrailsScreen {
    /// Whether something was edited and not saved.
    pub fn has_edits(&self) -> bool {
        self.open.as_ref().is_some_and(Open::is_edited)
    }

    /// What is to be saved: the guardrail, or none when it is new, and its definition.
    pub fn to_save(&self) -> Option<(Option<String>, Definition)> {
        let open = self.open.as_ref()?;
        Some((open.id.clone(), open.draft().clone()))
    }

    /// The open guardrail.
    pub fn open_id(&self) -> Option<String> {
        self.open.as_ref()?.id.clone()
    }

    /// What the bench is to look at; it waits for the answer from now on.
    pub fn begin_trial(&mut self) -> Option<Trial> {
        let open = self.open.as_mut()?;
        let trial = open.bench.trial(open.id.as_ref()?, &open.definition)?;
        open.bench.begin();
        Some(trial)
    }

    /// A request that changes something is under way, or over.
    pub fn set_busy(&mut self, busy: bool) {
        self.busy = busy;
    }

    /// A guardrail is here.
    pub fn show(&mut self, guardrail: &Guardrail) {
        self.fetching = None;
        self.problem = None;
        let same = self
            .open
            .take()
            .filter(|open| open.id.as_ref() == Some(&guardrail.summary.id));
        let mut open = Open::of(guardrail);
        if let Some(same) = same {
            open.goes_on_from(same);
        }
        self.open = Some(open);
    }

    /// Something could not be done.
    pub fn failed(&mut self, failure: Failure) {
        self.fetching = None;
        self.after_save = None;
        self.problem = Some(failure);
    }

    /// What was edited is saved under this id. What comes next is asked of the app.
    pub fn saved(&mut self, id: &str, commands: &mut Commands) {
        self.problem = None;
        if let Some(open) = &mut self.open {
            open.is_saved(id);
        }
        match self.after_save.take() {
            Some(next) => self.leave(next, commands),
            None => self.fetch(id.to_owned(), None, commands),
        }
    }

    /// A guardrail, or a version of one, is gone.
    pub fn deleted(&mut self, id: &str, version: Option<&str>, commands: &mut Commands) {
        self.problem = None;
        let is_open = self.open_id().as_deref() == Some(id);
        if version.is_none() && is_open {
            self.open = None;
        } else if is_open
            && let Some(open) = &self.open
            && open.version.as_deref() == version
        {
            self.fetch(id.to_owned(), None, commands);
        }
    }

    /// The bench's answer is here.
    pub fn tried(&mut self, trial: Trial, verdict: Result<GuardrailVerdict, Failure>) {
        if let Some(open) = &mut self.open {
            open.bench.show(trial, verdict);
        }
    }

    /// A new guardrail.
    pub fn begin(&mut self, commands: &mut Commands) {
        self.wish(Leave::New, commands);
    }

    /// The window is to be closed; whether it may be at once.
    pub fn may_close(&mut self) -> bool {
        if self.has_edits() {
            self.leaving = Some(Leave::CloseWindow);
            return false;
        }
        true
    }

    /// Another account may have no such guardrail: what was edited becomes a new one, the rest goes.
    pub fn connection_changed(&mut self) {
        self.fetching = None;
        self.problem = None;
        match &mut self.open {
            Some(open) if open.is_edited() => open.becomes_new(),
            _ => self.open = None,
        }
    }

    fn wish(&mut self, next: Leave, commands: &mut Commands) {
        if self.has_edits() {
            self.leaving = Some(next);
        } else {
            self.leave(next, commands);
        }
    }

    fn leave(&mut self, next: Leave, commands: &mut Commands) {
        match next {
            Leave::New => {
                self.problem = None;
                self.open = Some(Open::fresh());
            }
            Leave::Open(id) => self.fetch(id, None, commands),
            Leave::CloseWindow => {
                self.open = None;
                commands.push(Command::Guardrails(GuardrailsCommand::CloseWindow));
            }
        }
    }

    fn fetch(&mut self, id: String, version: Option<String>, commands: &mut Commands) {
        self.fetching = Some(id.clone());
        self.problem = None;
        commands.push(Command::LoadGuardrailVersions(id.clone()));
        commands.push(Command::Guardrails(GuardrailsCommand::Fetch {
            id,
            version,
        }));
    }

    /// Draws the screen.
    pub fn ui(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        let mut next = None;
        library_list(ui, "guardrail list", |ui| {
            next = list::ui(ui, shared, self.open_id().as_deref(), commands);
        });
        if let Some(next) = next {
            self.wish(next, commands);
        }
        let versions = versions(shared, self.open_id().as_deref());
        if let Some(open) = &mut self.open {
            let wish = open.ui(
                ui,
                shared,
                &versions,
                self.busy || self.fetching.is_some(),
                self.problem.as_ref(),
                commands,
            );
            match wish {
                Some(open::Wish::Delete { version }) => {
                    self.deleting = self.open.as_ref().and_then(|open| {
                        Some(Deleting {
                            id: open.id.clone()?,
                            name: open.saved.name.clone(),
                            version,
                        })
                    });
                }
                Some(open::Wish::ShowVersion(version)) => {
                    if let Some(id) = self.open_id() {
                        self.fetch(id, version, commands);
                    }
                }
                Some(open::Wish::DismissProblem) => self.problem = None,
                None => {}
            }
            return;
        }
        page(
            ui,
            "Guardrails",
            |_| {},
            |ui| self.nothing_open(ui, shared, commands),
        );
    }

    fn nothing_open(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        if self.fetching.is_some() {
            loading_state(ui, "Fetching the guardrail…");
            return;
        }
        if let Some(failure) = &self.problem {
            let mut put_away = false;
            ui.scope(|ui| {
                ui.set_max_width(ui.available_width() - space::M);
                failure_alert(ui, failure, |ui| {
                    put_away = secondary_button(ui, icons::CLOSE, "Dismiss").clicked();
                });
            });
            ui.add_space(space::S);
            if put_away {
                self.problem = None;
            }
        }
        if let Load::Failed(failure) = &shared.guardrails {
            let again = ("Fetch again", Command::LoadGuardrails);
            out_of_reach::failed(ui, space::M, failure, again, commands);
            return;
        }
        let text = "A guardrail looks at prompts and answers and blocks or masks what is not to pass. \
                    Choose one on the left to see what it is made of and to try it, or make one.";
        empty_state(ui, icons::SHIELD, "Guardrails", text, |ui| {
            if secondary_button(ui, icons::ADD, "Make a guardrail").clicked() {
                self.leave(Leave::New, commands);
            }
        });
    }

    /// Draws the questions; `users` tells what uses a guardrail.
    pub fn dialogs(
        &mut self,
        ui: &mut Ui,
        users: impl Fn(&str) -> Vec<String>,
        commands: &mut Commands,
    ) {
        self.leave_dialog(ui, commands);
        self.delete_dialog(ui, users, commands);
    }

    /// Whether a question is open.
    pub fn has_dialog(&self) -> bool {
        self.leaving.is_some() || self.deleting.is_some()
    }

    fn leave_dialog(&mut self, ui: &mut Ui, commands: &mut Commands) {
        let Some(next) = self.leaving.clone() else {
            return;
        };
        let Some(open) = &self.open else {
            self.leaving = None;
            return;
        };
        let draft = open.draft();
        let name = if draft.name.is_empty() {
            "the new guardrail".to_owned()
        } else {
            draft.name.clone()
        };
        let problems = draft.problems();
        let mut done = false;
        let closed = dialog(ui, "Save the changes?", 460.0, |ui| {
            ui.label(format!("What you changed in {name} is not saved."));
            if let Some(problem) = problems.first() {
                let error = palette(ui).error;
                ui.colored_label(
                    error,
                    format!("It cannot be saved yet: {}.", problem.sentence),
                );
            }
            ui.add_space(space::M);
            ui.horizontal(|ui| {
                if primary_button(ui, problems.is_empty(), icons::SAVE, "Save").clicked() {
                    self.after_save = Some(next.clone());
                    commands.push(Command::Guardrails(GuardrailsCommand::Save));
                    done = true;
                }
                if secondary_button(ui, icons::DELETE, "Discard the changes").clicked() {
                    self.open = None;
                    self.leave(next.clone(), commands);
                    done = true;
                }
                if secondary_button(ui, icons::EDIT, "Go on editing").clicked() {
                    done = true;
                }
            });
        });
        if done || closed {
            self.leaving = None;
        }
    }

    fn delete_dialog(
        &mut self,
        ui: &mut Ui,
        users: impl Fn(&str) -> Vec<String>,
        commands: &mut Commands,
    ) {
        let Some(deleting) = &self.deleting else {
            return;
        };
        let mut done = false;
        let title = match &deleting.version {
            Some(version) => format!("Delete version {version} of {}?", deleting.name),
            None => format!("Delete {}?", deleting.name),
        };
        let closed = dialog(ui, &title, 460.0, |ui| {
            ui.label(match deleting.version {
                Some(_) => "Applications that name this version will fail. It cannot be brought back.",
                None => "It goes with all its versions, and cannot be brought back. Applications that use it will fail.",
            });
            ui.add_space(space::XS);
            let users = users(&deleting.id);
            if users.is_empty() {
                ui.label(
                    "Nothing in this program uses it; what uses it elsewhere is not known here.",
                );
            } else {
                ui.label(format!("It is used here by {}.", users.join(", ")));
            }
            ui.add_space(space::M);
            ui.horizontal(|ui| {
                if primary_button(ui, true, icons::DELETE, "Delete it").clicked() {
                    commands.push(Command::Guardrails(GuardrailsCommand::Delete {
                        id: deleting.id.clone(),
                        version: deleting.version.clone(),
                    }));
                    done = true;
                }
                if secondary_button(ui, icons::CLOSE, "Keep it").clicked() {
                    done = true;
                }
            });
        });
        if done || closed {
            self.deleting = None;
        }
    }
}

/// The versions of a guardrail, as far as they are known; the draft first.
fn versions(shared: &Shared, id: Option<&str>) -> Vec<GuardrailSummary> {
    let mut versions = match &shared.guardrail_versions {
        Some((of, Load::Ready(versions))) if Some(of.as_str()) == id => versions.clone(),
        _ => Vec::new(),
    };
    versions.sort_by_key(|version| version.version.parse::<u32>().unwrap_or(0));
    versions
}

/// A state of the service, `READY`, as people write it.
fn in_words(status: &str) -> String {
    let mut letters = status.chars();
    let first: String = letters.next().into_iter().collect();
    first + &letters.as_str().to_lowercase().replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_words() {
        assert_eq!(in_words("READY"), "Ready");
        assert_eq!(in_words("A_NEW_ONE"), "A new one");
        assert_eq!(in_words(""), "");
    }
}
