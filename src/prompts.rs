//! Prompts that are kept: a text with places for values, how a model shall answer it, its versions, and
//! runs of it over tables of values.
//!
//! Plain data and its forms: the program's own JSON, and the one Bedrock Prompt Management has. Places are
//! `{{names}}`, in the prompt and in its system prompts, as in a batch of a comparison.
//!
//! This module must not know egui, the AWS SDK, tokio, the disk or the command line.

mod bedrock_form;
mod content;
mod difference;
mod interchange;
mod outcome;
mod passages;
mod saved;
mod starter;
mod table;

pub use content::{Content, NotReady};
pub use difference::{DiffLine, LineSide, difference};
pub use interchange::{Form, ReadError, ReadPrompts, read, write};
pub use outcome::{RowResult, RunFormat, RunOutcome};
pub use passages::{Passage, passages};
pub use saved::{SavedPrompt, Version};
pub use starter::{Starter, starters};
pub use table::{MOST_ROWS, RowValues, Table, TableError};
