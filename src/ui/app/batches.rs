//! Batch jobs of the list that is open: submitted, followed and read back, all of it in the background.

use std::sync::Arc;

use egui::Context;

use super::App;
use crate::alt_text::{
    Batch, BatchError, BatchFolder, BatchLimits, Paid, Step, Submission, Submitted,
};
use crate::bedrock::{Connection, S3Place};
use crate::store::{BatchJobs, ConversationId};
use crate::tasks::{Job, RunningImport, RunningSubmission, finished, follow};
use crate::ui::command::BatchCommand;
use crate::ui::numbers::thousands;
use crate::ui::screens::alt_text::ShownBatch;

/// Seconds between two looks at a job that runs within a day, and at one that is only played.
const FOLLOW_EVERY: f64 = 20.0;
const FOLLOW_SIMULATED_EVERY: f64 = 0.5;

/// A job, and the places of its pictures.
type Listed = (Batch, Vec<usize>);

/// Work under way on batch jobs.
#[derive(Default)]
pub struct BatchWork {
    listing: Option<Job<Result<Vec<Listed>, String>>>,
    submitting: Option<RunningSubmission>,
    following: Option<(String, Job<Result<Batch, String>>)>,
    importing: Option<(String, RunningImport)>,
    stopping: Option<Job<Result<(), String>>>,
    cleaning: Option<Job<Result<(), String>>>,
    keeping: Option<Job<Result<(), String>>>,
    /// Jobs whose answers are here and that are done with once their bills are in the ledger.
    billed: Vec<String>,
    /// When a job was looked at last, in the window's seconds, and whose turn is next.
    followed_at: f64,
    turn: usize,
}

impl BatchWork {
    /// Whether a job is being made.
    pub fn is_submitting(&self) -> bool {
        self.submitting.is_some()
    }
}

impl App {
    pub(super) fn batch(&mut self, command: BatchCommand) {
        match command {
            BatchCommand::Show => self.show_batch_dialog(),
            BatchCommand::Submit(fields) => self.submit_batch(&fields),
            BatchCommand::Cancel => {
                self.batch_work.submitting = None;
                let cancelled = Submitted {
                    ended_by: Some(BatchError::Cancelled),
                    ..Submitted::default()
                };
                self.alt_text.batches_mut().submitted(cancelled);
            }
            BatchCommand::Stop(id) => {
                let Some((session, batch)) = self.session_and_batch(&id) else {
                    return;
                };
                self.batch_work.stopping = Some(self.tasks.spawn(async move {
                    let stopped = batch.stop(&session).await;
                    stopped.map_err(|error| error.to_string())
                }));
            }
            BatchCommand::CleanUp(id) => {
                let Some((session, batch)) = self.session_and_batch(&id) else {
                    return;
                };
                self.batch_work.cleaning = Some(self.tasks.spawn(async move {
                    let removed = batch.clean_up(&session).await;
                    removed.map_err(|error| error.to_string())
                }));
            }
            BatchCommand::Retry(id) => {
                if let Some(shown) = self.alt_text.batches_mut().job_mut(&id) {
                    shown.problem = None;
                    self.batch_work.followed_at = f64::MIN;
                }
            }
            BatchCommand::PutAway(id) => self.settle(&id),
        }
    }

    fn session_and_batch(&mut self, id: &str) -> Option<(Connection, Batch)> {
        let connection = self.shared.session.ready()?.connection().clone();
        let batch = self.alt_text.batches_mut().job_mut(id)?.batch.clone();
        Some((connection, batch))
    }

    fn batch_folder(&self) -> Option<BatchFolder> {
        let folder = self.data_folder.as_ref()?;
        Some(BatchFolder::new(folder.file(BatchFolder::NAME)))
    }

    fn show_batch_dialog(&mut self) {
        if self.data_folder.is_none() {
            self.notices
                .failed("A batch job runs for hours and needs a data folder, and there is none");
            return;
        }
        let Some(session) = self.shared.session.ready() else {
            return;
        };
        let simulated = session.is_embedded();
        let before = self
            .preferences
            .settings()
            .and_then(|settings| settings.batch_jobs.as_ref());
        let images = self.alt_text.job().waiting().len();
        self.alt_text
            .batches_mut()
            .open_dialog(images, before, simulated);
    }

