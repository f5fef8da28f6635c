//! Makes the calls of a comparison: every model by itself, so that a slow one keeps nobody waiting.

use super::calls::{Answered, Calls};
use super::files::{Opened, RowFiles, put_into};
use super::lines::Lines;
use super::paid::{Key, Paid};
use crate::bedrock::Connection;
use crate::catalog::ModelId;
use crate::chat::{
    ContentBlock, Failure, Invocation, InvocationId, InvocationStatus, Message, Request, Transcript,
};
use crate::cli::interruption::{Interruption, listen};
use crate::cli::output::Output;
use crate::cli::progress::Progress;
use crate::cli::purse::Purse;
use crate::compare::{Call, ColumnId, Comparison, Judgement, Queue, Run, RunRef, judge_request};

/// Requests at once for the judge.
const JUDGED_AT_ONCE: usize = 4;
/// The one call of a judge's conversation.
const ONLY: InvocationId = InvocationId(1);

/// How the work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Everything was asked.
    Complete,
    /// Ctrl+C; what was there is kept.
    Interrupted,
    /// No more may be spent; what was there is kept.
    UsedUp,
    /// The results cannot be written; what was there is kept.
    Unwritable,
}

/// Where what comes is written down.
pub struct Books {
    /// What is spent.
    pub purse: Purse,
    /// Whole answers, for another time.
    pub paid: Paid,
    /// JSON Lines, where they are the form of the results.
    pub lines: Option<Lines>,
}

/// Who scores the answers, and by what.
pub struct Judge {
    pub model: ModelId,
    pub rubric: String,
}

/// A call under way for a column.
struct Asked {
    call: Call,
    id: InvocationId,
    key: Option<Key>,
    /// What the row's files hold, for the columns that ask the same meanwhile.
    _files: Opened,
}

/// A comparison under way.
pub struct Driver<'a> {
    connection: &'a Connection,
    comparison: Comparison,
    judge: Option<Judge>,
    interrupted: Interruption,
    progress: Progress,
    books: Books,
    files: RowFiles,
    next_call: u64,
}

impl<'a> Driver<'a> {
    /// Nothing is asked yet.
    pub fn new(
        connection: &'a Connection,
        comparison: Comparison,
        judge: Option<Judge>,
        interrupted: Interruption,
        books: Books,
    ) -> Self {
        Self {
            connection,
            files: RowFiles::of(&comparison),
            comparison,
            judge,
            interrupted,
            progress: Progress::on_terminal(),
            books,
            next_call: 1,
        }
    }

    /// The comparison with what has come, and what was written of it.
    pub fn into_parts(self) -> (Comparison, Books) {
        (self.comparison, self.books)
    }

    /// How many answers and verdicts were not asked for again so far.
    pub fn found(&self) -> usize {
        self.books.paid.found()
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
            if queue.waiting() > 0
                && let Some(reason) = self.reason_to_stop(output)
            {
                queue.give_up(None);
                ending = reason;
            }
            while let Some(call) = queue.next_call() {
                self.show(queue.done(), queue.total(), "answers");
                if let Some((asked, request)) = self.begin(call).await {
                    calls.send(self.connection, request, asked);
                } else {
                    queue.finished(call);
                    self.write(call.row, call.column, output);
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
                Some((asked, answered)) = calls.next() => {
                    self.take(asked.id, answered);
                    self.book(&asked, output).await;
                    self.write(asked.call.row, asked.call.column, output);
                    queue.finished(asked.call);
                }
            }
        }
        for asked in calls.given_up() {
            self.comparison.stop(asked.id);
            self.book(&asked, output).await;
        }
        self.progress.clear();
        ending
    }

    /// Has the judge, if there is one, score every whole answer.
    pub async fn judge(&mut self, output: &mut Output) -> Ending {
        let mut waiting = match self.judge {
            Some(_) => self.whole_answers(),
            None => Vec::new(),
        };
        waiting.reverse();
        let total = waiting.len();
        let mut done = 0;
        let mut calls = Calls::default();
        let mut ending = Ending::Complete;
        loop {
            if !waiting.is_empty()
                && let Some(reason) = self.reason_to_stop(output)
            {
                waiting.clear();
                ending = reason;
            }
            while calls.len() < JUDGED_AT_ONCE
                && let Some(at) = waiting.pop()
            {
                self.show(done, total, "answers judged");
                if let Some((key, request)) = self.begin_judging(at).await {
                    calls.send(self.connection, request, (at, key));
                } else {
                    done += 1;
                    self.write(at.row, at.column, output);
                }
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
                Some(((at, key), answered)) = calls.next() => {
                    done += 1;
                    self.take_verdict(at, key, answered, output).await;
                    self.write(at.row, at.column, output);
                }
            }
        }
        self.progress.clear();
        ending
    }

    /// Prepares a call; one that cannot be made is a failure of its column, and one whose answer is there
    /// already is over.
    async fn begin(&mut self, call: Call) -> Option<(Asked, Request)> {
        let files = match self.files.open(call.row, &mut self.comparison).await {
            Ok(files) => files,
            Err(failure) => {
                self.comparison.refuse(call.row, call.column, *failure);
                return None;
            }
        };
        let mut request = match self.comparison.prepare(call.row, call.column) {
            Ok(request) => request,
            Err(refusal) => {
                self.comparison
                    .refuse(call.row, call.column, refusal.into());
                return None;
            }
        };
        if let Some(prompt) = request.messages.last_mut() {
            put_into(&mut prompt.content, call.row, &files, &self.comparison);
        }
        let id = InvocationId(self.next_call);
        self.next_call += 1;
        let key = self.books.paid.key(&request, self.connection).await;
        if let Some((answer, invocation)) = self.books.paid.find(key, id).await {
            self.comparison
                .take_in(call.row, call.column, answer, invocation);
            return None;
        }
        let region = self.connection.region();
        let invocation = Invocation::new(id, request.model_id.clone(), region);
        self.comparison.begin(call.row, call.column, invocation);
        let asked = Asked {
            call,
            id,
            key,
            _files: files,
        };
        Some((asked, request))
    }

