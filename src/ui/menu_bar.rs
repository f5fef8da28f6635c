//! The menu bar, where a system has one: its menus as plain data, and what choosing an entry asks for.
//!
//! Entries are commands; their names are those of the command palette and their keys those of
//! [`Command::shortcut`], so that nothing is named or bound twice. How a system draws a menu bar it must
//! not know: that is in `menu_bar/`. Windows and Linux have none here, the palette serves there.

mod choice;
#[cfg(target_os = "macos")]
mod macos;

pub use choice::{Choice, Edit, Zoom};
#[cfg(target_os = "macos")]
pub use macos::SystemMenuBar;

use egui::ThemePreference;

use super::NAME;
use super::command::{Command, ExportFormat, Screen};
use super::screens::navigation;
use super::widgets::PaneStep;

/// A menu bar that the system draws outside the window.
pub trait MenuBar {
    /// Takes what a person chose longest ago. Called on the UI thread; must not wait.
    fn chosen(&mut self) -> Option<Choice>;

    /// Hears in every frame whether the keyboard is the window's, rather than a file dialog's or another
    /// program's.
    fn follow(&mut self, window_has_keyboard: bool);
}

/// One menu.
#[derive(Clone, Debug, PartialEq)]
pub struct Menu {
    /// Its name in the bar.
    pub title: &'static str,
    /// What is in it, from the top.
    pub rows: Vec<Row>,
}

/// One row of a menu.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// Something that this program does.
    Choice(Choice),
    /// Something that the system does by itself.
    System(System),
    /// A line between groups.
    Line,
}

/// What a system does with a program and its windows, without asking it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Tells which program and version this is.
    About,
    /// What other programs offer.
    Services,
    /// Hides the program.
    Hide,
    /// Hides all others.
    HideOthers,
    /// Shows the hidden again.
    ShowAll,
    /// Puts the window into the dock.
    Minimize,
    /// Makes the window as large as its content, or as it was.
    ResizeWindow,
    /// Gives the window the whole screen, or takes it back.
    FullScreen,
    /// Brings the windows before those of others.
    BringAllToFront,
}

/// The menus from left to right. The first is the program's own, the last but one is about windows, the
/// last is for help.
#[must_use]
pub fn menus() -> Vec<Menu> {
    vec![
        program(),
        file(),
        edit(),
        view(),
        conversation(),
        Menu {
            title: "Window",
            rows: vec![
                Row::System(System::Minimize),
                Row::System(System::ResizeWindow),
                Row::Line,
                Row::System(System::BringAllToFront),
            ],
        },
        menu(
            "Help",
            [vec![
                Command::ShowHelp,
                Command::ShowWelcome,
                Command::TrySamples,
            ]],
        ),
    ]
}

/// A menu of commands, in groups.
fn menu(title: &'static str, groups: impl IntoIterator<Item = Vec<Command>>) -> Menu {
    let groups = groups.into_iter();
    let groups = groups.map(|group| group.into_iter().map(Choice::Do));
    Menu {
        title,
        rows: with_lines(groups.map(|group| group.map(Row::Choice).collect())),
    }
}

fn with_lines(groups: impl IntoIterator<Item = Vec<Row>>) -> Vec<Row> {
    let groups: Vec<_> = groups.into_iter().collect();
    groups.join(&Row::Line)
}

fn program() -> Menu {
    let settings = Choice::Do(Command::Show(Screen::Settings));
    let connection = Choice::Do(Command::ShowConnection);
    Menu {
        title: NAME,
        rows: with_lines([
            vec![Row::System(System::About)],
            vec![Row::Choice(settings), Row::Choice(connection)],
            vec![Row::System(System::Services)],
            vec![
                Row::System(System::Hide),
                Row::System(System::HideOthers),
                Row::System(System::ShowAll),
            ],
            vec![Row::Choice(Choice::Quit)],
        ]),
    }
}

fn file() -> Menu {
    let exports = ExportFormat::ALL.map(Command::Export);
    menu(
        "File",
        [
            vec![Command::NewConversation],
            vec![Command::PickFiles, Command::ShowS3],
            [vec![Command::Import], exports.to_vec()].concat(),
            vec![Command::CloseShownConversation],
        ],
    )
}

