//! `prompts`: the library listed, shown, run over tables, taken in and out.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;

use futures_util::StreamExt as _;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::args::{
    Global, PromptsArgs, PromptsCommand, PromptsExportArgs, PromptsImportArgs, PromptsListArgs,
    PromptsRunArgs, PromptsShowArgs,
};
use super::interruption::listen;
use super::kept::{self, Allowed};
use super::output::{Output, table};
use super::progress::Progress;
use super::purse::Purse;
use super::{CommandError, Outcome, open};
use crate::catalog::ModelId;
use crate::files::replace_own;
use crate::prompts::{
    Content, Form, RowResult, RunOutcome, SavedPrompt, Table, read, starters, write,
};
use crate::store::{ConversationId, Screen};
use crate::tasks::{RowCall, Session, ask_rows};

/// The model of prompts that name none.
const MODEL: &str = "amazon.nova-lite-v1:0";
/// The largest file that is read as a table or as prompts, in bytes.
const LARGEST_FILE: u64 = 64 * 1024 * 1024;

/// Does what was asked.
pub async fn run(
    global: &Global,
    args: &PromptsArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    match &args.command {
        PromptsCommand::List(args) => list(global, args, output).await,
        PromptsCommand::Show(args) => show(global, args, output).await,
        PromptsCommand::Run(args) => run_prompt(global, args, output).await,
        PromptsCommand::Import(args) => import(global, args, output).await,
        PromptsCommand::Export(args) => export(global, args, output).await,
    }
}

/// Runs what blocks where it keeps nobody waiting.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, CommandError> + Send + 'static,
) -> Result<T, CommandError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)?
}

/// A prompt of the library, or one to begin with.
struct Listed {
    prompt: SavedPrompt,
    is_starter: bool,
}

/// Every prompt there is; own ones stand before those to begin with, and hide those of their name.
async fn library(global: &Global) -> Result<Vec<Listed>, CommandError> {
    let global = global.clone();
    let (own, _) = blocking(move || Ok(kept::open_ledger(&global)?.prompts()?)).await?;
    let mut all: Vec<Listed> = own
        .into_iter()
        .map(|stored| Listed {
            prompt: stored.prompt,
            is_starter: false,
        })
        .collect();
    for starter in starters() {
        if all.iter().all(|listed| listed.prompt.name != starter.name) {
            all.push(Listed {
                prompt: starter.prompt(),
                is_starter: true,
            });
        }
    }
    Ok(all)
}

async fn find(global: &Global, name: &str) -> Result<SavedPrompt, CommandError> {
    let all = library(global).await?;
    let same = |listed: &&Listed| listed.prompt.name == name;
    let alike = |listed: &&Listed| listed.prompt.name.to_lowercase() == name.to_lowercase();
    let found = all.iter().find(same).or_else(|| all.iter().find(alike));
    found.map(|listed| listed.prompt.clone()).ok_or_else(|| {
        CommandError::Usage(format!(
            "There is no prompt {name:?}; prompts list tells which there are"
        ))
    })
}

fn content(prompt: SavedPrompt, version: Option<u32>) -> Result<Content, CommandError> {
    match version {
        None => Ok(prompt.draft),
        Some(number) => prompt
            .version(number)
            .map(|version| version.content.clone())
            .ok_or_else(|| CommandError::Usage(format!("{} has no version {number}", prompt.name))),
    }
}

async fn list(
    global: &Global,
    args: &PromptsListArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let words = args.words.join(" ");
    let all = library(global).await?;
    let wanted = all.into_iter().filter(|listed| {
        let tagged = |tag: &String| listed.prompt.tags.contains(tag);
        listed.prompt.has_words(&words) && args.tag.as_ref().is_none_or(tagged)
    });
    let wanted: Vec<Listed> = wanted.collect();
    if args.json {
        let records: Vec<_> = wanted
            .iter()
            .map(|listed| {
                let prompt = &listed.prompt;
                json!({
                    "name": prompt.name,
                    "description": prompt.description,
                    "tags": prompt.tags,
                    "variables": prompt.draft.variables(),
                    "model": prompt.draft.model.as_ref().map(ModelId::as_str),
                    "versions": prompt.versions.len(),
                    "starter": listed.is_starter,
                })
            })
            .collect();
        output.json(&records)?;
        return Ok(Outcome::Done);
    }
    if wanted.is_empty() {
        output.note("No prompt fits");
        return Ok(Outcome::Done);
    }
    let mut rows = vec![
        ["NAME", "VARIABLES", "TAGS", "VERSIONS"]
            .map(str::to_owned)
            .to_vec(),
    ];
    rows.extend(wanted.iter().map(|listed| {
        let prompt = &listed.prompt;
        let versions = if listed.is_starter {
            "to begin with".to_owned()
        } else {
            prompt.versions.len().to_string()
        };
        let variables = prompt.draft.variables().join(", ");
        vec![
            prompt.name.clone(),
            variables,
            prompt.tags.join(", "),
            versions,
        ]
    }));
    for line in table(&rows) {
        output.line(&line)?;
    }
    Ok(Outcome::Done)
}

