//! One prompt: written, run, its versions.

use egui::{Button, Frame, Label, Margin, Panel, ScrollArea, Ui, vec2};

use super::library::Which;
use super::run::Run;
use super::versions::Versions;
use super::{FIRST_CHOICE, PromptsCommand};
use crate::catalog::{ModelId, facts};
use crate::prompts::{Form, SavedPrompt};
use crate::ui::icons;
use crate::ui::load::Load;
use crate::ui::screens::chat::configuration_panel::ConfigurationPanel;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    Tone, badge, caption, icon_button, in_pane, library_page, menu_button, menu_item, model_button,
    secondary_button, tall_text_area, text_field,
};
use crate::ui::{Command, Commands};

/// The least width beside the navigation at which the parameters stand open from the beginning.
const ROOM_FOR_PARAMETERS: f32 = 760.0;

/// The least width at which a description and tags stand beside each other.
const ROOM_FOR_BOTH: f32 = 440.0;

/// The share of the page's height that its text may grow to, and the system prompt's.
const TEXT_SHARE: f32 = 0.5;
const SYSTEM_SHARE: f32 = 0.3;

/// What is shown of a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Its text.
    Write,
    /// Its run over a table.
    Run,
    /// Its versions.
    Versions,
}

/// The open prompt.
pub struct Editor {
    pub which: Which,
    pub prompt: SavedPrompt,
    pub panel: ConfigurationPanel,
    pub run: Run,
    versions: Versions,
    tab: Tab,
    tags: String,
    shows_parameters: Option<bool>,
}

impl Editor {
    /// Opens a prompt.
    pub fn new(which: Which, prompt: SavedPrompt, tab: Tab) -> Self {
        Self {
            which,
            panel: panel(&prompt),
            run: Run::new(&prompt.draft.variables()),
            versions: Versions::default(),
            tab,
            tags: prompt.tags.join(", "),
            shows_parameters: None,
            prompt,
        }
    }

    /// Shows its run over a table.
    pub fn show_run(&mut self) {
        self.tab = Tab::Run;
    }

    /// Who is asked.
    pub fn model(&self) -> ModelId {
        let own = self.prompt.draft.model.clone();
        own.unwrap_or_else(|| ModelId::from(FIRST_CHOICE))
    }

    /// The prompt or its model may have changed.
    pub fn content_changed(&mut self) {
        let model = self.model();
        self.run.changed(&self.prompt.draft, &model);
    }

    /// Draws it; true when the prompt was changed.
    pub fn ui(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) -> bool {
        if let (Some(id), Some(catalog)) = (&mut self.prompt.draft.model, shared.catalog.ready())
            && catalog.recognise(id)
        {
            self.panel = panel(&self.prompt);
        }
        let room = ui.available_width() >= ROOM_FOR_PARAMETERS;
        let shows = *self.shows_parameters.get_or_insert(room);
        let mut changed = false;
        if shows && self.tab == Tab::Write {
            changed |= self.parameters(ui, shared, commands);
        }
        library_page(ui, |ui| {
            changed |= self.head(ui, commands);
            ui.add_space(space::XS);
            match self.tab {
                Tab::Write => changed |= self.write(ui),
                Tab::Run => {
                    let model = self.model();
                    self.run
                        .ui(ui, &self.prompt.draft, &model, shared, commands);
                }
                Tab::Versions => {
                    if self.versions.ui(ui, &mut self.prompt, &shared.clock) {
                        changed = true;
                        self.panel = panel(&self.prompt);
                    }
                }
            }
        });
        if changed {
            self.content_changed();
        }
        changed
    }

    fn head(&mut self, ui: &mut Ui, commands: &mut Commands) -> bool {
        let mut changed = false;
        ui.horizontal(|ui| {
            let buttons = match self.tab {
                Tab::Write => 220.0,
                Tab::Run | Tab::Versions => 182.0,
            };
            ui.scope(|ui| {
                ui.set_width((ui.available_width() - buttons).max(140.0));
                changed =
                    text_field(ui, "Name of the prompt", "Name", &mut self.prompt.name).changed();
            });
            if secondary_button(ui, icons::CHAT, "Use in chat").clicked() {
                commands.push(Command::Prompts(PromptsCommand::UseInChat));
            }
            self.menu(ui, commands);
            if self.tab == Tab::Write {
                let shows = self.shows_parameters == Some(true);
                let name = if shows {
                    "Hide the parameters"
                } else {
                    "Show the parameters"
                };
                if icon_button(ui, icons::PARAMETERS, name).clicked() {
                    self.shows_parameters = Some(!shows);
                }
            }
        });
        ui.horizontal_wrapped(|ui| {
            ui.selectable_value(&mut self.tab, Tab::Write, "Write");
            ui.selectable_value(&mut self.tab, Tab::Run, "Run");
            let versions = match self.prompt.versions.len() {
                0 => "Versions".to_owned(),
                count => format!("Versions ({count})"),
            };
            ui.selectable_value(&mut self.tab, Tab::Versions, versions);
            if let Which::Starter(_) = self.which {
                badge(ui, "To begin with: changes make a copy", Tone::Neutral);
            }
        });
        changed
    }

