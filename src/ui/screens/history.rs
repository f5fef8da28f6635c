//! History: every conversation that was had, found again by its words.

mod filters;
mod row;
mod selection;

use std::collections::HashSet;

use egui::{Key, KeyboardShortcut, Modifiers, Popup, ScrollArea, Ui};

use self::filters::{Filters, order_ui};
use self::selection::{Selection, same_entries};
use crate::store::{ConversationId, HistoryPage, HistoryQuery, Shelf};
use crate::ui::clock::Clock;
use crate::ui::command::HistoryCommand;
use crate::ui::icons;
use crate::ui::numbers::thousands;
use crate::ui::screens::not_kept;
use crate::ui::shared::History;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    announced, at_the_end, empty_state, link_button, loading_state, page, secondary_button,
    text_field,
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
    selection: Selection,
    moved: Option<Moved>,
}

/// What was moved last, and how that is taken back.
struct Moved {
    words: String,
    back: HistoryCommand,
}

impl Moved {
    fn ids(&self) -> &[ConversationId] {
        match &self.back {
            HistoryCommand::Restore(ids) | HistoryCommand::Archive(ids, _) => ids,
            _ => &[],
        }
    }

    /// Where a command only moves something, and says itself where it came from.
    fn by(command: &HistoryCommand) -> Option<Self> {
        let (ids, moved, back) = match command {
            HistoryCommand::Delete(ids) => (ids, "deleted", HistoryCommand::Restore(ids.clone())),
            HistoryCommand::Archive(ids, archived) => {
                let moved = if *archived {
                    "archived"
                } else {
                    "taken out of the archive"
                };
                let back = HistoryCommand::Archive(ids.clone(), !archived);
                (ids, moved, back)
            }
            _ => return None,
        };
        let words = match ids.len() {
            1 => format!("Conversation {moved}"),
            count => format!("{} conversations {moved}", thousands(count as u64)),
        };
        Some(Self { words, back })
    }
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
            selection: Selection::default(),
            moved: None,
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

    /// Ticks all that was asked for, unless something else is by now.
    pub fn select_all(&mut self, query: &HistoryQuery, ids: HashSet<ConversationId>) {
        if same_entries(query, &self.query) {
            self.selection.set(ids);
        }
    }

    /// Whether Escape closes something here.
    pub fn closes_something(&self) -> bool {
        !self.selection.is_empty()
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
        self.selection.keep_among(&self.query);
        self.keys(ui, commands);
        page(
            ui,
            "History",
            |_| {},
            |ui| {
                self.filters(ui, clock, commands);
                self.undo(ui, commands);
                ui.add_space(space::XXS);
                self.body(ui, history, clock, commands);
            },
        );
    }

    fn keys(&mut self, ui: &Ui, commands: &mut Commands) {
        let ctx = ui.ctx();
        let is_behind = ui.memory(|memory| memory.top_modal_layer().is_some());
        // What is written in has its own meaning of these, and so has a menu.
        if is_behind || ctx.text_edit_focused() || Popup::is_any_open(ctx) {
            return;
        }
        let pressed = |modifiers, key| {
            let shortcut = KeyboardShortcut::new(modifiers, key);
            ui.input_mut(|input| input.consume_shortcut(&shortcut))
        };
        if pressed(Modifiers::COMMAND, Key::A) {
            self.ask_for_all(commands);
        }
        if pressed(Modifiers::COMMAND, Key::Z) {
            self.take_back(commands);
        }
        if self.selection.is_empty() {
            return;
        }
        if pressed(Modifiers::NONE, Key::Escape) {
            self.selection.clear();
        }
        if self.query.shelf != Shelf::Trash && pressed(Modifiers::NONE, Key::Delete) {
            let ids = self.selection.ids();
            self.carry_out(HistoryCommand::Delete(ids), commands);
        }
    }

    /// Ticks all there are, of which the list may have but the first.
    fn ask_for_all(&self, commands: &mut Commands) {
        if self.page.as_ref().is_some_and(|page| !page.rows.is_empty()) {
            let query = Box::new(self.query.clone());
            commands.push(Command::History(HistoryCommand::SelectAll(query)));
        }
    }

    /// Does something of which the list looks otherwise afterwards.
    fn carry_out(&mut self, command: HistoryCommand, commands: &mut Commands) {
        if let Some(moved) = Moved::by(&command) {
            self.selection.forget(moved.ids());
            self.moved = Some(moved);
        }
        commands.push(Command::History(command));
    }

