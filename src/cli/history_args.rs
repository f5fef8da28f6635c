//! What can be typed after `history`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::store::HistoryOrder;

/// `history`
#[derive(Clone, Debug, Args)]
pub struct HistoryArgs {
    /// What to do instead of listing all
    #[command(subcommand)]
    pub command: Option<HistoryCommand>,
    /// Most entries
    #[arg(long, global = true, default_value_t = 50, value_name = "N")]
    pub limit: usize,
    /// What comes first, after what is pinned
    #[arg(long, global = true, value_enum, default_value_t = HistorySort::Newest, value_name = "ORDER")]
    pub sort: HistorySort,
    /// Archived entries too
    #[arg(long, global = true)]
    pub all: bool,
    /// One JSON object
    #[arg(long, global = true)]
    pub json: bool,
}

/// The orders a person can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum HistorySort {
    /// Where something was said last
    Newest,
    /// Where nothing was said for longest
    Oldest,
    /// By titles
    Title,
    /// What cost most
    Cost,
    /// What took most tokens
    Tokens,
}

impl From<HistorySort> for HistoryOrder {
    fn from(sort: HistorySort) -> Self {
        match sort {
            HistorySort::Newest => Self::Newest,
            HistorySort::Oldest => Self::Oldest,
            HistorySort::Title => Self::Title,
            HistorySort::Cost => Self::Cost,
            HistorySort::Tokens => Self::Tokens,
        }
    }
}

/// What can be done with the history.
#[derive(Clone, Debug, Subcommand)]
pub enum HistoryCommand {
    /// Find titles, prompts, answers and alt texts that have all of these words
    Search {
        /// The words; those between quotation marks together
        text: String,
    },
    /// Write all that is kept into one archive, to put away or to take to another computer
    Export(HistoryExportArgs),
    /// Take in such an archive, or a conversation exported by the Bedrock console or another program
    Import(HistoryImportArgs),
}

/// `history export`
#[derive(Clone, Debug, Args)]
pub struct HistoryExportArgs {
    /// The archive to write
    #[arg(value_name = "ARCHIVE")]
    pub archive: PathBuf,
    /// Replace a file that is there
    #[arg(long)]
    pub force: bool,
}

/// `history import`
#[derive(Clone, Debug, Args)]
pub struct HistoryImportArgs {
    /// An archive, or a file of JSON with a conversation
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Take over the archive's settings and prices in place of those here
    #[arg(long)]
    pub replace_settings: bool,
    /// The model of a conversation that does not name its own
    #[arg(long, value_name = "ID")]
    pub model: Option<String>,
}
