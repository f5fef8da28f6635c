//! `alt-text batch`: the same work as a batch job. What is known of a job is kept in the data folder,
//! so that it can be followed by a later command.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;

use tokio::sync::mpsc;
use uuid::Uuid;

use super::args::Global;
use super::batch_args::{
    BatchCommand, BatchImportArgs, BatchStatusArgs, BatchStopArgs, BatchSubmitArgs,
};
use super::kept::{self, Allowed};
use super::output::{Output, table};
use super::progress::Progress;
use super::{CommandError, Outcome, alt_text_files, open};
use crate::alt_text::{
    self, Batch, BatchError, BatchFolder, BatchFolderError, BatchLimits, Format, ImageResult,
    JobOptions, Row, Step, Submission, Submitted, write,
};
use crate::chat::Failure;
use crate::files;
use crate::pricing::Usd;
use crate::tasks::{self, Session};

/// How many steps may wait to be told of.
const STEPS_IN_FLIGHT: usize = 16;

/// Does what was asked for.
pub async fn run(
    global: &Global,
    command: &BatchCommand,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    match command {
        BatchCommand::Submit(args) => Box::pin(submit(global, args, output)).await,
        BatchCommand::Status(args) => status(global, args, output).await,
        BatchCommand::Import(args) => take_in(global, args, output).await,
        BatchCommand::Stop(args) => stop(global, args, output).await,
    }
}

async fn submit(
    global: &Global,
    args: &BatchSubmitArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let context = args.asked.context.clone();
    let found =
        alt_text_files::sources(args.paths.clone(), Vec::new(), None, context, output).await?;
    let session = open(global).await?;
    if session.is_embedded() {
        return Err(CommandError::Usage(
            "A simulated batch job would end with this command: run bedrock-playground emulate, and name its \
             address with --endpoint-url"
                .to_owned(),
        ));
    }
    let left = match kept::look_at_budgets(global, &session, output).await? {
        Allowed::Nothing(outcome) => return Ok(outcome),
        Allowed::UpTo(left) => left,
    };
    let options = JobOptions {
        instructions: args.asked.instructions(),
        prices: kept::prices(global)?,
        ..JobOptions::new(
            session
                .connection()
                .recognise(args.model.as_str().into())
                .await,
        )
    };
    let submission = Submission {
        id: format!("alt-text-{}", &Uuid::new_v4().simple().to_string()[..12]),
        options,
        role_arn: args.role.clone(),
        place: args.bucket.clone(),
        max_cost: [left, args.max_cost].into_iter().flatten().min(),
        limits: BatchLimits::default(),
        list: None,
    };
    let folder = folder(global)?;
    let (steps, heard) = mpsc::channel(STEPS_IN_FLIGHT);
    let sources = found.sources.into_iter().enumerate().collect();
    let (submitted, ()) = tokio::join!(
        alt_text::submit(session.connection(), sources, submission, &folder, steps),
        tell(heard, output)
    );
    say(&submitted, output)
}

/// Tells of each step while it is taken.
async fn tell(mut heard: mpsc::Receiver<Step>, output: &mut Output) {
    let progress = Progress::on_terminal();
    while let Some(step) = heard.recv().await {
        match step {
            Step::Preparing { done, total } => {
                progress.show(&format!("{done} of {total} images prepared"));
            }
            Step::Prepared {
                records,
                bytes,
                cost,
            } => {
                progress.clear();
                output.note(&costs(records, bytes, cost));
            }
            Step::Uploading { sent, bytes } => progress.show(&format!(
                "{} % of {} MB uploaded",
                sent * 100 / bytes.max(1),
                bytes / 1_000_000
            )),
            Step::Submitted { .. } => progress.clear(),
        }
    }
    progress.clear();
}

fn costs(images: u64, bytes: u64, cost: Option<(Usd, Usd)>) -> String {
    let megabytes = bytes / 1_000_000;
    match cost {
        Some((lower, upper)) => format!(
            "{images} images, between {lower} and {upper} as a batch job, {megabytes} MB to upload"
        ),
        None => format!(
            "{images} images; what this model costs in a batch job is not known, {megabytes} MB to upload"
        ),
    }
}

