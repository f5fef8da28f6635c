//! What can be typed.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use rust_decimal::Decimal;

pub use super::batch_args::AltTextCommand;
pub use super::embed_args::EmbedArgs;
pub use super::guardrail_args::{
    GuardrailsArgs, GuardrailsCommand, GuardrailsListArgs, GuardrailsShowArgs, GuardrailsTestArgs,
};
pub use super::history_args::{HistoryArgs, HistoryCommand, HistoryExportArgs, HistoryImportArgs};
pub use super::image_args::ImageArgs;
pub use super::instruction_args::InstructionArgs;
pub use super::money_args::{
    PriceArgs, PricesArgs, PricesCommand, PricesListArgs, PricesRefreshArgs, PricesSetArgs,
    UsageArgs,
};
pub use super::prompt_args::{
    PromptsArgs, PromptsCommand, PromptsExportArgs, PromptsImportArgs, PromptsListArgs,
    PromptsRunArgs, PromptsShowArgs,
};
pub use super::video_args::VideoArgs;

use crate::alt_text::{Format, MetadataPlace};
use crate::bedrock::ConnectionOptions;
use crate::emulator::{FaultKind, FaultReach, Faults, Pace, Upstream};
use crate::pricing::Usd;
use crate::tasks::{Demo, SessionOptions};

/// A desktop playground for Amazon Bedrock. Without a command it opens the window.
#[derive(Debug, Parser)]
#[command(name = "bedrock-playground", version, about, max_term_width = 100)]
pub struct Arguments {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// Open another window instead of handing files to the one that is there
    #[arg(long)]
    pub new_window: bool,
    /// Files to open in the window
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// What to do instead of opening the window.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What holds for every command.
#[derive(Clone, Debug, Default, Args)]
pub struct Global {
    /// Use the embedded endpoint: simulated answers, nothing is charged
    #[arg(long, global = true)]
    pub demo: bool,
    /// AWS Region, for instance eu-central-1
    #[arg(long, global = true, value_name = "REGION")]
    pub region: Option<String>,
    /// Profile of ~/.aws/config
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// Reach Bedrock at this address instead of its own
    #[arg(long, global = true, value_name = "URL")]
    pub endpoint_url: Option<String>,
    /// Let a local server answer instead of AWS: Ollama, llama.cpp, LM Studio or another that speaks
    /// chat completions, for instance `http://127.0.0.1:11434`; nothing is charged
    #[arg(long, global = true, value_name = "URL", conflicts_with_all = ["demo", "profile", "endpoint_url"])]
    pub upstream: Option<Upstream>,
    /// Take an --upstream on another computer; what is asked leaves this one in clear text
    #[arg(long, global = true)]
    pub allow_remote_upstream: bool,
    /// Folder for everything this program keeps
    #[arg(long, global = true, value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,
    /// Pace of the embedded endpoint: 1 as a quick model, 2 twice as fast, 0 at once
    #[arg(long, global = true, value_name = "FACTOR", default_value_t = 1.0)]
    pub speed: f64,
}

impl Global {
    /// The session a command opens: simulated only when asked for.
    #[must_use]
    pub fn session_options(&self) -> SessionOptions {
        SessionOptions {
            demo: if self.demo { Demo::Always } else { Demo::Never },
            connection: ConnectionOptions {
                region: self.region.clone(),
                profile: self.profile.clone(),
                endpoint_url: self.endpoint_url.clone(),
                ..ConnectionOptions::default()
            },
            pace: Pace::from_factor(self.speed),
            upstream: self.upstream(),
        }
    }

    /// Whether a connection was asked for, which a window that is there may not have.
    #[must_use]
    pub fn names_connection(&self) -> bool {
        let Self {
            region,
            profile,
            endpoint_url,
            ..
        } = self;
        self.demo
            || self.upstream.is_some()
            || [region, profile, endpoint_url]
                .iter()
                .any(|it| it.is_some())
    }

    /// The local server that shall answer, if one shall.
    #[must_use]
    pub fn upstream(&self) -> Option<Upstream> {
        let upstream = self.upstream.clone()?;
        Some(upstream.allowing_remote(self.allow_remote_upstream))
    }

