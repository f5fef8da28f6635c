//! `ask`: one question, its answer as it comes.

use std::io;

use futures_util::StreamExt as _;

use super::args::{AskArgs, Global};
use super::interruption::{Interruption, listen};
use super::kept::{self, Allowed};
use super::output::{AnswerRecord, FailureRecord, Output};
use super::{CommandError, Outcome};
use crate::bedrock::Connection;
use crate::chat::{
    BlockDelta, ContentBlock, Failure, Invocation, InvocationId, InvocationStatus, Message,
    Request, StreamEvent, SystemBlock, Transcript,
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
    let model = session.connection().recognise(args.model.as_str().into());
    let mut request = Request::new(model.await, vec![Message::user(content)]);
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
    let interrupted = listen().await;
    let connection = session.connection();
    let (transcript, ending) = if args.json {
        answer(connection, request, interrupted, |_| Ok(())).await
    } else {
        answer(connection, request, interrupted, |text| output.piece(text)).await
    };
    // Before anything else is written, which may fail: what was sent is paid for.
    let row = spend(&transcript, &prices, session, args);
    kept::record(global, row, output).await;
    match ending {
        Ending::Complete if args.json => {}
        Ending::Complete => output.line("")?,
        Ending::Interrupted => return Ok(Outcome::Interrupted),
        Ending::Unwritten(error) => return Err(error.into()),
    }
    report(&transcript, &prices, args.json, output)
}

/// How an answer ended for this program, whatever the service said.
enum Ending {
    /// It is over.
    Complete,
    /// Ctrl+C.
    Interrupted,
    /// Nobody reads it any more.
    Unwritten(io::Error),
}

/// The call, for the ledger; none when it was refused.
fn spend(
    transcript: &Transcript,
    prices: &Prices,
    session: &Session,
    args: &AskArgs,
) -> Option<SpendRow> {
    let (_, turn) = transcript.last()?;
    let invocation = turn.invocation.as_ref()?;
    let row = SpendRow::of_call(&turn.message, invocation, prices, Screen::command_line())?;
    Some(SpendRow {
        connection: session.label(),
        project: args.tag.clone(),
        ..row
    })
}

/// Runs one call to its end, or until it is interrupted or nobody reads on; text goes to `show` as it comes.
async fn answer(
    connection: &Connection,
    request: Request,
    mut interrupted: Interruption,
    mut show: impl FnMut(&str) -> io::Result<()>,
) -> (Transcript, Ending) {
    let mut transcript = Transcript::default();
    transcript.begin(Invocation::new(
        ONLY,
        request.model_id.clone(),
        connection.region(),
    ));
    let mut events = connection.invoke(request);
    let mut ending = Ending::Complete;
    while matches!(ending, Ending::Complete) {
        let event = tokio::select! {
            biased;
            heard = interrupted.as_mut() => {
                if heard.is_ok() {
                    ending = Ending::Interrupted;
                } else {
                    // There is no handler: the system's own ends the program.
                    interrupted = Box::pin(std::future::pending());
                }
                continue;
            }
            event = events.next() => event,
        };
        match event {
            Some(Ok(event)) => {
                if let Some(text) = text_of(&event)
                    && let Err(error) = show(text)
                {
                    ending = Ending::Unwritten(error);
                }
                transcript.apply(ONLY, event);
            }
            Some(Err(error)) => transcript.fail(ONLY, Failure::from(error)),
            None => {
                transcript.complete(ONLY);
                return (transcript, ending);
            }
        }
    }
    transcript.stop(ONLY);
    (transcript, ending)
}

fn text_of(event: &StreamEvent) -> Option<&str> {
    match event {
        StreamEvent::BlockDelta {
            delta: BlockDelta::Text(text),
            ..
        }
        | StreamEvent::Block {
            block: ContentBlock::Text(text),
            ..
        } => Some(text),
        _ => None,
    }
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
    if let InvocationStatus::Failed(failure) = &invocation.status {
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
