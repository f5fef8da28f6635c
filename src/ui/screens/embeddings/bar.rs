//! The foot of the screen: what is to be sent, what it costs, how far it is.

use egui::{Label, Ui};

use super::open::{OpenCollection, Progress};
use super::outlook::Known;
use crate::embeddings::Forecast;
use crate::tasks::embed::Ending;
use crate::ui::command::EmbeddingsCommand;
use crate::ui::icons;
use crate::ui::numbers::thousands;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, palette, size};
use crate::ui::widgets::{Interruption, job_progress, primary_button, secondary_button};
use crate::ui::{Command, Commands};

pub(super) fn ui(
    ui: &mut Ui,
    open: &OpenCollection,
    known: &Known,
    shared: &Shared,
    commands: &mut Commands,
) {
    match open.progress() {
        Some(progress) => running(ui, open, progress, commands),
        None => waiting(ui, open, known, shared, commands),
    }
}

fn running(ui: &mut Ui, open: &OpenCollection, progress: Progress, commands: &mut Commands) {
    let mut words = taken(open).unwrap_or_default();
    if progress.stopping {
        words = format!("pausing: what was sent still comes · {words}");
    }
    let interruption = job_progress(
        ui,
        "Progress of the embeddings",
        (progress.finished, progress.total),
        &words,
        progress.stopping,
    );
    if let Some(interruption) = interruption {
        commands.push(Command::Embeddings(match interruption {
            Interruption::Pause => EmbeddingsCommand::Pause,
            Interruption::Cancel => EmbeddingsCommand::Cancel,
        }));
    }
}

fn waiting(
    ui: &mut Ui,
    open: &OpenCollection,
    known: &Known,
    shared: &Shared,
    commands: &mut Commands,
) {
    let (count, unfit) = (open.to_send(), known.unfit.len());
    let reason = if shared.session.ready().is_none() {
        Some("There is no connection yet".to_owned())
    } else {
        open.settings
            .problem()
            .or_else(|| (count <= unfit).then(|| "No text waits that can be sent".to_owned()))
    };
    ui.horizontal(|ui| {
        if count > 0 {
            let again = if open.is_changed() { " anew" } else { "" };
            let sent = (count - unfit.min(count)) as u64;
            let label = match sent {
                1 => format!("Embed 1 text{again}"),
                sent => format!("Embed {} texts{again}", thousands(sent)),
            };
            let start = primary_button(ui, reason.is_none(), icons::EMBEDDINGS, &label)
                .on_disabled_hover_text(reason.as_deref().unwrap_or_default());
            if start.clicked() {
                commands.push(Command::Embeddings(EmbeddingsCommand::Start));
            }
        }
        if known.failed > 0 {
            let label = format!("Retry {} failed", thousands(known.failed as u64));
            if secondary_button(ui, icons::RETRY, &label).clicked() {
                commands.push(Command::Embeddings(EmbeddingsCommand::RetryFailed));
            }
        }
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            let color = palette(ui).text_secondary;
            let mut lines = Vec::new();
            if count > 0 {
                lines.push(reason.unwrap_or_else(|| words(&known.forecast)));
            }
            let mut parts = Vec::new();
            match open.ended {
                Some(Ending::CapReached) => {
                    parts.push("Stopped before the limit would be passed".to_owned());
                }
                Some(Ending::Stopped) => parts.push("Paused".to_owned()),
                Some(Ending::Complete) | None => {}
            }
            parts.extend(taken(open));
            if !parts.is_empty() {
                lines.push(parts.join(" · "));
            }
            if lines.len() == 1 && (count > 0 || known.failed > 0) {
                // In the middle of the button beside it.
                ui.add_space((size::CONTROL - size::LINE) / 2.0);
            }
            for line in lines {
                ui.add(Label::new(theme::small(line).color(color)).truncate());
            }
        });
    });
}

/// What it will take, in words: first what it costs, for in a narrow window the end is left out.
pub(super) fn words(forecast: &Forecast) -> String {
    let cost = match forecast.cost {
        Some((low, high)) if low == high => format!("about {high}"),
        Some((low, high)) => format!("{low} to {high}"),
        None => "price unknown".to_owned(),
    };
    format!(
        "{cost}, about {} to {} tokens in {}",
        thousands(forecast.tokens.low),
        thousands(forecast.tokens.high),
        requests(forecast.requests as u64)
    )
}

fn requests(count: u64) -> String {
    match count {
        1 => "1 request".to_owned(),
        many => format!("{} requests", thousands(many)),
    }
}

/// What was taken so far, in words.
fn taken(open: &OpenCollection) -> Option<String> {
    let taken = open.list.taken;
    if taken.requests == 0 {
        return None;
    }
    let cost = if taken.unknown > 0 {
        "cost unknown".to_owned()
    } else if taken.simulated {
        format!("simulated, not charged ({} on AWS)", taken.cost)
    } else {
        format!("{} spent", taken.cost)
    };
    let requests = requests(taken.requests);
    let tokens = thousands(taken.tokens);
    Some(format!("{tokens} tokens in {requests}, {cost}"))
}
