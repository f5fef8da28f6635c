//! The same work without a window: models, questions, alt text, comparisons, prices, and the endpoint
//! alone.
//!
//! Results go to standard output, everything else to standard error, so that a script reads only
//! results. Simulated answers need an explicit `--demo`. This module must not know egui or the
//! screens.

mod alt_text;
mod alt_text_batch;
mod alt_text_documents;
mod alt_text_files;
mod archive;
mod args;
mod ask;
mod batch_args;
mod compare;
mod doctor;
mod embed;
mod embed_args;
mod emulate;
mod guardrail_args;
mod guardrails;
mod history;
mod history_args;
mod image;
mod image_args;
mod instruction_args;
mod interruption;
mod kept;
mod models;
mod money_args;
mod output;
mod price;
mod prices;
mod progress;
mod prompt_args;
mod prompts;
mod purse;
mod shell;
mod usage;
mod video;
mod video_args;

use std::process::ExitCode;

pub use args::{Arguments, Command, Global};
use output::Output;

use crate::chat::Failure;
use crate::tasks::{Session, SessionError};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// All was done.
    Done,
    /// Something failed; it was said what.
    Failed,
    /// Nothing could be begun: wrong usage, or no credentials.
    NotBegun,
    /// The next request could have passed the cost cap.
    CapReached,
    /// Ctrl+C.
    Interrupted,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::Failed => Self::from(1),
            Outcome::NotBegun => Self::from(2),
            Outcome::CapReached => Self::from(3),
            // 128 + SIGINT, as shells have it.
            Outcome::Interrupted => Self::from(130),
        }
    }
}

/// Why a command ended early.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    /// There is no connection.
    #[error("{0}")]
    Session(#[from] SessionError),
    /// What was asked for cannot be begun, in words and with advice.
    #[error("{0}")]
    Usage(String),
    /// The result could not be written; a closed pipe is no error worth a word.
    #[error("the result could not be written: {0}")]
    Output(#[from] std::io::Error),
}

/// Runs a command to its end.
#[must_use]
pub fn run(global: &Global, command: Command) -> ExitCode {
    let mut output = Output::standard();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            output.note(&format!(
                "The background threads could not be started: {error}"
            ));
            return Outcome::NotBegun.into();
        }
    };
    let result = runtime.block_on(async {
        if listens_itself(&command) {
            return dispatch(global, command, &mut output).await;
        }
        tokio::select! {
            result = dispatch(global, command, &mut output) => result,
            _ = tokio::signal::ctrl_c() => Ok(Outcome::Interrupted),
        }
    });
    // Threads that still read a file must not hold the program back.
    runtime.shutdown_background();
    match result {
        Ok(outcome) => outcome,
        Err(CommandError::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            Outcome::Done
        }
        Err(CommandError::Output(error)) => {
            output.note(&format!("The result could not be written: {error}"));
            Outcome::Failed
        }
        Err(CommandError::Usage(words)) => {
            output.note(&words);
            Outcome::NotBegun
        }
        Err(CommandError::Session(error)) => {
            let failure = Failure::from(error);
            output.note(&format!("{}: {}", failure.code, failure.message));
            output.note(&failure.advice);
            if failure.code == "NoCredentials" {
                output.note("For simulated answers without AWS, add --demo");
            }
            Outcome::NotBegun
        }
    }
    .into()
}

/// Whether a command listens for Ctrl+C by itself: for the endpoint that is how it ends, the others keep what
/// they have.
fn listens_itself(command: &Command) -> bool {
    matches!(
        command,
        Command::Emulate(_)
            | Command::Ask(_)
            | Command::AltText(_)
            | Command::History(_)
            | Command::Compare(_)
            | Command::Embed(_)
            | Command::Prompts(_)
    )
}

async fn dispatch(
    global: &Global,
    command: Command,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    match command {
        Command::Models(args) => {
            let session = open(global).await?;
            models::run(global, &session, &args, output).await
        }
        Command::Ask(args) => {
            let session = open(global).await?;
            ask::run(global, &session, &args, output).await
        }
        Command::Image(args) => image::run(global, &args, output).await,
        Command::Video(args) => video::run(global, &args, output).await,
        Command::AltText(args) => alt_text::run(global, &args, output).await,
        Command::Compare(args) => compare::run(global, &args, output).await,
        Command::Embed(args) => embed::run(global, &args, output).await,
        Command::Guardrails(args) => {
            let session = open(global).await?;
            guardrails::run(global, &session, &args, output).await
        }
        Command::Price(args) => price::run(global, &args, output),
        Command::Prices(args) => prices::run(global, &args, output).await,
        Command::Prompts(args) => prompts::run(global, &args, output).await,
        Command::Usage(args) => usage::run(global, &args, output).await,
        Command::History(args) => history::run(global, &args, output).await,
        Command::Doctor(args) => doctor::run(global, &args, output).await,
        Command::Emulate(args) => emulate::run(global, &args, output).await,
        Command::Completions(args) => shell::completions(&args, output),
        Command::Man(args) => shell::man(&args, output),
    }
}

async fn open(global: &Global) -> Result<Session, CommandError> {
    Ok(Session::open(kept::session_options(global)?).await?)
}
