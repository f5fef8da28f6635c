//! `embed`: vectors of texts and images, and how near they are to one another.

use std::fmt::Display;
use std::io;
use std::time::Instant;

use serde_json::json;

use super::args::Global;
use super::embed_args::EmbedArgs;
use super::interruption::{Interruption, listen};
use super::kept::{self, Allowed, Ledger};
use super::output::{Output, table};
use super::progress::Progress;
use super::{CommandError, Outcome, open};
use crate::chat::Usage;
use crate::embeddings::{
    Collection, Forecast, Format, Matrix, Offer, Outcome as Became, Row, Settings, Source,
    TextsForm, forecast, nearest, problem, read_texts, write, write_matrix,
};
use crate::files::replace_own;
use crate::pricing::{Tier, Usd};
use crate::store::{BilledLine, Screen, SpendRow, UnixMs};
use crate::tasks::embed::{EmbedOptions, Embedded, Ending, Event, RunningEmbed, start};
use crate::tasks::{Session, Waker};

/// Most letters of a text in a table.
const SHOWN: usize = 32;

/// Most columns of a matrix for reading.
const COLUMNS: usize = 12;

/// Embeds every text and image; one that fails does not stop the others.
pub async fn run(
    global: &Global,
    args: &EmbedArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let interrupted = listen().await;
    let settings = Settings {
        dimensions: args.dimensions,
        normalize: args.normalize,
        purpose: args.purpose.into(),
        ..Settings::of(args.model.as_str().into())
    };
    if let Some(problem) = settings.problem() {
        return Err(CommandError::Usage(problem));
    }
    let (Some(model), Some(offer)) = (&settings.model_id, settings.offer()) else {
        return Ok(Outcome::NotBegun);
    };
    let sources = {
        let args = args.clone();
        tokio::task::spawn_blocking(move || sources(&args))
            .await
            .map_err(io::Error::other)?
            .map_err(CommandError::Usage)?
    };
    look_at(&sources, offer)?;
    let session = open(global).await?;
    let prices = kept::prices(global)?;
    let texts = sources.iter().filter_map(Source::text);
    let images = sources.iter().filter(|source| source.text().is_none());
    let region = session.connection().region();
    let expected = forecast(&prices, model, offer, region, texts, images.count());
    output.note(&expectation(&expected));
    if args.dry_run {
        return Ok(Outcome::Done);
    }
    let budget = match kept::look_at_budgets(global, &session, output).await? {
        Allowed::UpTo(limit) => limit,
        Allowed::Nothing(outcome) => return Ok(outcome),
    };
    let options = EmbedOptions {
        settings: settings.clone(),
        offer,
        at_once: args.jobs as usize,
        max_cost: args.max_cost.into_iter().chain(budget).min(),
        prices,
    };
    let mut collection = Collection::default();
    collection.add(sources.clone());
    collection.begin(&settings, false);
    let running = start(&session, sources, options, Waker::noop());
    let mut report = Report {
        ledger: Ledger::open(global, output).await,
        session: &session,
        settings: &settings,
        tag: args.tag.clone(),
        total: collection.items().len(),
        finished: 0,
        collection,
        cost: Some(Usd::ZERO),
        progress: Progress::on_terminal(),
        began: Instant::now(),
    };
    let ending = follow(running, interrupted, &mut report, output).await;
    report.progress.clear();
    report.collection.give_back();
    let failed = report.failures(output);
    report.conclude(ending, failed, output);
    let rows = report.collection.rows();
    publish(args, &rows, output)?;
    Ok(match ending {
        Ending::CapReached => Outcome::CapReached,
        Ending::Stopped => Outcome::Interrupted,
        Ending::Complete if failed > 0 || rows.len() < report.total => Outcome::Failed,
        Ending::Complete => Outcome::Done,
    })
}

/// Texts as typed, then those of files, then images. Blocks.
fn sources(args: &EmbedArgs) -> Result<Vec<Source>, String> {
    let mut sources: Vec<Source> = args.text.iter().cloned().map(Source::Text).collect();
    for path in &args.file {
        let unread = |reason: &dyn Display| {
            format!("The texts of {} cannot be read: {reason}", path.display())
        };
        let bytes = std::fs::read(path).map_err(|error| unread(&error))?;
        let texts = read_texts(&bytes, TextsForm::of(path)).map_err(|error| unread(&error))?;
        sources.extend(texts.into_iter().map(Source::Text));
    }
    sources.extend(args.image.iter().cloned().map(Source::Image));
    if sources.is_empty() {
        return Err("There is no text; give some, or a file with a text a line".to_owned());
    }
    Ok(sources)
}

/// Says what the model would refuse before anything is sent.
fn look_at(sources: &[Source], offer: Offer) -> Result<(), CommandError> {
    for (at, source) in sources.iter().enumerate() {
        if let Some(problem) = problem(offer, source.text()) {
            let which = match source {
                Source::Text(text) => format!("Text {} ({})", at + 1, short(text)),
                Source::Image(path) => path.display().to_string(),
            };
            return Err(CommandError::Usage(format!("{which}: {problem}")));
        }
    }
    Ok(())
}

