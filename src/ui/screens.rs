//! The screens, one file or folder each.

pub mod alt_text;
pub mod catalog;
pub mod chat;
pub mod close_up;
pub mod compare;
pub mod connection;
pub mod embeddings;
pub mod exchange;
pub mod faults;
pub mod frame_times;
pub mod guardrails;
pub mod help;
pub mod history;
pub mod images;
mod limit;
pub mod model_picker;
pub mod navigation;
mod not_kept;
mod out_of_reach;
pub mod palette;
pub mod prices;
pub mod prompts;
pub mod settings;
pub mod sign_in;
pub mod usage;
pub mod videos;
pub mod welcome;
