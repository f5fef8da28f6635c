//! `video`: videos begun, listed and followed.

use std::time::Duration;

use serde_json::{Value, json};

use super::args::{Global, VideoArgs};
use super::kept::{self, Allowed};
use super::output::{FailureRecord, Output, table};
use super::video_args::{VideoCommand, VideoStartArgs};
use super::{CommandError, Outcome, open};
use crate::bedrock::AsyncInvocation;
use crate::chat::Failure;
use crate::images::Picture;
use crate::media::{self, Limits};
use crate::pricing::CostBreakdown;
use crate::store::Screen;
use crate::tasks::{Session, start_video};
use crate::videos::VideoDraft;

/// How often a video that is waited for is asked after.
const ASK_EVERY: Duration = Duration::from_secs(5);
/// The region an estimate is for when none is named.
const USUAL_REGION: &str = "us-east-1";

/// Runs the command.
pub async fn run(
    global: &Global,
    args: &VideoArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    match &args.command {
        VideoCommand::Start(args) => start(global, args, output).await,
        VideoCommand::List { json } => {
            let session = open(global).await?;
            match session.connection().async_invocations().await {
                Ok(found) => list(&found, *json, output),
                Err(error) => failed(&Failure::from(error), *json, output),
            }
        }
        VideoCommand::Show { arn, json } => {
            let session = open(global).await?;
            match session.connection().async_invocation(arn).await {
                Ok(found) => show(&found, *json, output),
                Err(error) => failed(&Failure::from(error), *json, output),
            }
        }
    }
}

async fn start(
    global: &Global,
    args: &VideoStartArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let draft = draft(args).map_err(CommandError::Usage)?;
    let problems = draft.problems();
    if !problems.is_empty() {
        let words: Vec<String> = problems.iter().map(ToString::to_string).collect();
        return Err(CommandError::Usage(words.join("\n")));
    }
    let prices = kept::prices(global)?;
    if args.estimate {
        let region = global.region.as_deref().unwrap_or(USUAL_REGION);
        let bill = draft.bill(&prices, region).unwrap_or_default();
        let total = bill.total();
        let words = total.map_or_else(|| "price unknown".to_owned(), |total| total.to_string());
        output.line(&format!("{} seconds: {words}", draft.seconds))?;
        return Ok(if total.is_some() {
            Outcome::Done
        } else {
            Outcome::Failed
        });
    }
    let session = open(global).await?;
    let expected = draft.bill(&prices, session.connection().region());
    let expected = expected.as_ref().and_then(CostBreakdown::total);
    match kept::look_at_budgets(global, &session, output).await? {
        Allowed::Nothing(outcome) => return Ok(outcome),
        Allowed::UpTo(Some(left)) if expected.is_some_and(|expected| expected > left) => {
            output.note(&format!(
                "A budget leaves {left}, and this costs more; nothing was sent"
            ));
            return Ok(Outcome::CapReached);
        }
        Allowed::UpTo(_) => {}
    }
    let connection = session.connection().clone();
    let started = match start_video(connection, draft, prices, Screen::command_line()).await {
        Ok(started) => started,
        Err(failure) => return failed(&failure, args.json, output),
    };
    let mut row = started.spend;
    row.connection = session.label();
    row.project.clone_from(&args.tag);
    kept::record(global, Some(row), output).await;
    if started.invocation.simulated {
        output.note("Simulated: no video is made, and nothing is charged");
    }
    if args.wait {
        return wait(&session, &started.invocation.arn, args.json, output).await;
    }
    if args.json {
        output.json(&json!({
            "invocationArn": started.invocation.arn,
            "simulated": started.invocation.simulated,
        }))?;
    } else {
        output.line(&started.invocation.arn)?;
    }
    Ok(Outcome::Done)
}

async fn wait(
    session: &Session,
    arn: &str,
    json: bool,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    loop {
        match session.connection().async_invocation(arn).await {
            Ok(found) if found.is_running() => tokio::time::sleep(ASK_EVERY).await,
            Ok(found) => return show(&found, json, output),
            Err(error) => return failed(&Failure::from(error), json, output),
        }
    }
}

fn draft(args: &VideoStartArgs) -> Result<VideoDraft, String> {
    let mut draft = VideoDraft {
        prompt: args.prompt.clone(),
        loops: args.loops,
        seed: args.seed,
        folder: args.output.clone(),
        ..VideoDraft::default()
    };
    draft.use_model(args.model.as_str().into());
    draft.seconds = args.duration.unwrap_or(draft.seconds);
    if let Some(ratio) = &args.aspect_ratio {
        draft.ratio.clone_from(ratio);
    }
    if let Some(resolution) = &args.resolution {
        draft.resolution.clone_from(resolution);
    }
    if let Some(path) = &args.input {
        let (name, bytes) =
            media::read_file(path, &Limits::converse()).map_err(|error| error.to_string())?;
        draft.first_image = Some(Picture::open(&name, &bytes)?);
    }
    Ok(draft)
}

fn record(found: &AsyncInvocation) -> Value {
    json!({
        "invocationArn": found.arn,
        "modelArn": found.model_arn,
        "status": found.status,
        "failureMessage": found.failure,
        "video": found.video_uri(),
    })
}

fn list(
    found: &[AsyncInvocation],
    json: bool,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    if json {
        for found in found {
            output.json(&record(found))?;
        }
        return Ok(Outcome::Done);
    }
    if found.is_empty() {
        output.note("This account has begun no videos here");
    }
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|found| {
            let video = found.video_uri().unwrap_or_default();
            vec![found.status.clone(), found.arn.clone(), video]
        })
        .collect();
    for line in table(&rows) {
        output.line(&line)?;
    }
    Ok(Outcome::Done)
}

fn show(found: &AsyncInvocation, json: bool, output: &mut Output) -> Result<Outcome, CommandError> {
    if json {
        output.json(&record(found))?;
    } else {
        output.line(&found.status)?;
        if let Some(words) = &found.failure {
            output.note(words);
        }
        if found.status == "Completed"
            && let Some(video) = found.video_uri()
        {
            output.line(&video)?;
        }
    }
    Ok(if found.status == "Failed" {
        Outcome::Failed
    } else {
        Outcome::Done
    })
}

fn failed(failure: &Failure, json: bool, output: &mut Output) -> Result<Outcome, CommandError> {
    if json {
        output.json(&FailureRecord {
            file: None,
            error: failure,
        })?;
    }
    output.failure(None, failure);
    Ok(Outcome::Failed)
}
