//! Prompts as files: the program's own JSON, whole with its versions, or Bedrock's form.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{SavedPrompt, bedrock_form};

/// What our own files say they are.
const FORMAT: &str = "bedrock-playground-prompts";
/// The one form of them there has been.
const VERSION: u32 = 1;

/// How prompts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Our own: everything, versions included.
    Own,
    /// What `CreatePrompt` of Bedrock Prompt Management takes; several are an array.
    Bedrock,
}

/// Why prompts cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is no JSON.
    #[error("this is no JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// It is other JSON.
    #[error("this is neither a file of prompts nor a prompt of Bedrock Prompt Management")]
    Unknown,
    /// A later version of this program wrote it.
    #[error("a later version of this program wrote it: form {0}")]
    Newer(u32),
    /// Something in it is not what belongs there.
    #[error("{path}: {problem}")]
    Unreadable {
        /// Where.
        path: String,
        /// What is wrong.
        problem: String,
    },
}

/// Prompts that were read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadPrompts {
    /// The prompts.
    pub prompts: Vec<SavedPrompt>,
    /// Paths of what there was no place for.
    pub left_out: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct OwnFile {
    format: String,
    version: u32,
    prompts: Vec<SavedPrompt>,
}

/// Writes prompts.
#[must_use]
pub fn write(prompts: &[SavedPrompt], form: Form) -> String {
    let written = match form {
        Form::Own => serde_json::to_string_pretty(&OwnFile {
            format: FORMAT.to_owned(),
            version: VERSION,
            prompts: prompts.to_vec(),
        }),
        Form::Bedrock => match prompts {
            [one] => serde_json::to_string_pretty(&bedrock_form::to_json(one)),
            several => {
                let all: Vec<Value> = several.iter().map(bedrock_form::to_json).collect();
                serde_json::to_string_pretty(&all)
            }
        },
    };
    // Plain data with names for keys can always be written.
    written.unwrap_or_default() + "\n"
}

/// Reads prompts of either form.
///
/// # Errors
/// When it is neither, or something in it does not belong there.
pub fn read(text: &str) -> Result<ReadPrompts, ReadError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let value: Value = serde_json::from_str(text)?;
    if value["format"] == FORMAT {
        let version = value["version"].as_u64().unwrap_or_default();
        if version > u64::from(VERSION) {
            return Err(ReadError::Newer(u32::try_from(version).unwrap_or(u32::MAX)));
        }
        let file: OwnFile = serde_json::from_value(value)?;
        return Ok(ReadPrompts {
            prompts: file.prompts,
            left_out: Vec::new(),
        });
    }
    let values = match value {
        Value::Array(values) => values,
        value => vec![value],
    };
    let mut found = ReadPrompts::default();
    for value in &values {
        if !bedrock_form::is_it(value) {
            return Err(ReadError::Unknown);
        }
        let read = bedrock_form::from_json(value, &mut found.left_out)?;
        found.prompts.extend(read);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompts::{Starter, starters};

    #[test]
    fn own_files_keep_everything() {
        let mut prompts: Vec<SavedPrompt> = starters().iter().map(Starter::prompt).collect();
        prompts[0].add_version(5, "first".to_owned());
        let read = read(&write(&prompts, Form::Own)).expect("readable");
        assert_eq!(read.prompts, prompts);
    }

    #[test]
    fn bedrocks_form_may_hold_several() {
        let prompts: Vec<SavedPrompt> = starters().iter().map(Starter::prompt).collect();
        let read = read(&write(&prompts, Form::Bedrock)).expect("readable");
        assert_eq!(read.left_out, Vec::<String>::new());
        assert_eq!(read.prompts.len(), prompts.len());
        for (read, prompt) in read.prompts.iter().zip(&prompts) {
            assert_eq!(read.draft.text, prompt.draft.text);
            assert_eq!(read.draft.variables(), prompt.draft.variables());
        }
    }

    #[test]
    fn other_files_are_refused_with_a_reason() {
        let error = |text| read(text).expect_err(text).to_string();
        assert!(error("{").starts_with("this is no JSON"));
        assert!(error("{\"messages\":[]}").starts_with("this is neither"));
        assert!(error("[{\"variants\":[]}]").starts_with("variants: there is none"));
        let newer = "{\"format\":\"bedrock-playground-prompts\",\"version\":2,\"prompts\":[]}";
        assert!(error(newer).starts_with("a later version"));
    }
}
