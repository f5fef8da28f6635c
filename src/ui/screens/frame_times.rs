//! What frames take, in a corner of the window; for developers.

use egui::{Align2, Area, Color32, Frame, Id, Rect, Sense, Ui, pos2, vec2};

use crate::ui::frames::FrameLog;
use crate::ui::icons;
use crate::ui::theme::{self, palette};
use crate::ui::widgets::{icon_button, link_button};
use crate::ui::{Command, Commands};

/// Frames that are drawn as bars.
const SHOWN: usize = 120;
const SIZE: egui::Vec2 = vec2(240.0, 48.0);
/// The height of the whole picture, in milliseconds: a frame at 60 Hz.
const FULL_MS: f32 = 16.7;
/// What most frames shall stay under, in milliseconds.
const GOAL_MS: f32 = 4.0;

/// Draws the overlay.
pub fn ui(ui: &mut Ui, frames: &FrameLog, commands: &mut Commands) {
    let ctx = ui.ctx().clone();
    let style = ui.style().clone();
    Area::new(Id::unique("frame times"))
        .anchor(Align2::RIGHT_TOP, vec2(-12.0, 56.0))
        .order(egui::Order::Tooltip)
        .show(&ctx, |ui| {
            Frame::popup(&style).show(ui, |ui| {
                ui.set_width(SIZE.x);
                let figures = frames.figures(SHOWN);
                let ms = |duration: std::time::Duration| duration.as_secs_f32() * 1_000.0;
                ui.horizontal(|ui| {
                    let words = format!(
                        "{:.1} ms, 1 in 100 over {:.1} ms, {} a second",
                        ms(figures.median),
                        ms(figures.p99),
                        figures.in_last_second
                    );
                    ui.label(theme::small(words));
                });
                bars(ui, frames);
                ui.horizontal(|ui| {
                    if link_button(ui, "Save a trace…").clicked() {
                        commands.push(Command::SaveTrace);
                    }
                    if icon_button(ui, icons::CLOSE, "Hide frame times").clicked() {
                        commands.push(Command::ToggleFrameTimes);
                    }
                });
            });
        });
}

fn bars(ui: &mut Ui, frames: &FrameLog) {
    let (rect, picture) = ui.allocate_exact_size(SIZE, Sense::hover());
    picture.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::Image, true, "Times of the last frames")
    });
    let palette = palette(ui);
    let painter = ui.painter();
    painter.rect_filled(rect, 2.0, palette.input);
    #[expect(clippy::cast_precision_loss, reason = "points on a screen")]
    let width = rect.width() / SHOWN as f32;
    let mut x = rect.left();
    for frame in frames.newest(SHOWN) {
        let ms = frame.took.as_secs_f32() * 1_000.0;
        let top = rect.bottom() - (ms / FULL_MS).min(1.0) * rect.height();
        let color: Color32 = match ms {
            ms if ms <= GOAL_MS => palette.success,
            ms if ms <= FULL_MS => palette.warning,
            _ => palette.error,
        };
        let bar = Rect::from_min_max(pos2(x, top), pos2(x + width, rect.bottom()));
        painter.rect_filled(bar, 0.0, color);
        x += width;
    }
}
