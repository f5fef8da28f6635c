//! `image`: pictures made or changed by a model, written as files that know their parameters.

use std::path::{Path, PathBuf};

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use serde::Serialize;

use super::args::{Global, ImageArgs};
use super::image_args::Quality;
use super::kept::{self, Allowed, Ledger};
use super::output::{FailureRecord, Output};
use super::{CommandError, Outcome, open};
use crate::chat::Failure;
use crate::files;
use crate::images::{Call, Draft, Offer, Picture, Problem, parameters};
use crate::media::{self, Limits};
use crate::pricing::{CostBreakdown, Prices};
use crate::store::Screen;
use crate::tasks::{MadeImages, Session, make_images, spend_on_images};

/// The region an estimate is for when none is named.
const USUAL_REGION: &str = "us-east-1";

/// Makes pictures.
pub async fn run(
    global: &Global,
    args: &ImageArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let of = args.clone();
    let draft = tokio::task::spawn_blocking(move || draft(&of))
        .await
        .map_err(std::io::Error::other)?
        .map_err(CommandError::Usage)?;
    let problems = draft.problems();
    if !problems.is_empty() {
        let words: Vec<String> = problems.iter().map(Problem::to_string).collect();
        return Err(CommandError::Usage(words.join("\n")));
    }
    let prices = kept::prices(global)?;
    if args.estimate {
        let region = global.region.as_deref().unwrap_or(USUAL_REGION);
        return estimate(&draft, &prices, region, args.json, output);
    }
    let targets = Targets::new(&args.out, draft.count).map_err(CommandError::Usage)?;
    let session = open(global).await?;
    let allowed = kept::look_at_budgets(global, &session, output).await?;
    let bill = draft.bill(&prices, session.connection().region(), draft.count);
    let expected = bill.as_ref().and_then(CostBreakdown::total);
    match allowed {
        Allowed::Nothing(outcome) => return Ok(outcome),
        Allowed::UpTo(Some(left)) if expected.is_some_and(|expected| expected > left) => {
            output.note(&format!(
                "A budget leaves {left}, and this costs more; nothing was sent"
            ));
            return Ok(Outcome::CapReached);
        }
        Allowed::UpTo(_) => {}
    }
    let work = Work {
        args,
        prices,
        session,
        targets,
    };
    work.make(global, &draft, output).await
}

/// What holds for all requests of a command.
struct Work<'a> {
    args: &'a ImageArgs,
    prices: Prices,
    session: Session,
    targets: Targets,
}

impl Work<'_> {
    async fn make(
        mut self,
        global: &Global,
        draft: &Draft,
        output: &mut Output,
    ) -> Result<Outcome, CommandError> {
        let mut ledger = Ledger::open(global, output).await;
        let calls = draft.calls(|most| fastrand::u32(0..=most));
        let mut running: FuturesUnordered<_> = calls
            .into_iter()
            .map(|call| {
                let connection = self.session.connection().clone();
                async move { (make_images(connection, call.clone()).await, call) }
            })
            .collect();
        let mut outcome = Outcome::Done;
        // What cannot be written keeps nothing else out of the ledger.
        let mut unwritten = None;
        while let Some((result, call)) = running.next().await {
            match result {
                Ok(made) => {
                    let region = self.session.connection().region();
                    let screen = Screen::command_line();
                    let row = spend_on_images(&call, &made, &self.prices, region, screen);
                    if let Some(mut row) = row {
                        row.connection = self.session.label();
                        row.project.clone_from(&self.args.tag);
                        ledger.record(row, output).await;
                    }
                    match self.report(&call, &made, output) {
                        Ok(true) => {}
                        Ok(false) => outcome = Outcome::Failed,
                        Err(error) => {
                            unwritten.get_or_insert(error);
                        }
                    }
                }
                Err(failure) => {
                    if let Err(error) = self.failed(&failure, output) {
                        unwritten.get_or_insert(error);
                    }
                    outcome = Outcome::Failed;
                }
            }
        }
        unwritten.map_or(Ok(outcome), Err)
    }

    /// Writes what came; false when some of it was rejected.
    fn report(
        &mut self,
        call: &Call,
        made: &MadeImages,
        output: &mut Output,
    ) -> Result<bool, CommandError> {
        let region = self.session.connection().region().to_owned();
        for made_one in &made.pictures {
            let picture = &made_one.picture;
            let path = self.targets.next(picture);
            files::replace_own(&path, &picture.bytes)
                .map_err(|error| CommandError::Usage(format!("{}: {error}", path.display())))?;
            let bill = call.draft.bill(&self.prices, &region, 1);
            if self.args.json {
                output.json(&Record {
                    file: &path.display().to_string(),
                    model_id: call.model.as_str(),
                    task: call.draft.task.name(),
                    width: picture.width,
                    height: picture.height,
                    seed: made_one.parameters.draft.seed,
                    cost: bill,
                    latency_ms: made.latency_ms,
                    simulated: made.simulated,
                })?;
            } else {
                output.line(&path.display().to_string())?;
                output.note(&summary(picture, bill.as_ref(), made.simulated));
            }
        }
        let Some(rejected) = &made.rejected else {
            return Ok(true);
        };
        let advice = "Say it in other words, or use another image or seed";
        let failure = Failure::local("RejectedByContentPolicy", rejected.clone(), advice);
        self.failed(&failure, output)?;
        Ok(false)
    }

    fn failed(&self, failure: &Failure, output: &mut Output) -> Result<(), CommandError> {
        if self.args.json {
            output.json(&FailureRecord {
                file: None,
                error: failure,
            })?;
        }
        output.failure(None, failure);
        Ok(())
    }
}

