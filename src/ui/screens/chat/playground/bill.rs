//! What the calls of a conversation come to, and what the ledger is told of them.

use super::Playground;
use crate::catalog::Catalog;
use crate::pricing::Prices;
use crate::store::{Expected, Screen, SpendRow};
use crate::ui::screens::chat::totals::Totals;

/// What the ledger wants to know of a call, beside what the service says of it.
#[derive(Default)]
pub(super) struct Call {
    /// What the person calls the connection.
    pub connection: String,
    /// Whether it is for an alt text.
    pub is_alt_text: bool,
    pub expected: Option<Expected>,
}

impl Playground {
    /// Takes a model to begin with, and what is listed of the one that is chosen.
    pub fn offer_models(&mut self, catalog: &Catalog, region: &str) {
        if self.configuration.offer_models(catalog, region) {
            // The same id, and other prices.
            self.price_revision += 1;
        }
    }

    /// Reckons with these prices from now on; what was added up before stays what it was.
    pub fn set_prices(&mut self, prices: Prices) {
        self.prices = prices;
        self.price_revision += 1;
        self.add_up();
    }

    pub(super) fn add_up(&mut self) {
        let before = std::mem::take(&mut self.totals);
        self.totals = Totals::of(&self.transcript, &self.prices, before);
    }

    /// A row for the ledger; none when it was refused.
    pub(super) fn spend_of_last(&self) -> Option<SpendRow> {
        let (_, turn) = self.transcript.last()?;
        let invocation = turn.invocation.as_ref()?;
        let screen = if self.billed.is_alt_text {
            Screen::alt_text()
        } else {
            Screen::chat()
        };
        let row = SpendRow::of_call(&turn.message, invocation, &self.prices, screen)?;
        Some(SpendRow {
            connection: self.billed.connection.clone(),
            conversation: Some(self.id),
            estimate: self.billed.expected,
            ..row
        })
    }

    /// What calls that have ended took, each once.
    pub fn take_spend(&mut self) -> Vec<SpendRow> {
        std::mem::take(&mut self.spend)
    }
}
