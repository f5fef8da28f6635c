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
use crate::ui::widgets::{
    Tone, badge, empty_state, failure_alert, loading_state, secondary_button,
};
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
                .frame(
                    Frame::new()
                        .fill(palette(ui).surface)
                        .inner_margin(Margin::same(16)),
                )
                .show(ui, |ui| {
                    close = details::ui(ui, catalog, model, shared, commands);
                });
            if close {
                self.selected = None;
            }
        }
        CentralPanel::default()
            .frame(
                Frame::new()
                    .fill(palette(ui).background)
                    .inner_margin(Margin::same(20)),
            )
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
                    if secondary_button(ui, icons::REGION, "Change connection…").clicked() {
                        commands.push(Command::ShowConnection);
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
        let columns = Columns::fitting(ui.available_width());
        let rows = self.rows.shown();
        let mut clicked = None;
        // Lines between rows run through; the columns' own widths keep them apart.
        ui.spacing_mut().item_spacing.x = 0.0;
        let mut table = TableBuilder::new(ui)
            .id_salt("models")
            .sense(egui::Sense::click())
            .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
            .column(Column::remainder().at_least(200.0).clip(true));
        for (_, width) in columns.0 {
            table = table.column(Column::exact(*width).clip(true));
        }
        table
            .header(size::TABLE_HEAD, |mut header| {
                header.col(|ui| head(ui, "Model"));
                for (field, _) in columns.0 {
                    header.col(|ui| head(ui, field.title()));
                }
            })
            .body(|body| {
                body.rows(size::TABLE_ROW, rows.len(), |mut table_row| {
                    let row = &rows[table_row.index()];
                    table_row.set_overline(true);
                    table_row.set_selected(self.selected.as_ref() == Some(&row.id));
                    table_row.col(|ui| name_cell(ui, row));
                    for (field, _) in columns.0 {
                        table_row.col(|ui| field_cell(ui, row, *field));
                    }
                    let response = table_row.response();
                    response.widget_info(|| {
                        let name = format!("{} {}", row.name, row.id);
                        egui::WidgetInfo::labeled(egui::Role::Button, true, name)
                    });
                    if response.double_clicked() {
                        commands.push(Command::UseModel(row.invoked.clone()));
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

/// What a column beside the name shows.
#[derive(Clone, Copy)]
enum Field {
    Provider,
    Modalities,
    Context,
    InputPrice,
    OutputPrice,
    Lifecycle,
}

impl Field {
    fn title(self) -> &'static str {
        match self {
            Self::Provider => "Provider",
            Self::Modalities => "Takes → gives",
            Self::Context => "Context",
            Self::InputPrice => "In / 1M",
            Self::OutputPrice => "Out / 1M",
            Self::Lifecycle => "Lifecycle",
        }
    }
}

/// The columns beside the name, with their widths; fewer where there is less room.
struct Columns(&'static [(Field, f32)]);

impl Columns {
    fn fitting(width: f32) -> Self {
        const WIDE: &[(Field, f32)] = &[
            (Field::Provider, 108.0),
            (Field::Modalities, 200.0),
            (Field::Context, 80.0),
            (Field::InputPrice, 92.0),
            (Field::OutputPrice, 92.0),
            (Field::Lifecycle, 74.0),
        ];
        const NARROW: &[(Field, f32)] = &[
            (Field::Provider, 108.0),
            (Field::InputPrice, 92.0),
            (Field::OutputPrice, 92.0),
            (Field::Lifecycle, 74.0),
        ];
        Self(if width < 900.0 { NARROW } else { WIDE })
    }
}

fn head(ui: &mut Ui, title: &str) {
    let text = theme::strong(title)
        .size(theme::font::SMALL)
        .color(palette(ui).text_secondary);
    cell_text(ui, text);
}

fn name_cell(ui: &mut Ui, row: &Row) {
    let palette = palette(ui);
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.add_space(space::XXS);
        cell_text(ui, theme::strong(&row.name).color(palette.heading));
        cell_text(
            ui,
            theme::small(row.id.as_str()).color(palette.text_secondary),
        );
    });
}

fn field_cell(ui: &mut Ui, row: &Row, field: Field) {
    let text = match field {
        Field::Provider => &row.provider,
        Field::Modalities => &row.modalities,
        Field::Context => &row.context,
        Field::InputPrice => &row.input_price,
        Field::OutputPrice => &row.output_price,
        Field::Lifecycle if row.lifecycle == Lifecycle::Active => row.lifecycle.label(),
        Field::Lifecycle => {
            badge(ui, row.lifecycle.label(), Tone::Warning);
            return;
        }
    };
    cell_text(ui, RichText::new(text).color(palette(ui).text));
}

/// Text in a cell takes no clicks: the row does.
fn cell_text(ui: &mut Ui, text: RichText) {
    ui.add(Label::new(text).selectable(false).truncate());
}
