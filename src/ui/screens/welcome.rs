//! The welcome: the ways in, each tried at once, and sample photographs. Shown once, and again when it
//! is asked for.

use egui::{Label, TextEdit, Ui};
use zeroize::Zeroize as _;

use super::sign_in;
use crate::bedrock::{ConnectionOptions, CredentialsSource, ProfileSummary, Secret};
use crate::emulator::Upstream;
use crate::tasks::{Demo, Finding, SessionOptions};
use crate::ui::icons::{self, Icon};
use crate::ui::load::Load;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    accessible_name, combo_box, dialog, failure_alert, primary_button, secondary_button,
    section_title, spinner, word_button,
};
use crate::ui::{Command, Commands};

const WIDTH: f32 = 640.0;

/// The open dialog's state.
pub struct WelcomeDialog {
    profiles: Load<Vec<ProfileSummary>>,
    local_servers: Load<Vec<(&'static str, String)>>,
    profile: Option<String>,
    api_key: String,
    /// Whether a way in was chosen; then it shows what works.
    chosen: bool,
    findings: Load<Vec<Finding>>,
}

impl WelcomeDialog {
    /// Opens while profiles and local servers are being looked for.
    #[must_use]
    pub fn open(
        profiles: Load<Vec<ProfileSummary>>,
        local_servers: Load<Vec<(&'static str, String)>>,
    ) -> Self {
        Self {
            profiles,
            local_servers,
            profile: None,
            api_key: String::new(),
            chosen: false,
            findings: Load::Idle,
        }
    }

    /// Whether a connection was chosen here and is to be looked over once it is open.
    #[must_use]
    pub fn wants_findings(&self) -> bool {
        self.chosen && matches!(self.findings, Load::Idle)
    }

    /// What works is being found out.
    pub fn look_over(&mut self, findings: Load<Vec<Finding>>) {
        self.findings = findings;
    }

    /// Takes in what has been found.
    pub fn collect(&mut self) {
        self.local_servers.poll();
        self.findings.poll();
        if self.profiles.poll() && self.profile.is_none() {
            let first = self.profiles.ready().and_then(|profiles| profiles.first());
            self.profile = first.map(|profile| profile.name.clone());
        }
    }

    /// Draws the dialog; true when it is done with.
    pub fn ui(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) -> bool {
        let mut done = false;
        let closed = dialog(ui, "Welcome to Bedrock Playground", WIDTH, |ui| {
            if self.chosen {
                done = self.result_ui(ui, shared, commands);
            } else {
                done = self.ways_in_ui(ui, commands);
            }
        });
        done || closed
    }

    fn ways_in_ui(&mut self, ui: &mut Ui, commands: &mut Commands) -> bool {
        let secondary = palette(ui).text_secondary;
        ui.label(
            theme::small(
                "Choose who answers. It can be changed at any time, at the foot of the navigation.",
            )
            .color(secondary),
        );
        let mut options = None;
        let mut done = false;
        way(
            ui,
            icons::DEMO,
            "Look around",
            "Simulated answers, without an account; nothing is charged",
            |ui| {
                if primary_button(ui, true, icons::DEMO, "Stay in the demo").clicked() {
                    options = Some(SessionOptions {
                        demo: Demo::Always,
                        ..SessionOptions::default()
                    });
                }
            },
        );
        way(
            ui,
            icons::PERSON,
            "An AWS profile",
            "Of ~/.aws/config: sign-on, role, keys or program",
            |ui| options = options.take().or(self.profile_ui(ui)),
        );
        way(
            ui,
            icons::REGION,
            "An Amazon Bedrock API key",
            "Made in the Bedrock console; it is kept in memory only",
            |ui| options = options.take().or(self.api_key_ui(ui)),
        );
        way(
            ui,
            icons::MODEL,
            "A model on this computer",
            "Ollama, llama.cpp, LM Studio: nothing leaves it, nothing is charged",
            |ui| options = options.take().or(self.local_ui(ui)),
        );
        ui.add_space(space::S);
        ui.separator();
        ui.horizontal(|ui| {
            if secondary_button(ui, icons::IMAGE, "Try it with sample photographs").clicked() {
                commands.push(Command::TrySamples);
                done = true;
            }
            done |= word_button(ui, "Not now").clicked();
        });
        if let Some(options) = options {
            self.chosen = true;
            self.api_key.zeroize();
            commands.push(Command::Connect {
                options: Box::new(options),
                remember: false,
            });
        }
        done
    }

    fn profile_ui(&mut self, ui: &mut Ui) -> Option<SessionOptions> {
        let profiles = match &self.profiles {
            Load::Ready(profiles) => profiles,
            Load::Idle | Load::Loading(_) => {
                spinner(ui);
                return None;
            }
            Load::Failed(failure) => {
                failure_alert(ui, failure, |_| {});
                return None;
            }
        };
        if profiles.is_empty() {
            ui.label("None was found. Make one with");
            ui.code("aws configure sso");
            ui.label("or");
            ui.code("aws configure");
            return None;
        }
        let shown = self.profile.clone().unwrap_or_default();
        let list = combo_box("welcome profile")
            .width(220.0)
            .selected_text(shown)
            .show_ui(ui, |ui| {
                for profile in profiles {
                    let name = Some(profile.name.clone());
                    ui.selectable_value(&mut self.profile, name, &profile.name);
                }
            });
        accessible_name(&list.response, "Profile to use");
        let use_it = secondary_button(ui, icons::SUCCESS, "Use this profile").clicked();
        use_it.then(|| SessionOptions {
            demo: Demo::Never,
            connection: ConnectionOptions {
                profile: self.profile.clone(),
                ..ConnectionOptions::default()
            },
            ..SessionOptions::default()
        })
    }

    fn api_key_ui(&mut self, ui: &mut Ui) -> Option<SessionOptions> {
        let edit = TextEdit::singleline(&mut self.api_key)
            .id_salt("welcome key")
            .password(true)
            .hint_text("Paste the key")
            .desired_width(220.0)
            .margin(egui::Margin::symmetric(10, 7));
        accessible_name(&ui.add(edit), "Amazon Bedrock API key");
        let there = !self.api_key.trim().is_empty();
        let use_it = ui.add_enabled_ui(there, |ui| {
            secondary_button(ui, icons::SUCCESS, "Use this key")
        });
        use_it.inner.clicked().then(|| SessionOptions {
            demo: Demo::Never,
            connection: ConnectionOptions {
                credentials: CredentialsSource::ApiKey(Secret::new(self.api_key.trim())),
                ..ConnectionOptions::default()
            },
            ..SessionOptions::default()
        })
    }

    fn local_ui(&mut self, ui: &mut Ui) -> Option<SessionOptions> {
        let servers = match &self.local_servers {
            Load::Ready(servers) => servers.as_slice(),
            Load::Failed(_) => &[],
            Load::Idle | Load::Loading(_) => {
                spinner(ui);
                return None;
            }
        };
        let mut chosen = None;
        for (name, address) in servers {
            let label = format!("Use what listens on {address}");
            let says = format!("Perhaps {name}: it usually listens there");
            if secondary_button(ui, icons::SUCCESS, &label)
                .on_hover_text(says)
                .clicked()
            {
                chosen = address.parse::<Upstream>().ok();
            }
        }
        if servers.is_empty() {
            ui.label("None listens where they usually do. Start one, or name its address under Connection.");
        }
        chosen.map(|upstream| SessionOptions {
            upstream: Some(upstream),
            ..SessionOptions::default()
        })
    }

    /// What works with the connection that was chosen.
    fn result_ui(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) -> bool {
        section_title(ui, "What works");
        let mut ready = false;
        match (&shared.session, &self.findings) {
            (Load::Failed(failure), _) | (_, Load::Failed(failure)) => {
                failure_alert(ui, failure, |ui| sign_in::way_out(ui, failure, commands));
            }
            (_, Load::Ready(findings)) => {
                ready = findings.iter().all(|finding| !finding.is_wrong);
                for finding in findings {
                    finding_ui(ui, finding);
                }
                if ready {
                    ui.label(
                        theme::small("Nothing was invoked and nothing charged; your first prompt tells the rest.")
                            .color(palette(ui).text_secondary),
                    );
                }
            }
            _ => {
                spinner(ui);
                ui.label("Trying it…");
            }
        }
        ui.add_space(space::M);
        let mut done = false;
        ui.horizontal(|ui| {
            done |= primary_button(ui, true, icons::SUCCESS, "Begin").clicked();
            if secondary_button(ui, icons::IMAGE, "Try it with sample photographs").clicked() {
                commands.push(Command::TrySamples);
                done = true;
            }
            if !ready && word_button(ui, "Choose another").clicked() {
                self.chosen = false;
                self.findings = Load::Idle;
            }
        });
        done
    }
}

impl Drop for WelcomeDialog {
    fn drop(&mut self) {
        self.api_key.zeroize();
    }
}

/// One way in.
fn way(ui: &mut Ui, icon: Icon, title: &str, says: &str, content: impl FnOnce(&mut Ui)) {
    let palette = palette(ui);
    ui.add_space(space::S);
    ui.horizontal_top(|ui| {
        icons::paint(ui, icon, size::ICON, palette.accent);
        ui.vertical(|ui| {
            ui.label(theme::strong(title).color(palette.heading));
            ui.label(theme::small(says).color(palette.text_secondary));
            ui.horizontal_wrapped(content);
        });
    });
}

fn finding_ui(ui: &mut Ui, finding: &Finding) {
    let palette = palette(ui);
    let (icon, color) = if finding.is_wrong {
        (icons::WARNING, palette.warning)
    } else {
        (icons::SUCCESS, palette.success)
    };
    ui.horizontal_top(|ui| {
        icons::paint(ui, icon, size::ICON, color);
        ui.vertical(|ui| {
            ui.label(theme::strong(finding.what).color(palette.heading));
            ui.add(Label::new(&finding.words).wrap());
        });
    });
}
