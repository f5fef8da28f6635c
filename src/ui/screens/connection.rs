//! Connection: where calls go and as whom, which source each value came from, and how to change it.

mod draft;

use egui::text_edit::TextEditState;
use egui::{Label, RichText, TextEdit, Ui};

use self::draft::{Draft, Who};
use super::sign_in;
use crate::bedrock::ProfileSummary;
use crate::catalog::REGIONS;
use crate::tasks::SessionOptions;
use crate::ui::icons;
use crate::ui::load::Load;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{
    accessible_name, at_the_end, combo_box, dialog_near_top, enabled_checkbox, failure_alert,
    labelled_value, link_button, primary_button, section_title, spinner, word_button,
};
use crate::ui::{Command, Commands};

const WIDTH: f32 = 560.0;

/// What can be, and is, remembered.
#[derive(Clone, Copy, Debug, Default)]
pub struct Remembering {
    /// Whether there are settings to note it in.
    pub can: bool,
    /// Whether the next start uses what the keyring holds.
    pub has: bool,
}

/// The open dialog's state.
pub struct ConnectionDialog {
    draft: Draft,
    profiles: Load<Vec<ProfileSummary>>,
}

impl ConnectionDialog {
    /// Opens on the connection in use, while the profiles are being read.
    #[must_use]
    pub fn open(
        current: &SessionOptions,
        embedded: bool,
        profiles: Load<Vec<ProfileSummary>>,
    ) -> Self {
        Self {
            draft: Draft::of(current, embedded),
            profiles,
        }
    }

    /// Takes in what has been read; true when this changed something.
    pub fn collect(&mut self) -> bool {
        self.profiles.poll()
    }

    /// Draws the dialog; true when it is done with.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        shared: &Shared,
        remembering: Remembering,
        commands: &mut Commands,
    ) -> bool {
        let mut done = false;
        let closed = dialog_near_top(ui, "Connection", WIDTH, |ui| {
            current_ui(ui, shared, commands);
            if remembering.has {
                remembered_ui(ui, commands);
            }
            self.draft_ui(ui, remembering, commands);
            ui.add_space(space::M);
            ui.horizontal(|ui| {
                at_the_end(ui, "connect or not", |ui| {
                    let missing = self.draft.missing();
                    if let Some(missing) = missing {
                        ui.label(theme::small(missing).color(palette(ui).text_secondary));
                    }
                    done |= word_button(ui, "Cancel").clicked();
                    let connect = primary_button(ui, missing.is_none(), icons::SUCCESS, "Connect")
                        .on_disabled_hover_text(missing.unwrap_or_default());
                    if connect.clicked() {
                        let remember = remembering.can && self.draft.remembers();
                        commands.push(Command::Connect {
                            options: Box::new(self.draft.options()),
                            remember,
                        });
                        done = true;
                    }
                });
            });
        });
        done || closed
    }

    fn draft_ui(&mut self, ui: &mut Ui, remembering: Remembering, commands: &mut Commands) {
        section_title(ui, "Change it");
        ui.horizontal_wrapped(|ui| {
            for who in Who::ALL {
                ui.radio_value(&mut self.draft.who, who, who.label());
            }
        });
        ui.label(theme::small(self.draft.who.explanation()).color(palette(ui).text_secondary));
        ui.add_space(space::XS);
        match self.draft.who {
            Who::Demo | Who::Automatic => {}
            Who::Local => {
                field(
                    ui,
                    "Address of the local server",
                    "http://127.0.0.1:11434",
                    &mut self.draft.local_server,
                );
                let usual = "Ollama usually listens on 11434, llama.cpp on 8080, LM Studio on 1234";
                ui.label(theme::small(usual).color(palette(ui).text_secondary));
            }
            Who::Profile => self.profile_ui(ui, commands),
            Who::ApiKey => secret(ui, "API key", &mut self.draft.api_key),
            Who::Keys => {
                field(ui, "Access key id", "AKIA…", &mut self.draft.access_key_id);
                secret(ui, "Secret access key", &mut self.draft.secret_access_key);
                secret(
                    ui,
                    "Session token, for temporary keys",
                    &mut self.draft.session_token,
                );
            }
        }
        if self.draft.has_secrets() {
            remember_ui(ui, &mut self.draft.remember, remembering);
        }
        // Models of this computer are in no region.
        if self.draft.who == Who::Local {
            return;
        }
        ui.horizontal(|ui| {
            ui.vertical(|ui| {
                ui.label(theme::small("Region").color(palette(ui).text_secondary));
                region_ui(ui, &mut self.draft);
            });
            if self.draft.who != Who::Demo {
                ui.vertical(|ui| {
                    field(
                        ui,
                        "Endpoint, if not Bedrock's own",
                        "https://…",
                        &mut self.draft.endpoint_url,
                    );
                });
            }
        });
    }

    fn profile_ui(&mut self, ui: &mut Ui, commands: &mut Commands) {
        let profiles = match &self.profiles {
            Load::Ready(profiles) => profiles,
            Load::Failed(failure) => {
                failure_alert(ui, failure, |_| {});
                return;
            }
            Load::Idle | Load::Loading(_) => {
                spinner(ui);
                return;
            }
        };
        if profiles.is_empty() {
            ui.label("There are no profiles in ~/.aws/config or ~/.aws/credentials");
            let help = "\u{201c}aws configure sso\u{201d} or \u{201c}aws configure\u{201d} in a terminal writes one; \
                        without the AWS CLI, an API key does";
            ui.label(theme::small(help).color(palette(ui).text_secondary));
            return;
        }
        let shown = self.draft.profile.as_deref().unwrap_or("Choose a profile");
        let list = combo_box("profile")
            .width(WIDTH)
            .selected_text(shown)
            .show_ui(ui, |ui| {
                for profile in profiles {
                    let region = profile.region.as_deref().unwrap_or("no region");
                    let text = format!(
                        "{}  ({}, {region})",
                        profile.name,
                        profile.credentials.label()
                    );
                    let name = Some(profile.name.clone());
                    ui.selectable_value(&mut self.draft.profile, name, text);
                }
            });
        accessible_name(&list.response, "Profile to connect with");
        let chosen = self.draft.profile.as_ref();
        let chosen = profiles
            .iter()
            .find(|profile| Some(&profile.name) == chosen);
        if chosen.is_some_and(|profile| profile.signs_in)
            && link_button(ui, "Sign in with the browser").clicked()
        {
            let options = Box::new(self.draft.options());
            commands.push(Command::SignIn(Some(options)));
        }
    }
}