fn edit() -> Menu {
    let rows = |edits: &[Edit]| {
        let edits = edits.iter().copied().map(Choice::Edit);
        edits.map(Row::Choice).collect()
    };
    Menu {
        title: "Edit",
        rows: with_lines([
            rows(&[Edit::Undo, Edit::Redo]),
            rows(&[Edit::Cut, Edit::Copy, Edit::Paste, Edit::SelectAll]),
        ]),
    }
}

fn view() -> Menu {
    let palette = [
        Command::ShowPalette,
        Command::GoToPane(PaneStep::Next),
        Command::GoToPane(PaneStep::Previous),
    ];
    let palette = palette.map(|command| Row::Choice(Choice::Do(command)));
    let screens = navigation::groups().map(|screens| {
        // The settings are where people look for them: in the program's own menu.
        let screens = screens.filter(|screen| *screen != Screen::Settings);
        screens
            .map(|screen| Row::Choice(Choice::Do(Command::Show(screen))))
            .collect()
    });
    let themes = [
        ThemePreference::Light,
        ThemePreference::Dark,
        ThemePreference::System,
    ];
    let themes = themes.map(|theme| Row::Choice(Choice::Do(Command::SetTheme(theme))));
    let zoom = Zoom::ALL.map(|zoom| Row::Choice(Choice::Zoom(zoom)));
    let others = [
        themes.to_vec(),
        zoom.to_vec(),
        vec![Row::System(System::FullScreen)],
    ];
    Menu {
        title: "View",
        rows: with_lines([palette.to_vec()].into_iter().chain(screens).chain(others)),
    }
}

fn conversation() -> Menu {
    menu(
        "Conversation",
        [
            vec![
                Command::FocusComposer,
                Command::Send,
                Command::WriteAltText,
                Command::Stop,
            ],
            vec![
                Command::Find,
                Command::Regenerate,
                Command::EditLastPrompt,
                Command::ViewRequest,
                Command::ViewLastExchange,
            ],
            vec![Command::ChooseModel],
            vec![Command::NextConversation, Command::PreviousConversation],
        ],
    )
}

#[cfg(test)]
mod tests {
    use egui::KeyboardShortcut;

    use super::*;

    fn choices() -> Vec<Choice> {
        let rows = menus().into_iter().flat_map(|menu| menu.rows);
        rows.filter_map(|row| match row {
            Row::Choice(choice) => Some(choice),
            Row::System(_) | Row::Line => None,
        })
        .collect()
    }

    #[test]
    fn no_two_entries_have_one_shortcut() {
        let with_keys: Vec<(String, KeyboardShortcut)> = choices()
            .into_iter()
            .filter_map(|choice| Some((choice.label().to_owned(), choice.shortcut()?)))
            .collect();
        for (index, (label, keys)) in with_keys.iter().enumerate() {
            for (other, others_keys) in &with_keys[..index] {
                assert_ne!(keys, others_keys, "{label} and {other}");
            }
        }
    }

    #[test]
    fn no_two_entries_of_a_menu_have_one_name_and_none_is_nameless() {
        for menu in menus() {
            let mut labels: Vec<_> = menu
                .rows
                .iter()
                .filter_map(|row| match row {
                    Row::Choice(choice) => Some(choice.label()),
                    Row::System(_) | Row::Line => None,
                })
                .collect();
            assert!(labels.iter().all(|label| !label.is_empty()), "{labels:?}");
            let count = labels.len();
            labels.sort_unstable();
            labels.dedup();
            assert_eq!(labels.len(), count, "{}", menu.title);
        }
    }

    #[test]
    fn every_shortcut_is_seen_but_the_key_that_closes_what_is_open() {
        for command in Command::WITH_SHORTCUT {
            let choice = Choice::Do(command.clone());
            assert!(choices().contains(&choice), "{command:?} is in no menu");
            match command {
                Command::Stop => assert_eq!(choice.shortcut(), None),
                _ => assert_eq!(choice.shortcut(), command.shortcut(), "{command:?}"),
            }
        }
    }

    #[test]
    fn every_screen_is_in_a_menu_once() {
        for screen in Screen::ALL {
            let choice = Choice::Do(Command::Show(screen));
            let found = choices().into_iter().filter(|other| *other == choice);
            assert_eq!(found.count(), 1, "{}", screen.label());
        }
    }

    #[test]
    fn lines_stand_between_rows_only() {
        for menu in menus() {
            let lines = menu.rows.split(|row| *row == Row::Line);
            assert!(lines.into_iter().all(|group| !group.is_empty()));
        }
    }
}
