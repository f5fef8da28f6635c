//! `alt-text`: a phrase for each image of files and folders.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::time::Instant;

use super::args::{AltTextArgs, AltTextCommand, Global};
use super::interruption::{Interruption, listen};
use super::kept::{self, Allowed, Ledger};
use super::output::Output;
use super::progress::Progress;
use super::{CommandError, Outcome, alt_text_batch, alt_text_documents, alt_text_files, open};
use crate::alt_text::{
    self, Alt, Checker, Described, Ending, Event, Format, ImageResult, Instructions, JobOptions,
    Order, Origin, Problem, Row, RunningJob, Source, Summary, Texts, start, write, write_metadata,
};
use crate::chat::ALT_TEXT_PROMPT;
use crate::figures::AltText;
use crate::files;
use crate::pricing::{CostBreakdown, Tier, Usd};
use crate::store::{BilledLine, Screen, SpendRow, UnixMs};

/// What a paragraph in the place of a phrase would do to those who listen.
const NO_PLACE_FOR_LONG: &str = "Documents have no place for long descriptions, and their alt text stays a phrase: leave \
    --write-metadata out and take them from --out, or name images alone";

/// Writes alt text for each image; one that fails does not stop the others.
pub async fn run(
    global: &Global,
    args: &AltTextArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    if let Some(AltTextCommand::Batch(batch)) = &args.command {
        return alt_text_batch::run(global, &batch.command, output).await;
    }
    let interrupted = listen().await;
    let sources = sources(global, args, output).await?;
    if args.long_descriptions && args.write_metadata.is_some() && sources.iter().any(of_document) {
        return Err(CommandError::Usage(NO_PLACE_FOR_LONG.to_owned()));
    }
    let session = open(global).await?;
    let budget = match kept::look_at_budgets(global, &session, output).await? {
        Allowed::UpTo(limit) => limit,
        Allowed::Nothing(outcome) => return Ok(outcome),
    };
    let mut options = options(args);
    options.model_id = session.connection().recognise(options.model_id).await;
    options.prices = kept::prices(global)?;
    options.max_cost = args.max_cost.into_iter().chain(budget).min();
    let cap = options.max_cost;
    options.paid = kept::paid(global, args.resume, output).await;
    let total = sources.len();
    let paths: Vec<_> = sources.iter().map(|source| source.path.clone()).collect();
    let asked = sources.clone();
    let job = start(session.connection(), sources, options)
        .map_err(|error| CommandError::Usage(error.to_string()))?;
    // Only now: a job that does not begin must not empty the results of an earlier one.
    let mut report = Report::new(args, asked)?;
    report.ledger = Some(Kept {
        ledger: Ledger::open(global, output).await,
        region: session.connection().region().to_owned(),
        connection: session.label(),
    });
    let summary = follow(job, interrupted, &mut report, output).await?;
    report.end_progress();
    report.write_whole(output)?;
    report.write_documents(output).await?;
    let Some(summary) = summary else {
        return Ok(Outcome::Failed);
    };
    conclude(args, cap, &summary, total, &report, output);
    if let Some(next) = summary.left.first().and_then(|index| paths.get(*index)) {
        output.note(&format!("The first image left is {}", next.display()));
    }
    Ok(match summary.ending {
        Ending::CapReached => Outcome::CapReached,
        Ending::Stopped => Outcome::Interrupted,
        Ending::Complete if report.failed > 0 || !summary.left.is_empty() => Outcome::Failed,
        Ending::Complete => Outcome::Done,
    })
}

async fn sources(
    global: &Global,
    args: &AltTextArgs,
    output: &mut Output,
) -> Result<Vec<Source>, CommandError> {
    let mut paths = args.paths.clone();
    let of_documents = alt_text_documents::images(global, &mut paths, args.which, output).await?;
    let (skip, context) = (args.skip.clone(), args.asked.context.clone());
    let found = alt_text_files::sources(paths, of_documents, skip, context, output).await?;
    if found.others > 0 {
        output.note(&format!(
            "{} files in folders are no images, or copies made by this program, and were left out",
            found.others
        ));
    }
    Ok(found.sources)
}

fn of_document(source: &Source) -> bool {
    source.origin.is_some()
}

fn options(args: &AltTextArgs) -> JobOptions {
    let mut instructions = args.asked.instructions();
    if args.long_descriptions {
        let long = instructions.for_long_descriptions();
        let own_prompt = instructions.prompt != ALT_TEXT_PROMPT;
        instructions = Instructions {
            prompt: if own_prompt {
                instructions.prompt
            } else {
                long.prompt
            },
            ..long
        };
    }
    JobOptions {
        instructions,
        at_once: args.jobs as usize,
        max_cost: args.max_cost,
        order: if args.as_done {
            Order::Done
        } else {
            Order::Given
        },
        ..JobOptions::new(args.model.as_str().into())
    }
}

