//! How the screen is drawn: its head, the figures, the columns or the grid, the composer.

use egui::{Button, CentralPanel, Frame, Margin, Panel, ScrollArea, Ui, vec2};

use super::cell::Place;
use super::column::{self, Head};
use super::parameters::Target;
use super::strip::Strip;
use super::{CompareCommand, CompareScreen, Wish, grid};
use crate::compare::{ColumnId, FEWEST_COLUMNS, MOST_COLUMNS, OutcomeFormat, Verdicts};
use crate::ui::icons;
use crate::ui::load::Load;
use crate::ui::numbers::thousands;
use crate::ui::screens::chat::composer::Surroundings;
use crate::ui::screens::out_of_reach;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    Alert, AlertKind, empty_state, icon_menu_item_unless, in_pane, loading_state, menu_button,
    menu_item_unless, secondary_button,
};
use crate::ui::{Command, Commands};

/// The least width of a column.
const COLUMN: f32 = 244.0;
/// The least height of columns or grid, with their margin.
const LOWEST: f32 = 200.0;
const MENU_WIDTH: f32 = 280.0;

/// The forms a comparison can be exported in.
const FORMS: [(OutcomeFormat, &str); 5] = [
    (OutcomeFormat::Csv, "Export as CSV…"),
    (OutcomeFormat::Json, "Export as JSON…"),
    (OutcomeFormat::JsonLines, "Export as JSON Lines…"),
    (OutcomeFormat::Markdown, "Export as Markdown…"),
    (OutcomeFormat::Html, "Export as HTML…"),
];

impl CompareScreen {
    /// Draws the screen.
    pub fn ui(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        let mut wishes = Vec::new();
        self.parameters_ui(ui, shared, commands);
        let background = palette(ui).background;
        let margin = |top, bottom| Margin {
            left: 20,
            right: 20,
            top,
            bottom,
        };
        let frame = |top, bottom| {
            Frame::new()
                .fill(background)
                .inner_margin(margin(top, bottom))
        };
        Panel::top("compare head")
            .resizable(false)
            .show_separator_line(false)
            .frame(frame(16, 8))
            .show(ui, in_pane(|ui| self.head(ui, commands)));
        let around = Surroundings {
            send: self.unready_reason(),
            alt_text: self.alt_text_unready_reason(),
            send_key: shared.send_key,
            asks_one_model: false,
        };
        Panel::bottom("compare composer")
            .resizable(false)
            .show_separator_line(false)
            .frame(frame(4, 16))
            .show(
                ui,
                in_pane(|ui| {
                    self.notices_ui(ui);
                    self.intake.problems_ui(ui);
                    let running = self.is_running();
                    let Self {
                        composer,
                        intake,
                        forecast,
                        ..
                    } = self;
                    composer.ui(ui, intake, &around, running, forecast, commands);
                }),
            );
        CentralPanel::default().frame(frame(0, 0)).show(
            ui,
            in_pane(|ui| {
                self.body(ui, shared, &mut wishes, commands);
            }),
        );
        self.dialogs(ui, commands);
        for wish in wishes {
            self.carry_out(wish);
        }
    }

    fn head(&mut self, ui: &mut Ui, commands: &mut Commands) {
        let color = palette(ui).heading;
        ui.horizontal_wrapped(|ui| {
            ui.label(theme::h1("Compare models").color(color));
            ui.add_space(space::S);
            self.tools(ui, commands);
        });
        self.state_line(ui);
    }

    fn tools(&mut self, ui: &mut Ui, commands: &mut Commands) {
        let full = self.comparison.columns().len() >= MOST_COLUMNS;
        let add =
            Button::new((icons::atom(icons::ADD), "Add model")).min_size(vec2(0.0, size::CONTROL));
        let add = ui
            .add_enabled(!full, add)
            .on_disabled_hover_text("Eight models can be compared at once");
        if add.clicked() {
            commands.push(Command::Compare(CompareCommand::AddModel));
        }
        if secondary_button(ui, icons::PARAMETERS, "Parameters").clicked() {
            self.parameters = match self.parameters.take() {
                Some(open) if open.target == Target::Shared => None,
                _ => Some(super::Parameters::open(Target::Shared, &self.comparison)),
            };
        }
        let mut blind = self.blind.is_some();
        let toggle = ui.toggle_value(&mut blind, (icons::atom(icons::BLIND), "Blind"));
        if toggle
            .on_hover_text("Hides names and shuffles columns until you pick the best answer")
            .clicked()
        {
            self.toggle_blind();
        }
        if !self.comparison.rows().is_empty() {
            let label = (icons::atom(icons::FIGURES), "Figures");
            ui.toggle_value(&mut self.shows_figures, label)
                .on_hover_text("All figures of all columns, as a table and as bars");
        }
        if self.comparison.rows().len() > 1 {
            ui.toggle_value(&mut self.as_grid, (icons::atom(icons::GRID), "Grid"));
        }
        self.more(ui, commands);
    }