    fn submit_batch(&mut self, fields: &BatchJobs) {
        let Ok(place) = fields.place.parse::<S3Place>() else {
            return;
        };
        if !self.may_spend() {
            return;
        }
        let budget_left = self.budget_left();
        let (Some(folder), Some(session)) = (self.batch_folder(), self.shared.session.ready())
        else {
            return;
        };
        let job = self.alt_text.job();
        let Some((sources, options)) = job.to_submit(&self.shared.prices) else {
            return;
        };
        let list = job.id().to_string();
        let submission = Submission {
            id: format!("alt-text-{}", &ConversationId::new().to_string()[..13]),
            max_cost: options.max_cost.into_iter().chain(budget_left).min(),
            options,
            role_arn: fields.role_arn.trim().to_owned(),
            place,
            limits: BatchLimits::default(),
            list: Some(list),
        };
        let running = self
            .tasks
            .submit_batch(session, sources, submission, folder);
        self.batch_work.submitting = Some(running);
        self.preferences.remember_batch_jobs(fields.clone());
    }

    /// Looks for the jobs of the list that was opened.
    pub(super) fn list_batches(&mut self) {
        let Some(folder) = self.batch_folder() else {
            return;
        };
        let list = self.alt_text.job().id().to_string();
        // What another list is done with is still to be kept.
        let before = std::mem::take(&mut self.batch_work);
        self.batch_work.billed = before.billed;
        self.batch_work.keeping = before.keeping;
        self.batch_work.listing = Some(self.tasks.spawn_blocking(move || {
            let all = folder.all().map_err(|error| error.to_string())?;
            let is_of_list = |batch: &Batch| batch.list.as_deref() == Some(&list) && !batch.settled;
            let with_places = |batch: Batch| {
                let places = folder.places(&batch.id);
                (batch, places.unwrap_or_default())
            };
            Ok(all
                .into_iter()
                .filter(is_of_list)
                .map(with_places)
                .collect())
        }));
    }

    /// Takes in what came, and asks how far jobs are.
    pub(super) fn collect_batches(&mut self, ctx: &Context) {
        match finished(&mut self.batch_work.listing) {
            Some(Ok(batches)) => {
                let ids: Vec<&str> = batches.iter().map(|(batch, _)| batch.id.as_str()).collect();
                let list = &mut self.alt_text.job_mut().list;
                list.keep_batches(&ids);
                for (batch, places) in &batches {
                    list.found_in_batch(places, &batch.id);
                }
                let shown = batches.into_iter().map(|(batch, _)| ShownBatch::new(batch));
                self.alt_text.batches_mut().jobs = shown.collect();
                self.batch_work.followed_at = f64::MIN;
            }
            Some(Err(error)) => self.notices.failed(error),
            None => {}
        }
        self.collect_submission();
        self.collect_followed();
        self.collect_import();
        match finished(&mut self.batch_work.stopping) {
            Some(Ok(())) => self
                .notices
                .done("Stopping; what was answered by then is billed and comes into the list"),
            Some(Err(error)) => self.notices.failed(error),
            None => {}
        }
        match finished(&mut self.batch_work.cleaning) {
            Some(Ok(())) => self.notices.done("Its files in S3 are deleted"),
            Some(Err(error)) => self.notices.failed(error),
            None => {}
        }
        if let Some(Err(error)) = finished(&mut self.batch_work.keeping) {
            self.notices.failed(error);
        }
        self.settle_billed();
        self.follow_batches(ctx);
    }

    fn collect_submission(&mut self) {
        let Some(running) = &mut self.batch_work.submitting else {
            return;
        };
        while let Some(step) = running.try_next() {
            if let Step::Submitted { batch, places } = &step {
                self.alt_text.job_mut().list.put_in_batch(places, &batch.id);
            }
            self.alt_text.batches_mut().step(step);
        }
        let Some(submitted) = running.take() else {
            return;
        };
        self.batch_work.submitting = None;
        let list = &mut self.alt_text.job_mut().list;
        for (place, failure) in &submitted.failed {
            list.fail(*place, failure.clone());
        }
        if let Some(words) = self.alt_text.batches_mut().submitted(submitted) {
            self.notices.done(words);
        }
    }

    fn collect_followed(&mut self) {
        let Some((_, job)) = &mut self.batch_work.following else {
            return;
        };
        let Some(result) = job.take() else { return };
        let Some((id, _)) = self.batch_work.following.take() else {
            return;
        };
        let result = result.unwrap_or_else(|died| Err(died.to_string()));
        let Some(shown) = self.alt_text.batches_mut().job_mut(&id) else {
            return;
        };
        match result {
            Ok(batch) => {
                let gave_up = batch.is_over() && !batch.has_answers();
                shown.batch = batch;
                if gave_up {
                    self.alt_text.job_mut().list.leave_batch(&id);
                }
            }
            Err(problem) => shown.problem = Some(problem),
        }
    }

