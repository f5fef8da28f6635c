//! Arguments, then the window or a command; nothing else.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use bedrock_playground::cli::{self, Arguments};
use bedrock_playground::{store::DataFolder, tasks, ui};
use clap::Parser as _;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    // Before there is a second thread.
    bedrock_playground_heap::give_back_what_is_freed();
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_env("BEDROCK_PLAYGROUND_LOG")
        .unwrap_or_else(|_| EnvFilter::new("warn,egui_extras::loaders=error"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // Signs for colours are noise in a file or a pipe.
        .with_ansi(std::io::stderr().is_terminal() && understands_escapes())
        .init();
    match arguments.command {
        Some(command) => cli::run(&arguments.global, command),
        None => match existing(&arguments.files) {
            Ok(files) => open_window(&arguments, files),
            Err(missing) => {
                tracing::error!(
                    "there is no file {}, nor a command of that name: see --help",
                    missing.display()
                );
                ExitCode::from(2)
            }
        },
    }
}

/// Whether a terminal colours and clears lines when it is told to; those of Windows are asked to first.
fn understands_escapes() -> bool {
    anstyle_query::windows::enable_ansi_colors().unwrap_or(true)
}

/// The files by paths that mean the same in another working folder, or the first that is missing.
fn existing(files: &[PathBuf]) -> Result<Vec<PathBuf>, PathBuf> {
    let find = |file: &PathBuf| match std::path::absolute(file) {
        Ok(path) if path.exists() => Ok(path),
        _ => Err(file.clone()),
    };
    files.iter().map(find).collect()
}

fn open_window(arguments: &Arguments, files: Vec<PathBuf>) -> ExitCode {
    let global = &arguments.global;
    let data_folder = DataFolder::find(global.data_dir.as_deref())
        .inspect_err(|error| tracing::warn!("nothing will be kept: {error}"))
        .ok();
    let may_join = !arguments.new_window && !files.is_empty() && !global.names_connection();
    if may_join
        && let Some(folder) = &data_folder
        && tasks::hand_over(folder.path(), &files)
    {
        return ExitCode::SUCCESS;
    }
    let options = ui::WindowOptions {
        session: global.window_session_options(),
        names_connection: global.names_connection(),
        files,
        data_folder,
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
