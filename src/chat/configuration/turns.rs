//! A conversation as the service takes it: roles alternate, the user begins, and no message or text is blank.

use crate::chat::{ContentBlock, Message, Role, ToolResultContent};

/// What a model is told of a tool that gave nothing: results may not be blank.
const NOTHING: &str = "(nothing)";

/// Joins neighbours of one role, and leaves out what the service refuses wherever it stands: blank texts, and what this
/// program did not understand when it came.
pub(super) fn joined(messages: Vec<Message>) -> Vec<Message> {
    let mut joined: Vec<Message> = Vec::with_capacity(messages.len());
    for mut message in messages {
        message.content.retain(says_something);
        for block in &mut message.content {
            fill_result(block);
        }
        if message.content.is_empty() {
            continue;
        }
        match joined.last_mut() {
            Some(last) if last.role == message.role => last.content.append(&mut message.content),
            None if message.role == Role::Assistant => {}
            _ => joined.push(message),
        }
    }
    joined
}

fn says_something(block: &ContentBlock) -> bool {
    match block {
        ContentBlock::Text(text) => !text.trim().is_empty(),
        ContentBlock::Unknown(_) => false,
        _ => true,
    }
}

fn fill_result(block: &mut ContentBlock) {
    let ContentBlock::ToolResult(result) = block else {
        return;
    };
    let is_blank = |content: &ToolResultContent| matches!(content, ToolResultContent::Text(text) if text.trim().is_empty());
    result.content.retain(|content| !is_blank(content));
    if result.content.is_empty() {
        let nothing = ToolResultContent::Text(NOTHING.to_owned());
        result.content.push(nothing);
    }
}
