//! The list that is open: its texts, its settings, the requests under way, and what of it is not on
//! the disk yet.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::chat::Usage;
use crate::embeddings::{Collection, Item, Outcome, Record, Settings, Source, Taken};
use crate::pricing::{Prices, Tier, Usd};
use crate::store::{
    BilledLine, ConversationId, ConversationTotals, Part, PartsDraft, Screen, SpendRow,
    StoredParts, UnixMs,
};
use crate::tasks::embed::{AT_ONCE, EmbedOptions, Embedded, Ending, Event, RunningEmbed};
use crate::tasks::{Session, Tasks};
use crate::ui::numbers::thousands;

/// Most letters of a title.
const TITLE: usize = 60;

/// What is kept beside the texts.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Kept {
    settings: Settings,
    #[serde(skip_serializing_if = "Option::is_none")]
    made_with: Option<Settings>,
    taken: Taken,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_cost: Option<Usd>,
}

/// Requests under way.
struct Run {
    running: RunningEmbed,
    /// The place in the list of each source of the run.
    places: Vec<usize>,
    settings: Settings,
    region: String,
    connection: String,
    stopping: bool,
    finished: usize,
}

/// How far the requests under way are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Texts that were sent for.
    pub total: usize,
    /// Those of them that are done or have failed.
    pub finished: usize,
    /// Whether nothing more is sent.
    pub stopping: bool,
}

/// The open list.
pub struct OpenCollection {
    id: ConversationId,
    /// The texts and their vectors.
    pub list: Collection,
    /// What the next vectors are made with.
    pub settings: Settings,
    /// What the next requests may cost together.
    pub max_cost: Option<Usd>,
    /// Why nothing was sent.
    pub problem: Option<String>,
    /// How the last requests ended.
    pub ended: Option<Ending>,
    run: Option<Run>,
    spend: Vec<SpendRow>,
    saved: Kept,
}

impl Default for OpenCollection {
    fn default() -> Self {
        Self {
            id: ConversationId::new(),
            list: Collection::default(),
            settings: Settings::default(),
            max_cost: None,
            problem: None,
            ended: None,
            run: None,
            spend: Vec::new(),
            saved: Kept::default(),
        }
    }
}

/// What is to be kept of a list.
#[derive(Clone)]
pub struct CollectionToSave {
    id: ConversationId,
    kept: Kept,
    title: String,
    region: String,
    connection: String,
    items: Vec<Arc<Item>>,
    places: BTreeSet<usize>,
}

impl CollectionToSave {
    /// Which list.
    pub fn id(&self) -> ConversationId {
        self.id
    }

    /// The same as another list, all of it.
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
        let taken = self.kept.taken;
        let draft = PartsDraft {
            id: self.id,
            title: self.title.clone(),
            screen: Screen::embeddings(),
            model: self.kept.settings.model_id.clone(),
            region: self.region.clone(),
            connection: self.connection.clone(),
            settings: serde_json::to_string(&self.kept)?,
            count: self.items.len(),
            totals: ConversationTotals {
                tokens_in: taken.tokens,
                tokens_out: 0,
                cost: (taken.unknown == 0 && !taken.simulated).then_some(taken.cost),
                simulated: taken.simulated,
            },
        };
        let mut parts = Vec::new();
        for place in &self.places {
            // The place behind the last is empty: something was taken out.
            let (record, text) = match self.items.get(*place) {
                Some(item) => (
                    serde_json::to_string(&Record::from(item.as_ref()))?,
                    item.source.name(),
                ),
                None => ("null".to_owned(), String::new()),
            };
            parts.push(Part {
                place: *place,
                record,
                text,
                files: Vec::new(),
            });
        }
        Ok((draft, parts))
    }
}

impl OpenCollection {
    /// A list as it was kept.
    ///
    /// # Errors
    /// When the kept form is not this version's.
    pub fn of_stored(stored: &StoredParts) -> Result<Self, serde_json::Error> {
        let kept: Kept = serde_json::from_str(&stored.settings)?;
        let mut items = Vec::new();
        for part in &stored.parts {
            let record: Option<Record> = serde_json::from_str(&part.record)?;
            items.extend(record.map(Item::from));
        }
        Ok(Self {
            id: stored.id,
            list: Collection::from_items(items, kept.made_with.clone(), kept.taken),
            settings: kept.settings.clone(),
            max_cost: kept.max_cost,
            saved: kept,
            ..Self::default()
        })
    }

    /// Which list.
    pub fn id(&self) -> ConversationId {
        self.id
    }

    /// Goes on as another one.
    pub fn now_a_copy(&mut self, id: ConversationId) {
        self.id = id;
        self.list.forget_saved();
    }

    /// Adds texts and pictures.
    pub fn add(&mut self, sources: Vec<Source>) {
        self.list.add(sources);
        self.ended = None;
    }

    /// Whether requests are under way.
    pub fn is_running(&self) -> bool {
        self.run.is_some()
    }

    /// How far they are.
    pub fn progress(&self) -> Option<Progress> {
        self.run.as_ref().map(|run| Progress {
            total: run.places.len(),
            finished: run.finished,
            stopping: run.stopping,
        })
    }

    /// Whether the vectors that are there were made otherwise than the next ones will be.
    pub fn is_changed(&self) -> bool {
        let made_with = self.list.made_with();
        made_with.is_some_and(|made_with| !made_with.makes_the_same(&self.settings))
    }

