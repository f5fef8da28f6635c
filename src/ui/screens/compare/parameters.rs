//! How columns are asked: what all linked ones share, or one column by itself.

use egui::{Frame, Margin, Panel, ScrollArea, Ui};

use crate::catalog::ModelId;
use crate::chat::Configuration;
use crate::compare::{Column, ColumnId, Comparison};
use crate::ui::Commands;
use crate::ui::icons;
use crate::ui::screens::chat::configuration_panel::ConfigurationPanel;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{icon_button, in_pane, text_area};

/// Whose parameters are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Those that linked columns share.
    Shared,
    /// Those of one column.
    Column(ColumnId),
}

/// The open panel.
pub struct Parameters {
    pub target: Target,
    panel: ConfigurationPanel,
    prompt: String,
}

impl Parameters {
    /// Opens on some parameters.
    pub fn open(target: Target, comparison: &Comparison) -> Self {
        let column = column(comparison, target);
        let shared = &comparison.shared;
        let settings = column.map_or(shared, |column| column.configuration(shared));
        let model = column.or(comparison.columns().first());
        let model = model.map(|column| column.model_id.clone());
        let model = model.unwrap_or_else(|| ModelId::from(""));
        let panel = ConfigurationPanel::for_model(model, settings.clone());
        let prompt = column.and_then(|column| column.prompt.clone());
        Self {
            target,
            panel,
            prompt: prompt.unwrap_or_default(),
        }
    }

    /// Draws the panel; true when it is to be closed.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        comparison: &mut Comparison,
        name: &str,
        shared: &Shared,
        commands: &mut Commands,
    ) -> bool {
        let margin = Margin {
            left: 16,
            right: 8,
            top: 16,
            bottom: 8,
        };
        let frame = Frame::new().fill(palette(ui).surface).inner_margin(margin);
        let mut closed = false;
        Panel::right("comparison parameters")
            .exact_size(size::SIDE_PANEL)
            .resizable(false)
            .frame(frame)
            .show(
                ui,
                in_pane(|ui| {
                    ui.horizontal(|ui| {
                        ui.label(theme::h2("Parameters").color(palette(ui).heading));
                        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                            closed =
                                icon_button(ui, icons::CLOSE, "Close the parameters").clicked();
                        });
                    });
                    ScrollArea::vertical()
                        .id_salt("parameters")
                        .auto_shrink(false)
                        .show(ui, |ui| {
                            ui.set_width(ui.available_width() - space::M);
                            self.body(ui, comparison, name, shared, commands);
                        });
                }),
            );
        closed
    }

    fn body(
        &mut self,
        ui: &mut Ui,
        comparison: &mut Comparison,
        name: &str,
        shared: &Shared,
        commands: &mut Commands,
    ) {
        let secondary = palette(ui).text_secondary;
        match self.target {
            Target::Shared => {
                ui.label(theme::small("For all linked columns").color(secondary));
            }
            Target::Column(id) => {
                ui.label(theme::small(name).color(secondary));
                self.column_ui(ui, comparison, id);
            }
        }
        let linked = column(comparison, self.target).is_some_and(Column::is_linked);
        if linked {
            ui.label(theme::small("Unlink it to give it parameters of its own").color(secondary));
            return;
        }
        let before = self.panel.settings.clone();
        self.panel.sections(ui, shared, commands);
        if self.panel.settings != before {
            self.put(comparison);
        }
    }

    fn column_ui(&mut self, ui: &mut Ui, comparison: &mut Comparison, id: ColumnId) {
        let Some(mut linked) = comparison.column(id).map(Column::is_linked) else {
            return;
        };
        if ui
            .checkbox(&mut linked, "Follows the shared parameters")
            .changed()
        {
            let shared = comparison.shared.clone();
            if let Some(column) = comparison.column_mut(id) {
                column.set_linked(linked, &shared);
            }
            self.panel.settings = shared;
        }
        ui.add_space(space::XXS);
        let hint = "Asked here instead of the shared prompt; {{prompt}} stands for that";
        let field = text_area(ui, "Prompt of this column", hint, 3, &mut self.prompt);
        if field.changed()
            && let Some(column) = comparison.column_mut(id)
        {
            let prompt = Some(self.prompt.clone());
            column.prompt = prompt.filter(|prompt| !prompt.trim().is_empty());
        }
    }

    fn put(&self, comparison: &mut Comparison) {
        let settings: &Configuration = &self.panel.settings;
        match self.target {
            Target::Shared => comparison.set_shared(settings.clone()),
            Target::Column(id) => {
                if let Some(column) = comparison.column_mut(id) {
                    column.own = Some(settings.clone());
                }
            }
        }
    }
}

fn column(comparison: &Comparison, target: Target) -> Option<&Column> {
    match target {
        Target::Shared => None,
        Target::Column(id) => comparison.column(id),
    }
}