async fn show(
    global: &Global,
    args: &PromptsShowArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let prompt = find(global, &args.name).await?;
    if args.json {
        match args.version {
            None => output.json(&prompt)?,
            Some(_) => output.json(&content(prompt, args.version)?)?,
        }
        return Ok(Outcome::Done);
    }
    let description = prompt.description.clone();
    let content = content(prompt, args.version)?;
    if !description.is_empty() {
        output.note(&description);
    }
    for system in &content.configuration.system {
        if !system.trim().is_empty() {
            output.line(&format!("System prompt:\n{system}\n"))?;
        }
    }
    output.line(&content.text)?;
    Ok(Outcome::Done)
}

async fn import(
    global: &Global,
    args: &PromptsImportArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let (global, path) = (global.clone(), args.file.clone());
    let read = blocking(move || {
        let text = read_text(&path)?;
        let read = read(&text)
            .map_err(|error| CommandError::Usage(format!("{}: {error}", path.display())))?;
        let store = kept::open_ledger(&global)?;
        for prompt in &read.prompts {
            store.save_prompt(ConversationId::new(), prompt)?;
        }
        Ok(read)
    })
    .await?;
    for prompt in &read.prompts {
        output.line(&prompt.name)?;
    }
    if !read.left_out.is_empty() {
        output.note(&format!("Left out: {}", read.left_out.join(", ")));
    }
    Ok(Outcome::Done)
}

async fn export(
    global: &Global,
    args: &PromptsExportArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let mut prompts = Vec::new();
    for name in &args.names {
        prompts.push(find(global, name).await?);
    }
    if args.names.is_empty() {
        let all = library(global).await?.into_iter();
        prompts.extend(
            all.filter(|listed| !listed.is_starter)
                .map(|listed| listed.prompt),
        );
    }
    let text = write(&prompts, Form::from(args.form));
    match &args.out {
        Some(out) => replace_own(out, text.as_bytes())?,
        None => output.piece(&text)?,
    }
    Ok(Outcome::Done)
}

fn read_text(path: &Path) -> Result<String, CommandError> {
    let unread = |error: &dyn std::fmt::Display| {
        CommandError::Usage(format!("{} cannot be read: {error}", path.display()))
    };
    let size = std::fs::metadata(path)
        .map_err(|error| unread(&error))?
        .len();
    if size > LARGEST_FILE {
        return Err(unread(&"it is too large"));
    }
    std::fs::read_to_string(path).map_err(|error| unread(&error))
}

/// What is going to be asked.
struct Plan {
    table: Table,
    calls: Vec<RowCall>,
}

async fn run_prompt(
    global: &Global,
    args: &PromptsRunArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let interrupted = listen().await;
    let prompt = find(global, &args.name).await?;
    let mut plan = {
        let content = content(prompt, args.version)?;
        let args = args.clone();
        blocking(move || plan(content, &args)).await?
    };
    let session = open(global).await?;
    let cap = match kept::look_at_budgets(global, &session, output).await? {
        Allowed::Nothing(outcome) => return Ok(outcome),
        Allowed::UpTo(left) => [left, args.max_cost].into_iter().flatten().min(),
    };
    let prices = kept::prices(global)?;
    if let Some(first) = plan.calls.first() {
        let model = session.connection().recognise(first.model.clone()).await;
        for call in &mut plan.calls {
            call.model = model.clone();
        }
    }
    let purse = Purse::open(global, &session, Screen::prompts(), &prices, cap, output).await;
    let mut run = Run {
        purse: purse.for_project(args.tag.clone()),
        results: BTreeMap::new(),
    };
    let asked = plan.calls.len();
    let ending = run
        .ask(
            &session,
            plan.calls,
            args.jobs as usize,
            interrupted,
            output,
        )
        .await;
    let outcome = RunOutcome {
        table: &plan.table,
        results: &run.results,
        prices: &prices,
    };
    let text = outcome.write(args.format.into());
    match &args.out {
        Some(out) => replace_own(out, text.as_bytes())?,
        None => output.piece(&text)?,
    }
    let failed = run
        .results
        .values()
        .filter(|result| result.failure().is_some());
    let failed = failed.count();
    for result in run.results.values() {
        if let crate::chat::InvocationStatus::Failed(failure) = &result.invocation.status {
            let place = (asked > 1).then(|| format!("Row {}", result.row + 1));
            output.failure(place.as_deref(), failure);
        }
    }
    let simulated = run
        .results
        .values()
        .any(|result| result.invocation.simulated);
    let cost = match outcome.cost() {
        Some(cost) if simulated => format!("simulated, not charged ({cost} on AWS)"),
        Some(cost) => cost.to_string(),
        None => "cost unknown".to_owned(),
    };
    output.note(&format!(
        "{} of {asked} answered, {cost}",
        run.results.len() - failed
    ));
    Ok(match ending {
        Outcome::Done if failed > 0 => Outcome::Failed,
        ending => ending,
    })
}

