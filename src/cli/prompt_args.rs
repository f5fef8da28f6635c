//! What can be typed after `prompts`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::pricing::Usd;
use crate::prompts::{Form, RunFormat};

/// `prompts`
#[derive(Clone, Debug, Args)]
pub struct PromptsArgs {
    /// What to do
    #[command(subcommand)]
    pub command: PromptsCommand,
}

/// What can be done with the prompt library.
#[derive(Clone, Debug, Subcommand)]
pub enum PromptsCommand {
    /// List saved prompts, and those to begin with
    List(PromptsListArgs),
    /// Show a prompt
    Show(PromptsShowArgs),
    /// Run a prompt, once or over a table of values
    Run(Box<PromptsRunArgs>),
    /// Add prompts from a file: this program's JSON, or what Bedrock Prompt Management has
    Import(PromptsImportArgs),
    /// Write prompts into a file
    Export(PromptsExportArgs),
}

/// `prompts list`
#[derive(Clone, Debug, Args)]
pub struct PromptsListArgs {
    /// Words that must all stand in the prompt, its name, description or tags
    pub words: Vec<String>,
    /// With this tag only
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
    /// One JSON array
    #[arg(long)]
    pub json: bool,
}

/// `prompts show`
#[derive(Clone, Debug, Args)]
pub struct PromptsShowArgs {
    /// Its name
    pub name: String,
    /// A numbered version instead of what is being written
    #[arg(long, value_name = "N")]
    pub version: Option<u32>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

/// `prompts run`
#[derive(Clone, Debug, Args)]
pub struct PromptsRunArgs {
    /// Its name
    pub name: String,
    /// A value for a {{variable}}; for all rows of a table that has no such column
    #[arg(long, value_name = "K=V", value_parser = pair)]
    pub var: Vec<(String, String)>,
    /// Values, a row a run: CSV, tabs between cells, or JSON Lines; columns image and document are files
    #[arg(long, value_name = "FILE")]
    pub table: Option<PathBuf>,
    /// An image or document to send along with every row; may be given several times
    #[arg(long, value_name = "FILE")]
    pub file: Vec<PathBuf>,
    /// A numbered version instead of what is being written
    #[arg(long, value_name = "N")]
    pub version: Option<u32>,
    /// Model id, inference profile id or ARN, instead of the prompt's own
    #[arg(long, value_name = "ID")]
    pub model: Option<String>,
    /// Most requests at once
    #[arg(long, default_value_t = 4, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=64))]
    pub jobs: u32,
    /// Stop before more than this is spent, in US dollars
    #[arg(long, value_name = "USD", value_parser = super::args::dollars)]
    pub max_cost: Option<Usd>,
    /// Form of the results
    #[arg(long, value_enum, default_value_t = RunFormatArg::Table, value_name = "FORMAT")]
    pub format: RunFormatArg,
    /// Write the results into this file
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// A tag for the usage: the project this is for
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
}

/// `prompts import`
#[derive(Clone, Debug, Args)]
pub struct PromptsImportArgs {
    /// The file
    pub file: PathBuf,
}

/// `prompts export`
#[derive(Clone, Debug, Args)]
pub struct PromptsExportArgs {
    /// Names; all saved prompts when none is given
    pub names: Vec<String>,
    /// Form of the file
    #[arg(long, value_enum, default_value_t = FormArg::Own, value_name = "FORM")]
    pub form: FormArg,
    /// Write into this file
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// The forms results have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RunFormatArg {
    /// For reading
    Table,
    /// The table with columns for the answers
    Csv,
    /// One JSON array
    Json,
}

impl From<RunFormatArg> for RunFormat {
    fn from(format: RunFormatArg) -> Self {
        match format {
            RunFormatArg::Table => Self::Table,
            RunFormatArg::Csv => Self::Csv,
            RunFormatArg::Json => Self::Json,
        }
    }
}

/// The forms prompts have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormArg {
    /// This program's: everything, versions included
    Own,
    /// What `CreatePrompt` of Bedrock Prompt Management takes
    Bedrock,
}

impl From<FormArg> for Form {
    fn from(form: FormArg) -> Self {
        match form {
            FormArg::Own => Self::Own,
            FormArg::Bedrock => Self::Bedrock,
        }
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("a name, =, and a value are expected, for instance city=Oslo".to_owned()),
    }
}
