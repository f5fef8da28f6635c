//! `history`: what is kept, newest first, and what is found in it.

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::format_description;

use super::args::{Global, HistoryArgs, HistoryCommand};
use super::output::{Output, table};
use super::{CommandError, Outcome, archive, kept};
use crate::store::{ConversationSummary, HistoryPage, HistoryQuery, Shelf, UnixMs};

/// Lists what is kept, or what has the words that are looked for.
pub async fn run(
    global: &Global,
    args: &HistoryArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let text = match &args.command {
        Some(HistoryCommand::Export(export)) => {
            return archive::export(global, export, args.json, output).await;
        }
        Some(HistoryCommand::Import(import)) => {
            return archive::import(global, import, args.json, output).await;
        }
        Some(HistoryCommand::Search { text }) => text.clone(),
        None => String::new(),
    };
    let query = HistoryQuery {
        text,
        shelf: if args.all { Shelf::All } else { Shelf::Current },
        order: args.sort.into(),
        limit: args.limit,
        ..HistoryQuery::default()
    };
    let global = global.clone();
    let work = move || Ok::<_, CommandError>(kept::open_ledger(&global)?.history(&query)?);
    let page: HistoryPage = tokio::task::spawn_blocking(work)
        .await
        .map_err(std::io::Error::other)??;
    if args.json {
        let rows: Vec<Value> = page.rows.iter().map(record).collect();
        output.json(&json!({ "entries": rows, "more": page.more }))?;
        return Ok(Outcome::Done);
    }
    if page.rows.is_empty() {
        output.note("Nothing is kept that fits");
        return Ok(Outcome::Done);
    }
    for (line, entry) in table(&page.rows.iter().map(cells).collect::<Vec<_>>())
        .iter()
        .zip(&page.rows)
    {
        output.line(line)?;
        if let Some(snippet) = &entry.snippet {
            output.line(&format!("    {}", snippet.text))?;
        }
    }
    if page.more {
        output.note("There is more; --limit shows it");
    }
    Ok(Outcome::Done)
}

fn cells(entry: &ConversationSummary) -> Vec<String> {
    let cost = match entry.cost {
        _ if entry.simulated => "simulated".to_owned(),
        Some(cost) => cost.to_string(),
        None => "unknown".to_owned(),
    };
    vec![
        moment(entry.updated),
        entry.screen.as_str().to_owned(),
        entry
            .model
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
        cost,
        entry.title.clone(),
    ]
}

fn record(entry: &ConversationSummary) -> Value {
    json!({
        "id": entry.id.to_string(),
        "title": entry.title,
        "screen": entry.screen.as_str(),
        "modelId": entry.model.as_ref().map(ToString::to_string),
        "region": entry.region,
        "connection": entry.connection,
        "created": moment(entry.created),
        "updated": moment(entry.updated),
        "turns": entry.turns,
        "inputTokens": entry.tokens_in,
        "outputTokens": entry.tokens_out,
        "costUsd": entry.cost.filter(|_| !entry.simulated).map(crate::pricing::Usd::to_decimal_string),
        "simulated": entry.simulated,
        "pinned": entry.pinned,
        "archived": entry.archived,
        "tags": entry.tags,
        "found": entry.snippet.as_ref().map(|snippet| snippet.text.as_str()),
    })
}

fn moment(time: UnixMs) -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    OffsetDateTime::from_unix_timestamp(time.0 / 1_000)
        .ok()
        .and_then(|time| time.format(&format).ok())
        .unwrap_or_default()
}
