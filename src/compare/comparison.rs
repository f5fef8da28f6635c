//! Columns, rows, and the conversation where a column crosses a row.
//!
//! What a person types is one row that goes on for as many rounds as they like; a batch has a row a
//! prompt. Asking again in the same place ("run five times") gives further answers beside the first,
//! as in a [`Transcript`].

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Column, ColumnId, MissingVariable, Prompt, Run, RunRef, Verdicts};
use crate::catalog::ModelId;
use crate::chat::{
    Configuration, ConfigurationError, Failure, Invocation, InvocationId, InvocationStatus,
    Message, Request, Role, StreamEvent, Transcript, Turn, TurnId,
};

/// The fewest columns that compare anything.
pub const FEWEST_COLUMNS: usize = 2;
/// The most columns that are asked at once.
pub const MOST_COLUMNS: usize = 8;

/// Why a column cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Something set cannot be sent.
    #[error("{0}")]
    Configuration(#[from] ConfigurationError),
    /// The prompt has a place without a value.
    #[error("{0}")]
    Variable(#[from] MissingVariable),
    /// There is no such column or row, or nothing to ask in it.
    #[error("there is nothing to ask")]
    Nothing,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let advice = match &refusal {
            Refusal::Configuration(_) => "Change the parameters of this column and try again",
            Refusal::Variable(_) => {
                "Name it in every row of the batch, or take it out of the prompt"
            }
            Refusal::Nothing => "Write a prompt first",
        };
        Self::local("NotSent", refusal.to_string(), advice)
    }
}

/// One prompt after another, and what each column made of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// What was asked, the first first.
    pub rounds: Vec<Prompt>,
    /// The conversations.
    pub cells: BTreeMap<ColumnId, Transcript>,
    /// How many rounds went by before a column came, or while it could not be asked.
    pub missed: BTreeMap<ColumnId, usize>,
    /// Counts what can change its figures.
    pub(super) changes: u64,
}

/// Models side by side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// How linked columns shall answer.
    pub shared: Configuration,
    columns: Vec<Column>,
    /// Shared with copies that are on their way to the disk: one that changes meanwhile is copied alone.
    rows: Vec<Arc<Row>>,
    verdicts: Verdicts,
    running: BTreeMap<InvocationId, (usize, ColumnId)>,
    /// Of every turn, in the order they came: where it is.
    places: Vec<(usize, ColumnId)>,
    next_column: u32,
    revision: u64,
}

impl Comparison {
    /// A comparison of these models; those past [`MOST_COLUMNS`] are left out.
    #[must_use]
    pub fn new(shared: Configuration, models: impl IntoIterator<Item = ModelId>) -> Self {
        let mut comparison = Self {
            shared,
            ..Self::default()
        };
        for model in models {
            comparison.add_column(model);
        }
        comparison
    }

    pub(super) fn from_parts(
        shared: Configuration,
        columns: Vec<Column>,
        rows: Vec<Row>,
        places: Vec<(usize, ColumnId)>,
        verdicts: Verdicts,
    ) -> Self {
        let next_column = columns.iter().map(|column| column.id.0 + 1).max();
        Self {
            shared,
            columns,
            rows: rows.into_iter().map(Arc::new).collect(),
            places,
            verdicts,
            next_column: next_column.unwrap_or_default(),
            ..Self::default()
        }
    }

    /// The columns in the order they are shown.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// One column.
    #[must_use]
    pub fn column(&self, id: ColumnId) -> Option<&Column> {
        self.columns.iter().find(|column| column.id == id)
    }

    /// One column, to be changed.
    pub fn column_mut(&mut self, id: ColumnId) -> Option<&mut Column> {
        self.revision += 1;
        self.columns.iter_mut().find(|column| column.id == id)
    }

    /// The models that are asked, in the order of the columns.
    pub fn models_mut(&mut self) -> impl Iterator<Item = &mut ModelId> {
        self.revision += 1;
        self.columns.iter_mut().map(|column| &mut column.model_id)
    }

    /// Lets columns know what their models are, each by a function that says whether that is news.
    pub fn recognise_models(&mut self, mut recognise: impl FnMut(&mut ModelId) -> bool) {
        for column in &mut self.columns {
            self.revision += u64::from(recognise(&mut column.model_id));
        }
    }