fn expectation(expected: &Forecast) -> String {
    let mut inputs = Vec::new();
    if expected.texts > 0 {
        inputs.push(count(expected.texts as u64, "text"));
    }
    if expected.images > 0 {
        inputs.push(count(expected.images as u64, "image"));
    }
    let cost = expected.cost.map_or_else(
        || "the price is not known".to_owned(),
        |(low, high)| format!("{low} to {high}"),
    );
    format!(
        "{} in {}, about {} to {} tokens, {cost}",
        inputs.join(" and "),
        count(expected.requests as u64, "request"),
        expected.tokens.low,
        expected.tokens.high
    )
}

/// So many of a thing, in words.
fn count(number: u64, thing: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{ending}")
}

/// Hears the job to its end. Ctrl+C lets what was sent come, a second one gives it up.
async fn follow(
    mut running: RunningEmbed,
    mut interrupted: Interruption,
    report: &mut Report<'_>,
    output: &mut Output,
) -> Ending {
    let mut stopping = false;
    loop {
        tokio::select! {
            biased;
            heard = interrupted.as_mut() => {
                if heard.is_err() {
                    // There is no handler and nothing to hear: the system's own ends the program.
                    interrupted = Box::pin(std::future::pending());
                    continue;
                }
                if stopping {
                    return Ending::Stopped;
                }
                interrupted = listen().await;
                stopping = true;
                running.stop();
                report.progress.clear();
                output.note("Stopping: what was sent is still waited for; Ctrl+C again gives it up");
            }
            event = running.next() => match event {
                Some(Event::Done(embedded)) => report.take(*embedded, output).await,
                Some(Event::Failed(places, failure)) => {
                    report.finished += places.len();
                    for place in places {
                        report.collection.set(place, Became::Failed(failure.clone()));
                    }
                }
                Some(Event::Ended(ending)) => return ending,
                None => return Ending::Stopped,
            },
        }
        report.show_progress();
    }
}

/// Takes vectors in and writes calls down.
struct Report<'a> {
    ledger: Ledger,
    session: &'a Session,
    settings: &'a Settings,
    tag: Option<String>,
    collection: Collection,
    total: usize,
    finished: usize,
    /// `None` as soon as the cost of one request is not known.
    cost: Option<Usd>,
    progress: Progress,
    began: Instant,
}

impl Report<'_> {
    async fn take(&mut self, embedded: Embedded, output: &mut Output) {
        let cost = embedded.counted.then(|| embedded.bill.total()).flatten();
        self.cost = self.cost.zip(cost).map(|(sum, cost)| sum + cost);
        let taken = &mut self.collection.taken;
        taken.requests += 1;
        taken.tokens += embedded.tokens;
        taken.simulated |= embedded.simulated;
        if let Some(model) = &self.settings.model_id {
            let row = SpendRow {
                at: UnixMs::now(),
                model: model.clone(),
                region: self.session.connection().region().to_owned(),
                connection: self.session.label(),
                tier: Some(Tier::Standard),
                usage: usage(embedded.tokens),
                cost,
                lines: BilledLine::of(&embedded.bill),
                simulated: embedded.simulated,
                screen: Screen::embeddings(),
                conversation: None,
                project: self.tag.clone(),
                estimate: None,
            };
            self.ledger.record(row, output).await;
        }
        self.finished += embedded.vectors.len();
        for (place, vector) in embedded.vectors {
            self.collection.set(place, Became::Done(vector));
        }
    }

    fn show_progress(&self) {
        let (finished, total) = (self.finished, self.total);
        let seconds = self.began.elapsed().as_secs();
        self.progress
            .show(&format!("{finished} of {total}, {seconds} s"));
    }

    /// Says each reason once, with how many it hit.
    fn failures(&self, output: &mut Output) -> usize {
        let mut said: Vec<(String, usize)> = Vec::new();
        let mut failed = 0;
        for item in self.collection.items() {
            let Became::Failed(failure) = &item.outcome else {
                continue;
            };
            failed += 1;
            let words = format!("{}: {}. {}", failure.code, failure.message, failure.advice);
            match said.iter_mut().find(|(before, _)| *before == words) {
                Some((_, count)) => *count += 1,
                None => said.push((words, 1)),
            }
        }
        for (words, count) in said {
            output.note(&format!("{count} failed. {words}"));
        }
        failed
    }

    fn conclude(&self, ending: Ending, failed: usize, output: &mut Output) {
        let taken = self.collection.taken;
        let cost = match self.cost {
            Some(cost) if taken.simulated => format!("simulated, not charged ({cost} on AWS)"),
            Some(cost) => cost.to_string(),
            None => "cost unknown".to_owned(),
        };
        let done = self.collection.done().len();
        output.note(&format!(
            "{done} of {} have a vector, {failed} failed, {}, {}, {cost}",
            self.total,
            count(taken.requests, "request"),
            count(taken.tokens, "token")
        ));
        match ending {
            Ending::Complete => {}
            Ending::CapReached => output.note("Stopped: the next request could pass the cost cap"),
            Ending::Stopped => output.note("Stopped"),
        }
    }
}

