//! Calls that may cost more than the person's limit of one call: none of them is made before a yes.
//!
//! Must not know where calls come from.

use egui::Ui;

use super::chat::forecast::upper;
use crate::chat::Request;
use crate::pricing::{Prices, Usd};
use crate::ui::theme::space;
use crate::ui::widgets::{Alert, AlertKind, link_button};

/// What a person says to a call that may cost so much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Yes,
    No,
}

/// The limit, and the call that is held back by it.
#[derive(Default)]
pub struct Limit {
    above: Option<Usd>,
    /// Whether what is asked for now may cost whatever it does.
    allowed: bool,
    held: Option<Usd>,
}

impl Limit {
    /// Asks before calls that may cost more than this.
    pub fn set(&mut self, above: Option<Usd>) {
        self.above = above;
    }

    /// Whether calls are to be looked at.
    pub fn is_set(&self) -> bool {
        self.above.is_some() && !self.allowed
    }

    /// Whether a call waits for a yes.
    pub fn is_holding(&self) -> bool {
        self.held.is_some()
    }

    /// Whether a request has to wait for a yes; of several the dearest is named.
    pub fn holds(&mut self, request: &Request, region: &str, prices: &Prices) -> bool {
        if let Some(above) = self.above.filter(|_| !self.allowed) {
            let upper = upper(request, region, prices).filter(|upper| *upper > above);
            self.held = self.held.max(upper);
        }
        self.is_holding()
    }

    /// What is asked for now may cost whatever it does.
    pub fn allow(&mut self) {
        self.allowed = true;
        self.held = None;
    }

    /// Nothing is asked for any more; the next call is asked about again.
    pub fn begin_anew(&mut self) {
        self.allowed = false;
        self.held = None;
    }

    /// Draws the question, where there is one.
    pub fn ui(&self, ui: &mut Ui) -> Option<Word> {
        let (held, above) = (self.held?, self.above?);
        let title = format!("A call may cost up to {held}, above your limit of {above}");
        let mut word = None;
        Alert::new(AlertKind::Warning, &title).show(ui, |ui| {
            ui.horizontal(|ui| {
                if link_button(ui, "Send anyway").clicked() {
                    word = Some(Word::Yes);
                }
                if link_button(ui, "Don't send").clicked() {
                    word = Some(Word::No);
                }
            });
        });
        ui.add_space(space::XXS);
        word
    }
}