    fn take_back(&mut self, commands: &mut Commands) {
        if let Some(moved) = self.moved.take() {
            commands.push(Command::History(moved.back));
        }
    }

    fn filters(&mut self, ui: &mut Ui, clock: &Clock, commands: &mut Commands) {
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
        if self.selection.is_empty() {
            ui.horizontal(|ui| {
                ui.set_max_width(ui.available_width() - space::M);
                self.filters.toggle_ui(ui);
                at_the_end(ui, "order of the history", |ui| {
                    if order_ui(ui, &mut self.query.order) {
                        self.query.limit = PAGE;
                    }
                });
            });
        } else {
            self.selection_ui(ui, commands);
        }
        self.filters.fields_ui(ui, clock, &mut self.query);
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

    /// What can be done with all that are ticked; as high as what stands in its place otherwise, so that the
    /// list stays where it is.
    fn selection_ui(&mut self, ui: &mut Ui, commands: &mut Commands) {
        let mut wanted = None;
        let mut is_over = false;
        ui.horizontal(|ui| {
            ui.set_min_height(size::CONTROL);
            let count = thousands(self.selection.len() as u64);
            let count = ui.label(theme::strong(format!("{count} selected")));
            announced(&count, false);
            if link_button(ui, "Select all").clicked() {
                self.ask_for_all(commands);
            }
            let ids = || self.selection.ids();
            if self.query.shelf == Shelf::Trash {
                if link_button(ui, "Restore").clicked() {
                    wanted = Some(HistoryCommand::Restore(ids()));
                    is_over = true;
                }
            } else {
                let is_archive = self.query.shelf == Shelf::Archive;
                let archive = if is_archive {
                    "Take out of the archive"
                } else {
                    "Move to the archive"
                };
                if link_button(ui, archive).clicked() {
                    wanted = Some(HistoryCommand::Archive(ids(), !is_archive));
                }
                if link_button(ui, "Delete").clicked() {
                    wanted = Some(HistoryCommand::Delete(ids()));
                }
            }
            if link_button(ui, "Select none").clicked() {
                is_over = true;
            }
        });
        if let Some(command) = wanted {
            self.carry_out(command, commands);
        }
        if is_over {
            self.selection.clear();
        }
    }

    fn undo(&mut self, ui: &mut Ui, commands: &mut Commands) {
        let Some(moved) = &self.moved else { return };
        let mut is_wanted_back = false;
        ui.horizontal(|ui| {
            let words = theme::small(&moved.words).color(palette(ui).text_secondary);
            announced(&ui.label(words), false);
            is_wanted_back = link_button(ui, "Undo").clicked();
        });
        if is_wanted_back {
            self.take_back(commands);
        }
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
                        order: self.query.order,
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
        self.list(ui, clock, commands);
    }

    fn list(&mut self, ui: &mut Ui, clock: &Clock, commands: &mut Commands) {
        let Some(page) = &self.page else { return };
        let mut more = false;
        let mut wanted = None;
        let height = row::height(page.rows.iter().any(|row| row.snippet.is_some()));
        ScrollArea::vertical()
            .id_salt("history")
            .auto_shrink(false)
            .show_rows(ui, height, page.rows.len(), |ui, shown| {
                let last = shown.end == page.rows.len();
                for summary in &page.rows[shown] {
                    let ticked = row::Ticked {
                        is_on: self.selection.contains(summary.id),
                        shows_box: !self.selection.is_empty(),
                    };
                    let editing = &mut self.editing;
                    let wish = row::ui(ui, summary, height, clock, ticked, editing);
                    wanted = wish.or(wanted.take());
                }
                more = last && page.more;
            });
        match wanted {
            Some(row::Wish::Do(command)) => self.carry_out(command, commands),
            Some(row::Wish::Tag(tag)) => self.query.tag = Some(tag),
            Some(row::Wish::Toggle(id)) => self.selection.toggle(id),
            Some(row::Wish::SelectTo(id)) => {
                if let Some(page) = &self.page {
                    self.selection.extend_to(id, &page.rows);
                }
            }
            None => {}
        }
        // The next rows are fetched before the person asks for them.
        if more && self.asked.as_ref() == Some(&self.query) {
            self.query.limit += PAGE;
        }
    }
}
