//! A judge at work, and the dialog that sets it up.

use egui::Ui;

use crate::catalog::ModelId;
use crate::chat::{ContentBlock, Invocation, Message, Request, Transcript};
use crate::compare::{
    Comparison, DEFAULT_RUBRIC, HIGHEST_SCORE, Judgement, Run, RunRef, Summary, judge_request,
};
use crate::tasks::{InvocationEvent, RunningInvocation, Session, Tasks};
use crate::ui::icons;
use crate::ui::numbers::thousands;
use crate::ui::screens::limit::Limit;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{
    at_the_end, caption, dialog, primary_button, secondary_button, text_area, word_button,
};
use crate::ui::{Command, Commands};

use super::CompareCommand;
use crate::pricing::Prices;

/// Answers judged at once.
const AT_ONCE: usize = 4;
const WIDTH: f32 = 520.0;

/// The judge, its rubric, and the answers it still has to read.
pub struct Judging {
    pub model: Option<ModelId>,
    rubric: String,
    /// What the scores of this visit were given by; other scores than these are as good as none.
    by: Option<(ModelId, String)>,
    waiting: Vec<RunRef>,
    running: Vec<Reading>,
    total: usize,
    pub is_open: bool,
}

/// An answer that is being judged.
struct Reading {
    at: RunRef,
    call: RunningInvocation,
    said: Transcript,
    /// What the person calls the connection it was sent to.
    connection: String,
}

/// A call of the judge that is over.
pub struct Judged {
    pub said: Message,
    pub invocation: Invocation,
    /// What the person calls the connection it was sent to.
    pub connection: String,
}

impl Reading {
    fn judged(&self) -> Option<Judged> {
        let (_, turn) = self.said.last()?;
        Some(Judged {
            said: turn.message.clone(),
            invocation: turn.invocation.clone()?,
            connection: self.connection.clone(),
        })
    }
}

impl Default for Judging {
    fn default() -> Self {
        Self {
            model: None,
            rubric: DEFAULT_RUBRIC.to_owned(),
            by: None,
            waiting: Vec::new(),
            running: Vec::new(),
            total: 0,
            is_open: false,
        }
    }
}

impl Judging {
    /// Whether answers are being judged.
    pub fn is_busy(&self) -> bool {
        !self.waiting.is_empty() || !self.running.is_empty()
    }

    /// How many answers are judged, of how many.
    pub fn progress(&self) -> (usize, usize) {
        let left = self.waiting.len() + self.running.len();
        (self.total.saturating_sub(left), self.total)
    }

    /// Has the answers judged that are due.
    pub fn begin(&mut self, comparison: &Comparison) {
        let Some(judge) = self.model.clone() else {
            return;
        };
        self.waiting = self.due(comparison);
        self.waiting.reverse();
        self.total = self.waiting.len();
        self.by = Some((judge, self.rubric.clone()));
    }

