//! One line on a terminal that says how far a command is.

use std::io::{self, IsTerminal as _, Write as _};

/// Where progress is shown, if anywhere.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    shown: bool,
}

impl Progress {
    /// On standard error, when that is a terminal.
    pub fn on_terminal() -> Self {
        Self {
            shown: io::stderr().is_terminal(),
        }
    }

    /// Puts words in the place of those before.
    pub fn show(self, words: &str) {
        if self.shown {
            // Nobody to tell when this fails.
            write!(io::stderr(), "\r\x1b[K{words}").ok();
        }
    }

    /// Clears the line for something else.
    pub fn clear(self) {
        self.show("");
    }
}
