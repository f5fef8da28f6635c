//! `history export` and `history import`: all that is kept as one file, and conversations of other
//! programs.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::args::{Global, HistoryExportArgs, HistoryImportArgs};
use super::output::Output;
use super::progress::Progress;
use super::{CommandError, Outcome, kept};
use crate::catalog::ModelId;
use crate::chat::{Configuration, InvocationId, Transcript};
use crate::export::{self, Import};
use crate::pricing::{CostBreakdown, Prices, Usd};
use crate::store::{
    ArchiveError, ArchiveProgress, ConversationDraft, ConversationId, ConversationTotals, Fate,
    ImportOptions, ImportReport, Screen,
};

/// The largest file that is read as a conversation, in bytes.
const LARGEST_CONVERSATION: u64 = 256 << 20;

/// How many characters of a first prompt make a title.
const TITLE_CHARS: usize = 60;

/// How often it is looked how far the work is.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// What a request is for that does not say it.
const USUAL_MODEL: &str = "amazon.nova-lite-v1:0";

/// Writes all that is kept into one file.
pub async fn export(
    global: &Global,
    args: &HistoryExportArgs,
    json: bool,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    if args.archive.exists() && !args.force {
        return Err(CommandError::Usage(format!(
            "{} is there already; --force replaces it",
            args.archive.display()
        )));
    }
    let (of, to) = (global.clone(), args.archive.clone());
    let worked = work(move |progress| {
        kept::open_ledger(&of)?
            .export_archive(&to, progress)
            .map_err(CommandError::from)
    })
    .await?;
    let Some(report) = worked else {
        return Ok(Outcome::Interrupted);
    };
    if json {
        output.json(&report)?;
        return Ok(Outcome::Done);
    }
    output.line(&format!(
        "{}: {} conversations and lists, {} attachments, {} bytes",
        args.archive.display(),
        report.conversations,
        report.attachments,
        report.bytes
    ))?;
    if report.missing_attachments > 0 {
        output.note(&format!(
            "{} attachments are gone from the data folder, and so are not in it",
            report.missing_attachments
        ));
    }
    Ok(Outcome::Done)
}

/// Takes in an archive, or a conversation of another program.
pub async fn import(
    global: &Global,
    args: &HistoryImportArgs,
    json: bool,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let (of, from) = (global.clone(), args.file.clone());
    let options = ImportOptions {
        replace_settings: args.replace_settings,
    };
    let prices = kept::prices(global)?;
    let model = ModelId::from(args.model.as_deref().unwrap_or(USUAL_MODEL));
    let worked = work(move |progress| {
        if is_archive(&from)? {
            return Ok(kept::open_ledger(&of)?.import_archive(&from, options, progress)?);
        }
        let (draft, left_out) = conversation(&from, &model, &prices)?;
        kept::open_ledger(&of)?.save_conversation(&draft)?;
        Ok(of_one(&left_out))
    })
    .await?;
    let Some(report) = worked else {
        return Ok(Outcome::Interrupted);
    };
    if json {
        output.json(&report)?;
    } else {
        for line in report.lines() {
            output.line(&line)?;
        }
    }
    Ok(match report {
        report if report.stopped => Outcome::Interrupted,
        report if report.settings == Fate::Kept && !report.refused.is_empty() => Outcome::Failed,
        _ => Outcome::Done,
    })
}

impl From<ArchiveError> for CommandError {
    fn from(error: ArchiveError) -> Self {
        Self::Usage(error.to_string())
    }
}

/// Works on a thread of its own and shows how far it is; `None` when it was interrupted and nothing was
/// done.
async fn work<T: Send + 'static>(
    work: impl FnOnce(&ArchiveProgress) -> Result<T, CommandError> + Send + 'static,
) -> Result<Option<T>, CommandError> {
    let progress = Arc::new(ArchiveProgress::default());
    let of_work = Arc::clone(&progress);
    let mut working = tokio::task::spawn_blocking(move || work(&of_work));
    let shown = Progress::on_terminal();
    let result = loop {
        tokio::select! {
            result = &mut working => break result.map_err(std::io::Error::other)?,
            _ = tokio::signal::ctrl_c() => progress.stop(),
            () = tokio::time::sleep(LOOK_EVERY) => {
                let (done, all) = progress.steps();
                if let Some(percent) = (done * 100).checked_div(all) {
                    shown.show(&format!("{percent} %"));
                }
            }
        }
    };
    shown.clear();
    match result {
        Err(CommandError::Usage(_)) if progress.was_stopped() => Ok(None),
        result => result.map(Some),
    }
}

