//! What is chosen in the system's menu bar, by a bar that chooses what the test says.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use bedrock_playground::ui::{
    App, AppOptions, Choice, Command, Edit, MenuBar, Row, Screen, Zoom, menus,
};
use egui::accesskit::Toggled;
use egui::{OutputCommand, ViewportCommand, ViewportId};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::support::session::embedded;
use crate::support::window::{app_options, app_window, shows, wait_for, wait_until, write};

/// A bar in which the test chooses.
#[derive(Clone, Default)]
struct TestBar {
    chosen: Arc<Mutex<VecDeque<Choice>>>,
    window_has_keyboard: Arc<Mutex<Vec<bool>>>,
}

impl TestBar {
    fn choose(&self, choice: Choice) {
        self.chosen.lock().expect("not poisoned").push_back(choice);
    }
}

impl MenuBar for TestBar {
    fn chosen(&mut self) -> Option<Choice> {
        self.chosen.lock().expect("not poisoned").pop_front()
    }

    fn follow(&mut self, window_has_keyboard: bool) {
        let mut heard = self.window_has_keyboard.lock().expect("not poisoned");
        heard.push(window_has_keyboard);
    }
}

struct Window {
    harness: Harness<'static, App>,
    bar: TestBar,
    _folder: tempfile::TempDir,
}

impl Window {
    fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let bar = TestBar::default();
        let mut harness = app_window(AppOptions {
            menu_bar: Some(Box::new(bar.clone())),
            ..app_options(embedded(), folder.path())
        });
        wait_for(&mut harness, "Model: Nova Lite");
        Self {
            harness,
            bar,
            _folder: folder,
        }
    }

    /// Chooses it, and has the frame that takes it in.
    fn choose(&mut self, choice: Choice) {
        self.bar.choose(choice);
        self.harness.step();
    }

    fn edit(&mut self, edit: Edit) {
        self.choose(Choice::Edit(edit));
    }

    fn prompt(&self) -> String {
        let prompt = self.harness.get_by_label("Prompt");
        prompt.value().unwrap_or_default()
    }

    /// What the last frame put into the clipboard.
    fn copied(&self) -> Option<String> {
        let commands = &self.harness.output().platform_output.commands;
        commands.iter().find_map(|command| match command {
            OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        })
    }

    /// What the last frame asked of the window.
    fn asked(&self) -> Vec<ViewportCommand> {
        let output = self.harness.output();
        let root = output.viewport_output.get(&ViewportId::ROOT);
        root.map(|window| window.commands.clone())
            .unwrap_or_default()
    }
}

#[test]
fn a_text_is_selected_copied_cut_and_brought_back() {
    let mut window = Window::open();
    write(&mut window.harness, "Prompt", "A lake at dusk");
    // What has stood still for a second is what a change goes back to.
    window.harness.run_steps(90);
    window.edit(Edit::SelectAll);
    window.edit(Edit::Copy);
    assert_eq!(window.copied().as_deref(), Some("A lake at dusk"));
    assert_eq!(window.prompt(), "A lake at dusk");
    window.edit(Edit::Cut);
    assert_eq!(window.copied().as_deref(), Some("A lake at dusk"));
    window.harness.step();
    assert_eq!(window.prompt(), "");
    window.edit(Edit::Undo);
    window.harness.step();
    assert_eq!(window.prompt(), "A lake at dusk");
    window.edit(Edit::Redo);
    window.harness.step();
    assert_eq!(window.prompt(), "");
    window.edit(Edit::Paste);
    assert!(window.asked().contains(&ViewportCommand::RequestPaste));
}

#[test]
fn commands_do_what_their_keys_do_and_once() {
    let mut window = Window::open();
    write(&mut window.harness, "Prompt", "Rivers");
    window.choose(Choice::Do(Command::Send));
    wait_for(&mut window.harness, "Regenerate");
    let prompts = window.harness.query_all_by_label("Regenerate");
    assert_eq!(prompts.count(), 1, "one answer was asked for");
    window.choose(Choice::Do(Command::CloseShownConversation));
    wait_until(&mut window.harness, "an empty conversation", |harness| {
        !shows(harness, "Regenerate")
    });
    window.choose(Choice::Do(Command::ShowPalette));
    wait_for(&mut window.harness, "Find an action");
}

#[test]
fn every_screen_of_the_menu_is_shown() {
    let mut window = Window::open();
    let rows = menus().into_iter().flat_map(|menu| menu.rows);
    let mut shown = 0;
    for row in rows {
        let Row::Choice(Choice::Do(Command::Show(screen))) = row else {
            continue;
        };
        window.choose(Choice::Do(Command::Show(screen)));
        window.harness.step();
        let label = screen.label();
        let mut entries = window.harness.query_all_by_label(label);
        let is_shown = entries.any(|entry| {
            let entry = entry.accesskit_node();
            entry.is_selected() == Some(true) || entry.toggled() == Some(Toggled::True)
        });
        assert!(is_shown, "{label}");
        shown += 1;
    }
    assert_eq!(shown, Screen::ALL.len());
}

#[test]
fn quitting_asks_for_the_window_to_be_closed_and_zoom_is_the_keyboards() {
    let mut window = Window::open();
    let before = window.harness.ctx.zoom_factor();
    window.choose(Choice::Zoom(Zoom::In));
    window.harness.step();
    assert!(window.harness.ctx.zoom_factor() > before);
    window.choose(Choice::Zoom(Zoom::Reset));
    window.harness.step();
    assert!((window.harness.ctx.zoom_factor() - 1.0).abs() < f32::EPSILON);
    for (zoom, end) in [(Zoom::Out, 0.5), (Zoom::In, 4.0)] {
        for _ in 0..60 {
            window.choose(Choice::Zoom(zoom));
            window.harness.step();
        }
        window.harness.step();
        let scale = window.harness.ctx.zoom_factor();
        assert!((scale - end).abs() < f32::EPSILON, "{scale}");
    }
    window.choose(Choice::Quit);
    assert!(window.asked().contains(&ViewportCommand::Close));
}

#[test]
fn the_bar_hears_when_a_file_dialog_has_the_keyboard() {
    let mut window = Window::open();
    let heard = Arc::clone(&window.bar.window_has_keyboard);
    let last = || heard.lock().expect("not poisoned").last().copied();
    assert_eq!(last(), Some(true));
    window.harness.input_mut().focused = false;
    window.harness.step();
    assert_eq!(last(), Some(false));
}
