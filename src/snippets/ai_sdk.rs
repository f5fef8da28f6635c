//! JavaScript with the AI SDK.
//!
//! The AI SDK has a message format of its own, made for many services; its Bedrock provider makes
//! Converse of it. What has no way through there is named in a comment. What stands beside the
//! messages in a request goes through untouched, as options of the provider.

mod messages;

use std::fmt::Write as _;

use super::Target;
use super::escape::comment;
use super::javascript::{JavaScript, ROUNDED, rounds};
use super::layout;
use super::tree::{Call, Tree};
use crate::chat::{Request, ToolChoice, ToolDefinition};
use messages::Messages;

/// Members of the body that the provider passes on as they are.
const PASSED_ON: &[&str] = &[
    "additionalModelRequestFields",
    "additionalModelResponseFieldPaths",
    "guardrailConfig",
    "performanceConfig",
    "requestMetadata",
    "outputConfig",
];

pub(super) fn snippet(request: &Request, target: &Target) -> String {
    let mut messages = Messages::of(request);
    let mut options = vec![(
        "model".to_owned(),
        Tree::Call("bedrock", Box::new(Tree::text(request.model_id.as_str()))),
    )];
    let mut option = |name: &str, value: Tree| options.push((name.to_owned(), value));
    if !messages.system.is_empty() {
        option("system", Tree::List(std::mem::take(&mut messages.system)));
    }
    option(
        "messages",
        Tree::List(std::mem::take(&mut messages.conversation)),
    );
    let call = Call::of(request);
    for (name, theirs) in [
        ("maxTokens", "maxOutputTokens"),
        ("temperature", "temperature"),
        ("topP", "topP"),
        ("stopSequences", "stopSequences"),
    ] {
        if let Some(Tree::Object(inference)) = call.member("inferenceConfig")
            && let Some((_, value)) = inference.iter().find(|(member, _)| member == name)
        {
            option(theirs, value.clone());
        }
    }
    if request.inference.temperature.is_some_and(|it| it > 1.0) {
        messages.note("sends no temperature above 1");
    }
    let tools = tools(request, &mut messages);
    let has_tools = !tools.is_empty();
    if has_tools {
        option("tools", Tree::Object(tools));
        if let Some(choice) = request
            .tools
            .as_ref()
            .and_then(|tools| tools.choice.as_ref())
        {
            option("toolChoice", tool_choice(choice));
        }
    }
    let provider = provider_options(request, &call);
    if !provider.is_empty() {
        option(
            "providerOptions",
            Tree::Object(vec![("bedrock".to_owned(), Tree::Object(provider))]),
        );
    }
    write(request, target, &messages, &options, has_tools)
}

fn tools(request: &Request, messages: &mut Messages) -> Vec<(String, Tree)> {
    let mut tools = Vec::new();
    for definition in request.tools.iter().flat_map(|config| &config.tools) {
        match definition {
            ToolDefinition::Spec {
                name,
                description,
                input_schema,
            } => {
                let schema = Box::new(Tree::free(input_schema.clone()));
                let mut members = Vec::new();
                if let Some(description) = description {
                    members.push(("description".to_owned(), Tree::text(description)));
                }
                members.push(("inputSchema".to_owned(), Tree::Call("jsonSchema", schema)));
                let tool = Tree::Call("tool", Box::new(Tree::Object(members)));
                tools.push((name.clone(), tool));
            }
            ToolDefinition::System(name) => {
                messages.note(&format!("knows no system tools ({name})"));
            }
            ToolDefinition::CachePoint(_) => messages.note("sets no cache points between tools"),
        }
    }
    if tools.is_empty() && messages.has_tool_content {
        messages.note("removes calls and results of tools from requests without tools");
    }
    tools
}

fn tool_choice(choice: &ToolChoice) -> Tree {
    match choice {
        ToolChoice::Auto => Tree::text("auto"),
        ToolChoice::Any => Tree::text("required"),
        ToolChoice::Tool(name) => Tree::Object(vec![
            ("type".to_owned(), Tree::text("tool")),
            ("toolName".to_owned(), Tree::text(name)),
        ]),
    }
}

fn provider_options(request: &Request, call: &Call) -> Vec<(String, Tree)> {
    let mut options: Vec<_> = call
        .body
        .iter()
        .filter(|(name, _)| PASSED_ON.contains(&name.as_str()))
        .cloned()
        .collect();
    if request.service_tier.is_some()
        && let Some(Tree::Object(tier)) = call.member("serviceTier")
    {
        options.extend(
            tier.iter()
                .map(|(_, value)| ("serviceTier".to_owned(), value.clone())),
        );
    }
    options
}

fn write(
    request: &Request,
    target: &Target,
    messages: &Messages,
    options: &[(String, Tree)],
    has_tools: bool,
) -> String {
    let mut code = String::from(
        "// npm install ai @ai-sdk/amazon-bedrock\n\
         // Credentials: AWS_BEARER_TOKEN_BEDROCK, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.\n",
    );
    for note in &messages.notes {
        let _ = writeln!(code, "// Not the same here: the AI SDK {}.", comment(note));
    }
    if options.iter().any(|(_, value)| rounds(value)) {
        let _ = writeln!(code, "// {ROUNDED}");
    }
    let reads_files = !messages.files.is_empty();
    if reads_files {
        let _ = writeln!(
            code,
            "// Reads {} from this folder.",
            messages.files.join(", ")
        );
        code.push_str("import { readFile } from \"node:fs/promises\";\n\n");
    }
    code.push_str("import { createAmazonBedrock } from \"@ai-sdk/amazon-bedrock\";\n");
    let imports = match (request.stream, has_tools) {
        (true, true) => "jsonSchema, streamText, tool",
        (true, false) => "streamText",
        (false, true) => "generateText, jsonSchema, tool",
        (false, false) => "generateText",
    };
    let _ = writeln!(code, "import {{ {imports} }} from \"ai\";\n");
    let mut settings = vec![("region".to_owned(), Tree::text(&target.region))];
    if let Some(url) = &target.endpoint_url {
        settings.push(("baseURL".to_owned(), Tree::text(url.trim_end_matches('/'))));
    }
    let _ = writeln!(
        code,
        "const bedrock = createAmazonBedrock({});",
        layout::value(&JavaScript, &Tree::Object(settings), 0)
    );
    if messages.encodes_files {
        code.push_str(
            "const base64 = async (name) => (await readFile(name)).toString(\"base64\");\n",
        );
    }
    let options = layout::value(&JavaScript, &Tree::Object(options.to_vec()), 0);
    code.push('\n');
    // Writing to a `String` does not fail.
    let _ = if request.stream {
        write!(
            code,
            "const {{ textStream }} = streamText({options});\n\n\
             for await (const piece of textStream) process.stdout.write(piece);\n\
             process.stdout.write(\"\\n\");\n"
        )
    } else {
        write!(
            code,
            "const {{ text }} = await generateText({options});\n\nconsole.log(text);\n"
        )
    };
    code
}
