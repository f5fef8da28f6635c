//! The job that is open: its list, its settings, the requests under way, and what of it is not on the
//! disk yet.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use crate::alt_text::{
    Addition, DocumentPlace, Ending, Event, ImageResult, Item, JobOptions, JobSettings, Origin,
    Paid, Source, Summary, Worklist, WrittenDocument,
};
use crate::catalog::ModelId;
use crate::pricing::{CostBreakdown, Prices, Tier, Usd};
use crate::store::{
    BilledLine, ConversationId, ConversationTotals, Part, PartsDraft, Screen, SpendRow,
    StoredParts, UnixMs,
};
use crate::tasks::{RunningAltText, Session, Tasks};

/// A phrase takes fewer tokens than this; for estimates.
pub const USUAL_TOKENS: u32 = 60;

/// Requests under way.
struct Run {
    job: RunningAltText,
    /// The place in the list of each picture of the run.
    places: Vec<usize>,
    region: String,
    connection: String,
    stopping: bool,
    began: f64,
    finished: usize,
    long_descriptions: bool,
}

/// What shall be asked.
pub struct Asked {
    /// About which pictures.
    pub places: Vec<usize>,
    /// Another model than the job's.
    pub model: Option<ModelId>,
    /// Where answers are kept, and whether those of earlier jobs will do.
    pub paid: Option<Paid>,
    /// What a budget still lets be spent; `None` when none stops anything.
    pub budget_left: Option<Usd>,
    /// Whether long descriptions are wanted, not alt texts.
    pub long_descriptions: bool,
}

/// How a job goes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    /// Pictures that the runs under way are about.
    pub total: usize,
    /// Those of them that are done or have failed.
    pub finished: usize,
    /// Whether nothing more is begun.
    pub stopping: bool,
    /// Seconds until the end, when that can be told.
    pub seconds_left: Option<f64>,
}

/// The open job.
pub struct OpenJob {
    id: ConversationId,
    /// The list.
    pub list: Worklist,
    /// What holds for it.
    pub settings: JobSettings,
    /// Why it did not begin.
    pub problem: Option<String>,
    /// How it ended last.
    pub ended: Option<Ending>,
    runs: Vec<Run>,
    /// How many go at once, when the service asked for fewer.
    pub throttled_to: Option<usize>,
    spend: Vec<SpendRow>,
    saved_settings: JobSettings,
    now: f64,
}

impl Default for OpenJob {
    fn default() -> Self {
        let settings = JobSettings::default();
        let mut list = Worklist::default();
        list.set_max_length(settings.instructions.max_length);
        Self {
            id: ConversationId::new(),
            list,
            saved_settings: settings.clone(),
            settings,
            problem: None,
            ended: None,
            runs: Vec::new(),
            throttled_to: None,
            spend: Vec::new(),
            now: 0.0,
        }
    }
}

/// What is to be kept of a job.
#[derive(Clone)]
pub struct JobToSave {
    id: ConversationId,
    settings: JobSettings,
    region: String,
    connection: String,
    title: String,
    count: usize,
    totals: ConversationTotals,
    items: Vec<Arc<Item>>,
    places: BTreeSet<usize>,
}

impl JobToSave {
    /// Which job.
    pub fn id(&self) -> ConversationId {
        self.id
    }

    /// The same as another job, all of it.
    #[must_use]
    pub fn into_copy(self) -> Self {
        Self {
            id: ConversationId::new(),
            places: (0..self.items.len()).collect(),
            ..self
        }
    }

    /// In the store's form. Takes time: for a worker thread.
    ///
    /// # Errors
    /// When something has no form in JSON, which nothing of it has.
    pub fn to_parts(&self) -> Result<(PartsDraft, Vec<Part>), serde_json::Error> {
        let draft = PartsDraft {
            id: self.id,
            title: self.title.clone(),
            screen: Screen::alt_text(),
            model: self.settings.model_id.clone(),
            region: self.region.clone(),
            connection: self.connection.clone(),
            settings: serde_json::to_string(&self.settings)?,
            count: self.count,
            totals: self.totals,
        };
        let mut parts = Vec::new();
        for place in &self.places {
            let Some(item) = self.items.get(*place) else {
                continue;
            };
            let text = if item.review.removed {
                String::new()
            } else {
                format!("{}\n{}", item.name(), item.text())
            };
            parts.push(Part {
                place: *place,
                record: serde_json::to_string(item.as_ref())?,
                text,
                files: Vec::new(),
            });
        }
        Ok((draft, parts))
    }
}