/// Whether a file begins as archives do.
fn is_archive(path: &Path) -> Result<bool, CommandError> {
    let mut first = [0; 2];
    let read = File::open(path)
        .and_then(|mut file| file.read(&mut first))
        .map_err(|error| CommandError::Usage(format!("{}: {error}", path.display())))?;
    Ok(read == first.len() && &first == b"PK")
}

/// A conversation of a file of JSON, ready to be kept, and what there was no place for.
fn conversation(
    path: &Path,
    model: &ModelId,
    prices: &Prices,
) -> Result<(ConversationDraft, Vec<String>), CommandError> {
    let failed =
        |error: &dyn std::fmt::Display| CommandError::Usage(format!("{}: {error}", path.display()));
    let size = std::fs::metadata(path)
        .map_err(|error| failed(&error))?
        .len();
    if size > LARGEST_CONVERSATION {
        return Err(failed(&"it is too large for a conversation"));
    }
    let text = std::fs::read_to_string(path).map_err(|error| failed(&error))?;
    let imported =
        export::import(&text, model, || InvocationId(0)).map_err(|error| failed(&error))?;
    let left_out = imported.left_out.clone();
    Ok((draft(imported, prices), left_out))
}

fn draft(imported: Import, prices: &Prices) -> ConversationDraft {
    let title = imported.title.clone();
    let mut transcript = Transcript::default();
    let mut totals = ConversationTotals {
        cost: Some(Usd::ZERO),
        ..ConversationTotals::default()
    };
    for turn in imported.turns {
        if let Some(invocation) = &turn.invocation {
            let usage = invocation.usage.clone().unwrap_or_default();
            totals.tokens_in +=
                usage.input_tokens + usage.cache_read_input_tokens + usage.cache_write_input_tokens;
            totals.tokens_out += usage.output_tokens;
            totals.simulated |= invocation.simulated;
            let bill = prices.of_invocation(invocation);
            let cost = bill.as_ref().and_then(CostBreakdown::total);
            if !invocation.simulated {
                totals.cost = totals.cost.zip(cost).map(|(sum, cost)| sum + cost);
            }
        }
        transcript.push(turn);
    }
    ConversationDraft {
        id: ConversationId::new(),
        title: title.unwrap_or_else(|| first_words(&transcript)),
        screen: Screen::chat(),
        model: Some(imported.head.model_id.clone()),
        region: String::new(),
        connection: String::new(),
        configuration: Configuration::of(&imported.head),
        transcript,
        totals,
        sheet: None,
    }
}

fn first_words(transcript: &Transcript) -> String {
    let mut texts = transcript
        .turns()
        .flat_map(|(_, turn)| turn.message.texts());
    let first = texts.find(|text| !text.trim().is_empty());
    let line = first.and_then(|text| text.trim().lines().next());
    line.map_or_else(
        || "Imported conversation".to_owned(),
        |line| line.chars().take(TITLE_CHARS).collect(),
    )
}

fn of_one(left_out: &[String]) -> ImportReport {
    let mut report = ImportReport::default();
    report.conversations.came_in = 1;
    for path in left_out {
        report.refused.push(crate::store::Refused {
            what: path.clone(),
            why: "this version does not know it".to_owned(),
        });
    }
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_the_first_line_that_says_something() {
        let imported = export::import(
            "{\"messages\": [{\"role\": \"user\", \"content\": [{\"text\": \"\\n Name a river\\nplease\"}]}]}",
            &ModelId::from("m"),
            || InvocationId(0),
        )
        .unwrap();
        let draft = draft(imported, &Prices::default());
        assert_eq!(draft.title, "Name a river");
        assert_eq!(draft.transcript.len(), 1);
    }
}