/// Reads the table; says what is missing before anything is paid for.
fn plan(content: Content, args: &PromptsRunArgs) -> Result<Plan, CommandError> {
    let model = args
        .model
        .as_deref()
        .map(ModelId::from)
        .or_else(|| content.model.clone())
        .unwrap_or_else(|| ModelId::from(MODEL));
    let variables = content.variables();
    let given: BTreeMap<String, String> = args.var.iter().cloned().collect();
    let (mut table, folder) = match &args.table {
        None => (
            Table {
                columns: Vec::new(),
                rows: vec![Vec::new()],
            },
            Path::new(""),
        ),
        Some(path) => {
            let table = Table::parse(&read_text(path)?)
                .map_err(|error| CommandError::Usage(format!("{}: {error}", path.display())))?;
            (table, path.parent().unwrap_or(Path::new("")))
        }
    };
    for (name, value) in &given {
        if !table.columns.contains(name) {
            table.columns.push(name.clone());
            for row in &mut table.rows {
                row.push(value.clone());
            }
        }
    }
    let missing = table.missing(&variables);
    if !missing.is_empty() {
        return Err(CommandError::Usage(format!(
            "No value is given for {}; add --var NAME=VALUE, or a column to the table",
            missing.join(", ")
        )));
    }
    let content = Arc::new(content);
    let calls = (0..table.rows.len())
        .map(|row| {
            let given = table.row(row, &variables, folder);
            let mut files = args.file.clone();
            files.extend(given.files);
            RowCall {
                row,
                content: Arc::clone(&content),
                model: model.clone(),
                values: given.values,
                files,
            }
        })
        .collect();
    Ok(Plan { table, calls })
}

/// A run under way.
struct Run {
    purse: Purse,
    results: BTreeMap<usize, RowResult>,
}

impl Run {
    async fn ask(
        &mut self,
        session: &Session,
        calls: Vec<RowCall>,
        at_once: usize,
        mut interrupted: super::interruption::Interruption,
        output: &mut Output,
    ) -> Outcome {
        let total = calls.len();
        let progress = Progress::on_terminal();
        // With a cap, one after another: so the last answer is the only one that can pass it.
        let at_once = if self.purse.has_limit() { 1 } else { at_once };
        let cancelled = CancellationToken::new();
        let connection = session.connection().clone();
        let mut answers = pin!(ask_rows(connection, calls, at_once, cancelled.clone()));
        loop {
            progress.show(&format!("{} of {total} answers", self.results.len()));
            if self.purse.is_used_up() && self.results.len() < total {
                progress.clear();
                output.note("The cost cap is reached; no more is asked");
                return Outcome::CapReached;
            }
            tokio::select! {
                biased;
                _ = interrupted.as_mut() => {
                    progress.clear();
                    cancelled.cancel();
                    while let Some(answer) = answers.next().await {
                        self.take(answer, output).await;
                    }
                    return Outcome::Interrupted;
                }
                answer = answers.next() => match answer {
                    Some(answer) => self.take(answer, output).await,
                    None => break,
                }
            }
        }
        progress.clear();
        Outcome::Done
    }

    async fn take(&mut self, answer: RowResult, output: &mut Output) {
        let (said, call) = (&answer.message, &answer.invocation);
        self.purse.pay(said, call, output).await;
        self.results.insert(answer.row, answer);
    }
}
