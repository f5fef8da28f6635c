//! Rust with aws-sdk-bedrockruntime.

mod builders;
mod shapes;

use std::fmt::Write as _;

use super::Target;
use super::escape::{Escapes, quoted};
use super::tree::Call;
use crate::chat::Request;
use builders::Builders;

pub(super) fn snippet(request: &Request, target: &Target) -> String {
    let call = Call::of(request);
    let mut builders = Builders::default();
    let converse = shapes::converse(request.stream);
    let mut arguments = String::new();
    for (name, value) in &call.body {
        arguments.push_str(&builders.setter(converse, name, value, 8));
    }
    let used = if request.stream {
        ["ContentBlockDelta", "ConverseStreamOutput"]
    } else {
        ["ContentBlock", "ConverseOutput"]
    };
    for name in used {
        builders.types.insert(name);
    }
    let mut code = heading(&call, &builders);
    code.push_str(&imports(request.stream, &builders));
    code.push_str(
        "\n#[tokio::main]\nasync fn main() -> Result<(), Box<dyn std::error::Error>> {\n",
    );
    code.push_str("    let config = aws_config::defaults(BehaviorVersion::latest())\n");
    let _ = writeln!(
        code,
        "        .region({})",
        quoted(&target.region, Escapes::Braces)
    );
    if let Some(url) = &target.endpoint_url {
        let _ = writeln!(
            code,
            "        .endpoint_url({})",
            quoted(url, Escapes::Braces)
        );
    }
    code.push_str("        .load()\n        .await;\n");
    code.push_str("    let client = aws_sdk_bedrockruntime::Client::new(&config);\n");
    let (variable, operation) = if request.stream {
        ("mut response", "converse_stream")
    } else {
        ("response", "converse")
    };
    let _ = writeln!(
        code,
        "    let {variable} = client\n        .{operation}()\n        .model_id({})",
        quoted(request.model_id.as_str(), Escapes::Braces)
    );
    code.push_str(&arguments);
    code.push_str("        .send()\n        .await?;\n");
    code.push_str(if request.stream { STREAM } else { WHOLE });
    code.push_str("    Ok(())\n}\n");
    if builders.documents {
        code.push_str(DOCUMENT);
    }
    code
}

fn heading(call: &Call, builders: &Builders) -> String {
    let mut heading = String::from(
        "// cargo add aws-config aws-sdk-bedrockruntime\n// cargo add tokio --features full\n",
    );
    if builders.documents {
        heading.push_str("// cargo add aws-smithy-types serde_json\n");
    }
    if !call.files.is_empty() {
        let _ = writeln!(
            heading,
            "// Reads {} from this folder.",
            call.files.join(", ")
        );
    }
    heading
}

fn imports(stream: bool, builders: &Builders) -> String {
    let mut imports = String::new();
    if builders.documents {
        imports.push_str("use std::collections::HashMap;\n");
    }
    if stream {
        imports.push_str("use std::io::Write as _;\n");
    }
    if builders.documents || stream {
        imports.push('\n');
    }
    imports.push_str("use aws_config::BehaviorVersion;\n");
    if builders.blobs {
        imports.push_str("use aws_sdk_bedrockruntime::primitives::Blob;\n");
    }
    imports.push_str("use aws_sdk_bedrockruntime::types::{\n");
    let mut line = String::from("   ");
    for name in &builders.types {
        if line.len() + name.len() + 2 > 100 {
            imports.push_str(&line);
            imports.push('\n');
            line = String::from("   ");
        }
        let _ = write!(line, " {name},");
    }
    imports.push_str(&line);
    imports.push_str("\n};\n");
    if builders.documents {
        imports.push_str("use aws_smithy_types::{Document, Number};\nuse serde_json::Value;\n");
    }
    imports
}

const WHOLE: &str = "    if let Some(ConverseOutput::Message(message)) = response.output {
        for block in &message.content {
            if let ContentBlock::Text(text) = block {
                println!(\"{text}\");
            }
        }
    }
";

const STREAM: &str = "    while let Some(event) = response.stream.recv().await? {
        if let ConverseStreamOutput::ContentBlockDelta(event) = event
            && let Some(ContentBlockDelta::Text(text)) = event.delta
        {
            print!(\"{text}\");
            std::io::stdout().flush()?;
        }
    }
    println!();
";

/// The SDK has a type of its own for JSON.
const DOCUMENT: &str = "
/// JSON as the SDK wants it.
fn document(json: &str) -> Result<Document, serde_json::Error> {
    fn of(value: Value) -> Document {
        match value {
            Value::Null => Document::Null,
            Value::Bool(flag) => Document::Bool(flag),
            Value::Number(number) => Document::Number(
                number
                    .as_u64()
                    .map(Number::PosInt)
                    .or_else(|| number.as_i64().map(Number::NegInt))
                    .unwrap_or_else(|| Number::Float(number.as_f64().unwrap_or_default())),
            ),
            Value::String(text) => Document::String(text),
            Value::Array(items) => Document::Array(items.into_iter().map(of).collect()),
            Value::Object(members) => Document::Object(
                members
                    .into_iter()
                    .map(|(name, value)| (name, of(value)))
                    .collect::<HashMap<_, _>>(),
            ),
        }
    }
    serde_json::from_str(json).map(of)
}
";
