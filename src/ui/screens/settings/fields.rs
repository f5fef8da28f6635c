//! What can be set.

use egui::{Align, DragValue, Layout, Slider, Ui};

use super::SettingsScreen;
use crate::store::{AtStart, PriceUpdates, SCALES, SendKey, Settings, Theme, not_a_proxy};
use crate::ui::command::{Screen, SettingsCommand};
use crate::ui::icons;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    DollarLimit, accessible_name, checkbox, combo_box, labelled_value, link_button,
    secondary_button, section_title, text_field,
};
use crate::ui::{Command, Commands};

const OWN_FONT: &str = "Open Sans, the program's own";

/// Width of boxes to choose from, in points.
const CHOICE: f32 = 320.0;

/// Width of the names beside them, in points.
const NAME: f32 = 128.0;

/// Room for the number beside the scale's slider, in points.
const SCALE_VALUE: f32 = 70.0;

/// Days that history is kept when that is switched on.
const KEEP_DAYS: u32 = 365;

impl SettingsScreen {
    pub(super) fn fields(
        &mut self,
        ui: &mut Ui,
        settings: &Settings,
        families: Option<&[String]>,
        commands: &mut Commands,
    ) {
        let mut changed = settings.clone();
        appearance(ui, &mut changed, families);
        beginnings(ui, &mut changed, commands);
        section_title(ui, "Spending");
        DollarLimit {
            label: "Ask before a call that may cost more than",
            name: "Limit of one call",
        }
        .ui(ui, &mut changed.ask_above);
        ui.horizontal(|ui| {
            ui.label("Budgets by day, month and connection are in the usage screen");
            if link_button(ui, "Go to usage").clicked() {
                commands.push(Command::Show(Screen::Usage));
            }
        });
        prices(ui, &mut changed);
        self.network(ui, &mut changed);
        secrets(ui, &changed, commands);
        history(ui, &mut changed);
        if changed != *settings {
            let command = SettingsCommand::Save(Box::new(changed));
            commands.push(Command::Settings(command));
        }
    }