fn usage(tokens: u64) -> Usage {
    Usage {
        input_tokens: tokens,
        total_tokens: tokens,
        ..Usage::default()
    }
}

fn publish(args: &EmbedArgs, rows: &[Row], output: &mut Output) -> Result<(), CommandError> {
    let mut bytes = Vec::new();
    let names: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
    let vectors: Vec<_> = rows.iter().map(|row| row.vector.clone()).collect();
    match (args.format(), args.nearest) {
        (format, None) if args.matrix => {
            let matrix = Matrix::of(&vectors);
            if matrix.size() < rows.len() {
                output.note(&format!(
                    "The matrix has the first {} of {}",
                    matrix.size(),
                    rows.len()
                ));
            }
            match format {
                Some(format) => write_matrix(&mut bytes, format, &names, &matrix)?,
                None => bytes.extend(lines(&matrix_table(&names, &matrix))),
            }
        }
        (Some(Format::Json), Some(count)) => {
            let found: Vec<_> = (0..rows.len())
                .map(|place| {
                    let near: Vec<_> = nearest(&vectors, place, count as usize)
                        .into_iter()
                        .map(|near| json!({"text": names[near.place], "similarity": near.similarity}))
                        .collect();
                    json!({"text": names[place], "nearest": near})
                })
                .collect();
            serde_json::to_writer(&mut bytes, &found).map_err(io::Error::other)?;
            bytes.push(b'\n');
        }
        (_, Some(count)) => {
            let found = neighbours(&names, &vectors, count as usize);
            if args.format() == Some(Format::Csv) {
                let mut table = csv::Writer::from_writer(&mut bytes);
                for row in &found {
                    table.write_record(row).map_err(io::Error::other)?;
                }
                table.flush()?;
            } else if args.format().is_none() {
                bytes.extend(lines(&found));
            } else {
                return Err(CommandError::Usage(
                    "Neighbours have no form in NumPy; choose json, csv or table".to_owned(),
                ));
            }
        }
        (Some(format), None) => write(&mut bytes, format, rows)?,
        (None, None) => bytes.extend(lines(&vector_table(rows))),
    }
    match &args.out {
        Some(path) => replace_own(path, &bytes)?,
        None => output.bytes(&bytes)?,
    }
    Ok(())
}

fn lines(rows: &[Vec<String>]) -> Vec<u8> {
    let mut text = table(rows).join("\n");
    text.push('\n');
    text.into_bytes()
}

fn vector_table(rows: &[Row]) -> Vec<Vec<String>> {
    let mut lines = vec![vec![
        "TEXT".into(),
        "TOKENS".into(),
        "NUMBERS".into(),
        "VECTOR".into(),
    ]];
    for row in rows {
        let first: Vec<String> = row
            .vector
            .iter()
            .take(4)
            .map(|n| format!("{n:.4}"))
            .collect();
        lines.push(vec![
            short(&row.name),
            row.tokens
                .map_or_else(|| "–".to_owned(), |count| count.to_string()),
            row.vector.len().to_string(),
            format!("{} …", first.join(", ")),
        ]);
    }
    lines
}

fn matrix_table(names: &[String], matrix: &Matrix) -> Vec<Vec<String>> {
    let shown = matrix.size().min(COLUMNS);
    let numbered = |at: usize| format!("{}", at + 1);
    let mut head = vec![String::new(), "TEXT".to_owned()];
    head.extend((0..shown).map(numbered));
    let mut lines = vec![head];
    for (at, name) in names.iter().take(matrix.size()).enumerate() {
        let mut line = vec![numbered(at), short(name)];
        line.extend(
            matrix
                .row(at)
                .iter()
                .take(shown)
                .map(|near| format!("{near:.2}")),
        );
        if shown < matrix.size() {
            line.push("…".to_owned());
        }
        lines.push(line);
    }
    lines
}

fn neighbours<V: AsRef<[f32]>>(names: &[String], vectors: &[V], count: usize) -> Vec<Vec<String>> {
    let mut lines = vec![vec!["TEXT".into(), "NEAREST".into(), "SIMILARITY".into()]];
    for (place, name) in names.iter().enumerate() {
        for near in nearest(vectors, place, count) {
            lines.push(vec![
                short(name),
                short(&names[near.place]),
                format!("{:.4}", near.similarity),
            ]);
        }
    }
    lines
}

/// A text on one line, cut where it is long.
fn short(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SHOWN {
        return line;
    }
    let start: String = line.chars().take(SHOWN - 1).collect();
    format!("{start}…")
}
