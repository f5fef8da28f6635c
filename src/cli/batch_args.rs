//! What can be typed after `alt-text batch`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::args::{AltTextFormat, InstructionArgs, dollars};
use crate::bedrock::S3Place;
use crate::pricing::Usd;

/// What follows `alt-text`.
#[derive(Clone, Debug, Subcommand)]
pub enum AltTextCommand {
    /// Ask for at least 100 images in a batch job: answers within a day, cheaper where offered
    Batch(BatchArgs),
}

/// `alt-text batch`
#[derive(Clone, Debug, Args)]
pub struct BatchArgs {
    /// What to do
    #[command(subcommand)]
    pub command: BatchCommand,
}

/// What can be done with batch jobs.
#[derive(Clone, Debug, Subcommand)]
pub enum BatchCommand {
    /// Write the images as records, upload them, and submit the job
    Submit(Box<BatchSubmitArgs>),
    /// Say how far batch jobs are
    Status(BatchStatusArgs),
    /// Read the answers of a job that is over
    Import(BatchImportArgs),
    /// Stop a job
    Stop(BatchStopArgs),
}

/// `alt-text batch submit`
#[derive(Clone, Debug, Args)]
pub struct BatchSubmitArgs {
    /// Image files, and folders of them
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Bucket and folder for records and answers, for instance `s3://my-bucket/alt-text`
    #[arg(long, value_name = "URI")]
    pub bucket: S3Place,
    /// ARN of the role that Bedrock takes to read and write there
    #[arg(long, value_name = "ARN")]
    pub role: String,
    /// A model that takes images and batch jobs
    #[arg(long, default_value = "amazon.nova-lite-v1:0", value_name = "ID")]
    pub model: String,
    /// What is asked for each image
    #[command(flatten)]
    pub asked: InstructionArgs,
    /// Submit nothing that could cost more, in US dollars
    #[arg(long, value_name = "USD", value_parser = dollars)]
    pub max_cost: Option<Usd>,
}

/// `alt-text batch status`
#[derive(Clone, Debug, Args)]
pub struct BatchStatusArgs {
    /// The job, as submit named it; all of them when left out
    pub job: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// `alt-text batch import`
#[derive(Clone, Debug, Args)]
pub struct BatchImportArgs {
    /// The job, as submit named it
    pub job: String,
    /// Form of the results
    #[arg(long, value_enum, default_value_t = AltTextFormat::Jsonl, value_name = "FORMAT")]
    pub format: AltTextFormat,
    /// Write the results into this file
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Remove records and answers from S3 afterwards
    #[arg(long)]
    pub clean_up: bool,
}

/// `alt-text batch stop`
#[derive(Clone, Debug, Args)]
pub struct BatchStopArgs {
    /// The job, as submit named it
    pub job: String,
}
