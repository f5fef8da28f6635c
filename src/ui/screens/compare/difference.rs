//! Two answers, and what they have in common word by word.

use egui::text::{LayoutJob, TextFormat};
use egui::{FontId, Label, ScrollArea, Stroke, Ui};

use crate::compare::{Piece, Side, diff_words};
use crate::tasks::{Job, Tasks};
use crate::ui::theme::{font, palette, space};
use crate::ui::widgets::{accessible_name, combo_box, dialog, spinner};

const WIDTH: f32 = 760.0;
const HEIGHT: f32 = 460.0;

/// An answer that can be compared.
pub struct Answer {
    pub name: String,
    pub text: String,
}

/// The open dialog.
pub struct Difference {
    answers: Vec<Answer>,
    sides: [usize; 2],
    shown: Option<[usize; 2]>,
    job: Option<Job<Vec<Piece>>>,
    pieces: Vec<Piece>,
}

impl Difference {
    /// Opens on the first two answers.
    pub fn open(answers: Vec<Answer>) -> Self {
        Self {
            answers,
            sides: [0, 1],
            shown: None,
            job: None,
            pieces: Vec::new(),
        }
    }

    /// Begins to compare what was chosen, and takes in what was found.
    pub fn work(&mut self, tasks: &Tasks) {
        if self.shown != Some(self.sides) {
            self.shown = Some(self.sides);
            let text = |at: usize| self.answers.get(at).map(|answer| answer.text.clone());
            let [left, right] = self.sides.map(|at| text(at).unwrap_or_default());
            self.job = Some(tasks.spawn_blocking(move || diff_words(&left, &right)));
        }
        if let Some(found) = self.job.as_mut().and_then(Job::take) {
            self.job = None;
            self.pieces = found.unwrap_or_default();
        }
    }

    /// Draws it; true when it is done with.
    pub fn ui(&mut self, ui: &mut Ui) -> bool {
        dialog(ui, "Differences", WIDTH, |ui| {
            ui.horizontal_wrapped(|ui| {
                for (side, name) in ["Left answer", "Right answer"].into_iter().enumerate() {
                    let chosen = self.sides[side];
                    let text = self.answers.get(chosen).map_or("", |answer| &answer.name);
                    let combo = combo_box(name)
                        .width(WIDTH / 2.0 - space::XXL)
                        .selected_text(text)
                        .truncate();
                    let response = combo.show_ui(ui, |ui| {
                        for (at, answer) in self.answers.iter().enumerate() {
                            ui.selectable_value(&mut self.sides[side], at, &answer.name);
                        }
                    });
                    accessible_name(&response.response, name);
                }
            });
            ui.add_space(space::S);
            ui.horizontal(|ui| {
                ui.add(Label::new(self.legend(ui)));
            });
            ui.separator();
            if self.job.is_some() {
                spinner(ui);
                return;
            }
            ScrollArea::vertical()
                .max_height(HEIGHT)
                .auto_shrink([false, true])
                .show(ui, |ui| {
                    let mut job = LayoutJob::default();
                    for piece in &self.pieces {
                        job.append(&piece.text, 0.0, format(ui, piece.side));
                    }
                    ui.add(Label::new(job).wrap());
                });
        })
    }

    fn legend(&self, ui: &Ui) -> LayoutJob {
        let mut job = LayoutJob::default();
        job.append("only left", 0.0, format(ui, Side::Left));
        job.append("   ", 0.0, format(ui, Side::Both));
        job.append("only right", 0.0, format(ui, Side::Right));
        let same = self.pieces.iter().all(|piece| piece.side == Side::Both);
        if same && self.job.is_none() {
            job.append(
                "   The answers are the same, word by word",
                0.0,
                format(ui, Side::Both),
            );
        }
        job
    }
}

/// Not by colour alone: what only one side has is struck through or underlined.
fn format(ui: &Ui, side: Side) -> TextFormat {
    let palette = palette(ui);
    let mut format = TextFormat {
        font_id: FontId::proportional(font::BODY),
        color: palette.text,
        ..TextFormat::default()
    };
    match side {
        Side::Both => {}
        Side::Left => {
            format.background = palette.error_soft;
            format.strikethrough = Stroke::new(1.0, palette.error);
        }
        Side::Right => {
            format.background = palette.success_soft;
            format.underline = Stroke::new(1.0, palette.success);
        }
    }
    format
}
