//! A transcript taken apart, so that it can be kept, and put together again.

use super::{InvocationStatus, Transcript, Turn};

/// One turn and its place in the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct TurnNode<T = Turn> {
    /// The turn.
    pub turn: T,
    /// The place of the turn it follows; `None` for a first one. Always before its own.
    pub parent: Option<usize>,
    /// The place of the turn that the path went on to last.
    pub chosen: Option<usize>,
    /// Whether a person took it out.
    pub deleted: bool,
}

/// All turns of a conversation, each where [`super::TurnId::index`] says, and where its path ends.
#[derive(Clone, Debug, PartialEq)]
pub struct TranscriptParts<T = Turn> {
    /// Every turn of every branch.
    pub nodes: Vec<TurnNode<T>>,
    /// The place of the path's last turn, deleted or not; `None` when the path is empty.
    pub end: Option<usize>,
}

impl Transcript {
    /// What [`Transcript::from_parts`] takes, borrowed.
    #[must_use]
    pub fn parts(&self) -> TranscriptParts<&Turn> {
        TranscriptParts {
            nodes: self.nodes().collect(),
            end: self.path_end(),
        }
    }

    /// Puts a transcript together. Answers that were still coming in are stopped: nothing brings
    /// them any more. Places that do not fit are mended rather than refused, so that a damaged
    /// history loses its branches and not its words: a turn whose parent is not before it becomes a
    /// first turn.
    #[must_use]
    pub fn from_parts(parts: TranscriptParts) -> Self {
        let mut transcript = Self::default();
        for node in parts.nodes {
            let TurnNode {
                mut turn,
                parent,
                chosen,
                deleted,
            } = node;
            if let Some(invocation) = &mut turn.invocation
                && invocation.status.is_running()
            {
                invocation.assembly.finish(&mut turn.message.content);
                invocation.status = InvocationStatus::Stopped;
            }
            transcript.put(TurnNode {
                turn,
                parent,
                chosen,
                deleted,
            });
        }
        transcript.end_path_at(parts.end);
        transcript
    }
}