/// Whether what is typed is kept for the next start.
fn remember_ui(ui: &mut Ui, remember: &mut bool, remembering: Remembering) {
    let text = "Remember in the system's keyring";
    enabled_checkbox(ui, remembering.can, remember, text)
        .on_disabled_hover_text("There is no settings file to note it in");
    let words = if *remember && remembering.can {
        "The next start connects with it; no file of this program holds it"
    } else {
        "Kept in memory until the program ends, and in no file"
    };
    ui.label(theme::small(words).color(palette(ui).text_secondary));
}

/// That something is remembered, and how to end that.
fn remembered_ui(ui: &mut Ui, commands: &mut Commands) {
    ui.horizontal(|ui| {
        ui.label("The system's keyring holds a connection, and the next start uses it");
        if link_button(ui, "Forget it").clicked() {
            commands.push(Command::ForgetConnection);
        }
    });
}

/// What is in use now, each value with the source it came from.
fn current_ui(ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
    let title = match &shared.session {
        Load::Failed(_) => "Not connected",
        _ => "In use",
    };
    section_title(ui, title);
    match &shared.session {
        Load::Idle | Load::Loading(_) => {
            ui.label("Connecting…");
        }
        Load::Failed(failure) => failure_alert(ui, failure, |ui| {
            sign_in::way_out(ui, failure, commands);
        }),
        Load::Ready(session) => {
            let connection = session.connection();
            let with_source = |value: &str, source: &str| format!("{value}, from {source}");
            let region = with_source(connection.region(), connection.region_source());
            if let Some(upstream) = session.upstream() {
                labelled_value(ui, "Local server", upstream.url());
                return;
            }
            if session.is_embedded() {
                labelled_value(
                    ui,
                    "Endpoint",
                    "Embedded in this program; answers are simulated",
                );
                labelled_value(ui, "Region", connection.region());
                return;
            }
            labelled_value(ui, "Region", &region);
            labelled_value(ui, "Credentials", connection.credentials_source());
            labelled_value(ui, "Endpoint", connection.runtime_url());
            identity_ui(ui, shared);
        }
    }
}

fn identity_ui(ui: &mut Ui, shared: &Shared) {
    match &shared.identity {
        Load::Ready(Some(identity)) => {
            labelled_value(ui, "Account", &identity.account);
            labelled_value(ui, "Acting as", &identity.arn);
        }
        Load::Loading(_) => {
            ui.label(theme::small("Asking AWS as whom calls are made…"));
        }
        Load::Failed(failure) => {
            let text = format!(
                "AWS does not say as whom calls are made: {}",
                failure.message
            );
            ui.add(Label::new(theme::small(text).color(palette(ui).text_secondary)).wrap());
        }
        Load::Idle | Load::Ready(None) => {}
    }
}

fn region_ui(ui: &mut Ui, draft: &mut Draft) {
    let automatic = draft.automatic_region();
    let region = &mut draft.region;
    let shown = region.as_deref().unwrap_or(&automatic);
    let combo = combo_box("region")
        .width(250.0)
        .selected_text(shown)
        .show_ui(ui, |ui| {
            ui.selectable_value(region, None, automatic.as_str());
            for (id, place) in REGIONS {
                ui.selectable_value(region, Some((*id).to_owned()), format!("{id}  ({place})"));
            }
        });
    accessible_name(&combo.response, "Region");
}

fn field(ui: &mut Ui, name: &str, hint: &str, value: &mut String) {
    ui.label(theme::small(name).color(palette(ui).text_secondary));
    let edit = TextEdit::singleline(value)
        .id_salt(name)
        .hint_text(RichText::new(hint))
        .desired_width(f32::INFINITY)
        .margin(egui::Margin::symmetric(10, 7));
    accessible_name(&ui.add(edit), name);
}

fn secret(ui: &mut Ui, name: &str, value: &mut String) {
    ui.label(theme::small(name).color(palette(ui).text_secondary));
    let edit = TextEdit::singleline(value)
        .id_salt(name)
        .password(true)
        .desired_width(f32::INFINITY)
        .margin(egui::Margin::symmetric(10, 7));
    let response = ui.add(edit);
    accessible_name(&response, name);
    // What can be undone is a copy of the secret that nobody wipes.
    if let Some(mut state) = TextEditState::load(ui.ctx(), response.id) {
        state.clear_undoer();
        state.store(ui.ctx(), response.id);
    }
}
