//! Calls under way, heard to their end.

use std::collections::HashMap;

use futures_util::StreamExt as _;
use tokio::task::{Id, JoinError, JoinSet};

use crate::bedrock::Connection;
use crate::chat::{Failure, Request, StreamEvent};

/// A whole answer, or as much of one as came.
pub struct Answered {
    pub events: Vec<StreamEvent>,
    pub failure: Option<Failure>,
}

/// Calls under way, each with what it is for. Dropping them cancels them.
pub struct Calls<K> {
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
    /// Makes a call.
    pub fn send(&mut self, connection: &Connection, request: Request, key: K) {
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

    /// How many are under way.
    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// The next one that is over; `None` when none is under way.
    pub async fn next(&mut self) -> Option<(K, Answered)> {
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

    /// Gives all up; what they were for.
    pub fn given_up(self) -> impl Iterator<Item = K> {
        self.keys.into_values()
    }
}

/// A call or a file whose work came to an end of its own.
pub fn died(error: &JoinError) -> Failure {
    Failure::local(
        "InternalError",
        format!("This call ended early: {error}"),
        "Please report this as a bug; the other columns are not touched by it",
    )
}
