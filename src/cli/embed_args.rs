//! What can be typed after `embed`.

use std::path::PathBuf;

use clap::Args;

use super::args::dollars;
use crate::embeddings::{Format, Purpose};
use crate::pricing::Usd;

/// `embed`
#[derive(Clone, Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch a person may give"
)]
pub struct EmbedArgs {
    /// Texts to embed, each a vector
    #[arg(required_unless_present_any = ["file", "image"])]
    pub text: Vec<String>,
    /// A file of texts: a line each, a CSV column called text, or JSON Lines; may be given several
    /// times
    #[arg(long, value_name = "FILE")]
    pub file: Vec<PathBuf>,
    /// An image to embed, for multimodal models; may be given several times
    #[arg(long, value_name = "FILE")]
    pub image: Vec<PathBuf>,
    /// A model that makes embeddings
    #[arg(
        long,
        default_value = "amazon.titan-embed-text-v2:0",
        value_name = "ID"
    )]
    pub model: String,
    /// Length of the vectors, of those the model offers
    #[arg(long, value_name = "N")]
    pub dimensions: Option<u32>,
    /// Bring vectors to length one, where the model leaves the choice
    #[arg(
        long,
        value_name = "YES",
        num_args = 0..=1,
        require_equals = true,
        default_value_t = true,
        default_missing_value = "true",
        action = clap::ArgAction::Set
    )]
    pub normalize: bool,
    /// What the vectors are for, with models that make a difference
    #[arg(long, value_enum, default_value_t = PurposeArg::Document, value_name = "PURPOSE")]
    pub purpose: PurposeArg,
    /// Print how similar all are to all, instead of the vectors
    #[arg(long)]
    pub matrix: bool,
    /// Print the nearest others of each, instead of the vectors
    #[arg(long, value_name = "K", conflicts_with = "matrix", value_parser = clap::value_parser!(u32).range(1..))]
    pub nearest: Option<u32>,
    /// Most requests at once
    #[arg(long, default_value_t = 4, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=64))]
    pub jobs: u32,
    /// Stop before more than this is spent, in US dollars
    #[arg(long, value_name = "USD", value_parser = dollars)]
    pub max_cost: Option<Usd>,
    /// Say what it would take and cost, and send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Form of the result
    #[arg(long, value_enum, default_value_t = EmbedFormat::Table, value_name = "FORMAT")]
    pub format: EmbedFormat,
    /// As --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// Write the result into this file
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// A tag for the usage: the project this is for
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
}

impl EmbedArgs {
    /// The form of the result; `None` is for reading.
    pub fn format(&self) -> Option<Format> {
        match self.format {
            _ if self.json => Some(Format::Json),
            EmbedFormat::Table => None,
            EmbedFormat::Csv => Some(Format::Csv),
            EmbedFormat::Json => Some(Format::Json),
            EmbedFormat::Npy => Some(Format::Npy),
        }
    }
}

/// The forms a person can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum EmbedFormat {
    /// For reading
    Table,
    /// Comma-separated values
    Csv,
    /// One JSON value
    Json,
    /// `NumPy`'s .npy, single precision
    Npy,
}

/// The purposes a person can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum PurposeArg {
    /// To be found
    Document,
    /// To find with
    Query,
    /// To be sorted into classes
    Classification,
    /// To be grouped
    Clustering,
}

impl From<PurposeArg> for Purpose {
    fn from(purpose: PurposeArg) -> Self {
        match purpose {
            PurposeArg::Document => Self::Document,
            PurposeArg::Query => Self::Query,
            PurposeArg::Classification => Self::Classification,
            PurposeArg::Clustering => Self::Clustering,
        }
    }
}
