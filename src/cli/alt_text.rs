//! `alt-text`: a phrase for each image.

use super::args::AltTextArgs;
use super::ask::{answer, report};
use super::output::{FailureRecord, Output};
use super::{CommandError, Outcome};
use crate::chat::{ContentBlock, Message, Request};
use crate::media::{self, Limits};
use crate::tasks::Session;

/// Writes alt text for each file; one that fails does not stop the others.
pub async fn run(
    session: &Session,
    args: &AltTextArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let mut outcome = Outcome::Done;
    for path in &args.files {
        let file = path
            .file_name()
            .unwrap_or(path.as_os_str())
            .to_string_lossy()
            .into_owned();
        let attachment = match media::open_image(path, &Limits::converse()) {
            Ok(attachment) => attachment,
            Err(error) => {
                let failure = error.into();
                if args.json {
                    output.json(&FailureRecord {
                        file: Some(&file),
                        error: &failure,
                    })?;
                }
                output.failure(None, &failure);
                outcome = Outcome::Failed;
                continue;
            }
        };
        let content = vec![
            attachment.content_block(),
            ContentBlock::Text(args.prompt.clone()),
        ];
        let request = Request::new(args.model.as_str().into(), vec![Message::user(content)]);
        let transcript = answer(session.connection(), request, |_| Ok(())).await?;
        if report(&transcript, Some(&file), args.json, output)? != Outcome::Done {
            outcome = Outcome::Failed;
        }
    }
    Ok(outcome)
}
