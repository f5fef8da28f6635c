//! The conversation of one column. What is out of view is skipped by its remembered height.

use egui::{Frame, Label, Margin, Rect, RichText, ScrollArea, Ui, vec2};
use egui_commonmark::CommonMarkCache;

use super::Wish;
use crate::chat::{
    Alternatives, Invocation, InvocationStatus, Role, StopReason, Transcript, Turn, TurnId,
};
use crate::compare::{ColumnId, HIGHEST_SCORE, Judgement, MOST_STARS, RunRef, Verdicts};
use crate::pricing::Prices;
use crate::ui::icons;
use crate::ui::screens::chat::Height;
use crate::ui::screens::chat::metrics::{self, AnswerCost};
use crate::ui::screens::chat::turn::{TurnView, content, note};
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{
    Alert, AlertKind, bidi, failure_alert, icon_button, link_button, spinner,
};

/// Lines of a prompt that are repeated in every column.
const PROMPT_HEIGHT: f32 = 60.0;

/// The side of a star that can be clicked.
const STAR: f32 = 24.0;

/// What is remembered of a conversation between frames.
#[derive(Default)]
pub struct CellView {
    answers: Vec<AnswerView>,
    cache: CommonMarkCache,
    width: f32,
    reading: Reading,
}

/// Where a conversation is being read. It is read from the last prompt on, so that columns stand beside each
/// other and nothing moves while they grow; whoever scrolls has it their way until the next prompt.
struct Reading {
    /// Whether the last prompt is kept at the top.
    from_prompt: bool,
    /// How far down that leaves the page, as it was when last drawn, in points.
    place: Option<f32>,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            from_prompt: true,
            place: None,
        }
    }
}

#[derive(Default)]
struct AnswerView {
    turn: TurnView,
    /// What it took, in a line.
    took: Option<String>,
}

impl Reading {
    /// The last prompt has another place now; the page was held at one and came to be at another.
    fn drawn(&mut self, ui: &Ui, held_at: Option<f32>, place: f32, now_at: f32) {
        // A page that has become shorter moves by itself.
        if held_at.is_some_and(|held_at| (now_at - held_at.min(place)).abs() > 1.0) {
            self.from_prompt = false;
        }
        if self.from_prompt && self.place.is_none_or(|was| (was - place).abs() > 0.5) {
            ui.ctx().request_repaint();
        }
        self.place = Some(place);
    }
}

/// Where a conversation stands, and what may be shown of it.
pub struct Place<'a> {
    pub row: usize,
    pub column: ColumnId,
    /// What was said there; nothing before it is asked.
    pub cell: Option<&'a Transcript>,
    /// How many rounds went by without this column.
    pub missed: usize,
    pub verdicts: &'a Verdicts,
    pub prices: &'a Prices,
    /// Whether names, and figures that tell them, are hidden.
    pub is_hidden: bool,
    /// Whether a winner can be picked now.
    pub can_pick: bool,
    pub is_busy: bool,
}

impl CellView {
    /// The costs are worked out anew.
    pub fn forget_costs(&mut self) {
        for answer in &mut self.answers {
            answer.took = None;
        }
    }

    /// Shows what was asked last from the next frame on.
    pub fn follow(&mut self) {
        self.reading = Reading::default();
    }

