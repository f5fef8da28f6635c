//! The turns on screen. What is out of view is skipped by its height, and a long conversation that was
//! just opened is measured a piece a frame, so that a frame of a thousand turns costs what one of ten does.

mod places;

use egui::{Align, Rect, ScrollArea, Ui, UiBuilder, vec2};
use egui_commonmark::CommonMarkCache;

pub use self::places::Height;
use self::places::Places;
use super::pictures::is_shown_as_preview;
use super::turn::{self, TurnContext, TurnView};
use crate::chat::{Transcript, Turn, TurnId};
use crate::pricing::Prices;
use crate::store::Expected;
use crate::ui::Commands;
use crate::ui::icons;
use crate::ui::theme::{size, space};
use crate::ui::widgets::{Preview, secondary_button};

/// How much of the page is seen above what was found, in points.
const ABOVE_FOUND: f32 = 120.0;

/// Frames until a turn that is gone to is where it will stay.
const FRAMES_TO_GO: u8 = 4;

/// How far from the end still counts as being there, in points.
const AT_END: f32 = 24.0;
/// How much text out of view is measured in one frame.
const MEASURED_BYTES: usize = 16_384;
/// What a turn counts for beside its text.
const LEAST_BYTES: usize = 256;

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
    /// The turn that is to be seen, how much of it stands before what is looked for, and for how many frames it
    /// is still gone to: the turns before it get their heights meanwhile.
    goes_to: Option<(usize, f32, u8)>,
    /// The turn that something was found in.
    marked: Option<TurnId>,
    /// Where the page is to be scrolled because what is above the view has another height.
    moves_to: Option<f32>,
    jump_to_end: bool,
    /// Whether turns are sent along with the next prompt.
    is_remembered: bool,
    /// Turns in view whose pictures have no preview yet.
    without_preview: Vec<TurnId>,
}

impl Conversation {
    /// A turn was sent with these pictures.
    pub fn set_previews(&mut self, turn: TurnId, previews: Vec<Preview>) {
        self.view(turn).previews = previews;
    }

    /// What is shown of a picture of a turn.
    pub fn preview(&self, turn: TurnId, place: usize) -> Option<&Preview> {
        self.turns.get(turn.index())?.previews.get(place)
    }

