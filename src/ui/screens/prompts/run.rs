//! Running a prompt over a table: the values, the answers as they come, what they cost.

mod answers;
mod cells;
mod detail;
mod forecast;
mod former;
mod limit;

use std::path::PathBuf;
use std::sync::Arc;

use egui::{Button, DragValue, ScrollArea, Ui, vec2};
use egui_extras::{Column, TableBuilder};

use self::answers::Answers;
use self::cells::{
    COST_WIDTH, LEAST_ANSWER, LEAST_VALUE, NUMBER_WIDTH, answer_cell, cost_cell, head, value_field,
    value_width,
};
use self::detail::Detail;
use self::former::Former;
use self::limit::RunLimit;
use super::PromptsCommand;
use crate::catalog::ModelId;
use crate::pricing::{Prices, Usd};
use crate::prompts::{Content, MOST_ROWS, RunFormat, RunOutcome, Table};
use crate::store::{Screen, SpendRow};
use crate::tasks::{RowCall, RunningPrompt, Session, Tasks};
use crate::ui::icons;
use crate::ui::numbers::thousands;
use crate::ui::screens::out_of_reach;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    Alert, AlertKind, accessible_name, icon_button, menu_button, menu_item, menu_item_unless,
    primary_button, secondary_button, sized_spinner, text_area,
};
use crate::ui::{Command, Commands};

/// The width of a row's number in its button.
const NUMBER: f32 = 40.0;
/// A run of one prompt.
pub struct Run {
    pub table: Table,
    folder: PathBuf,
    answers: Answers,
    /// Whom the answers are of, and to what.
    asked_of: Option<(Arc<Content>, ModelId)>,
    running: Option<RunningPrompt>,
    /// How many were asked in this run.
    asked: usize,
    at_once: usize,
    selected: Option<usize>,
    detail: Detail,
    pasted: Option<String>,
    problem: Option<String>,
    /// What is expected, and of which table and prompt.
    forecast: Option<(u64, Option<(Usd, Usd)>)>,
    revision: u64,
    former: Option<Former>,
    limit: RunLimit,
}

impl Run {
    /// A table with one empty row.
    pub fn new(variables: &[String]) -> Self {
        Self {
            table: Table::for_variables(variables),
            folder: PathBuf::new(),
            answers: Answers::default(),
            asked_of: None,
            running: None,
            asked: 0,
            at_once: 4,
            selected: None,
            detail: Detail::default(),
            pasted: None,
            problem: None,
            forecast: None,
            revision: 0,
            former: None,
            limit: RunLimit::default(),
        }
    }

    /// Takes a table in place of the one there is; paths in it are seen from a folder.
    pub fn take_table(&mut self, table: Result<(Table, PathBuf), String>) {
        match table {
            Ok((table, folder)) => {
                self.replace(table, folder);
                self.problem = None;
            }
            Err(problem) => self.problem = Some(problem),
        }
    }

    /// Whether another prompt may take its place without a loss.
    pub fn is_untouched(&self) -> bool {
        let cells = self.table.rows.iter().flatten();
        !self.is_running()
            && self.answers.is_empty()
            && self.former.is_none()
            && cells.into_iter().all(String::is_empty)
    }

    /// The prompt or who is asked may have changed.
    pub fn changed(&mut self, content: &Content, model: &ModelId) {
        let same = |(asked, of): &(Arc<Content>, ModelId)| **asked == *content && of == model;
        let of_another = !self.asked_of.as_ref().is_none_or(same);
        self.answers.set_of_another_prompt(of_another);
        self.revision += 1;
    }

    /// Everything costs this from now on.
    pub fn set_prices(&mut self, prices: &Prices) {
        self.answers.add_up(prices);
        self.revision += 1;
    }

    /// Whether answers are awaited.
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Takes in what has come; what the ledger is told of the calls that are over.
    pub fn collect(&mut self, prices: &Prices) -> Vec<SpendRow> {
        let mut over = Vec::new();
        let Some(running) = &mut self.running else {
            return over;
        };
        while let Some(result) = running.try_next() {
            let (answer, call) = (&result.message, &result.invocation);
            let row = SpendRow::of_call(answer, call, prices, Screen::prompts());
            over.extend(row.map(|row| SpendRow {
                connection: running.connection().to_owned(),
                ..row
            }));
            self.answers.take(result, prices);
        }
        if running.is_over() {
            self.running = None;
        }
        over
    }

    /// How many rows have no whole answer to what is written.
    pub fn missing(&self) -> usize {
        let rows = 0..self.table.rows.len();
        rows.filter(|row| !self.answers.is_whole(*row)).count()
    }

    fn lacks_an_answer(&self) -> bool {
        self.answers.len() < self.table.rows.len()
            || self.answers.sum().failed > 0
            || self.answers.outdated() > 0
    }