    /// Draws it.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        cell: &Transcript,
        place: &Place<'_>,
        wishes: &mut Vec<Wish>,
    ) {
        self.answers.resize_with(cell.total(), AnswerView::default);
        let held_at = self.reading.place.filter(|_| self.reading.from_prompt);
        let mut area = ScrollArea::vertical()
            .id_salt("answers")
            .auto_shrink(false)
            // Whoever goes to the end by hand follows it.
            .stick_to_bottom(!self.reading.from_prompt)
            .animated(false);
        if let Some(offset) = held_at {
            area = area.vertical_scroll_offset(offset);
        }
        let mut prompt_at = 0.0;
        let output = area.show(ui, |ui| {
            let top = ui.cursor().min.y;
            let width = ui.available_width();
            if (self.width - width).abs() > 0.5 {
                self.width = width;
                for answer in &mut self.answers {
                    answer.turn.height = None;
                }
            }
            let mut round = place.missed;
            for (id, turn) in cell.turns() {
                if turn.message.role == Role::User {
                    round += 1;
                    prompt_at = ui.cursor().min.y - top;
                }
                let at = Standing {
                    id,
                    round: round.saturating_sub(1),
                    is_last: cell.last().is_some_and(|(last, _)| last == id),
                    alternatives: cell.alternatives(id),
                };
                self.turn_ui(ui, turn, &at, place, wishes);
            }
        });
        let most = (output.content_size.y - output.inner_rect.height()).max(0.0);
        self.reading.drawn(
            ui,
            held_at,
            prompt_at.min(most),
            output.state.clamped_offset().y,
        );
    }

    fn turn_ui(
        &mut self,
        ui: &mut Ui,
        turn: &Turn,
        at: &Standing,
        place: &Place<'_>,
        wishes: &mut Vec<Wish>,
    ) {
        let view = &mut self.answers[at.id.index()];
        let running = turn
            .invocation
            .as_ref()
            .is_some_and(|invocation| invocation.status.is_running());
        if let Some(Height { points: height, .. }) =
            view.turn.height.filter(|_| !running && !at.is_last)
        {
            let rect = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), height));
            if !ui.is_rect_visible(rect) {
                ui.allocate_space(vec2(1.0, height));
                return;
            }
        }
        let cache = &mut self.cache;
        let drawn = ui.push_id(at.id.index(), |ui| {
            ui.vertical(|ui| match &turn.invocation {
                None => prompt(ui, turn),
                Some(invocation) => {
                    content(ui, &mut view.turn, &turn.message, cache);
                    answer(ui, view, turn, invocation, at, place, wishes);
                    ui.add_space(space::S);
                }
            })
            .response
        });
        view.turn.height = Some(Height::measured(drawn.inner.rect.height()));
    }
}

/// A turn and where it stands.
struct Standing {
    id: TurnId,
    round: usize,
    is_last: bool,
    alternatives: Alternatives,
}

fn prompt(ui: &mut Ui, turn: &Turn) {
    let palette = palette(ui);
    Frame::new()
        .fill(palette.raised)
        .corner_radius(size::RADIUS)
        .inner_margin(Margin::symmetric(8, 5))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ScrollArea::vertical()
                .id_salt("prompt")
                .max_height(PROMPT_HEIGHT)
                .show(ui, |ui| {
                    let others = turn.message.content.len() - turn.message.texts().count();
                    if others > 0 {
                        let files = if others == 1 {
                            "1 file".to_owned()
                        } else {
                            format!("{others} files")
                        };
                        note(ui, icons::ATTACH, &files);
                    }
                    for text in turn.message.texts() {
                        bidi::label(ui, text);
                    }
                });
        });
    ui.add_space(space::XXS);
}

fn answer(
    ui: &mut Ui,
    view: &mut AnswerView,
    turn: &Turn,
    invocation: &Invocation,
    at: &Standing,
    place: &Place<'_>,
    wishes: &mut Vec<Wish>,
) {
    let nothing = turn.message.content.is_empty();
    match &invocation.status {
        InvocationStatus::Waiting | InvocationStatus::Streaming => {
            if nothing {
                waiting(ui, invocation);
            }
            return;
        }
        InvocationStatus::Failed(failure) => failure_alert(ui, failure, |ui| {
            if at.is_last && link_button(ui, "Ask this column again").clicked() {
                wishes.push(Wish::Retry(place.column));
            }
        }),
        InvocationStatus::Stopped => note(ui, icons::STOP, "Stopped; what came is kept"),
        InvocationStatus::Complete => {
            if nothing {
                note(ui, icons::INFO, "The model answered with nothing");
            }
            if let Some(reason) = &invocation.stop_reason
                && *reason != StopReason::EndTurn
            {
                Alert::new(AlertKind::Warning, reason.explanation()).show(ui, |_| {});
            }
        }
    }
    if invocation.usage.is_some() && !place.is_hidden {
        let line = view.took.get_or_insert_with(|| {
            metrics::line(invocation, &AnswerCost::of(invocation, place.prices))
        });
        let text = theme::small(line.as_str()).color(palette(ui).text_secondary);
        ui.add(Label::new(text).wrap());
    }
    let run = RunRef {
        row: place.row,
        column: place.column,
        turn: at.id.index(),
    };
    alternatives(ui, at, place, wishes);
    if invocation.status == InvocationStatus::Complete {
        verdict(ui, run, at, place, wishes);
    }
    if let Some(judgement) = place.verdicts.judgement(run) {
        judged(ui, judgement);
    }
}

