//! The turns on screen. What is out of view is skipped by its remembered height, so that a frame of
//! a thousand turns costs what a frame of ten does.

use egui::{Align, Rect, ScrollArea, Ui, vec2};
use egui_commonmark::CommonMarkCache;

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

/// The room of turns in a row that are out of view, left in one piece: for a thousand of them the
/// layout is asked once.
#[derive(Default)]
struct Skipped {
    /// With the spacing between them.
    height: Option<f32>,
}

impl Skipped {
    /// Where the next turn would be.
    fn next(&self, ui: &Ui, height: f32) -> Rect {
        let top = ui.cursor().min + vec2(0.0, self.above(ui));
        Rect::from_min_size(top, vec2(ui.available_width(), height))
    }

    fn add(&mut self, ui: &Ui, height: f32) {
        self.height = Some(self.above(ui) + height);
    }

    fn above(&self, ui: &Ui) -> f32 {
        self.height
            .map_or(0.0, |height| height + ui.spacing().item_spacing.y)
    }

    fn leave_room(&mut self, ui: &mut Ui) {
        if let Some(height) = self.height.take() {
            ui.allocate_space(vec2(1.0, height));
        }
    }
}

/// The view of a transcript; one [`TurnView`] for each turn of every branch.
#[derive(Default)]
pub struct Conversation {
    turns: Vec<TurnView>,
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
        let Self { turns, cache, .. } = self;
        let last = transcript.last().map(|(id, _)| id);
        let busy = transcript.is_running();
        let mut skipped = Skipped::default();
        for (id, turn) in transcript.turns() {
            let view = &mut turns[id.index()];
            let running = turn
                .invocation
                .as_ref()
                .is_some_and(|invocation| invocation.status.is_running());
            let edited = editing.as_mut().filter(|editing| editing.turn == id);
            if let Some(height) = view.height.filter(|_| !running && edited.is_none())
                && !ui.is_rect_visible(skipped.next(ui, height))
            {
                skipped.add(ui, height);
                continue;
            }
            skipped.leave_room(ui);
            let context = TurnContext {
                id,
                turn,
                is_last: last == Some(id),
                busy,
                alternatives: transcript.alternatives(id),
                prices,
                editing: edited,
            };
            let drawn = ui.push_id(id.index(), |ui| {
                ui.vertical(|ui| turn::ui(ui, view, context, cache, commands))
                    .response
            });
            view.height = Some(drawn.inner.rect.height());
        }
        skipped.leave_room(ui);
    }

    fn forget_heights_unless(&mut self, width: f32) {
        if (self.width - width).abs() > 0.5 {
            self.width = width;
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