    fn collect_import(&mut self) {
        let Some((id, running)) = &mut self.batch_work.importing else {
            return;
        };
        let mut read = 0;
        while let Some(result) = running.try_next() {
            read += 1;
            let place = result.index;
            self.alt_text.job_mut().list.take(place, result);
        }
        let ended = running.take();
        let id = id.clone();
        if let Some(shown) = self.alt_text.batches_mut().job_mut(&id) {
            shown.reading = Some(shown.reading.unwrap_or_default() + read);
        }
        let Some(ended) = ended else { return };
        self.batch_work.importing = None;
        let bill = match (ended, self.alt_text.batches_mut().job_mut(&id)) {
            (Ok(taken), Some(shown)) => {
                shown.reading = None;
                shown.batch = taken.batch;
                let (done, failed) = (taken.imported.done, taken.imported.failed);
                shown.taken = Some(format!(
                    "{} texts came, {} failed",
                    thousands(done as u64),
                    thousands(failed as u64)
                ));
                taken.bill
            }
            (Err(problem), Some(shown)) => {
                shown.reading = None;
                shown.problem = Some(problem);
                return;
            }
            (_, None) => return,
        };
        if let Some(bill) = bill {
            self.alt_text.job_mut().book_batch(bill);
        }
        self.alt_text.job_mut().list.leave_batch(&id);
        self.batch_work.billed.push(id);
    }

    /// Is done with jobs whose bills are in the ledger: until then they would be read back, and billed, again.
    fn settle_billed(&mut self) {
        self.collect_spend();
        if self.batch_work.keeping.is_none()
            && self.keeping.has_recorded_all()
            && let Some(id) = self.batch_work.billed.pop()
        {
            self.settle(&id);
        }
    }

    /// The same before the program ends; waits for the disk.
    pub(super) fn settle_billed_at_once(&mut self) {
        while !self.batch_work.billed.is_empty() && self.keeping.has_recorded_all() {
            if let Some(keeping) = self.batch_work.keeping.take() {
                keeping.wait().ok();
            }
            self.settle_billed();
        }
        if let Some(keeping) = self.batch_work.keeping.take() {
            keeping.wait().ok();
        }
    }

    /// Keeps that nothing more is to be done with a job.
    fn settle(&mut self, id: &str) {
        let Some(folder) = self.batch_folder() else {
            return;
        };
        let id = id.to_owned();
        let kept = self
            .alt_text
            .batches_mut()
            .job_mut(&id)
            .map(|shown| shown.batch.clone());
        self.batch_work.keeping = Some(self.tasks.spawn_blocking(move || {
            let mut batch = match kept {
                Some(batch) => batch,
                None => folder.load(&id).map_err(|error| error.to_string())?,
            };
            batch.settled = true;
            folder.save(&batch).map_err(|error| error.to_string())
        }));
    }

    /// Asks how far the next job is when it is time, and reads the answers of one that is done.
    fn follow_batches(&mut self, ctx: &Context) {
        if self.alt_text.batches_mut().jobs.is_empty() {
            return;
        }
        let (Some(folder), Some(session)) = (self.batch_folder(), self.shared.session.ready())
        else {
            return;
        };
        let region = session.connection().region();
        let jobs = &self.alt_text.batches_mut().jobs;
        let idle = |shown: &&ShownBatch| {
            shown.problem.is_none() && shown.taken.is_none() && shown.batch.region == region
        };
        let done = jobs
            .iter()
            .filter(idle)
            .find(|shown| shown.batch.has_answers());
        if self.batch_work.importing.is_none()
            && let Some(shown) = done
        {
            let batch = shown.batch.clone();
            let paid = self
                .keeping
                .store()
                .map(|store| Paid::reused(Arc::new(store)));
            let prices = self.shared.prices.clone();
            let id = batch.id.clone();
            let running = self
                .tasks
                .import_batch(session, batch, folder.clone(), prices, paid);
            self.batch_work.importing = Some((id, running));
        }
        let open: Vec<&ShownBatch> = jobs
            .iter()
            .filter(idle)
            .filter(|shown| !shown.batch.is_over())
            .collect();
        let Some(first) = open.first() else { return };
        let every = if first.batch.simulated {
            FOLLOW_SIMULATED_EVERY
        } else {
            FOLLOW_EVERY
        };
        let now = ctx.input(|input| input.time);
        let due = self.batch_work.followed_at + every;
        if self.batch_work.following.is_some() {
            return;
        }
        if now < due {
            ctx.request_repaint_after(std::time::Duration::from_secs_f64(due - now));
            return;
        }
        // Each in its turn.
        let turn = self.batch_work.turn % open.len();
        let batch = open[turn].batch.clone();
        self.batch_work.turn = turn + 1;
        self.batch_work.followed_at = now;
        let (id, connection) = (batch.id.clone(), session.connection().clone());
        let job = self
            .tasks
            .spawn(async move { follow(&connection, &folder, batch).await });
        self.batch_work.following = Some((id, job));
    }
}
