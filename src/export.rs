//! A conversation out, as JSON, Markdown or HTML, and in again.
//!
//! JSON is the form that can be read back: messages as Converse has them, and beside each answer what
//! is known of the call. Markdown and HTML are for people. What models wrote is untrusted in all
//! three: HTML holds no script, loads nothing, and shows markup in an answer as text. Answers that
//! the embedded endpoint made up are marked as such everywhere, so that nobody quotes them as a
//! model's.
//!
//! This module must not know the window, the SDK, the store or the disk: it makes text of values and
//! values of text.

mod cells;
mod facts;
mod html;
mod import;
mod json;
mod markdown;
mod pieces;

use crate::catalog::ModelId;
use crate::chat::{InvocationId, Request, Turn};

pub(crate) use cells::guarded_cell;
pub(crate) use html::{answer_as_html, escaped as escaped_html, page_as_html};
pub use import::ImportError;
pub(crate) use markdown::{escaped as escaped_markdown, fenced, whole_markdown};

/// What a file of ours says of itself.
pub const FORMAT: &str = "bedrock-playground/conversation";
/// The newest form this program writes and reads.
pub const VERSION: u64 = 1;

/// A conversation on its way out.
#[derive(Clone, Copy, Debug)]
pub struct Export<'a> {
    /// What it is called.
    pub title: &'a str,
    /// When, as RFC 3339; this module has no clock.
    pub date: &'a str,
    /// The model, system prompts and parameters in force; its messages are not looked at.
    pub head: &'a Request,
    /// The turns, oldest first.
    pub turns: &'a [&'a Turn],
}

/// A conversation that came in.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// What it was called; a bare request has no title.
    pub title: Option<String>,
    /// When it was written out.
    pub date: Option<String>,
    /// Model, system prompts and parameters; without messages.
    pub head: Request,
    /// The turns, oldest first; none is running.
    pub turns: Vec<Turn>,
    /// Paths of what there was no place for.
    pub left_out: Vec<String>,
}

impl Export<'_> {
    /// The conversation as JSON that [`import`] reads.
    #[must_use]
    pub fn to_json(&self) -> String {
        json::write(self)
    }

    /// The conversation as Markdown, pictures by name.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        markdown::write(self)
    }

    /// The conversation as one HTML page that needs nothing else, pictures in it.
    #[must_use]
    pub fn to_html(&self) -> String {
        html::write(self)
    }
}

/// Reads a conversation of ours, or the body of a Converse request, which says neither which model
/// it is for nor what an answer took; `model_id` is for those. `next_id` gives each answer its id.
///
/// # Errors
/// When the text is neither, is of a newer version than this program knows, or has something wrong
/// in it, with the path.
pub fn import(
    text: &str,
    model_id: &ModelId,
    next_id: impl FnMut() -> InvocationId,
) -> Result<Import, ImportError> {
    import::read(text, model_id, next_id)
}
