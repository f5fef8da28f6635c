//! Model catalog: every model the connection offers, to be found, read about and tried.

mod details;
mod filters;
mod rows;

pub use self::rows::price;

use egui::{CentralPanel, Frame, Label, Margin, Panel, RichText, Ui};
use egui_extras::{Column, TableBuilder};

use self::filters::Filters;
use self::rows::{Row, Rows};
use crate::catalog::{Lifecycle, ModelId};
use crate::ui::icons;
use crate::ui::load::Load;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{Tone, badge, empty_state, failure_alert, loading_state, secondary_button};
use crate::ui::{Command, Commands};

/// The catalog's own state.
#[derive(Default)]
pub struct CatalogScreen {
    filters: Filters,
    rows: Rows,
    selected: Option<ModelId>,
}

impl CatalogScreen {
    /// Draws the screen.
    pub fn ui(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        if let Some(catalog) = shared.catalog.ready() {
            self.rows.update(catalog, shared, &self.filters);
        }
        if let (Some(id), Some(catalog)) = (&self.selected, shared.catalog.ready())
            && let Some(model) = catalog.model(id)
        {
            let mut close = false;
            Panel::right("model details")
                .exact_size(size::SIDE_PANEL + 40.0)
                .resizable(false)
                .frame(Frame::new().fill(palette(ui).surface).inner_margin(Margin::same(16)))
                .show(ui, |ui| close = details::ui(ui, catalog, model, shared, commands));
            if close {
                self.selected = None;
            }
        }
        CentralPanel::default()
            .frame(Frame::new().fill(palette(ui).background).inner_margin(Margin::same(20)))
            .show(ui, |ui| self.content(ui, shared, commands));
    }

    fn content(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        ui.horizontal(|ui| {
            ui.label(theme::h1("Model catalog").color(palette(ui).heading));
            if shared.catalog.ready().is_some() {
                let color = palette(ui).text_secondary;
                ui.label(RichText::new(self.rows.count_label()).color(color));
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    if secondary_button(ui, icons::RETRY, "Refresh").clicked() {
                        commands.push(Command::ReloadCatalog);
                    }
                });
            }
        });
        ui.add_space(space::S);
        match (&shared.session, &shared.catalog) {
            (Load::Failed(failure), _) => {
                failure_alert(ui, failure, |ui| {
                    if secondary_button(ui, icons::RETRY, "Connect again").clicked() {
                        commands.push(Command::Reconnect);
                    }
                });
            }
            (_, Load::Failed(failure)) => {
                failure_alert(ui, failure, |ui| {
                    if secondary_button(ui, icons::RETRY, "Try again").clicked() {
                        commands.push(Command::ReloadCatalog);
                    }
                });
            }
            (_, Load::Ready(_)) => self.models(ui, commands),
            (_, Load::Idle | Load::Loading(_)) => loading_state(ui, "Listing foundation models…"),
        }
    }

    fn models(&mut self, ui: &mut Ui, commands: &mut Commands) {
        self.filters.ui(ui, &self.rows);
        ui.add_space(space::S);
        if self.rows.is_empty() {
            let mut clear = false;
            empty_state(
                ui,
                icons::SEARCH,
                "No model matches",
                "Nothing in this region's list fits the search and the filters together.",
                |ui| clear = secondary_button(ui, icons::CLEAR, "Clear filters").clicked(),
            );
            if clear {
                self.filters = Filters::default();
            }
            return;
        }
        self.table(ui, commands);
    }

    fn table(&mut self, ui: &mut Ui, commands: &mut Commands) {
        let divider = palette(ui).divider;
        let rows = self.rows.shown();
        let mut clicked = None;
        ui.visuals_mut().widgets.noninteractive.bg_stroke.color = divider;
        TableBuilder::new(ui)
            .id_salt("models")
            .sense(egui::Sense::click())
            .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
            .column(Column::remainder().at_least(230.0).clip(true))
            .column(Column::initial(104.0).clip(true))
            .column(Column::initial(150.0).clip(true))
            .column(Column::initial(76.0).clip(true))
            .column(Column::initial(84.0).clip(true))
            .column(Column::initial(84.0).clip(true))
            .column(Column::initial(72.0).clip(true))
            .header(size::TABLE_HEAD, |mut header| {
                for title in ["Model", "Provider", "Takes → gives", "Context", "In / 1M", "Out / 1M", "Lifecycle"] {
                    header.col(|ui| {
                        let color = palette(ui).text_secondary;
                        ui.add(Label::new(theme::strong(title).size(theme::font::SMALL).color(color)).truncate());
                    });
                }
            })
            .body(|body| {
                body.rows(size::TABLE_ROW, rows.len(), |mut table_row| {
                    let row = &rows[table_row.index()];
                    table_row.set_selected(self.selected.as_ref() == Some(&row.id));
                    cells(&mut table_row, row);
                    let response = table_row.response();
                    response.widget_info(|| {
                        egui::WidgetInfo::labeled(egui::WidgetType::Button, true, format!("{} {}", row.name, row.id))
                    });
                    if response.double_clicked() {
                        commands.push(Command::UseModel(row.id.clone()));
                    } else if response.clicked() {
                        clicked = Some(row.id.clone());
                    }
                });
            });
        if clicked.is_some() {
            self.selected = clicked;
        }
    }
}

fn cells(table_row: &mut egui_extras::TableRow<'_, '_>, row: &Row) {
    table_row.col(|ui| {
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add_space(space::XXS);
            let palette = palette(ui);
            cell_text(ui, theme::strong(&row.name).color(palette.heading));
            cell_text(ui, theme::small(row.id.as_str()).color(palette.text_secondary));
        });
    });
    for text in [&row.provider, &row.modalities, &row.context, &row.input_price, &row.output_price] {
        table_row.col(|ui| cell_text(ui, RichText::new(text)));
    }
    table_row.col(|ui| match row.lifecycle {
        Lifecycle::Active => cell_text(ui, RichText::new(row.lifecycle.label())),
        Lifecycle::Legacy | Lifecycle::Retired => {
            badge(ui, row.lifecycle.label(), Tone::Warning);
        }
    });
}

/// Text in a cell takes no clicks: the row does.
fn cell_text(ui: &mut Ui, text: RichText) {
    ui.add(Label::new(text).selectable(false).truncate());
}