    /// The session the window opens: simulated when there are no credentials.
    #[must_use]
    pub fn window_session_options(&self) -> SessionOptions {
        SessionOptions {
            demo: if self.demo {
                Demo::Always
            } else {
                Demo::WithoutCredentials
            },
            ..self.session_options()
        }
    }
}

/// What can be done without a window.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// List foundation models
    Models(ModelsArgs),
    /// Ask a model, and stream its answer
    Ask(AskArgs),
    /// Write alt text for images
    AltText(AltTextArgs),
    /// Make or change images
    Image(Box<ImageArgs>),
    /// Have videos made, and follow them
    Video(VideoArgs),
    /// Ask several models the same, and set their answers side by side
    Compare(CompareArgs),
    /// Embed texts and images, and say how similar they are
    Embed(EmbedArgs),
    /// List guardrails, and let one look at a text
    Guardrails(GuardrailsArgs),
    /// The prompt library: list, show, run over a table, import, export
    Prompts(PromptsArgs),
    /// Work out what a call costs
    Price(PriceArgs),
    /// Look at prices, enter your own, fetch those AWS publishes
    Prices(PricesArgs),
    /// Show what calls took and cost
    Usage(UsageArgs),
    /// List what is kept, or search in it
    History(HistoryArgs),
    /// Say what a bug report needs, and what stands in the way
    Doctor(DoctorArgs),
    /// Run the embedded Bedrock endpoint by itself
    Emulate(EmulateArgs),
    /// Print the script that completes these commands in a shell
    Completions(CompletionsArgs),
    /// Print a manual page, for `man -l -`
    Man(ManArgs),
}

/// `completions`
#[derive(Clone, Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// `man`
#[derive(Clone, Debug, Args)]
pub struct ManArgs {
    /// The page of this command instead of the program's
    pub command: Option<String>,
}

/// `models`
#[derive(Clone, Debug, Args)]
pub struct ModelsArgs {
    /// Only models with all of these words in name, id or provider
    #[arg(long, value_name = "WORDS")]
    pub search: Option<String>,
    /// Only models that take this: text, image, video, audio or speech
    #[arg(long, value_name = "MODALITY")]
    pub takes: Option<String>,
    /// Only models that give this: text, image, video or embedding
    #[arg(long, value_name = "MODALITY")]
    pub gives: Option<String>,
    /// Leave legacy models out
    #[arg(long)]
    pub active: bool,
    /// Say whether the account may use this model, and what to do when it may not
    #[arg(long, value_name = "ID")]
    pub access: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// `ask`
#[derive(Clone, Debug, Args)]
pub struct AskArgs {
    /// Model id, inference profile id or ARN
    pub model: String,
    /// What to ask
    pub prompt: String,
    /// An image to send along; may be given several times
    #[arg(long, value_name = "FILE")]
    pub image: Vec<PathBuf>,
    /// System prompt
    #[arg(long, value_name = "TEXT")]
    pub system: Option<String>,
    /// Most tokens of the answer
    #[arg(long, value_name = "N")]
    pub max_tokens: Option<u32>,
    /// Randomness
    #[arg(long, value_name = "X")]
    pub temperature: Option<f32>,
    /// Wait for the whole answer (Converse instead of ConverseStream)
    #[arg(long)]
    pub no_stream: bool,
    /// A tag for the usage: the project this is for
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

/// `alt-text`
#[derive(Clone, Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch a person may give"
)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct AltTextArgs {
    /// A batch job instead
    #[command(subcommand)]
    pub command: Option<AltTextCommand>,
    /// Image files, folders of them, documents with images in them (HTML, Markdown, .docx, .pptx,
    /// .odt, .odp, EPUB, PDF), addresses of web pages
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Of documents and pages, which images
    #[arg(long, value_enum, default_value_t = ImagesOfDocuments::MissingOrPoor, value_name = "WHICH")]
    pub which: ImagesOfDocuments,
    /// A model that takes images
    #[arg(long, default_value = "amazon.nova-lite-v1:0", value_name = "ID")]
    pub model: String,
    /// What is asked for each image
    #[command(flatten)]
    pub asked: InstructionArgs,
    /// Write long descriptions instead, for charts, maps and scenes that a phrase cannot describe;
    /// in metadata they stand beside the alt text, as its extended description
    #[arg(long)]
    pub long_descriptions: bool,
    /// Most requests at once; fewer while the service throttles
    #[arg(long, default_value_t = 4, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=64))]
    pub jobs: u32,
    /// Stop before more than this is spent, in US dollars
    #[arg(long, value_name = "USD", value_parser = dollars)]
    pub max_cost: Option<Usd>,
    /// Form of the results
    #[arg(long, value_enum, default_value_t = AltTextFormat::Table, value_name = "FORMAT")]
    pub format: AltTextFormat,
    /// One JSON object a line, as --format jsonl
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// Results as they are done instead of in the order given
    #[arg(long)]
    pub as_done: bool,
    /// Write the results into this file
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Ask for nothing that was paid for before: the same image, model, prompt and settings
    #[arg(long)]
    pub resume: bool,
    /// Leave out what already has a text in this JSON Lines file of an earlier run
    #[arg(long, value_name = "FILE")]
    pub skip: Option<PathBuf>,
    /// Write each text into the image's metadata (JPEG, PNG, WebP) or beside it; into documents as
    /// alt text of their images, in a copy or in place
    #[arg(long, value_enum, value_name = "WHERE")]
    pub write_metadata: Option<WhereToWrite>,
    /// Write simulated texts into metadata too
    #[arg(long, requires = "write_metadata")]
    pub simulated_too: bool,
    /// A tag for the usage: the project this is for
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
}

/// The forms a person can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum AltTextFormat {
    /// For reading
    Table,
    /// Comma-separated values
    Csv,
    /// One JSON array
    Json,
    /// One JSON object a line, each as soon as it is there
    Jsonl,
    /// `<img alt>`
    Html,
    /// Markdown images
    Markdown,
}

