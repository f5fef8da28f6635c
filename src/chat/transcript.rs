//! The turns of one conversation, and how an answer's events become its last turn.

mod assembly;
mod parts;
mod thoughts;
mod tree;

pub use parts::{TranscriptParts, TurnNode};
pub use tree::{Alternatives, Transcript, TurnId};

use assembly::Assembly;

use super::{
    ContentBlock, Exchange, Failure, Latency, Message, Metrics, Retry, ServiceTier, StopReason,
    StreamEvent, Usage,
};
use crate::catalog::ModelId;

/// Tells one invocation from every other of this run; events carry it, so that late ones of a
/// stopped call are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InvocationId(pub u64);

/// Where an invocation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvocationStatus {
    /// Sent; nothing has come back.
    Waiting,
    /// Content is coming in.
    Streaming,
    /// The last event has come.
    Complete,
    /// The person stopped it; what came before is kept.
    Stopped,
    /// It ended with an error; what came before is kept.
    Failed(Failure),
}

impl InvocationStatus {
    /// Whether more may come.
    #[must_use]
    pub fn is_running(&self) -> bool {
        matches!(self, Self::Waiting | Self::Streaming)
    }
}

/// What is known about the call behind an assistant's turn.
#[derive(Clone, Debug, PartialEq)]
pub struct Invocation {
    /// Which call.
    pub id: InvocationId,
    /// The id it was sent with.
    pub model_id: ModelId,
    /// The region it was sent to; part of the price.
    pub region: String,
    /// Where it is.
    pub status: InvocationStatus,
    /// What support asks for.
    pub request_id: Option<String>,
    /// Whether the embedded endpoint answered.
    pub simulated: bool,
    /// Why the model stopped.
    pub stop_reason: Option<StopReason>,
    /// Tokens, once the service said them.
    pub usage: Option<Usage>,
    /// Times.
    pub metrics: Metrics,
    /// The tier that served the request.
    pub service_tier: Option<ServiceTier>,
    /// The latency mode that served the request.
    pub latency: Option<Latency>,
    /// What `additionalModelResponseFieldPaths` asked for.
    pub additional_model_response_fields: Option<serde_json::Value>,
    /// Guardrail assessments and the prompt router's choice.
    pub trace: Option<serde_json::Value>,
    /// Events that this program does not know, by name.
    pub unknown_events: Vec<String>,
    /// The last further attempt, when the first did not do.
    pub retry: Option<Retry>,
    /// What went over the wire.
    pub exchange: Option<Box<Exchange>>,
    assembly: Assembly,
}

impl Invocation {
    /// A call that is just being sent.
    #[must_use]
    pub fn new(id: InvocationId, model_id: ModelId, region: impl Into<String>) -> Self {
        Self {
            id,
            model_id,
            region: region.into(),
            status: InvocationStatus::Waiting,
            request_id: None,
            simulated: false,
            stop_reason: None,
            usage: None,
            metrics: Metrics::default(),
            service_tier: None,
            latency: None,
            additional_model_response_fields: None,
            trace: None,
            unknown_events: Vec::new(),
            retry: None,
            exchange: None,
            assembly: Assembly::default(),
        }
    }

    /// Whether AWS may ask money for it, now that it is over. What was refused before anything came costs nothing;
    /// what was stopped was sent, and nobody knows what it took.
    #[must_use]
    pub fn may_be_charged(&self, answer: &Message) -> bool {
        let is_refused = matches!(self.status, InvocationStatus::Failed(_));
        !is_refused || self.usage.is_some() || !answer.content.is_empty()
    }

    fn apply(&mut self, content: &mut Vec<ContentBlock>, event: StreamEvent) {
        match event {
            StreamEvent::Accepted {
                request_id,
                simulated,
            } => {
                self.request_id = request_id;
                self.simulated = simulated;
            }
            StreamEvent::Retrying(retry) => self.retry = Some(retry),
            StreamEvent::MessageStart(_) => self.status = InvocationStatus::Streaming,
            StreamEvent::BlockStart { index, start } => {
                self.assembly.start(content, index, start);
            }
            StreamEvent::BlockDelta { index, delta } => {
                self.assembly.delta(content, index, delta);
            }
            StreamEvent::Block { index, block } => self.assembly.whole(content, index, block),
            StreamEvent::BlockStop { index } => self.assembly.stop(content, index),
            StreamEvent::FirstToken(after) => {
                self.metrics.time_to_first_token_ms = u64::try_from(after.as_millis()).ok();
            }
            StreamEvent::MessageStop {
                stop_reason,
                additional_model_response_fields,
            } => {
                self.stop_reason = Some(stop_reason);
                self.additional_model_response_fields = additional_model_response_fields;
            }
            StreamEvent::Metadata(metadata) => {
                self.usage = metadata.usage;
                self.metrics.latency_ms = metadata.metrics.latency_ms;
                self.service_tier = metadata.service_tier;
                self.latency = metadata.latency;
                self.trace = metadata.trace;
            }
            StreamEvent::Unknown(name) => self.unknown_events.push(name),
            StreamEvent::Sent(request) => {
                self.exchange = Some(Box::new(Exchange {
                    request: *request,
                    response: None,
                }));
            }
            StreamEvent::Received(response) => {
                if let Some(exchange) = &mut self.exchange {
                    exchange.response = Some(*response);
                }
            }
        }
    }
}

/// One message, and for an assistant's the call it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// What was said.
    pub message: Message,
    /// The call that gave it; `None` for the user's turns, and for answers a person wrote.
    pub invocation: Option<Invocation>,
}

impl Turn {
    /// What a person said, or wrote in the model's place.
    #[must_use]
    pub fn written(message: Message) -> Self {
        Self {
            message,
            invocation: None,
        }
    }

