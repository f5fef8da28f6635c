//! Between this program's types and the SDK's. One direction a file; a test for every field.

pub(super) mod answer;
pub(super) mod content;
pub(super) mod document;
pub(super) mod event;
mod media;
pub(super) mod request;
pub(super) mod stream;
mod usage;
