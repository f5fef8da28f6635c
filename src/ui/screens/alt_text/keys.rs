//! What keys do in the list: going through it, deciding, taking back.

use egui::{Event, Key, Ui};

use super::page_dialog::address_in;
use super::{AltTextScreen, bar};
use crate::alt_text::Filter;
use crate::ui::shared::Shared;

/// How many pictures a page is.
const PAGE: isize = 5;

impl AltTextScreen {
    /// Whether the key that sends elsewhere begins the job: beside a picture it approves, and a field or a
    /// dialog has its own meaning of it.
    pub fn may_begin(&self, shared: &Shared) -> bool {
        let is_free = self.selected.is_none() && !self.keys_are_taken;
        let waits = self.view.counts().of(Filter::Waiting) > 0;
        is_free && waits && !self.job.is_running() && bar::unready(&self.job, shared).is_none()
    }

    /// Approves the picture that is looked at and goes to the next that nobody approved.
    pub fn approve_and_go_on(&mut self) {
        // What is written in is what is meant, whatever is looked at beside it.
        let Some(place) = self.view.written_in().or(self.selected) else {
            return;
        };
        if self.is_behind {
            return;
        }
        self.job.approve(&[place]);
        let places = self.view.places();
        let at = places.iter().position(|other| *other == place);
        let behind = places.iter().skip(at.map_or(0, |at| at + 1));
        self.selected = behind
            .copied()
            .find(|place| {
                let item = self.job.list.item(*place);
                item.is_some_and(|item| item.review.alt.is_some() && !item.review.approved)
            })
            .or(Some(place));
        self.view.reveal = self.selected;
        if self.view.written_in().is_some() {
            self.view.write_in = self.selected;
        }
    }

    /// Goes so many pictures on, or back; to the first where none is looked at.
    pub(super) fn go(&mut self, steps: isize) {
        let places = self.view.places();
        let at = self
            .selected
            .and_then(|place| places.iter().position(|other| *other == place));
        let to = at.map_or(0, |at| at.saturating_add_signed(steps));
        if let Some(place) = places.get(to.min(places.len().saturating_sub(1))) {
            self.selected = Some(*place);
            self.view.reveal = self.selected;
            self.job.list.end_step();
        }
    }

    pub(super) fn keys(&mut self, ui: &Ui) {
        self.is_behind = ui.memory(|memory| memory.top_modal_layer().is_some());
        self.keys_are_taken = self.is_behind || ui.ctx().egui_wants_keyboard_input();
        // What is written in has its own meaning of these.
        if self.keys_are_taken {
            return;
        }
        self.take_pasted_address(ui);
        // A list of which everything was removed comes back so.
        let with = |key| ui.input(|input| input.modifiers.command && input.key_pressed(key));
        if with(Key::Z) && !ui.input(|input| input.modifiers.shift) {
            self.selected = self.job.undo().or(self.selected);
        } else if with(Key::Y) || with(Key::Z) {
            self.selected = self.job.redo().or(self.selected);
        }
        if self.job.list.is_empty() {
            return;
        }
        let pressed = |key| ui.input(|input| input.modifiers.is_none() && input.key_pressed(key));
        if pressed(Key::ArrowDown) || pressed(Key::ArrowRight) {
            self.go(1);
        }
        if pressed(Key::ArrowUp) || pressed(Key::ArrowLeft) {
            self.go(-1);
        }
        if pressed(Key::PageDown) {
            self.go(PAGE);
        }
        if pressed(Key::PageUp) {
            self.go(-PAGE);
        }
        if pressed(Key::Home) {
            self.go(isize::MIN);
        }
        if pressed(Key::End) {
            self.go(isize::MAX);
        }
        let has_focus = ui.memory(|memory| memory.focused().is_some());
        if pressed(Key::F2) || (pressed(Key::Enter) && !has_focus) {
            self.view.reveal = self.selected;
            self.view.write_in = self.selected;
        }
        if pressed(Key::Escape) {
            self.selected = None;
        }
    }

    /// A pasted address of a page is one whose images are wanted.
    fn take_pasted_address(&mut self, ui: &Ui) {
        let pasted = ui.input(|input| {
            input.events.iter().find_map(|event| match event {
                Event::Paste(text) => address_in(text).map(str::to_owned),
                _ => None,
            })
        });
        if let Some(address) = pasted {
            self.page_dialog.open(address);
        }
    }
}