    /// The empty answer that an invocation will fill.
    #[must_use]
    pub fn asked(invocation: Invocation) -> Self {
        Self {
            message: Message::assistant(Vec::new()),
            invocation: Some(invocation),
        }
    }

    fn is_running(&self) -> bool {
        self.invocation
            .as_ref()
            .is_some_and(|invocation| invocation.status.is_running())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::chat::{BlockDelta, BlockStart, Reasoning, Role, ToolUse};

    const ID: InvocationId = InvocationId(7);

    fn asked() -> Transcript {
        let mut transcript = Transcript::default();
        transcript.push_user(vec![ContentBlock::Text("Why?".into())]);
        transcript.begin(Invocation::new(
            ID,
            "amazon.nova-lite-v1:0".into(),
            "us-east-1",
        ));
        transcript
    }

    fn answer(transcript: &Transcript) -> &Turn {
        transcript.last().expect("a turn").1
    }

    fn delta(index: usize, delta: BlockDelta) -> StreamEvent {
        StreamEvent::BlockDelta { index, delta }
    }

    #[test]
    fn deltas_become_blocks() {
        let mut transcript = asked();
        for event in [
            StreamEvent::MessageStart(Role::Assistant),
            delta(0, BlockDelta::ReasoningText("Let me ".into())),
            delta(0, BlockDelta::ReasoningText("think".into())),
            delta(0, BlockDelta::ReasoningSignature("sig".into())),
            StreamEvent::BlockStop { index: 0 },
            delta(1, BlockDelta::Text("Beca".into())),
            delta(1, BlockDelta::Text("use".into())),
            StreamEvent::BlockStop { index: 1 },
            StreamEvent::BlockStart {
                index: 2,
                start: BlockStart::ToolUse {
                    id: "t1".into(),
                    name: "look".into(),
                    kind: None,
                },
            },
            delta(2, BlockDelta::ToolInput("{\"x\":".into())),
            delta(2, BlockDelta::ToolInput("1}".into())),
            StreamEvent::BlockStop { index: 2 },
        ] {
            transcript.apply(ID, event);
        }
        transcript.complete(ID);
        assert_eq!(
            answer(&transcript).message.content,
            vec![
                ContentBlock::Reasoning(Reasoning::Text {
                    text: "Let me think".into(),
                    signature: Some("sig".into()),
                }),
                ContentBlock::Text("Because".into()),
                ContentBlock::ToolUse(ToolUse {
                    id: "t1".into(),
                    name: "look".into(),
                    input: json!({"x": 1}),
                    kind: None,
                }),
            ]
        );
    }

    #[test]
    fn a_tool_without_arguments_gets_an_empty_object() {
        let mut transcript = asked();
        transcript.apply(
            ID,
            StreamEvent::BlockStart {
                index: 0,
                start: BlockStart::ToolUse {
                    id: "t1".into(),
                    name: "now".into(),
                    kind: None,
                },
            },
        );
        transcript.apply(ID, delta(0, BlockDelta::ToolInput(String::new())));
        transcript.apply(ID, StreamEvent::BlockStop { index: 0 });
        let ContentBlock::ToolUse(tool) = &answer(&transcript).message.content[0] else {
            panic!("expected a tool use");
        };
        assert_eq!(tool.input, json!({}));
    }

    #[test]
    fn events_after_the_end_are_ignored_and_the_text_is_kept() {
        let mut transcript = asked();
        transcript.apply(ID, delta(0, BlockDelta::Text("So far".into())));
        transcript.stop(ID);
        transcript.apply(ID, delta(0, BlockDelta::Text(" and more".into())));
        assert_eq!(answer(&transcript).message.text(), "So far");
        assert!(!transcript.is_running());
    }

    #[test]
    fn thoughts_go_back_to_those_who_take_them() {
        let sonnet = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
        let haiku = "anthropic.claude-haiku-4-5-20251001-v1:0";
        let thought = |signature: Option<&str>| {
            ContentBlock::Reasoning(Reasoning::Text {
                text: "Hm".into(),
                signature: signature.map(str::to_owned),
            })
        };
        let redacted = ContentBlock::Reasoning(Reasoning::Redacted(vec![1].into()));
        for (made_by, thought, to, goes_back) in [
            (sonnet, thought(Some("seal")), sonnet, true),
            (sonnet, thought(Some("seal")), haiku, true),
            (sonnet, redacted.clone(), sonnet, true),
            // Stopped before the seal came.
            (sonnet, thought(None), sonnet, false),
            (
                sonnet,
                thought(Some("seal")),
                "amazon.nova-lite-v1:0",
                false,
            ),
            ("openai.gpt-oss-120b-1:0", thought(None), sonnet, false),
            (
                "openai.gpt-oss-120b-1:0",
                thought(None),
                "openai.gpt-oss-20b-1:0",
                true,
            ),
            // "User messages cannot contain reasoning content" (recorded).
            (
                "us.deepseek.r1-v1:0",
                thought(None),
                "us.deepseek.r1-v1:0",
                false,
            ),
        ] {
            let mut transcript = Transcript::default();
            transcript.push_user(vec![ContentBlock::Text("Why?".into())]);
            let mut content = vec![thought.clone(), ContentBlock::Text("So".into())];
            transcript.push(Turn {
                message: Message::assistant(content.clone()),
                invocation: Some(Invocation::new(ID, made_by.into(), "us-east-1")),
            });
            if !goes_back {
                content.remove(0);
            }
            let messages = transcript.messages_for(&to.into());
            assert_eq!(
                messages[1].content, content,
                "{made_by} to {to}: {thought:?}"
            );
        }
    }
}
