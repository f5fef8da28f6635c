//! Prices: read at the start, changed by the person, refreshed from AWS; all of it in the background.

use rust_decimal::Decimal;

use super::App;
use crate::catalog::ModelId;
use crate::pricing::{Day, Meter, OverrideError, Prices, Usd};
use crate::store::{self, DataFolder, PriceUpdates, StoreError};
use crate::tasks::{Job, Refresh, RefreshOptions, Tasks, finished, refresh};
use crate::ui::Commands;
use crate::ui::command::PricesCommand;
use crate::ui::screens::prices::{OwnPricesDialog, RefreshDialog};

/// Where prices are refreshed for while there is no connection.
const DEFAULT_REGION: &str = "us-east-1";

/// Days after which prices are looked at again, where that is allowed.
const WEEK: i64 = 7;

/// Work under way on the prices, and the dialogs about them.
#[derive(Default)]
pub struct PriceWork {
    changing: Option<Job<Result<Prices, String>>>,
    /// Whether the prices of the data folder are here.
    are_loaded: bool,
    refreshing: Option<Job<Result<Refresh, String>>>,
    /// What the last refresh found and nobody has taken or left yet.
    found: Option<Refresh>,
    was_refreshed: bool,
    own: Option<OwnPricesDialog>,
    refresh: Option<RefreshDialog>,
}

impl PriceWork {
    /// Reads what was entered and refreshed before.
    pub fn load(&mut self, tasks: &Tasks, folder: Option<DataFolder>) {
        self.changing = folder.map(|folder| {
            tasks.spawn_blocking(move || {
                store::load_prices(&folder).map_err(|error| error.to_string())
            })
        });
    }

    /// Whether a dialog is open.
    pub fn has_dialog(&self) -> bool {
        self.own.is_some() || self.refresh.is_some()
    }
}

/// Why own prices are not kept.
#[derive(Debug, thiserror::Error)]
enum ChangeError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Price(#[from] OverrideError),
}

impl App {
    pub(super) fn prices(&mut self, command: PricesCommand) {
        match command {
            PricesCommand::ShowOwn(model) => {
                let overrides = &self.shared.prices.overrides;
                self.price_work.own = Some(OwnPricesDialog::open(model, overrides));
            }
            PricesCommand::SetOwn { model, prices } => self.set_own(&model, prices),
            PricesCommand::SetDiscount(percent) => self.set_discount(percent),
            PricesCommand::Refresh => {
                let found = self.price_work.found.clone();
                if found.is_none() {
                    self.refresh_prices();
                }
                self.price_work.refresh = Some(found.map_or(RefreshDialog::Fetching, |found| {
                    RefreshDialog::Found(Box::new(found))
                }));
            }
            PricesCommand::TakeRefreshed => self.take_refreshed(),
        }
    }

    /// Takes in what was read, changed or fetched.
    pub(super) fn collect_prices(&mut self) {
        if let Some(result) = finished(&mut self.price_work.changing) {
            match result {
                Ok(prices) => self.use_prices(prices),
                Err(error) => self.notices.failed(format!(
                    "Your own and refreshed prices are not used. {error}"
                )),
            }
            self.price_work.are_loaded = true;
        }
        if let Some(result) = finished(&mut self.price_work.refreshing) {
            self.show_refresh(result);
        }
        self.refresh_weekly();
    }

    pub(super) fn price_dialogs(&mut self, ui: &mut egui::Ui) {
        let commands: &mut Commands = &mut self.commands;
        if let Some(dialog) = &mut self.price_work.own
            && dialog.ui(ui, &self.shared, commands)
        {
            self.price_work.own = None;
        }
        if let Some(dialog) = &self.price_work.refresh
            && dialog.ui(ui, commands)
        {
            self.price_work.refresh = None;
            self.price_work.refreshing = None;
        }
    }

    fn use_prices(&mut self, prices: Prices) {
        self.chat.set_prices(&prices);
        self.compare.set_prices(&prices);
        self.prompts.set_prices(&prices);
        self.shared.prices = prices;
        self.shared.catalog_revision += 1;
        self.usage.changed(&self.tasks, None);
    }

    fn set_own(&mut self, model: &ModelId, prices: Vec<(Meter, Option<Usd>)>) {
        let id = model.resource_id().to_owned();
        self.change_overrides(move |overrides| {
            prices
                .iter()
                .try_for_each(|(meter, usd)| overrides.enter(&id, *meter, *usd))
        });
    }

