//! The menus in the bar of macOS.
//!
//! A menu's keys are taken before the window hears of them, so what is chosen by keys comes here once,
//! like what is chosen with the pointer, and never to egui as well.
//!
//! The keys of one program are all of its windows': also of the file dialogs, which belong to the system
//! and expect the system's own Cut, Copy and Paste. So there are two bars, alike to look at: while the
//! keyboard is not the window's, the second is up, in which no key is ours.

use std::sync::mpsc::{Receiver, TrySendError, sync_channel};

use egui::{Context, Key, KeyboardShortcut};
use muda::accelerator::{Key as MenuKey, KeyAccelerator, Modifiers};
use muda::{AboutMetadata, IsMenuItem, MenuEvent, MenuItem, PredefinedMenuItem, Submenu};

use super::{Choice, Edit, Menu, MenuBar, Row, System, menus};
use crate::ui::NAME;

/// Choices that may wait for a frame; people choose a few in a second.
const WAITING: usize = 64;

/// The bar.
pub struct SystemMenuBar {
    /// Up while the window has the keyboard.
    of_window: muda::Menu,
    /// Up while something else has it.
    of_dialogs: muda::Menu,
    window_has_keyboard: bool,
    choices: Vec<Choice>,
    /// Indices into `choices`.
    chosen: Receiver<usize>,
}

impl SystemMenuBar {
    /// Puts the menus into the bar. To be called once, when the event loop runs.
    ///
    /// # Errors
    /// When the system refuses a menu.
    pub fn install(ctx: &Context) -> muda::Result<Self> {
        let (sender, chosen) = sync_channel(WAITING);
        let ctx = ctx.clone();
        MenuEvent::set_event_handler(Some(move |event: MenuEvent| {
            let Ok(index) = event.id.0.parse() else {
                return;
            };
            match sender.try_send(index) {
                Ok(()) | Err(TrySendError::Full(_)) => ctx.request_repaint(),
                Err(TrySendError::Disconnected(_)) => {}
            }
        }));
        // The services belong to the bar that is made last.
        let (of_dialogs, _) = Drawing::bar(false)?;
        let (of_window, choices) = Drawing::bar(true)?;
        of_window.init_for_nsapp();
        Ok(Self {
            of_window,
            of_dialogs,
            window_has_keyboard: true,
            choices,
            chosen,
        })
    }
}

impl MenuBar for SystemMenuBar {
    fn chosen(&mut self) -> Option<Choice> {
        let index = self.chosen.try_recv().ok()?;
        self.choices.get(index).cloned()
    }

    fn follow(&mut self, window_has_keyboard: bool) {
        if self.window_has_keyboard == window_has_keyboard {
            return;
        }
        self.window_has_keyboard = window_has_keyboard;
        if window_has_keyboard {
            self.of_window.init_for_nsapp();
        } else {
            self.of_dialogs.init_for_nsapp();
        }
    }
}

/// The making of one bar.
struct Drawing {
    with_keys: bool,
    /// An entry's identifier is its place here, which is the same in both bars.
    choices: Vec<Choice>,
}

impl Drawing {
    fn bar(with_keys: bool) -> muda::Result<(muda::Menu, Vec<Choice>)> {
        let mut drawing = Self {
            with_keys,
            choices: Vec::new(),
        };
        let bar = muda::Menu::new();
        for menu in menus() {
            bar.append(&drawing.menu(menu)?)?;
        }
        Ok((bar, drawing.choices))
    }

    fn menu(&mut self, menu: Menu) -> muda::Result<Submenu> {
        let submenu = Submenu::new(menu.title, true);
        for row in menu.rows {
            submenu.append(&*self.row(row)?)?;
        }
        Ok(submenu)
    }

    fn row(&mut self, row: Row) -> muda::Result<Box<dyn IsMenuItem>> {
        Ok(match row {
            Row::Choice(Choice::Edit(edit)) if !self.with_keys => {
                self.choices.push(Choice::Edit(edit));
                Box::new(systems_own(edit))
            }
            Row::Choice(choice) => Box::new(self.entry(choice)?),
            Row::System(system) => Box::new(by_the_system(system)),
            Row::Line => Box::new(PredefinedMenuItem::separator()),
        })
    }

    fn entry(&mut self, choice: Choice) -> muda::Result<MenuItem> {
        let entry = MenuItem::with_id(self.choices.len(), choice.label(), true, None);
        let keys = choice.shortcut().filter(|_| self.with_keys);
        if let Some(keys) = keys.and_then(accelerator) {
            entry.set_key_accelerator(Some(keys))?;
        }
        self.choices.push(choice);
        Ok(entry)
    }
}

/// What a field of a file dialog understands.
fn systems_own(edit: Edit) -> PredefinedMenuItem {
    match edit {
        Edit::Undo => PredefinedMenuItem::undo(None),
        Edit::Redo => PredefinedMenuItem::redo(None),
        Edit::Cut => PredefinedMenuItem::cut(None),
        Edit::Copy => PredefinedMenuItem::copy(None),
        Edit::Paste => PredefinedMenuItem::paste(None),
        Edit::SelectAll => PredefinedMenuItem::select_all(None),
    }
}

fn by_the_system(system: System) -> PredefinedMenuItem {
    match system {
        System::About => PredefinedMenuItem::about(None, Some(about())),
        System::Services => PredefinedMenuItem::services(None),
        System::Hide => PredefinedMenuItem::hide(Some("Hide Bedrock Playground")),
        System::HideOthers => PredefinedMenuItem::hide_others(None),
        System::ShowAll => PredefinedMenuItem::show_all(None),
        System::Minimize => PredefinedMenuItem::minimize(None),
        System::ResizeWindow => PredefinedMenuItem::zoom(Some("Zoom")),
        System::FullScreen => PredefinedMenuItem::fullscreen(None),
        System::BringAllToFront => PredefinedMenuItem::bring_all_to_front(None),
    }
}

fn about() -> AboutMetadata {
    AboutMetadata {
        name: Some(NAME.to_owned()),
        version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        credits: Some(env!("CARGO_PKG_DESCRIPTION").to_owned()),
        ..AboutMetadata::default()
    }
}

/// By what a key writes, not by where it is: that is how egui reads shortcuts too.
fn accelerator(shortcut: KeyboardShortcut) -> Option<KeyAccelerator> {
    let wanted = shortcut.modifiers;
    let modifiers = [
        (wanted.command || wanted.mac_cmd, Modifiers::META),
        (wanted.ctrl, Modifiers::CONTROL),
        (wanted.alt, Modifiers::ALT),
        (wanted.shift, Modifiers::SHIFT),
    ];
    let modifiers = modifiers.into_iter().filter(|(wanted, _)| *wanted);
    let modifiers = modifiers.map(|(_, modifier)| modifier).collect();
    Some(KeyAccelerator::new(modifiers, key(shortcut.logical_key)?))
}

fn key(key: Key) -> Option<MenuKey> {
    let name = match key {
        Key::Plus => "+".to_owned(),
        Key::Minus => "-".to_owned(),
        Key::Comma => ",".to_owned(),
        // A capital letter would be one with Shift.
        _ if key.name().len() == 1 => key.name().to_lowercase(),
        _ => key.name().to_owned(),
    };
    name.parse().ok()
}
