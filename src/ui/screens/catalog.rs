//! Model catalog: every model the connection offers, to be found, read about and tried.

mod access;
mod cards;
mod details;
mod facts;
mod filters;
mod rows;
mod side_by_side;

pub use self::rows::price;

use egui::{CentralPanel, Frame, Label, Margin, Panel, RichText, Ui};
use egui_extras::{Column, TableBuilder};

use self::filters::Filters;
use self::rows::{Row, Rows};
use crate::catalog::ModelId;
use crate::ui::icons;
use crate::ui::load::Load;
use crate::ui::screens::out_of_reach;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    Tone, badge, empty_state, enabled_checkbox, in_pane, loading_state, primary_button,
    secondary_button,
};
use crate::ui::{Command, Commands};

/// The catalog's own state.
#[derive(Default)]
pub struct CatalogScreen {
    filters: Filters,
    rows: Rows,
    selected: Option<ModelId>,
    as_cards: bool,
    compared: Vec<ModelId>,
    comparing: bool,
    only_differences: bool,
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
                .show(
                    ui,
                    in_pane(|ui| {
                        close = details::ui(ui, catalog, model, shared, commands);
                    }),
                );
            if close {
                self.selected = None;
            }
        }
        CentralPanel::default()
            .frame(
                Frame::new()
                    .fill(palette(ui).background)
                    .inner_margin(Margin {
                        top: 16,
                        ..Margin::same(20)
                    }),
            )
            .show(ui, in_pane(|ui| self.content(ui, shared, commands)));
        self.compare_ui(ui, shared, commands);
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
        if out_of_reach::ui(ui, 0.0, shared, commands) {
            return;
        }
        match &shared.catalog {
            Load::Ready(_) => self.models(ui, commands),
            _ => loading_state(ui, "Listing foundation models…"),
        }
    }

    fn models(&mut self, ui: &mut Ui, commands: &mut Commands) {
        self.filters.ui(ui, &self.rows);
        self.bar(ui);
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
        if self.as_cards {
            let rows = self.rows.shown();
            match cards::ui(ui, rows, self.selected.as_ref(), &self.compared) {
                Some(cards::Wish::Select(id)) => self.select(id, commands),
                Some(cards::Wish::Compare(id)) => self.compare(id),
                None => {}
            }
        } else {
            self.table(ui, commands);
        }
    }

    /// Shows a model's facts, and asks whether the account may use it.
    fn select(&mut self, id: ModelId, commands: &mut Commands) {
        commands.push(Command::CheckAccess(id.clone()));
        self.selected = Some(id);
    }

    /// Puts a model beside others, or takes it away.
    fn compare(&mut self, id: ModelId) {
        if let Some(at) = self.compared.iter().position(|other| *other == id) {
            self.compared.remove(at);
        } else if self.compared.len() < side_by_side::MOST {
            self.compared.push(id);
        }
    }

    /// Cards or table, and the way to the comparison.
    fn bar(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            ui.selectable_value(&mut self.as_cards, false, "Table");
            ui.selectable_value(&mut self.as_cards, true, "Cards");
            let count = self.compared.len();
            if count == 0 {
                let words = "Tick up to four models to compare their facts";
                let color = palette(ui).text_secondary;
                ui.label(theme::small(words).color(color));
                return;
            }
            let label = format!("Compare {count} of up to {}", side_by_side::MOST);
            let open = primary_button(ui, count > 1, icons::COMPARE, &label)
                .on_disabled_hover_text("Tick another model");
            if open.clicked() {
                self.comparing = true;
            }
            if secondary_button(ui, icons::CLEAR, "Clear ticks").clicked() {
                self.compared.clear();
            }
        });
        ui.add_space(space::XS);
    }

    fn compare_ui(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        let (true, Some(catalog)) = (self.comparing, shared.catalog.ready()) else {
            return;
        };
        let (ids, only) = (&self.compared, &mut self.only_differences);
        if side_by_side::ui(ui, catalog, ids, shared, only, commands) {
            self.comparing = false;
        }
    }

    fn table(&mut self, ui: &mut Ui, commands: &mut Commands) {
        let columns = Columns::fitting(ui.available_width());
        let rows = self.rows.shown();
        let mut clicked = None;
        let mut ticked = None;
        let full = self.compared.len() >= side_by_side::MOST;
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
        table = table.column(Column::exact(TICK));
        table
            .header(size::TABLE_HEAD, |mut header| {
                header.col(|ui| head(ui, "Model"));
                for (field, _) in columns.0 {
                    header.col(|ui| head(ui, field.title()));
                }
                header.col(|ui| head(ui, "Compare"));
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
                    table_row.col(|ui| {
                        let is_compared = self.compared.contains(&row.id);
                        if tick(ui, row, is_compared, full) {
                            ticked = Some(row.id.clone());
                        }
                    });
                    let response = table_row.response();
                    response.widget_info(|| {
                        let name = format!("{} {}", row.name, row.id);
                        egui::WidgetInfo::labeled(egui::Role::Button, true, name)
                    });
                    if response.double_clicked()
                        && let Some(screen) = row.playground
                    {
                        commands.push(Command::TryModel(screen, row.invoked.clone()));
                    } else if response.clicked() {
                        clicked = Some(row.id.clone());
                    }
                });
            });
        if let Some(id) = clicked {
            self.select(id, commands);
        }
        if let Some(id) = ticked {
            self.compare(id);
        }
    }
}

/// What a column beside the name shows.
#[derive(Clone, Copy)]
enum Field {
    Provider,
    Modalities,
    Context,
    LongestAnswer,
    InputPrice,
    OutputPrice,
    Lifecycle,
}

impl Field {
    fn title(self) -> &'static str {
        match self {
            Self::Provider => "Provider",
            Self::Modalities => "Takes, gives",
            Self::Context => "Context",
            Self::LongestAnswer => "Answer",
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
            (Field::Modalities, 176.0),
            (Field::Context, 72.0),
            (Field::LongestAnswer, 68.0),
            (Field::InputPrice, 84.0),
            (Field::OutputPrice, 84.0),
            (Field::Lifecycle, 100.0),
        ];
        const NARROW: &[(Field, f32)] = &[
            (Field::Provider, 108.0),
            (Field::InputPrice, 84.0),
            (Field::OutputPrice, 84.0),
            (Field::Lifecycle, 112.0),
        ];
        Self(if width < 900.0 { NARROW } else { WIDE })
    }
}

/// Width of the column with the boxes, in points.
const TICK: f32 = 64.0;

/// The box that puts a model beside others; true when it was clicked.
fn tick(ui: &mut Ui, row: &Row, is_compared: bool, full: bool) -> bool {
    let mut on = is_compared;
    let response = enabled_checkbox(ui, is_compared || !full, &mut on, "")
        .on_disabled_hover_text("Four models are ticked already");
    response.widget_info(|| {
        egui::WidgetInfo::selected(egui::Role::CheckBox, true, is_compared, &row.compare)
    });
    response.changed()
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
        Field::LongestAnswer => &row.longest_answer,
        Field::Lifecycle => match &row.warning {
            None => row.lifecycle.label(),
            Some(warning) => {
                badge(ui, warning, Tone::Warning).on_hover_text(&row.life);
                return;
            }
        },
    };
    cell_text(ui, RichText::new(text).color(palette(ui).text));
}

/// Text in a cell takes no clicks: the row does.
fn cell_text(ui: &mut Ui, text: RichText) {
    // Columns stand side by side without a gap.
    ui.set_max_width(ui.available_width() - space::S);
    ui.add(Label::new(text).selectable(false).truncate());
}
