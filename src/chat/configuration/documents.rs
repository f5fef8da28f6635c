//! Documents must have names of their own within one request.

use std::collections::HashSet;

use crate::chat::{ContentBlock, Message};

/// Numbers documents whose name was taken by one before them.
pub(super) fn name_uniquely(messages: &mut [Message]) {
    let mut taken = HashSet::new();
    for message in messages {
        for block in &mut message.content {
            let ContentBlock::Document(document) = block else {
                continue;
            };
            let plain = document.name.clone();
            let mut number = 2;
            while !taken.insert(document.name.clone()) {
                document.name = format!("{plain} ({number})");
                number += 1;
            }
        }
    }
}