impl OpenJob {
    /// A job as it was kept.
    ///
    /// # Errors
    /// When the kept form is not this version's.
    pub fn of_stored(stored: StoredParts) -> Result<Self, serde_json::Error> {
        let settings: JobSettings = serde_json::from_str(&stored.settings)?;
        let mut items = Vec::new();
        for part in stored.parts {
            items.push(serde_json::from_str(&part.record)?);
        }
        Ok(Self {
            id: stored.id,
            list: Worklist::from_items(items, settings.instructions.max_length),
            saved_settings: settings.clone(),
            settings,
            ..Self::default()
        })
    }

    /// Which job.
    pub fn id(&self) -> ConversationId {
        self.id
    }

    /// Goes on as another one.
    pub fn now_a_copy(&mut self, id: ConversationId) {
        self.id = id;
        self.list.forget_saved();
    }

    /// What changes when anything does that is drawn.
    pub fn changed_at(&self) -> u64 {
        self.list.revision()
    }

    /// Adds pictures that are not in the list; says how many were. The same file in two documents is two pictures.
    pub fn add(&mut self, pictures: Vec<Addition>) -> usize {
        let document = |origin: &Origin| origin.document.clone();
        let there: HashMap<(PathBuf, Option<DocumentPlace>), usize> = self
            .list
            .shown()
            .map(|(place, item)| {
                let document = item.origin.as_deref().map(document);
                ((item.path.clone(), document), place)
            })
            .collect();
        let mut again = 0;
        let new: Vec<Addition> = pictures
            .into_iter()
            .filter(|picture| {
                let document = picture.origin.as_ref().map(document);
                let place = there.get(&(picture.path.clone(), document));
                if let (Some(place), Some(origin)) = (place, &picture.origin) {
                    // The document may have been edited since.
                    self.list.set_origin(*place, origin.clone());
                }
                again += usize::from(place.is_some());
                place.is_none()
            })
            .collect();
        self.list.add(new);
        self.ended = None;
        again
    }

    /// A document was written into.
    pub fn document_says(&mut self, written: &WrittenDocument) {
        let document = DocumentPlace::File(written.file.clone());
        self.list.document_says(&document, &written.texts);
    }

    /// Asks this model from now on.
    pub fn use_model(&mut self, id: ModelId) {
        self.settings.model_id = Some(id);
    }

    /// Pictures that wait for a text.
    pub fn waiting(&self) -> Vec<usize> {
        self.places(Item::is_waiting)
    }

    /// Pictures for which no text came.
    pub fn failed(&self) -> Vec<usize> {
        self.places(Item::has_failed)
    }

    /// Pictures that nothing is said of and nothing is coming for, by place.
    pub fn without_text(&self) -> Vec<(usize, Arc<Item>)> {
        self.list
            .shown()
            .filter(|(_, item)| item.is_without_text() && !item.is_under_way())
            .filter_map(|(place, _)| Some((place, Arc::clone(self.list.items().get(place)?))))
            .collect()
    }

    fn places(&self, wanted: impl Fn(&Item) -> bool) -> Vec<usize> {
        self.list
            .shown()
            .filter(|(_, item)| wanted(item))
            .map(|(place, _)| place)
            .collect()
    }

    /// Whether anything can be published.
    pub fn has_texts(&self) -> bool {
        self.list.shown().any(|(_, item)| item.review.alt.is_some())
    }

    /// Whether requests are under way.
    pub fn is_running(&self) -> bool {
        !self.runs.is_empty()
    }

