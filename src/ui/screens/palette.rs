//! The command palette: every action by its name, found by typing.

use egui::{Button, Key, Modifiers, ScrollArea, ThemePreference, Ui, vec2};

use crate::ui::Commands;
use crate::ui::command::{AltTextCommand, Command, ExportFormat, Screen};
use crate::ui::screens::compare::CompareCommand;
use crate::ui::screens::prompts::PromptsCommand;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{PaneStep, modal, text_field};

const WIDTH: f32 = 520.0;
const HEIGHT: f32 = 380.0;
const MARGIN: i8 = 12;

/// The open palette.
#[derive(Default)]
pub struct CommandPalette {
    search: String,
    selected: usize,
}

impl CommandPalette {
    /// Draws it; true when it is done with.
    pub fn ui(&mut self, ui: &mut Ui, shared: &Shared, commands: &mut Commands) -> bool {
        let mut chosen = None;
        let left = modal(ui, "command palette", WIDTH, MARGIN, |ui| {
            let down = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::ArrowDown));
            let up = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::ArrowUp));
            let enter = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter));
            let field = text_field(ui, "Find an action", "Type what to do", &mut self.search);
            field.request_focus();
            if field.changed() {
                self.selected = 0;
            }
            let found = matching(&self.search, shared);
            if down {
                self.selected += 1;
            }
            if up {
                self.selected = self.selected.saturating_sub(1);
            }
            self.selected = self.selected.min(found.len().saturating_sub(1));
            ui.add_space(space::XXS);
            ScrollArea::vertical()
                .max_height(HEIGHT)
                .auto_shrink([false, true])
                .show(ui, |ui| {
                    if found.is_empty() {
                        ui.label("No action is called that");
                    }
                    for (index, (label, command)) in found.into_iter().enumerate() {
                        let selected = index == self.selected;
                        let row = entry(ui, label, &command, selected);
                        if selected && (down || up) {
                            row.scroll_to_me(None);
                        }
                        if row.clicked() || (enter && selected) {
                            chosen = Some(command);
                        }
                    }
                });
        });
        let done = chosen.is_some() || left;
        if let Some(command) = chosen {
            commands.push(command);
        }
        done
    }
}

fn entry(ui: &mut Ui, label: &str, command: &Command, selected: bool) -> egui::Response {
    let shortcut = command
        .shortcut()
        .map(|shortcut| ui.ctx().format_shortcut(&shortcut))
        .unwrap_or_default();
    let secondary = palette(ui).text_secondary;
    let button = Button::new((
        egui::RichText::new(label),
        egui::Atom::grow(),
        theme::small(shortcut).color(secondary),
    ))
    .selected(selected)
    .frame_when_inactive(selected)
    .min_size(vec2(ui.available_width(), size::CONTROL));
    let response = ui.add(button);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, selected, label));
    response
}

/// Actions whose name has every word that was typed. Screens come first: a place is always there, while other
/// actions may need something.
fn matching(search: &str, shared: &Shared) -> Vec<(&'static str, Command)> {
    let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
    let mut found: Vec<(&'static str, Command)> = actions(shared)
        .into_iter()
        .filter(|(label, _)| {
            let label = label.to_lowercase();
            words.iter().all(|word| label.contains(word))
        })
        .collect();
    if !words.is_empty() {
        found.sort_by_key(|(_, command)| !matches!(command, Command::Show(_)));
    }
    found
}

/// What an action is called.
pub fn name_of(command: &Command) -> Option<&'static str> {
    let mut actions = everywhere().into_iter();
    actions.find_map(|(name, action)| (action == *command).then_some(name))
}

fn actions(shared: &Shared) -> Vec<(&'static str, Command)> {
    let mut actions = everywhere();
    if shared.is_embedded() {
        actions.push(("Faults on request…", Command::ShowFaults));
    }
    actions
}

/// What can be done with images that get texts.
fn in_alt_text() -> Vec<(&'static str, Command)> {
    vec![
        (
            "Add a folder of images to the alt text…",
            Command::AltText(AltTextCommand::PickFolder),
        ),
        (
            "Add the images of a web page to the alt text…",
            Command::AltText(AltTextCommand::AskForPage),
        ),
        (
            "Write alt text for every image that waits",
            Command::AltText(AltTextCommand::Start),
        ),
        (
            "Ask again about images that failed",
            Command::AltText(AltTextCommand::RetryFailed),
        ),
        (
            "Pause the alt text",
            Command::AltText(AltTextCommand::Pause),
        ),
    ]
}

