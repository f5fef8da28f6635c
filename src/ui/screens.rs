//! The screens, one file or folder each.

pub mod catalog;
pub mod chat;
pub mod connection;
pub mod faults;
pub mod model_picker;
pub mod navigation;
