//! Arguments, then the window or a command; nothing else.

use std::process::ExitCode;

use bedrock_playground::cli::{self, Arguments};
use bedrock_playground::{store::DataFolder, ui};
use clap::Parser as _;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_env("BEDROCK_PLAYGROUND_LOG")
        .unwrap_or_else(|_| EnvFilter::new("warn,egui_extras::loaders=error"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    match arguments.command {
        Some(command) => cli::run(&arguments.global, command),
        None => open_window(&arguments.global),
    }
}

fn open_window(global: &cli::Global) -> ExitCode {
    let options = ui::WindowOptions {
        session: global.window_session_options(),
        files: Vec::new(),
        data_folder: DataFolder::find(global.data_dir.as_deref())
            .inspect_err(|error| tracing::warn!("nothing will be kept: {error}"))
            .ok(),
    };
    match ui::run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            tracing::error!("without a display, use a command: bedrock-playground --help");
            ExitCode::from(2)
        }
    }
}
