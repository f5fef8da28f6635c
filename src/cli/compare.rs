//! `compare`: the same question to several models, and what came of it.

mod calls;
mod driver;
mod files;
mod lines;
mod paid;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::args::{CompareArgs, CompareFormat, Global};
use super::interruption::listen;
use super::kept::{self, Allowed, look_at_budgets};
use super::output::Output;
use super::purse::Purse;
use super::{CommandError, Outcome, open};
use crate::catalog::ModelId;
use crate::chat::{Configuration, ContentBlock, Failure};
use crate::compare::{
    self, BatchForm, Comparison, DEFAULT_RUBRIC, FEWEST_COLUMNS, MOST_COLUMNS, OutcomeFormat,
    Prompt, lacking, read_batch,
};
use crate::files::replace_own;
use crate::media::{self, Attachment, Limits};
use crate::pricing::{Prices, Usd};
use crate::store::Screen;
use driver::{Books, Driver, Ending, Judge};
use lines::Lines;
use paid::Paid;

/// Asks every model, once or more, and a judge if there is one. What fails in one column fails there
/// alone.
pub async fn run(
    global: &Global,
    args: &CompareArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let interrupted = listen().await;
    let mut plan = {
        let args = args.clone();
        let read = move || Plan::read(&args);
        let read = tokio::task::spawn_blocking(read).await;
        read.map_err(io::Error::other)?
            .map_err(CommandError::Usage)?
    };
    let session = open(global).await?;
    let left = match look_at_budgets(global, &session, output).await? {
        Allowed::Nothing(outcome) => return Ok(outcome),
        Allowed::UpTo(left) => left,
    };
    let prices = kept::prices(global)?;
    let connection = session.connection();
    for model in plan.comparison.models_mut() {
        *model = connection.recognise(model.clone()).await;
    }
    say_what_is_lacking(&plan.comparison, output);
    let judge = match &args.judge {
        Some(judge) => Some(Judge {
            model: connection.recognise(judge.as_str().into()).await,
            rubric: plan.rubric,
        }),
        None => None,
    };
    let books = Books {
        purse: Purse::open(global, &session, Screen::compare(), &prices, left, output).await,
        paid: Paid::new(kept::answers(global, output).await, args.resume),
        lines: lines(args, &prices)?,
    };
    let mut driver = Driver::new(connection, plan.comparison, judge, interrupted, books);
    let mut ending = driver.ask(args.repeat, args.jobs, output).await;
    let answers = driver.found();
    if ending == Ending::Complete {
        ending = driver.judge(output).await;
    }
    let verdicts = driver.found() - answers;
    let (comparison, books) = driver.into_parts();
    let is_kept = books.paid.is_kept();
    let written = match books.lines {
        Some(lines) => lines.end(&comparison, output),
        None => write(args, &comparison, &prices, output),
    };
    let failed = failures(&comparison, output);
    conclude(&comparison, &prices, Found { answers, verdicts }, output);
    if is_kept && (ending != Ending::Complete || written.is_err()) {
        output.note(kept::how_to_go_on(args.resume));
    }
    written?;
    Ok(match ending {
        Ending::Interrupted => Outcome::Interrupted,
        Ending::UsedUp => Outcome::CapReached,
        Ending::Unwritable => Outcome::Failed,
        Ending::Complete if failed > 0 => Outcome::Failed,
        Ending::Complete => Outcome::Done,
    })
}

/// What is going to be asked.
struct Plan {
    comparison: Comparison,
    rubric: String,
}

impl Plan {
    /// Reads the files it needs; blocks.
    fn read(args: &CompareArgs) -> Result<Self, String> {
        if !(FEWEST_COLUMNS..=MOST_COLUMNS).contains(&args.model.len()) {
            return Err(format!(
                "{FEWEST_COLUMNS} to {MOST_COLUMNS} models can be compared; give --model as many times"
            ));
        }
        let rubric = match &args.rubric {
            Some(path) => std::fs::read_to_string(path).map_err(|error| unread(path, &error))?,
            None => DEFAULT_RUBRIC.to_owned(),
        };
        let configuration = Configuration {
            system: vec![args.system.clone().unwrap_or_default()],
            temperature: args.temperature,
            max_tokens: args.max_tokens,
            ..Configuration::default()
        };
        let models = args.model.iter().map(|model| ModelId::from(model.as_str()));
        let mut comparison = Comparison::new(configuration, models);
        let media = attached(args).map_err(|failure| {
            format!("{}: {}\n{}", failure.code, failure.message, failure.advice)
        })?;
        for prompt in prompts(args, media)? {
            let row = comparison.add_row();
            comparison.ask(row, prompt);
        }
        Ok(Self { comparison, rubric })
    }
}

fn prompts(args: &CompareArgs, media: Vec<ContentBlock>) -> Result<Vec<Prompt>, String> {
    let Some(path) = &args.prompts else {
        let text = args.prompt.clone().unwrap_or_default();
        return Ok(vec![Prompt::typed(text, media)]);
    };
    let bytes = std::fs::read(path).map_err(|error| unread(path, &error))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let template = args.prompt.as_deref();
    let mut prompts = read_batch(&bytes, BatchForm::of(path), folder, template)
        .map_err(|error| format!("{}: {error}", path.display()))?;
    for prompt in &mut prompts {
        prompt.media.clone_from(&media);
    }
    Ok(prompts)
}

