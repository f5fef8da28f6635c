//! What the service refuses, in its words where a recording has them.

use super::api_error::ApiError;
use super::request::{Block, ConverseRequest, Message};
use crate::catalog::{Modality, ModelFacts};

/// Limits of Converse: images in a request, bytes and pixels of one.
const MAX_IMAGES: usize = 20;
const MAX_IMAGE_BYTES: usize = 3_932_160;
/// Documents in a request, and bytes of one.
const MAX_DOCUMENTS: usize = 5;
const MAX_DOCUMENT_BYTES: usize = 4_718_592;
/// Pointers into the model's own answer.
const MAX_RESPONSE_FIELD_PATHS: usize = 10;

/// Checks a request against Converse's rules and the model's facts.
pub fn converse(request: &ConverseRequest, model: &ModelFacts) -> Result<(), ApiError> {
    talks(model)?;
    conversation(&request.messages)?;
    range("inferenceConfig.temperature", request.temperature)?;
    range("inferenceConfig.topP", request.top_p)?;
    tokens(request, model)?;
    content(request, model)?;
    response_field_paths(&request.response_field_paths)?;
    if !request.tools.is_empty() && model.supports.tools == Some(false) {
        return Err(ApiError::validation("This model doesn't support tool use."));
    }
    if !request.system.is_empty() && model.supports.system == Some(false) {
        return Err(ApiError::validation(
            "This model doesn't support system messages. Try again without a system message or use a model that supports system messages.",
        ));
    }
    Ok(())
}

fn talks(model: &ModelFacts) -> Result<(), ApiError> {
    let text = |modalities: &[Modality]| modalities.contains(&Modality::Text);
    if text(model.input_modalities) && text(model.output_modalities) {
        Ok(())
    } else {
        Err(ApiError::validation(
            "This action doesn't support the model that you provided. Try again with a supported text or chat model.",
        ))
    }
}

fn conversation(messages: &[Message]) -> Result<(), ApiError> {
    if messages
        .first()
        .is_none_or(|message| message.role != "user")
    {
        return Err(ApiError::validation(
            "A conversation must start with a user message. Try again with a conversation that starts with a user message.",
        ));
    }
    for (index, message) in messages.iter().enumerate() {
        if message.content.is_empty() {
            return Err(ApiError::validation(format!(
                "The content field in the Message object at messages.{index} is empty. Add a ContentBlock object to the content field and try again."
            )));
        }
        if !matches!(message.role.as_str(), "user" | "assistant") {
            return Err(ApiError::validation(format!(
                "1 validation error detected: Value '{}' at 'messages.{}.member.role' failed to satisfy constraint: \
                 Member must satisfy enum value set: [user, assistant]",
                message.role,
                index + 1
            )));
        }
    }
    if messages.windows(2).any(|pair| pair[0].role == pair[1].role) {
        return Err(ApiError::validation(
            "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.",
        ));
    }
    Ok(())
}

fn range(name: &str, value: Option<f64>) -> Result<(), ApiError> {
    let (bound, limit) = match value {
        Some(value) if value < 0.0 => ("greater than or equal to", 0),
        Some(value) if value > 1.0 => ("less than or equal to", 1),
        _ => return Ok(()),
    };
    let value = value.unwrap_or_default();
    Err(ApiError::validation(format!(
        "1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint: Member must have value {bound} {limit}"
    )))
}

fn tokens(request: &ConverseRequest, model: &ModelFacts) -> Result<(), ApiError> {
    let Some(asked) = request.max_tokens else {
        return Ok(());
    };
    if asked < 1 {
        return Err(ApiError::validation(format!(
            "1 validation error detected: Value '{asked}' at 'inferenceConfig.maxTokens' failed to satisfy constraint: \
             Member must have value greater than or equal to 1"
        )));
    }
    match model.max_output_tokens {
        Some(most) if asked > i64::from(most) => Err(ApiError::validation(format!(
            "The maximum tokens you requested exceeds the model limit of {most}. Try again with a maximum tokens value that is lower than {most}."
        ))),
        _ => Ok(()),
    }
}

fn response_field_paths(paths: &[String]) -> Result<(), ApiError> {
    if paths.len() > MAX_RESPONSE_FIELD_PATHS {
        return Err(ApiError::validation(format!(
            "1 validation error detected: Value at 'additionalModelResponseFieldPaths' failed to satisfy constraint: \
             Member must have length less than or equal to {MAX_RESPONSE_FIELD_PATHS}"
        )));
    }
    match paths.iter().find(|path| !path.starts_with('/')) {
        Some(path) => Err(ApiError::validation(format!(
            "'{path}' in additionalModelResponseFieldPaths is no JSON pointer. Begin it with '/' and try again."
        ))),
        None => Ok(()),
    }
}

fn content(request: &ConverseRequest, model: &ModelFacts) -> Result<(), ApiError> {
    let unsupported = |kind: &str| {
        ApiError::validation(format!(
            "This model doesn't support the {kind} content block that you provided. Update the content block and try again."
        ))
    };
    let takes = |modality: &Modality| model.input_modalities.contains(modality);
    let (mut images, mut documents) = (0, 0);
    for block in request.blocks() {
        match block {
            Block::Image { .. } if !takes(&Modality::Image) => return Err(unsupported("image")),
            Block::Image { bytes, .. } => {
                images += 1;
                if bytes
                    .as_ref()
                    .is_some_and(|bytes| bytes.len() > MAX_IMAGE_BYTES)
                {
                    return Err(ApiError::validation(format!(
                        "The model returned the following errors: image exceeds {MAX_IMAGE_BYTES} bytes maximum"
                    )));
                }
            }
            Block::Document { .. } if model.supports.documents == Some(false) => {
                return Err(unsupported("document"));
            }
            Block::Document { name, bytes } => {
                documents += 1;
                document(name, *bytes)?;
            }
            Block::Video if !takes(&Modality::Video) => return Err(unsupported("video")),
            _ => {}
        }
    }
    if images > MAX_IMAGES {
        return Err(ApiError::validation(format!(
            "The model returned the following errors: too many images and documents: {images} + {documents} > {MAX_IMAGES}"
        )));
    }
    if documents > MAX_DOCUMENTS {
        return Err(ApiError::validation(format!(
            "Number of documents exceeds the limit of {MAX_DOCUMENTS}."
        )));
    }
    let lonely = request.messages.iter().any(|message| {
        message
            .content
            .iter()
            .any(|block| matches!(block, Block::Document { .. }))
            && !message
                .content
                .iter()
                .any(|block| matches!(block, Block::Text(_) | Block::Guarded(_)))
    });
    if lonely {
        return Err(ApiError::validation(
            "A text block must be included when using documents. Add a text block and retry your request.",
        ));
    }
    Ok(())
}

fn document(name: &str, bytes: usize) -> Result<(), ApiError> {
    let allowed =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '(' | ')' | '[' | ']');
    if name.is_empty() || !name.chars().all(allowed) || name.contains("  ") {
        return Err(ApiError::validation(
            "The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, \
             and square brackets. The name can't contain more than one consecutive whitespace character.",
        ));
    }
    if bytes > MAX_DOCUMENT_BYTES {
        return Err(ApiError::validation(
            "The document exceeds the maximum size of 4.5 MB.",
        ));
    }
    Ok(())
}