/// Says what became of it.
fn say(submitted: &Submitted, output: &mut Output) -> Result<Outcome, CommandError> {
    for (_, failure) in &submitted.failed {
        output.failure(None, failure);
    }
    for batch in &submitted.batches {
        output.line(&batch.id)?;
    }
    match submitted.batches.as_slice() {
        [] => {}
        [one] => output.note(&format!(
            "Submitted. Follow it with: alt-text batch status {}",
            one.id
        )),
        jobs => output.note(&format!(
            "{} jobs were submitted. Follow them with: alt-text batch status",
            jobs.len()
        )),
    }
    let Some(reason) = &submitted.ended_by else {
        return Ok(if submitted.failed.is_empty() {
            Outcome::Done
        } else {
            Outcome::Failed
        });
    };
    output.note(&reason.to_string());
    if !submitted.batches.is_empty() {
        output.note(&format!(
            "{} images are in no batch job",
            submitted.left.len()
        ));
    }
    Ok(match reason {
        BatchError::CapReached(_) => Outcome::CapReached,
        _ if submitted.batches.is_empty() => Outcome::NotBegun,
        _ => Outcome::Failed,
    })
}

async fn status(
    global: &Global,
    args: &BatchStatusArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let jobs = folder(global)?;
    let mut batches = match &args.job {
        Some(id) => vec![jobs.load(id).map_err(unusable)?],
        None => jobs.all().map_err(unusable)?,
    };
    let mut outcome = Outcome::Done;
    for batch in batches.iter_mut().filter(|batch| !batch.is_over()) {
        let session = open_for(global, batch).await?;
        match batch.refresh(session.connection()).await {
            Ok(()) => jobs.save(batch)?,
            Err(error) => {
                output.failure(Some(&batch.id), &Failure::from(error));
                outcome = Outcome::Failed;
            }
        }
    }
    if args.json {
        for batch in &batches {
            output.json(batch)?;
        }
        return Ok(outcome);
    }
    let rows: Vec<Vec<String>> = batches.iter().map(row).collect();
    for line in table(&rows) {
        output.line(&line)?;
    }
    Ok(outcome)
}

/// A session in the region of a job, unless another one was named.
async fn open_for(global: &Global, batch: &Batch) -> Result<Session, CommandError> {
    let mut global = global.clone();
    global.region.get_or_insert_with(|| batch.region.clone());
    open(&global).await
}

fn row(batch: &Batch) -> Vec<String> {
    let count = |number: Option<u64>| number.map_or_else(|| "?".to_owned(), |n| n.to_string());
    vec![
        batch.id.clone(),
        batch.status.clone().unwrap_or_default(),
        format!(
            "{} images, {} done, {} failed",
            batch.records,
            count(batch.succeeded),
            count(batch.failed)
        ),
        if batch.simulated { "simulated" } else { "" }.to_owned(),
        batch.message.clone().unwrap_or_default(),
    ]
}