    fn network(&mut self, ui: &mut Ui, changed: &mut Settings) {
        section_title(ui, "Network");
        let is_own = |proxy: &Option<String>| !matches!(proxy.as_deref(), None | Some("direct"));
        let mut choice = match (&self.proxy, changed.proxy.as_deref()) {
            (None, None) => Choice::Environment,
            (None, Some("direct")) => Choice::Direct,
            (Some(_), _) | (None, Some(_)) => Choice::This,
        };
        ui.horizontal(|ui| {
            ui.label("Proxy");
            for (each, label) in [
                (Choice::Environment, "As HTTPS_PROXY says"),
                (Choice::Direct, "None"),
                (Choice::This, "This one"),
            ] {
                if ui.selectable_value(&mut choice, each, label).clicked() {
                    match each {
                        Choice::Environment => changed.proxy = None,
                        Choice::Direct => changed.proxy = Some("direct".to_owned()),
                        Choice::This => {
                            let now = changed.proxy.clone().filter(|_| is_own(&changed.proxy));
                            self.proxy = Some(now.unwrap_or_default());
                        }
                    }
                    if each != Choice::This {
                        self.proxy = None;
                    }
                }
            }
        });
        if choice == Choice::This {
            let text = self
                .proxy
                .get_or_insert_with(|| changed.proxy.clone().unwrap_or_default());
            let response = text_field(ui, "Proxy address", "http://proxy.example:3128", text);
            if let Some(problem) = not_a_proxy(text) {
                ui.colored_label(palette(ui).error, format!("Not used: {problem}"));
            } else if response.lost_focus() && !text.trim().is_empty() {
                changed.proxy = Some(text.trim().to_owned());
                self.proxy = None;
            }
        }
        let words = "For calls to AWS and for price files. Hosts of NO_PROXY and this computer's own \
                     addresses are reached directly.";
        ui.label(theme::small(words).color(palette(ui).text_secondary));
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Choice {
    Environment,
    Direct,
    This,
}

fn appearance(ui: &mut Ui, changed: &mut Settings, families: Option<&[String]>) {
    section_title(ui, "Appearance");
    row(ui, "Theme", |ui| {
        for (theme, label) in [
            (Theme::System, "As the system has it"),
            (Theme::Light, "Light"),
            (Theme::Dark, "Dark"),
        ] {
            ui.selectable_value(&mut changed.theme, theme, label);
        }
    });
    row(ui, "Scale", |ui| {
        let mut percent = changed.scale * 100.0;
        ui.spacing_mut().slider_width = CHOICE - SCALE_VALUE;
        ui.visuals_mut().selection.bg_fill = palette(ui).accent;
        let slider = Slider::new(&mut percent, SCALES.start() * 100.0..=SCALES.end() * 100.0)
            .step_by(5.0)
            .fixed_decimals(0)
            .suffix(" %");
        let response = ui
            .scope(|ui| {
                ui.spacing_mut().interact_size.y = size::SLIDER;
                ui.spacing_mut().button_padding = egui::vec2(space::XS, 2.0);
                ui.add(slider)
            })
            .inner;
        accessible_name(&response, "Scale");
        // Not while the handle is held: it would run away from under the pointer.
        if response.drag_stopped() || (response.changed() && !response.dragged()) {
            changed.scale = percent / 100.0;
        }
    });
    row(ui, "Words are set in", |ui| {
        let shown = changed.font.as_deref().unwrap_or(OWN_FONT).to_owned();
        let combo = combo_box("font").width(CHOICE);
        let response = combo.selected_text(&shown).show_ui(ui, |ui| {
            ui.selectable_value(&mut changed.font, None, OWN_FONT);
            match families {
                Some(families) => {
                    for family in families {
                        ui.selectable_value(&mut changed.font, Some(family.clone()), family);
                    }
                }
                None => {
                    ui.label("Looking for the system's fonts…");
                }
            }
        });
        accessible_name(&response.response, &format!("Font: {shown}"));
    });
    row(ui, "Send with", |ui| {
        let name = |key| match key {
            SendKey::CommandEnter => Command::Send.keys(ui.ctx()),
            SendKey::Enter => "Enter".to_owned(),
        };
        let names = [SendKey::CommandEnter, SendKey::Enter].map(|key| (key, name(key)));
        let shown = name(changed.send_key);
        let combo = combo_box("send key").width(CHOICE);
        let response = combo.selected_text(&shown).show_ui(ui, |ui| {
            for (key, name) in names {
                ui.selectable_value(&mut changed.send_key, key, name);
            }
        });
        accessible_name(&response.response, &format!("Send with: {shown}"));
        let line = match changed.send_key {
            SendKey::CommandEnter => "Enter begins a line",
            SendKey::Enter => "Shift+Enter begins a line",
        };
        ui.label(theme::small(line).color(palette(ui).text_secondary));
    });
    row(ui, "At the start", |ui| {
        let shown = at_start(changed.at_start);
        let combo = combo_box("at start").width(CHOICE);
        let response = combo.selected_text(shown).show_ui(ui, |ui| {
            for choice in [AtStart::OpenAgain, AtStart::BeginAnew] {
                ui.selectable_value(&mut changed.at_start, choice, at_start(choice));
            }
        });
        accessible_name(&response.response, &format!("At the start: {shown}"));
    });
    row(ui, "Motion", |ui| {
        checkbox(ui, &mut changed.reduce_motion, "Reduce motion").on_hover_text(
            "Nothing fades, turns or blinks. Where the system asks for this, it is so anyway",
        );
    });
}

fn at_start(choice: AtStart) -> &'static str {
    match choice {
        AtStart::OpenAgain => "Conversations that were open",
        AtStart::BeginAnew => "An empty conversation",
    }
}

/// What can be set, beside its name; names stand below each other, and so do values.
fn row(ui: &mut Ui, name: &str, content: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        let area = egui::vec2(NAME, size::CONTROL);
        ui.allocate_ui_with_layout(area, Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_width(NAME);
            ui.label(name);
        });
        content(ui);
    });
}

