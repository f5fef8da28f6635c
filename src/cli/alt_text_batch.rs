//! `alt-text batch`: the same work as a batch job. What is known of a job is kept in the data folder,
//! so that it can be followed by a later command.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;

use uuid::Uuid;

use super::alt_text_files::{find, give_context};
use super::args::{AltTextFormat, Global};
use super::batch_args::{
    BatchCommand, BatchImportArgs, BatchStatusArgs, BatchStopArgs, BatchSubmitArgs,
};
use super::kept::{self, Allowed};
use super::output::{Output, table};
use super::progress::Progress;
use super::{CommandError, Outcome, open};
use crate::alt_text::{
    Batch, Format, Imported, Instructions, JobOptions, Row, Source, Written, import, write,
    write_records,
};
use crate::chat::Failure;
use crate::files;
use crate::pricing::{PriceQuery, Prices, Tier};
use crate::store::{BilledLine, Screen, SpendRow, UnixMs};
use crate::tasks::Session;

/// The folder of batch jobs in the data folder.
const FOLDER: &str = "batches";

/// Does what was asked for.
pub async fn run(
    global: &Global,
    command: &BatchCommand,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    match command {
        BatchCommand::Submit(args) => submit(global, args, output).await,
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
    let sources = sources(args, output).await?;
    let session = open(global).await?;
    if session.is_embedded() {
        return Err(CommandError::Usage(
            "A simulated batch job would end with this command: run bedrock-playground emulate, and name its \
             address with --endpoint-url"
                .to_owned(),
        ));
    }
    if let Allowed::Nothing(outcome) = kept::look_at_budgets(global, &session, output).await? {
        return Ok(outcome);
    }
    let mut options = options(args);
    options.prices = kept::prices(global)?;
    let id = format!("alt-text-{}", &Uuid::new_v4().simple().to_string()[..12]);
    let connection = session.connection();
    let mut batch = Batch::new(id, connection, &options, args.role.clone(), &args.bucket);
    if let Err(error) = batch.check(connection).await {
        output.note(&error.to_string());
        return Ok(Outcome::NotBegun);
    }
    let jobs = Jobs::of(global)?;
    let folder = tempfile::tempdir_in(jobs.make()?)?;
    let records = folder.path().join("records.jsonl");
    let known = jobs.known(&batch.id);
    let written = write_files(sources, options, &batch, &records, &known).await?;
    for (_, failure) in &written.failed {
        output.failure(None, failure);
    }
    batch.records = written.records;
    batch.upper_cost = written.cost.map(|(_, upper)| upper);
    say_cost(&written, output);
    if let (Some(most), Some((_, upper))) = (args.max_cost, written.cost)
        && upper > most
    {
        fs::remove_file(&known)?;
        output.note(&format!(
            "Nothing was submitted: it could cost more than {most}"
        ));
        return Ok(Outcome::CapReached);
    }
    let progress = Progress::on_terminal();
    let mut so_far = |sent: u64| {
        let percent = sent * 100 / written.bytes.max(1);
        progress.show(&format!(
            "{percent} % of {} MB uploaded",
            written.bytes / 1_000_000
        ));
    };
    let submitted = batch.submit(connection, &records, &mut so_far).await;
    progress.clear();
    if let Err(error) = submitted {
        fs::remove_file(&known)?;
        output.note(&error.to_string());
        return Ok(Outcome::NotBegun);
    }
    jobs.save(&batch)?;
    output.line(&batch.id)?;
    output.note(&format!(
        "Submitted. Follow it with: alt-text batch status {}",
        batch.id
    ));
    if let Some(rest) = written.rest_from {
        output.note(&format!(
            "A batch job holds no more: the images from the {}th on are left for another one",
            rest + 1
        ));
    }
    Ok(if written.failed.is_empty() {
        Outcome::Done
    } else {
        Outcome::Failed
    })
}

async fn sources(args: &BatchSubmitArgs, output: &mut Output) -> Result<Vec<Source>, CommandError> {
    let (paths, context) = (args.paths.clone(), args.context.clone());
    let work = move || {
        let mut found = find(&paths);
        if let Some(context) = &context {
            let remarks = give_context(context, &mut found.sources)?;
            found.remarks.extend(remarks);
        }
        Ok(found)
    };
    let found = tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)?
        .map_err(CommandError::Usage)?;
    for remark in &found.remarks {
        output.note(remark);
    }
    Ok(found.sources)
}

