//! The turns on screen. What is out of view is skipped by its remembered height, so that a frame of
//! a thousand turns costs what a frame of ten does.

use egui::{Align, Rect, ScrollArea, Ui, vec2};
use egui_commonmark::CommonMarkCache;

use super::turn::{self, TurnView};
use crate::chat::Transcript;
use crate::ui::Commands;
use crate::ui::icons;
use crate::ui::theme::{size, space};
use crate::ui::widgets::{Preview, secondary_button};

/// How far from the end still counts as being there, in points.
const AT_END: f32 = 24.0;

/// The view of a transcript; one [`TurnView`] a turn.
#[derive(Default)]
pub struct Conversation {
    turns: Vec<TurnView>,
    cache: CommonMarkCache,
    width: f32,
    jump_to_end: bool,
}

impl Conversation {
    /// A user's turn came, with these pictures.
    pub fn push_user(&mut self, previews: Vec<Preview>) {
        self.turns.push(TurnView::with_previews(previews));
    }

    /// Turns were taken off.
    pub fn truncate(&mut self, count: usize) {
        self.turns.truncate(count);
    }

    /// Shows the end at the next frame, and follows it.
    pub fn follow(&mut self) {
        self.jump_to_end = true;
    }

    /// Draws the turns.
    pub fn ui(&mut self, ui: &mut Ui, transcript: &Transcript, commands: &mut Commands) {
        self.turns
            .resize_with(transcript.turns().len(), TurnView::default);
        let jump = std::mem::take(&mut self.jump_to_end);
        let output = ScrollArea::vertical()
            .id_salt("conversation")
            .auto_shrink(false)
            .stick_to_bottom(true)
            .animated(false)
            .show(ui, |ui| {
                let width = (ui.available_width() - space::L).min(size::READING);
                self.forget_heights_unless(width);
                let margin = ((ui.available_width() - width) / 2.0).max(0.0);
                ui.horizontal(|ui| {
                    ui.add_space(margin);
                    ui.vertical(|ui| {
                        ui.set_width(width);
                        self.turns_ui(ui, transcript, commands);
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

    fn turns_ui(&mut self, ui: &mut Ui, transcript: &Transcript, commands: &mut Commands) {
        let Self { turns, cache, .. } = self;
        let last = transcript.turns().len().saturating_sub(1);
        for (index, (view, turn)) in turns.iter_mut().zip(transcript.turns()).enumerate() {
            let running = turn
                .invocation
                .as_ref()
                .is_some_and(|invocation| invocation.status.is_running());
            if let Some(height) = view.height.filter(|_| !running) {
                let rect = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), height));
                if !ui.is_rect_visible(rect) {
                    ui.allocate_space(vec2(1.0, height));
                    continue;
                }
            }
            let drawn = ui.push_id(index, |ui| {
                ui.vertical(|ui| turn::ui(ui, view, turn, index == last, cache, commands))
                    .response
            });
            view.height = Some(drawn.inner.rect.height());
        }
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
