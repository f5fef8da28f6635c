//! What can be typed after `video`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `video`
#[derive(Clone, Debug, Args)]
pub struct VideoArgs {
    /// What to do
    #[command(subcommand)]
    pub command: VideoCommand,
}

/// What can be done with videos.
#[derive(Clone, Debug, Subcommand)]
pub enum VideoCommand {
    /// Have a video made; it is put into S3
    Start(VideoStartArgs),
    /// List the account's videos, the newest first
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Say how a video goes
    Show {
        /// Its ARN
        arn: String,
        /// A JSON object
        #[arg(long)]
        json: bool,
    },
}

/// `video start`
#[derive(Clone, Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct VideoStartArgs {
    /// What the video shall show
    pub prompt: String,
    /// Model, inference profile or ARN
    #[arg(long, value_name = "ID", default_value = "luma.ray-v2:0")]
    pub model: String,
    /// The folder in S3 that it is put into, such as `s3://my-bucket/videos`
    #[arg(long, value_name = "URI")]
    pub output: String,
    /// How long; the shortest that the model makes when it is not said
    #[arg(long, value_name = "SECONDS")]
    pub duration: Option<u32>,
    /// Aspect ratio, such as 9:16
    #[arg(long, value_name = "RATIO")]
    pub aspect_ratio: Option<String>,
    /// Lines: 720p or 540p
    #[arg(long, value_name = "LINES")]
    pub resolution: Option<String>,
    /// Let the end run into the beginning
    #[arg(long = "loop")]
    pub loops: bool,
    /// The seed
    #[arg(long, value_name = "N")]
    pub seed: Option<u32>,
    /// An image to begin with
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// Wait until it is there
    #[arg(long)]
    pub wait: bool,
    /// Say what it costs, and send nothing
    #[arg(long)]
    pub estimate: bool,
    /// A JSON object
    #[arg(long)]
    pub json: bool,
    /// Tag of the call in the ledger
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
}
