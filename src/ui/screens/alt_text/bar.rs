//! The foot of the screen: what is to be done next, how far it is, and what it costs.

use egui::{Label, Ui};

use super::estimate::Forecast;
use super::job::{OpenJob, Progress};
use crate::alt_text::{Counts, Ending, Filter};
use crate::pricing::Usd;
use crate::ui::command::{AltTextCommand, BatchCommand};
use crate::ui::icons;
use crate::ui::numbers::thousands;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette};
use crate::ui::widgets::{Interruption, job_progress, primary_button, secondary_button};
use crate::ui::{Command, Commands};

/// Room for the buttons and words beside them, in points.
const ROOM_FOR_WORDS: f32 = 760.0;

/// The same where nothing is left to be sent.
const ROOM_FOR_FEW: f32 = 400.0;

pub(super) fn ui(
    ui: &mut Ui,
    job: &OpenJob,
    counts: &Counts,
    forecast: &Forecast,
    shared: &Shared,
    commands: &mut Commands,
) {
    match job.progress() {
        Some(progress) => running(ui, job, progress, commands),
        None => waiting(ui, job, counts, forecast, shared, commands),
    }
}

fn running(ui: &mut Ui, job: &OpenJob, progress: Progress, commands: &mut Commands) {
    let mut parts = Vec::new();
    if progress.stopping {
        parts.push("pausing: what was sent still comes".to_owned());
    } else if let Some(seconds) = progress.seconds_left {
        parts.push(time_left(seconds));
    }
    if let Some(requests) = job.throttled_to {
        parts.push(format!("Bedrock throttles: {requests} at once"));
    }
    parts.extend(spent(job));
    let interruption = job_progress(
        ui,
        "Progress of the alt texts",
        (progress.finished, progress.total),
        &parts.join(" · "),
        progress.stopping,
    );
    if let Some(interruption) = interruption {
        commands.push(Command::AltText(match interruption {
            Interruption::Pause => AltTextCommand::Pause,
            Interruption::Cancel => AltTextCommand::Cancel,
        }));
    }
}

fn waiting(
    ui: &mut Ui,
    job: &OpenJob,
    counts: &Counts,
    forecast: &Forecast,
    shared: &Shared,
    commands: &mut Commands,
) {
    let waiting = counts.of(Filter::Waiting);
    let failed = counts.of(Filter::Failed);
    let reason = unready(job, shared);
    let words = words(job, counts, forecast, reason);
    let room = if waiting > 0 {
        ROOM_FOR_WORDS
    } else {
        ROOM_FOR_FEW
    };
    let is_wide = ui.available_width() >= room || (waiting == 0 && failed == 0);
    ui.horizontal(|ui| {
        if waiting > 0 {
            let label = match (waiting, job.list.taken().tokens_in) {
                (1, 0) => "Write alt text for 1 image".to_owned(),
                (count, 0) => format!("Write alt text for {} images", thousands(count as u64)),
                (count, _) => format!("Go on: {} left", thousands(count as u64)),
            };
            let start = primary_button(ui, reason.is_none(), icons::ALT_TEXT, &label)
                .on_hover_text(Command::Send.keys(ui.ctx()))
                .on_disabled_hover_text(reason.unwrap_or_default());
            if start.clicked() {
                commands.push(Command::AltText(AltTextCommand::Start));
            }
        }
        if waiting > 0 && counts.of(Filter::InBatch) == 0 && reason.is_none() {
            let batch = secondary_button(ui, icons::BATCH, "As a batch job…")
                .on_hover_text("Within a day, mostly for half the price");
            if batch.clicked() {
                commands.push(Command::AltText(AltTextCommand::Batch(BatchCommand::Show)));
            }
        }
        if failed > 0 {
            let label = format!("Retry {failed} failed");
            if secondary_button(ui, icons::RETRY, &label).clicked() {
                commands.push(Command::AltText(AltTextCommand::RetryFailed));
            }
        }
        if is_wide {
            words_beside(ui, &words);
        }
    });
    if !is_wide {
        for line in &words {
            ui.label(theme::small(line).color(palette(ui).text_secondary));
        }
    }
}