    /// The whole answers that are judged next.
    fn due(&self, comparison: &Comparison) -> Vec<RunRef> {
        let verdicts = comparison.verdicts();
        let has_score = |run: &Run<'_>| {
            let judgement = verdicts.judgement(run.at);
            judgement.is_some_and(|judgement| judgement.score.is_ok())
        };
        let columns = comparison.columns().iter();
        let runs = columns.flat_map(|column| comparison.runs(column.id));
        let whole: Vec<Run<'_>> = runs.filter(Run::is_complete).collect();
        let scored = whole.iter().filter(|run| has_score(run)).count();
        let (_, again) = self.how_many(whole.len(), scored);
        let due = whole.iter().filter(|run| again || !has_score(run));
        due.map(|run| run.at).collect()
    }

    /// Of so many whole answers and scores: how many are judged next, and whether once more. Those without a
    /// score; all of them where each has one, or where judge or rubric is another than before.
    fn how_many(&self, whole: usize, scored: usize) -> (usize, bool) {
        let is_other = self.by.as_ref().is_some_and(|(judge, rubric)| {
            Some(judge) != self.model.as_ref() || *rubric != self.rubric
        });
        let again = scored > 0 && (is_other || scored == whole);
        (if again { whole } else { whole - scored }, again)
    }

    /// What the judge is asked of an answer.
    fn request(&self, comparison: &Comparison, at: RunRef) -> Option<Request> {
        let (judge, rubric) = self.by.as_ref()?;
        let run = comparison.run(at)?;
        let asked: &[ContentBlock] = run.prompt.map_or(&[], |prompt| &prompt.content);
        let answer = run.message.text();
        Some(judge_request(judge, rubric, asked, &answer))
    }

    /// Whether a call waits to be made.
    pub fn waits(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Makes no further call; those under way come to their end.
    pub fn ask_no_more(&mut self) {
        self.waiting.clear();
    }

    /// Gives up what is not judged yet. The calls that were under way.
    pub fn stop(&mut self) -> Vec<Judged> {
        self.ask_no_more();
        let mut stopped = std::mem::take(&mut self.running);
        for reading in &mut stopped {
            reading.said.stop(reading.call.id());
        }
        stopped.iter().filter_map(Reading::judged).collect()
    }

    /// Starts what may start now.
    pub fn advance(
        &mut self,
        comparison: &Comparison,
        limit: &mut Limit,
        prices: &Prices,
        tasks: &mut Tasks,
        session: &Session,
    ) {
        let region = session.connection().region();
        while self.running.len() < AT_ONCE
            && !limit.is_holding()
            && let Some(at) = self.waiting.last().copied()
        {
            let request = self.request(comparison, at);
            if let Some(request) = &request
                && limit.holds(request, region, prices)
            {
                return;
            }
            self.waiting.pop();
            // Its column may have been removed.
            let Some(request) = request else { continue };
            let model = request.model_id.clone();
            let call = tasks.invoke(session, request);
            let mut said = Transcript::default();
            said.begin(Invocation::new(call.id(), model, region));
            self.running.push(Reading {
                at,
                call,
                said,
                connection: session.label(),
            });
        }
    }

    /// Takes in what the judge said; the calls that are over.
    pub fn collect(&mut self, comparison: &mut Comparison) -> Vec<Judged> {
        let mut over = Vec::new();
        for reading in &mut self.running {
            let id = reading.call.id();
            while let Some(event) = reading.call.try_next() {
                match event {
                    InvocationEvent::Stream(event) => reading.said.apply(id, event),
                    InvocationEvent::Complete => reading.said.complete(id),
                    InvocationEvent::Failed(error) => reading.said.fail(id, error.into()),
                }
            }
            if !reading.said.is_running()
                && let Some(judged) = reading.judged()
            {
                let judgement = Judgement::of(&judged.said, &judged.invocation);
                comparison.verdicts_mut().judge(reading.at, judgement);
                over.push(judged);
            }
        }
        self.running.retain(|reading| reading.said.is_running());
        over
    }

    /// Draws the dialog.
    pub fn ui(&mut self, ui: &mut Ui, summaries: &[Summary], commands: &mut Commands) {
        if !self.is_open {
            return;
        }
        let whole = summaries.iter().map(|summary| summary.complete).sum();
        let scored = summaries.iter().map(|summary| summary.scored).sum();
        let (due, again) = self.how_many(whole, scored);
        let mut done = false;
        let closed = dialog(ui, "Judge the answers", WIDTH, |ui| {
            let secondary = palette(ui).text_secondary;
            ui.label(
                theme::small(format!(
                    "A model reads every answer without knowing whose it is, and gives 1 to \
                     {HIGHEST_SCORE} points with a reason. That is a call for each answer, with a cost \
                     of its own."
                ))
                .color(secondary),
            );
            caption(ui, "Rubric");
            text_area(
                ui,
                "Rubric",
                "What makes an answer good",
                4,
                &mut self.rubric,
            );
            caption(ui, "Judge");
            let name = self
                .model
                .as_ref()
                .map_or("Choose the judge…", ModelId::as_str);
            if secondary_button(ui, icons::MODEL, name).clicked() {
                commands.push(Command::Compare(CompareCommand::ChooseJudge));
            }
            ui.add_space(space::M);
            let missing = match &self.model {
                _ if due == 0 => Some("There is no whole answer to judge"),
                None => Some("Choose the judge first"),
                Some(_) => None,
            };
            let answers = if due == 1 { "answer" } else { "answers" };
            let again = if again { " again" } else { "" };
            let label = format!("Judge {} {answers}{again}", thousands(due as u64));
            ui.horizontal(|ui| {
                at_the_end(ui, ("judge or not", missing, &label), |ui| {
                    if let Some(missing) = missing {
                        ui.label(theme::small(missing).color(secondary));
                    }
                    done |= word_button(ui, "Cancel").clicked();
                    if primary_button(ui, missing.is_none(), icons::JUDGE, &label).clicked() {
                        commands.push(Command::Compare(CompareCommand::Judge));
                        done = true;
                    }
                });
            });
        });
        if done || closed {
            self.is_open = false;
        }
    }
}
