//! What crosses modules, in one binary.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a helper that cannot go on fails its test"
)]

mod alt_text;
mod alt_text_documents;
mod application_profiles;
mod batch;
mod bedrock_errors;
mod bedrock_lists;
mod bedrock_native;
mod bedrock_requests;
mod bedrock_streams;
mod cli;
mod cli_kept;
mod clients;
mod compare;
mod compare_cost;
mod compare_resumed;
mod connections;
mod cost;
mod display;
mod embeddings;
mod endpoint;
mod endpoint_guardrails;
mod endpoint_native;
mod exchange;
mod export;
mod facts_build;
mod figures_book;
mod figures_hostile;
mod figures_html;
mod figures_markdown;
mod figures_opendocument;
mod figures_pdf;
mod figures_slides;
mod figures_word;
mod guardrails;
mod hostile;
mod images;
mod images_cli;
mod layering;
mod local_models;
mod looks;
mod media;
mod media_xmp;
mod models_cli;
mod packaging;
mod price_list;
mod price_refresh;
mod prices_cli;
mod pricing;
mod pricing_rules;
mod prompts;
mod proxy;
mod recordings;
mod screenshots;
mod sign_in;
mod snippets;
mod spending;
mod store;
mod store_archive;
mod store_compare;
mod store_history;
mod store_kill;
mod store_open;
mod store_orders;
mod store_parts;
mod store_spend;
mod support;
#[cfg(target_os = "linux")]
mod system_file_manager;
mod system_keyring;
mod videos;
mod web;
mod window;
mod window_alt_text;
mod window_batch;
mod window_bill;
mod window_catalog;
mod window_chat;
mod window_columns;
mod window_compare;
mod window_connection;
mod window_desktop;
mod window_documents;
mod window_embeddings;
mod window_errors;
mod window_frames;
mod window_guardrails;
mod window_history;
mod window_history_many;
mod window_images;
mod window_ledger;
mod window_limit;
#[cfg(unix)]
mod window_many_files;
mod window_menu;
mod window_narrow;
mod window_prompts;
mod window_recordings;
mod window_secrets;
mod window_settings;
mod window_sign_in;
mod window_spoken;
mod wire;
