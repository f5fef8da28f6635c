//! How far a job is, and the two ways to end it before its time.

use egui::{Label, ProgressBar, Ui};

use super::button::secondary_button;
use super::ends_apart::ends_apart;
use super::name::accessible_name;
use crate::ui::icons;
use crate::ui::numbers::thousands;
use crate::ui::theme::{self, palette, space};

/// How a person ends a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interruption {
    /// What was sent still comes.
    Pause,
    /// Nothing more comes.
    Cancel,
}

/// A bar, how many of all are done, `words` about it, and the buttons. One that is `stopping` cannot be paused
/// again.
pub fn job_progress(
    ui: &mut Ui,
    name: &str,
    (finished, total): (usize, usize),
    words: &str,
    stopping: bool,
) -> Option<Interruption> {
    #[expect(clippy::cast_precision_loss, reason = "a share of a bar")]
    let share = finished as f32 / total.max(1) as f32;
    let fill = palette(ui).accent;
    let bar = ui.add(ProgressBar::new(share).desired_height(6.0).fill(fill));
    accessible_name(&bar, name);
    ui.add_space(space::XXS);
    let mut interruption = None;
    ui.horizontal(|ui| {
        ends_apart(
            ui,
            "progress and its end",
            |ui| {
                let (finished, total) = (thousands(finished as u64), thousands(total as u64));
                ui.label(theme::strong(format!("{finished} of {total}")));
                let color = palette(ui).text_secondary;
                ui.add(Label::new(theme::small(words).color(color)).truncate())
                    .on_hover_text(words);
            },
            |ui| {
                if !stopping && secondary_button(ui, icons::PAUSE, "Pause").clicked() {
                    interruption = Some(Interruption::Pause);
                }
                if secondary_button(ui, icons::CLOSE, "Cancel").clicked() {
                    interruption = Some(Interruption::Cancel);
                }
            },
        );
    });
    interruption
}
