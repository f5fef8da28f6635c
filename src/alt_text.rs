//! Alt text for many pictures at once: what is asked, what is wrong with an answer, the job that asks
//! for all of them, the documents that images stand in, and the results as files.
//!
//! It sends through a [`Connection`](crate::bedrock::Connection) and reads pictures with
//! [`media`](crate::media). It must not know the window, the command line, the store or the embedded
//! endpoint.

mod batch;
mod checks;
mod context;
mod documents;
mod job;
mod metadata;
mod out;
mod paid;
mod progress;
mod prompt;
mod settings;
mod throttle;
mod worklist;

pub use batch::{
    Batch, BatchError, BatchFolder, BatchFolderError, BatchLimits, Imported, Step, Submission,
    Submitted, import, submit,
};
pub use checks::{Checker, Problem};
pub use context::ContextTable;
pub use documents::{
    Addition, DocumentPlace, DocumentTexts, FoundDocument, FoundImage, Leftovers, Origin,
    TAKEN_OUT, TakenOut, WrittenDocument, take_out, write_document,
};
pub use job::{
    Described, Ending, Event, ImageResult, JobHandle, JobOptions, Order, RunningJob, Source,
    StartError, Summary, start,
};
pub use metadata::{MetadataPlace, Texts, is_copy, read_metadata, write_metadata};
pub use out::{Format, Row, record, write};
pub use paid::{Paid, PaidAnswer, PaidAnswers};
pub use progress::{Progress, wait_in_words};
pub use prompt::{Alt, DECORATIVE_WORD, Instructions, LONG_DESCRIPTION_PROMPT, length};
pub use settings::{AT_ONCE, JobSettings};
pub use worklist::{
    Counts, Filter, Item, LongDescription, Review, Status, Suggestion, Taken, Worklist,
};
