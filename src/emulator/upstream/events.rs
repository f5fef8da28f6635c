//! A streamed chat completion as the events of `ConverseStream`, while it comes.

use std::collections::BTreeSet;
use std::time::Instant;

use serde_json::{Value, json};

use super::reply;
use crate::emulator::stream::millis;

/// An event's name and payload.
pub type Event = (&'static str, Value);

/// What kind of block is open.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Reasoning,
    Tool { index: u64, id: String },
}

/// What has come so far, as far as what follows depends on it.
#[derive(Debug)]
pub struct Translator {
    started: Instant,
    begun: bool,
    /// The block under way, and whether anything of it came.
    open: Option<(Kind, bool)>,
    blocks: usize,
    tools: BTreeSet<String>,
    finish: Option<String>,
    usage: Option<Value>,
}

impl Translator {
    pub fn new(started: Instant) -> Self {
        Self {
            started,
            begun: false,
            open: None,
            blocks: 0,
            tools: BTreeSet::new(),
            finish: None,
            usage: None,
        }
    }

    /// Whether the server has said why it stopped.
    pub fn is_finished(&self) -> bool {
        self.finish.is_some()
    }

    /// Takes a chunk in.
    pub fn chunk(&mut self, chunk: &Value) -> Vec<Event> {
        let mut events = Vec::new();
        if !self.begun {
            self.begun = true;
            events.push(("messageStart", json!({ "role": "assistant" })));
        }
        if let Some(usage) = reply::usage(&chunk["usage"]) {
            self.usage = Some(usage);
        }
        let Some(choice) = chunk["choices"].get(0) else {
            return events;
        };
        let delta = &choice["delta"];
        if let Some(text) = reply::reasoning(delta) {
            let index = self.open(Kind::Reasoning, &mut events);
            events.push(block_delta(
                index,
                &json!({ "reasoningContent": { "text": text } }),
            ));
        }
        if let Some(text) = delta["content"].as_str().filter(|text| !text.is_empty()) {
            let index = self.open(Kind::Text, &mut events);
            events.push(block_delta(index, &json!({ "text": text })));
        }
        for (place, call) in delta["tool_calls"]
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
        {
            self.call(place, call, &mut events);
        }
        if let Some(reason) = choice["finish_reason"].as_str() {
            self.finish = Some(reason.to_owned());
        }
        events
    }

    /// What stands at the end.
    pub fn end(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        self.close(&mut events);
        let reason = reply::stop_reason(self.finish.as_deref(), !self.tools.is_empty());
        events.push(("messageStop", json!({ "stopReason": reason })));
        let mut metadata = json!({ "metrics": { "latencyMs": millis(self.started.elapsed()) } });
        if let Some(usage) = self.usage.take() {
            metadata["usage"] = usage;
        }
        events.push(("metadata", metadata));
        events
    }

    /// A piece of a call of a tool: its first has id and name, the others only arguments.
    fn call(&mut self, place: usize, call: &Value, events: &mut Vec<Event>) {
        let index = call["index"]
            .as_u64()
            .unwrap_or_else(|| u64::try_from(place).unwrap_or_default());
        let function = &call["function"];
        let given = call["id"].as_str().filter(|id| !id.is_empty());
        // Some servers count every call as the first; then the ids tell them apart.
        let continues = matches!(
            &self.open,
            Some((Kind::Tool { index: open, id }, _))
                if *open == index && given.is_none_or(|given| given == id)
        );
        if !continues {
            self.close(events);
            let id = reply::call_id(call, self.tools.len());
            self.tools.insert(id.clone());
            let start = json!({ "toolUse": { "toolUseId": id, "name": function["name"] } });
            events.push((
                "contentBlockStart",
                json!({ "contentBlockIndex": self.blocks, "start": start }),
            ));
            self.open = Some((Kind::Tool { index, id }, false));
        }
        let arguments = match &function["arguments"] {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            whole => whole.to_string(),
        };
        if !arguments.is_empty() {
            events.push(block_delta(
                self.blocks,
                &json!({ "toolUse": { "input": arguments } }),
            ));
            if let Some((_, came)) = &mut self.open {
                *came = true;
            }
        }
    }

    /// The index of the open block of a kind; another that is open ends.
    fn open(&mut self, kind: Kind, events: &mut Vec<Event>) -> usize {
        if !matches!(&self.open, Some((open, _)) if *open == kind) {
            self.close(events);
            self.open = Some((kind, true));
        }
        self.blocks
    }

    fn close(&mut self, events: &mut Vec<Event>) {
        let Some((kind, came)) = self.open.take() else {
            return;
        };
        if matches!(kind, Kind::Tool { .. }) && !came {
            events.push(block_delta(
                self.blocks,
                &json!({ "toolUse": { "input": "{}" } }),
            ));
        }
        events.push((
            "contentBlockStop",
            json!({ "contentBlockIndex": self.blocks }),
        ));
        self.blocks += 1;
    }
}

fn block_delta(index: usize, delta: &Value) -> Event {
    (
        "contentBlockDelta",
        json!({ "contentBlockIndex": index, "delta": delta }),
    )
}
