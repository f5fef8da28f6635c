//! Which thoughts of a model go back to it or to another.

use crate::catalog::ModelId;
use crate::chat::{ContentBlock, Reasoning};

/// A model that refuses a conversation with thoughts in it, its own too (recorded).
const TAKES_NONE: &str = "deepseek.r1";

/// Takes out of an answer the thoughts that would have the whole conversation refused: those of another provider's
/// model, and those that Anthropic did not sign, as it had no time to where the answer was stopped.
pub(super) fn keep_those_for(model: &ModelId, made_by: &ModelId, content: &mut Vec<ContentBlock>) {
    let to = model.foundation_model_id();
    let is_of_provider = provider(to) == provider(made_by.foundation_model_id());
    let takes = is_of_provider && !to.starts_with(TAKES_NONE);
    let needs_signature = provider(to) == "anthropic";
    content.retain(|block| match block {
        ContentBlock::Reasoning(thought) => takes && (!needs_signature || is_signed(thought)),
        _ => true,
    });
}

fn provider(foundation_model_id: &str) -> &str {
    foundation_model_id.split('.').next().unwrap_or_default()
}

fn is_signed(thought: &Reasoning) -> bool {
    match thought {
        Reasoning::Text { signature, .. } => signature.as_ref().is_some_and(|it| !it.is_empty()),
        Reasoning::Redacted(_) => true,
    }
}
