//! Conversations that began elsewhere: in the history, in a file, on another screen.

use super::Playground;
use super::Totals;
use crate::catalog::ModelId;
use crate::chat::{Configuration, Transcript};
use crate::export::Import;
use crate::pricing::Prices;
use crate::store::StoredConversation;

impl Playground {
    /// A conversation of the history, where it was left.
    pub fn of_stored(number: u64, stored: StoredConversation, prices: Prices) -> Self {
        let mut playground = Self::new(number);
        playground.prices = prices;
        playground.id = stored.id;
        playground.configuration.settings = stored.configuration;
        if let Some(model) = stored.model {
            playground.configuration.use_model(model);
        }
        playground.configuration.now_kept();
        playground.transcript = stored.transcript;
        playground.saved = playground.transcript.changes();
        playground.add_up();
        playground.conversation.follow();
        playground
    }

    /// A conversation that began elsewhere.
    pub fn of_transcript(
        number: u64,
        model: ModelId,
        settings: Configuration,
        transcript: Transcript,
        prices: Prices,
    ) -> Self {
        let mut playground = Self::new(number);
        playground.prices = prices;
        playground.configuration.settings = settings;
        playground.configuration.use_model(model);
        playground.transcript = transcript;
        playground.totals = Totals::of(
            &playground.transcript,
            &playground.prices,
            Totals::default(),
        );
        playground.conversation.follow();
        playground
    }

    /// A conversation from a file, opened again.
    pub fn of_import(number: u64, imported: Import, prices: Prices) -> Self {
        let mut playground = Self::new(number);
        playground.prices = prices;
        playground.configuration.settings = Configuration::of(&imported.head);
        playground.configuration.use_model(imported.head.model_id);
        for turn in imported.turns {
            playground.transcript.push(turn);
        }
        playground.add_up();
        playground.conversation.follow();
        playground
    }
}
