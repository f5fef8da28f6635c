//! The panel on the right: which model, and how it shall answer.

mod advanced;
mod caching;
mod guardrail;
mod model;
mod output;
mod presets;
mod sampling;
mod system;
mod tools;
mod undo;
mod unkept;

use egui::{ScrollArea, Ui};

use crate::catalog::{Catalog, ModelId, Parameters, Support, facts};
use crate::chat::{Configuration, Mode};
use crate::pricing::Usd;
use crate::store::{Preset, Settings};
use crate::ui::Commands;
use crate::ui::icons;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{at_the_end, icon_button};

use self::undo::Undo;
use self::unkept::Unkept;
pub use presets::PresetCommand;

/// What the window talks to when nothing is chosen: cheap, quick, and it reads images.
const FIRST_CHOICE: &str = "amazon.nova-lite-v1:0";

/// Model and configuration of the next call.
#[derive(Clone, Default)]
pub struct ConfigurationPanel {
    /// How the model shall answer.
    pub settings: Configuration,
    chosen: Option<Chosen>,
    new_stop_sequence: String,
    preset_name: String,
    taken_back: Option<Undo>,
    unkept: Unkept,
    /// Above this, sending is asked about first.
    pub ask_above: Option<Usd>,
}

/// The model that is talked to, and what is known of it.
#[derive(Clone)]
struct Chosen {
    id: ModelId,
    name: String,
    takes_images: bool,
    parameters: Parameters,
    support: Support,
}

impl ConfigurationPanel {
    /// A panel for one model.
    pub fn for_model(model: ModelId, settings: Configuration) -> Self {
        let mut panel = Self {
            settings,
            ..Self::default()
        };
        panel.use_model(model);
        panel
    }

    /// The model that is talked to.
    pub fn model(&self) -> Option<&ModelId> {
        self.chosen.as_ref().map(|chosen| &chosen.id)
    }

    /// Whether it is known to read images.
    pub fn takes_images(&self) -> bool {
        self.chosen
            .as_ref()
            .is_some_and(|chosen| chosen.takes_images)
    }

    /// Learns what there is: keeps the chosen model, or makes a first choice. True when it is news what the chosen
    /// application profile routes to.
    pub fn offer_models(&mut self, catalog: &Catalog, region: &str) -> bool {
        let was_kept = !self.is_unkept();
        let chosen = self.chosen.as_ref();
        if chosen.is_none_or(|chosen| !catalog.may_have(&chosen.id)) {
            let model = catalog
                .model(&FIRST_CHOICE.into())
                .or_else(|| catalog.models.iter().find(|model| model.describes_images()))
                .or_else(|| catalog.models.iter().find(|model| model.answers_in_text()));
            if let Some(model) = model {
                self.use_model(catalog.invocation_id(model, region));
            }
        }
        let mut is_news = false;
        if let Some(mut id) = self.chosen.as_ref().map(|chosen| chosen.id.clone())
            && catalog.recognise(&mut id)
        {
            self.use_model(id);
            is_news = true;
        }
        if let Some(chosen) = &mut self.chosen
            && let Some(model) = catalog.model(&chosen.id)
        {
            chosen.takes_images = model.describes_images();
            chosen.name.clone_from(&model.name);
        }
        if was_kept {
            self.now_kept();
        }
        is_news
    }

    /// Begins as the settings say.
    pub fn set_defaults(&mut self, settings: &Settings) {
        let was_kept = !self.is_unkept();
        if let Some(configuration) = &settings.default_configuration {
            self.settings = configuration.clone();
        }
        if let Some(model) = &settings.default_model {
            self.use_model(model.clone());
        }
        self.ask_above = settings.ask_above;
        if was_kept {
            self.now_kept();
        }
    }

    /// Talks to this model from now on. What it does not take stays set for the next one, and is
    /// not sent.
    pub fn use_model(&mut self, id: ModelId) {
        let facts = facts(&id);
        self.chosen = Some(Chosen {
            name: facts.map_or_else(|| id.to_string(), |facts| facts.name.to_owned()),
            takes_images: facts.is_some_and(|facts| facts.supports.vision == Some(true)),
            parameters: Parameters::of(&id),
            support: facts.map_or_else(Support::default, |facts| facts.supports),
            id,
        });
    }

    /// Draws the panel.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        shared: &Shared,
        presets: &[Preset],
        commands: &mut Commands,
    ) {
        ScrollArea::vertical()
            .id_salt("configuration")
            .auto_shrink(false)
            .show(ui, |ui| {
                ui.set_width(ui.available_width() - space::M);
                self.head(ui, presets, commands);
                model::ui(ui, self.chosen.as_ref(), shared, commands);
                self.mode_ui(ui);
                self.sections(ui, shared, commands);
            });
    }

    /// Draws what the model takes.
    pub fn sections(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        if let Some(chosen) = &self.chosen {
            system::ui(ui, &mut self.settings, chosen.support);
        }
        self.sections_beside_system(ui, shared, commands);
    }

    /// The same without system prompts, for those who show them elsewhere.
    pub fn sections_beside_system(
        &mut self,
        ui: &mut Ui,
        shared: &Shared,
        commands: &mut Commands,
    ) {
        let Some(chosen) = &self.chosen else { return };
        let settings = &mut self.settings;
        sampling::ui(
            ui,
            settings,
            &chosen.parameters,
            &mut self.new_stop_sequence,
        );
        caching::ui(ui, settings, chosen.support);
        guardrail::ui(ui, settings, shared, commands);
        tools::ui(ui, settings, chosen.support);
        output::ui(ui, settings, chosen.support);
        advanced::ui(ui, settings, &mut self.ask_above);
        ui.add_space(space::L);
    }

    fn head(&mut self, ui: &mut Ui, presets: &[Preset], commands: &mut Commands) {
        ui.horizontal(|ui| {
            // Title and both buttons just fit.
            ui.spacing_mut().item_spacing.x = space::XXS;
            ui.label(theme::h2("Configuration").color(palette(ui).heading));
            let is_set = self.settings != Configuration::default();
            at_the_end(ui, ("head of the configuration", is_set), |ui| {
                if is_set
                    && icon_button(ui, icons::RESET, "Reset everything to the defaults").clicked()
                {
                    let after = Configuration::default();
                    self.replace("Everything was reset", after);
                }
                presets::ui(ui, self, presets, commands);
            });
        });
        self.undo_ui(ui, commands);
        ui.add_space(space::XXS);
    }

    fn mode_ui(&mut self, ui: &mut Ui) {
        ui.add_space(space::S);
        ui.horizontal(|ui| {
            let mode = &mut self.settings.mode;
            ui.selectable_value(mode, Mode::Chat, "Chat")
                .on_hover_text("Earlier turns are context for the next");
            ui.selectable_value(mode, Mode::SinglePrompt, "Single prompt")
                .on_hover_text("Every prompt stands alone");
        });
    }
}

/// A line below a control that says why it does nothing.
fn reason(ui: &mut Ui, text: &str) {
    let color = palette(ui).text_secondary;
    ui.add(egui::Label::new(theme::small(text).color(color)).wrap());
}

/// A line that says what is wrong with what was typed.
fn problem(ui: &mut Ui, text: &str) {
    let color = palette(ui).error;
    ui.add(egui::Label::new(theme::small(text).color(color)).wrap());
}