/// Words right of the buttons; a single line stands in their middle.
fn words_beside(ui: &mut Ui, words: &[String]) {
    let color = palette(ui).text_secondary;
    let line = |ui: &mut Ui, words: &str| {
        ui.add(Label::new(theme::small(words).color(color)).truncate())
            .on_hover_text(words);
    };
    if let [words] = words {
        line(ui, words);
        return;
    }
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        for words in words {
            line(ui, words);
        }
    });
}

/// What will be asked for and what that costs, and what it has taken so far: a line each.
fn words(
    job: &OpenJob,
    counts: &Counts,
    forecast: &Forecast,
    reason: Option<&'static str>,
) -> Vec<String> {
    let mut lines = Vec::new();
    match (reason, forecast.shown, counts.of(Filter::Waiting)) {
        (Some(reason), _, 1..) => lines.push(reason.to_owned()),
        (None, Some(estimate), 1..) => {
            let dollar = estimate
                .images_for_a_dollar()
                .map(|images| format!(" · about {} images a dollar", thousands(images)))
                .unwrap_or_default();
            lines.push(format!(
                "About {}, at most {}{dollar}",
                estimate.about, estimate.at_most
            ));
        }
        (None, None, 1..) if forecast.is_working() => {
            lines.push("Working out the price…".to_owned());
        }
        (None, None, 1..) => lines.push("The price of this model is not known".to_owned()),
        (_, _, 0) => {
            let [approved, all] =
                [Filter::Approved, Filter::All].map(|filter| thousands(counts.of(filter) as u64));
            lines.push(format!("{approved} of {all} approved"));
        }
    }
    let mut parts = Vec::new();
    match job.ended {
        Some(Ending::CapReached) => {
            parts.push("Stopped before the limit you set would be passed".to_owned());
        }
        Some(Ending::Stopped) => parts.push("Paused".to_owned()),
        Some(Ending::Complete) | None => {}
    }
    parts.extend(spent(job));
    if !parts.is_empty() {
        lines.push(parts.join(" · "));
    }
    lines
}

/// Why nothing can be asked.
pub(super) fn unready(job: &OpenJob, shared: &Shared) -> Option<&'static str> {
    if shared.session.ready().is_none() {
        return Some("There is no connection yet");
    }
    let Some(id) = &job.settings.model_id else {
        return Some("Choose a model that takes images");
    };
    let model = shared.catalog.ready()?.model(id)?;
    (!model.describes_images()).then_some("This model takes no images: choose another")
}

/// What the job has taken so far.
fn spent(job: &OpenJob) -> Vec<String> {
    let taken = job.list.taken();
    let mut parts = Vec::new();
    // Where not all of it fits, what is first is seen.
    if taken.charged != Usd::ZERO {
        parts.push(format!("{} spent", taken.charged));
    }
    if taken.simulated != Usd::ZERO {
        parts.push(format!(
            "simulated, not charged ({} on AWS)",
            taken.simulated
        ));
    }
    if taken.unknown > 0 {
        parts.push(format!(
            "{} of unknown cost",
            thousands(taken.unknown as u64)
        ));
    }
    if taken.tokens_in > 0 {
        parts.push(format!(
            "{} tokens in, {} out",
            thousands(taken.tokens_in),
            thousands(taken.tokens_out)
        ));
    }
    parts
}

fn time_left(seconds: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rough word about time"
    )]
    let seconds = seconds.clamp(0.0, 1e7) as u64;
    match seconds {
        0..=4 => "a few seconds left".to_owned(),
        5..=89 => format!("about {} seconds left", seconds.div_ceil(5) * 5),
        90..=5_399 => format!("about {} minutes left", (seconds + 30) / 60),
        _ => format!("about {} hours left", (seconds + 1_800) / 3_600),
    }
}
