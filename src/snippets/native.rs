//! A request in a model's own JSON (`InvokeModel`, `StartAsyncInvoke`): as it is looked at, and as code.
//!
//! Pictures stand in such bodies as base64. They are shown by their size and read from files in code.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::curl;
use super::escape::{Escapes, quoted, shell_word};
use super::layout::{self, Style};
use super::python::Python;
use super::shell::here_document;
use super::tree::Tree;
use super::{Language, Target};
use crate::catalog::ModelId;

/// From this many characters on a text may be a picture.
const LONG: usize = 256;

/// A request in a model's own form.
#[derive(Clone, Debug)]
pub struct NativeRequest {
    /// The model, profile or ARN.
    pub model_id: ModelId,
    /// The model's own JSON.
    pub body: Value,
    /// The folder in S3 that the result is put into later; `None` of a model that answers at once.
    pub output_folder: Option<String>,
}

/// How pictures in base64 begin.
fn extension(text: &str) -> Option<&'static str> {
    let begins = |start: &str| text.len() >= LONG && text.starts_with(start);
    match () {
        // The first bytes of a PNG and of a JPEG.
        () if begins("iVBORw0KGgo") => Some("png"),
        () if begins("/9j/") => Some("jpeg"),
        () => None,
    }
}

impl NativeRequest {
    /// The languages it can be written in.
    pub const LANGUAGES: [Language; 3] = [Language::AwsCli, Language::Python, Language::Curl];

    /// The body as people read it: pictures by their size.
    #[must_use]
    pub fn to_text(&self) -> String {
        fn shortened(value: &mut Value) {
            match value {
                Value::String(text) => {
                    if let Some(extension) = extension(text) {
                        *text = format!("<{} bytes of {extension} in base64>", text.len() / 4 * 3);
                    }
                }
                Value::Array(items) => items.iter_mut().for_each(shortened),
                Value::Object(members) => members.values_mut().for_each(shortened),
                Value::Null | Value::Bool(_) | Value::Number(_) => {}
            }
        }
        let mut body = self.http_body();
        shortened(&mut body);
        serde_json::to_string_pretty(&body).unwrap_or_default()
    }

    /// What is sent: the model's own JSON, or that with its model and the place of its result.
    fn http_body(&self) -> Value {
        let Some(folder) = &self.output_folder else {
            return self.body.clone();
        };
        json!({
            "modelId": self.model_id.as_str(),
            "modelInput": self.body,
            "outputDataConfig": output(folder),
        })
    }

    /// The request as a whole program; `None` in a language it is not written in.
    #[must_use]
    pub fn snippet(&self, language: Language, target: &Target) -> Option<String> {
        let mut files = Files::default();
        let mut tree = |value: &Value| files.tree(value);
        match language {
            Language::AwsCli => {
                let body = tree(&self.body);
                Some(self.shell(body, &files, target))
            }
            Language::Python => {
                let body = tree(&self.body);
                Some(self.python(&body, &files, target))
            }
            Language::Curl => {
                let body = tree(&self.http_body());
                Some(self.curl(body, &files, target))
            }
            Language::JavaScript | Language::AiSdk | Language::Rust => None,
        }
    }

    fn shell(&self, body: Tree, files: &Files, target: &Target) -> String {
        let (written, operation) = match &self.output_folder {
            Some(_) => ("request.json", "start-async-invoke"),
            None => ("request.json and answer.json", "invoke-model"),
        };
        let mut code = format!(
            "# The AWS CLI in a POSIX shell (sh, bash, zsh). Writes {written}.\n{}cat > request.json{}\
             aws bedrock-runtime {operation}",
            files.comment(),
            here_document(&members(body), !files.names.is_empty())
        );
        let mut option = |name: &str, value: &str| {
            let _ = write!(code, " \\\n  {name} {}", shell_word(value));
        };
        option("--region", &target.region);
        if let Some(url) = &target.endpoint_url {
            option("--endpoint-url", url);
        }
        option("--model-id", self.model_id.as_str());
        if let Some(folder) = &self.output_folder {
            option("--model-input", "file://request.json");
            option("--output-data-config", &output(folder).to_string());
            code.push('\n');
            return code;
        }
        option("--content-type", "application/json");
        option("--accept", "application/json");
        option("--body", "fileb://request.json");
        code.push_str(" \\\n  answer.json\n");
        code
    }

    fn curl(&self, body: Tree, files: &Files, target: &Target) -> String {
        let mut code =
            "# curl in a POSIX shell (sh, bash, zsh), with an Amazon Bedrock API key in \
                        AWS_BEARER_TOKEN_BEDROCK.\n"
                .to_owned();
        code.push_str(&files.comment());
        let address = match &self.output_folder {
            Some(_) => target.asynchronous(),
            None => target.address(&self.model_id, "invoke"),
        };
        code.push_str(&curl::command(&address));
        code.push_str(&here_document(&members(body), !files.names.is_empty()));
        code
    }

