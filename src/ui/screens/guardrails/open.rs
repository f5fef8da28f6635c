//! The open guardrail: what it is made of, its versions, and the bench.

use egui::{Button, Label, ScrollArea, Ui, vec2};

use super::bench::Bench;
use super::{GuardrailsCommand, general, in_words, policies, sensitive};
use crate::bedrock::{Guardrail, GuardrailSummary};
use crate::chat::Failure;
use crate::guardrails::{Definition, LONGEST_NAME};
use crate::ui::icons;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    Tone, accessible_name, alerts_area, badge, ends_apart, ends_apart_of, failure_alert,
    library_page, menu_button, menu_item, primary_button, secondary_button, spinner, text_field,
};
use crate::ui::{Command, Commands};

/// What is shown of a guardrail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// What it looks for.
    #[default]
    Policies,
    /// The bench.
    Test,
    /// Its versions.
    Versions,
}

/// What a person wants of the screen.
pub enum Wish {
    /// Asks before deleting.
    Delete { version: Option<String> },
    /// Shows a version; `None` is the draft.
    ShowVersion(Option<String>),
    /// Puts the problem away.
    DismissProblem,
}

/// What was changed in the draft and not saved, while a numbered version is looked at.
pub struct Edits {
    definition: Definition,
    words: String,
}

/// The open guardrail.
pub struct Open {
    /// `None` until it is saved first.
    pub id: Option<String>,
    status: String,
    reasons: Vec<String>,
    /// A number; `None` is the draft. Only the draft can be edited.
    pub version: Option<String>,
    /// As the service has it.
    pub saved: Definition,
    /// As it is written.
    pub definition: Definition,
    /// What waits in the draft while a version is shown.
    edits: Option<Edits>,
    pub bench: Bench,
    pub tab: Tab,
    note: String,
    words: String,
}

impl Open {
    /// A guardrail as it came.
    pub fn of(guardrail: &Guardrail) -> Self {
        let definition = guardrail.definition();
        let version = guardrail.summary.version.clone();
        Self {
            id: Some(guardrail.summary.id.clone()),
            status: guardrail.summary.status.clone(),
            reasons: guardrail.status_reasons.clone(),
            version: Some(version).filter(|version| version != "DRAFT"),
            words: policies::words_as_lines(&definition),
            saved: definition.clone(),
            definition,
            edits: None,
            bench: Bench::default(),
            tab: Tab::default(),
            note: String::new(),
        }
    }

    /// One that is not made yet.
    pub fn fresh() -> Self {
        let definition = Definition::fresh();
        Self {
            id: None,
            status: String::new(),
            reasons: Vec::new(),
            version: None,
            words: String::new(),
            saved: definition.clone(),
            definition,
            edits: None,
            bench: Bench::default(),
            tab: Tab::default(),
            note: String::new(),
        }
    }

    /// Whether there is something to save.
    pub fn is_edited(&self) -> bool {
        self.edits.is_some() || self.definition != self.saved
    }

    /// The draft as it is written, also while a version is shown.
    pub fn draft(&self) -> &Definition {
        let edits = self.edits.as_ref();
        edits.map_or(&self.definition, |edits| &edits.definition)
    }

    /// What was changed is saved.
    pub fn is_saved(&mut self, id: &str) {
        self.id = Some(id.to_owned());
        self.edits = None;
        self.saved.clone_from(&self.definition);
    }

    /// Goes on from what was shown of the same guardrail: bench, tab, and what is not saved stay.
    pub fn goes_on_from(&mut self, before: Self) {
        let was_draft = before.version.is_none();
        self.edits = match before.edits {
            Some(edits) => Some(edits),
            None if was_draft && before.definition != before.saved => Some(Edits {
                definition: before.definition,
                words: before.words,
            }),
            None => None,
        };
        self.bench = before.bench;
        self.tab = before.tab;
        if self.version.is_none()
            && let Some(edits) = self.edits.take()
        {
            self.definition = edits.definition;
            self.words = edits.words;
        }
    }

    /// What was edited belongs to no account yet.
    pub fn becomes_new(&mut self) {
        if let Some(edits) = self.edits.take() {
            self.definition = edits.definition;
            self.words = edits.words;
        }
        self.id = None;
        self.version = None;
        self.status.clear();
        self.reasons.clear();
        self.saved = Definition::fresh();
    }