    fn menu(&self, ui: &mut Ui, commands: &mut Commands) {
        let button =
            Button::new(icons::atom(icons::MORE)).min_size(vec2(size::CONTROL, size::CONTROL));
        menu_button(ui, button, "Prompt menu", 240.0, |ui| {
            let forms = [
                ("Export this prompt…", Form::Own),
                ("Export it for Bedrock…", Form::Bedrock),
            ];
            for (label, form) in forms {
                if menu_item(ui, label) {
                    let command = PromptsCommand::Export { all: false, form };
                    commands.push(Command::Prompts(command));
                }
            }
            if let Which::Own(id) = self.which {
                ui.separator();
                if menu_item(ui, "Delete this prompt") {
                    commands.push(Command::Prompts(PromptsCommand::Delete(id)));
                }
            }
        });
    }

    fn write(&mut self, ui: &mut Ui) -> bool {
        let mut changed = false;
        let height = ui.available_height();
        ScrollArea::vertical()
            .id_salt("prompt editor")
            .auto_shrink(false)
            .show(ui, |ui| {
                ui.set_width(ui.available_width() - space::S);
                let secondary = palette(ui).text_secondary;
                changed |= self.about(ui);
                let prompt = &mut self.prompt;
                ui.add_space(space::S);
                ui.label(theme::h3("System prompt").color(palette(ui).heading));
                let system = &mut self.panel.settings.system;
                if system.is_empty() {
                    system.push(String::new());
                }
                for (at, text) in system.iter_mut().enumerate() {
                    let name = match at {
                        0 => "System prompt".to_owned(),
                        at => format!("System prompt {}", at + 1),
                    };
                    let hint = "Who the model is, and what holds for every run";
                    let tallest = height * SYSTEM_SHARE;
                    if tall_text_area(ui, &name, hint, 3, tallest, text).changed() {
                        changed = true;
                    }
                }
                ui.add_space(space::S);
                ui.label(theme::h3("Prompt").color(palette(ui).heading));
                let hint = "What is asked. {{name}} is a place for a value";
                let text = &mut prompt.draft.text;
                let tallest = height * TEXT_SHARE;
                changed |= tall_text_area(ui, "Prompt text", hint, 10, tallest, text).changed();
                if changed {
                    prompt.draft.configuration.clone_from(&self.panel.settings);
                }
                ui.add_space(space::XS);
                variables(ui, &prompt.draft.variables());
                let problem = prompt.draft.configuration.check_tools().err();
                if let Some(problem) = problem {
                    let error = palette(ui).error;
                    ui.add(Label::new(theme::small(problem.to_string()).color(error)).wrap());
                }
                ui.add_space(space::S);
                let text = "The prompt is saved as you write it; a version keeps a state for good.";
                ui.label(theme::small(text).color(secondary));
            });
        changed
    }

    /// What is said of the prompt, beside each other where there is room: the height is the prompt's own.
    fn about(&mut self, ui: &mut Ui) -> bool {
        let prompt = &mut self.prompt;
        let mut description = |ui: &mut Ui| {
            caption(ui, "Description");
            text_field(ui, "Description", "What it is for", &mut prompt.description).changed()
        };
        let mut tags = |ui: &mut Ui| {
            caption(ui, "Tags");
            text_field(ui, "Tags", "With commas between them", &mut self.tags).changed()
        };
        let (described, tagged) = if ui.available_width() >= ROOM_FOR_BOTH {
            ui.columns_const(|[left, right]| (description(left), tags(right)))
        } else {
            (description(ui), tags(ui))
        };
        if tagged {
            self.prompt.set_tags(&self.tags);
        }
        described || tagged
    }

    fn parameters(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) -> bool {
        let margin = Margin {
            left: 16,
            right: 8,
            top: 16,
            bottom: 8,
        };
        let frame = Frame::new().fill(palette(ui).surface).inner_margin(margin);
        Panel::right("prompt parameters")
            .exact_size(size::SIDE_PANEL)
            .resizable(false)
            .frame(frame)
            .show(
                ui,
                in_pane(|ui| {
                    ScrollArea::vertical()
                        .id_salt("prompt parameters")
                        .auto_shrink(false)
                        .show(ui, |ui| {
                            ui.set_width(ui.available_width() - space::M);
                            let known = matches!(shared.catalog, Load::Ready(_));
                            let id = self.model();
                            let name = facts(&id).map_or(id.as_str(), |facts| facts.name);
                            if model_button(ui, name, known) {
                                commands.push(Command::ChooseModel);
                            }
                            if self.prompt.draft.model.is_none() {
                                let color = palette(ui).text_secondary;
                                let text = "The prompt names no model; this one runs it";
                                ui.label(theme::small(text).color(color));
                            }
                            self.panel.sections_beside_system(ui, shared, commands);
                            let configuration = &mut self.prompt.draft.configuration;
                            let changed = *configuration != self.panel.settings;
                            if changed {
                                configuration.clone_from(&self.panel.settings);
                            }
                            changed
                        })
                        .inner
                }),
            )
            .inner
    }
}

fn panel(prompt: &SavedPrompt) -> ConfigurationPanel {
    let draft = &prompt.draft;
    let model = draft.model.clone();
    let model = model.unwrap_or_else(|| ModelId::from(FIRST_CHOICE));
    ConfigurationPanel::for_model(model, draft.configuration.clone())
}

/// The places of a prompt.
fn variables(ui: &mut Ui, variables: &[String]) {
    ui.horizontal_wrapped(|ui| {
        let secondary = palette(ui).text_secondary;
        if variables.is_empty() {
            ui.label(theme::small("No variables yet").color(secondary));
            return;
        }
        ui.label(theme::small("Variables").color(secondary));
        for name in variables {
            badge(ui, name, Tone::Accent);
        }
    });
}