    fn python(&self, body: &Tree, files: &Files, target: &Target) -> String {
        let mut code = "# pip install boto3\n".to_owned();
        code.push_str(&files.comment());
        if !files.names.is_empty() {
            code.push_str("import base64\n");
        }
        if self.output_folder.is_none() {
            code.push_str("import json\n");
        }
        if !files.names.is_empty() {
            code.push_str("from pathlib import Path\n");
        }
        code.push_str("\nimport boto3\n\n");
        let text = |text: &str| quoted(text, Escapes::Python);
        let mut arguments = format!(", region_name={}", text(&target.region));
        if let Some(url) = &target.endpoint_url {
            let _ = write!(arguments, ", endpoint_url={}", text(url));
        }
        let _ = writeln!(
            code,
            "client = boto3.client(\"bedrock-runtime\"{arguments})\n"
        );
        if !files.names.is_empty() {
            code.push_str(PICTURE);
        }
        let _ = write!(code, "body = {}\n\n", layout::value(&InBase64, body, 0));
        let model = text(self.model_id.as_str());
        let call = match &self.output_folder {
            Some(folder) => format!(
                "response = client.start_async_invoke(\n    modelId={model},\n    modelInput=body,\n    \
                 outputDataConfig={{\"s3OutputDataConfig\": {{\"s3Uri\": {}}}}},\n)\n\
                 print(response[\"invocationArn\"])\n",
                text(folder)
            ),
            None => format!(
                "response = client.invoke_model(modelId={model}, body=json.dumps(body))\n\
                 answer = json.loads(response[\"body\"].read())\nprint(list(answer))\n"
            ),
        };
        code + &call
    }
}

/// Where the service puts the result.
fn output(folder: &str) -> Value {
    json!({ "s3OutputDataConfig": { "s3Uri": folder } })
}

const PICTURE: &str = "\
def picture(name):
    return base64.b64encode(Path(name).read_bytes()).decode()


";

/// Python whose files are texts in base64.
struct InBase64;

impl Style for InBase64 {
    const INDENT: usize = Python::INDENT;
    const LAST_COMMA: bool = Python::LAST_COMMA;
    const AIRY: bool = Python::AIRY;

    fn null(&self) -> &'static str {
        Python.null()
    }

    fn flag(&self, flag: bool) -> &'static str {
        Python.flag(flag)
    }

    fn text(&self, text: &str) -> String {
        Python.text(text)
    }

    fn file(&self, name: &str) -> String {
        format!("picture({})", self.text(name))
    }

    fn bytes(&self, bytes: &[u8]) -> String {
        Python.bytes(bytes)
    }
}

fn members(body: Tree) -> Vec<(String, Tree)> {
    match body {
        Tree::Object(members) => members,
        _ => Vec::new(),
    }
}

/// The pictures of a body, each once.
#[derive(Default)]
struct Files {
    names: Vec<String>,
    by_text: HashMap<String, String>,
}

impl Files {
    fn tree(&mut self, value: &Value) -> Tree {
        match value {
            Value::String(text) => match extension(text) {
                Some(extension) => Tree::File(self.name(text, extension)),
                None => Tree::text(text),
            },
            Value::Array(items) => Tree::List(items.iter().map(|item| self.tree(item)).collect()),
            Value::Object(members) => Tree::Object(
                members
                    .iter()
                    .map(|(name, value)| (name.clone(), self.tree(value)))
                    .collect(),
            ),
            other => Tree::free(other.clone()),
        }
    }

    fn name(&mut self, text: &str, extension: &str) -> String {
        if let Some(name) = self.by_text.get(text) {
            return name.clone();
        }
        let name = format!("image-{}.{extension}", self.names.len() + 1);
        self.by_text.insert(text.to_owned(), name.clone());
        self.names.push(name.clone());
        name
    }

    fn comment(&self) -> String {
        if self.names.is_empty() {
            return String::new();
        }
        format!("# Reads {} from this folder.\n", self.names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn request() -> NativeRequest {
        let picture = format!("iVBORw0KGgo{}", "A".repeat(401));
        NativeRequest {
            model_id: "stability.stable-image-remove-background-v1:0".into(),
            output_folder: None,
            body: json!({ "image": picture, "mask": picture, "prompt": "it's $5", "seed": 7 }),
        }
    }

    fn target() -> Target {
        Target {
            region: "us-west-2".into(),
            endpoint_url: None,
        }
    }

    #[test]
    fn pictures_are_shown_by_their_size_and_read_from_files_in_code() {
        // 412 characters of base64 are 103 groups of 3 bytes.
        assert!(request().to_text().contains("<309 bytes of png in base64>"));
        for language in NativeRequest::LANGUAGES {
            let code = request().snippet(language, &target()).unwrap();
            assert!(
                code.contains("# Reads image-1.png from this folder."),
                "{code}"
            );
            assert!(!code.contains("iVBOR"), "{code}");
        }
        assert_eq!(request().snippet(Language::Rust, &target()), None);
    }

    #[test]
    fn each_calls_invoke_model_with_the_whole_body() {
        let code = |language| request().snippet(language, &target()).unwrap();
        let cli = code(Language::AwsCli);
        assert!(cli.contains("--body fileb://request.json"), "{cli}");
        assert!(cli.contains("\"prompt\": \"it's \\$5\""), "{cli}");
        let curl = code(Language::Curl);
        let path = "/model/stability.stable-image-remove-background-v1%3A0/invoke";
        assert!(curl.contains(path), "{curl}");
        let python = code(Language::Python);
        assert!(
            python.contains("\"image\": picture(\"image-1.png\")"),
            "{python}"
        );
        assert!(python.contains("\"seed\": 7"), "{python}");
    }
}
