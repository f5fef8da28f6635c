//! `ask`: one question, its answer as it comes.

use futures_util::StreamExt as _;

use super::args::{AskArgs, Global};
use super::kept::{self, Allowed};
use super::output::{AnswerRecord, FailureRecord, Output};
use super::{CommandError, Outcome};
use crate::bedrock::Connection;
use crate::chat::{
    BlockDelta, ContentBlock, Failure, Invocation, InvocationId, Message, Request, StreamEvent,
    SystemBlock, Transcript,
};
use crate::media::{self, Limits};
use crate::pricing::Prices;
use crate::store::{Screen, SpendRow};
use crate::tasks::Session;

/// The one call of a command.
const ONLY: InvocationId = InvocationId(1);

/// Asks.
pub async fn run(
    global: &Global,
    session: &Session,
    args: &AskArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let mut content = Vec::new();
    for path in &args.image {
        match media::open_image(path, &Limits::converse()) {
            Ok(attachment) => content.push(attachment.content_block()),
            Err(error) => {
                let name = path.display().to_string();
                let failure = error.into();
                if args.json {
                    output.json(&FailureRecord {
                        file: Some(&name),
                        error: &failure,
                    })?;
                }
                output.failure(None, &failure);
                return Ok(Outcome::Failed);
            }
        }
    }
    content.push(ContentBlock::Text(args.prompt.clone()));
    let mut request = Request::new(args.model.as_str().into(), vec![Message::user(content)]);
    request
        .system
        .extend(args.system.clone().map(SystemBlock::Text));
    request.inference.max_tokens = args.max_tokens;
    request.inference.temperature = args.temperature;
    request.stream = !args.no_stream;
    let prices = kept::prices(global)?;
    if let Allowed::Nothing(outcome) = kept::look_at_budgets(global, session, output).await? {
        return Ok(outcome);
    }
    let transcript = if args.json {
        answer(session.connection(), request, |_| Ok(())).await?
    } else {
        let shown = answer(session.connection(), request, |text| output.piece(text)).await?;
        output.line("")?;
        shown
    };
    let row = spend(&transcript, &prices, session, args);
    let outcome = report(&transcript, &prices, args.json, output);
    kept::record(global, row, output).await;
    outcome
}

/// The call, for the ledger; none when nothing came.
fn spend(
    transcript: &Transcript,
    prices: &Prices,
    session: &Session,
    args: &AskArgs,
) -> Option<SpendRow> {
    let (_, turn) = transcript.last()?;
    let invocation = turn.invocation.as_ref()?;
    if invocation.usage.is_none() && turn.message.content.is_empty() {
        return None;
    }
    let bill = prices.of_invocation(invocation);
    Some(SpendRow {
        connection: session.label(),
        project: args.tag.clone(),
        ..SpendRow::of(invocation, bill.as_ref(), Screen::command_line())
    })
}

/// Runs one call to its end; text goes to `show` as it comes.
pub async fn answer(
    connection: &Connection,
    request: Request,
    mut show: impl FnMut(&str) -> std::io::Result<()>,
) -> std::io::Result<Transcript> {
    let mut transcript = Transcript::default();
    transcript.begin(Invocation::new(
        ONLY,
        request.model_id.clone(),
        connection.region(),
    ));
    let mut events = connection.invoke(request);
    while let Some(event) = events.next().await {
        match event {
            Ok(event) => {
                match &event {
                    StreamEvent::BlockDelta {
                        delta: BlockDelta::Text(text),
                        ..
                    }
                    | StreamEvent::Block {
                        block: ContentBlock::Text(text),
                        ..
                    } => show(text)?,
                    _ => {}
                }
                transcript.apply(ONLY, event);
            }
            Err(error) => transcript.fail(ONLY, Failure::from(error)),
        }
    }
    transcript.complete(ONLY);
    Ok(transcript)
}

/// Says how a call ended.
fn report(
    transcript: &Transcript,
    prices: &Prices,
    json: bool,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let Some((turn, invocation)) = transcript
        .last()
        .and_then(|(_, turn)| Some((turn, turn.invocation.as_ref()?)))
    else {
        return Ok(Outcome::Failed);
    };
    if let crate::chat::InvocationStatus::Failed(failure) = &invocation.status {
        if json {
            output.json(&FailureRecord {
                file: None,
                error: failure,
            })?;
        }
        output.failure(None, failure);
        return Ok(Outcome::Failed);
    }
    let record = AnswerRecord::new(None, turn, invocation, prices);
    if json {
        output.json(&record)?;
    } else {
        output.note(&record.summary());
    }
    Ok(Outcome::Done)
}
