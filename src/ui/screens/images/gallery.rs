//! The gallery that is open: what is set, the requests under way, what they made, and what of it is
//! not on the disk yet.

use std::collections::BTreeSet;

use super::kept;
use crate::catalog::ModelId;
use crate::chat::Failure;
use crate::images::{Call, Draft, Parameters, Picture};
use crate::pricing::{CostBreakdown, Prices, Usd};
use crate::store::{
    ConversationId, ConversationTotals, Part, PartsDraft, Screen, SpendRow, StoredParts,
};
use crate::tasks::{Job, MadeImages, Session, Tasks, spend_on_images};

/// The place of the pictures that come in; what was made stands behind it.
const INPUTS: usize = 0;

/// A picture that was made.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The picture, with its parameters in it; without bytes when its file is gone.
    pub picture: Picture,
    /// What made it.
    pub parameters: Parameters,
    /// What it cost; `None` when that is not known.
    pub cost: Option<Usd>,
    /// Milliseconds that its request took.
    pub latency_ms: Option<u64>,
    /// Whether a person took it out.
    pub removed: bool,
    /// The request that made it, as long as its gallery is open.
    pub call: Option<Call>,
}

/// A request under way.
pub struct Run {
    /// What is asked.
    pub call: Call,
    /// Seconds since the start at which it began.
    pub began: f64,
    job: Job<Result<MadeImages, Failure>>,
    region: String,
    connection: String,
}

/// A request that gave nothing, or not all.
pub struct Refused {
    /// What was asked.
    pub call: Call,
    /// Why.
    pub why: Why,
}

/// Why a request gave nothing.
pub enum Why {
    /// The content policy, in the service's words.
    Policy(String),
    /// Something else.
    Failed(Failure),
}

/// The open gallery.
pub struct OpenGallery {
    id: ConversationId,
    /// What is set for the next request.
    pub draft: Draft,
    shown: Vec<Shown>,
    /// Requests under way.
    pub runs: Vec<Run>,
    /// Requests that gave nothing.
    pub refused: Vec<Refused>,
    unsaved: BTreeSet<usize>,
    /// What is kept in another form than it would be now; it is written with whatever comes next.
    stale: BTreeSet<usize>,
    saved_draft: Draft,
    spend: Vec<SpendRow>,
}

impl Default for OpenGallery {
    fn default() -> Self {
        Self {
            id: ConversationId::new(),
            draft: Draft::default(),
            shown: Vec::new(),
            runs: Vec::new(),
            refused: Vec::new(),
            unsaved: BTreeSet::new(),
            stale: BTreeSet::new(),
            saved_draft: Draft::default(),
            spend: Vec::new(),
        }
    }
}

/// What is to be kept of a gallery.
#[derive(Clone)]
pub struct GalleryToSave {
    id: ConversationId,
    draft: Draft,
    region: String,
    connection: String,
    title: String,
    count: usize,
    totals: ConversationTotals,
    shown: Vec<Shown>,
    places: BTreeSet<usize>,
}

impl GalleryToSave {
    /// Which gallery.
    pub fn id(&self) -> ConversationId {
        self.id
    }

    /// The same as another gallery, all of it.
    #[must_use]
    pub fn into_copy(self) -> Self {
        Self {
            id: ConversationId::new(),
            places: (0..=self.shown.len()).collect(),
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
            screen: Screen::images(),
            model: self.draft.model.clone(),
            region: self.region.clone(),
            connection: self.connection.clone(),
            settings: serde_json::to_string(&self.draft.without_pictures())?,
            count: self.count,
            totals: self.totals,
        };
        let mut parts = Vec::new();
        for place in &self.places {
            let shown = place.checked_sub(1).and_then(|at| self.shown.get(at));
            parts.push(match shown {
                Some(shown) => kept::shown_to_part(*place, shown)?,
                None => kept::inputs_to_part(*place, &self.draft)?,
            });
        }
        Ok((draft, parts))
    }
}

