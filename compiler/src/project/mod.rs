//! The project file `hook.toml`: name, lint levels, default profile, targets, queue widths, shared files.
//!
//! Decides what the file says and reports each mistake at its place; a mistake in one key leaves the others standing.
//! Finding and reading the file is the caller's. Lint levels are applied here, so that every reporter agrees.

mod read;

use std::collections::BTreeMap;

use hookc_grammar::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};

/// The settings of a project; the defaults hold without a `hook.toml`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Project {
    /// Its name; the root folder's where the file gives none.
    pub name: String,
    /// Files whose `each job` holds for every job, as they are written: paths from the root, as in `./alerts`.
    pub uses: Vec<String>,
    /// Where each of these is written in the project file.
    pub use_spans: Vec<Span>,
    /// The profile that holds where none is asked for.
    pub default_profile: Option<String>,
    /// The Python that runs `python` bodies.
    pub python: Option<String>,
    /// The levels of lints that differ from their usual severity.
    pub lints: BTreeMap<Code, Level>,
    /// How many ops of a queue run at once, by the queue's name.
    pub queues: BTreeMap<String, u32>,
    /// What is demanded of an engine, by its name.
    pub targets: BTreeMap<String, Target>,
}

/// What is made of a lint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Nothing is said.
    Allow,
    /// It is a warning.
    Warn,
    /// It is an error.
    Deny,
}

/// What is demanded of an engine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// The guarantees that must hold, sorted.
    pub require: Vec<Guarantee>,
}

/// What an engine can promise apart from meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guarantee {
    /// Hooks are delivered at least once across a crash.
    Delivery,
    /// One broken hook never silences another.
    Isolation,
    /// Gates keep their order.
    Order,
    /// A hook fires once for each state.
    Once,
}

impl Guarantee {
    /// Every one, in the order of declaration.
    pub const ALL: [Guarantee; 4] = [Guarantee::Delivery, Guarantee::Isolation, Guarantee::Order, Guarantee::Once];

    /// The word it is written as.
    pub const fn word(self) -> &'static str {
        match self {
            Guarantee::Delivery => "delivery",
            Guarantee::Isolation => "isolation",
            Guarantee::Order => "order",
            Guarantee::Once => "once",
        }
    }
}

impl Level {
    /// Every one, from silent to strict.
    pub const ALL: [Level; 3] = [Level::Allow, Level::Warn, Level::Deny];

    /// The word it is written as.
    pub const fn word(self) -> &'static str {
        match self {
            Level::Allow => "allow",
            Level::Warn => "warn",
            Level::Deny => "deny",
        }
    }
}

/// A mistake in `hook.toml`; its code is [`crate::diagnostics::BAD_PROJECT_FILE`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectError {
    /// Where, in the file's text.
    pub span: Span,
    /// One line: lower case, no full stop, the user's words in backticks.
    pub message: String,
    /// The next action.
    pub help: Option<String>,
}

impl Project {
    /// Reads the text of a `hook.toml`. What is wrong is reported, sorted by place, and left at its default.
    pub fn parse(text: &str) -> (Project, Vec<ProjectError>) {
        read::read(text)
    }

    /// The diagnostics with the project's lint levels; the errors of the language stay what they are.
    pub fn apply_levels(&self, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        if self.lints.is_empty() {
            return diagnostics;
        }
        diagnostics.into_iter().filter_map(|diagnostic| self.leveled(diagnostic)).collect()
    }

    fn leveled(&self, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
        if !is_lint(diagnostic.code) {
            return Some(diagnostic);
        }
        match self.lints.get(&diagnostic.code) {
            None => {}
            Some(Level::Allow) => return None,
            Some(Level::Warn) => diagnostic.severity = Severity::Warning,
            Some(Level::Deny) => diagnostic.severity = Severity::Error,
        }
        Some(diagnostic)
    }
}

/// Whether the code is a lint, whose level can be chosen; the others are errors of the language.
pub fn is_lint(code: Code) -> bool {
    code.severity != Severity::Error
}
