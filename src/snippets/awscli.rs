//! A shell command of the AWS CLI.

use std::fmt::Write as _;

use super::Target;
use super::escape::shell_word;
use super::shell::here_document;
use super::tree::{Call, Tree};
use crate::chat::Request;

pub(super) fn snippet(request: &Request, target: &Target) -> String {
    let mut code =
        String::from("# The AWS CLI in a POSIX shell (sh, bash, zsh). Writes request.json.\n");
    if request.stream {
        code.push_str("# It has no converse-stream: the answer comes whole.\n");
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
    if call.has_bytes {
        code.push_str("# Version 2 is needed: version 1 does not take bytes inside of JSON.\n");
    }
    let model_id = ("modelId".to_owned(), Tree::text(request.model_id.as_str()));
    let body: Vec<_> = [model_id].into_iter().chain(call.body).collect();
    // The CLI reads its input more than once, so a pipe does not do.
    code.push_str("cat > request.json");
    code.push_str(&here_document(&body, !call.files.is_empty()));
    code.push_str("aws bedrock-runtime converse");
    let mut option = |name: &str, value: &str| {
        let _ = write!(code, " \\\n  {name} {}", shell_word(value));
    };
    option("--region", &target.region);
    if let Some(url) = &target.endpoint_url {
        option("--endpoint-url", url);
    }
    if call.has_bytes {
        option("--cli-binary-format", "base64");
    }
    option("--output", "text");
    option("--query", "output.message.content[].text");
    option("--cli-input-json", "file://request.json");
    code.push('\n');
    code
}