impl From<AltTextFormat> for Format {
    fn from(format: AltTextFormat) -> Self {
        match format {
            AltTextFormat::Table => Self::Table,
            AltTextFormat::Csv => Self::Csv,
            AltTextFormat::Json => Self::Json,
            AltTextFormat::Jsonl => Self::JsonLines,
            AltTextFormat::Html => Self::Html,
            AltTextFormat::Markdown => Self::Markdown,
        }
    }
}

/// Images of documents, by what these say of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ImagesOfDocuments {
    /// Those without alt text
    Missing,
    /// Those without alt text, or with one that has something wrong with it
    MissingOrPoor,
    /// All of them
    All,
}

/// Where alt text is kept with an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum WhereToWrite {
    /// In a copy: photo-alt.jpg beside photo.jpg
    Copy,
    /// In the file itself
    InPlace,
    /// In photo.jpg.xmp beside photo.jpg
    Sidecar,
}

impl From<WhereToWrite> for MetadataPlace {
    fn from(place: WhereToWrite) -> Self {
        match place {
            WhereToWrite::Copy => Self::Copy,
            WhereToWrite::InPlace => Self::InPlace,
            WhereToWrite::Sidecar => Self::Sidecar,
        }
    }
}

/// `doctor`
#[derive(Clone, Debug, Args)]
pub struct DoctorArgs {
    /// One JSON array
    #[arg(long)]
    pub json: bool,
}

/// `compare`
#[derive(Clone, Debug, Args)]
pub struct CompareArgs {
    /// What to ask; with --prompts, of rows that have no prompt of their own
    #[arg(required_unless_present = "prompts")]
    pub prompt: Option<String>,
    /// Model id, inference profile id or ARN; two to eight of them, the same one more than once if wanted
    #[arg(long, required = true, value_name = "ID")]
    pub model: Vec<String>,
    /// An image to send along; may be given several times
    #[arg(long, value_name = "FILE")]
    pub image: Vec<PathBuf>,
    /// A document to send along; may be given several times
    #[arg(long, value_name = "FILE")]
    pub document: Vec<PathBuf>,
    /// System prompt
    #[arg(long, value_name = "TEXT")]
    pub system: Option<String>,
    /// Most tokens of each answer
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_tokens: Option<u32>,
    /// Randomness
    #[arg(long, value_name = "X")]
    pub temperature: Option<f32>,
    /// Ask each model so many times
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    pub repeat: u32,
    /// Many prompts: CSV or JSON Lines with the columns prompt, image, document, and any others for
    /// the {{places}} of the prompt
    #[arg(long, value_name = "FILE")]
    pub prompts: Option<PathBuf>,
    /// Requests at once for each model; more than one makes latencies less comparable
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=16))]
    pub jobs: u32,
    /// A model that scores every answer from 1 to 10
    #[arg(long, value_name = "ID")]
    pub judge: Option<String>,
    /// What the judge goes by
    #[arg(long, value_name = "FILE", requires = "judge")]
    pub rubric: Option<PathBuf>,
    /// Form of the result
    #[arg(long, value_enum, default_value_t = CompareFormat::Table, value_name = "FORMAT")]
    pub format: CompareFormat,
    /// One JSON object, as --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// Write the result into this file
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Ask for nothing that was paid for before: the same prompt, files, model, settings and Region;
    /// the judge likewise
    #[arg(long)]
    pub resume: bool,
}

/// The forms a comparison has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum CompareFormat {
    /// Answers, and a table of figures below them
    Table,
    /// Comma-separated values, a line an answer
    Csv,
    /// One JSON object with figures and answers
    Json,
    /// One JSON object an answer, each as soon as it is there, and judged
    Jsonl,
    /// A document
    Markdown,
    /// A page that needs nothing else
    Html,
}

