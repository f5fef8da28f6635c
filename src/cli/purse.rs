//! What a command may spend, and the ledger that its calls go into as each of them ends: what was paid for
//! is booked even if the command is not there for the next one.
//!
//! Must not know what is asked, or of whom.

use super::args::Global;
use super::kept::Ledger;
use super::output::Output;
use crate::chat::{Invocation, Message};
use crate::pricing::{Prices, Usd};
use crate::store::{Screen, SpendRow};
use crate::tasks::Session;

/// What may be spent, and what was.
pub struct Purse {
    ledger: Ledger,
    prices: Prices,
    most: Option<Usd>,
    spent: Usd,
    /// What holds for every call: the connection, and the project.
    connection: String,
    project: Option<String>,
    screen: Screen,
}

impl Purse {
    /// Opens the ledger; no more than `most` is to be spent.
    pub async fn open(
        global: &Global,
        session: &Session,
        screen: Screen,
        prices: &Prices,
        most: Option<Usd>,
        output: &mut Output,
    ) -> Self {
        Self {
            ledger: Ledger::open(global, output).await,
            prices: prices.clone(),
            most,
            spent: Usd::default(),
            connection: session.label(),
            project: None,
            screen,
        }
    }

    /// Books the calls for a project.
    pub fn for_project(self, project: Option<String>) -> Self {
        Self { project, ..self }
    }

    /// Whether there is an end to what may be spent.
    pub fn has_limit(&self) -> bool {
        self.most.is_some()
    }

    /// Whether nothing is left.
    pub fn is_used_up(&self) -> bool {
        self.most.is_some_and(|most| self.spent >= most)
    }

    /// Books a call that is over, unless it was refused.
    pub async fn pay(&mut self, answer: &Message, call: &Invocation, output: &mut Output) {
        let screen = self.screen.clone();
        let Some(row) = SpendRow::of_call(answer, call, &self.prices, screen) else {
            return;
        };
        let row = SpendRow {
            connection: self.connection.clone(),
            project: self.project.clone(),
            ..row
        };
        if !call.simulated {
            self.spent = self.spent + row.cost.unwrap_or_default();
        }
        self.ledger.record(row, output).await;
    }
}
