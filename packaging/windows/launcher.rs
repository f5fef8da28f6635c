//! Opens the window on Windows without a console beside it.
//!
//! The program itself belongs to the console, so that its commands can be used there; started from the menu
//! or by a file, Windows would give it a console of its own. This one has none, and starts it with one
//! that nobody sees. What the system asks on the program's behalf runs in the same, so nothing flashes up.

#![cfg_attr(windows, windows_subsystem = "windows")]

use std::env;
use std::io;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    match open() {
        Ok(()) => ExitCode::SUCCESS,
        // There is nobody to tell.
        Err(_) => ExitCode::FAILURE,
    }
}

/// Starts the program that lies beside this one, and leaves it to itself.
fn open() -> io::Result<()> {
    let mut program = env::current_exe()?;
    program.set_file_name(format!("bedrock-playground{}", env::consts::EXE_SUFFIX));
    let mut command = Command::new(program);
    command.args(env::args_os().skip(1));
    #[cfg(windows)]
    {
        use std::os::windows::process::CommandExt as _;
        /// `CREATE_NO_WINDOW` of Windows' `winbase.h`.
        const WITHOUT_WINDOW: u32 = 0x0800_0000;
        command.creation_flags(WITHOUT_WINDOW);
    }
    command.spawn().map(drop)
}