pub(super) fn dollars(text: &str) -> Result<Usd, String> {
    match text.parse::<Decimal>() {
        Ok(amount) if !amount.is_sign_negative() => Ok(Usd::new(amount)),
        _ => Err("an amount of dollars such as 0.25 is expected".to_owned()),
    }
}

/// `emulate`
#[derive(Clone, Debug, Args)]
pub struct EmulateArgs {
    /// Port on 127.0.0.1; 0 lets the system choose
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub port: u16,
    /// What shall go wrong
    #[command(flatten)]
    pub faults: FaultArgs,
}

/// Faults on request.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Faults on request")]
pub struct FaultArgs {
    /// What they meet
    #[arg(long, value_enum, default_value_t = FaultReachArg::Invocations, value_name = "OPERATIONS")]
    pub fault_reach: FaultReachArg,
    /// Meet invocations of this model alone
    #[arg(long, value_name = "ID")]
    pub fault_model: Option<String>,
    /// Wait so many milliseconds before every answer
    #[arg(long, default_value_t = 0, value_name = "MS")]
    pub latency: u64,
    /// Answer at this pace
    #[arg(long, value_name = "N")]
    pub tokens_per_second: Option<f64>,
    /// Refuse this share of them as throttled, from 0 to 1
    #[arg(long, default_value_t = 0.0, value_name = "SHARE")]
    pub throttle: f64,
    /// Refuse the n-th of them, with the error of --fail-with
    #[arg(long, value_name = "N")]
    pub fail_nth: Option<u64>,
    /// The error of --fail-nth
    #[arg(long, value_enum, default_value_t = FaultArg::Throttling, value_name = "ERROR")]
    pub fail_with: FaultArg,
    /// End streams early, after so many events
    #[arg(long, value_name = "N")]
    pub cut_after: Option<usize>,
    /// Break the connection of streams after so many events
    #[arg(long, value_name = "N")]
    pub break_after: Option<usize>,
    /// Damage this event of streams
    #[arg(long, value_name = "N")]
    pub corrupt: Option<usize>,
    /// Fall silent in streams after so many events
    #[arg(long, value_name = "N")]
    pub stall_after: Option<usize>,
}

impl FaultArgs {
    /// As the endpoint takes them.
    #[must_use]
    pub fn faults(&self) -> Faults {
        Faults {
            reach: self.fault_reach.into(),
            only_model: self.fault_model.clone(),
            latency: Duration::from_millis(self.latency),
            tokens_per_second: self.tokens_per_second,
            throttling_share: self.throttle,
            fail_nth: self.fail_nth.map(|nth| (nth, self.fail_with.into())),
            cut_after_events: self.cut_after,
            break_after_events: self.break_after,
            corrupt_event: self.corrupt,
            stall_after_events: self.stall_after,
        }
    }
}

/// Which operations faults meet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum FaultReachArg {
    /// Invocations of models
    #[default]
    Invocations,
    /// Lists of models, profiles, guardrails and jobs
    Lists,
    /// Both
    Everything,
}

impl From<FaultReachArg> for FaultReach {
    fn from(reach: FaultReachArg) -> Self {
        match reach {
            FaultReachArg::Invocations => Self::Invocations,
            FaultReachArg::Lists => Self::Lists,
            FaultReachArg::Everything => Self::Everything,
        }
    }
}

/// The errors a person can name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum FaultArg {
    /// `ThrottlingException`, 429
    #[default]
    Throttling,
    /// `AccessDeniedException`, 403
    AccessDenied,
    /// `InternalServerException`, 500
    Internal,
    /// `ServiceUnavailableException`, 503
    Unavailable,
    /// `ModelTimeoutException`, 408
    ModelTimeout,
    /// `ModelErrorException`, 424
    ModelError,
}

impl From<FaultArg> for FaultKind {
    fn from(error: FaultArg) -> Self {
        match error {
            FaultArg::Throttling => Self::Throttling,
            FaultArg::AccessDenied => Self::AccessDenied,
            FaultArg::Internal => Self::InternalServer,
            FaultArg::Unavailable => Self::ServiceUnavailable,
            FaultArg::ModelTimeout => Self::ModelTimeout,
            FaultArg::ModelError => Self::ModelError,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn only_the_window_falls_back_to_the_demo() {
        let global = Global::default();
        assert_eq!(global.session_options().demo, Demo::Never);
        assert_eq!(
            global.window_session_options().demo,
            Demo::WithoutCredentials
        );
    }
}
