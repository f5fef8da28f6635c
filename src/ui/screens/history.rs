//! History: every conversation that was had, found again by its words.

mod filters;
mod row;

use egui::{ScrollArea, Ui};

use self::filters::Filters;
use crate::store::{ConversationId, HistoryPage, HistoryQuery, Shelf};
use crate::ui::clock::Clock;
use crate::ui::command::HistoryCommand;
use crate::ui::icons;
use crate::ui::screens::not_kept;
use crate::ui::shared::History;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{
    empty_state, link_button, loading_state, page, secondary_button, text_field,
};
use crate::ui::{Command, Commands, Screen};

/// Rows fetched at first, and more each time.
const PAGE: usize = 60;

/// The history's own state.
pub struct HistoryScreen {
    query: HistoryQuery,
    asked: Option<HistoryQuery>,
    page: Option<HistoryPage>,
    problem: Option<String>,
    editing: Option<row::Editing>,
    filters: Filters,
    deleted: Option<ConversationId>,
}

impl Default for HistoryScreen {
    fn default() -> Self {
        Self {
            query: HistoryQuery {
                limit: PAGE,
                ..HistoryQuery::default()
            },
            asked: None,
            page: None,
            problem: None,
            editing: None,
            filters: Filters::default(),
            deleted: None,
        }
    }
}

impl HistoryScreen {
    /// Fetches the list again when it is next looked at.
    pub fn refresh(&mut self) {
        self.asked = None;
        self.problem = None;
    }

    /// What was asked for.
    pub fn show_page(&mut self, page: HistoryPage) {
        self.page = Some(page);
    }

    /// There is no history to look at.
    pub fn unavailable(&mut self, problem: String) {
        self.problem = Some(problem);
    }

    /// Draws the screen.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        history: History<'_>,
        clock: &Clock,
        commands: &mut Commands,
    ) {
        if history == History::Open && self.asked.as_ref() != Some(&self.query) {
            self.asked = Some(self.query.clone());
            let query = Box::new(self.query.clone());
            commands.push(Command::History(HistoryCommand::List(query)));
        }
        page(
            ui,
            "History",
            |_| {},
            |ui| {
                self.filters(ui, clock);
                self.undo(ui, commands);
                ui.add_space(space::XXS);
                self.body(ui, history, clock, commands);
            },
        );
    }

    fn filters(&mut self, ui: &mut Ui, clock: &Clock) {
        ui.horizontal(|ui| {
            ui.scope(|ui| {
                ui.set_width((ui.available_width() - 300.0).clamp(200.0, 520.0));
                let changed = text_field(
                    ui,
                    "Search the history",
                    "Words of titles, prompts and answers",
                    &mut self.query.text,
                )
                .changed();
                if changed {
                    self.query.limit = PAGE;
                }
            });
            for (shelf, label) in [
                (Shelf::Current, "Current"),
                (Shelf::Archive, "Archive"),
                (Shelf::Trash, "Deleted"),
            ] {
                if ui
                    .selectable_value(&mut self.query.shelf, shelf, label)
                    .clicked()
                {
                    self.query.limit = PAGE;
                }
            }
        });
        self.filters.ui(ui, clock, &mut self.query);
        let tag = self.query.tag.clone();
        if let Some(tag) = tag {
            ui.horizontal(|ui| {
                ui.label(theme::small(format!("Tagged {tag}")));
                if link_button(ui, "Any tag").clicked() {
                    self.query.tag = None;
                }
            });
        }
    }

    fn undo(&mut self, ui: &mut Ui, commands: &mut Commands) {
        let Some(id) = self.deleted else { return };
        ui.horizontal(|ui| {
            ui.label(theme::small("Conversation deleted").color(palette(ui).text_secondary));
            if link_button(ui, "Undo").clicked() {
                commands.push(Command::History(HistoryCommand::Restore(id)));
                self.deleted = None;
            }
        });
    }

    fn body(&mut self, ui: &mut Ui, history: History<'_>, clock: &Clock, commands: &mut Commands) {
        let history = history.asked(self.problem.as_deref());
        if history.is_obstacle() {
            let again = ui.scope(|ui| {
                ui.set_max_width(ui.available_width() - space::M);
                not_kept::ui(ui, history, "The history cannot be shown", commands)
            });
            if again.inner {
                self.refresh();
            }
            return;
        }
        let Some(page) = &self.page else {
            loading_state(ui, "Opening the history…");
            return;
        };
        if page.rows.is_empty() {
            if self.query.narrows() {
                let mut clear = false;
                empty_state(
                    ui,
                    icons::SEARCH,
                    "Nothing found",
                    "Nothing that is kept here has all of these words and fits the filters.",
                    |ui| clear = secondary_button(ui, icons::CLEAR, "Show everything").clicked(),
                );
                if clear {
                    self.query = HistoryQuery {
                        shelf: self.query.shelf,
                        limit: PAGE,
                        ..HistoryQuery::default()
                    };
                    self.filters = Filters::default();
                }
            } else {
                let text = match self.query.shelf {
                    Shelf::Archive => "What you archive is kept here, out of the way.",
                    Shelf::Trash => "What you delete waits here until it is purged.",
                    Shelf::Current | Shelf::All => {
                        "Every conversation is kept from its first word on. Have one, and find it here."
                    }
                };
                empty_state(ui, icons::HISTORY, "Nothing here yet", text, |ui| {
                    if secondary_button(ui, icons::CHAT, "Go to the chat playground").clicked() {
                        commands.push(Command::Show(Screen::Chat));
                    }
                });
            }
            return;
        }
        let mut more = false;
        let height = row::height(page.rows.iter().any(|row| row.snippet.is_some()));
        ScrollArea::vertical()
            .id_salt("history")
            .auto_shrink(false)
            .show_rows(ui, height, page.rows.len(), |ui, shown| {
                let last = shown.end == page.rows.len();
                for summary in &page.rows[shown] {
                    let editing = &mut self.editing;
                    match row::ui(ui, summary, height, clock, editing) {
                        Some(row::Wish::Do(command)) => {
                            if let HistoryCommand::Delete(id) = command {
                                self.deleted = Some(id);
                            }
                            commands.push(Command::History(command));
                        }
                        Some(row::Wish::Tag(tag)) => self.query.tag = Some(tag),
                        None => {}
                    }
                }
                more = last && page.more;
            });
        // The next rows are fetched before the person asks for them.
        if more && self.asked.as_ref() == Some(&self.query) {
            self.query.limit += PAGE;
        }
    }
}
