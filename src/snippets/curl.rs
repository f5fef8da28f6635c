//! A shell command of curl, with an Amazon Bedrock API key from the environment.

use std::fmt::Write as _;

use super::Target;
use super::escape::shell_word;
use super::shell::here_document;
use super::tree::Call;
use crate::chat::Request;

pub(super) fn snippet(request: &Request, target: &Target) -> String {
    let mut code = String::from(
        "# curl in a POSIX shell (sh, bash, zsh), with an Amazon Bedrock API key in \
         AWS_BEARER_TOKEN_BEDROCK.\n",
    );
    if request.stream {
        code.push_str("# A stream would come in a binary form: the answer comes whole.\n");
        if request.guardrail.is_some() {
            code.push_str(
                "# guardrailConfig.streamProcessingMode is left out: it is for streams only.\n",
            );
        }
    }
    let call = Call::of(&Request {
        stream: false,
        ..request.clone()
    });
    if !call.files.is_empty() {
        let _ = writeln!(code, "# Reads {} from this folder.", call.files.join(", "));
    }
    code.push_str(&command(&target.address(&request.model_id, "converse")));
    code.push_str(&here_document(&call.body, !call.files.is_empty()));
    code
}

/// The call of curl, which reads the body from where it is told next.
pub(super) fn command(address: &str) -> String {
    format!(
        "curl --silent --show-error --fail-with-body {} \\\n  \
         --header \"Authorization: Bearer $AWS_BEARER_TOKEN_BEDROCK\" \\\n  \
         --header 'Content-Type: application/json' \\\n  \
         --data-binary @-",
        shell_word(address)
    )
}
