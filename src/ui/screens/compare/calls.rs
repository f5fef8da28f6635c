//! The calls of a comparison: started as places get free, heard as they come. A column that fails or
//! is slow keeps no other one waiting.

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Weak};

use crate::chat::{ContentBlock, Failure, Invocation, InvocationId, MediaSource};
use crate::compare::{Call, ColumnId, Comparison, Queue};
use crate::media::{self, Attachment, Limits};
use crate::pricing::Prices;
use crate::tasks::{InvocationEvent, Job, RunningInvocation, Session, Tasks};
use crate::ui::screens::limit::Limit;

/// Calls at once in one column: rows of a batch only, since a conversation has one at a time.
const AT_ONCE: usize = 3;

/// What a row's files hold, with the SHA-256 of their bytes.
type Opened = Result<Vec<(ContentBlock, Hash)>, Box<Failure>>;
type Hash = Option<[u8; 32]>;

/// What is asked, waits to be asked, and still has to be opened.
pub struct Calls {
    running: Vec<Running>,
    queue: Queue,
    /// Rows of a batch, each queued when its images and documents are open.
    rows: VecDeque<usize>,
    opening: Option<(usize, Job<Opened>)>,
    /// Columns that are asked none of the rows to come.
    stopped: HashSet<ColumnId>,
    shared: SharedMedia,
}

/// A call under way.
struct Running {
    call: Call,
    answer: RunningInvocation,
    /// What the person calls the connection it was sent to.
    connection: String,
}

/// A call that is over.
pub struct Ended {
    pub call: Call,
    pub id: InvocationId,
    /// What the person calls the connection it was sent to.
    pub connection: String,
}

impl From<&Running> for Ended {
    fn from(running: &Running) -> Self {
        Self {
            call: running.call,
            id: running.answer.id(),
            connection: running.connection.clone(),
        }
    }
}

/// What rows hold, by its SHA-256: those that name the same picture have it in memory once.
#[derive(Default)]
struct SharedMedia(HashMap<[u8; 32], Weak<[u8]>>);

impl Default for Calls {
    fn default() -> Self {
        Self {
            running: Vec::new(),
            queue: Queue::new(AT_ONCE),
            rows: VecDeque::new(),
            opening: None,
            stopped: HashSet::new(),
            shared: SharedMedia::default(),
        }
    }
}

impl SharedMedia {
    /// The block, with the bytes that are there already if they are the same.
    fn share(&mut self, mut block: ContentBlock, hash: Hash) -> ContentBlock {
        if let (Some(hash), Some(MediaSource::Bytes(bytes))) = (hash, block.media_mut()) {
            let there = self.0.get(&hash).and_then(Weak::upgrade);
            match there {
                Some(there) => *bytes = there,
                None => drop(self.0.insert(hash, Arc::downgrade(bytes))),
            }
        }
        block
    }
}

impl Calls {
    /// Asks these columns the last prompt of a row, so many times.
    pub fn ask(&mut self, row: usize, columns: &[ColumnId], times: usize) {
        self.begin_anew_if_idle();
        self.queue.add(row, columns, times);
    }

    /// Asks every column these rows, one after another.
    pub fn ask_rows(&mut self, rows: impl Iterator<Item = usize>) {
        self.begin_anew_if_idle();
        self.rows.extend(rows);
    }

    /// Whether anything is under way or waits.
    pub fn is_busy(&self) -> bool {
        !self.queue.is_idle() || !self.rows.is_empty() || self.opening.is_some()
    }

    /// Whether a call waits to be made.
    pub fn waits(&self) -> bool {
        self.queue.waiting() > 0 || !self.rows.is_empty() || self.opening.is_some()
    }

    /// Makes no further call; those under way come to their end.
    pub fn ask_no_more(&mut self) {
        self.queue.give_up(None);
        self.rows.clear();
        self.opening = None;
        // Else what no row holds any more would still take its room.
        self.shared = SharedMedia::default();
    }

    /// Whether a column is asked, or will be.
    pub fn is_busy_in(&self, column: ColumnId) -> bool {
        self.running.iter().any(|of| of.call.column == column)
    }

    /// How many calls are over, and how many there are, of what was asked last.
    pub fn progress(&self, columns: usize) -> (usize, usize) {
        let columns = columns.saturating_sub(self.stopped.len());
        let to_come = (self.rows.len() + usize::from(self.opening.is_some())) * columns;
        (self.queue.done(), self.queue.total() + to_come)
    }

    /// Takes in what has come; the calls that are over.
    pub fn collect(&mut self, comparison: &mut Comparison) -> Vec<Ended> {
        let mut over = Vec::new();
        for running in &mut self.running {
            let id = running.answer.id();
            while let Some(event) = running.answer.try_next() {
                match event {
                    InvocationEvent::Stream(event) => comparison.apply(id, event),
                    InvocationEvent::Complete => comparison.complete(id),
                    InvocationEvent::Failed(error) => comparison.fail(id, error.into()),
                }
            }
            if comparison.running_at(running.call.row, running.call.column) != Some(id) {
                over.push(Ended::from(&*running));
            }
        }
        for ended in &over {
            self.running.retain(|of| of.answer.id() != ended.id);
            self.queue.finished(ended.call);
        }
        over
    }