    /// Asks about these pictures, with the job's model or another.
    pub fn start(&mut self, tasks: &Tasks, session: &Session, prices: &Prices, asked: Asked) {
        let Asked {
            places,
            model,
            paid,
            budget_left,
            long_descriptions,
        } = asked;
        let Some(model) = model.or_else(|| self.settings.model_id.clone()) else {
            self.problem = Some("Choose a model that takes images".to_owned());
            return;
        };
        let sources = self.sources(&places).map(|(_, source)| source).collect();
        if places.is_empty() {
            return;
        }
        let taken = self.list.taken();
        let spent = taken.charged + taken.simulated;
        let mut options = JobOptions {
            paid,
            ..self.settings.options(model, prices.clone(), spent)
        };
        if long_descriptions {
            options.instructions = options.instructions.for_long_descriptions();
        }
        // The job ends where its own cap does, or the budget.
        options.max_cost = options.max_cost.into_iter().chain(budget_left).min();
        match tasks.write_alt_text(session, sources, options) {
            Ok(job) => {
                for place in &places {
                    self.list.begin(*place);
                }
                self.problem = None;
                self.ended = None;
                self.throttled_to = None;
                self.runs.push(Run {
                    job,
                    places,
                    region: session.connection().region().to_owned(),
                    connection: session.label(),
                    stopping: false,
                    began: self.now,
                    finished: 0,
                    long_descriptions,
                });
            }
            Err(error) => self.problem = Some(error.to_string()),
        }
    }

    fn sources(&self, places: &[usize]) -> impl Iterator<Item = (usize, Source)> {
        places
            .iter()
            .filter_map(|place| Some((*place, self.source(self.list.item(*place)?))))
    }

    /// What is to be submitted as batch jobs: the pictures that wait, and what holds for them. `None`
    /// without a model.
    pub fn to_submit(&self, prices: &Prices) -> Option<(Vec<(usize, Source)>, JobOptions)> {
        let model = self.settings.model_id.clone()?;
        let taken = self.list.taken();
        let spent = taken.charged + taken.simulated;
        let options = self.settings.options(model, prices.clone(), spent);
        Some((self.sources(&self.waiting()).collect(), options))
    }

    /// A batch job is to be paid for.
    pub fn book_batch(&mut self, row: SpendRow) {
        self.spend.push(row);
    }

    fn source(&self, item: &Item) -> Source {
        let name = self
            .settings
            .file_name_as_context
            .then(|| format!("its file is called {}", item.name()));
        let context = match (item.context.clone(), name) {
            (Some(context), Some(name)) => Some(format!("{context}; {name}")),
            (context, name) => context.or(name),
        };
        Source {
            path: item.path.clone(),
            context,
            origin: item.origin.clone(),
            problem: None,
        }
    }

    /// Begins nothing more; what is on its way still comes.
    pub fn pause(&mut self) {
        for run in &mut self.runs {
            run.job.stop();
            run.stopping = true;
        }
    }

    /// Gives up what is on its way too.
    pub fn cancel(&mut self) {
        for run in std::mem::take(&mut self.runs) {
            self.list.give_back(run.places.iter().copied());
        }
        self.ended = Some(Ending::Stopped);
    }

    /// Approves pictures that have a text.
    pub fn approve(&mut self, places: &[usize]) {
        let with_text = |place: &usize| {
            let item = self.list.item(*place);
            item.is_some_and(|item| !item.is_without_text())
        };
        let places: Vec<usize> = places.iter().copied().filter(with_text).collect();
        self.list.end_step();
        self.list.review(&places, |review| review.approved = true);
        self.list.end_step();
    }

    /// Takes the last decision back; gives the picture.
    pub fn undo(&mut self) -> Option<usize> {
        self.list.undo()
    }

    /// Does it again.
    pub fn redo(&mut self) -> Option<usize> {
        self.list.redo()
    }

    /// How the requests under way go.
    pub fn progress(&self) -> Option<Progress> {
        let mut progress = Progress::default();
        let mut began = f64::MAX;
        for run in &self.runs {
            progress.total += run.places.len();
            progress.finished += run.finished;
            progress.stopping |= run.stopping;
            began = began.min(run.began);
        }
        if self.runs.is_empty() {
            return None;
        }
        if progress.finished > 0 {
            #[expect(clippy::cast_precision_loss, reason = "for a rough word about time")]
            let (finished, total) = (progress.finished as f64, progress.total as f64);
            progress.seconds_left = Some((self.now - began) / finished * (total - finished));
        }
        Some(progress)
    }

