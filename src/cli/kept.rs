//! What commands share with the window: prices, budgets and the ledger of the data folder.

use std::sync::Arc;

use super::args::Global;
use super::output::Output;
use super::{CommandError, Outcome};
use crate::alt_text::Paid;
use crate::bedrock::Proxy;
use crate::pricing::{Day, Prices, Spent, Usd, Verdict};
use crate::spending::{moments, spent};
use crate::store::{self, DataFolder, Settings, SpendRow, Store, StoreError};
use crate::tasks::{Session, SessionOptions};

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        Self::Usage(error.to_string())
    }
}

/// The data folder.
pub fn folder(global: &Global) -> Result<DataFolder, CommandError> {
    Ok(DataFolder::find(global.data_dir.as_deref())?)
}

/// The person's own prices, refreshed ones and bundled ones; the bundled ones alone on a system that
/// keeps nothing.
pub fn prices(global: &Global) -> Result<Prices, CommandError> {
    match DataFolder::find(global.data_dir.as_deref()) {
        Ok(folder) => Ok(store::load_prices(&folder)?),
        Err(_) => Ok(Prices::default()),
    }
}

/// What a person set; the usual when nothing was.
pub fn settings(global: &Global) -> Result<Settings, CommandError> {
    match DataFolder::find(global.data_dir.as_deref()) {
        Ok(folder) => Ok(store::load_settings(&folder)?),
        Err(_) => Ok(Settings::default()),
    }
}

/// The session a command opens, by way of the proxy that is set.
pub fn session_options(global: &Global) -> Result<SessionOptions, CommandError> {
    let mut options = global.session_options();
    options.connection.proxy = Proxy::from_setting(settings(global)?.proxy.as_deref());
    Ok(options)
}

/// Opens the ledger. Blocks.
pub fn open_ledger(global: &Global) -> Result<Store, CommandError> {
    let folder = folder(global)?;
    let opened = Store::open(&folder).map_err(|error| CommandError::Usage(error.to_string()))?;
    Ok(opened.store)
}

/// What budgets leave for a command.
pub enum Allowed {
    /// No more than this, where a budget stops at its end.
    UpTo(Option<Usd>),
    /// Nothing: it was said why.
    Nothing(Outcome),
}

/// Looks at the budgets before anything is sent; warns where most is spent. Simulated calls are free.
pub async fn look_at_budgets(
    global: &Global,
    session: &Session,
    output: &mut Output,
) -> Result<Allowed, CommandError> {
    let budgets = settings(global)?.budgets;
    if session.is_embedded() || budgets.is_empty() {
        return Ok(Allowed::UpTo(None));
    }
    let of = global.clone();
    let work = move || Ok::<_, CommandError>(spent_so_far(&open_ledger(&of)?)?);
    let spent = tokio::task::spawn_blocking(work)
        .await
        .map_err(std::io::Error::other)??;
    let connection = session.label();
    match budgets.verdict(&spent, &connection) {
        Verdict::Fine => {}
        Verdict::Warn(state) => output.note(&state.to_string()),
        Verdict::Stop(state) => {
            output.note(&format!(
                "{state}; nothing was sent. The budget is in the settings: raise it, or let it warn only"
            ));
            return Ok(Allowed::Nothing(Outcome::CapReached));
        }
    }
    Ok(Allowed::UpTo(budgets.left(&spent, &connection)))
}

fn spent_so_far(ledger: &Store) -> Result<Spent, StoreError> {
    let today = Day::today();
    let rows = ledger.ledger(moments(today.first_of_month(), today))?;
    Ok(spent(&rows, today))
}

/// The ledger of a command that makes many calls. The answers matter more, so a ledger that refuses
/// is only said, once.
pub struct Ledger(Option<Store>);

impl Ledger {
    /// Opens it.
    pub async fn open(global: &Global, output: &mut Output) -> Self {
        let global = global.clone();
        let opened = tokio::task::spawn_blocking(move || open_ledger(&global)).await;
        Self(match opened {
            Ok(Ok(store)) => Some(store),
            Ok(Err(error)) => not_kept(&error, output),
            Err(died) => not_kept(&died, output),
        })
    }

    /// Writes a call.
    pub async fn record(&mut self, row: SpendRow, output: &mut Output) {
        let Some(store) = self.0.clone() else { return };
        let written = tokio::task::spawn_blocking(move || store.record_spend(&row)).await;
        let refused = match written {
            Ok(Ok(())) => return,
            Ok(Err(error)) => not_kept(&error, output),
            Err(died) => not_kept(&died, output),
        };
        self.0 = refused;
    }
}

fn not_kept(error: &dyn std::fmt::Display, output: &mut Output) -> Option<Store> {
    output.note(&format!("The usage is not kept. {error}"));
    None
}

/// Where answers that were paid for are kept; what was paid for before is looked for there when it is
/// to be reused. `None`, which is said, when nothing can be kept.
pub async fn paid(global: &Global, reuse: bool, output: &mut Output) -> Option<Paid> {
    let answers = Arc::new(answers(global, output).await?);
    Some(if reuse {
        Paid::reused(answers)
    } else {
        Paid::kept_only(answers)
    })
}

/// The store that keeps answers that were paid for. `None`, which is said, when nothing can be kept.
pub async fn answers(global: &Global, output: &mut Output) -> Option<Store> {
    let global = global.clone();
    let opened = tokio::task::spawn_blocking(move || open_ledger(&global)).await;
    let words = match opened {
        Ok(Ok(store)) => return Some(store),
        Ok(Err(error)) => error.to_string(),
        Err(died) => died.to_string(),
    };
    output.note(&format!("What is paid for is not kept for later. {words}"));
    None
}

/// How a command that ended early goes on.
pub fn how_to_go_on(resumed: bool) -> &'static str {
    if resumed {
        "To go on, run the same command again: what is paid for is not asked for again"
    } else {
        "To go on, run the same command again with --resume: what is paid for is not asked for again"
    }
}

/// Writes a call into the ledger.
pub async fn record(global: &Global, row: Option<SpendRow>, output: &mut Output) {
    if let Some(row) = row {
        Ledger::open(global, output).await.record(row, output).await;
    }
}
