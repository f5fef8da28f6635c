//! What is kept on disk, and where.
//!
//! Everything stands in one folder, the platform's own unless another is named: the history in an
//! SQLite database ([`Store`]) with attachments as files beside it, and settings and presets as text
//! that a person can read and edit. Nothing here is a credential, and what goes over the wire
//! ([`crate::chat::Exchange`]) is not kept.
//!
//! This module must not know egui, the AWS SDK, the screens or the command line. It blocks, so it is
//! called from worker threads.

mod archive;
mod attachments;
mod backups;
mod check;
mod content;
mod conversation;
mod database;
mod edit;
mod error;
mod folder;
mod history;
mod ids;
mod load;
mod money;
mod newest;
mod open;
mod open_conversations;
mod order;
mod paid;
mod parts;
mod presets;
mod prices;
mod prompts;
mod save;
mod schema;
mod search;
mod settings;
mod snippet;
mod spend;
mod tables;
mod upkeep;

pub use archive::{
    ARCHIVE_EXTENSION, ArchiveError, ArchiveProgress, ExportReport, Fate, ImportOptions,
    ImportReport, Refused, Tally,
};
pub use check::Checked;
pub use conversation::{ConversationDraft, ConversationTotals, Saved, StoredConversation};
pub use database::{OpenOptions, Store};
pub use edit::Collected;
pub use error::{OpenError, StoreError};
pub use folder::DataFolder;
pub use history::{ConversationSummary, HistoryPage, HistoryQuery, Shelf};
pub use ids::{ConversationId, Screen, UnixMs};
pub use open::{Opened, SetAside};
pub use open_conversations::{
    OpenConfiguration, OpenConversation, load_open_conversations, save_open_conversations,
};
pub use order::HistoryOrder;
pub use parts::{Part, PartFile, PartsDraft, StoredParts};
pub use presets::{Preset, change_presets, load_presets, save_presets};
pub use prices::{change_overrides, change_price_list, load_prices};
pub use prompts::StoredPrompt;
pub use settings::{
    AtStart, BatchJobs, PriceUpdates, SCALES, SendKey, Settings, Theme, WindowSize, load_settings,
    not_a_proxy, save_settings,
};
pub use snippet::Snippet;
pub use spend::{BilledLine, Expected, LedgerRow, SpendRow};
pub use upkeep::{FolderSizes, Tidied};

/// The version of the database's engine.
#[must_use]
pub fn database_version() -> &'static str {
    rusqlite::version()
}
