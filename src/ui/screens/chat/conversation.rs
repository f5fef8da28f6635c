//! The turns on screen. What is out of view is skipped by its remembered height, so that a frame of
//! a thousand turns costs what a frame of ten does.

mod places;

use egui::{Align, Rect, ScrollArea, Ui, vec2};
use egui_commonmark::CommonMarkCache;

use self::places::Places;
use super::turn::{self, TurnContext, TurnView};
use crate::chat::{Transcript, TurnId};
use crate::pricing::Prices;
use crate::store::Expected;
use crate::ui::Commands;
use crate::ui::icons;
use crate::ui::theme::{size, space};
use crate::ui::widgets::{Preview, secondary_button};

/// How far from the end still counts as being there, in points.
const AT_END: f32 = 24.0;

/// A turn whose text is being rewritten.
pub struct Editing {
    pub turn: TurnId,
    pub text: String,
    pub wants_focus: bool,
}

impl Editing {
    /// Opens a turn's text.
    pub fn new(turn: TurnId, text: String) -> Self {
        Self {
            turn,
            text,
            wants_focus: true,
        }
    }
}

/// The view of a transcript; one [`TurnView`] for each turn of every branch.
#[derive(Default)]
pub struct Conversation {
    turns: Vec<TurnView>,
    /// Of the path, as it was at this revision of the transcript.
    places: Places,
    revision: u64,
    cache: CommonMarkCache,
    width: f32,
    jump_to_end: bool,
}

impl Conversation {
    /// A turn was sent with these pictures.
    pub fn set_previews(&mut self, turn: TurnId, previews: Vec<Preview>) {
        self.view(turn).previews = previews;
    }

    /// An answer was asked to keep to this schema.
    pub fn set_schema(&mut self, turn: TurnId, schema: Option<serde_json::Value>) {
        self.view(turn).schema = schema;
    }

    /// An answer was expected to take so much.
    pub fn set_expected(&mut self, turn: TurnId, expected: Option<Expected>) {
        self.view(turn).expected = expected;
    }

    /// A turn was rewritten; its pictures go with it.
    pub fn copy_previews(&mut self, from: TurnId, to: TurnId) {
        let previews = self.view(from).previews.clone();
        self.set_previews(to, previews);
    }

    /// The view of the path up to a turn, in a transcript of its own.
    pub fn branch(&self, transcript: &Transcript, until: TurnId) -> Self {
        let mut branch = Self::default();
        for (id, _) in transcript.turns() {
            let view = self.turns.get(id.index());
            let previews = view.map(|view| view.previews.clone());
            branch
                .turns
                .push(TurnView::with_previews(previews.unwrap_or_default()));
            if id == until {
                break;
            }
        }
        branch
    }

    fn view(&mut self, turn: TurnId) -> &mut TurnView {
        if self.turns.len() <= turn.index() {
            self.turns.resize_with(turn.index() + 1, TurnView::default);
        }
        &mut self.turns[turn.index()]
    }

    /// Shows the end at the next frame, and follows it.
    pub fn follow(&mut self) {
        self.jump_to_end = true;
    }