/// A picture as a script reads it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    file: &'a str,
    model_id: &'a str,
    task: &'a str,
    width: u32,
    height: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<CostBreakdown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latency_ms: Option<u64>,
    simulated: bool,
}

fn summary(picture: &Picture, bill: Option<&CostBreakdown>, simulated: bool) -> String {
    let cost = match bill.and_then(CostBreakdown::total) {
        Some(total) if simulated => format!("simulated, not charged ({total} on AWS)"),
        Some(total) => total.to_string(),
        None if simulated => "simulated, not charged".to_owned(),
        None => "cost unknown".to_owned(),
    };
    format!("{} × {}, {cost}", picture.width, picture.height)
}

fn estimate(
    draft: &Draft,
    prices: &Prices,
    region: &str,
    json: bool,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let bill = draft.bill(prices, region, draft.count).unwrap_or_default();
    if json {
        output.json(&serde_json::json!({ "images": draft.count, "cost": bill }))?;
    }
    let Some(total) = bill.total() else {
        if !json {
            output.line(&format!(
                "{} images: price unknown in {region}",
                draft.count
            ))?;
        }
        return Ok(Outcome::Failed);
    };
    if !json {
        output.line(&format!("{} images: {total}", draft.count))?;
        let source = bill.lines.first().and_then(|line| line.unit_price);
        if let Some(price) = source {
            output.note(&format!("{} an image, {}", price.amount, price.source));
        }
    }
    Ok(Outcome::Done)
}

/// What was typed, with files opened. It blocks.
fn draft(args: &ImageArgs) -> Result<Draft, String> {
    let mut draft = match &args.from {
        Some(path) => {
            let (name, bytes) = read(path)?;
            parameters::read(&bytes)
                .map(|parameters| parameters.draft)
                .ok_or_else(|| format!("{name} holds no parameters of this program"))?
        }
        None => Draft::default(),
    };
    if args.from.is_none() || args.names_model() {
        draft.use_model(args.model.as_str().into());
    }
    if let Some(task) = args.task {
        draft.task = task;
    }
    let text = |into: &mut String, typed: &Option<String>| {
        if let Some(typed) = typed {
            into.clone_from(typed);
        }
    };
    text(&mut draft.prompt, &args.prompt);
    text(&mut draft.negative, &args.negative);
    text(&mut draft.search, &args.search);
    text(&mut draft.mask_prompt, &args.mask_prompt);
    if let Some(size) = args.size {
        (draft.width, draft.height) = (size.width, size.height);
    }
    draft.premium |= args.quality == Quality::Premium;
    draft.count = args.count;
    draft.cfg_scale = args.cfg_scale.or(draft.cfg_scale);
    draft.seed = args.seed.or(draft.seed);
    if !args.color.is_empty() {
        draft.colors.clone_from(&args.color);
    }
    settings(args, &mut draft)?;
    draft.pictures = args
        .input
        .iter()
        .map(|path| picture(path))
        .collect::<Result<_, _>>()?;
    draft.mask = args.mask.as_deref().map(picture).transpose()?;
    draft.style_picture = args.style_image.as_deref().map(picture).transpose()?;
    Ok(draft)
}

