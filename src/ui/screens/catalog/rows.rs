//! The table's rows: made when list or filters change, not while drawing.

use std::collections::BTreeSet;

use super::facts::{End, gives_text, is_well, known_abilities, playground};
use super::filters::Filters;
use crate::catalog::{Catalog, FoundationModel, Lifecycle, Modality, ModelId, Namesakes, facts};
use crate::pricing::{Day, Meter};
use crate::ui::command::Screen;
use crate::ui::shared::Shared;

/// One model, as the table shows it.
pub struct Row {
    pub id: ModelId,
    /// What it is invoked by in the connection's region.
    pub invoked: ModelId,
    /// The screen it is tried in.
    pub playground: Option<Screen>,
    pub name: String,
    /// What the box is called that takes it into a comparison.
    pub compare: String,
    pub provider: String,
    pub modalities: String,
    pub context: String,
    pub input_price: String,
    pub output_price: String,
    pub lifecycle: Lifecycle,
    pub longest_answer: String,
    /// What it is known to be able to do.
    pub abilities: Vec<&'static str>,
    /// Why it wears a warning: it is old, or ends soon.
    pub warning: Option<String>,
    /// All about its life.
    pub life: String,
}

/// The rows that pass the filters, and what the filters can choose from.
#[derive(Default)]
pub struct Rows {
    made_for: Option<(u64, Filters)>,
    shown: Vec<Row>,
    total: usize,
    providers: Vec<String>,
    modalities: Vec<Modality>,
}

impl Rows {
    /// Makes the rows again if list or filters are not those they were made for.
    pub fn update(&mut self, catalog: &Catalog, shared: &Shared, filters: &Filters) {
        let up_to_date = self.made_for.as_ref().is_some_and(|(revision, made_for)| {
            *revision == shared.catalog_revision && made_for == filters
        });
        if up_to_date {
            return;
        }
        self.total = catalog.models.len();
        let today = Day::today();
        let models: Vec<_> = catalog.models.iter().collect();
        let namesakes = Namesakes::of_models(&models);
        self.shown = catalog
            .models
            .iter()
            .filter(|model| filters.matches(model))
            .map(|model| row(catalog, model, &namesakes, shared, today))
            .collect();
        self.shown.sort_by(|a, b| {
            (a.lifecycle, &a.provider, &a.name).cmp(&(b.lifecycle, &b.provider, &b.name))
        });
        let providers: BTreeSet<_> = catalog
            .models
            .iter()
            .map(|model| model.provider.clone())
            .collect();
        self.providers = providers.into_iter().collect();
        let modalities: BTreeSet<_> = catalog
            .models
            .iter()
            .flat_map(|model| {
                model
                    .input_modalities
                    .iter()
                    .chain(&model.output_modalities)
            })
            .cloned()
            .collect();
        self.modalities = modalities.into_iter().collect();
        self.made_for = Some((shared.catalog_revision, filters.clone()));
    }

    pub fn shown(&self) -> &[Row] {
        &self.shown
    }

    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    pub fn providers(&self) -> &[String] {
        &self.providers
    }

    pub fn modalities(&self) -> &[Modality] {
        &self.modalities
    }

    /// How many are shown, of how many.
    pub fn count_label(&self) -> String {
        if self.shown.len() == self.total {
            format!("{} models", self.total)
        } else {
            format!("{} of {} models", self.shown.len(), self.total)
        }
    }
}

fn compare(model: &FoundationModel, namesakes: &Namesakes<'_>) -> String {
    match namesakes.apart(&model.name, &model.id) {
        Some(apart) => format!("Compare {} {apart}", model.name),
        None => format!("Compare {}", model.name),
    }
}

fn row(
    catalog: &Catalog,
    model: &FoundationModel,
    namesakes: &Namesakes<'_>,
    shared: &Shared,
    today: Day,
) -> Row {
    let invoked = catalog.invocation_id(model, shared.region());
    let end = End::of(&model.id, today);
    Row {
        id: model.id.clone(),
        playground: playground(model),
        name: model.name.clone(),
        compare: compare(model, namesakes),
        provider: model.provider.clone(),
        modalities: format!(
            "{} → {}",
            labels(&model.input_modalities),
            labels(&model.output_modalities)
        ),
        context: facts(&model.id)
            .and_then(|facts| facts.context_window)
            .map_or_else(|| "–".to_owned(), tokens),
        input_price: price(shared, &invoked, Meter::Input),
        output_price: if gives_text(model) {
            price(shared, &invoked, Meter::Output)
        } else {
            "–".to_owned()
        },
        longest_answer: facts(&model.id)
            .and_then(|facts| facts.max_output_tokens)
            .map_or_else(|| "–".to_owned(), tokens),
        abilities: known_abilities(model),
        warning: (!is_well(model, end)).then(|| match end {
            Some(End {
                days: Some(days), ..
            }) if days < 0 => "Ended".to_owned(),
            Some(end) if end.is_soon() => format!("Ends {}", end.day),
            _ => model.lifecycle.label().to_owned(),
        }),
        life: end.map_or_else(
            || model.lifecycle.label().to_owned(),
            |end| format!("{}. {}", model.lifecycle.label(), end.words()),
        ),
        lifecycle: model.lifecycle,
        invoked,
    }
}

/// Modalities as words, text last since nearly all have it.
pub fn labels(modalities: &[Modality]) -> String {
    let labels: Vec<_> = modalities.iter().map(Modality::label).collect();
    labels.join(", ")
}

/// A price for a million tokens, or that none is known.
pub fn price(shared: &Shared, id: &ModelId, meter: Meter) -> String {
    shared
        .unit_price(id, meter)
        .map_or_else(|| "unknown".to_owned(), |price| price.amount.to_string())
}

/// A number of tokens, short.
pub fn tokens(count: u32) -> String {
    match count {
        1_000_000.. if count.is_multiple_of(1_000_000) => format!("{}M", count / 1_000_000),
        1_000_000.. => format!("{:.1}M", f64::from(count) / 1e6),
        1_000.. => format!("{}K", count / 1_000),
        _ => count.to_string(),
    }
}
