//! The turns of a conversation as a tree: asking again or writing otherwise begins another branch,
//! and nothing that was said is lost. What is shown and sent is one path through it.

use super::{Invocation, InvocationId, InvocationStatus, Turn, TurnNode, thoughts};
use crate::catalog::ModelId;
use crate::chat::{ContentBlock, Failure, Message, Role, StreamEvent};

/// Names one turn of a conversation, whatever is branched or deleted around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TurnId(u32);

impl TurnId {
    fn at(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// Its place among all turns of the conversation, on the path or not, from 0.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Which of the turns that were tried in one place is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alternatives {
    /// The one that is shown, from 0.
    pub position: usize,
    /// How many there are, at least 1.
    pub count: usize,
}

#[derive(Clone, Debug, PartialEq)]
struct Node {
    turn: Turn,
    parent: Option<TurnId>,
    children: Vec<TurnId>,
    /// The child that the path went to last.
    chosen: Option<TurnId>,
    deleted: bool,
}

/// The turns of one conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transcript {
    nodes: Vec<Node>,
    roots: Vec<TurnId>,
    /// From the first turn to the last, deleted ones included.
    path: Vec<TurnId>,
    /// The path without deleted turns.
    shown: Vec<TurnId>,
    running: Option<TurnId>,
    revision: u64,
    pieces: u64,
}

impl Transcript {
    /// The turns of the path, oldest first.
    pub fn turns(&self) -> impl DoubleEndedIterator<Item = (TurnId, &Turn)> + ExactSizeIterator {
        self.shown.iter().map(|id| (*id, &self.node(*id).turn))
    }

