//! The same list as batch jobs: the dialog that submits them, and how those under way are shown.
//!
//! It draws and asks; the service, S3 and the disk are reached by commands alone.

use egui::{Align, Label, Layout, ProgressBar, Ui};

use super::estimate::Forecast;
use crate::alt_text::{Batch, BatchLimits, Step, Submitted};
use crate::bedrock::S3Place;
use crate::store::BatchJobs;
use crate::ui::command::{AltTextCommand, BatchCommand};
use crate::ui::icons;
use crate::ui::numbers::thousands;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{
    Alert, AlertKind, accessible_name, at_the_end, dialog, icon_button, link_button,
    primary_button, secondary_button, spinner, text_field,
};
use crate::ui::{Command, Commands};

const WIDTH: f32 = 560.0;

/// What a bucket and a role look like, for where they are only played.
const EXAMPLE_PLACE: &str = "s3://demo-bucket/alt-text";
const EXAMPLE_ROLE: &str = "arn:aws:iam::123456789012:role/DemoBatchInference";

/// A batch job of the list that is open.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownBatch {
    /// The job, as the service spoke of it last.
    pub batch: Batch,
    /// How many answers were read back so far, while they are.
    pub reading: Option<usize>,
    /// Why it could not be asked about, or its answers not be read.
    pub problem: Option<String>,
    /// How its answers were, once they are in the list.
    pub taken: Option<String>,
}

impl ShownBatch {
    /// A job of which no more is known than what was kept.
    pub fn new(batch: Batch) -> Self {
        Self {
            batch,
            reading: None,
            problem: None,
            taken: None,
        }
    }
}

/// The dialog, and the jobs of the open list.
#[derive(Default)]
pub struct Batches {
    dialog: Option<BatchDialog>,
    /// The jobs, the oldest first.
    pub jobs: Vec<ShownBatch>,
}

/// What the dialog shows.
struct BatchDialog {
    fields: BatchJobs,
    images: usize,
    simulated: bool,
    problem: Option<String>,
    step: Option<Step>,
    done: Option<Submitted>,
}

impl Batches {
    /// Opens the dialog for so many pictures on what was typed before.
    pub fn open_dialog(&mut self, images: usize, before: Option<&BatchJobs>, simulated: bool) {
        let example = || BatchJobs {
            place: EXAMPLE_PLACE.to_owned(),
            role_arn: EXAMPLE_ROLE.to_owned(),
        };
        let fields = before.cloned();
        self.dialog = Some(BatchDialog {
            fields: fields.unwrap_or_else(|| {
                if simulated {
                    example()
                } else {
                    BatchJobs::default()
                }
            }),
            images,
            simulated,
            problem: None,
            step: None,
            done: None,
        });
    }

    /// A step of submitting was taken.
    pub fn step(&mut self, step: Step) {
        if let Step::Submitted { batch, .. } = &step {
            self.jobs.push(ShownBatch::new(batch.as_ref().clone()));
        }
        if let Some(dialog) = &mut self.dialog {
            dialog.step = Some(step);
        }
    }

    /// Submitting has ended; gives what to say when nothing is left to be decided.
    pub fn submitted(&mut self, submitted: Submitted) -> Option<String> {
        let dialog = self.dialog.as_mut()?;
        dialog.step = None;
        if submitted.ended_by.is_none() && submitted.failed.is_empty() {
            self.dialog = None;
            let images: u64 = submitted.batches.iter().map(|batch| batch.records).sum();
            return Some(match submitted.batches.len() {
                1 => format!("{} images are in a batch job", thousands(images)),
                jobs => format!("{} images are in {jobs} batch jobs", thousands(images)),
            });
        }
        if submitted.batches.is_empty() {
            dialog.problem = submitted.ended_by.as_ref().map(ToString::to_string);
        }
        dialog.done = (!submitted.batches.is_empty()).then_some(submitted);
        None
    }

    /// The job of this name.
    pub fn job_mut(&mut self, id: &str) -> Option<&mut ShownBatch> {
        self.jobs.iter_mut().find(|shown| shown.batch.id == id)
    }

    /// Draws the dialog where it is open.
    pub fn dialog_ui(&mut self, ui: &mut Ui, forecast: &Forecast, commands: &mut Commands) {
        let Some(state) = &mut self.dialog else {
            return;
        };
        let busy = state.step.is_some();
        let closed = dialog(ui, "Alt text as a batch job", WIDTH, |ui| {
            if let Some(done) = &state.done {
                outcome(ui, done);
            } else if let Some(step) = &state.step {
                running(ui, step, commands);
            } else {
                state.form(ui, forecast, commands);
            }
        });
        if closed {
            if busy {
                commands.push(batch_command(BatchCommand::Cancel));
            }
            self.dialog = None;
        }
    }

