//! Widgets with no knowledge of screens: they take data and give back what was clicked.

mod alert;
mod badge;
pub mod bidi;
mod button;
mod dialog;
mod empty_state;
mod failure;
mod field;
mod fold;
mod limit;
mod markdown;
mod menu;
mod model_button;
mod name;
mod page;
mod parameter;
mod preview;
mod section;

pub use alert::{Alert, AlertKind};
pub use badge::{Tone, badge, origin_badge};
pub use button::{icon_button, link_button, primary_button, secondary_button};
pub use dialog::{dialog, modal};
pub use empty_state::{empty_state, loading_state};
pub use failure::failure_alert;
pub use field::{code_area, text_area, text_field};
pub use fold::fold;
pub use limit::DollarLimit;
pub use markdown::{Markdown, plain_text};
pub use menu::{icon_menu_item, icon_menu_item_unless, menu_button, menu_item, menu_item_unless};
pub use model_button::model_button;
pub use name::accessible_name;
pub use page::page;
pub use parameter::{integer_parameter, number_parameter};
pub use preview::{Preview, preview_tile};
pub use section::{labelled_value, section_title};
