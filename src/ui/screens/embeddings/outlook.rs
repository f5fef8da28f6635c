//! What sending will take, and what cannot be sent: worked out in the background when it changes.

use std::sync::Arc;

use super::open::OpenCollection;
use crate::catalog::ModelId;
use crate::embeddings::{Forecast, Item, Outcome, Problem, Settings, forecast, problem};
use crate::pricing::Prices;
use crate::tasks::{Job, Tasks};
use crate::ui::shared::Shared;

/// What is known before sending.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// What the texts that are to be sent will take.
    pub forecast: Forecast,
    /// What the model would refuse, by place.
    pub unfit: Vec<(usize, Problem)>,
    /// Texts that failed.
    pub failed: usize,
    /// Texts with a vector.
    pub done: usize,
}

/// What it is worked out from.
#[derive(Clone, PartialEq)]
struct Basis {
    list: u64,
    catalog: u64,
    settings: Settings,
    region: String,
}

/// What is shown, and what is on its way.
#[derive(Default)]
pub struct Outlook {
    basis: Option<Basis>,
    working: Option<Job<Known>>,
    shown: Known,
}

impl Outlook {
    /// What was worked out last.
    pub fn shown(&self) -> &Known {
        &self.shown
    }

    /// Works it out anew when what it depends on has changed; not while vectors come in.
    pub fn update(&mut self, tasks: &Tasks, shared: &Shared, open: &OpenCollection) {
        if let Some(result) = self.working.as_mut().and_then(Job::take) {
            self.working = None;
            self.shown = result.unwrap_or_default();
        }
        if open.is_running() || self.working.is_some() {
            return;
        }
        let basis = Basis {
            list: open.list.revision(),
            catalog: shared.catalog_revision,
            settings: open.settings.clone(),
            region: shared.region().to_owned(),
        };
        if self.basis.as_ref() == Some(&basis) {
            return;
        }
        self.basis = Some(basis.clone());
        let items = open.list.items().to_vec();
        let (prices, all) = (shared.prices.clone(), open.is_changed());
        self.working = Some(tasks.spawn_blocking(move || known(&basis, &items, &prices, all)));
    }
}

fn known(basis: &Basis, items: &[Arc<Item>], prices: &Prices, all: bool) -> Known {
    let mut known = Known::default();
    let offer = basis.settings.offer();
    let mut texts = Vec::new();
    let mut images = 0;
    for (place, item) in items.iter().enumerate() {
        match &item.outcome {
            Outcome::Done(_) => known.done += 1,
            Outcome::Failed(_) => known.failed += 1,
            Outcome::Waiting | Outcome::Running => {}
        }
        if !all && !matches!(item.outcome, Outcome::Waiting) {
            continue;
        }
        if let Some(problem) = offer.and_then(|offer| problem(offer, item.source.text())) {
            known.unfit.push((place, problem));
            continue;
        }
        match item.source.text() {
            Some(text) => texts.push(text),
            None => images += 1,
        }
    }
    if let (Some(offer), Some(model)) = (offer, &basis.settings.model_id) {
        let model: &ModelId = model;
        known.forecast = forecast(prices, model, offer, &basis.region, texts, images);
    }
    known
}
