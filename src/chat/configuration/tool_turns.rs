//! Tools in a conversation: the service takes no tool request that the next message leaves unanswered,
//! and no answer without its request.

use std::collections::HashSet;

use serde_json::json;

use crate::chat::{ContentBlock, Message, Role, ToolResult, ToolResultContent, ToolResultStatus};

/// What a model is told of a tool that a person went past.
const NOT_RUN: &str = "The tool was not run";

/// Where the last prompt stands, with whatever its tools brought behind it.
pub(super) fn start_of_last_prompt(messages: &[Message]) -> usize {
    messages
        .iter()
        .rposition(|message| message.role == Role::User && !brings_results(message))
        .unwrap_or_default()
}

fn brings_results(message: &Message) -> bool {
    let mut blocks = message.content.iter();
    blocks.any(|block| matches!(block, ContentBlock::ToolResult(_)))
}

/// Answers each request for a tool that the message behind it does not: with an error, which models
/// take as what it is. A request that was cut off asks for nothing that can be read.
pub(super) fn answer_all(messages: &mut [Message]) {
    for place in 1..messages.len() {
        let (before, behind) = messages.split_at_mut(place);
        let (Some(asking), Some(answering)) = (before.last_mut(), behind.first_mut()) else {
            continue;
        };
        if asking.role == Role::Assistant && answering.role == Role::User {
            let missing = unanswered(asking, answering);
            // Results come first in a message, or Anthropic's models refuse it.
            answering.content.splice(0..0, missing);
        }
    }
}

fn unanswered(asking: &mut Message, answering: &Message) -> Vec<ContentBlock> {
    let answered: HashSet<&str> = answering
        .content
        .iter()
        .filter_map(|block| match block {
            ContentBlock::ToolResult(result) => Some(result.tool_use_id.as_str()),
            _ => None,
        })
        .collect();
    let mut missing = Vec::new();
    for block in &mut asking.content {
        // What the service runs itself it answers itself.
        if let ContentBlock::ToolUse(tool) = block
            && tool.kind.is_none()
            && !answered.contains(tool.id.as_str())
        {
            if tool.input.is_string() {
                tool.input = json!({});
            }
            missing.push(ContentBlock::ToolResult(ToolResult {
                tool_use_id: tool.id.clone(),
                content: vec![ToolResultContent::Text(NOT_RUN.to_owned())],
                status: Some(ToolResultStatus::Error),
                kind: None,
            }));
        }
    }
    missing
}