async fn take_in(
    global: &Global,
    args: &BatchImportArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let jobs = folder(global)?;
    let mut batch = jobs.load(&args.job).map_err(unusable)?;
    let session = open_for(global, &batch).await?;
    if !batch.is_over() {
        batch
            .refresh(session.connection())
            .await
            .map_err(|error| CommandError::Usage(error.to_string()))?;
        jobs.save(&batch)?;
    }
    if !batch.has_answers() {
        let status = batch.status.as_deref().unwrap_or("not submitted");
        let message = batch.message.as_deref().unwrap_or_default();
        output.note(&format!("{} has no answers: {status} {message}", batch.id));
        return Ok(Outcome::Failed);
    }
    let folder = tempfile::tempdir_in(jobs.make()?)?;
    let progress = Progress::on_terminal();
    let mut so_far = |there: u64| progress.show(&format!("{} MB downloaded", there / 1_000_000));
    let fetched = batch
        .fetch(session.connection(), folder.path(), &mut so_far)
        .await;
    progress.clear();
    let answers = match fetched {
        Ok(Some(answers)) => answers,
        Ok(None) => {
            output.note("There are no answers in the job's folder of S3");
            return Ok(Outcome::Failed);
        }
        Err(error) => {
            output.failure(Some(&batch.id), &Failure::from(error));
            return Ok(Outcome::Failed);
        }
    };
    let paid = kept::paid(global, true, output).await;
    let prices = kept::prices(global)?;
    let (of, kept_in, label) = (batch, jobs.clone(), session.label());
    let (format, out) = (args.format.into(), args.out.clone());
    let work = move || {
        let mut results = Results::begin(format, out)?;
        let mut take = |result| results.take(result);
        let taken = tasks::take_in(
            of,
            &kept_in,
            &answers,
            &prices,
            paid.as_ref(),
            &label,
            &mut take,
        )?;
        Ok::<_, io::Error>((taken, results.end()?))
    };
    let (taken, text) = tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)??;
    output.piece(&text)?;
    kept::record(global, taken.bill, output).await;
    let (batch, imported) = (taken.batch, taken.imported);
    jobs.save(&batch)?;
    output.note(&format!(
        "{} images have a text, {} failed",
        imported.done, imported.failed
    ));
    if imported.failed > 0 {
        output.note("To ask for those that failed, run alt-text --resume with the same images");
    }
    if args.clean_up
        && let Err(error) = batch.clean_up(session.connection()).await
    {
        output.failure(Some(&batch.id), &Failure::from(error));
    }
    Ok(if imported.failed > 0 {
        Outcome::Failed
    } else {
        Outcome::Done
    })
}

/// Results on their way out: JSON Lines as they come, any other form in the end.
struct Results {
    format: Format,
    out: Option<PathBuf>,
    lines: Option<BufWriter<File>>,
    rows: Vec<Row>,
}

impl Results {
    fn begin(format: Format, out: Option<PathBuf>) -> io::Result<Self> {
        let lines = match &out {
            Some(out) if format == Format::JsonLines => Some(BufWriter::new(File::create(out)?)),
            _ => None,
        };
        Ok(Self {
            format,
            out,
            lines,
            rows: Vec::new(),
        })
    }

    fn take(&mut self, result: ImageResult) -> io::Result<()> {
        let row = Row {
            result,
            problems: Vec::new(),
            written: None,
            kept_cost: None,
            approved: None,
            origin: None,
            context: None,
            long_description: None,
        };
        if let Some(lines) = &mut self.lines {
            return write(lines, self.format, &[row]);
        }
        self.rows.push(row);
        Ok(())
    }

    /// Writes what is left; gives what is for the screen.
    fn end(mut self) -> io::Result<String> {
        if let Some(lines) = &mut self.lines {
            lines.flush()?;
            return Ok(String::new());
        }
        self.rows.sort_by_key(|row| row.result.index);
        let mut whole = Vec::new();
        write(&mut whole, self.format, &self.rows)?;
        match self.out {
            Some(out) => files::replace_own(&out, &whole).map(|()| String::new()),
            None => Ok(String::from_utf8_lossy(&whole).into_owned()),
        }
    }
}

async fn stop(
    global: &Global,
    args: &BatchStopArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let jobs = folder(global)?;
    let batch = jobs.load(&args.job).map_err(unusable)?;
    let session = open_for(global, &batch).await?;
    if let Err(error) = batch.stop(session.connection()).await {
        output.failure(Some(&batch.id), &Failure::from(error));
        return Ok(Outcome::Failed);
    }
    output.note("Stopping; what was answered by then is billed, and can be read by import");
    Ok(Outcome::Done)
}

/// Where batch jobs are kept.
fn folder(global: &Global) -> Result<BatchFolder, CommandError> {
    Ok(BatchFolder::new(
        kept::folder(global)?.file(BatchFolder::NAME),
    ))
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn unusable(error: BatchFolderError) -> CommandError {
    let advice = match error {
        BatchFolderError::Unknown(_) => "; alt-text batch status lists them",
        BatchFolderError::Damaged { .. } | BatchFolderError::Disk(_) => "",
    };
    CommandError::Usage(format!("{error}{advice}"))
}