    /// Asks every row, or those that have no whole answer.
    pub fn start(
        &mut self,
        tasks: &Tasks,
        session: &Session,
        prices: &Prices,
        content: &Content,
        model: &ModelId,
        missing_only: bool,
    ) {
        if self.is_held_back(content, model, session, prices, missing_only) {
            return;
        }
        let variables = content.variables();
        if missing_only {
            self.answers.keep_whole(prices);
        } else if !self.answers.is_empty() {
            self.replace(self.table.clone(), self.folder.clone());
        }
        let content = Arc::new(content.clone());
        let calls: Vec<RowCall> = (0..self.table.rows.len())
            .filter(|row| !self.answers.is_whole(*row))
            .map(|row| {
                let given = self.table.row(row, &variables, &self.folder);
                RowCall {
                    row,
                    content: Arc::clone(&content),
                    model: model.clone(),
                    values: given.values,
                    files: given.files,
                }
            })
            .collect();
        self.asked = calls.len() + self.answers.len();
        self.asked_of = Some((content, model.clone()));
        self.running = Some(tasks.run_prompt(session, calls, self.at_once));
    }

    /// Awaits no more answers; those that are there stay, and of those under way what has come.
    pub fn stop(&mut self) {
        if let Some(running) = &self.running {
            running.stop();
        }
    }

    /// The outcome as a file; `None` while there is none.
    pub fn written(&self, format: RunFormat, prices: &Prices) -> Option<String> {
        if self.answers.is_empty() {
            return None;
        }
        let outcome = RunOutcome {
            table: &self.table,
            results: self.answers.by_row(),
            prices,
        };
        Some(outcome.write(format))
    }

