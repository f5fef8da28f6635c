//! Makes the calls of a comparison: every model by itself, so that a slow one keeps nobody waiting.

use std::collections::HashMap;

use futures_util::StreamExt as _;
use tokio::task::{Id, JoinError, JoinSet};

use super::open_files;
use crate::bedrock::Connection;
use crate::catalog::ModelId;
use crate::chat::{
    ContentBlock, Failure, Invocation, InvocationId, InvocationStatus, Request, StreamEvent,
    Transcript,
};
use crate::cli::interruption::{Interruption, listen};
use crate::cli::output::Output;
use crate::cli::progress::Progress;
use crate::cli::purse::Purse;
use crate::compare::{Call, Comparison, Judgement, Queue, Run, RunRef, judge_request};

/// Requests at once for the judge.
const JUDGED_AT_ONCE: usize = 4;

/// How the work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Everything was asked.
    Complete,
    /// Ctrl+C; what was there is kept.
    Interrupted,
    /// No more may be spent; what was there is kept.
    UsedUp,
}

/// A whole answer, or as much of one as came.
struct Answered {
    events: Vec<StreamEvent>,
    failure: Option<Failure>,
}

/// A comparison under way.
pub struct Driver<'a> {
    connection: &'a Connection,
    comparison: Comparison,
    interrupted: Interruption,
    progress: Progress,
    purse: Purse,
    next_call: u64,
}

impl<'a> Driver<'a> {
    /// Nothing is asked yet.
    pub fn new(
        connection: &'a Connection,
        comparison: Comparison,
        interrupted: Interruption,
        purse: Purse,
    ) -> Self {
        Self {
            connection,
            comparison,
            interrupted,
            progress: Progress::on_terminal(),
            purse,
            next_call: 1,
        }
    }

    /// The comparison with what has come.
    pub fn into_comparison(self) -> Comparison {
        self.comparison
    }

    /// Asks every column every row, so many times. Ctrl+C lets answers under way come, a second one
    /// gives them up.
    pub async fn ask(&mut self, times: u32, at_once: u32, output: &mut Output) -> Ending {
        let columns: Vec<_> = self
            .comparison
            .columns()
            .iter()
            .map(|column| column.id)
            .collect();
        let mut queue = Queue::new(at_once as usize);
        for row in 0..self.comparison.rows().len() {
            queue.add(row, &columns, times as usize);
        }
        let mut calls = Calls::default();
        let mut ending = Ending::Complete;
        loop {
            if self.purse.is_used_up() && queue.waiting() > 0 {
                queue.give_up(None);
                ending = self.say_used_up(output);
            }
            while let Some(call) = queue.next_call() {
                if let Some((id, request)) = self.begin(call).await {
                    calls.send(self.connection, request, (call, id));
                } else {
                    queue.finished(call);
                }
            }
            self.show(queue.done(), queue.total(), "answers");
            if calls.is_empty() {
                break;
            }
            tokio::select! {
                biased;
                heard = self.interrupted.as_mut() => {
                    if !self.stop(heard, ending, output).await {
                        continue;
                    }
                    if ending == Ending::Interrupted {
                        break;
                    }
                    ending = Ending::Interrupted;
                    queue.give_up(None);
                }
                Some(((call, id), answered)) = calls.next() => {
                    self.take(id, answered);
                    self.pay(call, id, output).await;
                    queue.finished(call);
                }
            }
        }
        for (call, id) in calls.given_up() {
            self.comparison.stop(id);
            self.pay(call, id, output).await;
        }
        self.progress.clear();
        ending
    }

    /// Has a judge score every whole answer.
    pub async fn judge(&mut self, judge: &ModelId, rubric: &str, output: &mut Output) -> Ending {
        let mut waiting: Vec<(RunRef, Request)> = Vec::new();
        for column in self.comparison.columns() {
            let runs = self.comparison.runs(column.id).filter(Run::is_complete);
            waiting.extend(runs.map(|run| {
                let asked: &[ContentBlock] = run.prompt.map_or(&[], |prompt| &prompt.content);
                let request = judge_request(judge, rubric, asked, &run.message.text());
                (run.at, request)
            }));
        }
        waiting.reverse();
        let total = waiting.len();
        let mut done = 0;
        let mut calls = Calls::default();
        let mut ending = Ending::Complete;
        loop {
            if self.purse.is_used_up() && !waiting.is_empty() {
                waiting.clear();
                ending = self.say_used_up(output);
            }
            while calls.len() < JUDGED_AT_ONCE
                && let Some((at, request)) = waiting.pop()
            {
                calls.send(self.connection, request, at);
            }
            self.show(done, total, "answers judged");
            if calls.is_empty() {
                break;
            }
            tokio::select! {
                biased;
                heard = self.interrupted.as_mut() => {
                    if !self.stop(heard, ending, output).await {
                        continue;
                    }
                    if ending == Ending::Interrupted {
                        break;
                    }
                    ending = Ending::Interrupted;
                    waiting.clear();
                }
                Some((at, answered)) = calls.next() => {
                    done += 1;
                    if let Some(judgement) = self.judgement(judge, answered) {
                        if judgement.invocation.usage.is_some() {
                            self.purse.pay(&judgement.invocation, output).await;
                        }
                        self.comparison.verdicts_mut().judge(at, judgement);
                    }
                }
            }
        }
        self.progress.clear();
        ending
    }

