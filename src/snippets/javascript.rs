//! JavaScript with the AWS SDK.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Number;

use super::Target;
use super::escape::{Escapes, quoted};
use super::layout::{self, Style};
use super::tree::{Call, Tree};
use crate::chat::Request;

/// The largest number up to which every whole number is exact.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

pub(super) struct JavaScript;

impl Style for JavaScript {
    const INDENT: usize = 2;
    const LAST_COMMA: bool = true;
    const AIRY: bool = true;

    fn null(&self) -> &'static str {
        "null"
    }

    fn flag(&self, flag: bool) -> &'static str {
        if flag { "true" } else { "false" }
    }

    fn text(&self, text: &str) -> String {
        quoted(text, Escapes::Json)
    }

    fn file(&self, name: &str) -> String {
        format!("await readFile({})", self.text(name))
    }

    fn bytes(&self, bytes: &[u8]) -> String {
        format!("Buffer.from(\"{}\", \"base64\")", BASE64.encode(bytes))
    }

    fn number(&self, number: &Number) -> String {
        number.to_string()
    }

    fn key(&self, name: &str) -> String {
        let mut letters = name.chars();
        let plain = letters
            .next()
            .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
            && letters.all(|c| c.is_ascii_alphanumeric() || c == '_');
        match name {
            // Written plainly it would set the object's prototype.
            "__proto__" => "[\"__proto__\"]".to_owned(),
            name if plain => name.to_owned(),
            name => self.text(name),
        }
    }
}

/// Whether a tree holds a whole number that JavaScript would round.
pub(super) fn rounds(tree: &Tree) -> bool {
    match tree {
        Tree::Number(number) => number
            .as_u64()
            .or_else(|| number.as_i64().map(i64::unsigned_abs))
            .is_some_and(|size| size > MAX_SAFE_INTEGER),
        Tree::List(items) => items.iter().any(rounds),
        Tree::Object(members) => members.iter().any(|(_, member)| rounds(member)),
        Tree::Call(_, argument) => rounds(argument),
        _ => false,
    }
}

pub(super) const ROUNDED: &str =
    "JavaScript rounds whole numbers above 9007199254740991: one here is not sent exactly.";

pub(super) fn snippet(request: &Request, target: &Target) -> String {
    let call = Call::of(request);
    let mut code = String::from("// npm install @aws-sdk/client-bedrock-runtime\n");
    if call.body.iter().any(|(_, value)| rounds(value)) {
        let _ = writeln!(code, "// {ROUNDED}");
    }
    if !call.files.is_empty() {
        let _ = writeln!(code, "// Reads {} from this folder.", call.files.join(", "));
        code.push_str("import { readFile } from \"node:fs/promises\";\n\n");
    }
    let command = if request.stream {
        "ConverseStreamCommand"
    } else {
        "ConverseCommand"
    };
    let _ = writeln!(
        code,
        "import {{ BedrockRuntimeClient, {command} }} from \"@aws-sdk/client-bedrock-runtime\";\n"
    );
    let mut options = vec![("region".to_owned(), Tree::text(&target.region))];
    if let Some(url) = &target.endpoint_url {
        options.push(("endpoint".to_owned(), Tree::text(url)));
    }
    let _ = writeln!(
        code,
        "const client = new BedrockRuntimeClient({});\n",
        layout::value(&JavaScript, &Tree::Object(options), 0)
    );
    let model_id = ("modelId".to_owned(), Tree::text(request.model_id.as_str()));
    let members = [model_id].into_iter().chain(call.body).collect();
    let input = layout::value(&JavaScript, &Tree::Object(members), 2);
    let _ = writeln!(
        code,
        "const response = await client.send(\n  new {command}({input}),\n);\n"
    );
    code.push_str(if request.stream { STREAM } else { WHOLE });
    code.push_str("client.destroy();\n");
    code
}

const WHOLE: &str = "\
for (const block of response.output.message.content) {
  if (block.text !== undefined) console.log(block.text);
}
";

const STREAM: &str = "\
for await (const event of response.stream) {
  process.stdout.write(event.contentBlockDelta?.delta?.text ?? \"\");
}
process.stdout.write(\"\\n\");
";
