//! Bedrock Playground: a desktop playground for Amazon Bedrock, and the same work without a window.
//!
//! Read this first. One invocation travels one way only:
//!
//! ```text
//! ui::screens ── chat::Request ──▶ tasks ──▶ bedrock ──▶ AWS, or the embedded endpoint
//!      ▲                                        │
//!      └─ chat::Transcript::apply ◀─ channel ◀─ chat::StreamEvent
//!                │
//!                └─▶ pricing::breakdown(usage, model, region, tier)
//! ```
//!
//! The UI thread owns all state. Background work gets copies and sends events; a running invocation
//! is a value, and dropping it cancels it. One-shot work (listing models, opening a file) is a
//! `poll_promise::Promise`; answers are channels. Nothing in a frame waits.
//!
//! Who may know whom is held by a test (`tests/it/layering.rs`); every module says in its first
//! lines what it is for and what it must not know.

pub mod alt_text;
pub mod bedrock;
pub mod catalog;
pub mod chat;
pub mod cli;
pub mod compare;
pub mod display;
pub mod embeddings;
pub mod emulator;
pub mod export;
pub mod figures;
pub mod files;
pub mod guardrails;
pub mod images;
pub mod keyring;
pub mod media;
pub mod pricing;
pub mod prompts;
pub mod snippets;
pub mod spending;
pub mod store;
pub mod tasks;
pub mod ui;
pub mod videos;