    /// Changes how linked columns shall answer.
    pub fn set_shared(&mut self, shared: Configuration) {
        self.shared = shared;
        self.revision += 1;
    }

    /// The rows, the oldest first.
    #[must_use]
    pub fn rows(&self) -> &[Arc<Row>] {
        &self.rows
    }

    /// What people and judges said.
    #[must_use]
    pub fn verdicts(&self) -> &Verdicts {
        &self.verdicts
    }

    /// What people and judges said, to be added to.
    pub fn verdicts_mut(&mut self) -> &mut Verdicts {
        self.revision += 1;
        &mut self.verdicts
    }

    /// Counts changes; pieces of an answer that is coming in do not count.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Adds a column behind the last one; `None` when there is no room.
    pub fn add_column(&mut self, model_id: ModelId) -> Option<ColumnId> {
        if self.columns.len() >= MOST_COLUMNS {
            return None;
        }
        let id = ColumnId(self.next_column);
        self.next_column += 1;
        self.revision += 1;
        self.columns.push(Column {
            id,
            model_id,
            own: None,
            prompt: None,
        });
        Some(id)
    }

    /// Takes a column and its answers away, and all that was said of them.
    pub fn remove_column(&mut self, id: ColumnId) {
        self.revision += 1;
        self.columns.retain(|column| column.id != id);
        self.running.retain(|_, (_, column)| *column != id);
        self.places.retain(|(_, column)| *column != id);
        for at in 0..self.rows.len() {
            if let Some(row) = row_mut(&mut self.rows, at) {
                row.cells.remove(&id);
            }
        }
        self.verdicts.forget_column(id);
    }

    /// Moves a column to another place, counted without it.
    pub fn move_column(&mut self, id: ColumnId, place: usize) {
        if let Some(from) = self.columns.iter().position(|column| column.id == id) {
            let column = self.columns.remove(from);
            self.columns.insert(place.min(self.columns.len()), column);
            self.revision += 1;
        }
    }

    /// What a column is called: by its model, and where that stands in several columns, by its place
    /// among them too.
    #[must_use]
    pub fn label(&self, id: ColumnId) -> String {
        let Some(column) = self.column(id) else {
            return String::new();
        };
        let same: Vec<ColumnId> = self
            .columns
            .iter()
            .filter(|other| other.model_id == column.model_id)
            .map(|other| other.id)
            .collect();
        let name = column.model_id.as_str();
        match same.iter().position(|other| *other == id) {
            Some(at) if same.len() > 1 => format!("{name} ({})", at + 1),
            _ => name.to_owned(),
        }
    }

    /// Begins a row without a prompt.
    pub fn add_row(&mut self) -> usize {
        self.revision += 1;
        self.rows.push(Arc::default());
        self.rows.len() - 1
    }

    /// Asks all columns of a row; each still has to be prepared and sent.
    pub fn ask(&mut self, row: usize, prompt: Prompt) {
        self.revision += 1;
        if let Some(row) = row_mut(&mut self.rows, row) {
            row.rounds.push(prompt);
        }
    }

    /// Gives the last prompt of a row its images and documents, once they are open.
    pub fn attach(&mut self, row: usize, media: Vec<crate::chat::ContentBlock>) {
        let row = row_mut(&mut self.rows, row);
        if let Some(round) = row.and_then(|row| row.rounds.last_mut()) {
            round.media = media;
            round.files.clear();
            self.revision += 1;
        }
    }

    /// The request that a prompt would be to a column of a row, were it asked now.
    ///
    /// # Errors
    /// When the prompt or the parameters cannot be sent.
    pub fn outlook(&self, row: usize, id: ColumnId, prompt: &Prompt) -> Result<Request, Refusal> {
        let column = self.column(id).ok_or(Refusal::Nothing)?;
        let said = self
            .cell(row, id)
            .map(|cell| cell.messages_for(&column.model_id));
        let mut messages = said.unwrap_or_default();
        messages.push(Message::user(prompt.content(column)?));
        let configuration = column.configuration(&self.shared);
        Ok(configuration.request(column.model_id.clone(), messages)?)
    }