/// What can be done on any connection.
fn everywhere() -> Vec<(&'static str, Command)> {
    let mut actions = of_the_window();
    actions.extend(in_alt_text());
    actions
}

fn of_the_window() -> Vec<(&'static str, Command)> {
    vec![
        ("New conversation", Command::NewConversation),
        ("Next conversation", Command::NextConversation),
        ("Previous conversation", Command::PreviousConversation),
        ("Close the conversation", Command::CloseShownConversation),
        ("Choose a model…", Command::ChooseModel),
        ("Write in the prompt", Command::FocusComposer),
        ("Attach files…", Command::PickFiles),
        ("Attach a file in S3…", Command::ShowS3),
        ("Paste", Command::Paste),
        ("Run the prompt", Command::Send),
        (
            "Write alt text for the attached images",
            Command::WriteAltText,
        ),
        ("Stop the answer", Command::Stop),
        ("Regenerate the last answer", Command::Regenerate),
        ("Find in the conversation", Command::Find),
        ("Edit the last prompt", Command::EditLastPrompt),
        (
            "View the request that the chat would send",
            Command::ViewRequest,
        ),
        ("View request and response", Command::ViewLastExchange),
        (
            "Export the conversation as JSON…",
            Command::Export(ExportFormat::Json),
        ),
        (
            "Export the conversation as Markdown…",
            Command::Export(ExportFormat::Markdown),
        ),
        (
            "Export the conversation as HTML…",
            Command::Export(ExportFormat::Html),
        ),
        ("Import a conversation…", Command::Import),
        ("Go to the chat playground", Command::Show(Screen::Chat)),
        ("Go to alt text", Command::Show(Screen::AltText)),
        ("Compare models", Command::Show(Screen::Compare)),
        ("Go to images", Command::Show(Screen::Images)),
        ("Go to videos", Command::Show(Screen::Videos)),
        ("Go to embeddings", Command::Show(Screen::Embeddings)),
        (
            "Compare models on what is in the prompt",
            Command::Compare(CompareCommand::Bring),
        ),
        (
            "Go to the model catalog",
            Command::Show(Screen::ModelCatalog),
        ),
        ("Go to the prompts", Command::Show(Screen::Prompts)),
        ("Go to the guardrails", Command::Show(Screen::Guardrails)),
        ("New prompt", Command::Prompts(PromptsCommand::New)),
        (
            "Save what is being written as a prompt",
            Command::Prompts(PromptsCommand::SaveFromChat),
        ),
        ("Import prompts…", Command::Prompts(PromptsCommand::Import)),
        ("Go to the settings", Command::Show(Screen::Settings)),
        ("Go to the next pane", Command::GoToPane(PaneStep::Next)),
        (
            "Go to the pane before",
            Command::GoToPane(PaneStep::Previous),
        ),
        ("Help: the guide", Command::ShowHelp),
        ("Welcome…", Command::ShowWelcome),
        ("Write alt text for sample photographs", Command::TrySamples),
        ("Go to the history", Command::Show(Screen::History)),
        ("Go to the usage", Command::Show(Screen::Usage)),
        ("Change the connection…", Command::ShowConnection),
        ("Connect again", Command::Reconnect),
        ("Fetch the models again", Command::ReloadCatalog),
        ("Fetch the guardrails again", Command::LoadGuardrails),
        ("Light theme", Command::SetTheme(ThemePreference::Light)),
        ("Dark theme", Command::SetTheme(ThemePreference::Dark)),
        (
            "Theme as the system has it",
            Command::SetTheme(ThemePreference::System),
        ),
        ("Developer: frame times", Command::ToggleFrameTimes),
        ("Developer: save a trace of frames…", Command::SaveTrace),
    ]
}

#[cfg(test)]
mod tests {
    use super::{Command, Screen, everywhere};

    #[test]
    fn every_screen_is_found_by_typing() {
        for screen in Screen::ALL {
            let leads_there =
                |command: &Command| matches!(command, Command::Show(shown) if *shown == screen);
            assert!(
                everywhere().iter().any(|(_, command)| leads_there(command)),
                "{}",
                screen.label()
            );
        }
    }

    #[test]
    fn no_two_actions_have_one_name() {
        let mut names: Vec<_> = everywhere().into_iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