    /// How many turns the path has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shown.len()
    }

    /// Whether the path has no turn.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// How many turns there are on all branches, deleted ones included.
    #[must_use]
    pub fn total(&self) -> usize {
        self.nodes.len()
    }

    /// Every turn of every branch that is not deleted.
    pub fn all_turns(&self) -> impl Iterator<Item = (TurnId, &Turn)> {
        let nodes = self.nodes.iter().enumerate();
        nodes
            .filter(|(_, node)| !node.deleted)
            .map(|(place, node)| (TurnId::at(place), &node.turn))
    }

    /// Every turn there ever was, and whether it is deleted.
    pub fn turns_ever(&self) -> impl Iterator<Item = (TurnId, &Turn, bool)> {
        let nodes = self.nodes.iter().enumerate();
        nodes.map(|(place, node)| (TurnId::at(place), &node.turn, node.deleted))
    }

    /// One turn, on the path or not.
    #[must_use]
    pub fn turn(&self, id: TurnId) -> &Turn {
        &self.node(id).turn
    }

    /// The last turn of the path.
    #[must_use]
    pub fn last(&self) -> Option<(TurnId, &Turn)> {
        self.turns().next_back()
    }

    /// The last turn of the path that a person wrote.
    #[must_use]
    pub fn last_of_user(&self) -> Option<TurnId> {
        self.turns()
            .rfind(|(_, turn)| turn.message.role == Role::User)
            .map(|(id, _)| id)
    }

    /// Whether an answer is still coming in.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// The call that is still running.
    #[must_use]
    pub fn running(&self) -> Option<&Invocation> {
        self.turn(self.running?).invocation.as_ref()
    }

    /// Counts the changes: a turn that came, went, or was finished. Pieces of an answer that is
    /// coming in do not count.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Counts every change, pieces of an answer that is coming in among them.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.revision + self.pieces
    }

    /// Adds a turn behind the last one of the path.
    pub fn push(&mut self, turn: Turn) -> TurnId {
        let id = TurnId::at(self.nodes.len());
        let parent = self.path.last().copied();
        if turn.is_running() {
            self.running = Some(id);
        }
        self.nodes.push(Node {
            turn,
            parent,
            children: Vec::new(),
            chosen: None,
            deleted: false,
        });
        self.siblings_mut(parent).push(id);
        self.choose(id);
        id
    }

    /// Adds what the user says.
    pub fn push_user(&mut self, content: Vec<ContentBlock>) -> TurnId {
        self.push(Turn::written(Message::user(content)))
    }

    /// Adds the empty turn that an invocation will fill.
    pub fn begin(&mut self, invocation: Invocation) -> TurnId {
        self.push(Turn::asked(invocation))
    }

    /// Ends the path before a turn, so that what is added next stands in its place, beside it.
    pub fn rewind_before(&mut self, id: TurnId) {
        if let Some(at) = self.path.iter().position(|on_path| *on_path == id) {
            self.path.truncate(at);
            self.show();
        }
    }

    /// Ends the path behind a turn.
    pub fn rewind_behind(&mut self, id: TurnId) {
        if let Some(at) = self.path.iter().position(|on_path| *on_path == id) {
            self.path.truncate(at + 1);
            self.show();
        }
    }

    /// Ends the path where a turn's answer is asked for again: before an answer, behind a prompt.
    pub fn rewind_to_ask_again(&mut self, id: TurnId) {
        if self.turn(id).message.role == Role::Assistant {
            self.rewind_before(id);
        } else {
            self.rewind_behind(id);
        }
    }

    /// What was tried in the place of a turn.
    #[must_use]
    pub fn alternatives(&self, id: TurnId) -> Alternatives {
        let mut alternatives = Alternatives {
            position: 0,
            count: 0,
        };
        for sibling in self.living_siblings(id) {
            if sibling == id {
                alternatives.position = alternatives.count;
            }
            alternatives.count += 1;
        }
        alternatives
    }

    /// Shows another turn in this one's place, and what came after it.
    pub fn show_alternative(&mut self, id: TurnId, position: usize) {
        let other = self.living_siblings(id).nth(position);
        if let Some(other) = other {
            self.choose(other);
        }
    }

    /// Takes a turn out of the conversation; what came after it stays, unless it was the last and
    /// another was tried in its place.
    pub fn delete(&mut self, id: TurnId) {
        if self.running == Some(id) {
            return;
        }
        let is_last = self.shown.last() == Some(&id);
        let position = self.alternatives(id).position;
        self.node_mut(id).deleted = true;
        if is_last {
            let others: Vec<_> = self.living_siblings(id).collect();
            if let Some(other) = others.get(position.saturating_sub(1)) {
                self.choose(*other);
                return;
            }
        }
        self.show();
    }

    /// Brings a deleted turn back.
    pub fn restore(&mut self, id: TurnId) {
        self.node_mut(id).deleted = false;
        if self.path.contains(&id) {
            self.show();
        } else {
            self.choose(id);
        }
    }

    /// Takes one event in. Events of calls that are over, or of another conversation, are ignored.
    pub fn apply(&mut self, id: InvocationId, event: StreamEvent) {
        if let Some((content, invocation)) = self.running_mut(id) {
            invocation.apply(content, event);
            self.pieces += 1;
        }
    }

    /// The stream ended as it should.
    pub fn complete(&mut self, id: InvocationId) {
        self.end(id, InvocationStatus::Complete);
    }

    /// The person stopped the answer.
    pub fn stop(&mut self, id: InvocationId) {
        self.end(id, InvocationStatus::Stopped);
    }

    /// The answer ended with an error.
    pub fn fail(&mut self, id: InvocationId, failure: Failure) {
        self.end(id, InvocationStatus::Failed(failure));
    }

    /// What was said on the path, turn by turn, as it goes to a model: without the thoughts that it would not take.
    #[must_use]
    pub fn messages_for(&self, model: &ModelId) -> Vec<Message> {
        let message_of = |turn: &Turn| {
            let mut message = turn.message.clone();
            if let Some(invocation) = &turn.invocation {
                thoughts::keep_those_for(model, &invocation.model_id, &mut message.content);
            }
            message
        };
        self.turns().map(|(_, turn)| message_of(turn)).collect()
    }

    /// A conversation of its own with the path up to a turn, that one included.
    #[must_use]
    pub fn branch_until(&self, id: TurnId) -> Self {
        let mut branch = Self::default();
        for (at, turn) in self.turns() {
            if !turn.is_running() {
                branch.push(turn.clone());
            }
            if at == id {
                break;
            }
        }
        branch
    }

    /// Forgets what went over the wire, but for the last answers.
    pub fn forget_exchanges(&mut self, kept: usize) {
        let exchanges = self
            .nodes
            .iter_mut()
            .rev()
            .filter_map(|node| node.turn.invocation.as_mut())
            .map(|invocation| &mut invocation.exchange)
            .filter(|exchange| exchange.is_some());
        for exchange in exchanges.skip(kept) {
            *exchange = None;
        }
    }

    /// Every turn with its place in the tree.
    pub(super) fn nodes(&self) -> impl Iterator<Item = TurnNode<&Turn>> {
        self.nodes.iter().map(|node| TurnNode {
            turn: &node.turn,
            parent: node.parent.map(TurnId::index),
            chosen: node.chosen.map(TurnId::index),
            deleted: node.deleted,
        })
    }

    /// Where the path ends.
    pub(super) fn path_end(&self) -> Option<usize> {
        self.path.last().map(|id| id.index())
    }

    /// Adds a turn where it was once, without leading the path there.
    pub(super) fn put(&mut self, node: TurnNode) {
        let id = TurnId::at(self.nodes.len());
        let parent = node
            .parent
            .filter(|parent| *parent < id.index())
            .map(TurnId::at);
        self.nodes.push(Node {
            turn: node.turn,
            parent,
            children: Vec::new(),
            chosen: node.chosen.map(TurnId::at),
            deleted: node.deleted,
        });
        self.siblings_mut(parent).push(id);
    }

    /// Ends the path at a turn, once all were put; also drops choices of turns that do not follow.
    pub(super) fn end_path_at(&mut self, end: Option<usize>) {
        for node in &mut self.nodes {
            node.chosen = node.chosen.filter(|chosen| node.children.contains(chosen));
        }
        let mut at = end.filter(|end| *end < self.nodes.len()).map(TurnId::at);
        self.path.clear();
        while let Some(id) = at {
            self.path.push(id);
            at = self.node(id).parent;
        }
        self.path.reverse();
        self.show();
    }

    fn node(&self, id: TurnId) -> &Node {
        &self.nodes[id.index()]
    }

    fn node_mut(&mut self, id: TurnId) -> &mut Node {
        &mut self.nodes[id.index()]
    }

    fn siblings_mut(&mut self, parent: Option<TurnId>) -> &mut Vec<TurnId> {
        match parent {
            Some(parent) => &mut self.node_mut(parent).children,
            None => &mut self.roots,
        }
    }

    fn living_siblings(&self, id: TurnId) -> impl Iterator<Item = TurnId> {
        let siblings = match self.node(id).parent {
            Some(parent) => &self.node(parent).children,
            None => &self.roots,
        };
        siblings
            .iter()
            .copied()
            .filter(|sibling| !self.node(*sibling).deleted)
    }

    /// Leads the path through a turn, and on where it led when that turn was shown last.
    fn choose(&mut self, id: TurnId) {
        let mut path = vec![id];
        let mut at = id;
        while let Some(parent) = self.node(at).parent {
            self.node_mut(parent).chosen = Some(at);
            path.push(parent);
            at = parent;
        }
        path.reverse();
        let mut at = id;
        while let Some(child) = self.node(at).chosen {
            path.push(child);
            at = child;
        }
        self.path = path;
        self.show();
    }

    fn show(&mut self) {
        self.revision += 1;
        let nodes = &self.nodes;
        self.shown.clear();
        self.shown
            .extend(self.path.iter().filter(|id| !nodes[id.index()].deleted));
    }

    fn end(&mut self, id: InvocationId, status: InvocationStatus) {
        if let Some((content, invocation)) = self.running_mut(id) {
            invocation.assembly.finish(content);
            invocation.status = status;
            self.running = None;
            self.revision += 1;
        }
    }

    fn running_mut(
        &mut self,
        id: InvocationId,
    ) -> Option<(&mut Vec<ContentBlock>, &mut Invocation)> {
        let running = self.running?;
        let turn = &mut self.node_mut(running).turn;
        let invocation = turn.invocation.as_mut()?;
        (invocation.id == id).then_some((&mut turn.message.content, invocation))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::TranscriptParts;

    fn say(transcript: &mut Transcript, text: &str) -> TurnId {
        transcript.push_user(vec![ContentBlock::Text(text.into())])
    }

    fn answer(transcript: &mut Transcript, text: &str) -> TurnId {
        let content = vec![ContentBlock::Text(text.into())];
        transcript.push(Turn::written(Message::assistant(content)))
    }

    fn texts(transcript: &Transcript) -> Vec<String> {
        transcript
            .turns()
            .map(|(_, turn)| turn.message.text())
            .collect()
    }

    #[test]
    fn what_is_written_otherwise_stands_beside_what_was_there() {
        let mut transcript = Transcript::default();
        say(&mut transcript, "Hello");
        let first = answer(&mut transcript, "Hi");
        say(&mut transcript, "How are you?");
        transcript.rewind_before(first);
        let second = answer(&mut transcript, "Good day");
        assert_eq!(texts(&transcript), ["Hello", "Good day"]);
        assert_eq!(
            transcript.alternatives(second),
            Alternatives {
                position: 1,
                count: 2
            }
        );
        transcript.show_alternative(second, 0);
        assert_eq!(texts(&transcript), ["Hello", "Hi", "How are you?"]);
    }

    #[test]
    fn the_first_turn_can_be_written_otherwise_too() {
        let mut transcript = Transcript::default();
        let first = say(&mut transcript, "Hello");
        answer(&mut transcript, "Hi");
        transcript.rewind_before(first);
        let other = say(&mut transcript, "Hallo");
        assert_eq!(texts(&transcript), ["Hallo"]);
        assert_eq!(transcript.alternatives(other).count, 2);
    }

    #[test]
    fn a_deleted_turn_comes_back_and_what_followed_it_stays() {
        let mut transcript = Transcript::default();
        let hello = say(&mut transcript, "Hello");
        let hi = answer(&mut transcript, "Hi");
        say(&mut transcript, "Bye");
        transcript.delete(hi);
        assert_eq!(texts(&transcript), ["Hello", "Bye"]);
        transcript.restore(hi);
        assert_eq!(texts(&transcript), ["Hello", "Hi", "Bye"]);
        transcript.delete(hello);
        assert_eq!(texts(&transcript), ["Hi", "Bye"]);
    }

    #[test]
    fn deleting_one_of_two_answers_shows_the_other() {
        let mut transcript = Transcript::default();
        say(&mut transcript, "Hello");
        let first = answer(&mut transcript, "Hi");
        transcript.rewind_before(first);
        let second = answer(&mut transcript, "Good day");
        transcript.delete(second);
        assert_eq!(texts(&transcript), ["Hello", "Hi"]);
        assert_eq!(transcript.alternatives(first).count, 1);
        transcript.restore(second);
        assert_eq!(texts(&transcript), ["Hello", "Good day"]);
    }

    #[test]
    fn taken_apart_and_put_together_it_is_the_same() {
        let mut transcript = Transcript::default();
        say(&mut transcript, "Hello");
        let first = answer(&mut transcript, "Hi");
        say(&mut transcript, "Bye");
        transcript.rewind_before(first);
        let second = answer(&mut transcript, "Good day");
        transcript.rewind_behind(second);
        let late = say(&mut transcript, "Late");
        transcript.delete(late);
        let owned = |transcript: &Transcript| {
            let parts = transcript.parts();
            TranscriptParts {
                nodes: parts
                    .nodes
                    .into_iter()
                    .map(|node| TurnNode {
                        turn: node.turn.clone(),
                        parent: node.parent,
                        chosen: node.chosen,
                        deleted: node.deleted,
                    })
                    .collect(),
                end: parts.end,
            }
        };
        let mut again = Transcript::from_parts(owned(&transcript));
        assert_eq!(owned(&again), owned(&transcript));
        assert_eq!(texts(&again), ["Hello", "Good day"]);
        again.show_alternative(second, 0);
        assert_eq!(texts(&again), ["Hello", "Hi", "Bye"]);
        // A path that was rewound stays so.
        transcript.rewind_before(first);
        let parts = owned(&transcript);
        assert_eq!(texts(&Transcript::from_parts(parts)), texts(&transcript));
    }

    #[test]
    fn places_that_do_not_fit_lose_the_branch_and_not_the_words() {
        let node = |text: &str, parent, chosen| TurnNode {
            turn: Turn::written(Message::user(vec![ContentBlock::Text(text.into())])),
            parent,
            chosen,
            deleted: false,
        };
        let transcript = Transcript::from_parts(TranscriptParts {
            nodes: vec![
                node("one", Some(7), Some(0)),
                node("two", Some(1), None),
                node("three", Some(0), Some(9)),
            ],
            end: Some(2),
        });
        assert_eq!(texts(&transcript), ["one", "three"]);
        assert_eq!(transcript.total(), 3);
        let nowhere = Transcript::from_parts(TranscriptParts {
            nodes: vec![node("one", None, None)],
            end: Some(9),
        });
        assert!(nowhere.is_empty());
    }

    #[test]
    fn a_branch_of_its_own_has_the_path_alone() {
        let mut transcript = Transcript::default();
        say(&mut transcript, "Hello");
        let first = answer(&mut transcript, "Hi");
        say(&mut transcript, "Bye");
        let branch = transcript.branch_until(first);
        assert_eq!(texts(&branch), ["Hello", "Hi"]);
        assert_eq!(branch.total(), 2);
    }
}