    /// The request that [`prepare`](Self::prepare) would make; nothing is changed.
    ///
    /// # Errors
    /// When the prompt or the parameters cannot be sent.
    pub fn prepared(&self, at: usize, id: ColumnId) -> Result<Request, Refusal> {
        let row = self.rows.get(at).ok_or(Refusal::Nothing)?;
        let mut alone = Self {
            shared: self.shared.clone(),
            columns: self.columns.clone(),
            rows: vec![Arc::clone(row)],
            ..Self::default()
        };
        alone.prepare(0, id)
    }

    /// The request that asks a column the last prompt of a row. An answer that is there already
    /// stays, and the new one comes beside it.
    ///
    /// # Errors
    /// When the prompt or the parameters cannot be sent.
    pub fn prepare(&mut self, at: usize, id: ColumnId) -> Result<Request, Refusal> {
        self.revision += 1;
        let column = self.columns.iter().find(|column| column.id == id);
        let column = column.ok_or(Refusal::Nothing)?;
        let row = row_mut(&mut self.rows, at).ok_or(Refusal::Nothing)?;
        let prompt = row.rounds.last().ok_or(Refusal::Nothing)?;
        let cell = row.cells.entry(id).or_default();
        if cell.is_running() {
            return Err(Refusal::Nothing);
        }
        let missed = row.missed.entry(id).or_default();
        if prompts_of(cell) + *missed < row.rounds.len() {
            // A column that came late is asked the last prompt, not all before it.
            let content = prompt.content(column)?;
            if content.is_empty() {
                return Err(Refusal::Nothing);
            }
            *missed = row.rounds.len() - 1 - prompts_of(cell);
            cell.push_user(content);
            self.places.push((at, id));
        } else if let Some(prompt) = cell.last_of_user() {
            cell.rewind_behind(prompt);
        }
        let configuration = column.configuration(&self.shared);
        Ok(configuration.request(column.model_id.clone(), cell.messages_for(&column.model_id))?)
    }

    /// A call for a column begins.
    pub fn begin(&mut self, row: usize, id: ColumnId, invocation: Invocation) {
        self.revision += 1;
        if let Some(row_at) = row_mut(&mut self.rows, row) {
            if invocation.status.is_running() {
                self.running.insert(invocation.id, (row, id));
            }
            row_at.cells.entry(id).or_default().begin(invocation);
            self.places.push((row, id));
        }
    }

    /// A column answered what it was asked, by a call that was over before.
    pub fn take_in(&mut self, row: usize, id: ColumnId, message: Message, call: Invocation) {
        self.revision += 1;
        if let Some(row_at) = row_mut(&mut self.rows, row) {
            row_at.cells.entry(id).or_default().push(Turn {
                message,
                invocation: Some(call),
            });
            self.places.push((row, id));
        }
    }

    /// A column could not be asked; the others are not touched by it.
    pub fn refuse(&mut self, row: usize, id: ColumnId, failure: Failure) {
        // So that it stands behind what it was asked.
        self.prepare(row, id).ok();
        let Some(column) = self.column(id) else {
            return;
        };
        // No call has the number 0.
        let mut invocation =
            Invocation::new(InvocationId(0), column.model_id.clone(), String::new());
        invocation.status = InvocationStatus::Failed(failure);
        self.begin(row, id, invocation);
    }

    /// Takes one event in. Events of calls that are over are ignored.
    pub fn apply(&mut self, call: InvocationId, event: StreamEvent) {
        if let Some(cell) = self.cell_of(call) {
            cell.apply(call, event);
        }
    }

    /// A call ended as it should.
    pub fn complete(&mut self, call: InvocationId) {
        self.end(call, |cell| cell.complete(call));
    }

    /// A person stopped a call.
    pub fn stop(&mut self, call: InvocationId) {
        self.end(call, |cell| cell.stop(call));
    }

    /// A call ended with an error.
    pub fn fail(&mut self, call: InvocationId, failure: Failure) {
        self.end(call, |cell| cell.fail(call, failure));
    }

    /// The conversation of a column in a row.
    #[must_use]
    pub fn cell(&self, row: usize, id: ColumnId) -> Option<&Transcript> {
        self.rows.get(row)?.cells.get(&id)
    }