    /// Turns that were drawn without the previews of their pictures, each once.
    pub fn take_without_preview(&mut self) -> Vec<TurnId> {
        std::mem::take(&mut self.without_preview)
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

    /// Shows a place in the turn at this place of the path.
    pub fn go_to(&mut self, at: usize, share: f32) {
        self.jump_to_end = false;
        self.goes_to = Some((at, share, FRAMES_TO_GO));
    }

    /// Marks the turn that something was found in, and no other.
    pub fn mark(&mut self, turn: Option<TurnId>) {
        self.marked = turn;
    }

    /// Whether turns are sent along with the next prompt.
    pub fn set_remembered(&mut self, is_remembered: bool) {
        self.is_remembered = is_remembered;
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
        let mut moved = 0.0;
        let mut area = ScrollArea::vertical()
            .id_salt("conversation")
            .auto_shrink(false)
            // What is gone to would be left for the end, where the page stood before.
            .stick_to_bottom(self.goes_to.is_none())
            .animated(false);
        self.step_towards();
        if let Some(offset) = self.moves_to.take() {
            area = area.vertical_scroll_offset(offset);
        }
        let output = area.show(ui, |ui| {
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
                    moved = self.turns_ui(ui, transcript, prices, editing, commands);
                    if jump {
                        ui.scroll_to_cursor(Some(Align::BOTTOM));
                    }
                });
            });
        });
        if self.goes_to.is_some() {
            ui.ctx().request_repaint();
        }
        // What is in view stays where it is.
        self.moves_to = (moved != 0.0).then(|| output.state.unclamped_offset().y + moved);
        let below =
            output.content_size.y - output.state.clamped_offset().y - output.inner_rect.height();
        if below > AT_END {
            self.jump_button(ui, output.inner_rect);
        }
    }

    /// A step towards the turn that is to be seen.
    fn step_towards(&mut self) {
        let Some((at, share, frames)) = self.goes_to else {
            return;
        };
        self.goes_to = frames.checked_sub(1).map(|frames| (at, share, frames));
        if at < self.places.len() {
            let height = self.places.height(&(at..at + 1));
            let place = self.places.start(at) + share * height - ABOVE_FOUND;
            self.moves_to = Some(place.max(0.0));
        }
    }

    /// Draws the turns in view. How much those above it turned out to be higher than thought, for the
    /// next frame.
    fn turns_ui(
        &mut self,
        ui: &mut Ui,
        transcript: &Transcript,
        prices: &Prices,
        editing: &mut Option<Editing>,
        commands: &mut Commands,
    ) -> f32 {
        self.place_turns(ui, transcript);
        let count = transcript.len();
        // What changes or is written in is drawn wherever it is.
        let edited = editing
            .as_ref()
            .and_then(|editing| transcript.turns().position(|(id, _)| id == editing.turn));
        let running = transcript.is_running().then(|| count.saturating_sub(1));
        let to_measure = self.to_measure(transcript);
        let view = ui.clip_rect().y_range();
        let mut measured = Vec::new();
        let mut at = 0;
        while at < count {
            let top = ui.cursor().min.y;
            let mut skipped = self.places.out_of_view(at, top, view.min..view.max);
            for drawn in [edited, running].into_iter().flatten() {
                if skipped.contains(&drawn) {
                    skipped.end = drawn;
                }
            }
            if skipped.is_empty() {
                let height = self.turn_ui(ui, transcript, at, prices, editing, commands);
                self.places.measured(at, height);
                at += 1;
                continue;
            }
            let is_above = top < view.min;
            for turn in to_measure
                .iter()
                .copied()
                .filter(|turn| skipped.contains(turn))
            {
                let top = top + self.places.start(turn) - self.places.start(at);
                let height = self.measure(ui, transcript, turn, top, prices, commands);
                measured.push((turn, height, is_above));
            }
            ui.allocate_space(vec2(1.0, self.places.height(&skipped)));
            at = skipped.end;
        }
        let mut moved = 0.0;
        for (turn, height, is_above) in measured {
            let higher = self.places.measured(turn, height);
            moved += if is_above { higher } else { 0.0 };
        }
        if !self.places.are_measured() {
            ui.ctx().request_repaint();
        }
        moved
    }

    /// Turns that are measured in this frame though they are out of view: so many that a frame stays
    /// short, the nearest to the end first, where people read.
    fn to_measure(&self, transcript: &Transcript) -> Vec<usize> {
        let mut left = MEASURED_BYTES;
        self.places
            .estimated()
            .take_while(|turn| {
                let goes_on = left > 0;
                let bytes = transcript.turns().nth(*turn).map_or(0, |(_, turn)| {
                    turn.message.texts().map(str::len).sum::<usize>()
                });
                left = left.saturating_sub(bytes + LEAST_BYTES);
                goes_on
            })
            .collect()
    }

    /// How high a turn out of view is, without a trace on the screen.
    fn measure(
        &mut self,
        ui: &mut Ui,
        transcript: &Transcript,
        at: usize,
        top: f32,
        prices: &Prices,
        commands: &mut Commands,
    ) -> f32 {
        let mut place = ui.available_rect_before_wrap();
        place.min.y = top;
        place.max.y = f32::INFINITY;
        let mut unseen = ui.new_child(
            UiBuilder::new()
                .scope_id(ui.scope_id())
                .max_rect(place)
                .invisible(),
        );
        self.turn_ui(&mut unseen, transcript, at, prices, &mut None, commands)
    }

    fn turn_ui(
        &mut self,
        ui: &mut Ui,
        transcript: &Transcript,
        at: usize,
        prices: &Prices,
        editing: &mut Option<Editing>,
        commands: &mut Commands,
    ) -> f32 {
        let Some((id, turn)) = transcript.turns().nth(at) else {
            return 0.0;
        };
        let (is_remembered, marked) = (self.is_remembered, self.marked);
        let Self { turns, cache, .. } = self;
        let view = &mut turns[id.index()];
        view.is_marked = marked == Some(id);
        let context = TurnContext {
            id,
            turn,
            is_last: at + 1 == transcript.len(),
            is_remembered,
            busy: transcript.is_running(),
            alternatives: transcript.alternatives(id),
            prices,
            editing: editing.as_mut().filter(|editing| editing.turn == id),
        };
        let drawn = ui.push_id(id.index(), |ui| {
            ui.vertical(|ui| turn::ui(ui, view, context, cache, commands))
                .response
        });
        let is_whole = turn
            .invocation
            .as_ref()
            .is_none_or(|invocation| !invocation.status.is_running());
        if ui.is_visible()
            && is_whole
            && view.previews.is_empty()
            && !view.awaits_previews
            && turn.message.content.iter().any(is_shown_as_preview)
        {
            view.awaits_previews = true;
            self.without_preview.push(id);
            ui.ctx().request_repaint();
        }
        let points = drawn.inner.rect.height();
        view.height = Some(Height::measured(points));
        points
    }

    /// A path that has changed is added up again; one that has not costs a frame nothing.
    fn place_turns(&mut self, ui: &Ui, transcript: &Transcript) {
        let spacing = ui.spacing().item_spacing.y;
        let is_same = self.revision == transcript.revision()
            && self.places.len() == transcript.len()
            && (self.places.spacing() - spacing).abs() < f32::EPSILON;
        if is_same {
            return;
        }
        self.revision = transcript.revision();
        let width = self.width;
        let heights = transcript.turns().map(|(id, turn)| {
            let known = self.turns[id.index()].height;
            known.unwrap_or_else(|| Height {
                points: estimate(turn, width),
                is_measured: false,
            })
        });
        self.places = Places::new(spacing, heights);
    }

    /// In another width everything has another height; until it is drawn, what it was says how much.
    fn forget_heights_unless(&mut self, width: f32) {
        if (self.width - width).abs() <= 0.5 {
            return;
        }
        let narrower = self.width / width.max(1.0);
        self.width = width;
        self.places = Places::default();
        for height in self
            .turns
            .iter_mut()
            .filter_map(|turn| turn.height.as_mut())
        {
            height.points *= narrower;
            height.is_measured = false;
        }
    }

    fn jump_button(&mut self, ui: &mut Ui, view: Rect) {
        let place = Rect::from_center_size(
            view.center_bottom() - vec2(0.0, 28.0),
            vec2(170.0, size::CONTROL),
        );
        ui.scope_builder(UiBuilder::new().max_rect(place), |ui| {
            if secondary_button(ui, icons::DOWN, "Jump to latest").clicked() {
                self.jump_to_end = true;
            }
        });
    }
}

/// About how high a turn will be, in points, before it is drawn: so that the page is about as long as it
/// will be.
fn estimate(turn: &Turn, width: f32) -> f32 {
    const LETTER: f32 = 7.0;
    const LINE: f32 = 21.0;
    /// Who said it, what it took, and the frame.
    const AROUND: f32 = 80.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an estimate"
    )]
    let lines = |text: &str| {
        let letters = (width / LETTER).max(1.0) as usize;
        let lines = text.lines().map(|line| line.len().div_ceil(letters).max(1));
        lines.sum::<usize>() as f32
    };
    AROUND + turn.message.texts().map(lines).sum::<f32>() * LINE
}