fn options(args: &BatchSubmitArgs) -> JobOptions {
    JobOptions {
        instructions: Instructions {
            prompt: args.prompt.clone(),
            language: args.language.clone(),
            tone: None,
            max_length: args.max_length.map(|most| most as usize),
            context: (!args.about.is_empty()).then(|| args.about.join("\n")),
            may_be_decorative: args.decorative,
        },
        ..JobOptions::new(args.model.as_str().into())
    }
}

/// Writes the records, and what is known of each.
async fn write_files(
    sources: Vec<Source>,
    options: JobOptions,
    batch: &Batch,
    records: &std::path::Path,
    known: &std::path::Path,
) -> Result<Written, CommandError> {
    let (records, known, region) = (records.to_owned(), known.to_owned(), batch.region.clone());
    let progress = Progress::on_terminal();
    let work = move || {
        let mut so_far = |done: usize| {
            progress.show(&format!("{done} of {} images prepared", sources.len()));
            true
        };
        write_records(
            &sources,
            &options,
            &region,
            &mut BufWriter::new(File::create(records)?),
            &mut BufWriter::new(File::create(known)?),
            &mut so_far,
        )
    };
    let written = tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)??;
    progress.clear();
    Ok(written)
}

fn say_cost(written: &Written, output: &mut Output) {
    let images = written.records;
    output.note(&match written.cost {
        Some((lower, upper)) => format!(
            "{images} images, between {lower} and {upper} as a batch job, {} MB to upload",
            written.bytes / 1_000_000
        ),
        None => format!(
            "{images} images; what this model costs in a batch job is not known, {} MB to upload",
            written.bytes / 1_000_000
        ),
    });
}