    /// How many texts the next start is about.
    pub fn to_send(&self) -> usize {
        if self.is_changed() {
            self.list.items().len()
        } else {
            self.list.waiting().len()
        }
    }

    /// Sends what waits, and with `retry` what failed.
    pub fn start(
        &mut self,
        tasks: &Tasks,
        session: &Session,
        prices: &Prices,
        budget_left: Option<Usd>,
        retry: bool,
    ) {
        if self.run.is_some() {
            return;
        }
        self.problem = self.settings.problem();
        let (None, Some(offer)) = (&self.problem, self.settings.offer()) else {
            return;
        };
        let places = self.list.begin(&self.settings, retry);
        if places.is_empty() {
            return;
        }
        let items = self.list.items();
        let sources = places
            .iter()
            .map(|place| items[*place].source.clone())
            .collect();
        let options = EmbedOptions {
            settings: self.settings.clone(),
            offer,
            at_once: AT_ONCE,
            max_cost: self.max_cost.into_iter().chain(budget_left).min(),
            prices: prices.clone(),
        };
        self.ended = None;
        self.run = Some(Run {
            running: tasks.embed(session, sources, options),
            places,
            settings: self.settings.clone(),
            region: session.connection().region().to_owned(),
            connection: session.label(),
            stopping: false,
            finished: 0,
        });
    }

    /// Sends nothing more; what was sent still comes.
    pub fn pause(&mut self) {
        if let Some(run) = &mut self.run {
            run.running.stop();
            run.stopping = true;
        }
    }

    /// Gives up what was sent too.
    pub fn cancel(&mut self) {
        self.run = None;
        self.list.give_back();
        self.ended = Some(Ending::Stopped);
    }

    /// Takes in what came.
    pub fn collect(&mut self) {
        let Some(mut run) = self.run.take() else {
            return;
        };
        while let Some(event) = run.running.try_next() {
            match event {
                Event::Done(embedded) => self.take(&mut run, *embedded),
                Event::Failed(indexes, failure) => {
                    run.finished += indexes.len();
                    for index in indexes {
                        if let Some(place) = run.places.get(index) {
                            self.list.set(*place, Outcome::Failed(failure.clone()));
                        }
                    }
                }
                Event::Ended(ending) => {
                    self.list.give_back();
                    self.ended = Some(ending);
                    return;
                }
            }
        }
        self.run = Some(run);
    }

    fn take(&mut self, run: &mut Run, embedded: Embedded) {
        let cost = embedded.counted.then(|| embedded.bill.total()).flatten();
        let taken = &mut self.list.taken;
        taken.requests += 1;
        taken.tokens += embedded.tokens;
        taken.simulated |= embedded.simulated;
        match cost {
            Some(cost) => taken.cost = taken.cost + cost,
            None => taken.unknown += 1,
        }
        run.finished += embedded.vectors.len();
        for (index, vector) in embedded.vectors {
            if let Some(place) = run.places.get(index) {
                self.list.set(*place, Outcome::Done(vector));
            }
        }
        let Some(model) = run.settings.model_id.clone() else {
            return;
        };
        self.spend.push(SpendRow {
            at: UnixMs::now(),
            model,
            region: run.region.clone(),
            connection: run.connection.clone(),
            tier: Some(Tier::Standard),
            usage: Usage {
                input_tokens: embedded.tokens,
                total_tokens: embedded.tokens,
                ..Usage::default()
            },
            cost,
            lines: BilledLine::of(&embedded.bill),
            simulated: embedded.simulated,
            screen: Screen::embeddings(),
            conversation: Some(self.id),
            project: None,
            estimate: None,
        });
    }

    /// What calls that have ended took, each once.
    pub fn take_spend(&mut self) -> Vec<SpendRow> {
        std::mem::take(&mut self.spend)
    }

    fn kept(&self) -> Kept {
        Kept {
            settings: self.settings.clone(),
            made_with: self.list.made_with().cloned(),
            taken: self.list.taken,
            max_cost: self.max_cost,
        }
    }

    /// Whether there is something that is not on its way to the disk.
    pub fn has_unsaved(&self) -> bool {
        let is_kept = !self.list.items().is_empty() || self.list.can_restore();
        !self.spend.is_empty()
            || (is_kept && (self.list.has_unsaved() || self.kept() != self.saved))
    }

    /// What did not reach the disk is to be saved again.
    pub fn forget_saved(&mut self) {
        self.list.forget_saved();
    }

    /// Takes what is to be saved; nothing for a list that never had a text.
    pub fn take_unsaved(&mut self, region: &str, connection: &str) -> Option<CollectionToSave> {
        if self.list.items().is_empty() && !self.list.can_restore() {
            return None;
        }
        self.saved = self.kept();
        Some(CollectionToSave {
            id: self.id,
            kept: self.saved.clone(),
            title: self.title(),
            region: region.to_owned(),
            connection: connection.to_owned(),
            items: self.list.items().to_vec(),
            places: self.list.take_unsaved(),
        })
    }

    fn title(&self) -> String {
        let items = self.list.items();
        let Some(first) = items.first() else {
            return "Embeddings".to_owned();
        };
        let name: String = first.source.name().chars().take(TITLE).collect();
        match items.len() {
            1 => format!("Embeddings: {name}"),
            count => format!(
                "Embeddings: {name} and {} more",
                thousands(count as u64 - 1)
            ),
        }
    }
}
