//! How a command ends: its exit code, or a failure that no source text is to blame for.

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

use hookc_files::discovery::EmptyPath;
pub(crate) use hookc_files::lower;

use crate::sanitise::one_line;

/// An exit code. `run` has further ones, for runs that a signal has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exit(pub(crate) u8);

impl Exit {
    /// All is well.
    pub(crate) const CLEAN: Exit = Exit(0);
    /// The source has errors, or would change.
    pub(crate) const FOUND: Exit = Exit(1);
    /// Wrong arguments, or a file that cannot be read or written.
    pub(crate) const USAGE: Exit = Exit(2);
    /// An evaluation failed at run time.
    pub(crate) const FAILED: Exit = Exit(3);
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.0)
    }
}

impl From<EmptyPath> for Failure {
    fn from(_: EmptyPath) -> Failure {
        Failure::new("a path is empty")
    }
}

/// What a command could not do; printed as `error: …` with exit code 2.
#[derive(Debug)]
pub(crate) struct Failure {
    /// One line: lower case, no full stop.
    pub(crate) message: String,
    /// The next action.
    pub(crate) help: Option<String>,
}

impl Failure {
    pub(crate) fn new(message: impl AsRef<str>) -> Failure {
        Failure { message: one_line(message.as_ref()).into_owned(), help: None }
    }

    /// A file that cannot be read or written, with the system's own words.
    pub(crate) fn file(action: &str, path: &Path, error: impl Display) -> Failure {
        Failure::new(format!("cannot {action} `{}`: {}", path.display(), lower(&error.to_string())))
    }

    pub(crate) fn maybe_help(mut self, help: Option<impl AsRef<str>>) -> Failure {
        if let Some(help) = help {
            self.help = Some(one_line(help.as_ref()).into_owned());
        }
        self
    }
}
