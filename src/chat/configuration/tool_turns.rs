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
pub(super) fn answer_all(messages: &mut Vec<Message>) {
    leave_out_orphans(messages);
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

/// Leaves out results whose request was deleted.
fn leave_out_orphans(messages: &mut Vec<Message>) {
    let mut asked = HashSet::new();
    for message in messages.iter_mut() {
        message.content.retain(|block| match block {
            ContentBlock::ToolUse(tool) => {
                asked.insert(tool.id.clone());
                true
            }
            ContentBlock::ToolResult(result) => asked.contains(&result.tool_use_id),
            _ => true,
        });
    }
    messages.retain(|message| !message.content.is_empty());
}

/// Tells in words what tools were asked for and gave: without a list of tools, the service takes no request for one.
pub(super) fn tell_in_words(messages: &mut [Message]) {
    for message in messages {
        let told = std::mem::take(&mut message.content);
        for block in told {
            match block {
                ContentBlock::ToolUse(tool) if !tool.is_run_by_service() => {
                    let words = format!("[Asked for the tool {}: {}]", tool.name, tool.input);
                    message.content.push(ContentBlock::Text(words));
                }
                ContentBlock::ToolResult(result) if result.kind.is_none() => {
                    message
                        .content
                        .extend(result.content.into_iter().filter_map(told_result));
                }
                block => message.content.push(block),
            }
        }
    }
}

fn told_result(content: ToolResultContent) -> Option<ContentBlock> {
    let words = |words: String| ContentBlock::Text(format!("[The tool gave: {words}]"));
    Some(match content {
        ToolResultContent::Json(value) => words(value.to_string()),
        ToolResultContent::Text(text) => words(text),
        ToolResultContent::Image(image) => ContentBlock::Image(image),
        ToolResultContent::Document(document) => ContentBlock::Document(document),
        ToolResultContent::Video(video) => ContentBlock::Video(video),
        ToolResultContent::SearchResult(result) => ContentBlock::SearchResult(result),
        ToolResultContent::Unknown(_) => return None,
    })
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
            && !tool.is_run_by_service()
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
