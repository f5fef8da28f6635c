//! One job over many pictures: opened on blocking threads, a few at a time; asked for in parallel, as
//! fast as the service lets it; never past its cost cap.

mod ask;
mod driver;
mod outbox;

use std::path::PathBuf;

pub(super) use ask::{Prepared, prepare_bytes, request};

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::documents::Origin;
use super::paid::Paid;
use super::prompt::{Alt, Instructions};
use crate::bedrock::Connection;
use crate::catalog::ModelId;
use crate::chat::{Failure, Metrics, Usage};
use crate::media::Limits;
use crate::pricing::{self, CostBreakdown, PixelSize, PriceQuery, Prices, Prompt, Unknown, Usd};

/// How many events may wait; past that the job waits for its reader.
const EVENTS_IN_FLIGHT: usize = 256;

/// A picture to be described.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The file.
    pub path: PathBuf,
    /// What is true of this picture.
    pub context: Option<String>,
    /// Where it stands in a document.
    pub origin: Option<Box<Origin>>,
    /// Why it is known beforehand that it cannot be used.
    pub problem: Option<Failure>,
}

/// In which order results come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// As the pictures were given.
    #[default]
    Given,
    /// As they are done.
    Done,
}

/// What holds for a whole job.
#[derive(Clone, Debug)]
pub struct JobOptions {
    /// The model.
    pub model_id: ModelId,
    /// What is asked for each picture.
    pub instructions: Instructions,
    /// Most requests at once.
    pub at_once: usize,
    /// What the job may cost. Requests under way count with the most they can cost.
    pub max_cost: Option<Usd>,
    /// Most tokens of one answer.
    pub max_tokens: u32,
    /// In which order results come.
    pub order: Order,
    /// Limits of the pictures.
    pub limits: Limits,
    /// Prices to reckon with.
    pub prices: Prices,
    /// Answers that were paid for before; none are kept when `None`.
    pub paid: Option<Paid>,
}

impl JobOptions {
    /// A job with the usual limits.
    #[must_use]
    pub fn new(model_id: ModelId) -> Self {
        Self {
            model_id,
            instructions: Instructions::default(),
            at_once: 4,
            max_cost: None,
            // A phrase takes some fifty; the rest is for models that think first.
            max_tokens: 1_000,
            order: Order::default(),
            limits: Limits::converse(),
            prices: Prices::default(),
            paid: None,
        }
    }

    /// The most one request can cost.
    fn upper_cost(&self, region: &str, text: &str, size: PixelSize) -> Result<Usd, Unknown> {
        let prompt = Prompt {
            texts: &[text],
            images: &[size],
            max_tokens: self.max_tokens,
            ..Prompt::default()
        };
        let query = PriceQuery::on_demand(&self.model_id, region);
        if self.prices.is_free(&query) {
            return Ok(Usd::ZERO);
        }
        pricing::estimate(&self.prices, &prompt, &query).map(|estimate| estimate.upper)
    }
}

/// Why a job does not begin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// What a request costs cannot be told, and a cap was set.
    #[error(
        "A cost cap cannot be kept with {model_id} in {region}: {reason}; choose another model or leave the cap out"
    )]
    CannotCap {
        /// The model.
        model_id: ModelId,
        /// The region.
        region: String,
        /// What is not known.
        reason: Unknown,
    },
}

/// What came of one picture.
#[derive(Clone, Debug)]
pub struct ImageResult {
    /// Its place among the pictures given.
    pub index: usize,
    /// The file.
    pub path: PathBuf,
    /// SHA-256 of its bytes, when they could be read as a picture.
    pub content_hash: Option<[u8; 32]>,
    /// The picture with the same bytes and context that was asked for instead.
    pub same_as: Option<usize>,
    /// Its alt text, or why there is none.
    pub outcome: Result<Described, Box<Failure>>,
}

impl ImageResult {
    /// Whether its text was paid for in an earlier job, and nothing was used this time.
    #[must_use]
    pub fn was_paid_before(&self) -> bool {
        let unused = |described: &Described| described.usage.is_none();
        self.same_as.is_none() && self.outcome.as_ref().is_ok_and(unused)
    }