    /// Starts what may start now.
    pub fn advance(
        &mut self,
        comparison: &mut Comparison,
        limit: &mut Limit,
        prices: &Prices,
        tasks: &mut Tasks,
        session: &Session,
    ) {
        self.open_rows(comparison, tasks);
        let region = session.connection().region();
        while !limit.is_holding()
            && let Some(call) = self.queue.next_call()
        {
            // What is not sent leaves everything as it is, the answer that would be asked for again too.
            if limit.is_set()
                && let Ok(request) = comparison.prepared(call.row, call.column)
                && limit.holds(&request, region, prices)
            {
                self.queue.put_back(call);
                return;
            }
            match comparison.prepare(call.row, call.column) {
                Ok(request) => {
                    let model = request.model_id.clone();
                    let answer = tasks.invoke(session, request);
                    let invocation = Invocation::new(answer.id(), model, region);
                    comparison.begin(call.row, call.column, invocation);
                    self.running.push(Running {
                        call,
                        answer,
                        connection: session.label(),
                    });
                }
                Err(refusal) => {
                    comparison.refuse(call.row, call.column, refusal.into());
                    self.queue.finished(call);
                }
            }
        }
    }

    /// Stops one column or all; what has come stays. The calls that were under way.
    pub fn stop(&mut self, comparison: &mut Comparison, column: Option<ColumnId>) -> Vec<Ended> {
        match column {
            Some(stopped) => {
                self.queue.give_up(column);
                self.stopped.insert(stopped);
                let mut columns = comparison.columns().iter();
                if columns.all(|column| self.stopped.contains(&column.id)) {
                    self.ask_no_more();
                }
            }
            None => self.ask_no_more(),
        }
        let (stopped, going_on): (Vec<_>, Vec<_>) = std::mem::take(&mut self.running)
            .into_iter()
            .partition(|of| column.is_none_or(|column| of.call.column == column));
        self.running = going_on;
        for running in &stopped {
            comparison.stop(running.answer.id());
            self.queue.finished(running.call);
        }
        stopped.iter().map(Ended::from).collect()
    }

    fn begin_anew_if_idle(&mut self) {
        if !self.is_busy() {
            self.queue = Queue::new(AT_ONCE);
            self.stopped.clear();
        }
    }

    /// Queues rows a little ahead of the calls, their images and documents opened one row at a time.
    fn open_rows(&mut self, comparison: &mut Comparison, tasks: &Tasks) {
        let columns: Vec<ColumnId> = comparison
            .columns()
            .iter()
            .map(|column| column.id)
            .filter(|column| !self.stopped.contains(column))
            .collect();
        if let Some((row, job)) = &mut self.opening {
            let row = *row;
            let Some(opened) = job.take() else { return };
            self.opening = None;
            let died = |error: crate::tasks::JobDied| {
                let advice = "Try this row again";
                Box::new(Failure::local("InternalError", error.to_string(), advice))
            };
            match opened.unwrap_or_else(|error| Err(died(error))) {
                Ok(opened) => {
                    let opened = opened.into_iter();
                    let media = opened.map(|(block, hash)| self.shared.share(block, hash));
                    comparison.attach(row, media.collect());
                    self.queue.add(row, &columns, 1);
                }
                Err(failure) => {
                    for column in columns {
                        comparison.refuse(row, column, (*failure).clone());
                    }
                    return;
                }
            }
        }
        while self.opening.is_none() && self.queue.waiting() < AT_ONCE * columns.len() {
            let Some(row) = self.rows.pop_front() else {
                return;
            };
            let prompt = comparison.rows().get(row).and_then(|row| row.rounds.last());
            let files = prompt
                .map(|prompt| prompt.files.clone())
                .unwrap_or_default();
            if files.is_empty() {
                self.queue.add(row, &columns, 1);
            } else {
                let job = tasks.spawn_blocking(move || open(&files));
                self.opening = Some((row, job));
            }
        }
    }
}

fn open(files: &[PathBuf]) -> Opened {
    let limits = Limits::converse();
    let opened: Result<Vec<_>, _> = files
        .iter()
        .map(|path| media::open(path, &limits))
        .collect();
    let opened = opened.map_err(|error| Box::new(error.into()))?;
    let blocks = opened.iter().map(Attachment::content_block);
    Ok(blocks.map(hashed).collect())
}

fn hashed(mut block: ContentBlock) -> (ContentBlock, Hash) {
    let hash = match block.media_mut() {
        Some(MediaSource::Bytes(bytes)) => Some(media::content_hash(bytes)),
        _ => None,
    };
    (block, hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes_of(mut block: ContentBlock) -> Arc<[u8]> {
        match block.media_mut() {
            Some(MediaSource::Bytes(bytes)) => Arc::clone(bytes),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn rows_that_name_the_same_picture_have_it_in_memory_once() {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["a.txt", "copy-of-a.txt", "b.txt"].map(|name| folder.path().join(name));
        for (path, words) in paths.iter().zip(["one", "one", "two"]) {
            std::fs::write(path, words).unwrap();
        }
        let mut shared = SharedMedia::default();
        let mut opened = |path: &PathBuf| {
            let blocks = open(std::slice::from_ref(path)).unwrap();
            let (block, hash) = blocks.into_iter().next().unwrap();
            bytes_of(shared.share(block, hash))
        };
        let (first, copy, other) = (opened(&paths[0]), opened(&paths[1]), opened(&paths[2]));
        assert!(Arc::ptr_eq(&first, &copy));
        assert_eq!((&*first, &*other), (&b"one"[..], &b"two"[..]));
        let held = Arc::downgrade(&first);
        drop((first, copy));
        assert!(held.upgrade().is_none(), "by its rows alone");
    }
}
