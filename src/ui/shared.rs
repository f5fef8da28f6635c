//! What every screen may look at.

use crate::bedrock::{GuardrailSummary, Identity, ModelAvailability, OwnModel};
use crate::catalog::{Catalog, ModelId};
use crate::pricing::{Meter, PriceQuery, Prices, UnitPrice};
use crate::store::SendKey;
use crate::tasks::Session;

use super::clock::Clock;
use super::load::Load;

/// Whether there is a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History<'a> {
    /// It is being opened.
    Opening,
    /// It is here.
    Open,
    /// It is here, and what was asked of it failed.
    Failed(&'a str),
    /// It could not be opened, and why.
    Refused(&'a str),
    /// There is no folder for it.
    Nowhere,
}

impl<'a> History<'a> {
    /// The same for one who asked something of it; `problem` is what was said to that last.
    #[must_use]
    pub fn asked(self, problem: Option<&'a str>) -> Self {
        match (self, problem) {
            (Self::Open, Some(problem)) => Self::Failed(problem),
            _ => self,
        }
    }

    /// Whether it stands in the way of what is kept in it, now and until somebody does something.
    #[must_use]
    pub fn is_obstacle(self) -> bool {
        matches!(self, Self::Failed(_) | Self::Refused(_) | Self::Nowhere)
    }
}

/// The open connection and what it offers.
pub struct Shared {
    /// What time it is where the person is.
    pub clock: Clock,
    /// The connection.
    pub session: Load<Session>,
    /// As whom calls are made; nobody with an API key or the embedded endpoint.
    pub identity: Load<Option<Identity>>,
    /// Its models and profiles.
    pub catalog: Load<Catalog>,
    /// What the account itself has to invoke.
    pub own_models: Load<Vec<OwnModel>>,
    /// Whether the account may use the model that was asked about last.
    pub access: Option<(ModelId, Load<ModelAvailability>)>,
    /// The account's guardrails, fetched when they are first looked at.
    pub guardrails: Load<Vec<GuardrailSummary>>,
    /// The versions of one of them, by its id.
    pub guardrail_versions: Option<(String, Load<Vec<GuardrailSummary>>)>,
    /// What everything costs: the person's own prices, refreshed ones, bundled ones.
    pub prices: Prices,
    /// The key that sends a prompt.
    pub send_key: SendKey,
    /// Counts the times the catalog or the prices changed, so that what is derived from it can be kept.
    pub catalog_revision: u64,
}

impl Shared {
    /// The region calls go to; empty until connected.
    #[must_use]
    pub fn region(&self) -> &str {
        self.session
            .ready()
            .map_or("", |session| session.connection().region())
    }

    /// The price of a model or profile here, on demand; `None` when no source has one.
    #[must_use]
    pub fn unit_price(&self, id: &ModelId, meter: Meter) -> Option<UnitPrice> {
        let query = PriceQuery::on_demand(id, self.region());
        self.prices.unit_price(meter, &query)
    }

    /// Whether the embedded endpoint answers.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        self.session.ready().is_some_and(Session::is_embedded)
    }
}