/// Hears the job to its end. Ctrl+C lets answers under way come, a second one gives them up.
async fn follow(
    mut job: RunningJob,
    mut interrupted: Interruption,
    report: &mut Report<'_>,
    output: &mut Output,
) -> Result<Option<Summary>, CommandError> {
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
                interrupted = listen().await;
                report.end_progress();
                if stopping {
                    job.cancel();
                } else {
                    job.stop();
                    output.note("Stopping: what was sent is still waited for; Ctrl+C again gives it up");
                }
                stopping = true;
            }
            event = job.next() => match event {
                Some(Event::Finished(result)) => report.take(*result, output).await?,
                Some(Event::AtOnce { requests, throttled }) => {
                    if throttled {
                        report.end_progress();
                        output.note(&format!("Bedrock throttles: {requests} at once from now on"));
                    }
                }
                Some(Event::NotKept(reason)) => {
                    report.end_progress();
                    output.note(&format!("What is paid for is not kept for later: {reason}"));
                }
                Some(Event::Ended(summary)) => return Ok(Some(summary)),
                None => return Ok(None),
            },
        }
        report.show_progress();
    }
}

/// Says how it went, and how to go on.
fn conclude(
    args: &AltTextArgs,
    cap: Option<Usd>,
    summary: &Summary,
    total: usize,
    report: &Report<'_>,
    output: &mut Output,
) {
    let done = total - summary.left.len() - report.failed;
    let spent = if report.simulated > 0 {
        format!("simulated, not charged ({} on AWS)", summary.spent)
    } else {
        summary.spent.to_string()
    };
    output.note(&format!(
        "{done} of {total} images have a result, {} failed, {spent}",
        report.failed
    ));
    if report.paid_before > 0 {
        output.note(&format!(
            "{} of them were paid for before, and were not asked for again",
            report.paid_before
        ));
    }
    if report.kept_back > 0 {
        output.note(&format!(
            "{} simulated texts were not written into metadata; --simulated-too would",
            report.kept_back
        ));
    }
    match summary.ending {
        Ending::Complete => return,
        Ending::CapReached => output.note(&format!(
            "Stopped: the next request could pass the cap of {}",
            cap.unwrap_or(Usd::ZERO)
        )),
        Ending::Stopped => output.note("Stopped"),
    }
    output.note(kept::how_to_go_on(args.resume));
}

/// Takes results in and writes them where they belong.
struct Report<'a> {
    args: &'a AltTextArgs,
    format: Format,
    checker: Checker,
    /// Where lines go as they come; other forms are written at the end.
    lines: Option<File>,
    rows: Vec<Row>,
    /// What was asked about.
    sources: Vec<Source>,
    /// What goes into documents.
    of_documents: Vec<(Origin, AltText)>,
    so_far: alt_text::Progress,
    began: Instant,
    paid_before: usize,
    failed: usize,
    simulated: usize,
    kept_back: usize,
    progress: Progress,
    ledger: Option<Kept>,
}

/// Where each call is written down, and what all have in common.
struct Kept {
    ledger: Ledger,
    region: String,
    connection: String,
}

impl Kept {
    async fn record(&mut self, described: &Described, tag: Option<&String>, output: &mut Output) {
        // Nothing was asked for a picture that was there before.
        let Some(usage) = described.usage.clone() else {
            return;
        };
        let row = SpendRow {
            at: UnixMs::now(),
            model: described.model_id.clone(),
            region: self.region.clone(),
            connection: self.connection.clone(),
            tier: Some(Tier::Standard),
            usage,
            cost: described.cost.as_ref().and_then(CostBreakdown::total),
            lines: described
                .cost
                .as_ref()
                .map(BilledLine::of)
                .unwrap_or_default(),
            simulated: described.simulated,
            screen: Screen::alt_text(),
            conversation: None,
            project: tag.cloned(),
            estimate: None,
        };
        self.ledger.record(row, output).await;
    }
}

/// Whether two paths lead to one file, however they are written.
fn is_same_file(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    one == other || real(one).is_some_and(|one| Some(one) == real(other))
}

impl<'a> Report<'a> {
    fn new(args: &'a AltTextArgs, sources: Vec<Source>) -> io::Result<Self> {
        let format = if args.json {
            Format::JsonLines
        } else {
            args.format.into()
        };
        let lines = match &args.out {
            Some(out) if format == Format::JsonLines => {
                // The file that says what is done goes on; any other begins anew.
                let skipped = args.skip.as_deref();
                Some(
                    if skipped.is_some_and(|skipped| is_same_file(skipped, out)) {
                        alt_text_files::go_on(out)?
                    } else {
                        File::create(out)?
                    },
                )
            }
            _ => None,
        };
        Ok(Self {
            args,
            format,
            checker: Checker::new(args.asked.max_length()),
            lines,
            rows: Vec::new(),
            so_far: alt_text::Progress {
                total: sources.len(),
                ..alt_text::Progress::default()
            },
            began: Instant::now(),
            paid_before: 0,
            failed: 0,
            simulated: 0,
            kept_back: 0,
            progress: Progress::on_terminal(),
            ledger: None,
            sources,
            of_documents: Vec::new(),
        })
    }