    fn set_discount(&mut self, percent: Option<Decimal>) {
        self.change_overrides(move |overrides| overrides.set_discount(percent));
    }

    fn change_overrides(
        &mut self,
        change: impl FnOnce(&mut crate::pricing::Overrides) -> Result<(), OverrideError>
        + Send
        + 'static,
    ) {
        let Some(folder) = self.data_folder.clone() else {
            let mut prices = self.shared.prices.clone();
            let mut overrides = (*prices.overrides).clone();
            match change(&mut overrides) {
                Ok(()) => {
                    prices.overrides = overrides.into();
                    self.use_prices(prices);
                }
                Err(error) => self.notices.failed(error.to_string()),
            }
            return;
        };
        // One after the other: a second change waits for the first, or it would be read without it.
        let before = self.price_work.changing.take();
        self.price_work.changing = Some(self.tasks.spawn_blocking(move || {
            if let Some(before) = before {
                before.wait().map_err(|died| died.to_string())??;
            }
            store::change_overrides(&folder, |overrides| -> Result<(), ChangeError> {
                Ok(change(overrides)?)
            })
            .map_err(|error| error.to_string())
        }));
    }

    fn refresh_prices(&mut self) {
        if self.price_work.refreshing.is_some() {
            return;
        }
        let region = self.shared.region();
        let options = RefreshOptions {
            region: if region.is_empty() {
                DEFAULT_REGION
            } else {
                region
            }
            .to_owned(),
            url: self.price_list_url(),
            proxy: self.proxy(),
            known: self.shared.prices.clone(),
            today: Day::today(),
        };
        self.price_work.was_refreshed = true;
        self.price_work.refreshing = Some(
            self.tasks
                .spawn(async move { refresh(options).await.map_err(|error| error.to_string()) }),
        );
    }

    fn show_refresh(&mut self, result: Result<Refresh, String>) {
        match (result, &mut self.price_work.refresh) {
            (Ok(found), Some(dialog)) => {
                self.price_work.found = Some(found.clone());
                *dialog = RefreshDialog::Found(Box::new(found));
            }
            (Err(problem), Some(dialog)) => *dialog = RefreshDialog::Failed(problem),
            // In the background: nothing is taken unseen.
            (Ok(found), None) => {
                let changes = found.review.changes.len();
                if changes > 0 {
                    let prices = if changes == 1 { "price" } else { "prices" };
                    self.notices.done(format!(
                        "AWS has changed {changes} {prices}; look at them in the usage screen"
                    ));
                    self.price_work.found = Some(found);
                }
            }
            (Err(problem), None) => {
                tracing::info!("the weekly look at prices failed: {problem}");
            }
        }
    }

    fn take_refreshed(&mut self) {
        let Some(found) = self.price_work.found.take() else {
            return;
        };
        let Some(folder) = self.data_folder.clone() else {
            let mut prices = self.shared.prices.clone();
            let mut list = (*prices.price_list).clone();
            list.accept(found.review, found.files);
            prices.price_list = list.into();
            self.use_prices(prices);
            return;
        };
        self.price_work.changing = Some(self.tasks.spawn_blocking(move || {
            store::change_price_list(&folder, |list| list.accept(found.review, found.files))
                .map_err(|error| error.to_string())
        }));
    }

    /// Looks at AWS's prices once a week or reminds of it, as the person wants it, where there is an
    /// account.
    fn refresh_weekly(&mut self) {
        if self.price_work.was_refreshed
            || !self.price_work.are_loaded
            || self.price_updates() == PriceUpdates::Never
            || self.shared.session.ready().is_none()
            || self.shared.is_embedded()
        {
            return;
        }
        let region = self.shared.region();
        let files = self.shared.prices.price_list.files().iter();
        let newest = files
            .filter(|file| file.region == region)
            .map(|file| file.fetched)
            .max();
        if newest.is_some_and(|day| Day::today().days_after(day) < WEEK) {
            return;
        }
        if self.price_updates() == PriceUpdates::Weekly {
            self.refresh_prices();
            return;
        }
        self.price_work.was_refreshed = true;
        self.notices.done(
            "The prices were not compared with those of AWS for a week: Usage, Refresh prices",
        );
    }
}
