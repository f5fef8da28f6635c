//! Models side by side: columns, what is asked of all of them, what came back, and which was best.
//!
//! Plain data and arithmetic: a [`Comparison`] takes events in like a [`Transcript`], and whoever
//! drives it sends what [`Comparison::prepare`] gives. Money is exact, a figure that is not known
//! stays unknown, and every percentile is a time that was measured.
//!
//! This module must not know egui, the AWS SDK, tokio, the disk or the command line.
//!
//! [`Transcript`]: crate::chat::Transcript

mod batch;
mod blind;
mod column;
mod comparison;
mod diff;
mod judge;
mod lacking;
mod outcome;
mod prompt;
mod queue;
mod run;
mod saved;
mod statistics;
mod template;
mod verdicts;

pub use batch::{BatchError, BatchForm, MOST_ROWS, read_batch};
pub use blind::{blind_name, blind_order};
pub use column::{Column, ColumnId};
pub use comparison::{Comparison, FEWEST_COLUMNS, MOST_COLUMNS, Refusal, Row};
pub use diff::{Piece, Side, diff_words};
pub use judge::{DEFAULT_RUBRIC, HIGHEST_SCORE, JudgeError, Judgement, Score, judge_request};
pub use lacking::lacking;
pub use outcome::{Outcome, OutcomeFormat};
pub use prompt::Prompt;
pub use queue::{Call, Queue};
pub use run::{Run, RunRef};
pub use saved::SheetError;
pub use statistics::{Leaders, Spread, Statistics, Summary, leaders, percentile, summaries};
pub use template::{MissingVariable, fill};
pub use verdicts::{MOST_STARS, Verdicts};