    fn more(&mut self, ui: &mut Ui, commands: &mut Commands) {
        let nothing = (self.figures.answers() == 0).then_some("There is no whole answer yet");
        let busy = self.calls.is_busy().then_some("Answers are coming in");
        let few = (self.figures.answers() < 2).then_some("There are not two answers yet");
        let unasked = self
            .comparison
            .rows()
            .is_empty()
            .then_some("Nothing was asked yet");
        let button =
            Button::new((icons::atom(icons::MORE), "More")).min_size(vec2(0.0, size::CONTROL));
        menu_button(ui, button, "More", MENU_WIDTH, |ui| {
            if icon_menu_item_unless(ui, unasked.or(busy), icons::REPEAT, "Run 5 times more") {
                self.run_again(5);
            }
            if icon_menu_item_unless(
                ui,
                few,
                icons::DIFFERENCE,
                "Differences between two answers…",
            ) {
                self.open_difference();
            }
            if icon_menu_item_unless(ui, nothing, icons::JUDGE, "Judge the answers…") {
                self.judging.is_open = true;
            }
            if icon_menu_item_unless(ui, busy, icons::GRID, "Ask a table of prompts…") {
                commands.push(Command::Compare(CompareCommand::PickBatch));
            }
            ui.separator();
            for (format, label) in FORMS {
                if menu_item_unless(ui, unasked, label) {
                    commands.push(Command::Compare(CompareCommand::Export(format)));
                }
            }
            ui.separator();
            if icon_menu_item_unless(ui, unasked, icons::ADD, "New comparison") {
                commands.push(Command::Compare(CompareCommand::New));
            }
        });
    }

    /// How far it is, and where one is.
    fn state_line(&mut self, ui: &mut Ui) {
        let secondary = palette(ui).text_secondary;
        let mut parts = Vec::new();
        let (done, total) = self.calls.progress(self.comparison.columns().len());
        if self.calls.is_busy() {
            parts.push(format!(
                "{} of {} answers",
                thousands(done as u64),
                thousands(total as u64)
            ));
        } else if !self.comparison.rows().is_empty() {
            // In the place of the line above, so that nothing moves up at the end.
            parts.push(match self.figures.answers() {
                0 => "No whole answer yet".to_owned(),
                1 => "1 answer".to_owned(),
                answers => format!("{} answers", thousands(answers as u64)),
            });
        }
        if self.judging.is_busy() {
            let (done, total) = self.judging.progress();
            parts.push(format!(
                "{} of {} judged",
                thousands(done as u64),
                thousands(total as u64)
            ));
        }
        let rows = self.comparison.rows().len();
        if rows > 1 && !self.as_grid {
            parts.push(format!(
                "Prompt {} of {}",
                thousands(self.row as u64 + 1),
                thousands(rows as u64)
            ));
        }
        if self.is_hidden() {
            parts.push("Names are hidden until you pick the best answer".to_owned());
        }
        if !parts.is_empty() {
            ui.label(theme::small(parts.join(" · ")).color(secondary));
        }
    }

    fn notices_ui(&mut self, ui: &mut Ui) {
        if let Some(problem) = &self.problem {
            let dismissed = Alert::new(AlertKind::Error, "This table cannot be asked")
                .line(problem)
                .dismissible()
                .show(ui, |_| {});
            if dismissed {
                self.problem = None;
            }
            ui.add_space(space::XXS);
        }
        self.limit_ui(ui);
    }