    /// Takes in what came.
    pub fn collect(&mut self, now: f64) {
        self.now = now;
        let mut runs = std::mem::take(&mut self.runs);
        runs.retain_mut(|run| {
            while let Some(event) = run.job.try_next() {
                match event {
                    Event::Finished(result) => {
                        run.finished += 1;
                        if let Some(place) = run.places.get(result.index).copied() {
                            self.book(&run.region, &run.connection, &result);
                            if run.long_descriptions {
                                let name = result.name();
                                let taken = self.list.take_long_description(place, *result);
                                if let Err(failure) = taken {
                                    self.problem = Some(format!(
                                        "No long description of {name}: {}",
                                        failure.message
                                    ));
                                }
                            } else {
                                self.list.take(place, *result);
                            }
                        }
                    }
                    Event::AtOnce {
                        requests,
                        throttled,
                    } => self.throttled_to = throttled.then_some(requests),
                    Event::NotKept(reason) => {
                        self.problem = Some(format!("Answers are not kept for later: {reason}"));
                    }
                    Event::Ended(summary) => {
                        self.ended(&run.places, &summary);
                        return false;
                    }
                }
            }
            true
        });
        self.runs = runs;
    }

    fn ended(&mut self, places: &[usize], summary: &Summary) {
        let left = summary
            .left
            .iter()
            .filter_map(|index| places.get(*index).copied());
        self.list.give_back(left);
        self.ended = Some(summary.ending);
    }

    /// A row for the ledger of what was asked.
    fn book(&mut self, region: &str, connection: &str, result: &ImageResult) {
        let Ok(described) = &result.outcome else {
            return;
        };
        let Some(usage) = described.usage.clone() else {
            return;
        };
        let bill = described.cost.as_ref();
        self.spend.push(SpendRow {
            at: UnixMs::now(),
            model: described.model_id.clone(),
            region: region.to_owned(),
            tier: Some(Tier::Standard),
            usage,
            cost: bill.and_then(CostBreakdown::total),
            lines: bill.map(BilledLine::of).unwrap_or_default(),
            connection: connection.to_owned(),
            project: None,
            estimate: None,
            simulated: described.simulated,
            screen: Screen::alt_text(),
            conversation: Some(self.id),
        });
    }

    /// What calls that have ended took, each once.
    pub fn take_spend(&mut self) -> Vec<SpendRow> {
        std::mem::take(&mut self.spend)
    }

    /// Whether there is something that is not on its way to the disk.
    pub fn has_unsaved(&self) -> bool {
        !self.spend.is_empty()
            || (self.list.places() > 0
                && (self.list.has_unsaved() || self.settings != self.saved_settings))
    }

    /// What did not reach the disk is to be saved again.
    pub fn forget_saved(&mut self) {
        self.list.forget_saved();
    }

    /// Takes what is to be saved; nothing for a list without pictures.
    pub fn take_unsaved(&mut self, region: &str, connection: &str) -> Option<JobToSave> {
        if self.list.places() == 0 {
            return None;
        }
        self.saved_settings = self.settings.clone();
        let taken = self.list.taken();
        Some(JobToSave {
            id: self.id,
            settings: self.settings.clone(),
            region: region.to_owned(),
            connection: connection.to_owned(),
            title: self.title(),
            count: self.list.shown().count(),
            totals: ConversationTotals {
                tokens_in: taken.tokens_in,
                tokens_out: taken.tokens_out,
                cost: (taken.unknown == 0).then_some(taken.charged),
                simulated: taken.simulated != Usd::ZERO,
            },
            items: self.list.items().to_vec(),
            places: self.list.take_unsaved(),
        })
    }

    fn title(&self) -> String {
        let mut shown = self.list.shown().map(|(_, item)| item);
        let Some(first) = shown.next() else {
            return "Alt text".to_owned();
        };
        let document = first.origin.as_ref().map(|origin| &origin.document);
        let is_of_it = |item: &Item| {
            let of = item.origin.as_ref().map(|origin| &origin.document);
            of == document
        };
        if let Some(document) = document
            && shown.clone().all(is_of_it)
        {
            return format!("Alt text: {}", document.name());
        }
        match shown.count() {
            0 => format!("Alt text: {}", first.name()),
            more => format!("Alt text: {} and {more} more", first.name()),
        }
    }
}
