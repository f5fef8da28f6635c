//! Tools as a person writes them down.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ConfigurationError, fields};
use crate::chat::ToolDefinition;

/// One tool, as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ToolDraft {
    /// Whether the model is told of it.
    pub on: bool,
    /// What the model calls it.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// JSON schema of its arguments; nothing stands for no arguments.
    pub input_schema: String,
}

impl Default for ToolDraft {
    fn default() -> Self {
        Self {
            on: true,
            name: String::new(),
            description: String::new(),
            input_schema: String::new(),
        }
    }
}

/// The tools that are switched on, checked.
pub(super) fn definitions(drafts: &[ToolDraft]) -> Result<Vec<ToolDefinition>, ConfigurationError> {
    let mut definitions = Vec::new();
    let on: Vec<_> = drafts.iter().filter(|draft| draft.on).collect();
    for draft in &on {
        let twice = on.iter().filter(|other| other.name == draft.name).count() > 1;
        if twice || !is_name(&draft.name) {
            return Err(ConfigurationError::ToolName {
                name: draft.name.clone(),
            });
        }
        let field = format!("The input schema of {}", draft.name);
        let mut schema = fields::object(&field, &draft.input_schema)?;
        if schema.is_empty() {
            schema.insert("type".to_owned(), json!("object"));
        }
        let description = draft.description.trim();
        definitions.push(ToolDefinition::Spec {
            name: draft.name.clone(),
            description: (!description.is_empty()).then(|| description.to_owned()),
            input_schema: Value::Object(schema),
        });
    }
    Ok(definitions)
}

fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}
