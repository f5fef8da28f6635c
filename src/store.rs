//! What is kept on disk, and where.
//!
//! Everything stands in one folder, the platform's own unless another is named. This module must
//! not know egui, the AWS SDK or the screens; it blocks, so the window calls it from worker threads.

mod folder;
mod presets;

pub use folder::{DataFolder, StoreError};
pub use presets::{Preset, load_presets, save_presets};
