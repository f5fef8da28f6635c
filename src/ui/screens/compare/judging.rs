//! A judge at work, and the dialog that sets it up.

use egui::Ui;

use crate::catalog::ModelId;
use crate::chat::{ContentBlock, Invocation, Request, Transcript};
use crate::compare::{
    ColumnId, Comparison, DEFAULT_RUBRIC, HIGHEST_SCORE, Judgement, Run, RunRef, judge_request,
};
use crate::tasks::{InvocationEvent, RunningInvocation, Session, Tasks};
use crate::ui::icons;
use crate::ui::numbers::thousands;
use crate::ui::theme::{self, palette, space};
use crate::ui::widgets::{dialog, primary_button, secondary_button, text_area};
use crate::ui::{Command, Commands};

use super::CompareCommand;

/// Answers judged at once.
const AT_ONCE: usize = 4;
const WIDTH: f32 = 520.0;

/// The judge, its rubric, and the answers it still has to read.
pub struct Judging {
    pub model: Option<ModelId>,
    rubric: String,
    waiting: Vec<(RunRef, Request)>,
    running: Vec<Reading>,
    total: usize,
    pub is_open: bool,
}

/// An answer that is being judged.
struct Reading {
    at: RunRef,
    call: RunningInvocation,
    said: Transcript,
}

impl Default for Judging {
    fn default() -> Self {
        Self {
            model: None,
            rubric: DEFAULT_RUBRIC.to_owned(),
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

    /// Has every whole answer judged that has no score yet.
    pub fn begin(&mut self, comparison: &Comparison) {
        let Some(judge) = &self.model else { return };
        let columns: Vec<ColumnId> = comparison
            .columns()
            .iter()
            .map(|column| column.id)
            .collect();
        let runs = columns.iter().flat_map(|column| comparison.runs(*column));
        let scored = |run: &Run<'_>| {
            let judgement = comparison.verdicts().judgement(run.at);
            judgement.is_some_and(|judgement| judgement.score.is_ok())
        };
        self.waiting = runs
            .filter(|run| run.is_complete() && !scored(run))
            .map(|run| {
                let asked: &[ContentBlock] = run.prompt.map_or(&[], |prompt| &prompt.content);
                let answer = run.message.text();
                (run.at, judge_request(judge, &self.rubric, asked, &answer))
            })
            .collect();
        self.waiting.reverse();
        self.total = self.waiting.len();
    }

    /// Gives up what is not judged yet.
    pub fn stop(&mut self) {
        self.waiting.clear();
        self.running.clear();
    }

    /// Starts what may start now.
    pub fn advance(&mut self, tasks: &mut Tasks, session: &Session) {
        while self.running.len() < AT_ONCE
            && let Some((at, request)) = self.waiting.pop()
        {
            let model = request.model_id.clone();
            let call = tasks.invoke(session, request);
            let mut said = Transcript::default();
            let region = session.connection().region();
            said.begin(Invocation::new(call.id(), model, region));
            self.running.push(Reading { at, call, said });
        }
    }

    /// Takes in what the judge said; the calls that are over.
    pub fn collect(&mut self, comparison: &mut Comparison) -> Vec<Invocation> {
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
                && let Some((_, turn)) = reading.said.last()
                && let Some(invocation) = &turn.invocation
            {
                let judgement = Judgement::of(&turn.message, invocation);
                comparison.verdicts_mut().judge(reading.at, judgement);
                over.push(invocation.clone());
            }
        }
        self.running.retain(|reading| reading.said.is_running());
        over
    }

    /// Draws the dialog.
    pub fn ui(&mut self, ui: &mut Ui, answers: usize, commands: &mut Commands) {
        if !self.is_open {
            return;
        }
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
            ui.add_space(space::S);
            text_area(
                ui,
                "Rubric",
                "What makes an answer good",
                4,
                &mut self.rubric,
            );
            ui.add_space(space::S);
            let name = self
                .model
                .as_ref()
                .map_or("Choose the judge…", ModelId::as_str);
            if secondary_button(ui, icons::MODEL, name).clicked() {
                commands.push(Command::Compare(CompareCommand::ChooseJudge));
            }
            ui.add_space(space::S);
            ui.horizontal(|ui| {
                let ready = self.model.is_some() && answers > 0;
                let label = format!("Judge {} answers", thousands(answers as u64));
                let judge = primary_button(ui, ready, icons::JUDGE, &label).on_disabled_hover_text(
                    "Choose the judge first; there must be a whole answer too",
                );
                if judge.clicked() {
                    commands.push(Command::Compare(CompareCommand::Judge));
                    done = true;
                }
                done |= secondary_button(ui, icons::CLOSE, "Cancel").clicked();
            });
        });
        if done || closed {
            self.is_open = false;
        }
    }
}