    /// Draws the table and its buttons.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        content: &Content,
        model: &ModelId,
        shared: &Shared,
        commands: &mut Commands,
    ) {
        let variables = content.variables();
        if self.table.rows.is_empty() && self.table.columns.is_empty() {
            self.table = Table::for_variables(&variables);
        }
        self.table.cover(&variables);
        self.bar(ui, content, model, shared, commands);
        self.limit_ui(ui, commands);
        out_of_reach::ui(ui, space::S, shared, commands);
        if let Some(problem) = self.problem.clone()
            && Alert::new(AlertKind::Error, "The table is not taken")
                .line(&problem)
                .dismissible()
                .show(ui, |_| {})
        {
            self.problem = None;
        }
        self.paste_ui(ui);
        ui.add_space(space::XS);
        let detail = self.selected.filter(|row| *row < self.table.rows.len());
        let height = ui.available_height() * if detail.is_some() { 0.55 } else { 1.0 };
        ui.allocate_ui(vec2(ui.available_width(), height), |ui| {
            ui.set_min_height(height);
            self.grid(ui, shared);
        });
        if let Some(row) = detail {
            let result = self.answers.get(row);
            if self.detail.ui(ui, row, result, &shared.prices) {
                self.selected = None;
            }
        }
    }

    fn bar(
        &mut self,
        ui: &mut Ui,
        content: &Content,
        model: &ModelId,
        shared: &Shared,
        commands: &mut Commands,
    ) {
        let rows = self.table.rows.len();
        let connected = shared.session.ready().is_some();
        ui.horizontal_wrapped(|ui| {
            if self.is_running() {
                if primary_button(ui, true, icons::STOP, "Stop the run").clicked() {
                    commands.push(Command::Prompts(PromptsCommand::StopRun));
                }
            } else {
                self.run_button(ui, connected && rows > 0, commands);
                if self.former.is_some() {
                    let undo = secondary_button(ui, icons::UNDO, "Undo");
                    if undo
                        .on_hover_text("Brings the table and its answers back as they were before")
                        .clicked()
                    {
                        self.bring_back(content, model);
                    }
                }
            }
            self.table_menu(ui, content, shared, commands);
            self.export_menu(ui, commands);
            let at_once = ui.add(
                DragValue::new(&mut self.at_once)
                    .range(1..=16)
                    .suffix(" at once"),
            );
            accessible_name(&at_once, "Requests at once");
            at_once.on_hover_text("How many rows are asked beside each other");
        });
        self.figures(ui, content, model, shared);
    }

    /// What runs: before the first answer all rows, then those that lack one, then all once more.
    fn run_button(&self, ui: &mut Ui, possible: bool, commands: &mut Commands) {
        let missing_only = !self.answers.is_empty() && self.lacks_an_answer();
        let clicked = if missing_only {
            primary_button(ui, possible, icons::SEND, "Run what is missing").clicked()
        } else if self.answers.is_empty() {
            primary_button(ui, possible, icons::SEND, &self.run_all_label()).clicked()
        } else {
            let again = format!("{} again", self.run_all_label());
            let button = |ui: &mut Ui| secondary_button(ui, icons::RETRY, &again).clicked();
            ui.add_enabled_ui(possible, button).inner
        };
        if clicked {
            commands.push(Command::Prompts(PromptsCommand::Run { missing_only }));
        }
    }

    fn run_all_label(&self) -> String {
        match self.table.rows.len() {
            1 => "Run 1 row".to_owned(),
            rows => format!("Run {} rows", thousands(rows as u64)),
        }
    }

    fn table_menu(
        &mut self,
        ui: &mut Ui,
        content: &Content,
        shared: &Shared,
        commands: &mut Commands,
    ) {
        let button = Button::new((
            icons::atom(icons::GRID),
            "Table",
            icons::atom(icons::EXPAND),
        ))
        .min_size(vec2(0.0, size::CONTROL));
        menu_button(ui, button, "Table of values", 220.0, |ui| {
            if menu_item(ui, "Open a CSV or JSON Lines file…") {
                commands.push(Command::Prompts(PromptsCommand::PickTable));
            }
            if menu_item(ui, "Paste a table…") {
                self.pasted = Some(String::new());
            }
            let full = self.table.rows.len() >= MOST_ROWS;
            let reason = full.then_some("The table has as many rows as it may");
            if menu_item_unless(ui, reason, "Add a row") {
                let width = self.table.columns.len();
                self.table.rows.push(vec![String::new(); width]);
                self.revision += 1;
            }
            ui.separator();
            let running = self.is_running().then_some("Stop the run first");
            if !self.answers.is_empty() {
                let offline = shared.session.ready().is_none();
                let reason = running.or(offline.then_some("There is no connection yet"));
                let again = format!("{} again", self.run_all_label());
                if menu_item_unless(ui, reason, &again) {
                    let missing_only = false;
                    commands.push(Command::Prompts(PromptsCommand::Run { missing_only }));
                }
            }
            if menu_item_unless(ui, running, "Empty the table") {
                let empty = Table::for_variables(&content.variables());
                self.replace(empty, PathBuf::new());
            }
        });
    }

    fn export_menu(&self, ui: &mut Ui, commands: &mut Commands) {
        let button = Button::new((
            icons::atom(icons::EXPORT),
            "Export",
            icons::atom(icons::EXPAND),
        ))
        .min_size(vec2(0.0, size::CONTROL));
        let none = self
            .answers
            .is_empty()
            .then_some("There are no answers yet");
        menu_button(ui, button, "Export the answers", 180.0, |ui| {
            for (format, label) in [(RunFormat::Csv, "As CSV…"), (RunFormat::Json, "As JSON…")]
            {
                if menu_item_unless(ui, none, label) {
                    commands.push(Command::Prompts(PromptsCommand::ExportRun(format)));
                }
            }
        });
    }

    /// What was spent, or what will be.
    fn figures(&mut self, ui: &mut Ui, content: &Content, model: &ModelId, shared: &Shared) {
        let secondary = palette(ui).text_secondary;
        let text = if self.answers.is_empty() && !self.is_running() {
            self.expected(content, model, shared)
        } else {
            self.so_far()
        };
        ui.scope(|ui| {
            ui.spacing_mut().interact_size.y = size::LINE;
            ui.horizontal(|ui| {
                if self.is_running() {
                    sized_spinner(ui, theme::font::SMALL);
                }
                ui.label(theme::small(text).color(secondary));
            });
        });
    }

    fn so_far(&self) -> String {
        let sum = self.answers.sum();
        let answered = self.answers.len() - sum.failed;
        let mut parts = vec![format!(
            "{} of {} answered",
            thousands(answered as u64),
            thousands(self.asked as u64)
        )];
        if sum.failed > 0 {
            parts.push(format!("{} failed", thousands(sum.failed as u64)));
        }
        // What was refused costs nothing.
        if answered > 0 {
            parts.push(match sum.cost {
                Some(cost) if sum.simulated => format!("simulated, not charged ({cost} on AWS)"),
                Some(cost) => cost.to_string(),
                None => "cost unknown".to_owned(),
            });
        }
        match self.answers.outdated() {
            0 => {}
            1 => parts.push("1 is from before a change".to_owned()),
            some => parts.push(format!(
                "{} are from before a change",
                thousands(some as u64)
            )),
        }
        parts.join(", ")
    }

    fn expected(&mut self, content: &Content, model: &ModelId, shared: &Shared) -> String {
        let known = self
            .forecast
            .filter(|(revision, _)| *revision == self.revision);
        let range = if let Some((_, range)) = known {
            range
        } else {
            let range = forecast::expected(&self.table, &self.folder, content, model, shared);
            self.forecast = Some((self.revision, range));
            range
        };
        match range {
            Some((low, high)) => format!("Expected: {low} to {high} for all rows"),
            None => "What this will cost is not known".to_owned(),
        }
    }

    fn paste_ui(&mut self, ui: &mut Ui) {
        let Some(mut text) = self.pasted.take() else {
            return;
        };
        let mut done = false;
        ScrollArea::vertical()
            .id_salt("pasted table")
            .max_height(140.0)
            .show(ui, |ui| {
                let hint =
                    "Paste cells of a spreadsheet, CSV or JSON Lines, with names in the first line";
                text_area(ui, "Pasted table", hint, 4, &mut text);
            });
        ui.horizontal(|ui| {
            if primary_button(
                ui,
                !text.trim().is_empty(),
                icons::APPROVE,
                "Use this table",
            )
            .clicked()
            {
                let table = Table::parse(&text).map(|table| (table, PathBuf::new()));
                done = table.is_ok();
                self.take_table(table.map_err(|error| error.to_string()));
            }
            if secondary_button(ui, icons::CLOSE, "Cancel").clicked() {
                done = true;
            }
        });
        if !done {
            self.pasted = Some(text);
        }
    }

    fn grid(&mut self, ui: &mut Ui, shared: &Shared) {
        ui.spacing_mut().item_spacing.x = space::XS;
        let columns = self.table.columns.len();
        let room = ui.available_width();
        let value_width = value_width(room, columns);
        let locked = self.is_running();
        let mut removed = None;
        let mut edited = None;
        ScrollArea::horizontal()
            .id_salt("wide table")
            .show(ui, |ui| {
                let mut table = TableBuilder::new(ui)
                    // In another room the columns are of another width, until somebody drags them.
                    .id_salt(("values", room.to_bits()))
                    .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
                    .column(Column::exact(NUMBER_WIDTH))
                    .auto_shrink([false, false]);
                for _ in 0..columns {
                    table = table.column(
                        Column::initial(value_width)
                            .at_least(LEAST_VALUE)
                            .clip(true)
                            .resizable(true),
                    );
                }
                table
                    .column(Column::remainder().at_least(LEAST_ANSWER).clip(true))
                    .column(Column::exact(COST_WIDTH))
                    .header(size::TABLE_HEAD, |mut header| {
                        header.col(|ui| head(ui, "Row"));
                        for name in &self.table.columns {
                            header.col(|ui| head(ui, name));
                        }
                        header.col(|ui| head(ui, "Answer"));
                        header.col(|ui| head(ui, "Cost"));
                    })
                    .body(|body| {
                        let rows = self.table.rows.len();
                        body.rows(size::TABLE_HEAD, rows, |mut line| {
                            let row = line.index();
                            line.set_selected(self.selected == Some(row));
                            line.col(|ui| {
                                if self.number_cell(ui, row, locked) {
                                    removed = Some(row);
                                }
                            });
                            for column in 0..columns {
                                line.col(|ui| {
                                    if self.value_cell(ui, row, column, locked) {
                                        edited = Some(row);
                                    }
                                });
                            }
                            let result = self.answers.get(row);
                            let outdated = self.answers.is_outdated(row);
                            line.col(|ui| {
                                if answer_cell(ui, result, locked, outdated) {
                                    self.selected = Some(row);
                                }
                            });
                            line.col(|ui| cost_cell(ui, result, &shared.prices));
                        });
                    });
            });
        if let Some(row) = edited {
            self.answers.row_changed(row);
            self.revision += 1;
        }
        if let Some(row) = removed {
            self.keep_former();
            self.table.rows.remove(row);
            self.answers.remove_row(row, &shared.prices);
            self.selected = None;
            self.revision += 1;
        }
    }

    /// True when the row is to be removed.
    fn number_cell(&mut self, ui: &mut Ui, row: usize, locked: bool) -> bool {
        let number = row + 1;
        let selected = self.selected == Some(row);
        let response = ui
            .scope(|ui| {
                ui.spacing_mut().button_padding.x = space::XXS;
                let label = Button::selectable(selected, number.to_string());
                // As wide as any number, so that what stands beside it stands in a column.
                ui.add(label.min_size(vec2(NUMBER, 0.0)))
            })
            .inner;
        accessible_name(&response, &format!("Show row {number}"));
        if response.clicked() {
            self.selected = (!selected).then_some(row);
        }
        !locked && icon_button(ui, icons::CLOSE, &format!("Remove row {number}")).clicked()
    }

    fn value_cell(&mut self, ui: &mut Ui, row: usize, column: usize, locked: bool) -> bool {
        let name = format!("{}, row {}", self.table.columns[column], row + 1);
        let Some(cell) = self.table.rows[row].get_mut(column) else {
            return false;
        };
        let response = value_field(ui, !locked, (row, column), cell);
        accessible_name(&response, &name);
        response.changed()
    }
}