impl OpenGallery {
    /// A gallery as it was kept. Takes time: for a worker thread.
    ///
    /// # Errors
    /// When the kept form is not this version's.
    pub fn of_stored(stored: &StoredParts) -> Result<Self, serde_json::Error> {
        let mut draft: Draft = serde_json::from_str(&stored.settings)?;
        let (mut shown, mut stale) = (Vec::new(), BTreeSet::new());
        for part in &stored.parts {
            let is_stale = if part.place == INPUTS {
                kept::inputs_of_part(part, &mut draft)?
            } else {
                let (one, is_stale) = kept::shown_of_part(part)?;
                shown.push(one);
                is_stale
            };
            if is_stale {
                stale.insert(part.place);
            }
        }
        Ok(Self {
            id: stored.id,
            saved_draft: draft.clone(),
            draft,
            shown,
            stale,
            ..Self::default()
        })
    }

    /// Which gallery.
    pub fn id(&self) -> ConversationId {
        self.id
    }

    /// Goes on as another one.
    pub fn now_a_copy(&mut self, id: ConversationId) {
        self.id = id;
        self.forget_saved();
    }

    /// What was made and not taken out, the newest first, each with its place.
    pub fn shown(&self) -> impl Iterator<Item = (usize, &Shown)> {
        let there = |(_, shown): &(usize, &Shown)| !shown.removed;
        self.shown.iter().enumerate().rev().filter(there)
    }

    /// What was made, by its place.
    pub fn at(&self, place: usize) -> Option<&Shown> {
        self.shown.get(place).filter(|shown| !shown.removed)
    }

    /// Every picture that is shown.
    pub fn pictures(&self) -> Vec<Picture> {
        let mut pictures: Vec<_> = self.shown().map(|(_, shown)| &shown.picture).collect();
        pictures.reverse();
        let is_there = |picture: &&&Picture| !picture.bytes.is_empty();
        pictures
            .iter()
            .filter(is_there)
            .map(|picture| (*picture).clone())
            .collect()
    }

    /// Takes a picture out, or brings it back.
    pub fn set_removed(&mut self, place: usize, removed: bool) {
        if let Some(shown) = self.shown.get_mut(place) {
            shown.removed = removed;
            self.unsaved.insert(place + 1);
        }
    }

    /// The last picture that was taken out.
    pub fn last_removed(&self) -> Option<usize> {
        let is_there = |shown: &Shown| shown.removed && !shown.picture.bytes.is_empty();
        self.shown.iter().rposition(is_there)
    }

    /// Whether anything was made.
    pub fn is_empty(&self) -> bool {
        self.shown().next().is_none() && self.runs.is_empty() && self.refused.is_empty()
    }

    /// Whether requests are under way.
    pub fn is_running(&self) -> bool {
        !self.runs.is_empty()
    }

    /// Sends these requests.
    pub fn start(&mut self, tasks: &Tasks, session: &Session, calls: Vec<Call>, now: f64) {
        for call in calls {
            self.runs.push(Run {
                job: tasks.make_images(session, call.clone()),
                call,
                began: now,
                region: session.connection().region().to_owned(),
                connection: session.label(),
            });
        }
    }

    /// Gives requests up; one by its number, or all.
    pub fn cancel(&mut self, run: Option<usize>) {
        match run {
            Some(run) if run < self.runs.len() => drop(self.runs.remove(run)),
            Some(_) => {}
            None => self.runs.clear(),
        }
    }

    /// Takes out what gave nothing, to send it again.
    pub fn take_refused(&mut self, index: usize) -> Option<Call> {
        (index < self.refused.len()).then(|| self.refused.remove(index).call)
    }