fn attached(args: &CompareArgs) -> Result<Vec<ContentBlock>, Box<Failure>> {
    let limits = Limits::converse();
    let images = args
        .image
        .iter()
        .map(|path| media::open_image(path, &limits));
    let images: Result<Vec<_>, _> = images.collect();
    let images = images.map_err(|error| Box::new(error.into()))?;
    let mut content: Vec<_> = images.iter().map(Attachment::content_block).collect();
    content.extend(open_files(&args.document)?);
    Ok(content)
}

fn unread(path: &Path, error: &io::Error) -> String {
    format!("{} cannot be read: {error}", path.display())
}

fn say_what_is_lacking(comparison: &Comparison, output: &mut Output) {
    let media: &[ContentBlock] = comparison
        .rows()
        .first()
        .and_then(|row| row.rounds.first())
        .map_or(&[], |prompt| &prompt.media);
    for column in comparison.columns() {
        let configuration = column.configuration(&comparison.shared);
        for sentence in lacking(configuration, media, &column.model_id) {
            output.note(&format!("{}: {sentence}", comparison.label(column.id)));
        }
    }
}

fn format(args: &CompareArgs) -> OutcomeFormat {
    match args.format {
        _ if args.json => OutcomeFormat::Json,
        CompareFormat::Table => OutcomeFormat::Table,
        CompareFormat::Csv => OutcomeFormat::Csv,
        CompareFormat::Json => OutcomeFormat::Json,
        CompareFormat::Jsonl => OutcomeFormat::JsonLines,
        CompareFormat::Markdown => OutcomeFormat::Markdown,
        CompareFormat::Html => OutcomeFormat::Html,
    }
}

/// Where lines go as their answers come; other forms are written at the end.
fn lines(args: &CompareArgs, prices: &Prices) -> io::Result<Option<Lines>> {
    if format(args) != OutcomeFormat::JsonLines {
        return Ok(None);
    }
    let file = args.out.as_ref().map(File::create).transpose()?;
    Ok(Some(Lines::new(file, prices.clone())))
}

fn write(
    args: &CompareArgs,
    comparison: &Comparison,
    prices: &Prices,
    output: &mut Output,
) -> io::Result<()> {
    let date = OffsetDateTime::now_utc().format(&Rfc3339);
    let outcome = compare::Outcome {
        title: "Comparison of models",
        date: &date.map_err(io::Error::other)?,
        comparison,
        prices,
    };
    let text = outcome.write(format(args));
    match &args.out {
        Some(out) => replace_own(out, text.as_bytes()),
        None => output.piece(&text),
    }
}

/// Says what failed, and counts it.
fn failures(comparison: &Comparison, output: &mut Output) -> usize {
    let mut failed = 0;
    let verdicts = comparison.verdicts();
    for column in comparison.columns() {
        let label = comparison.label(column.id);
        for run in comparison.runs(column.id) {
            let place = match comparison.rows().len() {
                1 => label.clone(),
                _ => format!("Row {}, {label}", run.at.row + 1),
            };
            if let crate::chat::InvocationStatus::Failed(failure) = &run.invocation.status {
                output.failure(Some(&place), failure);
                failed += 1;
            }
            let judged = verdicts.judgement(run.at);
            if let Some(Err(failure)) = judged.map(|judgement| &judgement.score) {
                output.failure(Some(&format!("Judging {place}")), failure);
                failed += 1;
            }
        }
    }
    failed
}

/// What was paid for before, and not asked for again.
#[derive(Clone, Copy, Debug)]
struct Found {
    answers: usize,
    verdicts: usize,
}

/// Says what it came to, the judge's part apart.
fn conclude(comparison: &Comparison, prices: &Prices, found: Found, output: &mut Output) {
    let paid_before = |found: usize, output: &mut Output| {
        if found > 0 {
            output.note(&format!(
                "{found} of them were paid for before, and were not asked for again"
            ));
        }
    };
    let summaries = compare::summaries(comparison, prices);
    let answers: usize = summaries.iter().map(|summary| summary.complete).sum();
    let is_simulated = summaries.iter().any(|summary| summary.simulated);
    let price = |cost: Option<Usd>| match cost {
        Some(cost) if is_simulated => format!("simulated, not charged ({cost} on AWS)"),
        Some(cost) => cost.to_string(),
        None => "cost unknown".to_owned(),
    };
    let answered = summaries.iter().filter(|summary| summary.complete > 0);
    let cost: Option<Usd> = answered.map(|summary| summary.cost).sum();
    if answers > 0 {
        output.note(&format!("{answers} answers, {}", price(cost)));
        paid_before(found.answers, output);
    }
    let judged = comparison.verdicts().judgements().count();
    if judged > 0 {
        let costs = comparison.verdicts().judgements();
        let cost: Option<Usd> = costs.map(|(_, judgement)| judgement.cost(prices)).sum();
        output.note(&format!("{judged} answers judged, {}", price(cost)));
        paid_before(found.verdicts, output);
    }
}

/// Opens images and documents; blocks.
fn open_files(files: &[PathBuf]) -> Result<Vec<ContentBlock>, Box<Failure>> {
    let limits = Limits::converse();
    let opened: Result<Vec<_>, _> = files
        .iter()
        .map(|path| media::open(path, &limits))
        .collect();
    let opened = opened.map_err(|error| Box::new(error.into()))?;
    Ok(opened.iter().map(Attachment::content_block).collect())
}