    fn whole_answers(&self) -> Vec<RunRef> {
        let columns = self.comparison.columns().iter();
        let runs = columns.flat_map(|column| self.comparison.runs(column.id));
        runs.filter(Run::is_complete).map(|run| run.at).collect()
    }

    /// Prepares a call of the judge, unless its verdict is there already.
    async fn begin_judging(&mut self, at: RunRef) -> Option<(Option<Key>, Request)> {
        let request = match self.request_of_judge(at).await? {
            Ok(request) => request,
            Err(failure) => {
                let model = self.judge.as_ref()?.model.clone();
                let mut call = Invocation::new(ONLY, model, self.connection.region());
                call.status = InvocationStatus::Failed(*failure);
                let judgement = Judgement::of(&Message::assistant(Vec::new()), &call);
                self.comparison.verdicts_mut().judge(at, judgement);
                return None;
            }
        };
        let key = self.books.paid.key(&request, self.connection).await;
        let Some((said, call)) = self.books.paid.find(key, ONLY).await else {
            return Some((key, request));
        };
        let judgement = Judgement::of(&said, &call);
        self.comparison.verdicts_mut().judge(at, judgement);
        None
    }

    /// What the judge is asked of an answer, with the row's images and documents if it takes any.
    async fn request_of_judge(&mut self, at: RunRef) -> Option<Result<Request, Box<Failure>>> {
        let asked = self.comparison.run(at)?.prompt;
        let mut asked = asked.map_or(Vec::new(), |prompt| prompt.content.clone());
        let takes_files = {
            let request = self.judging(at, &asked)?;
            let content = request.messages.iter().map(|message| message.content.len());
            content.sum::<usize>() > request.messages.len()
        };
        if takes_files {
            let files = match self.files.open(at.row, &mut self.comparison).await {
                Ok(files) => files,
                Err(failure) => return Some(Err(failure)),
            };
            put_into(&mut asked, at.row, &files, &self.comparison);
        }
        Some(Ok(self.judging(at, &asked)?))
    }

    fn judging(&self, at: RunRef, asked: &[ContentBlock]) -> Option<Request> {
        let Judge { model, rubric } = self.judge.as_ref()?;
        let answer = self.comparison.run(at)?.message.text();
        Some(judge_request(model, rubric, asked, &answer))
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

    /// Keeps a whole answer, and books the call.
    async fn book(&mut self, asked: &Asked, output: &mut Output) {
        let mut runs = self.comparison.runs_at(asked.call.row, asked.call.column);
        let Some(run) = runs.find(|run| run.invocation.id == asked.id) else {
            return;
        };
        let invocation = run.invocation;
        let Books { purse, paid, .. } = &mut self.books;
        paid.keep(asked.key, run.message, invocation, output).await;
        purse.pay(run.message, invocation, output).await;
    }

    /// Takes in what the judge said; without a score it is worth no keeping.
    async fn take_verdict(
        &mut self,
        at: RunRef,
        key: Option<Key>,
        answered: Answered,
        output: &mut Output,
    ) {
        let Some((said, judgement)) = self.judgement(answered) else {
            return;
        };
        let Books { purse, paid, .. } = &mut self.books;
        if judgement.score.is_ok() {
            paid.keep(key, &said, &judgement.invocation, output).await;
        }
        purse.pay(&said, &judgement.invocation, output).await;
        self.comparison.verdicts_mut().judge(at, judgement);
    }

    /// Writes what has ended in one place, where it is written as it comes.
    fn write(&mut self, row: usize, column: ColumnId, output: &mut Output) {
        if let Some(lines) = &mut self.books.lines {
            let judge = self.judge.as_ref().map(|judge| &judge.model);
            lines.write(&self.comparison, (row, column), judge, output);
        }
    }

    /// Why no more is to be asked, which is said.
    fn reason_to_stop(&self, output: &mut Output) -> Option<Ending> {
        let lines = self.books.lines.as_ref();
        if lines.is_some_and(Lines::has_failed) {
            return Some(Ending::Unwritable);
        }
        if !self.books.purse.is_used_up() {
            return None;
        }
        self.progress.clear();
        output.note("What a budget leaves is used up; no more is asked");
        Some(Ending::UsedUp)
    }

    fn judgement(&self, answered: Answered) -> Option<(Message, Judgement)> {
        let judge = self.judge.as_ref()?.model.clone();
        let mut transcript = Transcript::default();
        transcript.begin(Invocation::new(ONLY, judge, self.connection.region()));
        for event in answered.events {
            transcript.apply(ONLY, event);
        }
        match answered.failure {
            Some(failure) => transcript.fail(ONLY, failure),
            None => transcript.complete(ONLY),
        }
        let (_, turn) = transcript.last()?;
        let judgement = Judgement::of(&turn.message, turn.invocation.as_ref()?);
        Some((turn.message.clone(), judgement))
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
