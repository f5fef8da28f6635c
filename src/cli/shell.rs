//! `completions` and `man`: what a shell and a reader of manuals know of the commands. Made from
//! the arguments themselves, so that they cannot fall behind.

use clap::CommandFactory as _;

use super::args::{Arguments, CompletionsArgs, ManArgs};
use super::output::Output;
use super::{CommandError, Outcome};

/// Prints the script that completes commands in a shell.
pub fn completions(args: &CompletionsArgs, output: &mut Output) -> Result<Outcome, CommandError> {
    let mut command = Arguments::command();
    let name = command.get_name().to_owned();
    // Into memory first: the generator panics when a reader has gone.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, name, &mut script);
    output.piece(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Done)
}

/// Prints a manual page in roff.
pub fn man(args: &ManArgs, output: &mut Output) -> Result<Outcome, CommandError> {
    let mut command = Arguments::command();
    // Gives the commands their full names and the options that hold for all.
    command.build();
    let page = match &args.command {
        None => Some(&command),
        Some(name) => command.find_subcommand(name),
    };
    let Some(page) = page else {
        output.note("There is no such command; --help lists them");
        return Ok(Outcome::NotBegun);
    };
    let mut roff = Vec::new();
    clap_mangen::Man::new(page.clone()).render(&mut roff)?;
    output.piece(&String::from_utf8_lossy(&roff))?;
    Ok(Outcome::Done)
}