/// What new conversations, lists and comparisons begin with.
fn beginnings(ui: &mut Ui, changed: &mut Settings, commands: &mut Commands) {
    section_title(ui, "New conversations");
    labelled_value(
        ui,
        "Model",
        changed
            .default_model
            .as_ref()
            .map_or("Nova Lite where the account has it", |id| id.as_str()),
    );
    labelled_value(
        ui,
        "Configuration",
        if changed.default_configuration.is_some() {
            "As you saved it"
        } else {
            "Every model's own defaults"
        },
    );
    ui.horizontal(|ui| {
        if secondary_button(ui, icons::SAVE, "Begin like the current conversation").clicked() {
            commands.push(Command::Settings(SettingsCommand::SaveAsDefault));
        }
        if (changed.default_model.is_some() || changed.default_configuration.is_some())
            && secondary_button(ui, icons::RESET, "Begin with the usual defaults").clicked()
        {
            changed.default_model = None;
            changed.default_configuration = None;
        }
    });
    for (screen, name, title, like, usual) in [
        (
            Screen::AltText,
            "altText",
            "New lists of alt text",
            "Begin like the current list",
            "Begin lists with the usual defaults",
        ),
        (
            Screen::Compare,
            "compare",
            "New comparisons",
            "Begin like the current comparison",
            "Begin comparisons with the usual models",
        ),
    ] {
        let is_set = changed
            .beginnings
            .get(name)
            .is_some_and(|beginning| !beginning.is_null());
        let value = if is_set {
            "Model and parameters as you saved them"
        } else {
            "The usual models and defaults"
        };
        ui.add_space(space::S);
        labelled_value(ui, title, value);
        ui.horizontal(|ui| {
            if secondary_button(ui, icons::SAVE, like).clicked() {
                commands.push(Command::Settings(SettingsCommand::KeepBeginning(screen)));
            }
            if is_set && secondary_button(ui, icons::RESET, usual).clicked() {
                changed
                    .beginnings
                    .insert(name.to_owned(), serde_json::Value::Null);
            }
        });
    }
}

fn prices(ui: &mut Ui, changed: &mut Settings) {
    section_title(ui, "Price updates");
    for (updates, label) in [
        (PriceUpdates::Never, "Only when I ask for it"),
        (PriceUpdates::Ask, "Remind me once a week"),
        (
            PriceUpdates::Weekly,
            "Look at AWS's price files once a week, and show what changed before it is taken",
        ),
    ] {
        ui.radio_value(&mut changed.price_updates, updates, label);
    }
}

fn secrets(ui: &mut Ui, settings: &Settings, commands: &mut Commands) {
    section_title(ui, "Keys");
    ui.horizontal(|ui| {
        if settings.remembered_connection {
            ui.label("The system's keyring holds a connection, and the next start uses it");
            if link_button(ui, "Forget the remembered connection").clicked() {
                commands.push(Command::ForgetConnection);
            }
        } else {
            ui.label("No key is kept. The connection dialog can put one into the system's keyring");
            if link_button(ui, "Open the connection").clicked() {
                commands.push(Command::ShowConnection);
            }
        }
    });
}

fn history(ui: &mut Ui, changed: &mut Settings) {
    section_title(ui, "History");
    ui.horizontal(|ui| {
        let mut ends = changed.keep_days.is_some();
        // The number of days stands behind it once it is on.
        let words = if ends {
            "Move to the trash what was not used for"
        } else {
            "Move to the trash what was not used for a while"
        };
        if checkbox(ui, &mut ends, words).changed() {
            changed.keep_days = ends.then_some(KEEP_DAYS);
        }
        if let Some(days) = &mut changed.keep_days {
            let edit = ui.add(DragValue::new(days).range(1..=36_500).suffix(" days"));
            accessible_name(&edit, "Days that history is kept");
            ui.label("(what is pinned stays)");
        }
    });
    ui.horizontal(|ui| {
        ui.label("Deleted conversations can be brought back for");
        let edit = ui.add(
            DragValue::new(&mut changed.retention_days)
                .range(1..=3_650)
                .suffix(" days"),
        );
        accessible_name(&edit, "Days of retention");
    });
}