    /// Takes in what came.
    pub fn collect(&mut self, prices: &Prices) {
        let mut over = Vec::new();
        let mut still_running = Vec::new();
        for mut run in std::mem::take(&mut self.runs) {
            match run.job.take() {
                None => still_running.push(run),
                Some(Ok(result)) => over.push((run, result)),
                Some(Err(died)) => {
                    let advice = "Try again; if it happens twice, please report it";
                    let failure = Failure::local("Internal", died.to_string(), advice);
                    over.push((run, Err(failure)));
                }
            }
        }
        self.runs = still_running;
        for (run, result) in over {
            match result {
                Ok(made) => self.take(run, made, prices),
                Err(failure) => self.refused.push(Refused {
                    call: run.call,
                    why: Why::Failed(failure),
                }),
            }
        }
    }

    fn take(&mut self, run: Run, made: MadeImages, prices: &Prices) {
        let row = spend_on_images(&run.call, &made, prices, &run.region, Screen::images());
        self.spend.extend(row.map(|row| SpendRow {
            connection: run.connection,
            conversation: Some(self.id),
            ..row
        }));
        let bill = run.call.draft.bill(prices, &run.region, 1);
        let cost = bill.as_ref().and_then(CostBreakdown::total);
        for picture in made.pictures {
            self.unsaved.insert(self.shown.len() + 1);
            self.shown.push(Shown {
                picture: picture.picture,
                parameters: picture.parameters,
                cost,
                latency_ms: made.latency_ms,
                removed: false,
                call: Some(run.call.clone()),
            });
        }
        if let Some(words) = made.rejected {
            self.refused.push(Refused {
                call: run.call,
                why: Why::Policy(words),
            });
        }
    }

    /// Chooses a model.
    pub fn use_model(&mut self, model: ModelId) {
        self.draft.use_model(model);
    }

    /// What all of it cost; `None` when something of it is not known.
    pub fn total(&self) -> Option<Usd> {
        self.shown.iter().map(|shown| shown.cost).sum()
    }

    /// What calls that have ended took, each once.
    pub fn take_spend(&mut self) -> Vec<SpendRow> {
        std::mem::take(&mut self.spend)
    }

    /// Whether there is something that is not on its way to the disk.
    pub fn has_unsaved(&self) -> bool {
        let changed = !self.unsaved.is_empty() || self.draft != self.saved_draft;
        !self.spend.is_empty() || (!self.shown.is_empty() && changed)
    }

    /// What did not reach the disk is to be saved again.
    pub fn forget_saved(&mut self) {
        self.unsaved = (0..=self.shown.len()).collect();
    }

    /// Takes what is to be saved; nothing for a gallery without pictures.
    pub fn take_unsaved(&mut self, region: &str, connection: &str) -> Option<GalleryToSave> {
        if self.shown.is_empty() {
            return None;
        }
        let inputs = |draft: &Draft| {
            (
                draft.pictures.clone(),
                draft.mask.clone(),
                draft.style_picture.clone(),
            )
        };
        if inputs(&self.draft) != inputs(&self.saved_draft) {
            self.unsaved.insert(INPUTS);
        }
        self.unsaved.append(&mut self.stale);
        self.saved_draft = self.draft.clone();
        let simulated = self.shown.iter().any(|shown| shown.parameters.simulated);
        Some(GalleryToSave {
            id: self.id,
            draft: self.draft.clone(),
            region: region.to_owned(),
            connection: connection.to_owned(),
            title: self.title(),
            count: self.shown().count(),
            totals: ConversationTotals {
                tokens_in: 0,
                tokens_out: 0,
                cost: if simulated {
                    Some(Usd::ZERO)
                } else {
                    self.total()
                },
                simulated,
            },
            shown: self.shown.clone(),
            places: std::mem::take(&mut self.unsaved),
        })
    }

    fn title(&self) -> String {
        let first = self.shown.first();
        let words = first.map_or("", |shown| shown.parameters.draft.prompt.trim());
        if words.is_empty() {
            let task = first.map(|shown| shown.parameters.draft.task);
            return format!("Images: {}", task.unwrap_or_default().label());
        }
        format!("Images: {}", words.chars().take(60).collect::<String>())
    }
}