    /// How high the jobs are drawn is up to them; nothing is drawn without any.
    pub fn jobs_ui(&mut self, ui: &mut Ui, commands: &mut Commands) {
        let mut put_away = None;
        for shown in &self.jobs {
            if job(ui, shown, commands) {
                put_away = Some(shown.batch.id.clone());
            }
        }
        if let Some(id) = put_away {
            self.jobs.retain(|shown| shown.batch.id != id);
            commands.push(batch_command(BatchCommand::PutAway(id)));
        }
    }
}

impl BatchDialog {
    fn form(&mut self, ui: &mut Ui, forecast: &Forecast, commands: &mut Commands) {
        let secondary = palette(ui).text_secondary;
        let what = format!(
            "Bedrock answers within a day, mostly for half the price. The {} images that wait go to S3 as \
             records; the texts come into this list when they are there, also after a restart.",
            thousands(self.images as u64)
        );
        ui.add(Label::new(theme::small(what).color(secondary)).wrap());
        ui.add_space(space::S);
        ui.label("Folder in S3");
        text_field(
            ui,
            "Folder in S3",
            "s3://my-bucket/alt-text",
            &mut self.fields.place,
        );
        ui.label("Role that Bedrock takes to read and write there");
        let hint = "arn:aws:iam::123456789012:role/BatchInference";
        text_field(ui, "Role ARN", hint, &mut self.fields.role_arn);
        if self.simulated {
            let note =
                "Both are only played here: nothing leaves this machine, and nothing is charged.";
            ui.label(theme::small(note).color(secondary));
        }
        ui.add_space(space::XXS);
        if let Some(estimate) = forecast.shown {
            let words = match estimate.in_batch {
                Some(batch) => format!("About {batch} as a batch job, {} at once", estimate.about),
                None => format!(
                    "What this model costs in a batch job is not known; at once it is about {}",
                    estimate.about
                ),
            };
            ui.label(words);
        }
        if let Some(problem) = &self.problem {
            ui.add_space(space::XS);
            Alert::new(AlertKind::Error, "Nothing was submitted")
                .line(problem)
                .show(ui, |_| {});
        }
        ui.add_space(space::M);
        self.submit_ui(ui, commands);
    }

    /// The button, and beside it why it cannot be pressed: nothing typed here makes more images of too few.
    fn submit_ui(&mut self, ui: &mut Ui, commands: &mut Commands) {
        let reason = self.unready();
        ui.horizontal(|ui| {
            at_the_end(ui, ("submit a batch job", &reason), |ui| {
                if let Some(reason) = &reason {
                    ui.label(theme::small(reason).color(palette(ui).text_secondary));
                }
                let is_ready = reason.is_none();
                if primary_button(ui, is_ready, icons::BATCH, "Check and submit").clicked() {
                    self.problem = None;
                    self.step = Some(Step::Preparing {
                        done: 0,
                        total: self.images,
                    });
                    commands.push(batch_command(BatchCommand::Submit(self.fields.clone())));
                }
            });
        });
    }

    fn unready(&self) -> Option<String> {
        let fewest = BatchLimits::default().fewest_records;
        let waiting = self.images as u64;
        if waiting < fewest {
            let images = if waiting == 1 {
                "image waits"
            } else {
                "images wait"
            };
            return Some(format!(
                "{waiting} {images}, and a batch job takes at least {fewest}"
            ));
        }
        if self.fields.place.parse::<S3Place>().is_err() {
            return Some("The folder in S3 looks like s3://bucket/folder".to_owned());
        }
        let has_role = !self.fields.role_arn.trim().is_empty();
        (!has_role).then(|| "Bedrock needs a role to read and write in the bucket".to_owned())
    }
}

fn batch_command(command: BatchCommand) -> Command {
    Command::AltText(AltTextCommand::Batch(command))
}

/// What was submitted, and what was not.
fn outcome(ui: &mut Ui, done: &Submitted) {
    let images: u64 = done.batches.iter().map(|batch| batch.records).sum();
    ui.label(format!(
        "{} images are in {} batch jobs.",
        thousands(images),
        thousands(done.batches.len() as u64)
    ));
    if !done.failed.is_empty() {
        ui.label(format!(
            "{} images could not be opened:",
            thousands(done.failed.len() as u64)
        ));
        for (_, failure) in done.failed.iter().take(3) {
            let color = palette(ui).error;
            ui.add(Label::new(theme::small(&failure.message).color(color)).wrap());
        }
    }
    if let Some(reason) = &done.ended_by {
        let left = format!(
            "{} images still wait. {reason}",
            thousands(done.left.len() as u64)
        );
        ui.add(Label::new(left).wrap());
    }
}