    /// Draws the turns.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        transcript: &Transcript,
        prices: &Prices,
        editing: &mut Option<Editing>,
        commands: &mut Commands,
    ) {
        self.turns
            .resize_with(transcript.total(), TurnView::default);
        let jump = std::mem::take(&mut self.jump_to_end);
        let output = ScrollArea::vertical()
            .id_salt("conversation")
            .auto_shrink(false)
            .stick_to_bottom(true)
            .animated(false)
            .show(ui, |ui| {
                let width = (ui.available_width() - space::L).min(size::READING);
                self.forget_heights_unless(width);
                // A narrow window has the turns flush with the composer, a wide one centred.
                let spare = ui.available_width() - space::L - width;
                let margin = (spare / 2.0).max(0.0);
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = 0.0;
                    ui.add_space(margin);
                    ui.vertical(|ui| {
                        ui.spacing_mut().item_spacing.x = space::S;
                        ui.set_width(width);
                        self.turns_ui(ui, transcript, prices, editing, commands);
                        if jump {
                            ui.scroll_to_cursor(Some(Align::BOTTOM));
                        }
                    });
                });
            });
        let below =
            output.content_size.y - output.state.clamped_offset().y - output.inner_rect.height();
        if below > AT_END {
            self.jump_button(ui, output.inner_rect);
        }
    }

    fn turns_ui(
        &mut self,
        ui: &mut Ui,
        transcript: &Transcript,
        prices: &Prices,
        editing: &mut Option<Editing>,
        commands: &mut Commands,
    ) {
        self.place_turns(ui, transcript);
        let count = transcript.len();
        // What changes or is written in is drawn wherever it is.
        let edited = editing
            .as_ref()
            .and_then(|editing| transcript.turns().position(|(id, _)| id == editing.turn));
        let running = transcript.is_running().then(|| count.saturating_sub(1));
        let mut at = 0;
        while at < count {
            let top = ui.cursor().min.y;
            let view = ui.clip_rect().y_range();
            let mut skipped = self.places.out_of_view(at, top, view.min..view.max);
            for drawn in [edited, running].into_iter().flatten() {
                if skipped.contains(&drawn) {
                    skipped.end = drawn;
                }
            }
            if skipped.is_empty() {
                self.turn_ui(ui, transcript, at, prices, editing, commands);
                at += 1;
            } else {
                ui.allocate_space(vec2(1.0, self.places.height(&skipped)));
                at = skipped.end;
            }
            self.add_places(transcript);
        }
    }

    fn turn_ui(
        &mut self,
        ui: &mut Ui,
        transcript: &Transcript,
        at: usize,
        prices: &Prices,
        editing: &mut Option<Editing>,
        commands: &mut Commands,
    ) {
        let Some((id, turn)) = transcript.turns().nth(at) else {
            return;
        };
        let Self { turns, cache, .. } = self;
        let view = &mut turns[id.index()];
        let context = TurnContext {
            id,
            turn,
            is_last: at + 1 == transcript.len(),
            busy: transcript.is_running(),
            alternatives: transcript.alternatives(id),
            prices,
            editing: editing.as_mut().filter(|editing| editing.turn == id),
        };
        let drawn = ui.push_id(id.index(), |ui| {
            ui.vertical(|ui| turn::ui(ui, view, context, cache, commands))
                .response
        });
        let height = drawn.inner.rect.height();
        view.height = Some(height);
        self.places.measured(at, height);
    }

    /// A path that has changed is added up again; one that has not costs a frame nothing.
    fn place_turns(&mut self, ui: &Ui, transcript: &Transcript) {
        let spacing = ui.spacing().item_spacing.y;
        if self.revision != transcript.revision()
            || (self.places.spacing() - spacing).abs() > f32::EPSILON
        {
            self.revision = transcript.revision();
            self.places = Places::new(spacing);
        }
        self.add_places(transcript);
    }

    fn add_places(&mut self, transcript: &Transcript) {
        let behind = transcript.turns().skip(self.places.known());
        for (id, _) in behind {
            match self.turns[id.index()].height {
                Some(height) => self.places.push(height),
                None => break,
            }
        }
    }

    fn forget_heights_unless(&mut self, width: f32) {
        if (self.width - width).abs() > 0.5 {
            self.width = width;
            self.places = Places::default();
            for turn in &mut self.turns {
                turn.height = None;
            }
        }
    }

    fn jump_button(&mut self, ui: &mut Ui, view: Rect) {
        let place = Rect::from_center_size(
            view.center_bottom() - vec2(0.0, 28.0),
            vec2(170.0, size::CONTROL),
        );
        ui.scope_builder(egui::UiBuilder::new().max_rect(place), |ui| {
            if secondary_button(ui, icons::DOWN, "Jump to latest").clicked() {
                self.jump_to_end = true;
            }
        });
    }
}
