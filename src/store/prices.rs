//! The person's own prices, and what the last refresh brought: files beside the settings, which the
//! window and the command line share.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{DataFolder, StoreError};
use crate::pricing::price_list::PriceList;
use crate::pricing::{Overrides, Prices};

/// A person may edit this one.
const OWN: &str = "prices.json";

/// Written by the program alone; without it the bundled prices hold.
const REFRESHED: &str = "price-list.json";

/// A text as it is taken, or why it is not.
pub(super) type Check = fn(&str) -> Result<String, String>;

/// What is looked at before the text of another computer is taken: own prices, then refreshed ones.
pub(super) const CHECKS: [Check; 2] = [check::<Overrides>, check::<PriceList>];

fn check<T: DeserializeOwned + Serialize>(text: &str) -> Result<String, String> {
    let value: T = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| error.to_string())?;
    serde_json::to_string_pretty(&value)
        .map(|text| text + "\n")
        .map_err(|error| error.to_string())
}

/// Every price that is not bundled.
///
/// # Errors
/// When a file is there and is not what it should be; the error names it and its line, and it is
/// left as it is. Nothing is priced without an own price that a person meant to have.
pub fn load_prices(folder: &DataFolder) -> Result<Prices, StoreError> {
    Ok(Prices {
        overrides: own(folder)?.into(),
        price_list: refreshed(folder)?.into(),
    })
}

/// Changes the own prices: reads them anew first, since another window may have changed them.
///
/// # Errors
/// When they cannot be read or written, or the change is refused.
pub fn change_overrides<E: From<StoreError>>(
    folder: &DataFolder,
    change: impl FnOnce(&mut Overrides) -> Result<(), E>,
) -> Result<Prices, E> {
    let mut overrides = own(folder)?;
    change(&mut overrides)?;
    folder.write_json(OWN, &overrides)?;
    Ok(load_prices(folder)?)
}

/// Changes the refreshed prices in the same way.
///
/// # Errors
/// When they cannot be read or written.
pub fn change_price_list(
    folder: &DataFolder,
    change: impl FnOnce(&mut PriceList),
) -> Result<Prices, StoreError> {
    let mut list = refreshed(folder)?;
    change(&mut list);
    folder.write_json(REFRESHED, &list)?;
    load_prices(folder)
}

fn own(folder: &DataFolder) -> Result<Overrides, StoreError> {
    Ok(folder.read_json(OWN)?.unwrap_or_default())
}

fn refreshed(folder: &DataFolder) -> Result<PriceList, StoreError> {
    Ok(folder.read_json(REFRESHED)?.unwrap_or_default())
}
