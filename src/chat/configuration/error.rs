//! What was typed and cannot be sent, said so that the field can be found.

/// Why a configuration makes no request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigurationError {
    /// What was typed is no JSON.
    #[error("{field} is no JSON: {because} (line {line}, column {column})")]
    Json {
        /// Which field.
        field: String,
        /// The reader's words.
        because: String,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// The JSON is not an object.
    #[error("{field} must be a JSON object: {{ … }}")]
    NotAnObject {
        /// Which field.
        field: String,
    },
    /// A path of a response field is no JSON pointer, or too long for Converse.
    #[error(
        "\"{path}\" is no JSON pointer of up to 256 characters: begin it with / as in /stop_sequence"
    )]
    Pointer {
        /// The path.
        path: String,
    },
    /// More paths than Converse takes.
    #[error("A request takes at most {most} paths of response fields")]
    TooManyPointers {
        /// The most.
        most: usize,
    },
    /// A tool's name is not allowed.
    #[error(
        "The tool name \"{name}\" must have 1 to 64 letters, digits, - or _, and each tool its own"
    )]
    ToolName {
        /// The name.
        name: String,
    },
    /// Thinking would leave nothing for the answer.
    #[error(
        "The reasoning budget of {budget} tokens must be below the maximum output of {max_tokens} tokens, and at least {least}"
    )]
    Budget {
        /// The budget.
        budget: u32,
        /// The longest answer.
        max_tokens: u32,
        /// The least budget.
        least: u32,
    },
    /// A name or value that request metadata may not have.
    #[error(
        "Request metadata \"{name}\" may have up to 256 letters, digits, spaces and :_@$#=/+,-. each"
    )]
    Metadata {
        /// The name.
        name: String,
    },
    /// More pairs than Converse takes.
    #[error("A request takes at most {most} pairs of metadata")]
    TooMuchMetadata {
        /// The most.
        most: usize,
    },
}

impl ConfigurationError {
    pub(super) fn json(field: impl Into<String>, error: &serde_json::Error) -> Self {
        let words = error.to_string();
        // The reader appends the place; it is told on its own here.
        let because = words
            .split(" at line ")
            .next()
            .unwrap_or_default()
            .to_owned();
        Self::Json {
            field: field.into(),
            because,
            line: error.line(),
            column: error.column(),
        }
    }
}
