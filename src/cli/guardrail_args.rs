//! What can be typed after `guardrails`.

use clap::{Args, Subcommand, ValueEnum};

use crate::bedrock::GuardrailSource;

/// `guardrails`
#[derive(Clone, Debug, Args)]
pub struct GuardrailsArgs {
    /// What to do
    #[command(subcommand)]
    pub command: GuardrailsCommand,
}

/// What can be done with guardrails.
#[derive(Clone, Debug, Subcommand)]
pub enum GuardrailsCommand {
    /// List the account's guardrails
    List(GuardrailsListArgs),
    /// Show what a guardrail is made of
    Show(GuardrailsShowArgs),
    /// Let a guardrail look at a text, and say what it finds
    Test(GuardrailsTestArgs),
}

/// `guardrails list`
#[derive(Clone, Debug, Args)]
pub struct GuardrailsListArgs {
    /// One JSON array
    #[arg(long)]
    pub json: bool,
}

/// `guardrails show`
#[derive(Clone, Debug, Args)]
pub struct GuardrailsShowArgs {
    /// Its id, ARN or name
    pub guardrail: String,
    /// A numbered version instead of the draft
    #[arg(long, value_name = "V")]
    pub version: Option<String>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

/// `guardrails test`
#[derive(Clone, Debug, Args)]
pub struct GuardrailsTestArgs {
    /// The text; - reads it from standard input
    pub text: String,
    /// Its id, ARN or name; may be left out where there is only one
    #[arg(long, value_name = "ID")]
    pub guardrail: Option<String>,
    /// A numbered version instead of the draft
    #[arg(long, value_name = "V", default_value = "DRAFT")]
    pub version: String,
    /// Whether the text is a prompt or an answer
    #[arg(long, value_enum, default_value_t = SourceArg::Input, value_name = "SIDE")]
    pub source: SourceArg,
    /// What an answer is to be grounded in
    #[arg(long, value_name = "TEXT")]
    pub grounding_source: Option<String>,
    /// The question an answer is to fit
    #[arg(long, value_name = "TEXT")]
    pub query: Option<String>,
    /// A tag for the usage: the project this is for
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

/// Whose text it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SourceArg {
    /// A prompt
    Input,
    /// A model's answer
    Output,
}

impl From<SourceArg> for GuardrailSource {
    fn from(source: SourceArg) -> Self {
        match source {
            SourceArg::Input => Self::Input,
            SourceArg::Output => Self::Output,
        }
    }
}
