//! What can be chosen in a menu: its name, its keys, and what it does to the text that is being written.

use egui::gui_zoom::kb_shortcuts;
use egui::{Context, Event, Key, KeyboardShortcut, Modifiers, ViewportCommand, gui_zoom};

use crate::ui::command::{Command, Screen};
use crate::ui::screens::palette;

const UNDO: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::Z);
const REDO: KeyboardShortcut =
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::Z);
const CUT: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::X);
const COPY: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::C);
const PASTE: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::V);
const SELECT_ALL: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::A);
const QUIT: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::Q);

/// Something that this program does when it is chosen.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// Carries a command out.
    Do(Command),
    /// Edits the text that has the focus.
    Edit(Edit),
    /// Makes everything larger or smaller.
    Zoom(Zoom),
    /// Closes the window, which asks first while work is under way; the system's own way asks nobody.
    Quit,
}

impl Choice {
    /// Its name in the menu.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Do(Command::Show(Screen::Settings)) => "Settings…",
            Self::Do(Command::Show(screen)) => screen.label(),
            Self::Do(Command::ShowPalette) => "Find an action…",
            Self::Do(command) => palette::name_of(command).unwrap_or_default(),
            Self::Edit(edit) => edit.label(),
            Self::Zoom(zoom) => zoom.label(),
            Self::Quit => "Quit Bedrock Playground",
        }
    }

    /// The keys that choose it. They do not reach the window where a menu takes them.
    #[must_use]
    pub fn shortcut(&self) -> Option<KeyboardShortcut> {
        match self {
            // The same key closes dialogs and ends what an input method composes: it stays the window's.
            Self::Do(Command::Stop) => None,
            Self::Do(command) => command.shortcut(),
            Self::Edit(edit) => Some(edit.shortcut()),
            Self::Zoom(zoom) => Some(zoom.shortcut()),
            Self::Quit => Some(QUIT),
        }
    }
}

/// What is done with a text.
///
/// The system's own entries of these names tell the view that has the focus, and winit's view
/// knows none of them; but their keys would be gone. So they are ours, and put into the input what the keys
/// would have put there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Takes the last change back.
    Undo,
    /// Makes it again.
    Redo,
    /// Moves the selection to the clipboard.
    Cut,
    /// Copies the selection.
    Copy,
    /// Puts in what the clipboard holds.
    Paste,
    /// Selects the whole text.
    SelectAll,
}

impl Edit {
    fn label(self) -> &'static str {
        match self {
            Self::Undo => "Undo",
            Self::Redo => "Redo",
            Self::Cut => "Cut",
            Self::Copy => "Copy",
            Self::Paste => "Paste",
            Self::SelectAll => "Select All",
        }
    }

    fn shortcut(self) -> KeyboardShortcut {
        match self {
            Self::Undo => UNDO,
            Self::Redo => REDO,
            Self::Cut => CUT,
            Self::Copy => COPY,
            Self::Paste => PASTE,
            Self::SelectAll => SELECT_ALL,
        }
    }

    /// Lets this frame's input have it.
    pub(in crate::ui) fn apply(self, ctx: &Context) {
        let event = match self {
            Self::Cut => Event::Cut,
            Self::Copy => Event::Copy,
            // Whoever keeps the clipboard knows whether it holds an image.
            Self::Paste => return ctx.send_viewport_cmd(ViewportCommand::RequestPaste),
            Self::Undo | Self::Redo | Self::SelectAll => pressed(self.shortcut()),
        };
        ctx.input_mut(|input| input.events.push(event));
    }
}

/// As if it were typed.
fn pressed(shortcut: KeyboardShortcut) -> Event {
    Event::Key {
        key: shortcut.logical_key,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: shortcut.modifiers,
    }
}

/// How large everything is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zoom {
    /// Larger.
    In,
    /// Smaller.
    Out,
    /// As the system has it.
    Reset,
}

impl Zoom {
    /// Every step.
    pub const ALL: [Self; 3] = [Self::In, Self::Out, Self::Reset];

    fn label(self) -> &'static str {
        match self {
            Self::In => "Larger",
            Self::Out => "Smaller",
            Self::Reset => "Actual Size",
        }
    }

    /// egui's own, which it still takes where there is no menu.
    fn shortcut(self) -> KeyboardShortcut {
        match self {
            Self::In => kb_shortcuts::ZOOM_IN,
            Self::Out => kb_shortcuts::ZOOM_OUT,
            Self::Reset => kb_shortcuts::ZOOM_RESET,
        }
    }

    pub(in crate::ui) fn apply(self, ctx: &Context) {
        match self {
            Self::In => gui_zoom::zoom_in(ctx),
            Self::Out => gui_zoom::zoom_out(ctx),
            Self::Reset => ctx.set_zoom_factor(1.0),
        }
    }
}