/// Numbers and words of the task, by their names.
fn settings(args: &ImageArgs, draft: &mut Draft) -> Result<(), String> {
    let ratio = args
        .aspect_ratio
        .iter()
        .map(|ratio| ("aspect_ratio".to_owned(), ratio.clone()));
    for (name, value) in args.set.iter().cloned().chain(ratio) {
        let Some(offer) = draft.offer() else {
            // Why there is none is said when everything is looked at.
            return Ok(());
        };
        if offer.knob(&name).is_some() {
            let number = value
                .parse()
                .map_err(|_| format!("{name} takes a number, not {value}"))?;
            draft.knobs.insert(name, number);
        } else if offer.choice(&name).is_some() {
            draft.choices.insert(name, value);
        } else {
            return Err(unknown_setting(&name, draft, offer));
        }
    }
    Ok(())
}

fn unknown_setting(name: &str, draft: &Draft, offer: &Offer) -> String {
    let knobs = offer.knobs.iter().map(|knob| knob.name);
    let known: Vec<_> = knobs
        .chain(offer.choices.iter().map(|choice| choice.name))
        .collect();
    let known = if known.is_empty() {
        "nothing of the kind".to_owned()
    } else {
        known.join(", ")
    };
    let model = draft
        .model
        .as_ref()
        .map_or("The model", |model| model.as_str());
    format!(
        "{model} takes no {name} for {}; it takes {known}",
        offer.task
    )
}

fn read(path: &Path) -> Result<(String, Vec<u8>), String> {
    media::read_file(path, &Limits::converse()).map_err(|error| error.to_string())
}

fn picture(path: &Path) -> Result<Picture, String> {
    let (name, bytes) = read(path)?;
    Picture::open(&name, &bytes)
}

/// Where pictures go.
struct Targets {
    folder: PathBuf,
    /// The one file that was named.
    file: Option<PathBuf>,
    taken: Vec<PathBuf>,
}

impl Targets {
    fn new(out: &Path, count: u32) -> Result<Self, String> {
        let names_file = out.extension().is_some_and(|extension| extension == "png");
        if names_file && count > 1 {
            return Err(format!(
                "--out {} is one file, and {count} images are asked for: name a folder",
                out.display()
            ));
        }
        let folder = if names_file {
            match out.parent() {
                Some(folder) if !folder.as_os_str().is_empty() => folder,
                _ => Path::new("."),
            }
        } else {
            out
        };
        // Before anything is paid for.
        let parent = folder.parent().filter(|parent| parent.is_dir());
        let is_new = !folder.exists() && (parent.is_some() || folder.components().count() == 1);
        if is_new && let Err(error) = std::fs::create_dir(folder) {
            return Err(format!("{}: {error}", folder.display()));
        }
        if !folder.is_dir() {
            return Err(format!("{} is no folder", folder.display()));
        }
        Ok(Self {
            folder: folder.to_owned(),
            file: names_file.then(|| out.to_owned()),
            taken: Vec::new(),
        })
    }

    /// A name that no file has yet.
    fn next(&mut self, picture: &Picture) -> PathBuf {
        if let Some(file) = &self.file {
            return file.clone();
        }
        let stem = picture.name.trim_end_matches(".png");
        let names = std::iter::once(format!("{stem}.png"))
            .chain((2_u32..).map(|number| format!("{stem}-{number}.png")));
        let mut paths = names.map(|name| self.folder.join(name));
        let free = paths
            .find(|path| !path.exists() && !self.taken.contains(path))
            .unwrap_or_else(|| self.folder.join(&picture.name));
        self.taken.push(free.clone());
        free
    }
}
