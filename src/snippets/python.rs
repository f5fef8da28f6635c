//! Python with boto3.

use std::fmt::Write as _;

use super::Target;
use super::escape::{Escapes, quoted};
use super::layout::{self, Style};
use super::tree::{Call, Tree};
use crate::chat::Request;

pub(super) struct Python;

impl Style for Python {
    const INDENT: usize = 4;
    const LAST_COMMA: bool = true;
    const AIRY: bool = false;

    fn null(&self) -> &'static str {
        "None"
    }

    fn flag(&self, flag: bool) -> &'static str {
        if flag { "True" } else { "False" }
    }

    fn text(&self, text: &str) -> String {
        quoted(text, Escapes::Python)
    }

    fn file(&self, name: &str) -> String {
        format!("Path({}).read_bytes()", self.text(name))
    }

    fn bytes(&self, bytes: &[u8]) -> String {
        let digits = bytes.iter().fold(String::new(), |mut digits, byte| {
            let _ = write!(digits, "{byte:02x}");
            digits
        });
        format!("bytes.fromhex(\"{digits}\")")
    }
}

pub(super) fn snippet(request: &Request, target: &Target) -> String {
    let call = Call::of(request);
    let mut code = String::from("# pip install boto3\n");
    if !call.files.is_empty() {
        let _ = writeln!(code, "# Reads {} from this folder.", call.files.join(", "));
        code.push_str("from pathlib import Path\n\n");
    }
    code.push_str("import boto3\n\n");
    let mut arguments = vec![("region_name".to_owned(), Tree::text(&target.region))];
    if let Some(url) = &target.endpoint_url {
        arguments.push(("endpoint_url".to_owned(), Tree::text(url)));
    }
    let arguments: Vec<_> = arguments
        .iter()
        .map(|(name, value)| format!(", {name}={}", layout::value(&Python, value, 0)))
        .collect();
    let _ = writeln!(
        code,
        "client = boto3.client(\"bedrock-runtime\"{})\n",
        arguments.concat()
    );
    let operation = if request.stream {
        "converse_stream"
    } else {
        "converse"
    };
    let _ = writeln!(code, "response = client.{operation}(");
    let model_id = ("modelId".to_owned(), Tree::text(request.model_id.as_str()));
    for (name, value) in [model_id].iter().chain(&call.body) {
        let value = layout::value(&Python, value, Python::INDENT);
        let _ = writeln!(code, "    {name}={value},");
    }
    code.push_str(")\n\n");
    code.push_str(if request.stream { STREAM } else { WHOLE });
    code
}

const WHOLE: &str = "\
for block in response[\"output\"][\"message\"][\"content\"]:
    if \"text\" in block:
        print(block[\"text\"])
";

const STREAM: &str = "\
for event in response[\"stream\"]:
    if \"contentBlockDelta\" in event:
        print(event[\"contentBlockDelta\"][\"delta\"].get(\"text\", \"\"), end=\"\", flush=True)
print()
";