    /// Prepares a call; one that cannot be made is a failure of its column.
    async fn begin(&mut self, call: Call) -> Option<(InvocationId, Request)> {
        if let Err(failure) = self.open(call.row).await {
            self.comparison.refuse(call.row, call.column, *failure);
            return None;
        }
        match self.comparison.prepare(call.row, call.column) {
            Ok(request) => {
                let id = InvocationId(self.next_call);
                self.next_call += 1;
                let region = self.connection.region();
                let invocation = Invocation::new(id, request.model_id.clone(), region);
                self.comparison.begin(call.row, call.column, invocation);
                Some((id, request))
            }
            Err(refusal) => {
                self.comparison
                    .refuse(call.row, call.column, refusal.into());
                None
            }
        }
    }

    /// Opens the images and documents of a row, the first time it is asked.
    async fn open(&mut self, row: usize) -> Result<(), Box<Failure>> {
        let round = self
            .comparison
            .rows()
            .get(row)
            .and_then(|row| row.rounds.last());
        let Some(files) = round
            .map(|round| round.files.clone())
            .filter(|files| !files.is_empty())
        else {
            return Ok(());
        };
        let opened = tokio::task::spawn_blocking(move || open_files(&files)).await;
        let mut media = opened.map_err(|error| Box::new(died(&error)))??;
        let round = self.comparison.rows()[row].rounds.last();
        let shared = round.map(|round| round.media.clone()).unwrap_or_default();
        media.splice(0..0, shared);
        self.comparison.attach(row, media);
        Ok(())
    }

    fn take(&mut self, id: InvocationId, answered: Answered) {
        for event in answered.events {
            self.comparison.apply(id, event);
        }
        match answered.failure {
            Some(failure) => self.comparison.fail(id, failure),
            None => self.comparison.complete(id),
        }
    }

    /// Books a call that is over; one that was given up was sent, too. What was refused costs nothing.
    async fn pay(&mut self, call: Call, id: InvocationId, output: &mut Output) {
        let mut runs = self.comparison.runs_at(call.row, call.column);
        let Some(run) = runs.find(|run| run.invocation.id == id) else {
            return;
        };
        let invocation = run.invocation;
        let was_billed = invocation.usage.is_some() || !run.message.content.is_empty();
        if was_billed || invocation.status == InvocationStatus::Stopped {
            self.purse.pay(invocation, output).await;
        }
    }

    fn say_used_up(&self, output: &mut Output) -> Ending {
        self.progress.clear();
        output.note("What a budget leaves is used up; no more is asked");
        Ending::UsedUp
    }

    fn judgement(&self, judge: &ModelId, answered: Answered) -> Option<Judgement> {
        let id = InvocationId(1);
        let mut transcript = Transcript::default();
        transcript.begin(Invocation::new(id, judge.clone(), self.connection.region()));
        for event in answered.events {
            transcript.apply(id, event);
        }
        match answered.failure {
            Some(failure) => transcript.fail(id, failure),
            None => transcript.complete(id),
        }
        let (_, turn) = transcript.last()?;
        Some(Judgement::of(&turn.message, turn.invocation.as_ref()?))
    }

    /// Hears Ctrl+C; whether it was one.
    async fn stop(
        &mut self,
        heard: std::io::Result<()>,
        ending: Ending,
        output: &mut Output,
    ) -> bool {
        if heard.is_err() {
            // There is no handler and nothing to hear: the system's own ends the program.
            self.interrupted = Box::pin(std::future::pending());
            return false;
        }
        self.interrupted = listen().await;
        self.progress.clear();
        if ending == Ending::Complete {
            output.note("Stopping: what was sent is still waited for; Ctrl+C again gives it up");
        }
        true
    }

    fn show(&self, done: usize, total: usize, what: &str) {
        self.progress.show(&format!("{done} of {total} {what}"));
    }
}

/// Calls under way, each with what it is for. Dropping them cancels them.
struct Calls<K> {
    tasks: JoinSet<Answered>,
    keys: HashMap<Id, K>,
}

impl<K> Default for Calls<K> {
    fn default() -> Self {
        Self {
            tasks: JoinSet::new(),
            keys: HashMap::new(),
        }
    }
}

impl<K> Calls<K> {
    fn send(&mut self, connection: &Connection, request: Request, key: K) {
        let mut answer = connection.invoke(request);
        let task = self.tasks.spawn(async move {
            let mut answered = Answered {
                events: Vec::new(),
                failure: None,
            };
            while let Some(event) = answer.next().await {
                match event {
                    Ok(event) => answered.events.push(event),
                    Err(error) => answered.failure = Some(error.into()),
                }
            }
            answered
        });
        self.keys.insert(task.id(), key);
    }

    fn len(&self) -> usize {
        self.tasks.len()
    }

    fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    async fn next(&mut self) -> Option<(K, Answered)> {
        let (id, answered) = match self.tasks.join_next_with_id().await? {
            Ok((id, answered)) => (id, answered),
            Err(error) => {
                let failure = Some(died(&error));
                let events = Vec::new();
                (error.id(), Answered { events, failure })
            }
        };
        Some((self.keys.remove(&id)?, answered))
    }

    fn given_up(self) -> impl Iterator<Item = K> {
        self.keys.into_values()
    }
}

fn died(error: &JoinError) -> Failure {
    Failure::local(
        "InternalError",
        format!("This call ended early: {error}"),
        "Please report this as a bug; the other columns are not touched by it",
    )
}
