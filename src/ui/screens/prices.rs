//! Dialogs about prices: the person's own ones, and those AWS publishes.

mod own;
mod refresh;

pub use own::OwnPricesDialog;
pub use refresh::RefreshDialog;