fn running(ui: &mut Ui, step: &Step, commands: &mut Commands) {
    #[expect(clippy::cast_precision_loss, reason = "a share of a bar")]
    let share = |part: u64, all: u64| part as f32 / all.max(1) as f32;
    let (share, words) = match step {
        Step::Preparing { done, total } => (
            share(*done as u64, *total as u64),
            format!(
                "{} of {} images prepared",
                thousands(*done as u64),
                thousands(*total as u64)
            ),
        ),
        Step::Prepared { records, bytes, .. } => (
            1.0,
            format!(
                "{} images, {} MB to upload",
                thousands(*records),
                thousands(bytes / 1_000_000)
            ),
        ),
        Step::Uploading { sent, bytes } => (
            share(*sent, *bytes),
            format!(
                "{} of {} MB uploaded",
                thousands(sent / 1_000_000),
                thousands(bytes / 1_000_000)
            ),
        ),
        Step::Submitted { batch, .. } => (1.0, format!("{} was submitted", batch.id)),
    };
    ui.add_space(space::S);
    let fill = palette(ui).accent;
    let bar = ui.add(ProgressBar::new(share).desired_height(6.0).fill(fill));
    accessible_name(&bar, "Progress of the batch job");
    ui.label(words);
    ui.add_space(space::M);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if secondary_button(ui, icons::CLOSE, "Do not submit").clicked() {
            commands.push(batch_command(BatchCommand::Cancel));
        }
    });
}

/// Draws a job in one row; true when it shall be put away.
fn job(ui: &mut Ui, shown: &ShownBatch, commands: &mut Commands) -> bool {
    let batch = &shown.batch;
    let mut put_away = false;
    let row = egui::vec2(ui.available_width(), theme::size::CONTROL);
    ui.allocate_ui_with_layout(row, Layout::right_to_left(Align::Center), |ui| {
        let id = &batch.id;
        let wish = |command: fn(String) -> BatchCommand| batch_command(command(id.clone()));
        let is_idle = shown.reading.is_none();
        let needs_nothing = batch.is_over() && (shown.taken.is_some() || !batch.has_answers());
        if needs_nothing && icon_button(ui, icons::CLOSE, &format!("Put {id} away")).clicked() {
            put_away = true;
        }
        if shown.taken.is_some() && link_button(ui, "Delete its files in S3").clicked() {
            commands.push(wish(BatchCommand::CleanUp));
        }
        if shown.problem.is_some() && is_idle && link_button(ui, "Try again").clicked() {
            commands.push(wish(BatchCommand::Retry));
        }
        if !batch.is_over() && link_button(ui, "Stop").clicked() {
            commands.push(wish(BatchCommand::Stop));
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            if !batch.is_over() || !is_idle {
                spinner(ui);
            } else {
                let color = palette(ui).text_secondary;
                icons::paint(ui, icons::BATCH, theme::size::ICON, color);
            }
            let words = state(shown);
            let color = match &shown.problem {
                Some(_) => palette(ui).error,
                None => palette(ui).text,
            };
            ui.add(Label::new(egui::RichText::new(&words).color(color)).truncate())
                .on_hover_text(format!("{words}\n{id}"));
        });
    });
    put_away
}

/// How a job is, in words.
fn state(shown: &ShownBatch) -> String {
    let batch = &shown.batch;
    let images = thousands(batch.records);
    let head = if batch.simulated {
        "Simulated batch job"
    } else {
        "Batch job"
    };
    if let Some(problem) = &shown.problem {
        return format!("{head} of {images} images: {problem}");
    }
    if let Some(taken) = &shown.taken {
        return format!("{head} of {images} images: {taken}");
    }
    if let Some(read) = shown.reading {
        return format!("{head}: {} of {images} texts read", thousands(read as u64));
    }
    let status = match batch.status.as_deref() {
        Some("Submitted" | "Validating" | "Scheduled") => "waits for its turn",
        Some("InProgress") => "under way",
        Some("Stopping") => "stopping",
        Some("Completed" | "PartiallyCompleted") => "done",
        Some("Stopped") => "stopped",
        Some("Expired") => "ran out of time",
        Some("Failed") => "failed",
        _ => "unknown",
    };
    let answered = batch
        .succeeded
        .map(|count| format!(", {} answered", thousands(count)))
        .unwrap_or_default();
    let message = batch
        .message
        .as_deref()
        .map(|message| format!(". {message}"))
        .unwrap_or_default();
    format!("{head} of {images} images: {status}{answered}{message}")
}
