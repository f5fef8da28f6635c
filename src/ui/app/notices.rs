//! Words about what has just been done, which go away by themselves.

use std::time::Duration;

use egui::{Align2, Area, Frame, Id, Label, Margin, Stroke, Ui, vec2};

use crate::ui::icons;
use crate::ui::theme::{palette, size, space};
use crate::ui::widgets::announced;

/// How long a notice stays, in seconds; what went wrong takes longer to read.
const SECONDS: f64 = 7.0;
const SECONDS_OF_FAILURES: f64 = 20.0;

/// How wide its words may be, in points.
const WIDTH: f32 = 460.0;

/// The notices on show.
#[derive(Default)]
pub struct Notices(Vec<Notice>);

struct Notice {
    text: String,
    failed: bool,
    /// Seconds since the start; set when it is first drawn.
    until: Option<f64>,
}

impl Notice {
    /// How long it stays.
    fn seconds(&self) -> f64 {
        if self.failed {
            SECONDS_OF_FAILURES
        } else {
            SECONDS
        }
    }
}

impl Notices {
    /// Something was done.
    pub fn done(&mut self, text: impl Into<String>) {
        self.push(text.into(), false);
    }

    /// Something could not be done.
    pub fn failed(&mut self, text: impl Into<String>) {
        self.push(text.into(), true);
    }

    fn push(&mut self, text: String, failed: bool) {
        self.0.push(Notice {
            text,
            failed,
            until: None,
        });
    }

    /// Draws them in the corner.
    pub fn ui(&mut self, ui: &mut Ui) {
        let now = ui.input(|input| input.time);
        self.0
            .retain_mut(|notice| *notice.until.get_or_insert(now + notice.seconds()) > now);
        let Some(first) = self
            .0
            .iter()
            .filter_map(|notice| notice.until)
            .reduce(f64::min)
        else {
            return;
        };
        // The next frame that is needed is the one in which a notice goes.
        ui.ctx()
            .request_repaint_after(Duration::from_secs_f64(first - now));
        Area::new(Id::unique("notices"))
            .anchor(Align2::RIGHT_BOTTOM, vec2(-space::L, -space::L))
            .interactable(false)
            .show(ui.ctx(), |ui| {
                for notice in &self.0 {
                    let palette = palette(ui);
                    let (icon, color) = if notice.failed {
                        (icons::ERROR, palette.error)
                    } else {
                        (icons::SUCCESS, palette.success)
                    };
                    Frame::new()
                        .fill(palette.raised)
                        .stroke(Stroke::new(1.0, color))
                        .corner_radius(size::RADIUS)
                        .inner_margin(Margin::symmetric(12, 8))
                        .show(ui, |ui| {
                            ui.set_max_width(WIDTH);
                            ui.horizontal_top(|ui| {
                                icons::paint(ui, icon, size::ICON, color);
                                let words = ui.add(Label::new(&notice.text).wrap());
                                announced(&words, notice.failed);
                            });
                        });
                }
            });
    }
}
