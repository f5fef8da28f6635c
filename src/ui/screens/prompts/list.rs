//! The list on the left: own prompts and those to begin with, found by words and tags.

use egui::{Button, ScrollArea, Ui, vec2};

use super::PromptsCommand;
use super::library::{Library, Which};
use crate::prompts::{Form, SavedPrompt, starters};
use crate::store::StoredPrompt;
use crate::ui::icons;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    Entry, LIBRARY_WIDTH, accessible_name, combo_box, library_entry, menu_button, menu_item,
    primary_button, text_field,
};
use crate::ui::{Command, Commands};

/// What is looked for.
#[derive(Default)]
pub struct ListView {
    search: String,
    tag: Option<String>,
}

impl ListView {
    /// Draws the list; what was chosen. Those that run are marked.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        library: &Library,
        open: Option<Which>,
        running: &[Which],
        commands: &mut Commands,
    ) -> Option<Which> {
        ui.horizontal(|ui| {
            if primary_button(ui, true, icons::ADD, "New prompt").clicked() {
                commands.push(Command::Prompts(PromptsCommand::New));
            }
            more_menu(ui, commands);
        });
        ui.add_space(space::XS);
        ui.scope(|ui| {
            ui.set_max_width(LIBRARY_WIDTH - 24.0);
            text_field(ui, "Search the prompts", "Search", &mut self.search);
        });
        self.tag_ui(ui, library);
        ui.add_space(space::XS);
        let mut chosen = None;
        ScrollArea::vertical()
            .id_salt("prompts")
            .auto_shrink(false)
            .show(ui, |ui| {
                ui.set_width(ui.available_width() - space::S);
                chosen = self.rows(ui, library, open, running);
            });
        chosen
    }

    fn tag_ui(&mut self, ui: &mut Ui, library: &Library) {
        ui.add_space(space::XXS);
        let shown = self.tag.clone().unwrap_or_else(|| "All tags".to_owned());
        let combo = combo_box("prompt tag")
            .width(LIBRARY_WIDTH - 24.0)
            .selected_text(shown)
            .show_ui(ui, |ui| {
                ui.selectable_value(&mut self.tag, None, "All tags");
                for tag in library.tags() {
                    ui.selectable_value(&mut self.tag, Some(tag.clone()), tag);
                }
            });
        accessible_name(&combo.response, "Tag");
    }

    fn rows(
        &self,
        ui: &mut Ui,
        library: &Library,
        open: Option<Which>,
        running: &[Which],
    ) -> Option<Which> {
        let fits = |prompt: &SavedPrompt| {
            prompt.has_words(&self.search)
                && self
                    .tag
                    .as_ref()
                    .is_none_or(|tag| prompt.tags.contains(tag))
        };
        let mut own: Vec<&StoredPrompt> = library
            .all()
            .iter()
            .filter(|stored| fits(&stored.prompt))
            .collect();
        own.sort_by_cached_key(|stored| stored.prompt.name.to_lowercase());
        let mut chosen = None;
        let mut row = |ui: &mut Ui, which: Which, name: &str, hint: &str| {
            let selected = open == Some(which);
            let state = Entry {
                selected,
                running: running.contains(&which),
            };
            let response = library_entry(ui, "prompt", name, state);
            let response = if hint.is_empty() {
                response
            } else {
                response.on_hover_text(hint)
            };
            if response.clicked() {
                chosen = Some(which);
            }
        };
        heading(ui, "Mine");
        if own.is_empty() {
            let words = if library.all().is_empty() {
                "None yet"
            } else {
                "Nothing found"
            };
            ui.label(theme::small(words).color(palette(ui).text_secondary));
        }
        for stored in own {
            let prompt = &stored.prompt;
            let name = if prompt.name.trim().is_empty() {
                "Without a name"
            } else {
                &prompt.name
            };
            row(ui, Which::Own(stored.id), name, &prompt.description);
        }
        ui.add_space(space::S);
        heading(ui, "To begin with");
        for (at, starter) in starters().iter().enumerate() {
            if fits(&starter.prompt()) {
                row(ui, Which::Starter(at), starter.name, starter.description);
            }
        }
        chosen
    }
}

fn heading(ui: &mut Ui, text: &str) {
    ui.label(theme::small(text).color(palette(ui).text_secondary));
}

fn more_menu(ui: &mut Ui, commands: &mut Commands) {
    let button = Button::new(icons::atom(icons::MORE)).min_size(vec2(size::CONTROL, size::CONTROL));
    menu_button(ui, button, "Library menu", 250.0, |ui| {
        let mut wish = |command| commands.push(Command::Prompts(command));
        if menu_item(ui, "Import prompts…") {
            wish(PromptsCommand::Import);
        }
        let forms = [
            ("Export my prompts…", Form::Own),
            ("Export my prompts for Bedrock…", Form::Bedrock),
        ];
        for (label, form) in forms {
            if menu_item(ui, label) {
                wish(PromptsCommand::Export { all: true, form });
            }
        }
    });
}
