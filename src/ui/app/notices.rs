//! Words about what has just been done, which go away by themselves.

use std::path::PathBuf;
use std::time::Duration;

use egui::{Align2, Area, Color32, Frame, Id, Label, Margin, Stroke, Ui, vec2};

use crate::ui::icons;
use crate::ui::theme::{palette, size, space};
use crate::ui::widgets::{announced, icon_button, link_button, spinner};
use crate::ui::{Command, Commands};

/// How long a notice stays, in seconds; what went wrong takes longer to read.
const SECONDS: f64 = 7.0;
const SECONDS_OF_FAILURES: f64 = 20.0;

/// How long one stays that can be answered; while one points there or has come there by keys, it does not go.
const SECONDS_TO_ANSWER: f64 = 12.0;

/// How wide its words may be, in points.
const WIDTH: f32 = 460.0;

/// The notices on show.
#[derive(Default)]
pub struct Notices(Vec<Notice>);

struct Notice {
    text: String,
    failed: bool,
    /// What it is about, to be shown in its folder.
    file: Option<PathBuf>,
    /// Seconds since the start; set when it is first drawn.
    until: Option<f64>,
}

impl Notice {
    /// How long it stays.
    fn seconds(&self) -> f64 {
        if self.failed {
            SECONDS_OF_FAILURES
        } else if self.file.is_some() {
            SECONDS_TO_ANSWER
        } else {
            SECONDS
        }
    }
}

impl Notices {
    /// Something was done.
    pub fn done(&mut self, text: impl Into<String>) {
        self.push(text.into(), false, None);
    }

    /// A file was written, or a folder filled, which a person may want to see.
    pub fn saved(&mut self, path: PathBuf) {
        self.saved_as(format!("Saved to {}", path.display()), path);
    }

    /// The same in other words.
    pub fn saved_as(&mut self, text: impl Into<String>, path: PathBuf) {
        self.push(text.into(), false, Some(path));
    }

    /// Something could not be done.
    pub fn failed(&mut self, text: impl Into<String>) {
        self.push(text.into(), true, None);
    }

    fn push(&mut self, text: String, failed: bool, file: Option<PathBuf>) {
        self.0.push(Notice {
            text,
            failed,
            file,
            until: None,
        });
    }

    /// Draws them in the corner, behind what is under way.
    pub fn ui(&mut self, ui: &mut Ui, under_way: &[(usize, String)], commands: &mut Commands) {
        let now = ui.input(|input| input.time);
        self.0
            .retain_mut(|notice| *notice.until.get_or_insert(now + notice.seconds()) > now);
        if self.0.is_empty() && under_way.is_empty() {
            return;
        }
        let until = self.0.iter().filter_map(|notice| notice.until);
        if let Some(first) = until.reduce(f64::min) {
            // The next frame that is needed is the one in which a notice goes.
            ui.ctx()
                .request_repaint_after(Duration::from_secs_f64(first - now));
        }
        // Clicks go to what lies below, unless there is something to click here.
        let is_answered =
            !under_way.is_empty() || self.0.iter().any(|notice| notice.file.is_some());
        Area::new(Id::unique("notices"))
            .anchor(Align2::RIGHT_BOTTOM, vec2(-space::L, -space::L))
            .interactable(is_answered)
            .show(ui.ctx(), |ui| {
                for (place, words) in under_way {
                    under_way_ui(ui, *place, words, commands);
                }
                for notice in &mut self.0 {
                    notice.ui(ui, now, commands);
                }
            });
    }
}

fn frame(ui: &Ui, color: Color32) -> Frame {
    Frame::new()
        .fill(palette(ui).raised)
        .stroke(Stroke::new(1.0, color))
        .corner_radius(size::RADIUS)
        .inner_margin(Margin::symmetric(12, 8))
}

/// Files that are being written: how far, and a way to end it.
fn under_way_ui(ui: &mut Ui, place: usize, words: &str, commands: &mut Commands) {
    let outline = palette(ui).outline;
    frame(ui, outline).show(ui, |ui| {
        ui.horizontal(|ui| {
            spinner(ui);
            ui.label(words);
            if link_button(ui, "Stop writing").clicked() {
                commands.push(Command::StopWritingFiles(place));
            }
        });
    });
}

impl Notice {
    fn ui(&mut self, ui: &mut Ui, now: f64, commands: &mut Commands) {
        let palette = palette(ui);
        let (icon, color) = if self.failed {
            (icons::ERROR, palette.error)
        } else {
            (icons::SUCCESS, palette.success)
        };
        let mut has_focus = false;
        let drawn = frame(ui, color).show(ui, |ui| {
            ui.set_max_width(WIDTH);
            ui.horizontal_top(|ui| {
                icons::paint(ui, icon, size::ICON, color);
                ui.vertical(|ui| {
                    let words = ui.add(Label::new(&self.text).wrap());
                    announced(&words, self.failed);
                    if let Some(path) = &self.file {
                        ui.horizontal(|ui| {
                            let show = link_button(ui, "Show in folder");
                            let close = icon_button(ui, icons::CLOSE, "Close this notice");
                            has_focus = show.has_focus() || close.has_focus();
                            if show.clicked() {
                                commands.push(Command::ShowInFolder(path.clone()));
                            }
                            if show.clicked() || close.clicked() {
                                self.until = Some(now);
                            }
                        });
                    }
                });
            });
        });
        let is_pointed_at = ui.rect_contains_pointer(drawn.response.rect);
        if self.file.is_some() && (is_pointed_at || has_focus) && self.until > Some(now) {
            self.until = Some(now + self.seconds());
        }
    }
}