    async fn take(&mut self, result: ImageResult, output: &mut Output) -> Result<(), CommandError> {
        self.so_far.finished += 1;
        let paid_before = result.was_paid_before();
        self.paid_before += usize::from(paid_before);
        // Neither took any time.
        self.so_far.at_once += usize::from(paid_before || result.same_as.is_some());
        let source = self.sources.get(result.index).cloned().unwrap_or_default();
        let mut row = Row {
            problems: self.problems(&result),
            result,
            written: None,
            kept_cost: None,
            approved: None,
            origin: source.origin,
            context: source.context,
            long_description: None,
        };
        let mut has_failed = false;
        match &row.result.outcome {
            Ok(described) => {
                self.simulated += usize::from(described.simulated);
                if let Some(kept) = &mut self.ledger {
                    kept.record(described, self.args.tag.as_ref(), output).await;
                }
                let of_document = row.origin.as_deref().cloned();
                let of_document = of_document.map(|it| it.as_read(row.result.content_hash));
                match self
                    .write_metadata(&row.result.path, of_document, described)
                    .await?
                {
                    Ok(written) => row.written = written,
                    Err(words) => {
                        has_failed = true;
                        self.end_progress();
                        output.note(&words);
                    }
                }
            }
            Err(failure) => {
                has_failed = true;
                self.end_progress();
                output.failure(Some(&row.result.name()), failure);
            }
        }
        self.failed += usize::from(has_failed);
        if self.format != Format::JsonLines {
            self.rows.push(row);
            return Ok(());
        }
        let mut line = Vec::new();
        write(&mut line, Format::JsonLines, &[row])?;
        match &mut self.lines {
            Some(file) => file.write_all(&line)?,
            None => output.piece(&String::from_utf8_lossy(&line))?,
        }
        Ok(())
    }

    fn problems(&mut self, result: &ImageResult) -> Vec<Problem> {
        let Ok(described) = &result.outcome else {
            return Vec::new();
        };
        let Alt::Text(text) = &described.alt else {
            return Vec::new();
        };
        if self.args.long_descriptions {
            // What is looked for is wrong with phrases.
            return Vec::new();
        }
        let hash = result.content_hash.unwrap_or_default();
        let mut problems = self.checker.check(&result.name(), hash, text);
        let cut = described.stop_reason.as_deref() == Some("max_tokens");
        if cut && !problems.contains(&Problem::Unfinished) {
            problems.push(Problem::Unfinished);
        }
        problems
    }

    /// The file written into, if any; or why not, in words.
    async fn write_metadata(
        &mut self,
        path: &Path,
        of_document: Option<Origin>,
        described: &Described,
    ) -> io::Result<Result<Option<std::path::PathBuf>, String>> {
        let Some(place) = self.args.write_metadata else {
            return Ok(Ok(None));
        };
        // Metadata cannot say "decorative", as documents can: an empty alt text there is no alt text.
        let text = described.alt.text().to_owned();
        if text.is_empty() && of_document.is_none() {
            return Ok(Ok(None));
        }
        if described.simulated && !self.args.simulated_too {
            self.kept_back += 1;
            return Ok(Ok(None));
        }
        if let Some(origin) = of_document {
            let text = described.alt.in_document();
            self.of_documents.extend(text.map(|text| (origin, text)));
            return Ok(Ok(None));
        }
        let (path, language) = (path.to_owned(), self.args.asked.language.clone());
        let texts = if self.args.long_descriptions {
            Texts {
                long_description: Some(text),
                ..Texts::default()
            }
        } else {
            Texts {
                alt_text: Some(text),
                ..Texts::default()
            }
        };
        let work = move || write_metadata(&path, place.into(), language.as_deref(), &texts);
        let written = tokio::task::spawn_blocking(work)
            .await
            .map_err(io::Error::other)?;
        Ok(written.map(Some))
    }

    fn write_whole(&self, output: &mut Output) -> io::Result<()> {
        if self.format == Format::JsonLines {
            return Ok(());
        }
        let mut bytes = Vec::new();
        write(&mut bytes, self.format, &self.rows)?;
        match &self.args.out {
            Some(out) => files::replace_own(out, &bytes),
            None => output.piece(&String::from_utf8_lossy(&bytes)),
        }
    }

    /// Texts go into a document together: it is written once.
    async fn write_documents(&mut self, output: &mut Output) -> io::Result<()> {
        let texts = std::mem::take(&mut self.of_documents);
        if let Some(place) = self.args.write_metadata {
            self.failed += alt_text_documents::write(texts, place.into(), output).await?;
        }
        Ok(())
    }

    fn show_progress(&self) {
        let (finished, total) = (self.so_far.finished, self.so_far.total);
        let left = self.so_far.left(self.began.elapsed());
        let left = left
            .filter(|_| finished < total)
            .map_or_else(String::new, |wait| {
                format!(", {} left", alt_text::wait_in_words(wait))
            });
        self.progress
            .show(&format!("{finished} of {total} images{left}"));
    }

    /// Clears the line for something else.
    fn end_progress(&self) {
        self.progress.clear();
    }
}