fn waiting(ui: &mut Ui, invocation: &Invocation) {
    let color = palette(ui).text_secondary;
    let text = match &invocation.retry {
        Some(retry) => format!("Attempt {} after: {}", retry.attempt, retry.because),
        None => "Waiting for the first token…".to_owned(),
    };
    ui.horizontal(|ui| {
        spinner(ui);
        ui.add(Label::new(RichText::new(text).color(color)).wrap());
    });
}

/// Which of several runs is shown.
fn alternatives(ui: &mut Ui, at: &Standing, place: &Place<'_>, wishes: &mut Vec<Wish>) {
    let Alternatives { position, count } = at.alternatives;
    if count < 2 {
        return;
    }
    ui.horizontal(|ui| {
        let mut show = |ui: &mut Ui, icon, name: &str, to: Option<usize>| {
            ui.add_enabled_ui(to.is_some() && !place.is_busy, |ui| {
                if icon_button(ui, icon, name).clicked()
                    && let Some(to) = to
                {
                    wishes.push(Wish::ShowAlternative(place.column, at.id, to));
                }
            });
        };
        show(ui, icons::PREVIOUS, "Previous run", position.checked_sub(1));
        ui.label(theme::small(format!("Run {} of {count}", position + 1)));
        let next = Some(position + 1).filter(|next| *next < count);
        show(ui, icons::NEXT, "Next run", next);
    });
}

/// What a person says of an answer.
fn verdict(ui: &mut Ui, run: RunRef, at: &Standing, place: &Place<'_>, wishes: &mut Vec<Wish>) {
    let palette = palette(ui);
    let rating = place.verdicts.rating(run).unwrap_or_default();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        for stars in 1..=MOST_STARS {
            let filled = stars <= rating;
            let color = if filled {
                palette.warning
            } else {
                palette.text_disabled
            };
            let name = format!("Rate {stars} of {MOST_STARS}");
            let atom = icons::sized_atom(icons::STAR, size::ICON);
            let button = egui::Button::new(atom)
                .frame(false)
                .min_size(vec2(STAR, STAR));
            let response = ui
                .scope(|ui| {
                    ui.spacing_mut().button_padding = vec2(2.0, 2.0);
                    ui.visuals_mut().widgets.inactive.fg_stroke.color = color;
                    ui.add(button)
                })
                .inner;
            response.widget_info(|| {
                egui::WidgetInfo::selected(egui::Role::Button, true, filled, &name)
            });
            let response = response.on_hover_text(&name);
            if response.clicked() {
                // The same star again takes the rating away.
                let stars = if stars == rating { 0 } else { stars };
                wishes.push(Wish::Rate(run, stars));
            }
        }
        if rating > 0 {
            ui.label(theme::small(format!("{rating} of {MOST_STARS}")));
        }
        ui.add_space(space::S);
        let winner = place.verdicts.winner(place.row, at.round);
        if winner == Some(place.column) {
            if link_button(ui, "Best answer (take back)").clicked() {
                wishes.push(Wish::Pick(at.round, None));
            }
        } else if place.can_pick && link_button(ui, "Pick as best").clicked() {
            wishes.push(Wish::Pick(at.round, Some(place.column)));
        }
    });
}

fn judged(ui: &mut Ui, judgement: &Judgement) {
    let text = match &judgement.score {
        Ok(score) => format!(
            "Judge: {} of {HIGHEST_SCORE}. {}",
            score.points, score.reason
        ),
        Err(failure) => format!("No score: {}", failure.message),
    };
    note(ui, icons::JUDGE, &text);
}
