//! Taking back what replaced a whole configuration at one click, as long as nothing was set after it.

use egui::Ui;

use super::{ConfigurationPanel, PresetCommand};
use crate::catalog::ModelId;
use crate::chat::Configuration;
use crate::store::Preset;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::link_button;
use crate::ui::{Command, Commands};

/// What was done, and what was there before.
#[derive(Clone)]
pub(super) struct Undo {
    what: String,
    before: Before,
}

#[derive(Clone)]
enum Before {
    Configuration {
        model: Option<ModelId>,
        before: Box<Configuration>,
        after: Box<Configuration>,
    },
    Preset(Box<Preset>),
}

impl ConfigurationPanel {
    /// Puts a configuration in the place of the one that is set, which can be taken back.
    pub(super) fn replace(&mut self, what: &str, after: Configuration) {
        let before = std::mem::replace(&mut self.settings, after.clone());
        self.taken_back = Some(Undo {
            what: what.to_owned(),
            before: Before::Configuration {
                model: self.model().cloned(),
                before: Box::new(before),
                after: Box::new(after),
            },
        });
    }

    /// A preset is about to be deleted, which can be taken back.
    pub(super) fn preset_deleted(&mut self, preset: &Preset) {
        self.taken_back = Some(Undo {
            what: format!("{} is deleted", preset.name),
            before: Before::Preset(Box::new(preset.clone())),
        });
    }

    /// Draws what was done, and the way back.
    pub(super) fn undo_ui(&mut self, ui: &mut Ui, commands: &mut Commands) {
        // Whoever goes on setting things has taken the new configuration for theirs.
        self.taken_back = self.taken_back.take().filter(|undo| match &undo.before {
            Before::Configuration { after, .. } => **after == self.settings,
            Before::Preset(_) => true,
        });
        let Some(undo) = &self.taken_back else { return };
        let goes_back = ui
            .horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space::XS;
                let text = theme::small(&undo.what).color(palette(ui).text_secondary);
                let room = ui.available_width() - 2.0 * space::XXL;
                ui.scope(|ui| {
                    ui.set_max_width(room);
                    ui.add(egui::Label::new(text).truncate());
                });
                link_button(ui, "Undo").clicked()
            })
            .inner;
        if !goes_back {
            return;
        }
        match self.taken_back.take().map(|undo| undo.before) {
            Some(Before::Configuration { model, before, .. }) => {
                self.settings = *before;
                if let Some(model) = model {
                    commands.push(Command::UseModel(model));
                }
            }
            Some(Before::Preset(preset)) => {
                commands.push(Command::Preset(PresetCommand::Save(preset)));
            }
            None => {}
        }
    }
}