    fn body(
        &mut self,
        ui: &mut Ui,
        shared: &Shared,
        wishes: &mut Vec<Wish>,
        commands: &mut Commands,
    ) {
        let is_unasked = self.comparison.rows().is_empty();
        if is_unasked && out_of_reach::ui(ui, 0.0, shared, commands) {
            return;
        }
        let is_connecting = matches!(shared.session, Load::Idle | Load::Loading(_));
        if is_connecting && self.comparison.columns().is_empty() {
            loading_state(ui, "Connecting…");
            return;
        }
        if self.comparison.columns().len() < FEWEST_COLUMNS && is_unasked {
            let text = "Two to eight models answer the same prompt side by side.";
            empty_state(ui, icons::COMPARE, "Choose models to compare", text, |ui| {
                if secondary_button(ui, icons::MODEL, "Choose a model…").clicked() {
                    commands.push(Command::Compare(CompareCommand::AddModel));
                }
            });
        }
        let room = ui.available_height();
        // With large letters, or in a low window, not all of it is in view at once.
        ScrollArea::vertical()
            .id_salt("figures and answers")
            .auto_shrink(false)
            .show(ui, |ui| {
                let top = ui.cursor().min.y;
                // From the question on, so that no answer moves when the first one is whole.
                if self.shows_figures && !self.is_hidden() && !is_unasked {
                    self.figures.ui(ui, room);
                    ui.add_space(space::S);
                }
                let left = room - (ui.cursor().min.y - top);
                ui.allocate_ui(vec2(ui.available_width(), left.max(LOWEST)), |ui| {
                    let shown = self.shown();
                    if self.as_grid && self.comparison.rows().len() > 1 {
                        grid::ui(ui, &self.comparison, &shown, &self.figures, wishes);
                    } else {
                        self.columns_ui(ui, &shown, wishes, commands);
                    }
                });
            });
    }

    fn columns_ui(
        &mut self,
        ui: &mut Ui,
        shown: &[ColumnId],
        wishes: &mut Vec<Wish>,
        commands: &mut Commands,
    ) {
        let count = shown.len().max(1);
        #[expect(clippy::cast_precision_loss, reason = "a handful of columns")]
        let share = (ui.available_width() + space::S) / count as f32 - space::S;
        // Whole points: what is rounded up would push the last one out of view.
        let width = share.floor().max(COLUMN);
        let height = ui.available_height() - space::M;
        ScrollArea::horizontal()
            .id_salt("columns")
            .auto_shrink(false)
            .show(ui, |ui| {
                ui.horizontal_top(|ui| {
                    for (place, id) in shown.iter().enumerate() {
                        ui.push_id(id.to_string(), |ui| {
                            self.column_ui(
                                ui,
                                vec2(width, height),
                                (place, count),
                                *id,
                                wishes,
                                commands,
                            );
                        });
                    }
                });
            });
    }

    fn column_ui(
        &mut self,
        ui: &mut Ui,
        size: egui::Vec2,
        (place, of): (usize, usize),
        id: ColumnId,
        wishes: &mut Vec<Wish>,
        commands: &mut Commands,
    ) {
        let is_hidden = self.is_hidden();
        let name = self.name(place, id);
        let row = self.comparison.rows().get(self.row);
        let rounds = row.map_or(0, |row| row.rounds.len());
        let missed = row.and_then(|row| row.missed.get(&id)).copied();
        let verdicts: &Verdicts = self.comparison.verdicts();
        let is_winner = rounds > 0 && verdicts.winner(self.row, rounds - 1) == Some(id);
        let (Some(column), view) = (
            self.comparison.column(id),
            self.views.entry((self.row, id)).or_default(),
        ) else {
            return;
        };
        let head = Head {
            size,
            name: &name,
            place,
            of,
            lacking: if is_hidden {
                &[]
            } else {
                self.figures.lacking(id)
            },
            strip: match self.figures.summary(id) {
                Some(summary) if row.is_some() && !is_hidden => Strip::Of(summary, &self.figures),
                _ if row.is_some() => Strip::Hidden,
                _ => Strip::Unasked,
            },
            is_running: self.calls.is_busy_in(id),
            is_winner,
            is_selected: self
                .parameters
                .as_ref()
                .is_some_and(|open| open.target == Target::Column(id)),
        };
        let standing = Place {
            row: self.row,
            column: id,
            cell: self.comparison.cell(self.row, id),
            missed: missed.unwrap_or_default(),
            verdicts,
            prices: &self.prices,
            is_hidden,
            can_pick: of > 1,
            is_busy: self.calls.is_busy_in(id),
        };
        column::ui(ui, column, &head, view, &standing, wishes, commands);
    }

    fn parameters_ui(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
        let Some(mut open) = self.parameters.take() else {
            return;
        };
        let name = match open.target {
            Target::Shared => String::new(),
            Target::Column(id) => self.figures.name(id).to_owned(),
        };
        if !open.ui(ui, &mut self.comparison, &name, shared, commands) {
            self.parameters = Some(open);
        }
    }

    fn dialogs(&mut self, ui: &mut Ui, commands: &mut Commands) {
        self.judging.ui(ui, &self.figures.summaries, commands);
        if let Some(dialog) = &mut self.difference
            && dialog.ui(ui)
        {
            self.difference = None;
        }
        if let Some(dialog) = &mut self.s3
            && dialog.ui(ui, &mut self.intake)
        {
            self.s3 = None;
        }
    }
}