    /// The file's name, without its folder.
    #[must_use]
    pub fn name(&self) -> String {
        self.path
            .file_name()
            .unwrap_or(self.path.as_os_str())
            .to_string_lossy()
            .into_owned()
    }
}

/// An alt text and what it took. For a picture that was there before, nothing was used.
#[derive(Clone, Debug)]
pub struct Described {
    /// The text.
    pub alt: Alt,
    /// The model that gave it.
    pub model_id: ModelId,
    /// Why the model stopped, in the service's words.
    pub stop_reason: Option<String>,
    /// Tokens.
    pub usage: Option<Usage>,
    /// Times.
    pub metrics: Metrics,
    /// The bill.
    pub cost: Option<CostBreakdown>,
    /// What support asks for.
    pub request_id: Option<String>,
    /// Whether the embedded endpoint answered.
    pub simulated: bool,
}

/// What a job reports.
#[derive(Clone, Debug)]
pub enum Event {
    /// A picture is done, or has failed.
    Finished(Box<ImageResult>),
    /// So many requests go at once from now on.
    AtOnce {
        /// How many.
        requests: usize,
        /// Whether throttling was the reason; else things went well.
        throttled: bool,
    },
    /// An answer could not be kept for later, and why; said once.
    NotKept(String),
    /// Nothing comes after this.
    Ended(Summary),
}

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Every picture was tried.
    Complete,
    /// The next request could have passed the cost cap.
    CapReached,
    /// Somebody stopped it.
    Stopped,
}

/// A job that is over.
#[derive(Clone, Debug)]
pub struct Summary {
    /// How it ended.
    pub ending: Ending,
    /// Pictures for which nothing came, by their place.
    pub left: Vec<usize>,
    /// What is known to have been spent, at list price; for simulated answers what AWS would ask.
    pub spent: Usd,
}

/// A job under way. Dropping it cancels what is on its way.
#[derive(Debug)]
pub struct RunningJob {
    events: mpsc::Receiver<Event>,
    stop: CancellationToken,
    cancel: CancellationToken,
}

impl RunningJob {
    /// The next event; `None` after [`Event::Ended`].
    pub async fn next(&mut self) -> Option<Event> {
        self.events.recv().await
    }

    /// Begins nothing more; what is on its way still comes, since it is paid for.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Gives up what is on its way too.
    pub fn cancel(&self) {
        self.cancel.cancel();
    }

    /// Lets another hand stop it.
    #[must_use]
    pub fn handle(&self) -> JobHandle {
        JobHandle {
            stop: self.stop.clone(),
            cancel: self.cancel.clone(),
        }
    }
}

/// Stops a job that somebody else listens to.
#[derive(Clone, Debug)]
pub struct JobHandle {
    stop: CancellationToken,
    cancel: CancellationToken,
}

impl JobHandle {
    /// See [`RunningJob::stop`].
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// See [`RunningJob::cancel`].
    pub fn cancel(&self) {
        self.cancel.cancel();
    }
}

impl Drop for RunningJob {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

/// Begins a job on the current tokio runtime.
///
/// # Errors
/// [`StartError::CannotCap`] when there is a cost cap and the price of a request is not known.
pub fn start(
    connection: &Connection,
    sources: Vec<Source>,
    options: JobOptions,
) -> Result<RunningJob, StartError> {
    if options.max_cost.is_some() {
        let smallest = PixelSize {
            width: 1,
            height: 1,
        };
        options
            .upper_cost(connection.region(), "", smallest)
            .map_err(|reason| StartError::CannotCap {
                model_id: options.model_id.clone(),
                region: connection.region().to_owned(),
                reason,
            })?;
    }
    let (sender, events) = mpsc::channel(EVENTS_IN_FLIGHT);
    let (stop, cancel) = (CancellationToken::new(), CancellationToken::new());
    let driver = driver::Driver::new(connection.clone(), sources, options, sender);
    tokio::spawn(driver.run(stop.clone(), cancel.clone()));
    Ok(RunningJob {
        events,
        stop,
        cancel,
    })
}