    /// The calls under way, and where.
    pub fn running(&self) -> impl Iterator<Item = (InvocationId, usize, ColumnId)> {
        self.running
            .iter()
            .map(|(call, (row, id))| (*call, *row, *id))
    }

    /// The call under way in one place.
    #[must_use]
    pub fn running_at(&self, row: usize, id: ColumnId) -> Option<InvocationId> {
        let at = self.running.iter().find(|(_, at)| **at == (row, id));
        at.map(|(call, _)| *call)
    }

    /// Whether any column still answers.
    #[must_use]
    pub fn is_running(&self) -> bool {
        !self.running.is_empty()
    }

    /// Shows another answer of the last round of a cell.
    pub fn show_alternative(&mut self, row: usize, id: ColumnId, turn: TurnId, position: usize) {
        self.revision += 1;
        let row = row_mut(&mut self.rows, row);
        if let Some(cell) = row.and_then(|row| row.cells.get_mut(&id)) {
            cell.show_alternative(turn, position);
        }
    }

    /// Every answer of a column, in the order they were asked for.
    pub fn runs(&self, id: ColumnId) -> impl Iterator<Item = Run<'_>> {
        let rows = self.rows.iter().enumerate();
        rows.flat_map(move |(at, row)| row.runs(at, id))
    }

    /// Every answer of a column in one row.
    pub fn runs_at(&self, row: usize, id: ColumnId) -> impl Iterator<Item = Run<'_>> {
        let rows = self.rows.get(row).into_iter();
        rows.flat_map(move |cells| cells.runs(row, id))
    }

    /// One answer.
    #[must_use]
    pub fn run(&self, at: RunRef) -> Option<Run<'_>> {
        self.runs_at(at.row, at.column).find(|run| run.at == at)
    }

    pub(super) fn places(&self) -> &[(usize, ColumnId)] {
        &self.places
    }

    fn cell_of(&mut self, call: InvocationId) -> Option<&mut Transcript> {
        let (row, id) = *self.running.get(&call)?;
        Arc::make_mut(self.rows.get_mut(row)?).cells.get_mut(&id)
    }

    fn end(&mut self, call: InvocationId, end: impl FnOnce(&mut Transcript)) {
        if let Some(cell) = self.cell_of(call) {
            end(cell);
            // A request holds its images; eight of them for every prompt are too much to keep.
            cell.forget_exchanges(0);
            self.revision += 1;
        }
        if let Some((row, _)) = self.running.remove(&call) {
            row_mut(&mut self.rows, row);
        }
    }
}

/// A row, to be changed.
fn row_mut(rows: &mut [Arc<Row>], at: usize) -> Option<&mut Row> {
    let row = Arc::make_mut(rows.get_mut(at)?);
    row.changes += 1;
    Some(row)
}

impl Row {
    fn runs(&self, row: usize, column: ColumnId) -> Vec<Run<'_>> {
        let Some(cell) = self.cells.get(&column) else {
            return Vec::new();
        };
        let missed = self.missed.get(&column).copied().unwrap_or_default();
        let nodes = cell.parts().nodes;
        // Of every turn, how many prompts there are up to it.
        let mut prompts: Vec<usize> = Vec::with_capacity(nodes.len());
        let mut runs = Vec::new();
        for (turn, node) in nodes.iter().enumerate() {
            let parent = node.parent.filter(|parent| *parent < turn);
            let before = parent.map_or(0, |parent| prompts[parent]);
            let asks = node.turn.message.role == Role::User;
            prompts.push(before + usize::from(asks));
            if let Some(invocation) = node.turn.invocation.as_ref().filter(|_| !node.deleted) {
                runs.push(Run {
                    at: RunRef { row, column, turn },
                    round: (before + missed).saturating_sub(1),
                    prompt: parent.map(|parent| &nodes[parent].turn.message),
                    message: &node.turn.message,
                    invocation,
                });
            }
        }
        runs
    }
}

/// How many prompts a conversation has, on the path that is shown.
fn prompts_of(cell: &Transcript) -> usize {
    let prompts = cell
        .turns()
        .filter(|(_, turn)| turn.message.role == Role::User);
    prompts.count()
}

#[cfg(test)]
mod tests;