async fn status(
    global: &Global,
    args: &BatchStatusArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let jobs = Jobs::of(global)?;
    let mut batches = match &args.job {
        Some(id) => vec![jobs.load(id)?],
        None => jobs.all()?,
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
    let jobs = Jobs::of(global)?;
    let mut batch = jobs.load(&args.job)?;
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
    let (known, of, format) = (jobs.known(&batch.id), batch.clone(), form(args.format));
    let out = args.out.clone();
    let work = move || write_out(&of, &answers, &known, &prices, paid.as_ref(), format, out);
    let (imported, text) = tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)??;
    output.piece(&text)?;
    if !batch.billed {
        let row = bill(&batch, &imported, &kept::prices(global)?, session.label());
        kept::record(global, Some(row), output).await;
        batch.billed = true;
        jobs.save(&batch)?;
    }
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

/// The whole job as one line of the ledger.
fn bill(batch: &Batch, imported: &Imported, prices: &Prices, connection: String) -> SpendRow {
    let query = PriceQuery {
        tier: Some(Tier::Batch),
        ..PriceQuery::on_demand(&batch.model_id, &batch.region)
    };
    let cost = prices.breakdown_of_calls(&imported.usage, &query);
    SpendRow {
        at: UnixMs::now(),
        model: batch.model_id.clone(),
        region: batch.region.clone(),
        connection,
        tier: Some(Tier::Batch),
        usage: imported.usage.clone(),
        cost: cost.total(),
        lines: BilledLine::of(&cost),
        simulated: batch.simulated,
        screen: Screen::alt_text(),
        conversation: None,
        project: None,
        estimate: None,
    }
}

/// Writes results; JSON Lines as they come, any other form in the end. Gives what is for the screen.
fn write_out(
    batch: &Batch,
    answers: &std::path::Path,
    known: &std::path::Path,
    prices: &Prices,
    paid: Option<&crate::alt_text::Paid>,
    format: Format,
    out: Option<PathBuf>,
) -> io::Result<(Imported, String)> {
    let mut rows = Vec::new();
    let mut lines = match &out {
        Some(out) if format == Format::JsonLines => Some(BufWriter::new(File::create(out)?)),
        _ => None,
    };
    let mut take = |result| {
        let row = Row {
            result,
            problems: Vec::new(),
            written: None,
            kept_cost: None,
        };
        if let Some(lines) = &mut lines {
            return write(lines, format, &[row]);
        }
        rows.push(row);
        Ok(())
    };
    let imported = import(batch, answers, known, prices, paid, &mut take)?;
    if let Some(lines) = &mut lines {
        lines.flush()?;
    }
    rows.sort_by_key(|row| row.result.index);
    let mut whole = Vec::new();
    write(&mut whole, format, &rows)?;
    match out {
        Some(out) if lines.is_none() => {
            files::replace_own(&out, &whole)?;
            Ok((imported, String::new()))
        }
        Some(_) => Ok((imported, String::new())),
        None => Ok((imported, String::from_utf8_lossy(&whole).into_owned())),
    }
}

fn form(format: AltTextFormat) -> Format {
    match format {
        AltTextFormat::Table => Format::Table,
        AltTextFormat::Csv => Format::Csv,
        AltTextFormat::Json => Format::Json,
        AltTextFormat::Jsonl => Format::JsonLines,
        AltTextFormat::Html => Format::Html,
        AltTextFormat::Markdown => Format::Markdown,
    }
}

async fn stop(
    global: &Global,
    args: &BatchStopArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let jobs = Jobs::of(global)?;
    let batch = jobs.load(&args.job)?;
    let session = open_for(global, &batch).await?;
    if let Err(error) = batch.stop(session.connection()).await {
        output.failure(Some(&batch.id), &Failure::from(error));
        return Ok(Outcome::Failed);
    }
    output.note("Stopping; what was answered by then is billed, and can be read by import");
    Ok(Outcome::Done)
}

/// Where batch jobs are kept.
struct Jobs(PathBuf);

impl Jobs {
    fn of(global: &Global) -> Result<Self, CommandError> {
        Ok(Self(kept::folder(global)?.file(FOLDER)))
    }

    fn make(&self) -> io::Result<&PathBuf> {
        // For nobody else to look into, as all of the data folder.
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.0)?;
        Ok(&self.0)
    }

    /// What is known of a job's records.
    fn known(&self, id: &str) -> PathBuf {
        self.0.join(format!("{id}.jsonl"))
    }

    fn save(&self, batch: &Batch) -> io::Result<()> {
        let json = serde_json::to_vec_pretty(batch).map_err(io::Error::other)?;
        let path = self.make()?.join(format!("{}.json", batch.id));
        files::replace(&path, &json, None)
    }

    fn load(&self, id: &str) -> Result<Batch, CommandError> {
        let is_name = id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let unknown =
            || CommandError::Usage(format!("There is no batch job {id}; status lists them"));
        if !is_name {
            return Err(unknown());
        }
        let bytes = fs::read(self.0.join(format!("{id}.json"))).map_err(|_| unknown())?;
        serde_json::from_slice(&bytes).map_err(|error| {
            CommandError::Usage(format!("What is kept of {id} cannot be read: {error}"))
        })
    }

    fn all(&self) -> Result<Vec<Batch>, CommandError> {
        let Ok(entries) = fs::read_dir(&self.0) else {
            return Ok(Vec::new());
        };
        let mut names: Vec<String> = entries
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
            .collect();
        names.sort();
        names.iter().map(|id| self.load(id)).collect()
    }
}