    /// Draws it; what a person wants of the screen.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        shared: &Shared,
        versions: &[GuardrailSummary],
        busy: bool,
        problem: Option<&Failure>,
        commands: &mut Commands,
    ) -> Option<Wish> {
        let mut wish = None;
        library_page(ui, |ui| {
            wish = self.head(ui, busy, commands);
            ui.add_space(space::XXS);
            if let Some(failure) = problem {
                alerts_area(ui, 0.5, |ui| {
                    ui.set_max_width(ui.available_width() - space::M);
                    failure_alert(ui, failure, |ui| {
                        if secondary_button(ui, icons::CLOSE, "Dismiss").clicked() {
                            wish = Some(Wish::DismissProblem);
                        }
                    });
                });
                ui.add_space(space::XS);
            }
            if self.version.is_some() && self.back_ui(ui, busy) {
                wish = Some(Wish::ShowVersion(None));
            }
            match self.tab {
                Tab::Policies => self.policies_ui(ui),
                Tab::Test => {
                    // A version is tested as it was made.
                    let edited = self.version.is_none() && self.is_edited();
                    let version = self.version.clone();
                    let id = self.id.as_deref();
                    self.bench.ui(
                        ui,
                        id,
                        &self.definition,
                        edited,
                        version.as_deref(),
                        shared,
                        commands,
                    );
                }
                Tab::Versions => {
                    let chosen = self.versions_ui(ui, versions, busy, commands);
                    wish = chosen.or(wish.take());
                }
            }
        });
        wish
    }

    fn head(&mut self, ui: &mut Ui, busy: bool, commands: &mut Commands) -> Option<Wish> {
        let mut wish = None;
        let edited = self.is_edited();
        let can_discard = edited && self.version.is_none();
        ui.horizontal(|ui| {
            ends_apart_of(
                ui,
                ("head of a guardrail", self.id.is_some(), can_discard, busy),
                self,
                |ui, open| {
                    let hint = format!("Name: letters, digits, - and _, up to {LONGEST_NAME}");
                    ui.add_enabled_ui(open.version.is_none(), |ui| {
                        let name = &mut open.definition.name;
                        text_field(ui, "Name of the guardrail", &hint, name);
                    });
                },
                |ui, open| {
                    open.save_ui(ui, edited, busy, commands);
                    if can_discard && secondary_button(ui, icons::UNDO, "Discard").clicked() {
                        open.definition.clone_from(&open.saved);
                        open.words = policies::words_as_lines(&open.definition);
                    }
                    wish = open.menu(ui, commands);
                    if busy {
                        spinner(ui);
                    }
                },
            );
        });
        self.tabs_ui(ui, edited);
        wish
    }

    fn save_ui(&self, ui: &mut Ui, edited: bool, busy: bool, commands: &mut Commands) {
        let problems = self.definition.problems();
        let can_save =
            self.version.is_none() && (edited || self.id.is_none()) && problems.is_empty() && !busy;
        let save = primary_button(ui, can_save, icons::SAVE, "Save");
        let reason = problems.first().map(|problem| problem.sentence.clone());
        let save = save.on_disabled_hover_text(
            reason.unwrap_or_else(|| "There is nothing to save".to_owned()),
        );
        if save.clicked() {
            commands.push(Command::Guardrails(GuardrailsCommand::Save));
        }
    }

    /// What is shown of it, and how it stands.
    fn tabs_ui(&mut self, ui: &mut Ui, edited: bool) {
        ui.horizontal_wrapped(|ui| {
            ui.selectable_value(&mut self.tab, Tab::Policies, "Policies");
            ui.selectable_value(&mut self.tab, Tab::Test, "Test");
            ui.selectable_value(&mut self.tab, Tab::Versions, "Versions");
            match (&self.id, &self.version) {
                (None, _) => badge(ui, "Not made yet", Tone::Warning),
                (Some(_), Some(version)) => badge(
                    ui,
                    &format!("Version {version}, as it was made"),
                    Tone::Accent,
                ),
                (Some(_), None) => badge(ui, "Draft", Tone::Neutral),
            };
            if !self.status.is_empty() {
                let tone = match self.status.as_str() {
                    "READY" => Tone::Success,
                    "FAILED" => Tone::Error,
                    _ => Tone::Warning,
                };
                badge(ui, &in_words(&self.status), tone).on_hover_text(self.reasons.join("\n"));
            }
            if edited {
                let words = match self.version {
                    None => "Not saved",
                    Some(_) => "Draft not saved",
                };
                badge(ui, words, Tone::Warning);
            }
        });
    }

    /// Says what a numbered version is; true when a person goes back to the draft.
    fn back_ui(&self, ui: &mut Ui, busy: bool) -> bool {
        let text = match self.edits {
            Some(_) => {
                "A numbered version stays as it is. What you changed in the draft is kept here, and \
                 not saved."
            }
            None => "A numbered version stays as it is; its draft can be edited.",
        };
        let mut back = false;
        ui.horizontal(|ui| {
            let button = secondary_button(ui, icons::EDIT, "Back to the draft");
            back = button.clicked() && !busy;
            let secondary = palette(ui).text_secondary;
            ui.add(Label::new(theme::small(text).color(secondary)).wrap());
        });
        ui.add_space(space::XS);
        back
    }

    fn menu(&self, ui: &mut Ui, commands: &mut Commands) -> Option<Wish> {
        let id = self.id.clone()?;
        let mut wish = None;
        let button =
            Button::new(icons::atom(icons::MORE)).min_size(vec2(size::CONTROL, size::CONTROL));
        menu_button(ui, button, "Guardrail menu", 220.0, |ui| {
            if menu_item(ui, "Use in chat") {
                let version = self.version.clone();
                commands.push(Command::Guardrails(GuardrailsCommand::UseInChat {
                    id: id.clone(),
                    version: version.unwrap_or_else(|| "DRAFT".to_owned()),
                }));
            }
            if menu_item(ui, "Copy its id") {
                ui.ctx().copy_text(id.clone());
            }
            ui.separator();
            if menu_item(ui, "Delete this guardrail…") {
                wish = Some(Wish::Delete { version: None });
            }
        });
        wish
    }

    fn policies_ui(&mut self, ui: &mut Ui) {
        let numbered = self.version.is_some();
        let problems = self.definition.problems();
        ScrollArea::vertical()
            .id_salt("policies")
            .auto_shrink(false)
            .show(ui, |ui| {
                ui.set_width((ui.available_width() - space::M).min(size::READING));
                ui.add_enabled_ui(!numbered, |ui| {
                    let definition = &mut self.definition;
                    general::ui(ui, definition, &problems);
                    policies::content(ui, definition, &problems);
                    policies::topics(ui, definition, &problems);
                    policies::words(ui, definition, &mut self.words, &problems);
                    sensitive::pii(ui, definition);
                    sensitive::patterns(ui, definition, &problems);
                    policies::grounding(ui, definition, &problems);
                    general::kept(ui, definition);
                });
                ui.add_space(space::L);
            });
    }

    fn versions_ui(
        &mut self,
        ui: &mut Ui,
        versions: &[GuardrailSummary],
        busy: bool,
        commands: &mut Commands,
    ) -> Option<Wish> {
        let secondary = palette(ui).text_secondary;
        if self.id.is_none() {
            ui.label(theme::small("Save the guardrail first").color(secondary));
            return None;
        }
        let text = "A numbered version keeps the draft as it is now. Applications should use a version, \
                    so that edits do not reach them unasked.";
        ui.add(Label::new(theme::small(text).color(secondary)).wrap());
        text_field(
            ui,
            "Description of the version",
            "What changed (may stay empty)",
            &mut self.note,
        );
        ui.add_space(space::XXS);
        ui.horizontal(|ui| {
            let can = !self.is_edited() && !busy;
            let made = primary_button(ui, can, icons::ADD, "Make a version")
                .on_disabled_hover_text("Save the draft first: a version is made of what is saved");
            if made.clicked() {
                let note = std::mem::take(&mut self.note);
                commands.push(Command::Guardrails(GuardrailsCommand::CreateVersion(note)));
            }
        });
        ui.add_space(space::S);
        let mut wish = None;
        ScrollArea::vertical()
            .id_salt("guardrail versions")
            .auto_shrink(false)
            .show(ui, |ui| {
                for version in versions {
                    let chosen = self.version_row(ui, version);
                    wish = chosen.or(wish.take());
                }
            });
        wish
    }

    fn version_row(&self, ui: &mut Ui, version: &GuardrailSummary) -> Option<Wish> {
        let number = Some(version.version.clone()).filter(|version| version != "DRAFT");
        let label = match &number {
            Some(number) => format!("Version {number}"),
            None => "Draft".to_owned(),
        };
        let mut wish = None;
        ui.horizontal(|ui| {
            ui.set_min_height(size::CONTROL);
            ui.label(theme::strong(&label));
            badge(ui, &in_words(&version.status), Tone::Neutral);
            let description = version.description.clone().unwrap_or_default();
            ends_apart(
                ui,
                ("version of a guardrail", &label),
                |ui| drop(ui.add(Label::new(theme::small(description)).truncate())),
                |ui| {
                    if number != self.version {
                        let show = secondary_button(ui, icons::INFO, "Show");
                        accessible_name(&show, &format!("Show {label}"));
                        if show.clicked() {
                            wish = Some(Wish::ShowVersion(number.clone()));
                        }
                    }
                    if number.is_some() {
                        let delete = secondary_button(ui, icons::DELETE, "Delete…");
                        accessible_name(&delete, &format!("Delete {label}"));
                        if delete.clicked() {
                            wish = Some(Wish::Delete {
                                version: number.clone(),
                            });
                        }
                    }
                },
            );
        });
        wish
    }
}
